package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// permissionKind is one of the four families of permissions-config: two scopes times two kinds of principal.
type permissionKind struct {
	scope     string // "project" or "repository"
	principal string // "user" or "group"
	base      string // path of the project or repository
	levels    []string
	// resolve finds the object of the path and tells what the caller may do on it.
	resolve func(*exchange) (permissionScope, error)
	api     string // the part of API-token scopes that names the object
	classic string // scope of other credentials
}

// permissionScope is a project or repository whose explicit grants are read or changed.
type permissionScope struct {
	ws     *workspace
	grants *grants
	self   string // path below apiURL
	mine   string // level of the caller
}

// permissionKinds lists the four families.
func permissionKinds() []permissionKind {
	var kinds []permissionKind
	for _, principal := range []string{"user", "group"} {
		kinds = append(kinds,
			permissionKind{
				scope: "project", principal: principal, base: "/2.0/workspaces/{workspace}/projects/{project_key}",
				levels: projectLevels, resolve: projectScope, api: "project:bitbucket", classic: "project:admin",
			},
			permissionKind{
				scope: "repository", principal: principal, base: "/2.0/repositories/{workspace}/{repo_slug}",
				levels: repositoryLevels, resolve: repositoryScope, api: "repository:bitbucket", classic: "repository:admin",
			})
	}
	return kinds
}

// permissionRoutes are the endpoints of permissions-config. Only API tokens may write (specification: "Due to security
// concerns, the JWT and OAuth authentication methods are unsupported").
func permissionRoutes() []route {
	var routes []route
	for _, k := range permissionKinds() {
		list := k.base + "/permissions-config/" + k.principal + "s"
		read, admin := []string{"read:" + k.api}, "admin:"+k.api
		for _, endpoint := range []struct {
			method, pattern string
			api             []string
			handle          func(*exchange, permissionScope) (answer, error)
		}{
			{http.MethodGet, list, read, k.list},
			{http.MethodGet, list + "/{id}", read, k.get},
			{http.MethodPut, list + "/{id}", []string{admin, "write:permission:bitbucket"}, k.put},
			{http.MethodDelete, list + "/{id}", []string{admin, "delete:permission:bitbucket"}, k.delete},
		} {
			added := route{
				method: endpoint.method, pattern: endpoint.pattern, api: endpoint.api, handle: k.administered(endpoint.handle),
				permissions: true, anonymous404: k.scope == "project",
			}
			if endpoint.method == http.MethodGet {
				added.classic = []string{k.classic}
			} else {
				added.apiTokenOnly = true
			}
			routes = append(routes, added)
		}
	}
	return routes
}

func projectScope(x *exchange) (permissionScope, error) {
	ws, p, err := x.project()
	if err != nil {
		return permissionScope{}, err
	}
	return permissionScope{ws, &p.grants, "/workspaces/" + ws.Slug + "/projects/" + p.Key, x.onProject(ws, p)}, nil
}

func repositoryScope(x *exchange) (permissionScope, error) {
	ws, r, err := x.repository()
	if err != nil {
		return permissionScope{}, err
	}
	return permissionScope{ws, &r.grants, "/repositories/" + ws.Slug + "/" + r.Slug, x.onRepository(ws, r)}, nil
}

// administered finds the object of the path and lets only its administrators pass.
func (k permissionKind) administered(handle func(*exchange, permissionScope) (answer, error)) handler {
	return func(x *exchange) (answer, error) {
		on, err := k.resolve(x)
		if err != nil {
			return answer{}, err
		}
		if on.mine != Admin {
			return answer{}, fail(http.StatusForbidden, "Forbidden")
		}
		return handle(x, on)
	}
}

// held returns the grants of this kind of principal.
func (k permissionKind) held(on permissionScope) *table[string] {
	if k.principal == "user" {
		return &on.grants.users
	}
	return &on.grants.groups
}

// row is one explicit permission as Bitbucket shows it.
func (k permissionKind) row(x *exchange, on permissionScope, principal, permission string) object {
	row := object{"type": k.scope + "_" + k.principal + "_permission", "permission": permission}
	name := principal
	if k.principal == "user" {
		u := x.w.users.get(principal)
		row["user"], name = userBody(u), u.AccountID
	} else {
		row["group"] = groupRef(on.ws, on.ws.groups.get(principal))
	}
	// Live rows carry no links (recorded answer, 2023); the examples of the specification do.
	if x.s.options.SpecLinks {
		self := apiURL + on.self + "/permissions-config/" + k.principal + "s/" + url.PathEscape(name)
		row["links"] = object{"self": link(self)}
	}
	return row
}

