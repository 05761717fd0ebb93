package simulator

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Statuses of somebody in an organization.
var (
	statuses           = []string{"active", "suspended", "not_invited", "deactivated", "for_deletion"}
	accountStatuses    = []string{"active", "inactive", "closed"}
	membershipStatuses = []string{"active", "suspended", "no_membership"}
)

// userSearch are the rules of the search for people (specification).
var userSearch = search{
	criteria: map[string]criterion{
		"emails": {most: 100}, "searchTerm": {}, "accountIds": {most: 10}, "groupIds": {most: 10}, "directoryIds": {most: 10},
		"emailDomains": {most: 10}, "resourceIds": {most: 20}, "roleIds": {most: 10, values: canonicalRoles},
		"claimStatus": {values: []string{"managed", "unmanaged"}}, "mfaEnabled": {flag: true},
		"status": {most: 4, values: statuses}, "accountStatus": {most: 3, values: accountStatuses},
		"membershipStatus": {most: 3, values: membershipStatuses},
		"expand":           {most: 4, values: []string{"platformRoles", "counts.resources", "productAccess", "groups"}},
	},
	exclusive: [][2]string{{"emails", "searchTerm"}},
	sortable:  "nick_name", fallback: 50, most: 100,
}

// userList are the rules of the deprecated list: it knows no addresses and expands nothing.
var userList = search{
	criteria: map[string]criterion{
		"searchTerm": {}, "accountIds": {most: 10}, "groupIds": {most: 10}, "directoryIds": {most: 10}, "emailDomains": {most: 10},
		"resourceIds": {most: 20}, "roleIds": {most: 10, values: canonicalRoles},
		"claimStatus": {values: []string{"managed", "unmanaged"}}, "mfaEnabled": {flag: true},
		"status": {most: 4, values: statuses}, "accountStatus": {most: 3, values: accountStatuses},
		"membershipStatus": {most: 3, values: membershipStatuses},
	},
	fallback: 20, most: 100,
}

// searchUsers answers the people that match everything that is asked, by the search or by the deprecated list, which is served until
// 2027-06-30. quirk: the directory of the path restricts nothing ("By default, returns users in all your directories",
// specification of the list); directoryIds does.
func searchUsers(x *exchange, o *organization, _ *Directory) (answer, error) {
	rules := userSearch
	if x.r.Method == http.MethodGet {
		rules = userList
	}
	wanted, err := x.want(rules)
	if err != nil {
		return answer{}, err
	}
	var rows []account
	for user, p := range o.people.all() {
		if found := (account{x.w.users.get(user), p, o, nil}); found.matches(wanted) {
			rows = append(rows, found)
		}
	}
	if wanted.sorted {
		sortByName(rows, wanted.descending, func(a account) string { return a.Nickname })
	}
	return pageOf(x, wanted, rows, func(a account) object {
		row := a.row(x.s.options.HiddenEmails)
		if wanted.expands("counts.resources") {
			row["counts"] = object{"resources": len(a.allRoles().keys)}
		}
		if wanted.expands("productAccess") {
			row["productAccess"] = []any{}
		}
		if wanted.expands("groups") {
			row["groups"] = a.groupRows()
		}
		return row
	})
}

// membershipStatus is what the organization lets somebody do: suspended is who is suspended in every directory.
func (p *person) membershipStatus() string {
	if p.suspended() {
		return "suspended"
	}
	return "active"
}

// status is composed of the statuses of account and membership (specification).
func (a account) status() string {
	if a.Inactive {
		return "deactivated"
	}
	return a.membershipStatus()
}

// rolesByGroup are the roles that somebody has through groups.
func (a account) rolesByGroup() *roles {
	byGroup := &roles{}
	for g := range a.organization.groupsOf(a.UUID) {
		byGroup.giveAll(&g.roles)
	}
	return byGroup
}

