//go:build linux

package provider_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// chaosCast is a world in which much can be configured, and somebody else has access to all of it who never is.
type chaosCast struct {
	*acctest.World
	*rand.Rand
	home                string // where the groups are, see allAccess
	people              []simulator.User
	groups              []simulator.Group
	repositories        []string
	projects            []string
	role                string // what a group has in the organization that is one of the workspace; "" without one
	ownRepos, ownGroups int    // how many of the repositories, and of the groups, have lists that are owned; projects have one
}

// newChaosCast fills a world. Two of the people are in no configuration.
func newChaosCast(w *acctest.World, chance *rand.Rand) *chaosCast {
	c := &chaosCast{World: w, Rand: chance, home: "acme", ownRepos: 3, ownGroups: 3}
	if w.Organization != "" {
		c.home, c.role = "Acme", roleLevel(map[string]string{simulator.WorkspaceARI(workspaceUUID(w)): "atlassian/user"})
	}
	var others []string
	for i := range 22 {
		u := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
		if i < 20 {
			c.people = append(c.people, u)
		} else {
			others = append(others, u.UUID)
		}
	}
	outside := w.AddGroup("acme", simulator.Group{Name: "Outside", Members: others}).Slug
	grant := func(g simulator.Grant) {
		for _, level := range []string{simulator.Read, simulator.Admin} {
			g.Workspace, g.Permission, g.User, g.Group = "acme", level, others[1], ""
			if level == simulator.Read {
				g.User, g.Group = "", outside
			}
			w.Grant(g)
		}
	}
	for i := range 13 {
		c.groups = append(c.groups, w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Static %d", i), Members: others[:1]}))
		c.repositories = append(c.repositories, fmt.Sprintf("repo-%d", i))
		if i < 4 {
			c.projects = append(c.projects, fmt.Sprintf("PROJ%d", i))
			w.AddProject(simulator.Project{Workspace: "acme", Key: c.projects[i], Name: c.projects[i]})
			grant(simulator.Grant{Project: c.projects[i]})
		}
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: c.repositories[i], Name: c.repositories[i]})
		grant(simulator.Grant{Repository: c.repositories[i]})
	}
	c.elsewhere(others)
	return c
}

// elsewhere fills a workspace that no configuration names.
func (c *chaosCast) elsewhere(others []string) {
	c.AddWorkspace(simulator.Workspace{Slug: "other", Name: "Other"})
	for _, u := range append(others, c.Ada.UUID, c.people[0].UUID) {
		c.AddMember("other", u, simulator.RoleOwner)
	}
	crew := c.AddGroup("other", simulator.Group{Name: "Static 0", Members: others}).Slug
	c.AddProject(simulator.Project{Workspace: "other", Key: c.projects[0], Name: c.projects[0]})
	c.AddRepository(simulator.Repository{Workspace: "other", Project: c.projects[0], Slug: c.repositories[0], Name: c.repositories[0]})
	c.Grant(simulator.Grant{Workspace: "other", Repository: c.repositories[0], Group: crew, Permission: simulator.Write})
	c.Grant(simulator.Grant{Workspace: "other", Project: c.projects[0], User: c.people[0].UUID, Permission: simulator.Admin})
}
