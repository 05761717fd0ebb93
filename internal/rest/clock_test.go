package rest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// handClock is moved by the test only.
type handClock struct {
	mu       sync.Mutex
	now      time.Time
	sleepers []sleeper
	changed  chan struct{}
}

// sleeper waits until a time of the clock.
type sleeper struct {
	until time.Time
	wake  chan struct{}
}

func newHandClock() *handClock { return &handClock{now: testclock.Start, changed: make(chan struct{})} }

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	s := sleeper{until: c.now.Add(d), wake: make(chan struct{})}
	c.sleepers = append(c.sleepers, s)
	close(c.changed)
	c.changed = make(chan struct{})
	c.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.wake:
		return nil
	}
}

// advance moves the clock and wakes whoever has slept enough.
func (c *handClock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
	c.sleepers = slices.DeleteFunc(c.sleepers, func(s sleeper) bool {
		over := !s.until.After(c.now)
		if over {
			close(s.wake)
		}
		return over
	})
}

// asleep returns how long each sleeper still has to sleep, and a channel that closes when another one comes.
func (c *handClock) asleep() (left []time.Duration, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sleepers {
		left = append(left, s.until.Sub(c.now))
	}
	return left, c.changed
}

// awaitSleepers returns how long each sleeper still has to sleep, as soon as there are n of them.
func (c *handClock) awaitSleepers(t *testing.T, n int) []time.Duration {
	t.Helper()
	for {
		left, changed := c.asleep()
		if len(left) >= n {
			return left
		}
		await(t, "another sleeper", changed)
	}
}

// total is the sum of some sleeps.
func total(sleeps []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range sleeps {
		sum += d
	}
	return sum
}

// transportFunc is a transport without a network, for tests in a bubble of time.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestTheMachineClockEndsASleepWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newAnswers(retryAfter("600")).client(t, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		_, err := c.Send(ctx, get("user"))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the context's", err)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("returned after %v, want 10s", took)
		}
	})
}

func TestTheMachineClockSleepsAsLongAsAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newAnswers(retryAfter("600"), http.Header{}).client(t, time.Hour)
		began := time.Now()
		if _, err := c.Send(t.Context(), get("user")); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 10*time.Minute+2*time.Second { // each answer takes a second
			t.Errorf("returned after %v, want 10m2s", took)
		}
	})
}
