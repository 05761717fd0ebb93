package simulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestGroupsOfAnOrganizationComeAndGo(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	got := c.admin.want(http.StatusCreated, http.MethodPost, c.directory+"/groups", `{"name":"Night Shift","description":"at night"}`)
	if got.text != "" {
		t.Errorf("201 says %q", got.text)
	}
	night := c.named("Night Shift")
	if night.Description != "at night" || len(night.Roles) != 0 {
		t.Errorf("the group is %+v", night)
	}
	if _, found := c.Group("corp", night.ID); found {
		t.Error("a group without a role is in Bitbucket")
	}
	if row := c.admin.get(c.group(night.ID)).body; at(row, "data.name") != "Night Shift" || at(row, "data.counts.users") != float64(0) {
		t.Errorf("the group is %v", row)
	}
	if got := c.admin.want(http.StatusConflict, http.MethodPost, c.directory+"/groups", `{"name":"night shift"}`); got.code() != "ADMIN-409-28" {
		t.Errorf("the same name answers %s", got.text)
	}
	for _, body := range []string{`{}`, `{"name":" "}`, `{"name":1}`, `{"name":"x","id":"y"}`, `[]`, ""} {
		got := c.admin.deliberately("wrong bodies").want(http.StatusBadRequest, http.MethodPost, c.directory+"/groups", body)
		if got.code() != "ADMIN-400-24" {
			t.Errorf("%s answers %s", body, got.text)
		}
	}
	c.admin.want(http.StatusNoContent, http.MethodDelete, c.group(night.ID), "")
	if got := c.admin.want(http.StatusNotFound, http.MethodDelete, c.group(night.ID), ""); got.code() != "ADMIN-404-10" {
		t.Errorf("the second DELETE answers %s", got.text)
	}
	c.admin.want(http.StatusCreated, http.MethodPost, c.directory+"/groups", `{"name":"Night Shift"}`)
	if again := c.named("Night Shift"); again.ID == night.ID {
		t.Error("a group that is made again has the id of the old one")
	}
}

func TestDirectoriesInPaths(t *testing.T) {
	t.Parallel()
	s := simulator.New(simulator.Options{})
	o := s.AddOrganization(simulator.Organization{Name: "Two", Directories: []simulator.Directory{{Name: "First"}, {Name: "Second"}}})
	u := s.AddUser(simulator.User{DisplayName: "Ada"})
	s.AddToOrganization(o.ID, u.UUID)
	in, other := o.Directories[0].ID, o.Directories[1].ID
	g := s.AddOrganizationGroup(o.ID, simulator.OrganizationGroup{Name: "second", Directory: other})
	admin, root := administer(t, s, s.AddOrganizationKey(o.ID)), "/admin/v2/orgs/"+o.ID+"/directories"

	if got := admin.get(root).column("name"); !cmp.Equal(got, []any{"First", "Second"}) {
		t.Errorf("the directories are %v", got)
	}
	for query, want := range map[string]int{
		"?accountId=" + u.AccountID: 1, "?accountId=none": 0, "?directoryIds=" + other: 1, "?searchTerm=SEC": 1, "?limit=1": 1,
	} {
		if got := len(admin.get(root + query).values()); got != want {
			t.Errorf("%s finds %d", query, got)
		}
	}
	for directory, want := range map[string]int{"-": 1, in: 0, other: 1} {
		if got := len(admin.want(http.StatusOK, http.MethodPost, root+"/"+directory+"/groups/search", "").values()); got != want {
			t.Errorf("directory %s holds %d groups", directory, got)
		}
		if got := len(admin.want(http.StatusOK, http.MethodPost, root+"/"+directory+"/users/search", "").values()); got != 1 {
			t.Errorf("the directory in the path of the search for users counts: %d", got)
		}
	}
	admin.get(root + "/-/groups/" + g.ID)
	admin.get(root + "/-/groups/" + g.ID + "/role-assignments")
	admin.get(root + "/-/users/" + u.AccountID)
	admin.want(http.StatusNotFound, http.MethodGet, root+"/"+in+"/groups/"+g.ID, "")
	admin.want(http.StatusNotFound, http.MethodGet, root+"/"+other+"/users/"+u.AccountID, "")
	admin.want(http.StatusNotFound, http.MethodPost, root+"/none/groups/search", "")
	member := `{"accountId":"` + u.AccountID + `"}`
	if got := admin.want(http.StatusNotFound, http.MethodPost, root+"/"+other+"/groups/"+g.ID+"/memberships", member); got.code() != "ADMIN-404-8" {
		t.Errorf("somebody of another directory answers %s", got.text)
	}
	for path, write := range map[string][2]string{
		"/-/groups":                            {http.MethodPost, `{"name":"x"}`},
		"/-/groups/" + g.ID:                    {http.MethodDelete, ""},
		"/-/groups/" + g.ID + "/memberships":   {http.MethodPost, member},
		"/-/groups/" + g.ID + "/memberships/x": {http.MethodDelete, ""},
		"/-/users/" + u.AccountID:              {http.MethodDelete, ""},
		"/-/users/" + u.AccountID + "/suspend": {http.MethodPost, ""},
		"/-/users/" + u.AccountID + "/restore": {http.MethodPost, ""},
	} {
		if got := admin.want(http.StatusNotFound, write[0], root+path, write[1]); got.code() != "ADMIN-404-1" {
			t.Errorf("%s %s answers %s", write[0], path, got.text)
		}
	}
}

