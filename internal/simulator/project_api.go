package simulator

import (
	"net/http"
	"regexp"
	"slices"
	"time"
)

// projectRoutes are the endpoints of projects.
func projectRoutes() []route {
	list, one := "/2.0/workspaces/{workspace}/projects", "/2.0/workspaces/{workspace}/projects/{project_key}"
	read, readClassic := []string{"read:project:bitbucket"}, []string{"project"}
	admin, adminClassic := []string{"admin:project:bitbucket"}, []string{"project:admin"}
	return []route{
		{method: http.MethodGet, pattern: list, api: read, classic: readClassic, handle: listProjects},
		{method: http.MethodPost, pattern: list, api: admin, classic: adminClassic, handle: createProject},
		{method: http.MethodGet, pattern: one, api: read, classic: readClassic, handle: getProject},
		{method: http.MethodPut, pattern: one, api: admin, classic: adminClassic, handle: putProject},
		{method: http.MethodDelete, pattern: one, api: admin, classic: adminClassic, handle: deleteProject},
	}
}

// listProjects answers the projects, newest first (recorded answer, 2020).
func listProjects(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	rows := slices.DeleteFunc(ws.projects.values(), func(p *project) bool {
		return x.caller.user == nil && x.onProject(ws, p) == None
	})
	slices.Reverse(rows)
	return page(x, listing[*project]{
		rows: rows,
		fields: map[string]func(*project) any{
			"key":        func(p *project) any { return p.Key },
			"name":       func(p *project) any { return p.Name },
			"uuid":       func(p *project) any { return p.UUID },
			"is_private": func(p *project) any { return !p.Public },
			"created_on": func(p *project) any { return p.created },
			"updated_on": func(p *project) any { return p.updated },
		},
		body: func(p *project) object { return projectBody(ws, p) },
	})
}

func getProject(x *exchange) (answer, error) {
	ws, p, err := x.project()
	if err != nil {
		return answer{}, err
	}
	return ok(projectBody(ws, p))
}

// projectKey is what a key may look like. No source was found for it.
var projectKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// createProject makes a project; only administrators of the workspace may.
func createProject(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	return x.newProject(ws, Project{})
}

// newProject makes a project from the body of the request and what the path says.
func (x *exchange) newProject(ws *workspace, p Project) (answer, error) {
	if !x.administers(ws) {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	if err := x.projectForm(&p); err != nil {
		return answer{}, err
	}
	switch {
	case !projectKey.MatchString(p.Key):
		return answer{}, failField("key", "not a valid project key")
	case p.Name == "":
		return answer{}, failField("name", "required key not provided")
	case ws.projects.has(p.Key):
		return answer{}, failField("key", "Project with this Owner and Key already exists.")
	}
	added, err := ws.addProject(p, x.s.options.Now())
	if err != nil {
		return answer{}, fail(http.StatusBadRequest, "%s", err)
	}
	body := projectBody(ws, added)
	// A fresh project links to an empty list of repositories and to no avatar (recorded answer, 2020).
	links := body["links"].(object)
	links["repositories"] = []any{}
	links["avatar"] = link("")
	return created(body)
}

// projectForm reads the body of a POST or PUT. The specification requires a type, Bitbucket refuses it (eggzec/bb).
func (x *exchange) projectForm(p *Project) error {
	f, err := x.form()
	if err != nil {
		return err
	}
	private := !p.Public
	f.only("name", "key", "description", "is_private", "links")
	f.text("name", &p.Name)
	f.text("key", &p.Key)
	f.text("description", &p.Description)
	f.flag("is_private", &private)
	p.Public = !private
	return f.err
}

// putProject changes a project, or makes it where there is none. Another key moves it.
func putProject(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	p := ws.project(x.params["project_key"])
	if p == nil {
		return x.newProject(ws, Project{Key: x.params["project_key"]})
	}
	if x.onProject(ws, p) != Admin {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	wanted := p.Project
	if err := x.projectForm(&wanted); err != nil {
		return answer{}, err
	}
	if !projectKey.MatchString(wanted.Key) {
		return answer{}, failField("key", "not a valid project key")
	}
	key := p.Key
	if err := ws.moveProject(p, wanted.Key); err != nil {
		return answer{}, failField("key", err.Error())
	}
	p.Project, p.updated = wanted, later(x, p.updated)
	if p.Key != key {
		return moved(projectBody(ws, p), apiURL+"/workspaces/"+ws.Slug+"/projects/"+p.Key)
	}
	return ok(projectBody(ws, p))
}

// deleteProject deletes an empty project.
func deleteProject(x *exchange) (answer, error) {
	ws, p, err := x.project()
	if err != nil {
		return answer{}, err
	}
	if x.onProject(ws, p) != Admin {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	if err := ws.removeProject(p); err != nil {
		// The specification: 403 when "the project isn't empty".
		return answer{}, fail(http.StatusForbidden, "%s", err)
	}
	return noContent()
}

// later is the moment of a change; it never lies before the last one.
func later(x *exchange, last time.Time) time.Time {
	if now := x.s.options.Now(); now.After(last) {
		return now
	}
	return last
}
