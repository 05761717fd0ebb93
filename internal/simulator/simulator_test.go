package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestWritesShowAfterTheLag(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, c, people := newAcme(t, simulator.Options{Now: now.Now, VisibleAfter: 10 * time.Second})
	path := projPLAT + "/users/" + people.edsger.AccountID
	grant := simulator.Grant{Workspace: "acme", Project: "PLAT", User: people.edsger.UUID}
	seen := func(want string) {
		t.Helper()
		if got := c.get(path).body["permission"]; got != want {
			t.Errorf("the API shows %v, want %s", got, want)
		}
	}
	c.want(http.StatusOK, http.MethodPut, path, `{"permission":"read"}`)
	seen("none")
	if got := s.Permission(grant); got != "read" {
		t.Errorf("the truth is %s, want read", got)
	}
	now.advance(6 * time.Second)
	c.want(http.StatusOK, http.MethodPut, path, `{"permission":"write"}`)
	now.advance(4 * time.Second)
	seen("read")
	now.advance(6 * time.Second)
	seen("write")

	c.want(http.StatusNoContent, http.MethodDelete, "/1.0/groups/acme/web", "")
	c.get("/1.0/groups/acme/web")
	// A direct change shows at once and ends the lag of the writes before it.
	s.Grant(withLevel(grant, "admin"))
	seen("admin")
	c.want(http.StatusNotFound, http.MethodGet, "/1.0/groups/acme/web", "")

	s.SetVisibleAfter(0)
	c.want(http.StatusNoContent, http.MethodDelete, path, "")
	seen("none")
}

func TestPages(t *testing.T) {
	t.Parallel()
	_, c, _ := newAcme(t, simulator.Options{})
	path := "/2.0/repositories/acme?pagelen=25&q=is_private%3Dtrue&sort=-slug"
	first := c.get(path)
	for key, want := range map[string]any{"pagelen": 25.0, "size": 60.0, "page": 1.0, "previous": nil} {
		if first.body[key] != want {
			t.Errorf("%s is %v, want %v", key, first.body[key], want)
		}
	}
	next, _ := first.body["next"].(string)
	if !strings.HasPrefix(next, c.url+"/2.0/repositories/acme?") || !strings.Contains(next, "q=is_private%3Dtrue") || strings.Contains(next, "page=2") {
		t.Errorf("next is %q", next)
	}
	second := c.get(next)
	third := c.get(second.body["next"].(string))
	if third.body["next"] != nil || len(third.values()) != 10 || third.body["page"] != 3.0 {
		t.Errorf("the last page is %v", third.body)
	}
	if diff := cmp.Diff(second.values(), c.get(third.body["previous"].(string)).values()); diff != "" {
		t.Errorf("previous leads elsewhere (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(second.values(), c.get(path+"&page=2").values()); diff != "" {
		t.Errorf("page=2 leads elsewhere (-want +got):\n%s", diff)
	}
	if got := c.get("/2.0/repositories/acme"); len(got.values()) != 10 {
		t.Errorf("by default a page has %d rows", len(got.values()))
	}
	if got := c.get("/2.0/repositories/acme?page=99"); len(got.values()) != 0 || got.body["next"] != nil {
		t.Errorf("a page behind the end holds %s", got.text)
	}
	if got := c.get("/2.0/repositories/acme?fields=values.slug"); got.body["next"] != nil {
		t.Error("a bare fields list without next keeps next")
	}
	for query, want := range map[string]string{
		"pagelen=0": "Invalid pagelen", "pagelen=-1": "Invalid pagelen", "pagelen=101": "Invalid pagelen",
		"pagelen=x": "Invalid pagelen", "page=0": "Invalid page", "page=x": "Invalid page",
		"sort=nothing": "Invalid sort field: nothing", "q=name": `Invalid query: expected an operator after "name"`,
	} {
		got := c.want(http.StatusBadRequest, http.MethodGet, "/2.0/repositories/acme?"+query, "")
		if got.message() != want {
			t.Errorf("%s says %q, want %q", query, got.message(), want)
		}
	}
}

func TestMembersWhoLeaveTakeEverythingAlong(t *testing.T) {
	t.Parallel()
	s, _, people := newAcme(t, simulator.Options{})
	s.RemoveMember("acme", people.grace.UUID)
	for _, g := range s.Grants("acme") {
		if g.User == people.grace.UUID {
			t.Errorf("grant %+v is left", g)
		}
	}
	for _, g := range s.Groups("acme") {
		if strings.Contains(strings.Join(g.Members, " "), people.grace.UUID) {
			t.Errorf("group %s still has the member", g.Slug)
		}
	}
}

func TestWhoJoinsIsPutIntoAutoAddGroups(t *testing.T) {
	t.Parallel()
	s, _, _ := newAcme(t, simulator.Options{})
	s.AddGroup("acme", simulator.Group{Name: "Everyone", AutoAdd: true})
	u := s.AddUser(simulator.User{DisplayName: "New Comer"})
	s.AddMember("acme", u.UUID, simulator.RoleMember)
	s.RemoveGroupMember("acme", "everyone", u.UUID)
	s.AddMember("acme", u.UUID, simulator.RoleOwner)
	if g, _ := s.Group("acme", "everyone"); len(g.Members) != 0 {
		t.Errorf("a change of role joins groups again: %v", g.Members)
	}
	if _, found := s.Group("acme", "nobody"); found {
		t.Error("a group that is not there was found")
	}
}

func TestWhatIsDeletedTakesItsGrantsAlong(t *testing.T) {
	t.Parallel()
	s, _, _ := newAcme(t, simulator.Options{})
	s.RemoveGroup("acme", "developers")
	s.RemoveRepository("acme", "api")
	again := s.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "api"})
	if again.UUID == simulator.Acme().Workspaces[0].Repositories[0].UUID {
		t.Error("a repository that was made again has the uuid of the old one")
	}
	for _, g := range s.Grants("acme") {
		if g.Group == "developers" || g.Repository == "api" && g.Group != "administrators" {
			t.Errorf("grant %+v is left", g)
		}
	}
}

