package access

import (
	"context"
	"iter"
)

// Memo returns the get of a new memo.
func Memo(load func(context.Context, string) (int, error)) func(context.Context, string) (int, error) {
	return newMemo(load).get
}

// ReadAhead reads items ahead.
func ReadAhead[A, B any](ctx context.Context, items []A, read func(context.Context, A) (B, error)) iter.Seq2[B, error] {
	return readAhead(ctx, items, read)
}

// Waiting is how many wait for a listing of grants.
func Waiting(d *Directory, scope Scope, kind PrincipalKind) int {
	m := d.grants.memo
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[d.grants.reading(grantsOf{scope, kind})]; e != nil {
		return e.waiters
	}
	return 0
}

// Rows are listings of numbers, which are their own keys.
type Rows struct{ *listings[string, int, int] }

// NewRows returns listings that list reads.
func NewRows(list func(context.Context, string) iter.Seq2[int, error]) Rows {
	return Rows{newListings(func(n int) int { return n }, list)}
}

// All returns the rows of a scope.
func (r Rows) All(ctx context.Context, scope string) ([]int, error) { return r.all(ctx, scope) }

// Put writes a row through.
func (r Rows) Put(scope string, row int) { r.put(scope, row) }

// Remove writes through that a row is gone.
func (r Rows) Remove(scope string, row int) { r.remove(scope, func(n int) bool { return n == row }) }

// Reload makes the next reader read again.
func (r Rows) Reload(scope string) { r.reload(scope) }
