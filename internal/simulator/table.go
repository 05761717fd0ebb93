package simulator

import (
	"iter"
	"slices"
)

// table is a map that remembers the order in which its keys came, so that every list is stable and a page is a slice of keys.
// The zero value is an empty table.
type table[V any] struct {
	keys []string
	rows map[string]V
}

// get returns the value of a key, the zero value when there is none.
func (t *table[V]) get(key string) V { return t.rows[key] }

// has tells whether the key is there.
func (t *table[V]) has(key string) bool {
	_, ok := t.rows[key]
	return ok
}

// set adds a key at the end, or changes the value of a key in place.
func (t *table[V]) set(key string, value V) {
	if t.rows == nil {
		t.rows = map[string]V{}
	}
	if !t.has(key) {
		t.keys = append(t.keys, key)
	}
	t.rows[key] = value
}

// remove deletes a key and tells whether it was there.
func (t *table[V]) remove(key string) bool {
	if !t.has(key) {
		return false
	}
	delete(t.rows, key)
	t.keys = slices.Delete(t.keys, slices.Index(t.keys, key), slices.Index(t.keys, key)+1)
	return true
}

// rename gives a row another key without moving it in the order.
func (t *table[V]) rename(from, to string) {
	if from == to || !t.has(from) {
		return
	}
	t.rows[to] = t.rows[from]
	delete(t.rows, from)
	t.keys[slices.Index(t.keys, from)] = to
}

// all yields the rows in order.
func (t *table[V]) all() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range t.keys {
			if !yield(key, t.rows[key]) {
				return
			}
		}
	}
}

// values returns the rows in order.
func (t *table[V]) values() []V {
	rows := make([]V, 0, len(t.keys))
	for _, row := range t.all() {
		rows = append(rows, row)
	}
	return rows
}

// clone copies the table; each row is copied by copyRow.
func (t *table[V]) clone(copyRow func(V) V) table[V] {
	twin := table[V]{keys: slices.Clone(t.keys), rows: make(map[string]V, len(t.rows))}
	for key, row := range t.rows {
		twin.rows[key] = copyRow(row)
	}
	return twin
}

// same is the copyRow of rows that never change.
func same[V any](row V) V { return row }
