package simulator

import (
	"net/http"
	"strings"
)

// Scopes of the keys of an organization, as documented for reads; the ones for writes were withdrawn in July 2026.
const (
	scopeOrgs         = "read:orgs:admin"
	scopeDirectories  = "read:directories:admin"
	scopeGroups       = "read:groups:admin"
	scopeWorkspaces   = "read:workspaces:admin"
	scopeWriteGroups  = "write:groups:admin"
	scopeDeleteGroups = "delete:groups:admin"
	scopeManage       = "manage:org" // not selectable, so that only a key without scopes has it
)

// atlassianRoutes are the endpoints of the organization API. The searches name no scope; the simulator asks for the ones of the
// lists that they replace.
func atlassianRoutes(opts Options) []route {
	const organization = "/admin/v2/orgs/{orgId}"
	const directory = organization + "/directories/{directoryId}"
	const groups, users = directory + "/groups", directory + "/users"
	const group, user = groups + "/{groupId}", users + "/{accountId}"
	get, post, remove := http.MethodGet, http.MethodPost, http.MethodDelete
	var routes []route
	for _, endpoint := range []struct {
		method, pattern, scope string
		handle                 handler
	}{
		{get, "/admin/v1/orgs", "", listOrganizations},
		{get, "/admin/v1/orgs/{orgId}", scopeOrgs, inOrganization(getOrganization)},
		{get, organization + "/directories", scopeDirectories, inOrganization(listDirectories)},
		{post, groups + "/search", scopeGroups, inDirectory(searchGroups)},
		{get, groups, scopeGroups, inDirectory(searchGroups)},
		{post, groups, scopeWriteGroups, inDirectory(createOrganizationGroup)},
		{get, group, scopeGroups, onOrganizationGroup(getOrganizationGroup)},
		{remove, group, scopeDeleteGroups, onOrganizationGroup(deleteOrganizationGroup)},
		{post, group + "/memberships", scopeWriteGroups, onOrganizationGroup(addMembership)},
		{remove, group + "/memberships/{accountId}", scopeDeleteGroups, onOrganizationGroup(removeMembership)},
		{get, group + "/role-assignments", scopeGroups, onOrganizationGroup(listGroupRoles)},
		{post, group + "/role-assignments/assign", scopeWriteGroups, onOrganizationGroup(assignGroupRole)},
		{post, group + "/role-assignments/revoke", scopeWriteGroups, onOrganizationGroup(revokeGroupRole)},
		{post, users + "/search", scopeDirectories, inDirectory(searchUsers)},
		{get, users, scopeDirectories, inDirectory(searchUsers)},
		{get, user, scopeDirectories, onAccount(getPerson)},
		{remove, user, scopeManage, onAccount(deletePerson)},
		{get, user + "/role-assignments", scopeDirectories, onAccount(listPersonRoles)},
		{post, user + "/suspend", scopeManage, onAccount(suspendPerson)},
		{post, user + "/restore", scopeManage, onAccount(restorePerson)},
		{post, organization + "/users/invite", scopeManage, inOrganization(inviteUsers)},
		{post, organization + "/workspaces", scopeWorkspaces, inOrganization(searchWorkspaces)},
	} {
		added := route{method: endpoint.method, pattern: endpoint.pattern, handle: endpoint.handle}
		added.bareErrors = strings.HasSuffix(endpoint.pattern, "/workspaces")
		added.reads = added.bareErrors || strings.HasSuffix(endpoint.pattern, "/search")
		if endpoint.scope != "" {
			added.key = []string{endpoint.scope}
		}
		routes = append(routes, added)
	}
	if opts.RemovedV1Gone {
		routes = append(routes, removedAdminRoutes()...)
	}
	return routes
}

// removedAdminRoutes answer 410: the calls of v1 that ended on 2026-06-30.
func removedAdminRoutes() []route {
	const organization = "/admin/v1/orgs/{orgId}"
	const group, user = organization + "/directory/groups/{groupId}", organization + "/directory/users/{accountId}"
	var routes []route
	for _, removed := range []struct{ method, pattern string }{
		{http.MethodPost, organization + "/groups/search"},
		{http.MethodPost, organization + "/users/search"},
		{http.MethodPost, organization + "/users/invite"},
		{http.MethodPost, organization + "/directory/groups"},
		{http.MethodDelete, group},
		{http.MethodPost, group + "/memberships"},
		{http.MethodDelete, group + "/memberships/{accountId}"},
		{http.MethodPost, group + "/roles/assign"},
		{http.MethodPost, group + "/roles/revoke"},
		{http.MethodPost, user + "/suspend-access"},
		{http.MethodPost, user + "/restore-access"},
		{http.MethodDelete, user},
	} {
		routes = append(routes, route{method: removed.method, pattern: removed.pattern, reads: true, handle: func(*exchange) (answer, error) {
			return answer{}, failGateway(http.StatusGone, "This API has been removed.")
		}})
	}
	return routes
}

// inOrganization finds the organization of the path, which is the key's.
func inOrganization(handle func(*exchange, *organization) (answer, error)) handler {
	return func(x *exchange) (answer, error) {
		o := x.w.organizations.get(x.params["orgId"])
		if o == nil {
			return answer{}, failAdmin("ADMIN-404-2") // not visible yet
		}
		return handle(x, o)
	}
}

// everywhere stands for all directories in the path of a read. Writes describe a concrete one; what they do with it is not known,
// the simulator says 404.
const everywhere = "-"

// inDirectory finds the directory of the path; nil is every directory.
func inDirectory(handle func(*exchange, *organization, *Directory) (answer, error)) handler {
	return inOrganization(func(x *exchange, o *organization) (answer, error) {
		id := x.params["directoryId"]
		if id == everywhere && x.onlyReads() {
			return handle(x, o, nil)
		}
		d := o.directory(id)
		if d == nil {
			return answer{}, failDetail("ADMIN-404-1", "Directory %s not found", id)
		}
		return handle(x, o, d)
	})
}

// onOrganizationGroup finds the group of the path.
func onOrganizationGroup(handle func(*exchange, *organization, *orgGroup) (answer, error)) handler {
	return inDirectory(func(x *exchange, o *organization, d *Directory) (answer, error) {
		g := o.groups.get(x.params["groupId"])
		if g == nil || d != nil && g.Directory != d.ID {
			return answer{}, failAdmin("ADMIN-404-10")
		}
		return handle(x, o, g)
	})
}

// account is somebody in the organization of a request.
type account struct {
	*User
	*person

	organization *organization
	directory    *Directory // of the path; nil is every directory
}

// onAccount finds the person of the path, who must be in the directory.
func onAccount(handle func(*exchange, account) (answer, error)) handler {
	return inDirectory(func(x *exchange, o *organization, d *Directory) (answer, error) {
		found, err := x.account(o, x.params["accountId"], d)
		if err != nil {
			return answer{}, err
		}
		return handle(x, found)
	})
}

// account finds somebody by account id in a directory, nil being every directory.
func (x *exchange) account(o *organization, id string, d *Directory) (account, error) {
	u := x.w.accounts[id]
	if u == nil {
		return account{}, failAdmin("ADMIN-404-8")
	}
	p := o.people.get(u.UUID)
	if p == nil || d != nil && !p.directories.has(d.ID) {
		return account{}, failAdmin("ADMIN-404-8")
	}
	return account{u, p, o, d}, nil
}
