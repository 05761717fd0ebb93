package main

import (
	"fmt"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// grant is one user or group that has write on a repository, or one user who is a member of a group.
type grant struct {
	object    string // repo_slug, or group_slug of a membership
	user      bool
	principal string // user_id or group_slug
}

// shape is a way in which access is spread over a workspace.
type shape struct {
	name, about string
	// members tells that the grants are memberships.
	members bool
	grants  func(size int) []grant
}

// Of people and groups there are at most so many, as in a large workspace, unless everybody has access to the same repository.
const (
	mostPeople = 1_000
	mostGroups = 500
)

// shapes are what can be measured.
var shapes = []shape{
	{name: "one-repository", about: "One repository, half of the grants for users, half for groups", grants: func(size int) []grant {
		return spread(size, func(i int) grant { return principal(i%2 == 0, i/2).on("api") })
	}},
	{name: "1-per-repository", about: "One group on each repository", grants: func(size int) []grant {
		return spread(size, func(i int) grant { return principal(false, i%mostGroups).on(numbered("repository", i)) })
	}},
	{name: "8-per-repository", about: "Four users and four groups on each repository", grants: func(size int) []grant {
		return spread(size, func(i int) grant {
			repository, slot := i/8, i%8
			if slot < 4 {
				return principal(true, (repository*4+slot)%mostPeople).on(numbered("repository", repository))
			}
			return principal(false, (repository*4+slot-4)%mostGroups).on(numbered("repository", repository))
		})
	}},
	{name: "memberships", about: "Half as many memberships, fifty in each group", members: true, grants: func(size int) []grant {
		return spread(max(1, size/2), func(i int) grant { return principal(true, i%mostPeople).on(numbered("group", i/50)) })
	}},
}

// spread makes so many grants.
func spread(count int, grantAt func(i int) grant) []grant {
	grants := make([]grant, count)
	for i := range grants {
		grants[i] = grantAt(i)
	}
	return grants
}

func principal(user bool, i int) grant {
	if user {
		return grant{user: true, principal: fmt.Sprintf("{00000000-0000-4000-8000-%012d}", i)}
	}
	return grant{principal: numbered("group", i)}
}

func (g grant) on(object string) grant {
	g.object = object
	return g
}

func numbered(thing string, i int) string { return fmt.Sprintf("%s-%d", thing, i) }

// objects are the repositories or groups that the grants are on, in their order.
func objects(grants []grant) []string {
	return distinct(grants, func(g grant) (string, bool) { return g.object, true })
}

// users are the people whom the grants name.
func users(grants []grant) []string {
	return distinct(grants, func(g grant) (string, bool) { return g.principal, g.user })
}

// distinct returns what is picked of the grants, each once, in their order.
func distinct(grants []grant, pick func(grant) (string, bool)) []string {
	var picked []string
	seen := map[string]bool{}
	for _, g := range grants {
		if text, ok := pick(g); ok && !seen[text] {
			seen[text] = true
			picked = append(picked, text)
		}
	}
	return picked
}

// owner is who owns the simulated workspace and whose API token the provider uses; she has no grant.
var owner = simulator.User{DisplayName: "Ada", Email: "ada@acme.example"}

// world makes a workspace with everybody and everything that the grants name, and without any of the grants. It returns what signs in.
func (s shape) world(grants []grant) (world *simulator.Simulator, username, token string) {
	world = simulator.New(simulator.Options{})
	world.AddWorkspace(simulator.Workspace{Slug: "acme"})
	ada := world.AddUser(owner)
	world.AddMember("acme", ada.UUID, simulator.RoleOwner)
	world.AddProject(simulator.Project{Workspace: "acme", Key: "PLAT"})
	for i, uuid := range users(grants) {
		world.AddUser(simulator.User{UUID: uuid, DisplayName: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("person-%d@acme.example", i)})
		world.AddMember("acme", uuid, simulator.RoleMember)
	}
	groups := distinct(grants, func(g grant) (string, bool) { return g.principal, !g.user })
	if s.members {
		groups = objects(grants)
	}
	for _, slug := range groups {
		world.AddGroup("acme", simulator.Group{Name: slug, Slug: slug})
	}
	if !s.members {
		for _, slug := range objects(grants) {
			world.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: slug})
		}
	}
	username, token = world.AddAPIToken(ada.UUID)
	return world, username, token
}

// writing is a way to write the same access.
type writing string

const (
	additive  writing = "additive"
	exclusive writing = "exclusive"
)

// instances is how many instances of a resource Terraform sees.
func (w writing) instances(grants []grant) int {
	if w == additive {
		return len(grants)
	}
	return len(objects(grants))
}

// writings are the ways that are measured; the additive one comes first.
var writings = []writing{additive, exclusive}