// groupRef is a group as permission rows embed it (recorded answer, 2023).
func groupRef(ws *workspace, g *group) object {
	body := object{
		"type": "group", "name": g.Name, "slug": g.Slug, "full_slug": ws.Slug + ":" + g.Slug,
		"owner": teamBody(ws), "workspace": workspaceRef(ws), "email_forwarding_disabled": g.EmailForwardingDisabled,
		"default_permission": nil, "account_privilege": nil,
	}
	if g.Permission != "" {
		body["default_permission"] = g.Permission
		body["account_privilege"] = "collaborator"
	}
	if g.Permission == Admin {
		body["account_privilege"] = "admin"
	}
	return body
}

// list answers the explicit permissions; none is never among them. It supports neither q nor sort (specification: "does not
// support BBQL features") and ignores them.
func (k permissionKind) list(x *exchange, on permissionScope) (answer, error) {
	held := k.held(on)
	return page(x, listing[string]{rows: held.keys, body: func(principal string) object {
		return k.row(x, on, principal, held.get(principal))
	}})
}

// get answers one explicit permission, none for a principal without a grant: admin through a group shows as none.
func (k permissionKind) get(x *exchange, on permissionScope) (answer, error) {
	principal, err := k.resolvePrincipal(x, on, http.StatusNotFound)
	if err != nil {
		return answer{}, err
	}
	permission := None
	if held := k.held(on); held.has(principal) {
		permission = held.get(principal)
	}
	return ok(k.row(x, on, principal, permission))
}

// put grants, or changes what is granted.
func (k permissionKind) put(x *exchange, on permissionScope) (answer, error) {
	permission, err := k.wanted(x)
	if err != nil {
		return answer{}, err
	}
	principal, err := k.resolvePrincipal(x, on, http.StatusBadRequest)
	if err != nil {
		return answer{}, err
	}
	// The specification refuses the workspace owner on repositories ("not a valid user to update"). On projects it only says
	// so in prose, and FabianSchurig's acceptance test grants there to the current user.
	if k.scope == "repository" && on.ws.roles.get(principal) == RoleOwner && !x.s.options.OwnerGrants {
		return answer{}, fail(http.StatusBadRequest, "The selected user is not a valid user to update")
	}
	if err := k.seat(on, principal, permission); err != nil {
		return answer{}, err
	}
	return ok(k.row(x, on, principal, permission))
}

// seat makes the grant, unless more people than the plan allows would have access.
func (k permissionKind) seat(on permissionScope, principal, permission string) error {
	held, limit := k.held(on), on.ws.SeatLimit
	if limit == 0 || held.has(principal) {
		held.set(principal, permission)
		return nil
	}
	before := len(on.ws.seats())
	held.set(principal, permission)
	if after := len(on.ws.seats()); after > before && after > limit {
		held.remove(principal)
		return fail(http.StatusPaymentRequired,
			"You have reached your plan's user limit and must upgrade before giving access to additional users.")
	}
	return nil
}

// delete takes a grant away. "If one exists", says the specification, so nothing to take away is 204 as well.
func (k permissionKind) delete(x *exchange, on permissionScope) (answer, error) {
	principal, err := k.resolvePrincipal(x, on, http.StatusNotFound)
	if err != nil {
		return answer{}, err
	}
	if !k.held(on).remove(principal) && x.s.options.AbsentGrantNotFound {
		return answer{}, fail(http.StatusNotFound, "No permission found for %s", x.params["id"])
	}
	return noContent()
}

// wanted reads the body of a PUT: an object with exactly one key, permission.
func (k permissionKind) wanted(x *exchange) (string, error) {
	var body map[string]any
	if err := x.decode(&body); err != nil {
		return "", err
	}
	for key := range body {
		if key != "permission" {
			return "", failField(key, "extra keys not allowed")
		}
	}
	permission, _ := body["permission"].(string)
	if !slices.Contains(k.levels, permission) {
		return "", failField("permission", "permission must be one of "+strings.Join(k.levels, ", "))
	}
	return permission, nil
}

// resolvePrincipal finds the user or group of the path. What a known person outside the workspace gets is written nowhere;
// the simulator answers 404 to GET and DELETE, and 400 to PUT, whose specification asks for a member.
func (k permissionKind) resolvePrincipal(x *exchange, on permissionScope, outsider int) (string, error) {
	id := x.params["id"]
	if k.principal == "group" {
		if !on.ws.groups.has(id) {
			return "", fail(http.StatusNotFound, "Group %s does not exist", id)
		}
		return id, nil
	}
	u := x.w.user(id)
	switch {
	case u == nil:
		return "", fail(http.StatusNotFound, "User %s does not exist", id)
	case !on.ws.roles.has(u.UUID):
		return "", fail(outsider, "The selected user is not a valid user to update")
	}
	return u.UUID, nil
}
