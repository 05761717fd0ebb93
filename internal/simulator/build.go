package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// addUser adds a person and fills what is blank.
func (w *world) addUser(u User) (*User, error) {
	if u.DisplayName == "" {
		u.DisplayName = fmt.Sprintf("User %d", len(w.users.keys)+1)
	}
	words := strings.ReplaceAll(slugOf(u.DisplayName), "-", ".")
	if u.Nickname == "" {
		u.Nickname = words
	}
	for n := 1; u.Email == ""; n++ {
		address := words + "@example.com"
		if n > 1 {
			address = fmt.Sprintf("%s.%d@example.com", words, n)
		}
		if w.emails[address] == nil {
			u.Email = address
		}
	}
	if u.UUID == "" {
		u.UUID = bracedUUID("user", u.Email)
	}
	if u.AccountID == "" {
		u.AccountID = "557058:" + uuidOf("account", u.Email)
	}
	switch {
	case w.emails[strings.ToLower(u.Email)] != nil:
		return nil, fmt.Errorf("user %q: e-mail %s is taken", u.DisplayName, u.Email)
	case !isBracedUUID(u.UUID):
		return nil, fmt.Errorf("user %q: uuid %q is not a UUID in braces", u.DisplayName, u.UUID)
	case w.users.has(u.UUID):
		return nil, fmt.Errorf("user %q: uuid %s is taken", u.DisplayName, u.UUID)
	case w.accounts[u.AccountID] != nil:
		return nil, fmt.Errorf("user %q: account id %s is taken", u.DisplayName, u.AccountID)
	}
	w.users.set(u.UUID, &u)
	w.accounts[u.AccountID] = &u
	w.emails[strings.ToLower(u.Email)] = &u
	return &u, nil
}

// addWorkspace adds an empty workspace.
func (w *world) addWorkspace(ws Workspace, now time.Time) (*workspace, error) {
	if ws.UUID == "" {
		ws.UUID = bracedUUID("workspace", ws.Slug)
	}
	if ws.Name == "" {
		ws.Name = ws.Slug
	}
	switch {
	case ws.Slug == "":
		return nil, fmt.Errorf("workspace %q: slug is blank", ws.Name)
	case w.workspaces.has(ws.Slug):
		return nil, fmt.Errorf("workspace %q is there already", ws.Slug)
	case !isBracedUUID(ws.UUID):
		return nil, fmt.Errorf("workspace %q: uuid %q is not a UUID in braces", ws.Slug, ws.UUID)
	case w.workspaceUUIDs[ws.UUID] != nil:
		return nil, fmt.Errorf("workspace %q: uuid %s is taken", ws.Slug, ws.UUID)
	case ws.Organization != "" && !w.organizations.has(ws.Organization):
		return nil, fmt.Errorf("workspace %q: no organization %q", ws.Slug, ws.Organization)
	}
	if ws.OrganizationManaged && ws.Organization == "" {
		made, err := w.addOrganization(Organization{ID: uuidOf("organization", "workspace", ws.Slug), Name: ws.Name}, now)
		if err != nil {
			return nil, err
		}
		ws.Organization = made.ID
	}
	added := &workspace{Workspace: ws, created: now, projectKeys: map[string]string{}, repositorySlugs: map[string]string{}}
	w.workspaces.set(ws.Slug, added)
	w.workspaceUUIDs[ws.UUID] = added
	return added, nil
}

// setRole makes a person a member, or changes the role. Whoever is new joins the groups with AutoAdd, unless asIs. Where an
// organization manages the workspace the person gets a direct role there.
func (w *world) setRole(ws *workspace, user, role string, asIs bool) error {
	if role != RoleMember && role != RoleOwner {
		return fmt.Errorf("workspace %q has no role %q", ws.Slug, role)
	}
	if !w.users.has(user) {
		return fmt.Errorf("no user %q", user)
	}
	o := w.organizationOf(ws)
	if o != nil {
		o.setDirectRole(ws, user, role)
	}
	if !asIs && !ws.roles.has(user) {
		for slug, g := range ws.groups.all() {
			switch {
			case !g.AutoAdd:
			case o != nil:
				o.groups.get(slug).members.set(user, struct{}{})
			default:
				g.members.set(user, struct{}{})
			}
		}
	}
	if o != nil {
		w.followOne(ws, o)
		return nil
	}
	ws.roles.set(user, role)
	return nil
}

