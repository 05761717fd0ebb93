package simulator

import (
	"net/http"
	"slices"
	"strings"
)

// canonicalRoles are the roles that a search may name (specification).
var canonicalRoles = []string{
	"atlassian/user", "atlassian/admin", "atlassian/guest", "atlassian/customer", "atlassian/user-access-admin",
	"atlassian/contributor", "atlassian/basic", "atlassian/stakeholder", "atlassian/org-admin", "atlassian/site-admin",
	"atlassian/ai-access", "atlassian/viewer",
}

// groupSearch are the rules of the search for groups (specification).
var groupSearch = search{
	criteria: map[string]criterion{
		"groupNames": {most: 100}, "groupIds": {most: 10}, "searchTerm": {}, "accountIds": {most: 10}, "resourceIds": {most: 20},
		"resourceOwners": {most: 10}, "roleIds": {most: 10, values: canonicalRoles}, "directoryIds": {most: 10},
		"expand": {most: 2, values: []string{"counts.users", "counts.resources"}},
	},
	exclusive: [][2]string{{"groupNames", "searchTerm"}, {"groupNames", "groupIds"}},
	sortable:  "name", fallback: 20, most: 100,
}

// groupList are the rules of the deprecated list: it knows no names and always counts.
var groupList = search{
	criteria: map[string]criterion{
		"groupIds": {most: 10}, "searchTerm": {}, "accountIds": {most: 10}, "resourceIds": {most: 20}, "resourceOwners": {most: 10},
		"roleIds": {most: 10, values: canonicalRoles}, "directoryIds": {most: 10},
	},
	fallback: 20, most: 100,
}

// searchGroups answers the groups of one directory or of all that match everything that is asked, by the search or by the
// deprecated list, which is served until 2027-06-30.
func searchGroups(x *exchange, o *organization, d *Directory) (answer, error) {
	rules := groupSearch
	if x.r.Method == http.MethodGet {
		rules = groupList
	}
	wanted, err := x.want(rules)
	if err != nil {
		return answer{}, err
	}
	rows := slices.DeleteFunc(o.groups.values(), func(g *orgGroup) bool {
		return d != nil && g.Directory != d.ID || !x.matchesGroup(wanted, g)
	})
	if wanted.sorted {
		sortByName(rows, wanted.descending, func(g *orgGroup) string { return g.Name })
	}
	return pageOf(x, wanted, rows, func(g *orgGroup) object {
		row, counts := groupRow(g), object{}
		if wanted.expands("counts.users") || x.r.Method == http.MethodGet {
			counts["users"] = len(g.members.keys)
		}
		if wanted.expands("counts.resources") || x.r.Method == http.MethodGet {
			counts["resources"] = len(g.roles.keys)
		}
		if len(counts) > 0 {
			row["counts"] = counts
		}
		return row
	})
}

// sortByName sorts rows by a name, whose case does not matter.
func sortByName[T any](rows []T, descending bool, name func(T) string) {
	slices.SortStableFunc(rows, func(a, b T) int {
		if descending {
			a, b = b, a
		}
		return strings.Compare(strings.ToLower(name(a)), strings.ToLower(name(b)))
	})
}

// matchesGroup tells whether a group is everything that is asked.
func (x *exchange) matchesGroup(wanted listRequest, g *orgGroup) bool {
	names := wanted.texts("groupNames")
	named := names == nil || slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, g.Name) })
	return named && wanted.picks("groupIds", g.ID) && wanted.picks("directoryIds", g.Directory) &&
		contains(g.Name, wanted.text("searchTerm")) && wanted.picks("accountIds", x.accountIDs(g.members.keys)...) &&
		wanted.picksRoles(&g.roles)
}

// accountIDs are the Atlassian account ids of people.
func (x *exchange) accountIDs(users []string) []string {
	ids := make([]string, len(users))
	for i, user := range users {
		ids[i] = x.w.users.get(user).AccountID
	}
	return ids
}

