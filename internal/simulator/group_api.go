package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// groupRoutes are the endpoints of API 1.0, the only ones that know groups and their members. Which scope opens them is
// disputed: admin:workspace (ConductorOne, BeyondTrust) or the permission scopes (DrFaust92). The simulator asks for both, so
// that whoever is content here has asked for enough.
func groupRoutes() []route {
	const group, members = "/1.0/groups/{workspace}/{group_slug}", "/1.0/groups/{workspace}/{group_slug}/members"
	var routes []route
	for _, endpoint := range []struct {
		method, pattern string
		handle          handler
	}{
		{http.MethodGet, "/1.0/groups", findGroups},
		{http.MethodGet, "/1.0/groups/{workspace}", inGroups(listGroups)},
		{http.MethodPost, "/1.0/groups/{workspace}", inGroups(createGroup)},
		{http.MethodGet, group, onGroup(getGroup)},
		{http.MethodPut, group, onGroup(putGroup)},
		{http.MethodDelete, group, onGroup(deleteGroup)},
		{http.MethodGet, members, onGroup(listGroupMembers)},
		{http.MethodPut, members + "/{user_id}", onGroup(putGroupMember)},
		{http.MethodDelete, members + "/{user_id}", onGroup(deleteGroupMember)},
	} {
		added := route{method: endpoint.method, pattern: endpoint.pattern, handle: endpoint.handle}
		added.api, added.classic = []string{"admin:workspace:bitbucket", "write:permission:bitbucket"}, []string{"account:write"}
		if endpoint.method == http.MethodGet {
			added.api, added.classic = []string{"admin:workspace:bitbucket", "read:permission:bitbucket"}, []string{"account"}
		}
		routes = append(routes, added)
	}
	return routes
}

// inGroups finds the workspace of the path and lets only its administrators pass (dexidp/dex#1977). Errors of 1.0 are plain
// text or empty (DrFaust92#235).
func inGroups(handle func(*exchange, *workspace) (answer, error)) handler {
	return func(x *exchange) (answer, error) {
		ws := x.w.workspace(x.params["workspace"])
		reads := x.r.Method == http.MethodGet
		switch {
		case ws == nil || !x.inside(ws):
			return answer{}, failText(http.StatusNotFound, "Not Found")
		case x.params["workspace"] != ws.Slug && reads:
			// quirk: DrFaust92#258, the UUID of a workspace gets 403 and 405 where the slug works.
			return answer{}, failText(http.StatusForbidden, "")
		case x.params["workspace"] != ws.Slug, ws.OrganizationManaged && !reads:
			// Groups of such workspaces are read-only here since 2025-09-19 (announcement of the remaining 1.0 endpoints);
			// the body is empty (DrFaust92#235).
			return answer{}, failText(http.StatusMethodNotAllowed, "")
		case !x.administers(ws):
			return answer{}, failText(http.StatusForbidden, "Forbidden")
		}
		return handle(x, ws)
	}
}

// onGroup finds the group of the path; slugs are case-sensitive.
func onGroup(handle func(*exchange, *workspace, *group) (answer, error)) handler {
	return inGroups(func(x *exchange, ws *workspace) (answer, error) {
		g := ws.groups.get(x.params["group_slug"])
		if g == nil {
			return answer{}, failText(http.StatusNotFound, "Not Found")
		}
		return handle(x, ws, g)
	})
}

// findGroups answers the groups that the caller names and may see; a wrong slug is no error, it just finds nothing.
func findGroups(x *exchange) (answer, error) {
	found := []any{}
	for _, name := range x.r.URL.Query()["group"] {
		owner, slug, _ := strings.Cut(name, "/")
		ws := x.w.workspace(owner)
		if ws != nil && x.administers(ws) && ws.groups.has(slug) {
			found = append(found, groupBody(x.w, ws, ws.groups.get(slug)))
		}
	}
	return ok(found)
}

// listGroups answers all groups with their members in one bare array.
func listGroups(x *exchange, ws *workspace) (answer, error) {
	all := make([]any, 0, len(ws.groups.keys))
	for _, g := range ws.groups.all() {
		all = append(all, groupBody(x.w, ws, g))
	}
	return ok(all)
}

func getGroup(x *exchange, ws *workspace, g *group) (answer, error) { return ok(groupBody(x.w, ws, g)) }

