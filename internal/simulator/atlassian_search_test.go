package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// fill replaces the names in braces by the ids of the world.
func (c corp) fill(text string) string {
	return strings.NewReplacer(
		"{ari}", c.ari, "{developers}", c.developers.ID, "{users}", c.named("bitbucket-users-corp").ID, "{directory}", c.developers.Directory,
		"{ada}", c.ada.AccountID, "{grace}", c.grace.AccountID, "{linus}", c.linus.AccountID, "{edsger}", c.edsger.AccountID,
	).Replace(text)
}

// many is a JSON list of so many different texts.
func many(number int) string {
	texts := make([]string, number)
	for i := range texts {
		texts[i] = fmt.Sprintf("x%d@corp.example", i)
	}
	list, _ := json.Marshal(texts)
	return string(list)
}

func TestSearchingGroups(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.AddOrganizationGroup(c.org, simulator.OrganizationGroup{Name: "site-admins", Roles: map[string]string{"ari:cloud:jira::site/1": "atlassian/admin"}})
	for body, want := range map[string][]any{
		"":                                     {"bitbucket-users-corp", "bitbucket-admins-corp", "developers", "site-admins"},
		"{}":                                   {"bitbucket-users-corp", "bitbucket-admins-corp", "developers", "site-admins"},
		`{"groupNames":["DEVELOPERS","none"]}`: {"developers"},
		`{"groupNames":["develop"]}`:           nil,
		`{"groupIds":["{developers}","{users}"]}`:                    {"bitbucket-users-corp", "developers"},
		`{"groupIds":["{developers}"],"searchTerm":"corp"}`:          nil,
		`{"searchTerm":"ADMINS"}`:                                    {"bitbucket-admins-corp", "site-admins"},
		`{"accountIds":["{grace}"]}`:                                 {"developers"},
		`{"accountIds":["{grace}","{ada}"]}`:                         {"bitbucket-admins-corp", "developers"},
		`{"resourceIds":["{ari}"]}`:                                  {"bitbucket-users-corp", "bitbucket-admins-corp", "developers"},
		`{"resourceIds":["{ari}"],"roleIds":["atlassian/admin"]}`:    {"bitbucket-admins-corp"},
		`{"resourceOwners":["jira"]}`:                                {"site-admins"},
		`{"roleIds":["atlassian/user"]}`:                             {"bitbucket-users-corp", "developers"},
		`{"directoryIds":["{directory}"],"limit":1}`:                 {"bitbucket-users-corp"},
		`{"directoryIds":["x"]}`:                                     nil,
		`{"sortBy":[{"field":"name","direction":"asc"}],"limit":2}`:  {"bitbucket-admins-corp", "bitbucket-users-corp"},
		`{"sortBy":[{"field":"name","direction":"desc"}],"limit":1}`: {"site-admins"},
		`{"searchTerm":"dev","expand":["counts.users"],"cursor":""}`: {"developers"},
		`{"searchTerm":"dev","groupNames":null,"limit":null}`:        {"developers"},
	} {
		for _, directory := range []string{"-", c.developers.Directory} {
			asking := c.admin
			if strings.Contains(body, "null") {
				asking = c.admin.deliberately("null stands for a key that is not sent")
			}
			got := asking.want(http.StatusOK, http.MethodPost, "/admin/v2/orgs/"+c.org+"/directories/"+directory+"/groups/search", c.fill(body))
			if diff := cmp.Diff(want, got.column("name")); diff != "" {
				t.Errorf("%s finds (-want +got):\n%s", body, diff)
			}
		}
	}
	row := c.admin.do(http.MethodPost, c.directory+"/groups/search", c.fill(`{"groupIds":["{developers}"],"expand":["counts.users","counts.resources"]}`)).values()[0]
	want := decoded(t, c.fill(`{"id":"{developers}","name":"developers","description":"","directoryId":"{directory}","externalSynced":false,
		"managedBy":"admins","counts":{"users":1,"resources":1},"managementAccess":{"deletable":true,"modifiable":true,"readable":true}}`))
	want["links"] = row["links"]
	if diff := cmp.Diff(want, row); diff != "" {
		t.Errorf("a row (-want +got):\n%s", diff)
	}
	for text, want := range map[string]int{
		"": 4, "groupIds={users}&groupIds={developers}": 2, "resourceIds={ari}&resourceOwners=bitbucket": 3, "searchTerm=dev": 1,
		"limit=1": 1, "unknown=1": 4,
	} {
		query, err := url.ParseQuery(c.fill(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(c.admin.get(c.directory + "/groups?" + query.Encode()).values()); got != want {
			t.Errorf("the list finds %d with %s", got, text)
		}
	}
	recording := decoded(t, recordedIn(t, "atlassian-admin", "groups-list-v2-2025-12-redacted.json"))
	if missing := strangers(c.admin.get(c.directory+"/groups").body, any(recording), ""); len(missing) > 0 {
		t.Errorf("the list has no %v", missing)
	}
}

func TestSearchesThatBreakTheRules(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	for list, bodies := range map[string][]string{
		"/groups/search": {
			`{"groupNames":["x"],"searchTerm":"x"}`, `{"groupNames":["x"],"groupIds":["x"]}`, `{"groupNames":` + many(101) + `}`,
			`{"groupIds":` + many(11) + `}`, `{"accountIds":` + many(11) + `}`, `{"resourceIds":` + many(21) + `}`,
			`{"resourceOwners":` + many(11) + `}`, `{"roleIds":["king"]}`, `{"directoryIds":` + many(11) + `}`, `{"groupIds":[]}`,
			`{"expand":["groups"]}`, `{"sortBy":[{"field":"id","direction":"asc"}]}`, `{"sortBy":[]}`, `{"sortBy":[{"field":"name"}]}`,
			`{"sortBy":[{"field":"name","direction":"asc"},{"field":"name","direction":"desc"}]}`, `{"emails":["x"]}`,
		},
		"/users/search": {
			`{"emails":["x"],"searchTerm":"x"}`, `{"emails":` + many(101) + `}`, `{"accountIds":` + many(11) + `}`, `{"groupIds":` + many(11) + `}`,
			`{"directoryIds":` + many(11) + `}`, `{"emailDomains":` + many(11) + `}`, `{"resourceIds":` + many(21) + `}`, `{"roleIds":["king"]}`,
			`{"claimStatus":"lost"}`, `{"status":["lost"]}`, `{"accountStatus":["lost"]}`, `{"membershipStatus":["lost"]}`, `{"mfaEnabled":"yes"}`,
			`{"expand":["counts.users"]}`, `{"sortBy":[{"field":"name","direction":"asc"}]}`, `{"groupNames":["x"]}`,
		},
	} {
		for _, body := range append(bodies, `{"limit":0}`, `{"limit":101}`, `{"limit":1.5}`, `{"limit":"1"}`, `{"searchTerm":1}`, `{"groupIds":"x"}`, `[]`, `{`) {
			got := c.admin.deliberately("the rules are what is tested").want(http.StatusBadRequest, http.MethodPost, c.directory+list, body)
			if got.code() != "ADMIN-400-24" {
				t.Errorf("%s of %s answers %s", body, list, got.text)
			}
		}
		for _, cursor := range []string{"x", "!", "bnVsbA", "eyJsaXN0IjoieCJ9"} {
			if got := c.admin.want(http.StatusBadRequest, http.MethodPost, c.directory+list, `{"cursor":"`+cursor+`"}`); got.code() != "ADMIN-400-1" {
				t.Errorf("cursor %s of %s answers %s", cursor, list, got.text)
			}
		}
	}
	for _, query := range []string{"/groups?limit=0", "/groups?limit=x", "/groups?cursor=x", "/users?limit=101", "/users?mfaEnabled=perhaps", "/users?status=lost"} {
		c.admin.deliberately("the rules are what is tested").want(http.StatusBadRequest, http.MethodGet, c.directory+query, "")
	}
}

func TestSearchingUsers(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.SuspendInOrganization(c.org, c.linus.UUID)
	retired := c.AddUser(simulator.User{DisplayName: "Zuse", Email: "zuse@old.example", Inactive: true})
	c.AddToOrganization(c.org, retired.UUID)
	c.AddOrganizationGroupMember(c.org, c.developers.ID, c.linus.UUID)
	for body, want := range map[string][]any{
		"":                                    {"Ada", "Grace", "Linus", "Zuse"},
		`{"emails":["GRACE@corp.example"]}`:   {"Grace"},
		`{"emails":["grace"]}`:                nil,
		`{"searchTerm":"corp.EX","limit":2}`:  {"Ada", "Grace"},
		`{"searchTerm":"lin"}`:                {"Linus"},
		`{"accountIds":["{ada}","{edsger}"]}`: {"Ada"},
		`{"groupIds":["{developers}"]}`:       {"Grace", "Linus"},
		`{"groupIds":["{developers}"],"accountIds":["{linus}"]}`:                                                  {"Linus"},
		`{"groupIds":["{developers}"],"accountIds":["{ada}"]}`:                                                    nil,
		`{"directoryIds":["{directory}"],"emailDomains":["old.example"]}`:                                         {"Zuse"},
		`{"directoryIds":["x"]}`:                                                                                  nil,
		`{"resourceIds":["{ari}"],"roleIds":["atlassian/admin"]}`:                                                 {"Ada"},
		`{"roleIds":["atlassian/user"]}`:                                                                          {"Grace", "Linus"},
		`{"status":["suspended","deactivated"]}`:                                                                  {"Linus", "Zuse"},
		`{"accountStatus":["active"],"membershipStatus":["active"],"claimStatus":"unmanaged","mfaEnabled":false}`: {"Ada", "Grace"},
		`{"claimStatus":"managed"}`:                                                                               nil,
		`{"mfaEnabled":true}`:                                                                                     nil,
		`{"sortBy":[{"field":"nick_name","direction":"desc"}],"limit":2}`:                                         {"Zuse", "Linus"},
	} {
		got := c.admin.want(http.StatusOK, http.MethodPost, "/admin/v2/orgs/"+c.org+"/directories/-/users/search", c.fill(body))
		if diff := cmp.Diff(want, got.column("name")); diff != "" {
			t.Errorf("%s finds (-want +got):\n%s", body, diff)
		}
	}
	expanded := c.fill(`{"accountIds":["{linus}"],"expand":["groups","counts.resources","productAccess","platformRoles"]}`)
	found := c.admin.do(http.MethodPost, c.directory+"/users/search", expanded)
	row := found.values()[0]
	want := decoded(t, c.fill(`{"accountId":"{linus}","accountType":"atlassian","status":"suspended","accountStatus":"active","membershipStatus":"suspended",
		"name":"Linus","nickname":"linus","email":"linus@corp.example","emailVerified":true,"claimStatus":"unmanaged","platformRoles":[],
		"managementSource":"invited","mfaEnabled":false,"jobTitle":"","department":null,"organization":null,"location":null,"timeZone":null,
		"deactivatedOn":null,"forDeletion":false,"counts":{"resources":1},"productAccess":[],
		"groups":[{"id":"ari:cloud:identity::group/{developers}","name":"developers","description":""}]}`))
	for _, key := range []string{"picture", "avatar", "addedToOrg", "links"} {
		want[key] = row[key]
	}
	if diff := cmp.Diff(want, row); diff != "" {
		t.Errorf("a row (-want +got):\n%s", diff)
	}
	recording := decoded(t, recordedIn(t, "atlassian-admin", "users-of-group-v2-2025-12-redacted.json"))
	if missing := strangers(found.body, any(recording), ""); len(missing) > 0 {
		t.Errorf("the answer has no %v", missing)
	}
	if got := len(c.admin.get(c.directory + "/users?status=active&groupIds=" + c.developers.ID).values()); got != 1 {
		t.Errorf("the list finds %d", got)
	}
}

func TestEmailsMayBeHidden(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{HiddenEmails: true})
	row := c.admin.do(http.MethodPost, c.directory+"/users/search", `{"emails":["ada@corp.example"]}`).values()[0]
	if _, shown := row["email"]; shown || row["name"] != "Ada" {
		t.Errorf("the row is %v", row)
	}
}
