package review_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// world makes access for tests: what is granted is added to it, and complete says who may do what.
type world struct{ access.Effective }

func newWorld() *world { return &world{access.Effective{Workspace: "acme"}} }

// person adds somebody; without a role, somebody who is not in the workspace.
func (w *world) person(name, role string) access.Person {
	n := len(w.People)
	p := access.Person{
		UUID: fmt.Sprintf("{00000000-0000-4000-8000-%012x}", n), AccountID: fmt.Sprintf("557058:00000000-0000-4000-9000-%012x", n),
		DisplayName: name, Nickname: fmt.Sprintf("person-%d", n), Role: role,
	}
	w.People = append(w.People, p)
	return p
}

func (w *world) group(slug, name string, members ...access.Person) {
	w.Groups = append(w.Groups, access.Group{Slug: slug, Name: name, Members: members})
}

func (w *world) project(key, name string, repositories ...string) {
	w.Projects = append(w.Projects, bitbucket.Project{Key: key, Name: name})
	for _, slug := range repositories {
		r := bitbucket.Repository{Slug: slug, Name: slug, FullName: "acme/" + slug, IsPrivate: true}
		r.Project.Key = key
		w.Repositories = append(w.Repositories, r)
	}
}

// grant grants a permission on a project or repository to a person or a group.
func (w *world) grant(kind access.ScopeKind, name string, principal any, permission access.Permission) {
	g := access.Grant{Scope: access.Scope{Kind: kind, Workspace: "acme", Name: name}, Permission: permission}
	switch p := principal.(type) {
	case access.Person:
		g.Principal, g.AccountID, g.Name = access.Principal{Kind: access.UserPrincipal, ID: p.UUID}, p.AccountID, p.DisplayName
	case string:
		i := slices.IndexFunc(w.Groups, func(g access.Group) bool { return g.Slug == p })
		g.Principal, g.Name = access.Principal{Kind: access.GroupPrincipal, ID: p}, w.Groups[i].Name
	}
	w.Grants = append(w.Grants, g)
}

// find adds a finding about the grant that was added last.
func (w *world) find(kind access.FindingKind, because *access.Path) {
	g := w.Grants[len(w.Grants)-1]
	w.Findings = append(w.Findings, access.Finding{
		Kind: kind, Scope: g.Scope, Principal: g.Principal, Name: g.Name, Permission: g.Permission, Because: because,
	})
}

// holders are the places of the people whom a grant reaches.
func (w *world) holders(g access.Grant) []int {
	is := func(m access.Person) int { return slices.IndexFunc(w.People, m.Is) }
	if g.Principal.Kind == access.UserPrincipal {
		return []int{is(access.Person{UUID: g.Principal.ID})}
	}
	var places []int
	for _, group := range w.Groups {
		if group.Slug == g.Principal.ID {
			for _, m := range group.Members {
				places = append(places, is(m))
			}
		}
	}
	return places
}

// complete fills in who may do what.
func (w *world) complete() *access.Effective {
	held := map[access.Scope]map[int][]*access.Path{}
	for _, g := range w.Grants {
		p := &access.Path{Scope: g.Scope, Permission: g.Permission}
		if g.Principal.Kind == access.GroupPrincipal {
			p.GroupSlug, p.GroupName = g.Principal.ID, g.Name
		}
		if held[g.Scope] == nil {
			held[g.Scope] = map[int][]*access.Path{}
		}
		for _, i := range w.holders(g) {
			held[g.Scope][i] = append(held[g.Scope][i], p)
		}
	}
	owner := &access.Path{Scope: access.Scope{Kind: access.WorkspaceScope, Workspace: "acme"}, Permission: access.Admin}
	for n := range w.Repositories {
		r := &w.Repositories[n]
		for i := range w.People {
			paths := slices.Concat(
				held[access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: r.Slug}][i],
				held[access.Scope{Kind: access.ProjectScope, Workspace: "acme", Name: r.Project.Key}][i])
			if w.People[i].Role == "owner" {
				paths = append(paths, owner)
			}
			if len(paths) == 0 {
				continue
			}
			slices.SortStableFunc(paths, func(p, q *access.Path) int { return q.OnRepository().Compare(p.OnRepository()) })
			w.Access = append(w.Access, access.EffectiveAccess{
				Person: &w.People[i], Repository: r, Permission: paths[0].OnRepository(), Paths: paths,
			})
		}
	}
	return &w.Effective
}

