package access

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// listings are the collections of one kind that a run knows, by what they belong to (S). Each is read once, whoever asks, and
// kept in step with our own writes.
type listings[S, K comparable, V any] struct {
	key  func(V) K
	memo *memo[reading[S], *rows[K, V]]

	mu      sync.Mutex
	loaded  map[S]*rows[K, V]
	pending map[S][]func(*rows[K, V]) // writes made before the listing was there: it may or may not show them
	reloads map[S]int                 // how often a listing was given up
	begun   map[S]int                 // the last reading that has begun, counted from 1
	turns   map[S]chan struct{}       // holds an element while somebody renews the listing
}

// reading is one reading of a listing; after a reload there is another.
type reading[S comparable] struct {
	scope S
	n     int
}

// rows are the rows of one listing in the order Bitbucket sent them. A row that Bitbucket repeats on a later page (BCLOUD-23644)
// is kept once.
type rows[K comparable, V any] struct {
	order []K
	byKey map[K]V
}

func newListings[S, K comparable, V any](key func(V) K, list func(context.Context, S) iter.Seq2[V, error]) *listings[S, K, V] {
	l := &listings[S, K, V]{
		key: key, loaded: map[S]*rows[K, V]{}, pending: map[S][]func(*rows[K, V]){},
		reloads: map[S]int{}, begun: map[S]int{}, turns: map[S]chan struct{}{},
	}
	l.memo = newMemo(func(ctx context.Context, of reading[S]) (*rows[K, V], error) {
		l.begin(of)
		r := &rows[K, V]{byKey: map[K]V{}}
		for row, err := range list(ctx, of.scope) {
			if err != nil {
				return nil, err
			}
			r.put(key(row), row)
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, write := range l.pending[of.scope] {
			write(r)
		}
		if l.reloads[of.scope] == of.n { // not given up meanwhile
			delete(l.pending, of.scope)
			l.loaded[of.scope] = r
		}
		return r, nil
	})
	return l
}

// all returns the rows of a scope.
func (l *listings[S, K, V]) all(ctx context.Context, scope S) ([]V, error) {
	r, err := l.memo.get(ctx, l.reading(scope))
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	values := make([]V, len(r.order))
	for i, key := range r.order {
		values[i] = r.byKey[key]
	}
	return values, nil
}

// find returns the row of a scope that has the given key.
func (l *listings[S, K, V]) find(ctx context.Context, scope S, key K) (V, bool, error) {
	r, err := l.memo.get(ctx, l.reading(scope))
	if err != nil {
		var none V
		return none, false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	row, ok := r.byKey[key]
	return row, ok, nil
}

// first returns the first row of a scope that matches.
func (l *listings[S, K, V]) first(ctx context.Context, scope S, match func(V) bool) (V, bool, error) {
	var none V
	r, err := l.memo.get(ctx, l.reading(scope))
	if err != nil {
		return none, false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range r.order {
		if row := r.byKey[key]; match(row) {
			return row, true, nil
		}
	}
	return none, false, nil
}

// put writes a row through that a write has made or changed.
func (l *listings[S, K, V]) put(scope S, row V) {
	l.write(scope, func(r *rows[K, V]) { r.put(l.key(row), row) })
}

// change writes a change through of a row that may exist, and that may get another key by it.
func (l *listings[S, K, V]) change(scope S, key K, change func(V) V) {
	l.write(scope, func(r *rows[K, V]) {
		row, ok := r.byKey[key]
		if !ok {
			return
		}
		row = change(row)
		if l.key(row) != key {
			r.remove(func(k K) bool { return k == key })
		}
		r.put(l.key(row), row)
	})
}

// remove writes through that the rows that match are gone.
func (l *listings[S, K, V]) remove(scope S, match func(V) bool) {
	l.write(scope, func(r *rows[K, V]) { r.remove(func(key K) bool { return match(r.byKey[key]) }) })
}

func (l *listings[S, K, V]) write(scope S, write func(*rows[K, V])) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.loaded[scope]; r != nil {
		write(r)
		return
	}
	l.pending[scope] = append(l.pending[scope], write)
	l.memo.forgetRefusal(reading[S]{scope, l.reloads[scope]}) // the write succeeded, so a read may too
}

// reading is the reading of a scope that counts now.
func (l *listings[S, K, V]) reading(scope S) reading[S] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return reading[S]{scope, l.reloads[scope]}
}

// begin notes that a reading begins.
func (l *listings[S, K, V]) begin(of reading[S]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun[of.scope] = of.n + 1
}

// renew returns the rows of a reading that begins after the call. One such reading runs at a time: all who come meanwhile share the
// next.
func (l *listings[S, K, V]) renew(ctx context.Context, scope S) ([]V, error) {
	l.mu.Lock()
	begun, turn := l.begun[scope], l.turns[scope]
	if turn == nil {
		turn = make(chan struct{}, 1)
		l.turns[scope] = turn
	}
	l.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case turn <- struct{}{}:
		defer func() { <-turn }()
	}
	l.mu.Lock()
	if l.begun[scope] == begun || l.loaded[scope] == nil { // nobody has read it since
		l.memo.forget(reading[S]{scope, l.reloads[scope]}) // many readings of a large listing would add up
		delete(l.loaded, scope)
		l.reloads[scope]++
	}
	l.mu.Unlock()
	return l.all(ctx, scope)
}

// reload makes the next reader read the listing again.
func (l *listings[S, K, V]) reload(scope S) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.loaded, scope)
	l.reloads[scope]++
}

// reloadLoaded makes the next reader read those listings again that match and were read.
func (l *listings[S, K, V]) reloadLoaded(match func(S) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for scope := range l.loaded {
		if match(scope) {
			delete(l.loaded, scope)
			l.reloads[scope]++
		}
	}
}

func (r *rows[K, V]) put(key K, row V) {
	if _, ok := r.byKey[key]; !ok {
		r.order = append(r.order, key)
	}
	r.byKey[key] = row
}

func (r *rows[K, V]) remove(match func(K) bool) {
	r.order = slices.DeleteFunc(r.order, func(key K) bool {
		gone := match(key)
		if gone {
			delete(r.byKey, key)
		}
		return gone
	})
}

// listed yields the items of a list as rows; explain says what the list was for when it fails.
func listed[A, B any](items iter.Seq2[A, error], row func(A) (B, error), explain func(error) error) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		for item, err := range items {
			var value B
			if err == nil {
				value, err = row(item)
			}
			if err != nil {
				err = explain(err)
			}
			if !yield(value, err) {
				return
			}
		}
	}
}

// whole yields the items of a list that comes in one piece.
func whole[T any](read func() ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		items, err := read()
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// unchanged takes an item of a list for a row.
func unchanged[T any](item T) (T, error) { return item, nil }
