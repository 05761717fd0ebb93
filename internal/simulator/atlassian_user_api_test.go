package simulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestPeopleOfAnOrganization(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	grace := c.directory + "/users/" + c.grace.AccountID
	if got := c.admin.get(grace).body; at(got, "data.email") != c.grace.Email || at(got, "data.status") != "active" {
		t.Errorf("the person is %v", got)
	}
	c.AddMember("corp", c.grace.UUID, simulator.RoleOwner)
	want := decoded(t, c.fill(`{"data":[{"resourceId":"{ari}","resourceOwner":"bitbucket","directoryId":"{directory}","userDirectoryStatus":"active",
		"roles":["atlassian/admin","atlassian/user"],"roleAssignments":[
		{"role":"atlassian/admin","roleAssignmentMethods":["direct"]},{"role":"atlassian/user","roleAssignmentMethods":["group_direct"]}]}]}`))
	if diff := cmp.Diff(want["data"], c.admin.get(grace + "/role-assignments").body["data"]); diff != "" {
		t.Errorf("the roles (-want +got):\n%s", diff)
	}
	for range 2 {
		c.admin.want(http.StatusNoContent, http.MethodPost, grace+"/suspend", "")
	}
	c.expectPeople("while Grace is suspended", "ada")
	if got := c.admin.get(grace).body; at(got, "data.status") != "suspended" || at(got, "data.membershipStatus") != "suspended" {
		t.Errorf("the person is %v", got)
	}
	c.admin.want(http.StatusNoContent, http.MethodPost, grace+"/restore", "")
	c.expectPeople("restored", "ada", "grace")
	c.admin.want(http.StatusNoContent, http.MethodDelete, grace, "")
	c.expectPeople("removed", "ada")
	if g, _ := c.OrganizationGroup(c.org, c.developers.ID); len(g.Members) != 0 {
		t.Errorf("who is removed is still in the group: %v", g.Members)
	}
	for _, again := range [][2]string{
		{http.MethodDelete, ""}, {http.MethodPost, "/suspend"}, {http.MethodPost, "/restore"}, {http.MethodGet, ""}, {http.MethodGet, "/role-assignments"},
	} {
		if got := c.admin.want(http.StatusNotFound, again[0], grace+again[1], ""); got.code() != "ADMIN-404-8" {
			t.Errorf("%v answers %s", again, got.text)
		}
	}
	c.AddToOrganization(c.org, c.grace.UUID)
	c.expectPeople("back in the organization", "ada")
}

func TestInvitingIntoAnOrganization(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	invite := "/admin/v2/orgs/" + c.org + "/users/invite"
	got := c.admin.want(http.StatusOK, http.MethodPost, invite, c.fill(`{"emails":["new@corp.example"],"additionalGroups":["{developers}"],
		"permissionRules":[{"resource":"{ari}","role":"atlassian/user"}],"sendNotification":false,"notificationText":"hello"}`))
	row := got.values()[0]
	account, _ := row["id"].(string)
	want := decoded(t, c.fill(`{"email":"new@corp.example","id":"`+account+`","results":[{
		"roleAssignmentResult":[{"resource":"{ari}","role":"atlassian/user","status":"INVITED","statusReason":null}],
		"groupAssignmentResult":[{"group":"{developers}","status":"INVITED","statusReason":null}]}]}`))
	if diff := cmp.Diff(want, row); diff != "" || account == "" {
		t.Errorf("the result (-want +got):\n%s", diff)
	}
	for _, body := range []string{`{"emails":["new@corp.example"]}`, c.fill(`{"groupIds":["{developers}"],"accountIds":["` + account + `"]}`)} {
		if rows := c.admin.do(http.MethodPost, c.directory+"/users/search", body).values(); len(rows) != 1 || rows[0]["emailVerified"] != false {
			t.Errorf("%s finds %v", body, rows)
		}
	}
	c.expectPeople("before the invitation is accepted", "ada", "grace")
	c.bitbucket.want(http.StatusNotFound, http.MethodGet, "/2.0/users/"+url.PathEscape(account), "")
	c.AcceptInvitation("new@corp.example")
	c.expectPeople("after it", "ada", "grace", "new")
	if g, _ := c.Group("corp", c.developers.ID); len(g.Members) != 2 {
		t.Errorf("the group holds %v", g.Members)
	}

	known := c.fill(`{"emails":["linus@corp.example","GRACE@corp.example","edsger@corp.example"],"additionalGroups":["{developers}"]}`)
	if rows := c.admin.want(http.StatusOK, http.MethodPost, invite, known).values(); rows[0]["id"] != c.linus.AccountID || rows[1]["id"] != c.grace.AccountID {
		t.Errorf("known people are %v", rows)
	}
	c.expectPeople("when known people are invited", "ada", "edsger", "grace", "linus", "new")
}

