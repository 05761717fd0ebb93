package simulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestSeatsOfAnOrganizationsWorkspace(t *testing.T) {
	t.Parallel()
	s := simulator.New(simulator.Options{})
	o := s.AddOrganization(simulator.Organization{Name: "Small"}).ID
	ws := s.AddWorkspace(simulator.Workspace{Slug: "small", OrganizationManaged: true, Organization: o, SeatLimit: 2})
	ari := simulator.WorkspaceARI(ws.UUID)
	var people []simulator.User
	for _, name := range []string{"Ada", "Grace", "Linus", "Edsger"} {
		u := s.AddUser(simulator.User{DisplayName: name})
		s.AddToOrganization(o, u.UUID)
		people = append(people, u)
	}
	g := s.AddOrganizationGroup(o, simulator.OrganizationGroup{Name: "devs", Roles: map[string]string{ari: "atlassian/user"}, Members: []string{people[0].UUID}})
	bare := s.AddOrganizationGroup(o, simulator.OrganizationGroup{Name: "bare", Members: []string{people[2].UUID, people[3].UUID}})
	s.SuspendInOrganization(o, people[3].UUID)
	admin := administer(t, s, s.AddOrganizationKey(o))
	groups := "/admin/v2/orgs/" + o + "/directories/" + g.Directory + "/groups/"
	add := func(group string, u simulator.User) reply {
		return admin.do(http.MethodPost, groups+group+"/memberships", `{"accountId":"`+u.AccountID+`"}`)
	}
	if got := add(g.ID, people[1]); got.status != http.StatusNoContent {
		t.Errorf("the second seat answers %s", got.text)
	}
	if got := add(g.ID, people[2]); got.status != http.StatusConflict || got.code() != "ADMIN-409-3" {
		t.Errorf("the third seat answers %s", got.text)
	}
	for _, u := range []simulator.User{people[0], people[1]} {
		if got := add(bare.ID, u); got.status != http.StatusNoContent {
			t.Errorf("a group without roles answers %s", got.text)
		}
	}
	role := func(name string) string { return `{"resourceId":"` + ari + `","roleId":"` + name + `"}` }
	assign := groups + bare.ID + "/role-assignments/assign"
	if got := admin.want(http.StatusConflict, http.MethodPost, assign, role("atlassian/user")); got.code() != "ADMIN-UAM-409-3" {
		t.Errorf("a role for too many answers %s", got.text)
	}
	admin.want(http.StatusOK, http.MethodPost, assign, role("atlassian/user-access-admin"))
	s.RemoveOrganizationGroupMember(o, bare.ID, people[2].UUID)
	admin.want(http.StatusOK, http.MethodPost, assign, role("atlassian/user"))
	invitation := `{"emails":["x@corp.example"],"additionalGroups":["` + g.ID + `"]}`
	if got := admin.want(http.StatusConflict, http.MethodPost, "/admin/v2/orgs/"+o+"/users/invite", invitation); got.code() != "ADMIN-UAM-409-3" {
		t.Errorf("an invitation for too many answers %s", got.text)
	}
}

func TestRolesOfGroups(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.AddWorkspace(simulator.Workspace{Slug: "linked", Organization: c.org})
	c.admin.want(http.StatusCreated, http.MethodPost, c.directory+"/groups", `{"name":"owners"}`)
	owners := c.named("owners").ID
	c.AddOrganizationGroupMember(c.org, owners, c.linus.UUID)
	roles := c.group(owners) + "/role-assignments"
	role := func(name string) string { return c.fill(`{"resourceId":"{ari}","roleId":"` + name + `"}`) }
	for range 2 {
		if got := c.admin.want(http.StatusOK, http.MethodPost, roles+"/assign", role("atlassian/admin")); got.text != "" {
			t.Errorf("200 says %q", got.text)
		}
	}
	c.admin.want(http.StatusOK, http.MethodPost, roles+"/assign", role("atlassian/user"))
	c.expectPeople("with a role", "ada", "grace", "linus")
	if g, found := c.Group("corp", owners); !found || g.Name != "owners" {
		t.Errorf("the group in Bitbucket is %+v", g)
	}
	want := decoded(t, c.fill(`{"data":[{"resourceId":"{ari}","resourceOwner":"bitbucket","roles":["atlassian/admin","atlassian/user"],"defaultRole":null}]}`))
	if diff := cmp.Diff(want["data"], c.admin.get(roles).body["data"]); diff != "" {
		t.Errorf("the roles (-want +got):\n%s", diff)
	}
	for query, want := range map[string]int{
		"?resourceIds=" + c.ari: 1, "?resourceIds=x": 0, "?resourceOwners=bitbucket": 1, "?roleIds=atlassian%2Fguest": 0, "?limit=1": 1,
		"?directoryIds=x": 0,
	} {
		if got := len(c.admin.get(roles + query).values()); got != want {
			t.Errorf("%s finds %d", query, got)
		}
	}
	if got := c.admin.get(c.group(c.named("bitbucket-admins-corp").ID) + "/role-assignments").column("defaultRole"); !cmp.Equal(got, []any{"atlassian/admin"}) {
		t.Errorf("defaultRole is %v", got)
	}
	for body, want := range map[string]string{
		role("atlassian/guest"): "ADMIN-UAM-400-3",
		role("king"):            "ADMIN-UAM-400-3",
		`{"resourceId":"ari:cloud:jira::site/1","roleId":"atlassian/user"}`:                                          "ADMIN-UAM-404-1",
		`{"resourceId":"` + simulator.WorkspaceARI(c.Snapshot().Workspaces[1].UUID) + `","roleId":"atlassian/user"}`: "ADMIN-UAM-404-1",
		c.fill(`{"resourceId":"{ari}"}`): "ADMIN-400-24",
		`{"resource":"x","role":"y"}`:    "ADMIN-400-24",
	} {
		for _, path := range []string{"/assign", "/revoke"} {
			if got := c.admin.deliberately("wrong bodies").do(http.MethodPost, roles+path, body); got.code() != want {
				t.Errorf("%s of %s answers %s, want %s", path, body, got.text, want)
			}
		}
	}
	c.Grant(simulator.Grant{Workspace: "corp", Project: "P", Group: owners, Permission: simulator.Write})
	c.admin.want(http.StatusNoContent, http.MethodPost, roles+"/revoke", role("atlassian/admin"))
	c.expectPeople("with another role left", "ada", "grace", "linus")
	for range 2 {
		c.admin.want(http.StatusNoContent, http.MethodPost, roles+"/revoke", role("atlassian/user"))
	}
	c.expectPeople("without a role", "ada", "grace")
	if got := c.Grants("corp"); len(got) != 0 {
		t.Errorf("a group without a role keeps %v", got)
	}
}
