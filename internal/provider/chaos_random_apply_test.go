package provider_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"
)

// plan plans everything, and returns the addresses of what changes. One failure ends it, as it ends a plan of Terraform.
func (a *randomAccess) plan(t *testing.T) (changes []string, failure error) {
	t.Helper()
	p := chaosProcess(t, a.World)
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(parallelism)
	for _, address := range slices.Sorted(maps.Keys(a.resources)) {
		r := a.resources[address]
		group.Go(func() error {
			if r.state != nil {
				if err := r.refresh(t.Context(), p); err != nil {
					return err
				}
			}
			switch {
			case !a.wanted[address] && r.state == nil:
				return nil
			case !a.wanted[address] || r.tainted && r.state != nil:
				if err := r.leave(t.Context(), p); err != nil {
					return err
				}
			default:
				if err := r.propose(t.Context(), p); err != nil || !r.changes {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			changes = append(changes, address)
			return nil
		})
	}
	return changes, group.Wait()
}

// carryOut applies what was planned, and returns the failures by address.
func (a *randomAccess) carryOut(t *testing.T, changes []string, dies bool) map[string]error {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	network := a.Network
	defer func() { a.Network = network }()
	if dies {
		a.Network = &deadlyNetwork{RoundTripper: network, kill: kill, left: a.IntN(6), acts: a.IntN(2) == 0}
	}
	p := chaosProcess(t, a.World)
	failures := map[string]error{}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(parallelism)
	for _, address := range changes {
		r := a.resources[address]
		group.Go(func() error {
			was := *r
			err := r.change(ctx, p, a.wanted[address])
			mu.Lock()
			defer mu.Unlock()
			if ctx.Err() != nil { // it died before it could tell
				*r = was
			}
			if err != nil {
				failures[address] = err
			}
			return nil
		})
	}
	_ = group.Wait()
	return failures
}

// change applies what was planned for a resource, as Terraform does: what is tainted goes first.
func (r *managedResource) change(ctx context.Context, p *server, wanted bool) error {
	if !wanted || r.tainted {
		if err := r.carryOut(ctx, p); err != nil || !wanted {
			return err
		}
	}
	if err := r.propose(ctx, p); err != nil {
		return err
	}
	return r.carryOut(ctx, p)
}

// deadlyNetwork is the end of a process: after some writes it kills it, before or after the last one was carried out.
type deadlyNetwork struct {
	http.RoundTripper

	kill context.CancelFunc
	acts bool

	mu   sync.Mutex
	left int
}

// RoundTrip lets requests through until the end.
func (n *deadlyNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if writesOnly(req.Method, req.URL.Path) && n.isLast() {
		if n.acts {
			_, _ = n.RoundTripper.RoundTrip(req) // nobody is left to read the answer
		}
		n.kill()
		return nil, context.Canceled
	}
	return n.RoundTripper.RoundTrip(req)
}

// isLast counts a write and tells whether none follows.
func (n *deadlyNetwork) isLast() bool {
	n.mu.Lock() // not for longer: time in a bubble does not pass while somebody waits for a lock
	defer n.mu.Unlock()
	n.left--
	return n.left < 0
}

// adopt imports the groups that a run has made before it died, as the errors say.
func (a *randomAccess) adopt(t *testing.T, failures map[string]error) {
	t.Helper()
	p := chaosProcess(t, a.World)
	for address, err := range failures {
		_, id, told := strings.Cut(err.Error(), "import it with the id ")
		if r := a.resources[address]; told && a.wanted[address] {
			r.id, _, _ = strings.Cut(id, ". ")
			_ = r.find(t.Context(), p) // where something still goes wrong, the next time
			r.id = ""
		}
	}
}

// heal applies until all is well, which must not take more than three times: one to learn what is to be imported.
func (a *randomAccess) heal(t *testing.T, counts *randomCounts) string {
	t.Helper()
	for range 3 {
		before := a.facts()
		changes, failure := a.plan(t)
		if failure != nil {
			return "the plan fails: " + failure.Error()
		}
		after := a.expected(t, before)
		if len(changes) == 0 {
			return difference("there is nothing to do, and the world is not what is configured", after, before)
		}
		counts.applies.Add(1)
		a.adopt(t, a.carryOut(t, changes, false))
	}
	return "there is always something to do"
}
