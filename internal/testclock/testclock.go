// Package testclock is a clock for tests that does not wait. Only _test files use it.
package testclock

import (
	"context"
	"sync"
	"time"
)

// Start is what a new clock shows.
var Start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// Clock does not wait: whoever sleeps moves it.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	sleeps []time.Duration
}

// New returns a clock that shows Start.
func New() *Clock { return &Clock{now: Start} }

// Now returns the time that the clock has been moved to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on by d and returns at once. Whoever is cancelled does not sleep.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.sleeps = append(c.sleeps, d)
	return nil
}

// Slept returns the sleeps so far and forgets them.
func (c *Clock) Slept() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	sleeps := c.sleeps
	c.sleeps = nil
	return sleeps
}
