package rest

import (
	"context"
	"time"
)

// Clock is what is known of time. Tests inject one that does not wait.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with the context's error as soon as the context ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// MachineClock is the clock of the machine, which waits.
type MachineClock struct{}

// Now returns the time.
func (MachineClock) Now() time.Time { return time.Now() }

// Sleep waits.
func (MachineClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