// checkGroup refuses an unknown permission and members from outside the workspace.
func (ws *workspace) checkGroup(g Group) error {
	if g.Permission != "" && !slices.Contains(repositoryLevels, g.Permission) {
		return fmt.Errorf("group %q: unknown permission %q", cmp.Or(g.Slug, g.UUID), g.Permission)
	}
	for i, user := range g.Members {
		if !ws.roles.has(user) {
			return fmt.Errorf("members[%d]: %q is not a member of workspace %q", i, user, ws.Slug)
		}
	}
	return nil
}

// addGroup adds a group with its members to a workspace that Bitbucket manages.
func (ws *workspace) addGroup(g Group) (*group, error) {
	if g.Slug == "" {
		g.Slug = slugOf(g.Name)
	}
	switch {
	case g.Slug == "":
		return nil, fmt.Errorf("group %q has no slug", g.Name)
	case ws.groups.has(g.Slug):
		return nil, fmt.Errorf("workspace %q has a group %q already", ws.Slug, g.Slug)
	}
	if err := ws.checkGroup(g); err != nil {
		return nil, err
	}
	added := &group{Group: g}
	added.Members = nil
	for _, user := range g.Members {
		added.members.set(user, struct{}{})
	}
	ws.groups.set(g.Slug, added)
	return added, nil
}

// addProject adds a project without grants.
func (ws *workspace) addProject(p Project, now time.Time) (*project, error) {
	p.Workspace = ws.Slug
	if p.Name == "" {
		p.Name = p.Key
	}
	if p.UUID == "" {
		p.UUID = unused(ws.projectKeys, "project", ws.Slug, p.Key)
	}
	switch {
	case p.Key == "":
		return nil, fmt.Errorf("project %q: key is blank", p.Name)
	case ws.projects.has(p.Key):
		return nil, fmt.Errorf("workspace %q has a project %q already", ws.Slug, p.Key)
	case !isBracedUUID(p.UUID):
		return nil, fmt.Errorf("project %q: uuid %q is not a UUID in braces", p.Key, p.UUID)
	case ws.projectKeys[p.UUID] != "":
		return nil, fmt.Errorf("project %q: uuid %s is taken", p.Key, p.UUID)
	}
	added := &project{Project: p, created: now, updated: now}
	ws.projects.set(p.Key, added)
	ws.projectKeys[p.UUID] = p.Key
	return added, nil
}

// addRepository adds a repository without grants.
func (ws *workspace) addRepository(r Repository, now time.Time) (*repository, error) {
	r.Workspace = ws.Slug
	if r.Slug == "" {
		r.Slug = slugOf(r.Name)
	}
	if r.Name == "" {
		r.Name = r.Slug
	}
	if r.Project == "" && len(ws.projects.keys) > 0 {
		// The specification: without a project the repository goes to the oldest one.
		r.Project = ws.projects.keys[0]
	}
	if r.UUID == "" {
		r.UUID = unused(ws.repositorySlugs, "repository", ws.Slug, r.Slug)
	}
	switch {
	case r.Slug == "":
		return nil, fmt.Errorf("repository %q: slug is blank", r.Name)
	case ws.repositories.has(r.Slug):
		return nil, fmt.Errorf("workspace %q has a repository %q already", ws.Slug, r.Slug)
	case !ws.projects.has(r.Project):
		return nil, fmt.Errorf("repository %q: workspace %q has no project %q", r.Slug, ws.Slug, r.Project)
	case !isBracedUUID(r.UUID):
		return nil, fmt.Errorf("repository %q: uuid %q is not a UUID in braces", r.Slug, r.UUID)
	case ws.repositorySlugs[r.UUID] != "":
		return nil, fmt.Errorf("repository %q: uuid %s is taken", r.Slug, r.UUID)
	}
	added := &repository{Repository: r, created: now, updated: now}
	ws.repositories.set(r.Slug, added)
	ws.repositorySlugs[r.UUID] = r.Slug
	return added, nil
}

// copyDefaults gives a fresh repository the groups that have a default permission.
func (ws *workspace) copyDefaults(r *repository) {
	// A group with a default permission is added to every new repository (Bitbucket documentation: groups endpoint).
	for slug, g := range ws.groups.all() {
		if g.Permission != "" {
			r.grants.groups.set(slug, g.Permission)
		}
	}
}
