package access

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// memo remembers what load answered for each key, and lets all who ask at the same time share one call.
type memo[K comparable, V any] struct {
	load func(context.Context, K) (V, error)

	mu      sync.Mutex
	entries map[K]*entry[V]
}

// entry is what is known for one key, and the call that finds it out.
type entry[V any] struct {
	flight  singleflight.Group
	waiters int                // who wait for the flight
	cancel  context.CancelFunc // ends the flight; nil while there is none

	known bool
	value V
	err   error
}

func newMemo[K comparable, V any](load func(context.Context, K) (V, error)) *memo[K, V] {
	return &memo[K, V]{load: load, entries: map[K]*entry[V]{}}
}

// get returns what is known for key, loading it first when nothing is. It returns early when ctx ends; the call goes on for those
// who still wait, and ends with the last of them.
func (m *memo[K, V]) get(ctx context.Context, key K) (V, error) {
	for {
		value, err := m.wait(ctx, key)
		if ctx.Err() == nil && errors.Is(err, context.Canceled) {
			continue // this one came when the last of the others had just left
		}
		return value, err
	}
}

// wait waits for a flight, its own or one that is under way.
func (m *memo[K, V]) wait(ctx context.Context, key K) (V, error) {
	m.mu.Lock()
	e := m.entries[key]
	if e == nil {
		e = &entry[V]{}
		m.entries[key] = e
	}
	if e.known {
		defer m.mu.Unlock()
		return e.value, e.err
	}
	e.waiters++
	m.mu.Unlock()
	defer m.leave(e)
	landed := e.flight.DoChan("", func() (any, error) { return m.fly(context.WithoutCancel(ctx), key, e) })
	select {
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	case result := <-landed:
		value, _ := result.Val.(V)
		return value, result.Err
	}
}

// leave ends the flight when nobody waits for it any more.
func (m *memo[K, V]) leave(e *entry[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.waiters--; e.waiters == 0 && e.cancel != nil {
		e.cancel()
	}
}

// fly loads the value of an entry, unless a flight that landed just now has done so, or everybody has left.
func (m *memo[K, V]) fly(ctx context.Context, key K, e *entry[V]) (V, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m.mu.Lock()
	value, err, known := e.value, e.err, e.known
	if !known && e.waiters == 0 {
		known, err = true, context.Canceled
	}
	if known {
		m.mu.Unlock()
		return value, err
	}
	e.cancel = cancel
	m.mu.Unlock()
	value, err = m.load(ctx, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	e.value, e.err, e.known, e.cancel = value, err, err == nil || refused(err), nil
	return value, err
}

// forgetRefusal makes the next get load again if the last load was refused. A call that is under way is left alone.
func (m *memo[K, V]) forgetRefusal(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[key]; e != nil && e.known && e.err != nil {
		delete(m.entries, key)
	}
}

// forget drops what is known for a key. A call that is under way is left alone.
func (m *memo[K, V]) forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[key]; e != nil && e.known {
		delete(m.entries, key)
	}
}

// refused tells whether asking again within the same run would only be refused again: hundreds of resources of one repository
// would otherwise each spend a request to hear the same.
func refused(err error) bool {
	return rest.Is(err, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone)
}
