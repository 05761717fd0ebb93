package simulator_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// invitations is where a workspace keeps the invitations into its groups.
const invitations = "/1.0/users/acme/invitations"

func TestInvitationsIntoGroups(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s, c, people := newAcme(t, simulator.Options{Now: clock.Now})
	const newcomer = `{"email":"new@acme.example","group_slug":"web"}`
	got := c.want(http.StatusOK, http.MethodPut, invitations, newcomer)
	groups, _ := got.body["groups"].([]any)
	if len(groups) != 1 || groups[0].(map[string]any)["slug"] != "web" || groups[0].(map[string]any)["members"] != nil {
		t.Errorf("the groups of an invitation are %v", groups)
	}
	if got.body["email"] != "new@acme.example" || got.body["utc_sent_on"] != "2026-11-02 09:00:00+00:00" || at(got.body, "invited_by.uuid") != people.ada.UUID {
		t.Errorf("the invitation is %s", got.text)
	}
	c.want(http.StatusConflict, http.MethodPut, invitations, newcomer)
	if got := c.want(http.StatusOK, http.MethodPut, invitations, `{"email":"NEW@acme.example","group_slug":"data"}`); len(got.body["groups"].([]any)) != 2 {
		t.Errorf("a further group makes it %s", got.text)
	}
	var listed []map[string]any
	if err := json.Unmarshal([]byte(c.get(invitations).text), &listed); err != nil || len(listed) != 1 {
		t.Errorf("the list is %v (%v)", listed, err)
	}
	for body, status := range map[string]int{
		`{"email":"nobody","group_slug":"web"}`:          http.StatusBadRequest,
		`{"email":"A <a@b.example>","group_slug":"web"}`: http.StatusBadRequest,
		`{"group_slug":"web"}`:                           http.StatusBadRequest,
		`[]`:                                             http.StatusBadRequest,
		`{"email":"x@acme.example","group_slug":"none"}`: http.StatusNotFound,
		`{"email":"x@acme.example"}`:                     http.StatusNotFound,
	} {
		if got := c.want(status, http.MethodPut, invitations, body); got.body != nil {
			t.Errorf("%s answers %s", body, got.text)
		}
	}
	c.want(http.StatusOK, http.MethodPut, invitations, `{"email":"`+people.edsger.Email+`","group_slug":"security"}`)
	if g, _ := s.Group("acme", "security"); g.Members[len(g.Members)-1] != people.edsger.UUID {
		t.Errorf("a member who is invited is not in the group: %v", g.Members)
	}
	c.want(http.StatusOK, http.MethodPut, "/1.0/groups/acme/data", `{"name":"Data Science"}`)
	want := []simulator.Invitation{{Workspace: "acme", Email: "new@acme.example", Groups: []string{"web", "data-science"}}}
	if diff := cmp.Diff(want, s.Invitations("acme")); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	s.AcceptInvitation("new@acme.example")
	joined := s.Snapshot().Users[40]
	if g, _ := s.Group("acme", "web"); g.Members[len(g.Members)-1] != joined.UUID || joined.Email != "new@acme.example" || len(s.Invitations("acme")) != 0 {
		t.Errorf("who accepts is %+v, web holds %v", joined, g.Members)
	}
	c.get("/2.0/workspaces/acme/members/" + joined.AccountID)
}

func TestInvitationsAreWithdrawn(t *testing.T) {
	t.Parallel()
	s, c, _ := newAcme(t, simulator.Options{})
	for _, group := range []string{"web", "data", "mobile"} {
		c.want(http.StatusOK, http.MethodPut, invitations, `{"email":"new@acme.example","group_slug":"`+group+`"}`)
	}
	withdraw := func(status int, body string) {
		t.Helper()
		c.want(status, http.MethodDelete, invitations, body)
	}
	withdraw(http.StatusNoContent, `{"email":"new@acme.example","group_slug":"web"}`)
	withdraw(http.StatusNotFound, `{"email":"new@acme.example","group_slug":"web"}`)
	withdraw(http.StatusNotFound, `{"email":"other@acme.example"}`)
	withdraw(http.StatusBadRequest, `{}`)
	s.RemoveGroup("acme", "data")
	if got := s.Invitations("acme"); len(got) != 1 || !cmp.Equal(got[0].Groups, []string{"mobile"}) {
		t.Errorf("pending is %v", got)
	}
	withdraw(http.StatusNoContent, `{"email":"new@acme.example"}`)
	withdraw(http.StatusNotFound, `{"email":"new@acme.example"}`)
	c.want(http.StatusOK, http.MethodPut, invitations, `{"email":"new@acme.example","group_slug":"web"}`)
	withdraw(http.StatusNoContent, `{"email":"new@acme.example","group_slug":"web"}`)
	c.want(http.StatusOK, http.MethodPut, invitations, `{"email":"new@acme.example","group_slug":"web"}`)
	s.CancelInvitation("acme", "new@acme.example")
	if got := c.get(invitations).text; got != "[]" {
		t.Errorf("the list still holds %s", got)
	}
}