func TestInvitationsThatFail(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	invite := "/admin/v2/orgs/" + c.org + "/users/invite"
	for body, want := range map[string]string{
		`{"emails":[]}`:                       "ADMIN-400-24",
		`{}`:                                  "ADMIN-400-24",
		`{"emails":` + many(26) + `}`:         "ADMIN-400-24",
		`{"emails":["nobody"]}`:               "ADMIN-400-24",
		`{"emails":[7]}`:                      "ADMIN-400-24",
		`{"emails":"a@b.example"}`:            "ADMIN-400-24",
		`{"emails":["a@b.example"],"who":""}`: "ADMIN-400-24",
		`{"emails":["a@b.example"],"additionalGroups":["none"]}`:                                          "ADMIN-UAM-404-3",
		`{"emails":["a@b.example"],"permissionRules":[{"resource":"x","role":"atlassian/user"}]}`:         "ADMIN-UAM-404-1",
		`{"emails":["a@b.example"],"permissionRules":[{"resource":"{ari}","role":"atlassian/customer"}]}`: "ADMIN-UAM-400-3",
	} {
		if got := c.admin.deliberately("wrong bodies").do(http.MethodPost, invite, c.fill(body)); got.code() != want {
			t.Errorf("%s answers %d %s", body, got.status, got.text)
		}
	}
	if got := len(c.Snapshot().Users); got != 4 {
		t.Errorf("a refused invitation makes accounts: %d", got)
	}
	c.AddUser(simulator.User{DisplayName: "Zuse", Email: "zuse@old.example", Inactive: true})
	c.UpdateOrganizationGroup(c.org, c.developers.ID, simulator.OrganizationGroup{Name: "developers", ExternallySynced: true, Roles: c.developers.Roles})
	for email, reason := range map[string]string{"zuse@old.example": "Inactive user", "x@corp.example": "Group is managed externally"} {
		got := c.admin.want(http.StatusPartialContent, http.MethodPost, invite, c.fill(`{"emails":["`+email+`"],"additionalGroups":["{developers}"]}`))
		results, _ := got.values()[0]["results"].([]any)
		groups, _ := results[0].(map[string]any)["groupAssignmentResult"].([]any)
		if group := groups[0].(map[string]any); group["status"] != "ERROR" || group["statusReason"] != reason {
			t.Errorf("%s answers %s", email, got.text)
		}
	}
	if g, _ := c.OrganizationGroup(c.org, c.developers.ID); len(g.Members) != 1 {
		t.Errorf("a synced group holds %v", g.Members)
	}
	free := c.AddOrganization(simulator.Organization{Name: "Free", Free: true}).ID
	got := c.admin.with(c.AddOrganizationKey(free)).
		want(http.StatusPaymentRequired, http.MethodPost, "/admin/v2/orgs/"+free+"/users/invite", `{"emails":["a@b.example"]}`)
	if got.code() != "ADMIN-UAM-402-1" {
		t.Errorf("a free organization answers %s", got.text)
	}
}
