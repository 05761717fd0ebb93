package simulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	repoAPI  = "/2.0/repositories/acme/api/permissions-config"
	projPLAT = "/2.0/workspaces/acme/projects/PLAT/permissions-config"
)

// scopes are the two objects that carry grants.
var scopes = []struct {
	name, path string
	grant      simulator.Grant
	levels     []string
}{
	{"repository", repoAPI, simulator.Grant{Workspace: "acme", Repository: "api"}, []string{"read", "write", "admin"}},
	{"project", projPLAT, simulator.Grant{Workspace: "acme", Project: "PLAT"}, []string{"read", "write", "create-repo", "admin"}},
}

func TestGrantsComeAndGo(t *testing.T) {
	t.Parallel()
	for _, scope := range scopes {
		for _, principal := range []string{"user", "group"} {
			t.Run("a "+principal+" on a "+scope.name, func(t *testing.T) {
				t.Parallel()
				s, c, people := newAcme(t, simulator.Options{})
				grant := scope.grant
				path := scope.path + "/groups/mobile"
				grant.Group = "mobile"
				if principal == "user" {
					path = scope.path + "/users/" + url.PathEscape(people.edsger.UUID)
					grant.Group, grant.User = "", people.edsger.UUID
				}
				s.Grant(withLevel(grant, "read"))
				s.Revoke(grant)

				if got := c.get(path).body["permission"]; got != "none" {
					t.Errorf("before the grant the permission is %v, want none", got)
				}
				for _, level := range scope.levels {
					got := c.want(http.StatusOK, http.MethodPut, path, `{"permission":"`+level+`"}`)
					if got.body["permission"] != level || got.body["type"] != scope.name+"_"+principal+"_permission" {
						t.Errorf("PUT %s answered %s", level, got.text)
					}
					if s.Permission(grant) != level || c.get(path).body["permission"] != level {
						t.Errorf("after PUT %s the permission is %s", level, s.Permission(grant))
					}
				}
				c.want(http.StatusNoContent, http.MethodDelete, path, "")
				c.want(http.StatusNoContent, http.MethodDelete, path, "")
				if s.Permission(grant) != simulator.None {
					t.Errorf("after DELETE the permission is %s", s.Permission(grant))
				}
			})
		}
	}
}

func withLevel(g simulator.Grant, level string) simulator.Grant {
	g.Permission = level
	return g
}

func TestGrantWritesAreRefused(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	outsider := s.AddUser(simulator.User{DisplayName: "Out Sider"})
	grace := "/users/" + url.PathEscape(people.grace.UUID)
	for name, tt := range map[string]struct {
		path, body string
		want       int
	}{
		"none is no level to grant":             {repoAPI + "/groups/web", `{"permission":"none"}`, 400},
		"create-repo is no level of repository": {repoAPI + "/groups/web", `{"permission":"create-repo"}`, 400},
		"owner is no level":                     {projPLAT + "/groups/web", `{"permission":"owner"}`, 400},
		"a level is needed":                     {projPLAT + "/groups/web", `{}`, 400},
		"extra keys are not allowed":            {repoAPI + "/groups/web", `{"permission":"read","type":"x"}`, 400},
		"malformed JSON":                        {repoAPI + "/groups/web", `{"permission":`, 400},
		"two documents":                         {repoAPI + "/groups/web", `{"permission":"read"}{}`, 400},
		"a list is no object":                   {repoAPI + "/groups/web", `["read"]`, 400},
		"the workspace owner on a repository":   {repoAPI + "/users/" + url.PathEscape(people.ada.UUID), `{"permission":"read"}`, 400},
		"a person outside the workspace":        {repoAPI + "/users/" + url.PathEscape(outsider.UUID), `{"permission":"read"}`, 400},
		"an unknown person":                     {repoAPI + "/users/%7B00000000-0000-0000-0000-000000000000%7D", `{"permission":"read"}`, 404},
		"an unknown group":                      {projPLAT + "/groups/Web", `{"permission":"read"}`, 404},
		"an unknown repository":                 {"/2.0/repositories/acme/nothing/permissions-config" + grace, `{"permission":"read"}`, 404},
		"an unknown project":                    {"/2.0/workspaces/acme/projects/NO/permissions-config" + grace, `{"permission":"read"}`, 404},
		"an unknown workspace":                  {"/2.0/workspaces/nobody/projects/NO/permissions-config" + grace, `{"permission":"read"}`, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := s.Grants("acme")
			c := c.deliberately(name)
			c.t = t
			c.want(tt.want, http.MethodPut, tt.path, tt.body)
			if diff := cmp.Diff(before, s.Grants("acme")); diff != "" {
				t.Errorf("a refused PUT changed grants (-before +after):\n%s", diff)
			}
		})
	}
}

func TestGrantBodyMustBeJSON(t *testing.T) {
	t.Parallel()
	_, c, _ := newAcme(t, simulator.Options{})
	c = c.deliberately("a form where JSON belongs")
	c.headers.Set("Content-Type", "application/x-www-form-urlencoded")
	c.want(http.StatusBadRequest, http.MethodPut, repoAPI+"/groups/web", "permission=read")
}

