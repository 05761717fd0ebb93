package access

import (
	"cmp"
	"slices"
	"strings"
)

// Roster is who has access to one scope. A principal is found by every id that is known of it.
type Roster struct {
	entries []Grant
	index   map[Principal]int
}

// NewRoster makes a roster of entries. Of several for one principal, the last counts.
func NewRoster(entries []Grant) Roster {
	r := Roster{index: make(map[Principal]int, 2*len(entries))}
	for _, g := range entries {
		r.put(g)
	}
	return r
}

// All returns the entries.
func (r Roster) All() []Grant { return slices.Clone(r.entries) }

// Find returns the entry of a principal, by whichever id and spelling it is named.
func (r Roster) Find(p Principal) (Grant, bool) {
	i, ok := r.index[p.normal()]
	if !ok {
		return Grant{}, false
	}
	return r.entries[i], true
}

// Match returns the entry of the holder of a grant.
func (r Roster) Match(g Grant) (Grant, bool) {
	for _, key := range g.keys() {
		if found, ok := r.Find(key); ok {
			return found, true
		}
	}
	return Grant{}, false
}

func (r *Roster) put(g Grant) {
	keys := g.keys()
	at := len(r.entries)
	for _, key := range keys {
		switch i, ok := r.index[key.normal()]; {
		case !ok:
		case at < len(r.entries) && at != i: // two that were apart are the same: this one joins them
			*r = NewRoster(append(slices.Delete(r.All(), i, i+1), g))
			return
		default:
			at = i
		}
	}
	if at == len(r.entries) {
		r.entries = append(r.entries, g)
	} else {
		r.entries[at] = g
	}
	for _, key := range keys {
		r.index[key.normal()] = at
	}
}

// Repeated returns the places of those grants whose holder has one before.
func Repeated(grants []Grant) []int {
	var repeated []int
	before := NewRoster(nil)
	for i, g := range grants {
		if _, ok := before.Match(g); ok {
			repeated = append(repeated, i)
		}
		before.put(g)
	}
	return repeated
}

// After returns the roster as it is when steps have become what the results say.
func (r Roster) After(results []Result) Roster {
	var gone []Grant
	entries := r.All()
	for _, result := range results {
		switch {
		case !result.Done:
		case result.To == None:
			gone = append(gone, result.Grant)
		default:
			entries = append(entries, result.Grant)
		}
	}
	return NewRoster(NewRoster(entries).without(NewRoster(gone)))
}

// without returns the entries of those who are not in another roster.
func (r Roster) without(other Roster) []Grant {
	return slices.DeleteFunc(r.All(), func(g Grant) bool {
		_, is := other.Match(g)
		return is
	})
}

// Compare returns what has to be done so that everybody has what is wanted, and the entries of those of whom nothing is wanted. Both
// are sorted: users before groups, then by name.
func (r Roster) Compare(wanted []Grant) (steps []Step, others []Grant) {
	want := NewRoster(wanted)
	for _, g := range want.entries {
		before := None
		if now, ok := r.Match(g); ok {
			g.Principal, g.AccountID, g.Name = now.Principal, now.AccountID, now.Name
			before = now.Permission
		}
		if before != g.Permission {
			steps = append(steps, Step{Grant: g, From: before, To: g.Permission})
		}
	}
	others = r.without(want)
	slices.SortFunc(steps, func(a, b Step) int { return byName(a.Grant, b.Grant) })
	slices.SortFunc(others, byName)
	return steps, others
}

func byName(a, b Grant) int {
	return cmp.Or(-cmp.Compare(a.Principal.Kind, b.Principal.Kind), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.Holder().ID, b.Holder().ID))
}

// lacks tells whether users are in the roster whose id of the given kind is not known.
func (r Roster) lacks(id UserID) bool {
	return slices.ContainsFunc(r.entries, func(g Grant) bool {
		return g.Principal.Kind == UserPrincipal && (id.UUID != "" && g.Principal.ID == "" || id.AccountID != "" && g.AccountID == "")
	})
}

// keys are the principals that a grant can be found by.
func (g Grant) keys() []Principal {
	keys := []Principal{g.Principal}
	if g.AccountID != "" {
		keys = append(keys, Principal{g.Principal.Kind, g.AccountID})
	}
	return slices.DeleteFunc(keys, func(p Principal) bool { return p.ID == "" })
}

// normal is a principal in the one spelling that its kind of id has.
func (p Principal) normal() Principal {
	if p.Kind != UserPrincipal {
		return p
	}
	if id, err := ParseUserID(p.ID); err == nil {
		p.ID = id.String()
	}
	return p
}
