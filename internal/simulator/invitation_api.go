package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// invitationRoutes are the invitations of API 1.0, the only ones that Bitbucket itself knows. The scopes of the ones into a
// workspace are nowhere documented; the simulator asks for those of groups.
func invitationRoutes() []route {
	const ofWorkspace = "/1.0/users/{workspace}/invitations"
	read, write := []string{"admin:workspace:bitbucket", "read:permission:bitbucket"}, []string{"admin:workspace:bitbucket", "write:permission:bitbucket"}
	account := []string{"account:write"}
	return []route{
		{method: http.MethodGet, pattern: ofWorkspace, api: read, classic: []string{"account"}, handle: inInvitations(listInvitations)},
		{method: http.MethodPut, pattern: ofWorkspace, api: write, classic: account, handle: inInvitations(putInvitation)},
		{method: http.MethodDelete, pattern: ofWorkspace, api: write, classic: account, handle: inInvitations(deleteInvitation)},
		{
			method: http.MethodPost, pattern: "/1.0/invitations/{workspace}/{repo_slug}",
			api:     []string{"admin:repository:bitbucket", "write:permission:bitbucket"},
			classic: []string{"repository:admin"}, handle: inviteToRepository,
		},
	}
}

// inInvitations is inGroups for invitations, which are disabled altogether where an organization manages the workspace
// (announcement of the remaining 1.0 endpoints, 2025-09-19).
func inInvitations(handle func(*exchange, *workspace) (answer, error)) handler {
	return inGroups(func(x *exchange, ws *workspace) (answer, error) {
		if ws.OrganizationManaged {
			return answer{}, failText(http.StatusMethodNotAllowed, "")
		}
		return handle(x, ws)
	})
}

// listInvitations answers the pending invitations into groups in one bare array. Those onto repositories are not listed.
func listInvitations(x *exchange, ws *workspace) (answer, error) {
	all := []any{}
	for _, i := range ws.invitations {
		if i.Repository == "" {
			all = append(all, invitationBody(x.w, ws, i))
		}
	}
	return ok(all)
}

// invitee is the body of the writes on invitations.
type invitee struct {
	Email     string `json:"email"`
	GroupSlug string `json:"group_slug"`
}

// invitee reads the body of a write. An address that is none is 400.
func (x *exchange) invitee() (invitee, error) {
	var read invitee
	if err := json.Unmarshal(x.body, &read); err != nil {
		return read, failText(http.StatusBadRequest, "invalid JSON")
	}
	if !isAddress(read.Email) {
		return read, failText(http.StatusBadRequest, "Invalid email address")
	}
	return read, nil
}

// putInvitation invites an address into a group, and into one more when it is invited already. What an address of a member gets
// is not documented; the simulator puts the member into the group at once.
func putInvitation(x *exchange, ws *workspace) (answer, error) {
	wanted, err := x.invitee()
	if err != nil {
		return answer{}, err
	}
	g := ws.groups.get(wanted.GroupSlug)
	if g == nil {
		return answer{}, failText(http.StatusNotFound, "Group not found")
	}
	pending := &invitation{Invitation: Invitation{Workspace: ws.Slug, Email: wanted.Email}, by: x.caller.user, sent: x.s.options.Now()}
	if u := x.w.emails[strings.ToLower(wanted.Email)]; u != nil && ws.roles.has(u.UUID) {
		g.members.set(u.UUID, struct{}{})
		pending.Groups = []string{g.Slug}
		return ok(invitationBody(x.w, ws, pending))
	}
	if known := ws.invited(wanted.Email, ""); known != nil {
		pending = known
	} else {
		ws.invitations = append(ws.invitations, pending)
	}
	if slices.Contains(pending.Groups, g.Slug) {
		return answer{}, failText(http.StatusConflict, "This user has already been invited to the group")
	}
	pending.Groups = append(pending.Groups, g.Slug)
	return ok(invitationBody(x.w, ws, pending))
}