// small is a workspace whose access fits on a page.
func small() *access.Effective {
	w := newWorld()
	ada, grace, linus := w.person("Ada Lovelace", "owner"), w.person("Grace Hopper", "member"), w.person("Linus Torvalds", "member")
	alan, zoe, gone := w.person("Alan Turing", "member"), w.person("Zoë Núñez", "collaborator"), w.person("Dennis Ritchie", "")
	w.group("administrators", "Administrators", ada)
	w.group("developers", "Developers", grace, linus, alan)
	w.group("security", "Security", zoe, access.Person{AccountID: grace.AccountID})
	w.project("PLAT", "Platform", "api", "gateway", "ledger")
	w.project("WEB", "Website", "storefront", "checkout")
	w.Repositories[3].IsPrivate = false
	w.grant(access.ProjectScope, "PLAT", "administrators", access.Admin)
	w.grant(access.ProjectScope, "PLAT", "developers", access.CreateRepo)
	w.grant(access.ProjectScope, "WEB", "security", access.Read)
	w.grant(access.RepositoryScope, "storefront", "developers", access.Write)
	w.grant(access.RepositoryScope, "api", grace, access.Read)
	w.find(access.Redundant, &access.Path{
		Scope: w.Grants[1].Scope, Permission: access.CreateRepo, GroupSlug: "developers", GroupName: "Developers",
	})
	w.grant(access.RepositoryScope, "ledger", linus, access.Admin)
	w.find(access.AdminOutsideGroups, nil)
	w.grant(access.RepositoryScope, "gateway", gone, access.Write)
	w.find(access.NoMember, nil)
	w.Findings = append(w.Findings, access.Finding{
		Kind: access.Public, Permission: access.Read, Scope: access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: "storefront"},
	})
	return w.complete()
}

// large is a workspace with many people and repositories, the same on every run: every ten repositories are a project, which has a team, a
// group of readers and a lead, and now and then a repository is granted to some more.
func large(people, repositories int) *access.Effective {
	w, dice := newWorld(), rand.New(rand.NewPCG(1, 2))
	first := []string{"Ada", "Grace", "Linus", "Margaret", "Alan", "Barbara", "Dennis", "Frances", "Ken", "Radia", "Edsger", "Katherine", "Hedy"}
	last := []string{"Lovelace", "Hopper", "Torvalds", "Hamilton", "Turing", "Liskov", "Ritchie", "Allen", "Thompson", "Perlman", "Dijkstra"}
	for i := range people {
		w.person(fmt.Sprintf("%s %s %d", first[i%len(first)], last[i/len(first)%len(last)], i), cmp.Or(map[int]string{0: "owner"}[i], "member"))
	}
	w.group("administrators", "Administrators", w.People[:min(5, people)]...)
	w.group("everybody", "Everybody", w.People[:people/2]...)
	for n := range (repositories + 9) / 10 {
		key, team := fmt.Sprintf("P%02d", n), fmt.Sprintf("team-%02d", n)
		slugs := make([]string, min(10, repositories-n*10))
		for i := range slugs {
			slugs[i] = fmt.Sprintf("%s-service-%d", team, i)
		}
		w.project(key, fmt.Sprintf("Project %02d", n), slugs...)
		members := make([]access.Person, 0, 12)
		for i := range 12 {
			members = append(members, w.People[(n*people/50+i*3)%people])
		}
		w.group(team, fmt.Sprintf("Team %02d", n), members...)
		w.grant(access.ProjectScope, key, "administrators", access.Admin)
		w.grant(access.ProjectScope, key, team, access.CreateRepo)
		if n%5 == 0 {
			w.grant(access.ProjectScope, key, "everybody", access.Read)
		}
		w.grant(access.ProjectScope, key, w.People[(n*7)%people], access.Admin)
		w.find(access.AdminOutsideGroups, nil)
		for _, slug := range slugs {
			for range dice.IntN(4) {
				w.grant(access.RepositoryScope, slug, w.People[dice.IntN(people)], []access.Permission{access.Read, access.Write, access.Admin}[dice.IntN(3)])
			}
			if dice.IntN(3) == 0 {
				w.grant(access.RepositoryScope, slug, team, access.Write)
				w.find(access.Redundant, &access.Path{
					Scope:      access.Scope{Kind: access.ProjectScope, Workspace: "acme", Name: key},
					Permission: access.CreateRepo, GroupSlug: team, GroupName: fmt.Sprintf("Team %02d", n),
				})
			}
		}
	}
	return w.complete()
}