func TestPeopleAreNamedByAccountIDToo(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	c.want(http.StatusOK, http.MethodPut, projPLAT+"/users/"+people.edsger.AccountID, `{"permission":"write"}`)
	if got := s.Permission(simulator.Grant{Workspace: "acme", Project: "PLAT", User: people.edsger.UUID}); got != "write" {
		t.Errorf("permission is %s, want write", got)
	}
	c.want(http.StatusNotFound, http.MethodGet, projPLAT+"/users/"+people.edsger.UUID[1:37], "")
	c.want(http.StatusNotFound, http.MethodGet, projPLAT+"/users/edsger", "")
}

func TestGrantListsHoldExplicitRowsOnly(t *testing.T) {
	t.Parallel()
	s, c, _ := newAcme(t, simulator.Options{})
	for _, scope := range scopes {
		var want []string
		for _, g := range s.Grants("acme") {
			if g.Project == scope.grant.Project && g.Repository == scope.grant.Repository {
				want = append(want, g.User+g.Group+"="+g.Permission)
			}
		}
		var got []string
		for _, list := range []struct{ path, id string }{{"/users", "user.uuid"}, {"/groups", "group.slug"}} {
			path := scope.path + list.path + `?pagelen=1&q=nonsense&sort=nonsense`
			ids, levels := c.all(path, list.id), c.all(path, "permission")
			for i := range ids {
				got = append(got, ids[i].(string)+"="+levels[i].(string))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", scope.name, diff)
		}
	}
}

func TestOnlyAdministratorsSeeAndChangeGrants(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	s.AddProject(simulator.Project{Workspace: "acme", Key: "NEW"})
	s.AddRepository(simulator.Repository{Workspace: "acme", Project: "NEW", Slug: "fresh"})
	for _, g := range s.Grants("acme") {
		if g.Repository == "fresh" {
			s.Revoke(g)
		}
	}
	edsger := c.as(s.AddAPIToken(people.edsger.UUID))
	fresh, project := "/2.0/repositories/acme/fresh/permissions-config/users", "/2.0/workspaces/acme/projects/NEW/permissions-config/users"

	if got := edsger.want(http.StatusNotFound, http.MethodGet, fresh, ""); got.message() != "Repository acme/fresh not found" {
		t.Errorf("a private repository that one may not read answers %s", got.text)
	}
	edsger.want(http.StatusForbidden, http.MethodGet, project, "")
	s.Grant(simulator.Grant{Workspace: "acme", Project: "NEW", User: people.edsger.UUID, Permission: "create-repo"})
	edsger.want(http.StatusForbidden, http.MethodGet, fresh, "")
	edsger.want(http.StatusForbidden, http.MethodPut, project+"/"+people.linus.AccountID, `{"permission":"read"}`)
	s.Grant(simulator.Grant{Workspace: "acme", Project: "NEW", User: people.edsger.UUID, Permission: "admin"})
	edsger.get(fresh)
	edsger.want(http.StatusOK, http.MethodPut, project+"/"+people.linus.AccountID, `{"permission":"read"}`)
}

func TestSwitchesOfGrants(t *testing.T) {
	t.Parallel()
	_, c, people := newAcme(t, simulator.Options{OwnerGrants: true, AbsentGrantNotFound: true, SpecLinks: true})
	c.want(http.StatusNotFound, http.MethodDelete, repoAPI+"/groups/mobile", "")
	got := c.want(http.StatusOK, http.MethodPut, repoAPI+"/users/"+people.ada.AccountID, `{"permission":"admin"}`)
	self := "https://api.bitbucket.org" + repoAPI + "/users/" + people.ada.AccountID
	if at(got.body, "links.self.href") != self {
		t.Errorf("the link of the row is %v, want %s", at(got.body, "links.self.href"), self)
	}
}

func TestSeatsOfThePlan(t *testing.T) {
	t.Parallel()
	s := simulator.New(simulator.Options{})
	s.AddWorkspace(simulator.Workspace{Slug: "small", SeatLimit: 2})
	s.AddProject(simulator.Project{Workspace: "small", Key: "P"})
	var people []simulator.User
	for range 3 {
		u := s.AddUser(simulator.User{})
		people = append(people, u)
		s.AddMember("small", u.UUID, simulator.RoleMember)
	}
	s.AddMember("small", people[0].UUID, simulator.RoleOwner)
	s.AddGroup("small", simulator.Group{Name: "Rest", Members: []string{people[2].UUID}})
	c := serve(t, s).as(s.AddAPIToken(people[0].UUID))
	path := "/2.0/workspaces/small/projects/P/permissions-config"

	c.want(http.StatusOK, http.MethodPut, path+"/users/"+people[1].AccountID, `{"permission":"read"}`)
	c.want(http.StatusOK, http.MethodPut, path+"/users/"+people[1].AccountID, `{"permission":"write"}`)
	got := c.want(http.StatusPaymentRequired, http.MethodPut, path+"/users/"+people[2].AccountID, `{"permission":"read"}`)
	if want := "You have reached your plan's user limit and must upgrade before giving access to additional users."; got.message() != want {
		t.Errorf("402 says %q", got.message())
	}
	c.want(http.StatusPaymentRequired, http.MethodPut, path+"/groups/rest", `{"permission":"read"}`)
	c.want(http.StatusNoContent, http.MethodDelete, path+"/users/"+people[1].AccountID, "")
	c.want(http.StatusOK, http.MethodPut, path+"/groups/rest", `{"permission":"read"}`)
}
