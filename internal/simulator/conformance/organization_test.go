package conformance_test

import (
	"os"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator/conformance"
)

// Addresses of an organization. The path of the directory is for reads, where "-" stands for all directories.
const (
	org       = "/admin/v2/orgs/6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"
	directory = org + "/directories/-"
	oldOrg    = "/admin/v1/orgs/6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"
	group     = org + "/directories/d1/groups/0804948d-0000-4000-8000-000000000001"
	members   = group + "/memberships"
	grace     = "712020:0804948d-0000-4000-8000-0000000000aa"
	refusal   = `{"errors":[{"id":"1","status":"404","code":"ADMIN-404-10","title":"Group not found","detail":"…"}]}`
)

// organization checks exchanges against the description of organizations.
func organization(t *testing.T, exchanges map[string]exchange) {
	t.Helper()
	checkAll(t, "atlassian-admin", "organization.openapi.json", exchanges)
}

func TestMiddlewareReportsWrongAnswersOfAnOrganization(t *testing.T) {
	t.Parallel()
	const (
		groups   = directory + "/groups/search"
		users    = directory + "/users/search"
		one      = directory + "/users/" + grace
		found    = `{"data":[{"id":"g1","name":"developers","directoryId":"d1","managementAccess":{"modifiable":true},"links":{"self":"s"}}],"links":{"next":"abc"}}`
		nobody   = `{"accountId":"5b10ac8d82e05b22cc7d4ef5","department":null,"organization":null,"location":null,"timeZone":null}`
		strange  = `{"accountId":"5b10ac8d82e05b22cc7d4ef5","deactivatedOn":null,"forDeletion":false}`
		counted  = `{"data":{"id":"g1","counts":{"users":3,"resources":1}}}`
		assigned = `{"data":[{"resourceId":"ari:cloud:bitbucket::workspace/1","userDirectoryStatus":null,"roleAssignments":[]}]}`
		spaces   = `{"data":[{"id":"ari:cloud:bitbucket::workspace/1","attributes":{"typeKey":"bitbucket","status":"online","capacity":5}}],"links":{"next":null}}`
	)
	organization(t, map[string]exchange{
		"a good group search":            {"POST", groups, "", 200, found, false, ""},
		"a page without data":            {"POST", groups, "", 200, `{"links":{}}`, false, "data"},
		"a number for a name":            {"POST", groups, "", 200, `{"data":[{"name":7}]}`, false, "name"},
		"a misspelt key":                 {"POST", groups, "", 200, `{"data":[{"directory_id":"d1"}]}`, false, "directory_id"},
		"null where live has none":       {"POST", groups, "", 200, `{"data":[{"id":null}]}`, false, "not nullable"},
		"the last page":                  {"POST", groups, "", 200, `{"data":[],"links":{"self":"abc","prev":null,"next":null}}`, false, ""},
		"a status not declared":          {"POST", groups, "", 418, `{}`, false, "418"},
		"an empty profile":               {"POST", users, "", 200, `{"data":[` + nobody + `]}`, false, ""},
		"keys that are not described":    {"POST", users, "", 200, `{"data":[` + strange + `]}`, false, ""},
		"a status of a user made up":     {"POST", users, "", 200, `{"data":[{"accountId":"a","membershipStatus":"retired"}]}`, false, "membershipStatus"},
		"a time that is none":            {"POST", users, "", 200, `{"data":[{"productAccess":[{"lastActiveTimestamp":"yesterday"}]}]}`, false, "date-time"},
		"one user":                       {"GET", one, "", 200, `{"data":` + nobody + `}`, false, ""},
		"one user without data":          {"GET", one, "", 200, nobody, false, "accountId"},
		"one user leaves":                {"DELETE", one, "", 204, "", false, ""},
		"one group with counts":          {"GET", group, "", 200, counted, false, ""},
		"roles of a user":                {"GET", one + "/role-assignments", "", 200, assigned, false, ""},
		"workspaces":                     {"POST", org + "/workspaces", "", 200, spaces, false, ""},
		"a refusal of the application":   {"POST", groups, "", 404, refusal, false, ""},
		"a status as a number":           {"POST", groups, "", 404, `{"errors":[{"status":404}]}`, false, "status"},
		"the budget is spent":            {"POST", groups, "", 429, `{"code":429,"message":"Too many requests"}`, false, ""},
		"the budget, undeclared":         {"POST", org + "/workspaces", "", 429, `{"code":429,"message":"Too many requests"}`, false, ""},
		"the budget, made up":            {"POST", groups, "", 429, `{"error":"slow down"}`, false, "error"},
		"an unknown key":                 {"POST", groups, "", 401, `{"code":401,"message":"Unauthorized"}`, false, ""},
		"a scope is missing":             {"GET", oldOrg, "", 403, `{"code":403,"acceptableScopes":["read:orgs:admin"]}`, false, ""},
		"403 in a form made up":          {"GET", oldOrg, "", 403, `{"scopes":["read:orgs:admin"]}`, false, "status is not supported"},
		"a write refused with a body":    {"POST", members, `{"accountId":"a"}`, 409, refusal, false, ""},
		"a write refused without a body": {"POST", members, `{"accountId":"a"}`, 409, "", false, ""},
		"a status no write declares":     {"POST", members, `{"accountId":"a"}`, 201, "", false, "201"},
		"a group made":                   {"POST", org + "/directories/d1/groups", `{"name":"developers"}`, 201, "", false, ""},
		"an endpoint made up":            {"GET", members, "", 200, `{"data":[]}`, false, "no such endpoint"},
		"a call of v1, not there":        {"POST", oldOrg + "/groups/search", `{}`, 404, `{}`, false, ""},
		"a call of v1, gone":             {"POST", oldOrg + "/directory/groups/g1/memberships", `{"account_id":"a"}`, 410, `{}`, false, ""},
		"something else that is gone":    {"POST", org + "/teams", `{}`, 410, `{}`, false, "no such endpoint"},
		"scim is not described":          {"GET", "/scim/directory/d1/Groups", "", 299, `what?`, false, ""},
	})
}

