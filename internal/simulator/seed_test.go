package simulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestSeedsSurviveTheRoundTrip(t *testing.T) {
	t.Parallel()
	s, _, _ := newAcme(t, simulator.Options{})
	s.AddWorkspace(simulator.Workspace{Slug: "org", OrganizationManaged: true, SeatLimit: 5})
	s.AddGroup("org", simulator.Group{Name: "site-admins"})
	s.AddAccessToken(simulator.AccessToken{Workspace: "acme", Repository: "api", ReadsPermissions: true})
	_, secret := s.AddOAuthConsumer("acme", "account")
	s.RevokeCredential(secret)
	want := s.Snapshot()

	content, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var read simulator.Seed
	if err := json.Unmarshal(content, &read); err != nil {
		t.Fatal(err)
	}
	again := simulator.New(simulator.Options{})
	if err := again.Load(read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, again.Snapshot()); diff != "" {
		t.Errorf("another world (-want +got):\n%s", diff)
	}
	if len(again.Grants("acme")) != len(simulator.Acme().Workspaces[0].Grants) {
		t.Error("loading repositories made grants that the seed does not hold")
	}
}

func TestAcmeIsTheSameOnEveryRun(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(simulator.Acme(), simulator.Acme()); diff != "" {
		t.Error(diff)
	}
	seed := simulator.Acme()
	ws := seed.Workspaces[0]
	got := []int{len(seed.Users), len(ws.Groups), len(ws.Projects), len(ws.Repositories)}
	if diff := cmp.Diff([]int{40, 8, 6, 60}, got); diff != "" || len(ws.Grants) < 200 {
		t.Errorf("Acme has %v and %d grants", got, len(ws.Grants))
	}
}

func TestAcmeHasAWorkspaceThatItsOrganizationManages(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	admin := administer(t, s, simulator.AcmeOrganizationKey)
	search := "/admin/v2/orgs/" + simulator.AcmeOrganizationID + "/directories/-/groups/search"
	want := []any{"bitbucket-users-acme-cloud", "bitbucket-admins-acme-cloud", "sso-engineering"}
	if diff := cmp.Diff(want, admin.want(http.StatusOK, http.MethodPost, search, "").column("name")); diff != "" {
		t.Errorf("the groups (-want +got):\n%s", diff)
	}
	members := c.all("/2.0/workspaces/"+simulator.AcmeManagedWorkspace+"/members", "user.uuid")
	if len(members) != 12 || members[0] != people.ada.UUID {
		t.Errorf("the members are %v", members)
	}
	users := admin.want(http.StatusOK, http.MethodPost, strings.Replace(search, "groups", "users", 1), "")
	if got := len(users.values()); got != 16 {
		t.Errorf("the organization holds %d people", got)
	}
	if got := c.get("/2.0/user/workspaces/" + simulator.AcmeManagedWorkspace + "/permission").body["permission"]; got != "owner" {
		t.Errorf("Ada is %v", got)
	}
	c.get("/2.0/repositories/" + simulator.AcmeManagedWorkspace + "/mobile-app")
}

