package rest

import (
	"context"
	"time"
)

// Clock is what the package knows of time. Tests inject one that does not wait.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with the context's error as soon as the context ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// machineClock is the clock of the machine.
type machineClock struct{}

func (machineClock) Now() time.Time { return time.Now() }

func (machineClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
