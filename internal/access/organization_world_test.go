package access_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// turnClock is a clock for several at work. Time stands still while anybody works, and passes once all of them sleep; who waits for
// the work of another does neither.
type turnClock struct {
	mu       sync.Mutex
	now      time.Time
	working  int
	sleepers map[chan struct{}]time.Time
}

func newTurnClock() *turnClock {
	return &turnClock{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), sleepers: map[chan struct{}]time.Time{}}
}

func (c *turnClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep waits for its turn, or for the end of ctx.
func (c *turnClock) Sleep(ctx context.Context, d time.Duration) error {
	wake := make(chan struct{})
	c.mu.Lock()
	c.sleepers[wake] = c.now.Add(d)
	c.pass()
	c.mu.Unlock()
	select {
	case <-wake:
		return nil
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.sleepers, wake)
		return ctx.Err()
	}
}

// pass moves the time on to the next who wakes, if everybody sleeps. The lock is held.
func (c *turnClock) pass() {
	for c.working > 0 && len(c.sleepers) >= c.working {
		first := time.Time{}
		for _, at := range c.sleepers {
			if first.IsZero() || at.Before(first) {
				first = at
			}
		}
		c.now = first
		for wake, at := range c.sleepers {
			if !at.After(first) {
				close(wake)
				delete(c.sleepers, wake)
			}
		}
	}
}

// work runs f n times at the same time on the clock, and fails if one of them does.
func (c *turnClock) work(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	c.mu.Lock()
	c.working = n
	c.mu.Unlock()
	together(t, n, func(i int) error {
		defer func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.working--
			c.pass()
		}()
		return f(i)
	})
}

// managedWorld is the workspace of Acme that an organization administers.
type managedWorld struct {
	*simulator.Simulator
	bitbucketURL, atlassianURL string
	clock                      rest.Clock
	group                      string // one that only opens the workspace
}

// newManagedWorld serves Acme with the lags of the options, on a clock.
func newManagedWorld(t *testing.T, o simulator.Options, clock rest.Clock) *managedWorld {
	t.Helper()
	o.Now = clock.Now
	w := &managedWorld{Simulator: simulator.New(o), clock: clock}
	if err := w.Load(seed); err != nil {
		t.Fatal(err)
	}
	bitbucketServer, atlassianServer := httptest.NewServer(w.Bitbucket()), httptest.NewServer(w.Atlassian())
	t.Cleanup(bitbucketServer.Close)
	t.Cleanup(atlassianServer.Close)
	w.bitbucketURL, w.atlassianURL = bitbucketServer.URL, atlassianServer.URL+"/admin"
	w.group = w.AddGroup(simulator.AcmeManagedWorkspace, simulator.Group{Name: "Team"}).Slug
	return w
}

// directory returns a directory of Ada that knows nothing yet.
func (w *managedWorld) directory(t *testing.T) *access.Directory {
	t.Helper()
	b, err := rest.New(rest.Options{BaseURL: w.bitbucketURL, Credential: adaToken, Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	a, err := rest.New(rest.Options{
		BaseURL: w.atlassianURL, Credential: rest.Bearer{Token: simulator.AcmeOrganizationKey}, Clock: w.clock, MaxRateLimitWait: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.NewDirectory(bitbucket.New(b), access.Options{
		Credential: access.APIToken, Clock: w.clock, Organization: atlassian.New(a, simulator.AcmeOrganizationID),
	})
}
