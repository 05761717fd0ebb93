package access

import (
	"context"
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

type entry[V any] struct {
	flight singleflight.Group
	known  bool
	value  V
	err    error
}

func newMemo[K comparable, V any](load func(context.Context, K) (V, error)) *memo[K, V] {
	return &memo[K, V]{load: load, entries: map[K]*entry[V]{}}
}

// get returns what is known for key, loading it first when nothing is. It returns early when ctx ends; the call, which only
// reads, goes on for those who still wait.
func (m *memo[K, V]) get(ctx context.Context, key K) (V, error) {
	m.mu.Lock()
	e := m.entries[key]
	if e == nil {
		e = &entry[V]{}
		m.entries[key] = e
	}
	value, err, known := e.value, e.err, e.known
	m.mu.Unlock()
	if known {
		return value, err
	}
	landed := e.flight.DoChan("", func() (any, error) { return m.fly(context.WithoutCancel(ctx), key, e) })
	select {
	case <-ctx.Done():
		return value, ctx.Err()
	case result := <-landed:
		value, _ := result.Val.(V)
		return value, result.Err
	}
}

// fly loads the value of an entry, unless a flight that landed just now has done so.
func (m *memo[K, V]) fly(ctx context.Context, key K, e *entry[V]) (V, error) {
	m.mu.Lock()
	value, err, known := e.value, e.err, e.known
	m.mu.Unlock()
	if known {
		return value, err
	}
	value, err = m.load(ctx, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	e.value, e.err, e.known = value, err, err == nil || refused(err)
	return value, err
}

// forget makes the next get load again.
func (m *memo[K, V]) forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
}

// forgetRefusal makes the next get load again if the last load was refused. A call that is under way is left alone.
func (m *memo[K, V]) forgetRefusal(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[key]; e != nil && e.known && e.err != nil {
		delete(m.entries, key)
	}
}

// refused tells whether asking again within the same run would only be refused again: hundreds of resources of one repository
// would otherwise each spend a request to hear the same.
func refused(err error) bool {
	return rest.Is(err, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone)
}
