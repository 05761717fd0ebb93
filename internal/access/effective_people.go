package access

import (
	"slices"
	"strings"
)

// keep leaves out what has nothing to do with the people who have the given ids; nil leaves out nothing. Of the groups that are left it leaves
// out the other members.
func (e *Effective) keep(userIDs []string) error {
	if userIDs == nil {
		return nil
	}
	kept, unknown := crowd{}, []string{}
	everybody := newCrowd(e.People)
	for _, text := range userIDs {
		id, err := ParseUserID(text)
		if err != nil {
			return err
		}
		if i, ok := everybody[id]; ok {
			kept.note(e.People[i], i)
		} else {
			unknown = append(unknown, text)
		}
	}
	if len(unknown) > 0 {
		return NotFoundf("nobody in workspace %s, and nobody who holds a permission on what is looked at, has the id %s", e.Workspace, strings.Join(unknown, ", "))
	}
	stranger := func(p Person) bool { _, ok := kept.find(p); return !ok }
	for i := range e.Groups {
		e.Groups[i].Members = slices.DeleteFunc(slices.Clone(e.Groups[i].Members), stranger)
	}
	e.Groups = slices.DeleteFunc(e.Groups, func(g Group) bool { return len(g.Members) == 0 })
	e.Grants = slices.DeleteFunc(e.Grants, func(g Grant) bool {
		if g.Principal.Kind == GroupPrincipal {
			return !e.hasGroup(g.Principal.ID)
		}
		return stranger(holderOf(g))
	})
	e.Access = slices.DeleteFunc(e.Access, func(a EffectiveAccess) bool { return stranger(*a.Person) })
	e.Findings = slices.DeleteFunc(e.Findings, func(f Finding) bool {
		switch f.Principal.Kind {
		case UserPrincipal:
			id, err := ParseUserID(f.Principal.ID)
			_, ok := kept[id]
			return err != nil || !ok
		case GroupPrincipal:
			return f.Kind != UnknownMembers && !e.hasGroup(f.Principal.ID) // anybody may be in a group that is not listed
		}
		return false // what is public is everybody's
	})
	var people []Person // a new list: Access points into the one that is there
	for _, p := range e.People {
		if !stranger(p) {
			people = append(people, p)
		}
	}
	e.People = people
	return nil
}

// hasGroup tells whether a group is among those that were read or kept.
func (e *Effective) hasGroup(groupSlug string) bool {
	return slices.ContainsFunc(e.Groups, func(g Group) bool { return g.Slug == groupSlug })
}

// crowd finds people by any of their ids.
type crowd map[UserID]int

func newCrowd(people []Person) crowd {
	c := make(crowd, 2*len(people))
	for i, p := range people {
		c.note(p, i)
	}
	return c
}

func (c crowd) note(p Person, i int) {
	for _, id := range []UserID{{UUID: p.UUID}, {AccountID: p.AccountID}} {
		if id != (UserID{}) {
			c[id] = i
		}
	}
}

// find returns the place of a person.
func (c crowd) find(p Person) (int, bool) {
	for _, id := range []UserID{{UUID: p.UUID}, {AccountID: p.AccountID}} {
		if i, ok := c[id]; ok && id != (UserID{}) {
			return i, true
		}
	}
	return 0, false
}