func TestSeedErrorsNameTheEntry(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]func(*simulator.Seed, *simulator.SeedWorkspace){
		`users[1]: user "Grace Hopper": e-mail ada@acme.example is taken`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Users[1].Email = "ada@acme.example"
		},
		`workspaces[0]: workspace "": slug is blank`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) { ws.Slug, ws.Name = "", "" },
		`workspaces[0].members[2].user: no user "nobody"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Members[2].User = "nobody"
		},
		`workspaces[0].members[2]: workspace "acme" has no role "king"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Members[2].Role = "king"
		},
		`workspaces[0].groups[2].members[1]: no user "nobody"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Groups[2].Members[1] = "nobody"
		},
		`workspaces[0].groups[1]: group "developers": unknown permission "king"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Groups[1].Permission = "king"
		},
		`workspaces[0].projects[1]: workspace "acme" has a project "PLAT" already`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Projects[1].Key = "PLAT"
		},
		`workspaces[0].repositories[3]: repository "billing-service": workspace "acme" has no project "NO"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Repositories[3].Project = "NO"
		},
		`workspaces[0].grants[0].user: no user "nobody"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Grants[0].User, ws.Grants[0].Group = "nobody", ""
		},
		`workspaces[0].grants[1]: the same grant stands here twice`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Grants[1] = ws.Grants[0]
		},
		`credentials[0].kind: unknown kind "password"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Credentials[0].Kind, s.Credentials[0].Workspace = "password", "acme"
		},
		`credentials[0].user: no user "nobody"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) { s.Credentials[0].User = "nobody" },
		`credentials[0].secret: is blank`:       func(s *simulator.Seed, _ *simulator.SeedWorkspace) { s.Credentials[0].Secret = "" },
		`credentials[2].secret: is taken`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Credentials = append(s.Credentials, s.Credentials[0])
		},
		`organizations[0].people[1].user: no user "nobody"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Organizations[0].People[1].User = "nobody"
		},
		`organizations[0].people[1].roles: no role "king" on "x"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Organizations[0].People[1].Roles = map[string]string{"x": "king"}
		},
		`organizations[0].people[1].directory: organization "Acme" has no directory "none"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Organizations[0].People[1].Directory = "none"
		},
		`organizations[0].groups[1]: organization "Acme" has a group "bitbucket-users-acme-cloud" already`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Organizations[0].Groups[1].Name = s.Organizations[0].Groups[0].Name
		},
		`organizations[0].groups[1].members[0]: no user "nobody"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Organizations[0].Groups[1].Members[0] = "nobody"
		},
		`workspaces[1]: workspace "acme-cloud": no organization "none"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Workspaces[1].Organization = "none"
		},
		`workspaces[1].invitations[0]: an organization invites here`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Workspaces[1].Invitations = []simulator.Invitation{{Email: "a@b.example", Groups: []string{"web"}}}
		},
		`workspaces[0].invitations[0].email: "nobody" is not an address`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Invitations = []simulator.Invitation{{Email: "nobody", Groups: []string{"web"}}}
		},
		`workspaces[0].invitations[1].email: a@b.example is invited already`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Invitations = []simulator.Invitation{{Email: "a@b.example", Groups: []string{"web"}}, {Email: "a@b.example", Groups: []string{"web"}}}
		},
		`workspaces[0].invitations[0].groups: workspace "acme" has no group "none"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Invitations = []simulator.Invitation{{Email: "a@b.example", Groups: []string{"none"}}}
		},
		`workspaces[0].invitations[0].repository: no king on repository "api"`: func(_ *simulator.Seed, ws *simulator.SeedWorkspace) {
			ws.Invitations = []simulator.Invitation{{Email: "a@b.example", Repository: "api", Permission: "king"}}
		},
		`credentials[1].organization: no organization "none"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Credentials[1].Organization = "none"
		},
		`credentials[1].organization: is blank`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) { s.Credentials[1].Organization = "" },
		`credentials[0].project: workspace "acme" has no project "NO"`: func(s *simulator.Seed, _ *simulator.SeedWorkspace) {
			s.Credentials[0] = simulator.SeedCredential{Kind: "project-access-token", Secret: "x", Workspace: "acme", Project: "NO"}
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			seed := simulator.Acme()
			spoil(&seed, &seed.Workspaces[0])
			s := simulator.New(simulator.Options{})
			if err := s.Load(seed); err == nil || err.Error() != want {
				t.Errorf("Load says %v", err)
			}
			if left := s.Snapshot(); len(left.Users) != 0 {
				t.Error("a seed that is wrong changed the world")
			}
		})
	}
}

func TestSeedsNamePeopleByAddress(t *testing.T) {
	t.Parallel()
	var seed simulator.Seed
	err := json.NewDecoder(strings.NewReader(`{
		"users": [{"display_name": "Ada", "email": "ada@acme.example"}],
		"workspaces": [{
			"slug": "acme",
			"members": [{"user": "ada@acme.example", "role": "owner"}],
			"groups": [{"name": "Developers", "members": ["ada@acme.example"]}],
			"projects": [{"key": "PLAT"}],
			"grants": [{"project": "PLAT", "user": "ada@acme.example", "permission": "admin"}]
		}],
		"credentials": [{"kind": "api-token", "secret": "ATATT3xAda", "user": "ada@acme.example"}]
	}`)).Decode(&seed)
	if err != nil {
		t.Fatal(err)
	}
	s := simulator.New(simulator.Options{})
	if err := s.Load(seed); err != nil {
		t.Fatal(err)
	}
	c := serve(t, s).as("ada@acme.example", "ATATT3xAda")
	if got := c.get(projPLAT + "/users").column("user.nickname"); !cmp.Equal(got, []any{"ada"}) {
		t.Errorf("the users of PLAT are %v", got)
	}
}