// ownerOf is the product that a resource belongs to, bitbucket for example.
func ownerOf(resource string) string {
	parts := strings.Split(resource, ":")
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

// picksRoles tells whether there is a role that is everything that is asked about roles.
func (w listRequest) picksRoles(held *roles) bool {
	if w.texts("resourceIds") == nil && w.texts("resourceOwners") == nil && w.texts("roleIds") == nil {
		return true
	}
	for resource, roles := range held.all() {
		if w.picks("resourceIds", resource) && w.picks("resourceOwners", ownerOf(resource)) && w.picks("roleIds", roles...) {
			return true
		}
	}
	return false
}

// groupRow is a group as the organization API shows it. That a default group cannot be deleted and a synced one neither deleted nor
// modified is what managementAccess is for (License Leash, live).
func groupRow(g *orgGroup) object {
	managedBy := "admins"
	if g.ExternallySynced {
		managedBy = "external"
	}
	return object{
		"id": g.ID, "name": g.Name, "description": g.Description, "directoryId": g.Directory, "externalSynced": g.ExternallySynced,
		"managedBy": managedBy, "links": object{"self": continuation{List: "group", Asked: object{"id": g.ID}}.token()},
		"managementAccess": object{"deletable": !g.ExternallySynced && !g.Default, "modifiable": !g.ExternallySynced, "readable": true},
	}
}

func getOrganizationGroup(_ *exchange, _ *organization, g *orgGroup) (answer, error) {
	row := groupRow(g)
	row["counts"] = object{"users": len(g.members.keys), "resources": len(g.roles.keys)}
	return ok(object{"data": row})
}

// createOrganizationGroup answers 201 without a body: the id has to be searched for.
func createOrganizationGroup(x *exchange, o *organization, d *Directory) (answer, error) {
	f, to := x.adminForm("name", "description"), OrganizationGroup{Directory: d.ID}
	to.Name = f.required("name")
	f.text("description", &to.Description)
	if err := f.wrong(); err != nil {
		return answer{}, err
	}
	if o.groupNamed(d.ID, to.Name) != nil {
		return answer{}, failDetail("ADMIN-409-28", "A group with this name already exists.")
	}
	if _, err := o.addGroup(to); err != nil {
		return answer{}, failDetail("ADMIN-400-24", "%s", err)
	}
	return answer{status: http.StatusCreated}, nil
}

// deleteOrganizationGroup deletes a group. That synced and default groups are refused is what v1 said; v2 only kept the codes.
func deleteOrganizationGroup(_ *exchange, o *organization, g *orgGroup) (answer, error) {
	switch {
	case g.ExternallySynced:
		return answer{}, failAdmin("ADMIN-403-5")
	case g.Default:
		return answer{}, failAdmin("ADMIN-403-6")
	}
	o.groups.remove(g.ID)
	return noContent()
}

// addMembership puts somebody of the group's directory into a group. One status, 409, says two things: that somebody is in the group
// already, and that a resource on which the group has a role has no seat left (specification). The codes are those of v1.
func addMembership(x *exchange, o *organization, g *orgGroup) (answer, error) {
	f := x.adminForm("accountId")
	id := f.required("accountId")
	if err := f.wrong(); err != nil {
		return answer{}, err
	}
	if g.ExternallySynced {
		return answer{}, failAdmin("ADMIN-403-5")
	}
	added, err := x.account(o, id, o.directory(g.Directory))
	if err != nil {
		return answer{}, err
	}
	if g.members.has(added.UUID) {
		return answer{}, failDetail("ADMIN-409-28", "The user is already a member of the group.")
	}
	for resource, held := range g.roles.all() {
		if x.w.full(o, resource, held, added.UUID) {
			return answer{}, failDetail("ADMIN-409-3", "The user limit of %s is reached.", resource)
		}
	}
	g.members.set(added.UUID, struct{}{})
	return noContent()
}

// removeMembership takes somebody out of a group. What it says about somebody who is not in it is not known; a switch decides.
func removeMembership(x *exchange, o *organization, g *orgGroup) (answer, error) {
	if g.ExternallySynced {
		return answer{}, failAdmin("ADMIN-403-5")
	}
	gone, err := x.account(o, x.params["accountId"], o.directory(g.Directory))
	if err != nil {
		return answer{}, err // seen live about a user who was gone already
	}
	if !g.members.remove(gone.UUID) && x.s.options.AbsentMemberNotFound {
		return answer{}, failDetail("ADMIN-404-8", "The user is not a member of the group.")
	}
	return noContent()
}

// full tells whether giving people a role on a resource would take more seats than a workspace has. Suspended people take none.
func (w *world) full(o *organization, resource string, held []string, users ...string) bool {
	ws := w.managed(o, resource)
	if ws == nil || ws.SeatLimit == 0 || roleIn(held) == "" {
		return false
	}
	taken := o.seated(resource)
	before := len(taken)
	for _, user := range users {
		if p := o.people.get(user); p == nil || !p.suspended() {
			taken[user] = true
		}
	}
	return len(taken) > before && len(taken) > ws.SeatLimit
}

// managed finds the workspace behind a resource; nil unless the organization manages it.
func (w *world) managed(o *organization, resource string) *workspace {
	id, found := strings.CutPrefix(resource, workspaceARIPrefix)
	ws := w.workspaceUUIDs["{"+id+"}"]
	if !found || ws == nil || w.organizationOf(ws) == nil || ws.Organization != o.ID {
		return nil
	}
	return ws
}
