package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Claim is what one resource of the configuration plans with the access to a scope.
type Claim struct {
	Scope Scope
	// By is the type of the resource, and Instance tells several of one type apart.
	By, Instance string
	// Entry is the principal whose access the resource manages, without an id while that is not known; zero when it owns the whole list.
	Entry Principal
	// Wanted are the entries that the owner of a whole list keeps or, when it leaves, takes away.
	Wanted Roster
	// New tells that the owner of a whole list is not in the state yet.
	New bool
	// Leaves tells that the resource is planned to be destroyed, which takes its access away.
	Leaves bool
}

// whole tells whether the claim is to the whole list.
func (c Claim) whole() bool { return c.Entry == Principal{} }

// String names the resource as far as the provider can know it.
func (c Claim) String() string {
	switch {
	case c.whole():
		return c.By
	case c.Entry.ID == "":
		return fmt.Sprintf("%s for a %s that is known only after apply", c.By, c.Entry.Kind)
	}
	return fmt.Sprintf("%s for %s", c.By, c.Entry)
}

// Claim notes what a resource plans, and returns an error when it does not go together with what others of the same run plan. It wraps
// ErrTwoOwners for a list with two owners, or with an owner besides that of an entry. It wraps ErrHandover for access that one of them
// takes away and the other one keeps: which comes last would decide.
func (d *Directory) Claim(ctx context.Context, c Claim) error {
	var err error
	if c.Scope, err = d.canonical(ctx, c.Scope); err != nil {
		return err
	}
	notes := &d.parts
	if c.whole() {
		notes = &d.lists
	}
	notes.add(c.Scope, c) // before the others are read, so that of two at the same time at least one sees the other
	others := d.lists.all(c.Scope)
	if c.whole() {
		others = append(others, d.parts.all(c.Scope)...)
	}
	var twice, handed []string
	for _, other := range others {
		switch {
		case c.By == other.By && c.Instance == other.Instance:
		case !c.Leaves && !other.Leaves:
			name := other.String()
			if name == c.String() {
				name = "another " + name
			}
			twice = append(twice, name)
		case c.Leaves != other.Leaves && d.overlap(c, other):
			handed = append(handed, other.String())
		}
	}
	switch {
	case len(twice) > 0:
		return fmt.Errorf("access to %s has %w: %s, and %s", c.Scope, ErrTwoOwners, c, several(twice))
	case len(handed) > 0 && c.Leaves:
		return fmt.Errorf("access to %s is %w: the plan destroys %s, and has %s", c.Scope, ErrHandover, c, several(handed))
	case len(handed) > 0:
		return fmt.Errorf("access to %s is %w: the plan destroys %s, and has %s", c.Scope, ErrHandover, several(handed), c)
	}
	return nil
}

// overlap tells whether two claims are to access of the same principal. What this run has made already it does not take away. The owner of a
// list that is not in the state yet claims everybody: whom it is to revoke, it has to find there when it comes.
func (d *Directory) overlap(a, b Claim) bool {
	if a.whole() {
		a, b = b, a
	}
	if !a.whole() {
		g, ok := b.Wanted.Find(a.Entry)
		return b.New || ok && !d.keeps(a.Scope, g)
	}
	return slices.ContainsFunc(a.Wanted.entries, func(g Grant) bool {
		_, ok := b.Wanted.Match(g)
		return ok && !d.keeps(a.Scope, g)
	})
}

// several joins names, and counts those after the third.
func several(names []string) string {
	const shown = 3
	if len(names) > shown {
		names = append(names[:shown:shown], fmt.Sprintf("%d more", len(names)-shown))
	}
	return strings.Join(names, ", ")
}
