package simulator

import (
	"maps"
	"slices"
)

// The levels of a grant. A project knows all of them, a repository all but create-repo.
// None is never stored: it is what a principal without a grant has.
const (
	None       = "none"
	Read       = "read"
	Write      = "write"
	CreateRepo = "create-repo"
	Admin      = "admin"
)

// The roles of a member. An owner is what the screens call a workspace administrator.
const (
	RoleMember = "member"
	RoleOwner  = "owner"
)

// levels holds every level, weakest first.
var levels = []string{None, Read, Write, CreateRepo, Admin}

// Levels that Bitbucket accepts in a PUT, and as the default permission of a group.
var (
	projectLevels    = []string{Read, Write, CreateRepo, Admin}
	repositoryLevels = []string{Read, Write, Admin}
)

// rank orders levels; what is not a level is below none.
func rank(permission string) int { return slices.Index(levels, permission) }

// higher returns the stronger of two levels.
func higher(a, b string) string {
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// onRepository is what a level on a project is worth on each of its repositories.
func onRepository(projectLevel string) string {
	if projectLevel == CreateRepo {
		return Write
	}
	return projectLevel
}

// granted returns the level that a set of explicit grants gives a person, directly or through groups.
func (ws *workspace) granted(g *grants, user string) string {
	best := None
	if direct := g.users.get(user); direct != "" {
		best = direct
	}
	for slug, level := range g.groups.all() {
		if rank(level) > rank(best) && ws.groups.get(slug).members.has(user) {
			best = level
		}
	}
	return best
}

// onProject is the effective level of a person on a project.
func (ws *workspace) onProject(p *project, user string) string {
	if ws.roles.get(user) == RoleOwner {
		return Admin
	}
	return ws.granted(&p.grants, user)
}

// effective is the level of a person on a repository: the highest of workspace, project and repository, directly or by group.
// A lower grant on the repository does not reduce a higher one on its project (Bitbucket documentation: effective permissions).
func (ws *workspace) effective(r *repository, user string) string {
	inherited := onRepository(ws.onProject(ws.projects.get(r.Project), user))
	return higher(inherited, ws.granted(&r.grants, user))
}

// everyone returns the level of each person whom a set of explicit grants reaches.
func (ws *workspace) everyone(g *grants) map[string]string {
	reached := maps.Collect(g.users.all())
	for slug, level := range g.groups.all() {
		for user := range ws.groups.get(slug).members.all() {
			reached[user] = higher(reached[user], level)
		}
	}
	return reached
}

// seats returns who occupies a seat of the plan: administrators and everyone whom a grant reaches. Where an organization manages
// the workspace, a role on it takes the seat.
func (ws *workspace) seats() map[string]bool {
	taken := map[string]bool{}
	for user, role := range ws.roles.all() {
		if role == RoleOwner || ws.OrganizationManaged {
			taken[user] = true
		}
	}
	for g := range ws.allGrants() {
		for user := range ws.everyone(g) {
			taken[user] = true
		}
	}
	return taken
}
