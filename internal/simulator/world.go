package simulator

import (
	"iter"
	"maps"
	"strings"
	"time"
)

// world is everything that the API shows: people, workspaces and what is in them. It knows no HTTP and no credentials.
type world struct {
	users    table[*User]     // by uuid
	accounts map[string]*User // by Atlassian account id
	emails   map[string]*User // by lower-case address

	organizations  table[*organization] // by id
	workspaces     table[*workspace]    // by slug
	workspaceUUIDs map[string]*workspace
}

// workspace is one workspace with all that it owns.
type workspace struct {
	Workspace

	created      time.Time
	roles        table[string] // user uuid to role
	groups       table[*group] // by slug
	projects     table[*project]
	repositories table[*repository]
	invitations  []*invitation
	resting      table[[]Grant] // by uuid: the explicit grants of those whose access an organization has suspended

	projectKeys     map[string]string // uuid to key, "" once deleted
	repositorySlugs map[string]string // uuid to slug, "" once deleted
}

// group is a group; Group.Members stays empty, members says who is in it.
type group struct {
	Group

	members table[struct{}] // user uuids
}

// project is a project and its explicit grants.
type project struct {
	Project

	created, updated time.Time
	grants           grants
}

// repository is a repository and its explicit grants.
type repository struct {
	Repository

	created, updated time.Time
	grants           grants
}

// grants are the explicit grants of one project or repository: who has which level.
type grants struct {
	users  table[string] // by uuid
	groups table[string] // by slug
}

// newWorld returns a world in which nobody lives.
func newWorld() *world {
	return &world{accounts: map[string]*User{}, emails: map[string]*User{}, workspaceUUIDs: map[string]*workspace{}}
}

// user finds a person the way Bitbucket's paths name people: by {uuid} or by Atlassian account id.
func (w *world) user(id string) *User {
	user := w.users.get(id)
	if user == nil {
		user = w.accounts[id]
	}
	if user != nil && user.Invited {
		return nil
	}
	return user
}

// workspace finds a workspace by slug or {uuid}.
func (w *world) workspace(id string) *workspace {
	if ws := w.workspaces.get(id); ws != nil {
		return ws
	}
	return w.workspaceUUIDs[id]
}

// project finds a project by key.
func (ws *workspace) project(key string) *project { return ws.projects.get(key) }

// projectByID finds a project by key or {uuid}, as the body of a new repository may name it.
func (ws *workspace) projectByID(id string) *project {
	if p := ws.projects.get(id); p != nil {
		return p
	}
	return ws.projects.get(ws.projectKeys[id])
}

// repository finds a repository by slug or {uuid}.
func (ws *workspace) repository(id string) *repository {
	if r := ws.repositories.get(id); r != nil {
		return r
	}
	return ws.repositories.get(ws.repositorySlugs[id])
}

// allGrants yields the explicit grants of every project and repository.
func (ws *workspace) allGrants() iter.Seq[*grants] {
	return func(yield func(*grants) bool) {
		for _, p := range ws.projects.all() {
			if !yield(&p.grants) {
				return
			}
		}
		for _, r := range ws.repositories.all() {
			if !yield(&r.grants) {
				return
			}
		}
	}
}

// repositoriesOf returns the repositories of a project, oldest first.
func (ws *workspace) repositoriesOf(key string) []*repository {
	var in []*repository
	for _, r := range ws.repositories.all() {
		if r.Project == key {
			in = append(in, r)
		}
	}
	return in
}

// clone copies everything that can change.
func (w *world) clone() *world {
	twin := &world{
		users:          w.users.clone(same[*User]),
		accounts:       maps.Clone(w.accounts),
		emails:         maps.Clone(w.emails),
		organizations:  w.organizations.clone((*organization).clone),
		workspaces:     w.workspaces.clone((*workspace).clone),
		workspaceUUIDs: map[string]*workspace{},
	}
	for _, ws := range twin.workspaces.all() {
		twin.workspaceUUIDs[ws.UUID] = ws
	}
	return twin
}

func (ws *workspace) clone() *workspace {
	twin := *ws
	twin.roles = ws.roles.clone(same[string])
	twin.groups = ws.groups.clone((*group).clone)
	twin.projects = ws.projects.clone((*project).clone)
	twin.repositories = ws.repositories.clone((*repository).clone)
	twin.invitations = cloneInvitations(ws.invitations)
	twin.resting = ws.resting.clone(same[[]Grant])
	twin.projectKeys = maps.Clone(ws.projectKeys)
	twin.repositorySlugs = maps.Clone(ws.repositorySlugs)
	return &twin
}

func (g *group) clone() *group {
	twin := *g
	twin.members = g.members.clone(same[struct{}])
	return &twin
}

func (p *project) clone() *project {
	twin := *p
	twin.grants = p.grants.clone()
	return &twin
}

func (r *repository) clone() *repository {
	twin := *r
	twin.grants = r.grants.clone()
	return &twin
}

func (g *grants) clone() grants {
	return grants{users: g.users.clone(same[string]), groups: g.groups.clone(same[string])}
}

// slugOf turns a name into a slug: lower case, spaces to dashes, ASCII only (Bitbucket documentation: groups endpoint).
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(name)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			b.WriteRune(r)
		}
	}
	return b.String()
}
