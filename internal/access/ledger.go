package access

import (
	"maps"
	"slices"
	"sync"
)

// ledger notes what happened in this run, by where it happened.
type ledger[S comparable, V any] struct {
	mu    sync.Mutex
	notes map[S][]V
}

func (l *ledger[S, V]) add(scope S, note V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.notes == nil {
		l.notes = map[S][]V{}
	}
	l.notes[scope] = append(l.notes[scope], note)
}

// first adds a note where there is none yet, and tells whether it did.
func (l *ledger[S, V]) first(scope S, note V) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.notes[scope]) > 0 {
		return false
	}
	if l.notes == nil {
		l.notes = map[S][]V{}
	}
	l.notes[scope] = append(l.notes[scope], note)
	return true
}

// all returns the notes of a place.
func (l *ledger[S, V]) all(scope S) []V {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.notes[scope])
}

// places are where something happened.
func (l *ledger[S, V]) places() []S {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.notes))
}

// drop takes back the notes that match.
func (l *ledger[S, V]) drop(match func(S, V) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for scope, notes := range l.notes {
		l.notes[scope] = slices.DeleteFunc(notes, func(note V) bool { return match(scope, note) })
	}
}

func (l *ledger[S, V]) has(scope S, match func(V) bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.notes[scope], match)
}