// deleteInvitation withdraws the invitation of an address into one group, or altogether without a group_slug.
func deleteInvitation(x *exchange, ws *workspace) (answer, error) {
	wanted, err := x.invitee()
	if err != nil {
		return answer{}, err
	}
	pending := ws.invited(wanted.Email, "")
	if pending == nil || wanted.GroupSlug != "" && !slices.Contains(pending.Groups, wanted.GroupSlug) {
		return answer{}, failText(http.StatusNotFound, "Invitation not found")
	}
	pending.Groups = slices.DeleteFunc(pending.Groups, func(slug string) bool { return slug == wanted.GroupSlug })
	if wanted.GroupSlug == "" || len(pending.Groups) == 0 {
		ws.withdraw(func(i *invitation) bool { return i == pending })
	}
	return noContent()
}

// inviteToRepository invites an address onto one repository; nothing lists or withdraws such an invitation.
func inviteToRepository(x *exchange) (answer, error) {
	ws := x.w.workspace(x.params["workspace"])
	if ws == nil || !x.inside(ws) {
		return answer{}, failText(http.StatusNotFound, "Not Found")
	}
	if x.params["workspace"] != ws.Slug || ws.OrganizationManaged {
		return answer{}, failText(http.StatusMethodNotAllowed, "")
	}
	r := ws.repositories.get(x.params["repo_slug"])
	if r == nil || !r.Public && x.onRepository(ws, r) == None {
		return answer{}, failText(http.StatusNotFound, "Not Found")
	}
	if x.onRepository(ws, r) != Admin {
		return answer{}, failText(http.StatusForbidden, "Forbidden")
	}
	form, err := url.ParseQuery(string(x.body))
	email, permission := form.Get("email"), form.Get("permission")
	if err != nil || !isAddress(email) {
		return answer{}, failText(http.StatusBadRequest, "Invalid email address")
	}
	if !slices.Contains(repositoryLevels, permission) {
		return answer{}, failText(http.StatusBadRequest, "Invalid permission")
	}
	u := x.w.emails[strings.ToLower(email)]
	if ws.invited(email, r.Slug) != nil || u != nil && r.grants.users.has(u.UUID) {
		return answer{}, failText(http.StatusConflict, "This user has already been invited to the repository")
	}
	pending := &invitation{
		Invitation: Invitation{Workspace: ws.Slug, Email: email, Repository: r.Slug, Permission: permission},
		by:         x.caller.user, sent: x.s.options.Now(),
	}
	ws.invitations = append(ws.invitations, pending)
	return ok(object{
		"sent_on": pending.sentOn(), "permission": permission, "invited_by": pending.sender(ws), "email": email,
		"repository": object{
			"name": r.Name, "slug": r.Slug, "owner": ws.Slug, "is_private": !r.Public, "scm": "git", "description": r.Description,
			"resource_uri": "/1.0/repositories/" + ws.Slug + "/" + r.Slug,
		},
	})
}

// sentOn is when the invitation was sent, in the form of 1.0 (Bitbucket documentation: invitations resource).
func (i *invitation) sentOn() string { return i.sent.UTC().Format("2006-01-02 15:04:05-07:00") }

// sender is whoever sent the invitation.
func (i *invitation) sender(ws *workspace) object {
	if i.by == nil {
		return ownerBody(ws)
	}
	return groupMember(i.by)
}

// invitationBody is an invitation into groups as 1.0 shows it; the groups come without their members.
func invitationBody(w *world, ws *workspace, i *invitation) object {
	groups := []any{}
	for _, slug := range i.Groups {
		if g := ws.groups.get(slug); g != nil {
			body := groupBody(w, ws, g)
			delete(body, "members")
			groups = append(groups, body)
		}
	}
	return object{"email": i.Email, "groups": groups, "invited_by": i.sender(ws), "utc_sent_on": i.sentOn()}
}