func TestMiddlewareReportsWrongRequestsToAnOrganization(t *testing.T) {
	t.Parallel()
	const (
		groups = directory + "/groups/search"
		users  = directory + "/users/search"
		roles  = group + "/role-assignments/"
		spaces = org + "/workspaces"
		invite = org + "/users/invite"
		page   = `{"data":[]}`
		field  = `{"limit":1000,"query":{"field":{"name":"attributes.type","values":["bitbucket"]}}}`
		person = oldOrg + "/users/" + grace + "/roles/assign"
		admin  = "/users/" + grace + "/role-assignments/assign"
	)
	organization(t, map[string]exchange{
		"groups by name":                {"POST", groups, `{"groupNames":["developers"],"limit":100,"expand":["counts.users"]}`, 200, page, false, ""},
		"groups by a misspelt key":      {"POST", groups, `{"group_names":["developers"]}`, 200, page, false, "group_names"},
		"too many groups":               {"POST", groups, `{"groupIds":["1","2","3","4","5","6","7","8","9","10","11"]}`, 400, refusal, false, "groupIds"},
		"too many, on purpose":          {"POST", groups, `{"limit":101}`, 400, refusal, true, ""},
		"a page too long":               {"POST", groups, `{"limit":101}`, 400, refusal, false, "limit"},
		"no filter at all":              {"POST", groups, `{"groupIds":[]}`, 400, refusal, false, "groupIds"},
		"a field to sort by made up":    {"POST", groups, `{"sortBy":[{"field":"size","direction":"asc"}]}`, 400, refusal, false, "field"},
		"users by group":                {"POST", users, `{"groupIds":["g1"],"limit":100,"cursor":"abc","expand":["groups"]}`, 200, page, false, ""},
		"users by a misspelt key":       {"POST", users, `{"groupIDs":["g1"]}`, 200, page, false, "groupIDs"},
		"an expansion made up":          {"POST", users, `{"expand":["everything"]}`, 400, refusal, false, "expand"},
		"a member":                      {"POST", members, `{"accountId":"` + grace + `"}`, 204, "", false, ""},
		"a member as v1 took it":        {"POST", members, `{"account_id":"a"}`, 400, "", false, "account_id"},
		"a member forgotten":            {"POST", members, "", 400, "", false, "value is required"},
		"a member leaves":               {"DELETE", members + "/" + grace, "", 204, "", false, ""},
		"a group with a misspelt key":   {"POST", org + "/directories/d1/groups", `{"name":"a","desc":"b"}`, 201, "", false, "desc"},
		"a group without a name":        {"POST", org + "/directories/d1/groups", `{"description":"b"}`, 400, "", false, "name"},
		"a role given":                  {"POST", roles + "assign", `{"resourceId":"ari:1","roleId":"atlassian/user"}`, 200, "", false, ""},
		"a role given under v1's keys":  {"POST", roles + "assign", `{"resource":"ari:1","role":"atlassian/user"}`, 400, "", false, "resourceId"},
		"a role taken":                  {"POST", roles + "revoke", `{"resourceId":"ari:1","roleId":"atlassian/user"}`, 204, "", false, ""},
		"a role taken with more":        {"POST", roles + "revoke", `{"resourceId":"ari:1","roleId":"r","force":true}`, 204, "", false, "force"},
		"an invitation":                 {"POST", invite, `{"emails":["a@acme.example"],"additionalGroups":["g1"]}`, 206, page, false, ""},
		"an invitation to nobody":       {"POST", invite, `{"emails":[]}`, 400, refusal, false, "emails"},
		"an invitation, misspelt":       {"POST", invite, `{"emails":["a@acme.example"],"groups":["g1"]}`, 200, page, false, "groups"},
		"a rule misspelt":               {"POST", invite, `{"emails":["a@b"],"permissionRules":[{"resource":"a","roleId":"b"}]}`, 400, refusal, false, "roleId"},
		"all workspaces":                {"POST", spaces, `{"limit":1000}`, 200, page, false, ""},
		"workspaces of one type":        {"POST", spaces, field, 200, page, false, ""},
		"workspaces by a misspelt key":  {"POST", spaces, `{"filter":{}}`, 200, page, false, "filter"},
		"workspaces by no such query":   {"POST", spaces, `{"query":{"type":"bitbucket"}}`, 200, page, false, "query"},
		"groups as query arrays":        {"GET", directory + "/groups?resourceIds=ari:1&resourceIds=ari:2&limit=20", "", 200, page, false, ""},
		"an account id is no UUID":      {"POST", person, `{"resource":"ari:1","role":"atlassian/user"}`, 204, "", false, ""},
		"an organization is a UUID":     {"POST", oldOrg + admin, `{"role":"atlassian/org-admin"}`, 204, "", false, ""},
		"an organization that is none":  {"POST", "/admin/v1/orgs/acme" + admin, `{"role":"atlassian/org-admin"}`, 204, "", false, "uuid"},
		"an organization role, made up": {"POST", oldOrg + admin, `{"role":"atlassian/user"}`, 204, "", false, "role"},
	})
}

func TestRecordedAnswersOfAnOrganizationPass(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]exchange{
		"groups-list-v2-2025-12-redacted.json":    {method: "GET", path: directory + "/groups", status: 200},
		"users-of-group-v2-2025-12-redacted.json": {method: "POST", path: directory + "/users/search", sent: `{"groupIds":["g1"]}`, status: 200},
		"orgs-list-scoped-key-2026.json":          {method: "GET", path: "/admin/v1/orgs", status: 200},
		"error-403-no-permission-2025-06.json":    {method: "GET", path: oldOrg + "/users", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := conformance.Find("atlassian-admin", "recorded/"+name)
			if err != nil {
				t.Fatal(err)
			}
			if file == "" {
				t.Skip("the recorded answer is not beside the project")
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e.answer = string(content)
			e.check(t)
		})
	}
}