func TestMistakesInTestsPanic(t *testing.T) {
	t.Parallel()
	s, _, people := newAcme(t, simulator.Options{})
	ada := people.ada.UUID
	for want, mistake := range map[string]func(){
		`no workspace "nope"`:                     func() { s.AddGroup("nope", simulator.Group{Name: "x"}) },
		`workspace "acme" has no group "nope"`:    func() { s.AddGroupMember("acme", "nope", ada) },
		`user "nope" is not a member`:             func() { s.AddGroupMember("acme", "web", "nope") },
		`workspace "acme" has no role "king"`:     func() { s.AddMember("acme", ada, "king") },
		`no user "nope"`:                          func() { s.AddMember("acme", "nope", simulator.RoleMember) },
		`project "PLAT" still holds 12`:           func() { s.RemoveProject("acme", "PLAT") },
		`workspace "acme" has no repository "no"`: func() { s.RemoveRepository("acme", "no") },
		`names exactly one of user and group`:     func() { s.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT"}) },
		`names exactly one of project`:            func() { s.Permission(simulator.Grant{Workspace: "acme", Group: "web"}) },
		`permission "create-repo" is none of`: func() {
			s.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "web", Permission: "create-repo"})
		},
		`no grant`:                          func() { s.Revoke(simulator.Grant{Workspace: "acme", Repository: "api", Group: "web"}) },
		`no credential with this secret`:    func() { s.RevokeCredential("nope") },
		`e-mail ada@acme.example is taken`:  func() { s.AddUser(simulator.User{Email: "ada@acme.example"}) },
		`"x" is not a UUID in braces`:       func() { s.AddUser(simulator.User{UUID: "x"}) },
		`has a group "web" already`:         func() { s.AddGroup("acme", simulator.Group{Name: "WEB"}) },
		`workspace "acme" has no project "`: func() { s.AddAccessToken(simulator.AccessToken{Workspace: "acme", Project: "NO"}) },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panics with %q", got)
				}
			}()
			mistake()
		})
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{RequestsPerHour: 1000, VisibleAfter: time.Nanosecond})
	path := projPLAT + "/users/" + people.edsger.AccountID
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 10 {
				method, body := http.MethodGet, ""
				if i%2 == 0 {
					method, body = http.MethodPut, `{"permission":"write"}`
				}
				if got, err := send(c.request(method, path, body)); err != nil || got.status != http.StatusOK {
					t.Errorf("%s answers %d (%v)", method, got.status, err)
				}
				s.Grant(simulator.Grant{Workspace: "acme", Project: "WEB", User: people.linus.UUID, Permission: "read"})
				s.Grants("acme")
				s.Snapshot()
			}
		})
	}
	group.Wait()
	if got := s.Count("", "/2.0/**"); got != 80 {
		t.Errorf("the journal counts %d requests, want 80", got)
	}
}
