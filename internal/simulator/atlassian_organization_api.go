package simulator

import (
	"slices"
	"strings"
)

// adminURL is where the links of the v1 lists point.
const adminURL = "https://api.atlassian.com/admin/v1/orgs"

// listOrganizations answers the organization of the key, and nothing to a key with scopes (jira.js, live).
func listOrganizations(x *exchange) (answer, error) {
	if x.r.URL.Query().Get("cursor") != "" {
		return answer{}, failAdmin("ADMIN-400-1") // there is never a second page
	}
	data := []any{}
	if o := x.w.organizations.get(x.caller.organization); o != nil && len(x.caller.scopes) == 0 {
		data = append(data, organizationBody(o))
	}
	return ok(object{"data": data, "links": object{"self": adminURL}})
}

func getOrganization(_ *exchange, o *organization) (answer, error) {
	return ok(object{"data": organizationBody(o)})
}

// organizationBody is an organization as v1 shows it.
func organizationBody(o *organization) object {
	self := adminURL + "/" + o.ID
	related := func(name string) object { return object{"links": object{"related": self + "/" + name}} }
	return object{
		"id": o.ID, "type": "orgs", "attributes": object{"name": o.Name}, "links": object{"self": self},
		"relationships": object{"users": related("users"), "domains": related("domains")},
	}
}

// directoryList are the rules of the list of directories.
var directoryList = search{
	criteria: map[string]criterion{"accountId": {}, "directoryIds": {most: 10}, "searchTerm": {}}, fallback: 20, most: 100,
}

func listDirectories(x *exchange, o *organization) (answer, error) {
	wanted, err := x.want(directoryList)
	if err != nil {
		return answer{}, err
	}
	rows := slices.DeleteFunc(slices.Clone(o.Directories), func(d Directory) bool {
		if id := wanted.text("accountId"); id != "" {
			if _, err := x.account(o, id, &d); err != nil {
				return true
			}
		}
		return !wanted.picks("directoryIds", d.ID) || !contains(d.Name, wanted.text("searchTerm"))
	})
	return pageOf(x, wanted, rows, func(d Directory) object {
		return object{"directoryId": d.ID, "name": d.Name, "icon": "https://admin.atlassian.com/icons/directory.png"}
	})
}

// contains tells whether a term stands anywhere in a text; case does not matter.
func contains(text, term string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(term))
}
