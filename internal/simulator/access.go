package simulator

import "net/http"

// workspace finds the workspace of the path. Who is not inside cannot tell a private workspace from one that does not exist.
func (x *exchange) workspace() (*workspace, error) {
	id := x.params["workspace"]
	ws := x.w.workspace(id)
	switch {
	case ws == nil || !x.inside(ws):
		// eggzec/bb BUG-SCHEMA-020.
		return nil, fail(http.StatusNotFound, "No workspace with identifier '%s'.", id)
	case ws.Deactivated:
		// eggzec/bb BUG-SCHEMA-023.
		return nil, fail(http.StatusForbidden, "This workspace and its content have been deactivated due to inactivity. "+
			"Contact your workspace admin to reactivate it.")
	}
	return ws, nil
}

// inside tells whether the caller belongs to a workspace: as a member, or because the token was made there.
func (x *exchange) inside(ws *workspace) bool {
	if x.caller.user != nil {
		return ws.roles.has(x.caller.user.UUID)
	}
	return x.caller.workspace == ws.Slug
}

// administers tells whether the caller administers a workspace. Workspace access tokens and OAuth consumers act for it; what
// they may do is then a matter of scopes.
func (x *exchange) administers(ws *workspace) bool {
	if x.caller.user != nil {
		return ws.roles.get(x.caller.user.UUID) == RoleOwner
	}
	return x.inside(ws) && x.caller.project == "" && x.caller.repository == ""
}

// onProject is what the caller may do on a project.
func (x *exchange) onProject(ws *workspace, p *project) string {
	c := x.caller
	switch {
	case c.user != nil:
		return ws.onProject(p, c.user.UUID)
	case !x.inside(ws) || c.repository != "" || c.project != "" && c.project != p.Key:
		return None
	case c.has("project:admin"):
		return Admin
	case c.has("project"):
		return Read
	}
	return None
}

// onRepository is what the caller may do on a repository.
func (x *exchange) onRepository(ws *workspace, r *repository) string {
	c := x.caller
	switch {
	case c.user != nil:
		return ws.effective(r, c.user.UUID)
	case !x.inside(ws) || c.repository != "" && c.repository != r.Slug || c.project != "" && c.project != r.Project:
		return None
	case c.has("repository:admin"):
		return Admin
	case c.has("repository:write"):
		return Write
	case c.has("repository"):
		return Read
	}
	return None
}

// project finds the project of the path. A member of the workspace sees every project; a token sees its own.
func (x *exchange) project() (*workspace, *project, error) {
	ws, err := x.workspace()
	if err != nil {
		return nil, nil, err
	}
	key := x.params["project_key"]
	p := ws.project(key)
	if p == nil || x.caller.user == nil && x.onProject(ws, p) == None {
		return nil, nil, fail(http.StatusNotFound, "Project %s/%s not found", ws.Slug, key)
	}
	return ws, p, nil
}

// repository finds the repository of the path. A private one that the caller may not read looks missing.
func (x *exchange) repository() (*workspace, *repository, error) {
	ws, err := x.workspace()
	if err != nil {
		return nil, nil, err
	}
	slug := x.params["repo_slug"]
	r := ws.repository(slug)
	if r == nil || !r.Public && x.onRepository(ws, r) == None {
		return nil, nil, fail(http.StatusNotFound, "Repository %s/%s not found", x.params["workspace"], slug)
	}
	return ws, r, nil
}
