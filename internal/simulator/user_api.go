package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// userRoutes are the endpoints about the caller and about accounts.
func userRoutes() []route {
	account := []string{"account"}
	return []route{
		{
			method: http.MethodGet, pattern: "/2.0/user",
			api: []string{"read:user:bitbucket"}, classic: account, handle: getUser,
		},
		{
			method: http.MethodGet, pattern: "/2.0/user/emails",
			api: []string{"read:user:bitbucket"}, classic: []string{"email"}, handle: listEmails,
		},
		{
			method: http.MethodGet, pattern: "/2.0/user/workspaces",
			api: []string{"read:workspace:bitbucket"}, classic: account, handle: listUserWorkspaces,
		},
		{
			method: http.MethodGet, pattern: "/2.0/user/workspaces/{workspace}/permission",
			api: []string{"read:workspace:bitbucket"}, classic: account, handle: getUserPermission,
		},
		{
			method: http.MethodGet, pattern: "/2.0/user/workspaces/{workspace}/permissions/repositories",
			api: []string{"read:repository:bitbucket"}, classic: []string{"account", "repository"}, handle: listEffectiveOfCaller,
		},
		{method: http.MethodGet, pattern: "/2.0/users/{id}", api: []string{"read:user:bitbucket"}, handle: getAccount},
	}
}

// removedRoutes answer 410 since 2026-04-14 (CHANGE-2770).
func removedRoutes() []route {
	var routes []route
	for _, pattern := range []string{
		"/2.0/workspaces", "/2.0/user/permissions/workspaces", "/2.0/user/permissions/repositories", "/2.0/repositories",
		"/2.0/snippets",
	} {
		routes = append(routes, route{method: http.MethodGet, pattern: pattern, handle: gone})
	}
	return routes
}

func gone(*exchange) (answer, error) {
	where := object{"announcement_url": "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}
	f := failWith(http.StatusGone, object{
		"message": "CHANGE-2770 - Functionality has been deprecated",
		"detail":  "Please read the changelog entry for more details.",
		"data":    where,
	})
	f.body.(object)["data"] = where
	return answer{}, f
}

// getUser answers a person for an API token, and the account of the workspace for what acts for a workspace.
func getUser(x *exchange) (answer, error) {
	if u := x.caller.user; u != nil {
		body := fullUser(u)
		body["username"] = u.Nickname
		body["has_2fa_enabled"] = nil
		return ok(body)
	}
	// quirk: ConductorOne baton-bitbucket tells credentials apart by type "user" and "team".
	return ok(teamBody(x.w.workspace(x.caller.workspace)))
}

// fullUser is a person as the account endpoints show one (recorded answer, 2022).
func fullUser(u *User) object {
	body := userBody(u)
	id := url.PathEscape(u.UUID)
	links := body["links"].(object)
	links["hooks"] = link(apiURL + "/workspaces/" + id + "/hooks")
	links["repositories"] = link(apiURL + "/repositories/" + id)
	links["snippets"] = link(apiURL + "/snippets/" + id)
	body["account_status"] = accountStatus(u)
	body["created_on"] = "2020-01-01T00:00:00.000000+00:00"
	body["is_staff"] = false
	body["location"] = nil
	return body
}

// listEmails answers the one address of the caller; the row has the shape that clients of the endpoint share.
func listEmails(x *exchange) (answer, error) {
	var addresses []string
	if x.caller.user != nil {
		addresses = []string{x.caller.user.Email}
	}
	return page(x, listing[string]{rows: addresses, body: func(address string) object {
		return object{
			"type": "email", "email": address, "is_primary": true, "is_confirmed": true,
			"links": object{"self": link(apiURL + "/user/emails/" + url.PathEscape(address))},
		}
	}})
}

// listUserWorkspaces answers the workspaces of the caller, without their names (recorded answer).
func listUserWorkspaces(x *exchange) (answer, error) {
	rows := slices.DeleteFunc(x.w.workspaces.values(), func(ws *workspace) bool { return !x.inside(ws) })
	if wanted := x.r.URL.Query().Get("administrator"); wanted != "" {
		administrator, err := strconv.ParseBool(wanted)
		if err != nil {
			return answer{}, fail(http.StatusBadRequest, "administrator: not a boolean")
		}
		rows = slices.DeleteFunc(rows, func(ws *workspace) bool { return x.administers(ws) != administrator })
	}
	slug := func(ws *workspace) any { return ws.Slug }
	return page(x, listing[*workspace]{
		rows: rows, pagelen: 25,
		fields: map[string]func(*workspace) any{"slug": slug, "workspace.slug": slug},
		body: func(ws *workspace) object {
			return object{
				"type": "workspace_access", "administrator": x.administers(ws),
				"workspace": object{
					"type": "workspace_base", "uuid": ws.UUID, "slug": ws.Slug,
					"links": object{
						"avatar": link(webURL + "/workspaces/" + ws.Slug + "/avatar/"),
						"self":   link(apiURL + "/workspaces/" + ws.Slug),
					},
				},
			}
		},
	})
}

// getUserPermission answers the role of the caller. It knows one role more than the list of members: create-project, which
// the simulator gives to nobody.
func getUserPermission(x *exchange) (answer, error) {
	ws := x.w.workspace(x.params["workspace"])
	if ws == nil || !x.inside(ws) {
		// The specification declares 403 here, not 404.
		return answer{}, fail(http.StatusForbidden, "You do not have access to this workspace.")
	}
	body := object{"type": "workspace_membership", "permission": RoleOwner, "workspace": workspaceRef(ws), "user": teamBody(ws)}
	if u := x.caller.user; u != nil {
		body["user"] = userBody(u)
		body["permission"] = ws.roles.get(u.UUID)
	}
	return ok(body)
}

// getAccount answers one account by {uuid} or Atlassian account id.
func getAccount(x *exchange) (answer, error) {
	u := x.w.user(x.params["id"])
	if u == nil {
		return answer{}, fail(http.StatusNotFound, "%s does not exist or is not a user", x.params["id"])
	}
	return ok(fullUser(u))
}