// createGroup makes a group from a form. What a second group of the same name gets is not documented; the simulator says 400.
func createGroup(x *exchange, ws *workspace) (answer, error) {
	form, err := url.ParseQuery(string(x.body))
	if err != nil || form.Get("name") == "" {
		return answer{}, failText(http.StatusBadRequest, "name is required")
	}
	g, err := ws.addGroup(Group{Name: form.Get("name")})
	if err != nil {
		return answer{}, failText(http.StatusBadRequest, text(err.Error()))
	}
	return ok(groupBody(x.w, ws, g))
}

// putGroup changes what the body names. Another name makes another slug.
func putGroup(x *exchange, ws *workspace, g *group) (answer, error) {
	f, err := x.form()
	if err != nil {
		return answer{}, failText(http.StatusBadRequest, "invalid JSON")
	}
	to := g.Group
	if value, sent := f.keys["permission"]; sent && value == nil {
		to.Permission = ""
	}
	f.text("name", &to.Name)
	f.text("permission", &to.Permission)
	f.flag("auto_add", &to.AutoAdd)
	f.flag("email_forwarding_disabled", &to.EmailForwardingDisabled)
	if f.err != nil || to.Permission != "" && !slices.Contains(repositoryLevels, to.Permission) {
		return answer{}, failText(http.StatusBadRequest, "invalid group")
	}
	if to.Name != g.Name {
		if err := ws.renameGroup(g, to.Name); err != nil {
			return answer{}, failText(http.StatusBadRequest, text(err.Error()))
		}
	}
	to.Slug = g.Slug
	g.Group = to
	return ok(groupBody(x.w, ws, g))
}

func deleteGroup(_ *exchange, ws *workspace, g *group) (answer, error) {
	ws.removeGroup(g.Slug)
	return noContent()
}

func listGroupMembers(x *exchange, _ *workspace, g *group) (answer, error) {
	return ok(groupMembers(x.w, g))
}

// putGroupMember adds a person who is in the workspace already; nothing in this API invites anyone. What an outsider gets is
// not documented; the simulator says 404. The body is {} or nothing at all (DrFaust92 sends none).
func putGroupMember(x *exchange, ws *workspace, g *group) (answer, error) {
	u := x.w.user(x.params["user_id"])
	if u == nil || !ws.roles.has(u.UUID) {
		return answer{}, failText(http.StatusNotFound, "User not found")
	}
	if body := strings.TrimSpace(string(x.body)); body != "" && !strings.HasPrefix(body, "{") {
		return answer{}, failText(http.StatusBadRequest, "invalid JSON")
	}
	if g.members.has(u.UUID) && x.s.options.MemberConflict {
		return answer{}, failText(http.StatusConflict, "User is already a member of the group")
	}
	g.members.set(u.UUID, struct{}{})
	return ok(groupMember(u))
}

func deleteGroupMember(x *exchange, _ *workspace, g *group) (answer, error) {
	u := x.w.user(x.params["user_id"])
	if u == nil || !g.members.remove(u.UUID) {
		return answer{}, failText(http.StatusNotFound, "User not found")
	}
	return noContent()
}

// groupBody is a group as 1.0 shows it (Bitbucket documentation: groups endpoint).
func groupBody(w *world, ws *workspace, g *group) object {
	body := object{
		"name": g.Name, "slug": g.Slug, "permission": nil, "auto_add": g.AutoAdd,
		"email_forwarding_disabled": g.EmailForwardingDisabled, "members": groupMembers(w, g),
		"owner": ownerBody(ws),
	}
	if g.Permission != "" {
		body["permission"] = g.Permission
	}
	return body
}

// ownerBody is the account behind a workspace as 1.0 shows it.
func ownerBody(ws *workspace) object {
	return object{
		"display_name": ws.Name, "uuid": ws.UUID, "is_team": true, "nickname": ws.Slug,
		"avatar": webURL + "/workspaces/" + ws.Slug + "/avatar/", "resource_uri": "/1.0/users/" + ws.Slug,
	}
}

func groupMembers(w *world, g *group) []any {
	members := make([]any, 0, len(g.members.keys))
	for uuid := range g.members.all() {
		members = append(members, groupMember(w.users.get(uuid)))
	}
	return members
}

// groupMember is a person as 1.0 shows one. is_active appears only where it says something: not all rows carry it.
func groupMember(u *User) object {
	member := object{
		"display_name": u.DisplayName, "account_id": u.AccountID, "uuid": u.UUID, "nickname": u.Nickname, "is_team": false,
		"is_staff": false, "avatar": "https://secure.gravatar.com/avatar/" + u.UUID[1:9],
		"resource_uri": "/1.0/users/" + u.Nickname,
	}
	if u.Inactive {
		member["is_active"] = false
	}
	return member
}
