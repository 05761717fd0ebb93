package simulator

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// mostEmails is how many addresses one query may name (specification).
const mostEmails = 90

// memberRoutes are the endpoints about a workspace and its people.
func memberRoutes() []route {
	read, account := []string{"read:workspace:bitbucket"}, []string{"account"}
	return []route{
		{method: http.MethodGet, pattern: "/2.0/workspaces/{workspace}", api: read, handle: getWorkspace},
		{method: http.MethodGet, pattern: "/2.0/workspaces/{workspace}/members", api: read, classic: account, handle: listMembers},
		{
			method: http.MethodGet, pattern: "/2.0/workspaces/{workspace}/members/{member}",
			api: read, classic: account, handle: getMember,
		},
		{
			method: http.MethodGet, pattern: "/2.0/workspaces/{workspace}/permissions",
			api: read, classic: account, handle: listMemberPermissions,
		},
		{
			method: http.MethodGet, pattern: "/2.0/workspaces/{workspace}/permissions/repositories",
			api: []string{"read:repository:bitbucket"}, classic: account, handle: listEffectiveInWorkspace,
		},
		{
			method: http.MethodGet, pattern: "/2.0/workspaces/{workspace}/permissions/repositories/{repo_slug}",
			api: []string{"read:repository:bitbucket"}, classic: []string{"repository"}, handle: listEffectiveOnRepository,
		},
	}
}

func getWorkspace(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	return ok(workspaceBody(ws))
}

// membership is a person in a workspace. It shows the e-mail address only to those who named it in q.
func membership(ws *workspace, u *User, revealed bool) object {
	user := userBody(u)
	// Partial responses can add what the row does not carry by itself.
	user["account_status"] = hidden{accountStatus(u)}
	if revealed {
		user["email"] = hidden{u.Email}
	}
	return object{
		"type": "workspace_membership", "user": user, "workspace": workspaceRef(ws),
		"links": object{"self": link(apiURL + "/workspaces/" + ws.Slug + "/members/" + url.PathEscape(u.UUID))},
	}
}

// members returns the people of a workspace in the order in which they joined.
func (x *exchange) members(ws *workspace) []*User {
	people := make([]*User, 0, len(ws.roles.keys))
	for uuid := range ws.roles.all() {
		people = append(people, x.w.users.get(uuid))
	}
	return people
}

// listMembers answers the members, whom an administrator may look up by e-mail address.
func listMembers(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	fields := map[string]func(*User) any{
		"user.email": func(u *User) any { return address(u.Email) },
		"permission": func(u *User) any { return ws.roles.get(u.UUID) },
	}
	addresses, err := x.emailsAsked(ws, slices.Collect(maps.Keys(fields)))
	if err != nil {
		return answer{}, err
	}
	return page(x, listing[*User]{rows: x.members(ws), fields: fields, body: func(u *User) object {
		return membership(ws, u, slices.Contains(addresses, strings.ToLower(u.Email)))
	}})
}

// emailsAsked returns the addresses that q names and refuses too many of them, and callers who may not ask.
func (x *exchange) emailsAsked(ws *workspace, fields []string) ([]string, error) {
	q := x.r.URL.Query().Get("q")
	if q == "" {
		return nil, nil
	}
	parsed, err := parseQuery(q, fields)
	if err != nil {
		return nil, fail(http.StatusBadRequest, "Invalid query: %s", err)
	}
	var addresses []string
	for _, c := range parsed.comparisons {
		if c.field != "user.email" {
			continue
		}
		if c.operator != "IN" && c.operator != "=" {
			return nil, fail(http.StatusBadRequest, "Invalid query: user.email supports only = and IN")
		}
		for _, literal := range c.literals {
			addresses = append(addresses, strings.ToLower(literal.text))
		}
	}
	switch {
	case len(addresses) > mostEmails:
		return nil, fail(http.StatusBadRequest, "Cannot query more than %d emails at a time", mostEmails)
	case len(addresses) > 0 && !x.administers(ws):
		return nil, fail(http.StatusForbidden, "Forbidden")
	}
	return addresses, nil
}

// getMember answers one member; a person who is not in the workspace is 404, like one who does not exist.
func getMember(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	u := x.w.user(x.params["member"])
	if u == nil || !ws.roles.has(u.UUID) {
		return answer{}, fail(http.StatusNotFound, "%s is not a member of workspace %s", x.params["member"], ws.Slug)
	}
	return ok(membership(ws, u, false))
}

// listMemberPermissions answers every member with the role. last_accessed and added_on are gone from these rows since
// 2026-04-23 where an organization manages the workspace; the simulator never sends them.
func listMemberPermissions(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	return page(x, listing[*User]{
		rows:   x.members(ws),
		fields: map[string]func(*User) any{"permission": func(u *User) any { return ws.roles.get(u.UUID) }},
		body: func(u *User) object {
			row := membership(ws, u, false)
			delete(row, "links")
			row["permission"] = ws.roles.get(u.UUID)
			return row
		},
	})
}