func TestMembershipsOfGroups(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	members := c.group(c.developers.ID) + "/memberships"
	if got := c.admin.want(http.StatusNoContent, http.MethodPost, members, c.fill(`{"accountId":"{linus}"}`)); got.text != "" {
		t.Errorf("204 says %q", got.text)
	}
	c.expectPeople("after the membership", "ada", "grace", "linus")
	if got := c.bitbucket.get("/1.0/groups/corp/" + c.developers.ID).body["members"].([]any); len(got) != 2 {
		t.Errorf("1.0 shows %v", got)
	}
	for body, want := range map[string]string{
		`{"accountId":"{linus}"}`:           "ADMIN-409-28",
		`{"accountId":"{edsger}"}`:          "ADMIN-404-8",
		`{"accountId":"none"}`:              "ADMIN-404-8",
		`{"account_id":"{linus}"}`:          "ADMIN-400-24",
		`{"accountId":"{linus}","role":""}`: "ADMIN-400-24",
		`{}`:                                "ADMIN-400-24",
		`{"accountId":7}`:                   "ADMIN-400-24",
	} {
		got := c.admin.deliberately("wrong bodies").do(http.MethodPost, members, c.fill(body))
		if got.code() != want || len(want) < 9 || at(got.body["errors"].([]any)[0].(map[string]any), "status") != want[6:9] {
			t.Errorf("%s answers %d %s", body, got.status, got.text)
		}
	}
	if got := c.admin.want(http.StatusNotFound, http.MethodPost, c.group("none")+"/memberships", c.fill(`{"accountId":"{linus}"}`)); got.code() != "ADMIN-404-10" {
		t.Errorf("an unknown group answers %s", got.text)
	}
	c.admin.want(http.StatusNoContent, http.MethodDelete, members+"/"+c.linus.AccountID, "")
	c.expectPeople("without it", "ada", "grace")
	c.admin.want(http.StatusNoContent, http.MethodDelete, members+"/"+c.linus.AccountID, "")
	if got := c.admin.want(http.StatusNotFound, http.MethodDelete, members+"/"+c.edsger.AccountID, ""); got.code() != "ADMIN-404-8" {
		t.Errorf("somebody from outside answers %s", got.text)
	}
	strict := newCorp(t, simulator.Options{AbsentMemberNotFound: true})
	strict.admin.want(http.StatusNotFound, http.MethodDelete, strict.group(strict.developers.ID)+"/memberships/"+strict.linus.AccountID, "")
}

func TestGroupsThatCannotBeChanged(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.UpdateOrganizationGroup(c.org, c.developers.ID, simulator.OrganizationGroup{Name: "developers", ExternallySynced: true, Roles: c.developers.Roles})
	synced, standard := c.group(c.developers.ID), c.group(c.named("bitbucket-users-corp").ID)
	for path, want := range map[string]string{synced: "ADMIN-403-5", standard: "ADMIN-403-6"} {
		if got := c.admin.want(http.StatusForbidden, http.MethodDelete, path, ""); got.code() != want {
			t.Errorf("DELETE answers %s, want %s", got.text, want)
		}
	}
	for _, got := range []reply{
		c.admin.want(http.StatusForbidden, http.MethodPost, synced+"/memberships", c.fill(`{"accountId":"{linus}"}`)),
		c.admin.want(http.StatusForbidden, http.MethodDelete, synced+"/memberships/"+c.grace.AccountID, ""),
	} {
		if got.code() != "ADMIN-403-5" {
			t.Errorf("a change of a synced group answers %s", got.text)
		}
	}
	for path, want := range map[string]string{
		synced:   `{"deletable":false,"modifiable":false,"readable":true}`,
		standard: `{"deletable":false,"modifiable":true,"readable":true}`,
	} {
		row := c.admin.get(path).body
		if diff := cmp.Diff(any(decoded(t, want)), at(row, "data.managementAccess")); diff != "" {
			t.Errorf("managementAccess (-want +got):\n%s", diff)
		}
		if synced := at(row, "data.externalSynced") == true; synced != (at(row, "data.managedBy") == "external") {
			t.Errorf("the row is %v", row)
		}
	}
}
