package review

import "github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"

// index is access, and what finds things in it.
type index struct {
	*access.Effective
	// people are the places in People by UUID and by account id.
	people map[string]int
	// projects are the keys of the projects by the slugs of their repositories.
	projects map[string]string
	// groups are the names of the groups by their slugs.
	groups map[string]string
}

func indexed(e *access.Effective) *index {
	x := &index{e, map[string]int{}, map[string]string{}, map[string]string{}}
	for i, p := range e.People {
		for _, id := range []string{p.UUID, p.AccountID} {
			if id != "" {
				x.people[id] = i
			}
		}
	}
	for _, r := range e.Repositories {
		x.projects[r.Slug] = r.Project.Key
	}
	for _, g := range e.Groups {
		x.groups[g.Slug] = g.Name
	}
	return x
}

// person is the place of a person in People, by whichever id is known; -1 for somebody who is not there.
func (x *index) person(uuid, accountID string) int {
	for _, id := range []string{uuid, accountID} {
		if i, ok := x.people[id]; ok {
			return i
		}
	}
	return -1
}

// known is a person with everything that is known about them, for members of groups, of whom less may be told.
func (x *index) known(p access.Person) access.Person {
	if i := x.person(p.UUID, p.AccountID); i >= 0 {
		return x.People[i]
	}
	return p
}

// object is the key of the project that a scope is or is in, and the slug of the repository that it is.
func (x *index) object(s access.Scope) (project, repository string) {
	switch s.Kind {
	case access.ProjectScope:
		return s.Name, ""
	case access.RepositoryScope:
		return x.projects[s.Name], s.Name
	default:
		return "", ""
	}
}