// allRoles are the roles of somebody, directly and through groups.
func (a account) allRoles() *roles {
	all := a.roles.clone()
	all.giveAll(a.rolesByGroup())
	return &all
}

// matches tells whether somebody is everything that is asked. Suspended and invited people are listed like all others, and nobody's
// account is managed or protected by a second factor.
func (a account) matches(wanted listRequest) bool {
	var groups []string
	for g := range a.organization.groupsOf(a.UUID) {
		groups = append(groups, g.ID)
	}
	_, domain, _ := strings.Cut(a.Email, "@")
	emails, term, mfa := wanted.texts("emails"), wanted.text("searchTerm"), wanted.asked["mfaEnabled"]
	addressed := emails == nil || slices.ContainsFunc(emails, func(email string) bool { return strings.EqualFold(email, a.Email) })
	return addressed && (contains(a.DisplayName, term) || contains(a.Nickname, term) || contains(a.Email, term)) &&
		wanted.picks("accountIds", a.AccountID) && wanted.picks("groupIds", groups...) &&
		wanted.picks("directoryIds", a.directories.keys...) && wanted.picks("emailDomains", domain, "@"+domain) &&
		wanted.picks("status", a.status()) && wanted.picks("accountStatus", accountStatus(a.User)) &&
		wanted.picks("membershipStatus", a.membershipStatus()) && wanted.text("claimStatus") != "managed" && mfa != true &&
		wanted.picksRoles(a.allRoles())
}

// row is somebody as the organization API shows people. Department, organization, location and time zone came as null,
// deactivatedOn and forDeletion came although the specification lacks them (jira.js, live).
func (a account) row(hideEmail bool) object {
	picture := "https://secure.gravatar.com/avatar/" + a.UUID[1:9]
	row := object{
		"accountId": a.AccountID, "accountType": "atlassian", "status": a.status(), "accountStatus": accountStatus(a.User),
		"membershipStatus": a.membershipStatus(), "addedToOrg": a.organization.created.UTC().Format(time.RFC3339), "name": a.DisplayName,
		"nickname": a.Nickname, "email": a.Email, "emailVerified": !a.Invited, "claimStatus": "unmanaged", "platformRoles": []any{},
		"picture": picture, "avatar": picture, "managementSource": "invited", "mfaEnabled": false, "jobTitle": "", "department": nil,
		"organization": nil, "location": nil, "timeZone": nil, "deactivatedOn": nil, "forDeletion": false,
		"links": object{"self": continuation{List: "user", Asked: object{"id": a.AccountID}}.token()},
	}
	if hideEmail {
		// One older tool met rows without an address, so that clients cannot count on it.
		delete(row, "email")
	}
	return row
}

// groupRows are the groups of somebody; their ids are ARIs, as in the specification's example.
func (a account) groupRows() []any {
	rows := []any{}
	for g := range a.organization.groupsOf(a.UUID) {
		rows = append(rows, object{"id": "ari:cloud:identity::group/" + g.ID, "name": g.Name, "description": g.Description})
	}
	return rows
}

func getPerson(x *exchange, of account) (answer, error) {
	row := of.row(x.s.options.HiddenEmails)
	delete(row, "links")
	row["counts"] = object{"resources": len(of.allRoles().keys)}
	return ok(object{"data": row})
}

// deletePerson takes somebody out of a directory: roles and groups are lost, and it takes an invitation to come back.
func deletePerson(_ *exchange, of account) (answer, error) {
	of.organization.drop(of.UUID, of.directory.ID)
	return noContent()
}

// suspendPerson suspends access in a directory; roles and groups rest until it is restored.
func suspendPerson(_ *exchange, of account) (answer, error) {
	of.directories.set(of.directory.ID, true)
	return noContent()
}

// restorePerson restores access in a directory with the roles and groups from before.
func restorePerson(_ *exchange, of account) (answer, error) {
	of.directories.set(of.directory.ID, false)
	return noContent()
}
