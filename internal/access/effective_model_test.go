package access_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// rank orders levels; project tells whether they are looked at on a project, where create-repo is more than write.
func rank(level string, project bool) int {
	if level == simulator.CreateRepo && !project {
		level = simulator.Write
	}
	return slices.Index([]string{"", simulator.Read, simulator.Write, simulator.CreateRepo, simulator.Admin}, level)
}

// naive is a workspace that is looked at in the plainest way: person by person, object by object, grant by grant.
type naive struct{ simulator.SeedWorkspace }

func (n naive) owns(user string) bool {
	return slices.Contains(n.Members, simulator.SeedMember{User: user, Role: simulator.RoleOwner})
}

func (n naive) isIn(user, group string) bool {
	return slices.ContainsFunc(n.Groups, func(g simulator.Group) bool { return g.Slug == group && slices.Contains(g.Members, user) })
}

// holds tells whether a grant gives a person something, directly or through a group.
func (n naive) holds(user string, g simulator.Grant) bool {
	return g.User == user || g.Group != "" && n.isIn(user, g.Group)
}

// paths are all that lead a person to a repository, sorted, as "level on scope through group".
func (n naive) paths(user string, r simulator.Repository) (paths []string, highest int) {
	for _, g := range n.Grants {
		if (g.Repository == r.Slug || g.Project == r.Project) && n.holds(user, g) {
			text := fmt.Sprintf("%s on repository acme/%s", g.Permission, g.Repository)
			if g.Project != "" {
				text = fmt.Sprintf("%s on project acme/%s", g.Permission, g.Project)
			}
			if g.Group != "" {
				text += " through group Group " + strings.TrimPrefix(g.Group, "group-")
			}
			paths, highest = append(paths, text), max(highest, rank(g.Permission, false))
		}
	}
	if n.owns(user) {
		paths, highest = append(paths, "administrator of the workspace"), rank(simulator.Admin, false)
	}
	slices.Sort(paths)
	return paths, highest
}

// onProject is what a person may do on a project itself.
func (n naive) onProject(user, key string) int {
	highest := 0
	for _, g := range n.Grants {
		if g.Project == key && n.holds(user, g) {
			highest = max(highest, rank(g.Permission, true))
		}
	}
	if n.owns(user) {
		highest = rank(simulator.Admin, true)
	}
	return highest
}

// powers is everything that everybody may do.
func (n naive) powers() map[string]int {
	powers := map[string]int{}
	for _, m := range n.Members {
		for _, p := range n.Projects {
			powers[m.User+" on "+p.Key] = n.onProject(m.User, p.Key)
		}
		for _, r := range n.Repositories {
			_, powers[m.User+" on "+r.Slug] = n.paths(m.User, r)
		}
	}
	return powers
}

// without are the powers when grants are revoked.
func (n naive) without(gone ...simulator.Grant) map[string]int {
	n.Grants = slices.DeleteFunc(slices.Clone(n.Grants), func(g simulator.Grant) bool { return slices.Contains(gone, g) })
	return n.powers()
}

// grantsThat are the grants that a condition holds for, sorted.
func (n naive) grantsThat(hold func(simulator.Grant) bool) []simulator.Grant {
	var grants []simulator.Grant
	for _, g := range n.Grants {
		if hold(g) {
			grants = append(grants, g)
		}
	}
	return inOrder(grants)
}

// projectOf is the project that a grant is on, or that its repository is in.
func (n naive) projectOf(g simulator.Grant) string {
	for _, r := range n.Repositories {
		if r.Slug == g.Repository {
			return r.Project
		}
	}
	return g.Project
}