func TestInvitationsOntoRepositories(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	form := *c
	form.headers = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	const api = "/1.0/invitations/acme/api"
	got := form.want(http.StatusOK, http.MethodPost, api, "permission=write&email=new%40acme.example")
	if got.body["permission"] != "write" || got.body["email"] != "new@acme.example" || at(got.body, "repository.slug") != "api" || got.body["sent_on"] == nil {
		t.Errorf("the invitation is %s", got.text)
	}
	s.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: people.grace.UUID, Permission: simulator.Read})
	for body, status := range map[string]int{
		"permission=read&email=new%40acme.example":   http.StatusConflict,
		"permission=read&email=grace%40acme.example": http.StatusConflict,
		"permission=king&email=other%40acme.example": http.StatusBadRequest,
		"permission=read&email=other":                http.StatusBadRequest,
		"permission=read&email=%zz":                  http.StatusBadRequest,
	} {
		if got := form.want(status, http.MethodPost, api, body); got.body != nil {
			t.Errorf("%s answers %s", body, got.text)
		}
	}
	form.want(http.StatusNotFound, http.MethodPost, "/1.0/invitations/acme/none", "permission=read&email=a%40b.example")
	form.want(http.StatusNotFound, http.MethodPost, "/1.0/invitations/none/api", "permission=read&email=a%40b.example")
	if got := c.get(invitations).text; got != "[]" {
		t.Errorf("invitations onto repositories are listed: %s", got)
	}
	c.want(http.StatusNotFound, http.MethodDelete, invitations, `{"email":"new@acme.example"}`)
	c.want(http.StatusOK, http.MethodPut, "/2.0/repositories/acme/api", `{"name":"core"}`)
	s.AcceptInvitation("new@acme.example")
	grant := simulator.Grant{Workspace: "acme", Repository: "core", User: s.Snapshot().Users[40].UUID}
	if level := s.Permission(grant); level != simulator.Write {
		t.Errorf("who accepts may %s", level)
	}
	form.want(http.StatusOK, http.MethodPost, "/1.0/invitations/acme/core", "permission=admin&email=more%40acme.example")
	s.RemoveRepository("acme", "core")
	if got := s.Invitations("acme"); len(got) != 0 {
		t.Errorf("a deleted repository still invites: %v", got)
	}
}

func TestWhoMayInvite(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	for _, path := range []string{"/1.0/users/corp/invitations", "/1.0/invitations/corp/r"} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete} {
			if got := c.bitbucket.want(http.StatusMethodNotAllowed, method, path, ""); got.text != "" {
				t.Errorf("405 says %q", got.text)
			}
		}
	}
	s, acme, people := newAcme(t, simulator.Options{})
	member := acme.as(s.AddAPIToken(graceOf(s)))
	member.want(http.StatusForbidden, http.MethodGet, invitations, "")
	member.want(http.StatusForbidden, http.MethodPost, "/1.0/invitations/acme/gateway", "permission=read&email=a%40b.example")
	reader := acme.as(s.AddAPIToken(people.ada.UUID, "admin:workspace:bitbucket", "read:permission:bitbucket", "admin:repository:bitbucket"))
	reader.get(invitations)
	reader.want(http.StatusForbidden, http.MethodPut, invitations, `{"email":"a@b.example","group_slug":"web"}`)
	reader.want(http.StatusForbidden, http.MethodPost, "/1.0/invitations/acme/api", "permission=read&email=a%40b.example")
	token := acme.with(s.AddAccessToken(simulator.AccessToken{Workspace: "acme"}))
	if got := token.want(http.StatusOK, http.MethodPut, invitations, `{"email":"a@b.example","group_slug":"web"}`); at(got.body, "invited_by.nickname") != "acme" {
		t.Errorf("a token invites as %s", got.text)
	}
}
