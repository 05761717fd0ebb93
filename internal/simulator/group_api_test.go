package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestGroupsLiveInOneDotZero(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	form := *c
	form.headers = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	got := form.want(http.StatusOK, http.MethodPost, "/1.0/groups/acme", "name=Night+Shift")
	want := map[string]any{
		"name": "Night Shift", "slug": "night-shift", "permission": nil, "auto_add": false, "email_forwarding_disabled": false,
		"members": []any{}, "owner": got.body["owner"],
	}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("a new group (-want +got):\n%s", diff)
	}
	form.want(http.StatusBadRequest, http.MethodPost, "/1.0/groups/acme", "name=NIGHT+shift")
	form.want(http.StatusBadRequest, http.MethodPost, "/1.0/groups/acme", "title=x")

	night := "/1.0/groups/acme/night-shift"
	grace := night + "/members/" + url.PathEscape(people.grace.UUID)
	for _, body := range []string{"{}", ""} {
		if got := c.want(http.StatusOK, http.MethodPut, grace, body); got.body["uuid"] != people.grace.UUID {
			t.Errorf("PUT of a member answers %s", got.text)
		}
	}
	var members []map[string]any
	if err := json.Unmarshal([]byte(c.get(night+"/members").text), &members); err != nil || len(members) != 1 {
		t.Errorf("members are %v (%v)", members, err)
	}
	c.want(http.StatusBadRequest, http.MethodPut, grace, "[]")
	c.want(http.StatusNotFound, http.MethodPut, night+"/members/nobody", "{}")
	c.want(http.StatusNotFound, http.MethodGet, "/1.0/groups/acme/Night-Shift", "")
	c.want(http.StatusNoContent, http.MethodDelete, grace, "")
	c.want(http.StatusNotFound, http.MethodDelete, grace, "")

	s.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: "night-shift", Permission: "read"})
	c.want(http.StatusOK, http.MethodPut, night, `{"name":"Day Shift","permission":"write","auto_add":true,"email_forwarding_disabled":true}`)
	day, found := s.Group("acme", "day-shift")
	wantGroup := simulator.Group{Name: "Day Shift", Slug: "day-shift", Permission: "write", AutoAdd: true, EmailForwardingDisabled: true}
	if !found || !cmp.Equal(day, wantGroup) {
		t.Errorf("the renamed group is %+v", day)
	}
	if got := s.Permission(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: "day-shift"}); got != "read" {
		t.Errorf("grants did not follow the rename: %s", got)
	}
	c.want(http.StatusOK, http.MethodPut, "/1.0/groups/acme/day-shift", `{"permission":null,"auto_add":false}`)
	for _, body := range []string{`{"permission":"owner"}`, `{"auto_add":"yes"}`, `{`, `{"name":"Web"}`} {
		c.want(http.StatusBadRequest, http.MethodPut, "/1.0/groups/acme/day-shift", body)
	}
	c.want(http.StatusNoContent, http.MethodDelete, "/1.0/groups/acme/day-shift", "")
	c.want(http.StatusNotFound, http.MethodDelete, "/1.0/groups/acme/day-shift", "")
}

func TestGroupListsAreBareArrays(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	for path, want := range map[string]int{
		"/1.0/groups/acme":                      8,
		"/1.0/groups/acme/":                     8,
		"/1.0/groups?group=acme/web":            1,
		"/1.0/groups?group=acme/Web":            0,
		"/1.0/groups?group=nobody/web":          0,
		"/1.0/groups?group=acme/web&group=none": 1,
	} {
		var groups []map[string]any
		if err := json.Unmarshal([]byte(c.get(path).text), &groups); err != nil || len(groups) != want {
			t.Errorf("%s holds %d groups (%v), want %d", path, len(groups), err, want)
		}
	}
	grace := c.as(s.AddAPIToken(people.grace.UUID))
	grace.want(http.StatusForbidden, http.MethodGet, "/1.0/groups/acme", "")
	if got := grace.get("/1.0/groups?group=acme/web").text; got != "[]" {
		t.Errorf("who may not see a group gets %s", got)
	}
	c.want(http.StatusNotFound, http.MethodGet, "/1.0/groups/nobody", "")
	c.as(s.AddAPIToken(people.ada.UUID, "admin:workspace:bitbucket")).want(http.StatusForbidden, http.MethodGet, "/1.0/groups/acme", "")
}

func TestUUIDOfAWorkspaceInOneDotZero(t *testing.T) {
	t.Parallel()
	_, c, _ := newAcme(t, simulator.Options{})
	byUUID := "/1.0/groups/" + url.PathEscape(simulator.Acme().Workspaces[0].UUID)
	c.want(http.StatusForbidden, http.MethodGet, byUUID, "")
	c.want(http.StatusMethodNotAllowed, http.MethodPut, byUUID+"/web", `{"name":"x"}`)
}

func TestOrganizationManagedGroupsAreReadOnly(t *testing.T) {
	t.Parallel()
	s := simulator.New(simulator.Options{})
	s.AddWorkspace(simulator.Workspace{Slug: "org", OrganizationManaged: true})
	ada := s.AddUser(simulator.User{DisplayName: "Ada"})
	s.AddMember("org", ada.UUID, simulator.RoleOwner)
	s.AddProject(simulator.Project{Workspace: "org", Key: "P"})
	g := s.AddGroup("org", simulator.Group{Name: "bitbucket-users-org", Members: []string{ada.UUID}})
	if g.Slug != g.UUID || len(g.Slug) != 36 {
		t.Errorf("slug %q, uuid %q", g.Slug, g.UUID)
	}
	if renamed := s.UpdateGroup("org", g.Slug, simulator.Group{Name: "renamed"}); renamed.Slug != g.Slug {
		t.Errorf("a renamed group has slug %q", renamed.Slug)
	}
	c := serve(t, s).as(s.AddAPIToken(ada.UUID))
	c.get("/1.0/groups/org/" + g.Slug)
	for _, write := range []struct{ method, path string }{
		{http.MethodPost, ""},
		{http.MethodPut, "/" + g.Slug},
		{http.MethodDelete, "/" + g.Slug},
		{http.MethodPut, "/" + g.Slug + "/members/" + ada.AccountID},
		{http.MethodDelete, "/" + g.Slug + "/members/" + ada.AccountID},
	} {
		if got := c.want(http.StatusMethodNotAllowed, write.method, "/1.0/groups/org"+write.path, ""); got.text != "" {
			t.Errorf("405 says %q", got.text)
		}
	}
	c.want(http.StatusOK, http.MethodPut, "/2.0/workspaces/org/projects/P/permissions-config/groups/"+g.Slug, `{"permission":"read"}`)
}

func TestMemberConflictIsASwitch(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{MemberConflict: true})
	s.AddGroupMember("acme", "web", people.grace.UUID)
	c.want(http.StatusConflict, http.MethodPut, "/1.0/groups/acme/web/members/"+people.grace.AccountID, "{}")
}
