package simulator

import (
	"net/http"
	"slices"
)

// repositoryRoutes are the endpoints of repositories.
func repositoryRoutes() []route {
	one := "/2.0/repositories/{workspace}/{repo_slug}"
	read, readClassic := []string{"read:repository:bitbucket"}, []string{"repository"}
	admin, adminClassic := []string{"admin:repository:bitbucket"}, []string{"repository:admin"}
	return []route{
		{
			method: http.MethodGet, pattern: "/2.0/repositories/{workspace}",
			api: read, classic: readClassic, handle: listRepositories,
		},
		{method: http.MethodGet, pattern: one, api: read, classic: readClassic, handle: getRepository},
		{method: http.MethodPost, pattern: one, api: admin, classic: adminClassic, handle: createRepository},
		{method: http.MethodPut, pattern: one, api: admin, classic: adminClassic, handle: putRepository},
		{
			method: http.MethodDelete, pattern: one,
			api: []string{"delete:repository:bitbucket"}, classic: []string{"repository:delete"}, handle: deleteRepository,
		},
	}
}

// roleLevels says which level each value of the role parameter asks for.
var roleLevels = map[string]string{"": None, "member": Read, "contributor": Write, "admin": Admin, "owner": Admin}

// listRepositories answers the repositories that the caller may read, oldest first.
func listRepositories(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	role := x.r.URL.Query().Get("role")
	least, known := roleLevels[role]
	if !known {
		return answer{}, fail(http.StatusBadRequest, "Invalid role: %s", role)
	}
	rows := slices.DeleteFunc(ws.repositories.values(), func(r *repository) bool {
		reached := x.onRepository(ws, r)
		return rank(reached) < rank(least) || reached == None && !r.Public
	})
	if role == "owner" && !x.administers(ws) {
		rows = nil
	}
	return page(x, listing[*repository]{
		rows: rows, fields: repositoryFields(ws),
		body: func(r *repository) object { return repositoryBody(ws, r) },
	})
}

// repositoryFields are what q and sort may name.
func repositoryFields(ws *workspace) map[string]func(*repository) any {
	return map[string]func(*repository) any{
		"name":         func(r *repository) any { return r.Name },
		"slug":         func(r *repository) any { return r.Slug },
		"full_name":    func(r *repository) any { return r.Workspace + "/" + r.Slug },
		"uuid":         func(r *repository) any { return r.UUID },
		"description":  func(r *repository) any { return r.Description },
		"is_private":   func(r *repository) any { return !r.Public },
		"scm":          func(*repository) any { return "git" },
		"parent":       func(*repository) any { return nil },
		"project.key":  func(r *repository) any { return r.Project },
		"project.name": func(r *repository) any { return ws.project(r.Project).Name },
		"project.uuid": func(r *repository) any { return ws.project(r.Project).UUID },
		"created_on":   func(r *repository) any { return r.created },
		"updated_on":   func(r *repository) any { return r.updated },
	}
}

func getRepository(x *exchange) (answer, error) {
	ws, r, err := x.repository()
	if err != nil {
		return answer{}, err
	}
	return ok(repositoryBody(ws, r))
}

// createRepository makes a repository.
func createRepository(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	if ws.repository(x.params["repo_slug"]) != nil {
		return answer{}, fail(http.StatusBadRequest, "Repository with this Slug and Owner already exists.")
	}
	return x.newRepository(ws)
}

// newRepository makes a repository from the body of the request; only who may create in the project can, else 400
// (specification).
func (x *exchange) newRepository(ws *workspace) (answer, error) {
	wanted := Repository{Slug: x.params["repo_slug"]}
	if err := x.repositoryForm(ws, &wanted); err != nil {
		return answer{}, err
	}
	if wanted.Project == "" && len(ws.projects.keys) > 0 {
		wanted.Project = ws.projects.keys[0]
	}
	p := ws.project(wanted.Project)
	if p == nil || rank(x.onProject(ws, p)) < rank(CreateRepo) {
		return answer{}, fail(http.StatusBadRequest, "You cannot create repositories in this project")
	}
	r, err := ws.addRepository(wanted, x.s.options.Now())
	if err != nil {
		return answer{}, fail(http.StatusBadRequest, "%s", err)
	}
	ws.copyDefaults(r)
	if u := x.caller.user; u != nil {
		// The creator shows up with an explicit admin grant (eggzec/bb, live workspace, 2026-05).
		r.grants.users.set(u.UUID, Admin)
	}
	// 201, not the 200 of the specification (eggzec/bb BUG-SCHEMA-030).
	return created(repositoryBody(ws, r))
}

// repositoryForm reads the body of a POST or PUT. Keys that cannot be set are ignored, as the specification says of some.
func (x *exchange) repositoryForm(ws *workspace, r *Repository) error {
	f, err := x.form()
	if err != nil {
		return err
	}
	private := !r.Public
	f.text("name", &r.Name)
	f.text("description", &r.Description)
	f.flag("is_private", &private)
	r.Public = !private
	var in map[string]any
	if read(f, "project", &in); in != nil {
		inner := form{keys: in}
		id := ""
		inner.text("uuid", &id)
		inner.text("key", &id)
		p := ws.projectByID(id)
		if p == nil {
			return failField("project", "Project not found")
		}
		r.Project = p.Key
	}
	return f.err
}

// putRepository changes a repository, or makes it where there is none. Another name moves it.
func putRepository(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	if ws.repository(x.params["repo_slug"]) == nil {
		return x.newRepository(ws)
	}
	ws, r, err := x.repository()
	if err != nil {
		return answer{}, err
	}
	if x.onRepository(ws, r) != Admin {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	wanted := r.Repository
	if err := x.repositoryForm(ws, &wanted); err != nil {
		return answer{}, err
	}
	slug := r.Slug
	if wanted.Name != r.Name {
		if err := ws.renameRepository(r, wanted.Name); err != nil {
			return answer{}, failField("name", err.Error())
		}
	}
	wanted.Slug = r.Slug
	r.Repository, r.updated = wanted, later(x, r.updated)
	if r.Slug != slug {
		return moved(repositoryBody(ws, r), apiURL+"/repositories/"+ws.Slug+"/"+r.Slug)
	}
	return ok(repositoryBody(ws, r))
}

// deleteRepository deletes a repository and its grants.
func deleteRepository(x *exchange) (answer, error) {
	ws, r, err := x.repository()
	if err != nil {
		return answer{}, err
	}
	if x.onRepository(ws, r) != Admin {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	ws.removeRepository(r)
	return noContent()
}
