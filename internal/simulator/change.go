package simulator

import (
	"fmt"
	"slices"
)

// removeMember takes a person out of the workspace, its groups and its explicit grants.
func (ws *workspace) removeMember(user string) {
	ws.roles.remove(user)
	for _, g := range ws.groups.all() {
		g.members.remove(user)
	}
	for g := range ws.allGrants() {
		g.users.remove(user)
	}
}

// removeGroup deletes a group and its grants.
func (ws *workspace) removeGroup(slug string) {
	ws.groups.remove(slug)
	ws.moveInvitations(slug, "")
	for g := range ws.allGrants() {
		g.groups.remove(slug)
	}
}

// renameGroup gives a group another name: in its organization, where one manages the workspace.
func (w *world) renameGroup(ws *workspace, g *group, name string) error {
	o := w.organizationOf(ws)
	if o == nil {
		return ws.renameGroup(g, name)
	}
	of := o.groups.get(g.Slug)
	if err := o.renameGroup(of, name, of.Description); err != nil {
		return err
	}
	g.Name = name
	return nil
}

// renameGroup gives a group of a workspace that Bitbucket manages another name and so another slug. Its grants follow.
func (ws *workspace) renameGroup(g *group, name string) error {
	slug := slugOf(name)
	if slug == "" {
		return fmt.Errorf("group %q has no slug", name)
	}
	if slug != g.Slug && ws.groups.has(slug) {
		return fmt.Errorf("workspace %q has a group %q already", ws.Slug, slug)
	}
	ws.groups.rename(g.Slug, slug)
	for granted := range ws.allGrants() {
		granted.groups.rename(g.Slug, slug)
	}
	ws.moveInvitations(g.Slug, slug)
	g.Name, g.Slug = name, slug
	return nil
}

// removeRepository deletes a repository with its grants.
func (ws *workspace) removeRepository(r *repository) {
	ws.repositories.remove(r.Slug)
	ws.withdraw(func(i *invitation) bool { return i.Repository == r.Slug })
	ws.repositorySlugs[r.UUID] = ""
}

// renameRepository moves a repository to the slug of its new name.
func (ws *workspace) renameRepository(r *repository, name string) error {
	slug := slugOf(name)
	if slug == "" {
		return fmt.Errorf("repository %q has no slug", name)
	}
	if slug != r.Slug && ws.repositories.has(slug) {
		return fmt.Errorf("workspace %q has a repository %q already", ws.Slug, slug)
	}
	ws.repositories.rename(r.Slug, slug)
	ws.repositorySlugs[r.UUID] = slug
	for _, i := range ws.invitations {
		if i.Repository == r.Slug {
			i.Repository = slug
		}
	}
	r.Name, r.Slug = name, slug
	return nil
}

// removeProject deletes a project, which must be empty, with its grants.
func (ws *workspace) removeProject(p *project) error {
	if in := ws.repositoriesOf(p.Key); len(in) > 0 {
		return fmt.Errorf("project %q still holds %d repositories", p.Key, len(in))
	}
	ws.projects.remove(p.Key)
	ws.projectKeys[p.UUID] = ""
	return nil
}

// moveProject gives a project another key; its repositories and grants follow.
func (ws *workspace) moveProject(p *project, key string) error {
	if key != p.Key && ws.projects.has(key) {
		return fmt.Errorf("workspace %q has a project %q already", ws.Slug, key)
	}
	for _, r := range ws.repositoriesOf(p.Key) {
		r.Project = key
	}
	ws.projects.rename(p.Key, key)
	ws.projectKeys[p.UUID] = key
	p.Key = key
	return nil
}

// target returns the table that holds a grant and the key of its principal in it.
func (w *world) target(g Grant) (held *table[string], principal string, err error) {
	ws, err := w.findWorkspace(g.Workspace)
	if err != nil {
		return nil, "", err
	}
	if (g.Project == "") == (g.Repository == "") {
		return nil, "", fmt.Errorf("a grant names exactly one of project and repository: %+v", g)
	}
	if (g.User == "") == (g.Group == "") {
		return nil, "", fmt.Errorf("a grant names exactly one of user and group: %+v", g)
	}
	object, err := ws.object(g)
	if err != nil {
		return nil, "", err
	}
	if g.User != "" {
		return &object.users, g.User, ws.demandMember(g.User)
	}
	_, err = ws.findGroup(g.Group)
	return &object.groups, g.Group, err
}

// object returns the explicit grants of the project or repository that a grant names.
func (ws *workspace) object(g Grant) (*grants, error) {
	if g.Project != "" {
		p, err := ws.findProject(g.Project)
		if err != nil {
			return nil, err
		}
		return &p.grants, nil
	}
	r, err := ws.findRepository(g.Repository)
	if err != nil {
		return nil, err
	}
	return &r.grants, nil
}

// grant sets one explicit permission.
func (w *world) grant(g Grant) error {
	held, principal, err := w.target(g)
	if err != nil {
		return err
	}
	known := repositoryLevels
	if g.Project != "" {
		known = projectLevels
	}
	if !slices.Contains(known, g.Permission) {
		return fmt.Errorf("permission %q is none of %v", g.Permission, known)
	}
	held.set(principal, g.Permission)
	return nil
}
