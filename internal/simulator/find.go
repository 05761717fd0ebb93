package simulator

import "fmt"

// What direct functions and seeds name has to be there: these functions find it, or say that it is not.

func (w *world) findWorkspace(slug string) (*workspace, error) {
	if ws := w.workspace(slug); ws != nil {
		return ws, nil
	}
	return nil, fmt.Errorf("no workspace %q", slug)
}

func (w *world) findOrganization(id string) (*organization, error) {
	if o := w.organizations.get(id); o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("no organization %q", id)
}

func (ws *workspace) findProject(key string) (*project, error) {
	if p := ws.project(key); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("workspace %q has no project %q", ws.Slug, key)
}

func (ws *workspace) findRepository(slug string) (*repository, error) {
	if r := ws.repository(slug); r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("workspace %q has no repository %q", ws.Slug, slug)
}

func (ws *workspace) findGroup(slug string) (*group, error) {
	if g := ws.groups.get(slug); g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("workspace %q has no group %q", ws.Slug, slug)
}

// demandMember refuses a person who is not in the workspace.
func (ws *workspace) demandMember(user string) error {
	if !ws.roles.has(user) {
		return fmt.Errorf("user %q is not a member of workspace %q", user, ws.Slug)
	}
	return nil
}
