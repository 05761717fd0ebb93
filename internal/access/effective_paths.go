package access

import (
	"cmp"
	"maps"
	"slices"
)

// reach is a path and whom it leads to.
type reach struct {
	path   *Path
	people []int // places in Effective.People
}

// reaches are the paths that begin at each scope.
type reaches map[Scope][]reach

// resolve finds out what everybody may do, and what a reviewer should look at, from what was read.
func (e *Effective) resolve(adminGroups []string) {
	everybody := e.addOutsiders()
	from := e.reaches(everybody)
	owners := from[e.workspace()]
	for i := range e.Repositories {
		r := &e.Repositories[i]
		paths := map[int][]*Path{}
		for _, reached := range slices.Concat(from[e.repository(*r)], from[e.project(r.Project.Key)], owners) {
			for _, person := range reached.people {
				paths[person] = append(paths[person], reached.path)
			}
		}
		for _, person := range slices.Sorted(maps.Keys(paths)) {
			ways := paths[person]
			slices.SortStableFunc(ways, func(a, b *Path) int { return b.OnRepository().Compare(a.OnRepository()) })
			e.Access = append(e.Access, EffectiveAccess{Person: &e.People[person], Repository: r, Permission: ways[0].OnRepository(), Paths: ways})
		}
	}
	e.inspect(everybody, from, adminGroups)
}

// addOutsiders adds to the people who holds a grant or is in a group without being in the workspace.
func (e *Effective) addOutsiders() crowd {
	everybody := newCrowd(e.People)
	add := func(p Person) {
		if _, ok := everybody.find(p); !ok {
			p.Role = ""
			e.People = append(e.People, p)
			everybody.note(p, len(e.People)-1)
		}
	}
	for _, g := range e.Grants {
		if g.Principal.Kind == UserPrincipal {
			add(holderOf(g))
		}
	}
	for _, g := range e.Groups {
		for _, p := range g.Members {
			add(p)
		}
	}
	return everybody
}

// reaches follows each grant to the people whom it leads to.
func (e *Effective) reaches(everybody crowd) reaches {
	groups := make(map[string]Group, len(e.Groups))
	for _, g := range e.Groups {
		groups[g.Slug] = g
	}
	from := reaches{}
	for _, g := range e.Grants {
		r := reach{path: &Path{Scope: g.Scope, Permission: g.Permission}}
		if g.Principal.Kind == UserPrincipal {
			person, _ := everybody.find(holderOf(g))
			r.people = []int{person}
		} else {
			r.path.GroupSlug = g.Principal.ID
			r.path.GroupName = cmp.Or(groups[g.Principal.ID].Name, g.Name)
			r.people = everybody.places(groups[g.Principal.ID].Members)
		}
		from[g.Scope] = append(from[g.Scope], r)
	}
	owners := reach{path: &Path{Scope: e.workspace(), Permission: Admin}}
	for i, p := range e.People {
		if p.Role == RoleOwner {
			owners.people = append(owners.people, i)
		}
	}
	from[e.workspace()] = []reach{owners}
	return from
}

// places are those of people, each once.
func (c crowd) places(people []Person) []int {
	var places []int
	for _, p := range people {
		if i, ok := c.find(p); ok {
			places = append(places, i)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func (e *Effective) workspace() Scope { return Scope{Kind: WorkspaceScope, Workspace: e.Workspace} }
