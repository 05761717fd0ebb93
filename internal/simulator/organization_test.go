package simulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// corp is an organization with a workspace that it manages: Ada owns it, Grace is a member through group developers, and Linus is in
// the organization only.
type corp struct {
	*simulator.Simulator
	cast

	t          *testing.T
	org, ari   string
	directory  string // its path, for the organization API
	developers simulator.OrganizationGroup
	admin      *client // with a key that may do everything
	bitbucket  *client // Ada's
}

func newCorp(t *testing.T, opts simulator.Options) corp {
	t.Helper()
	s := simulator.New(opts)
	c := corp{Simulator: s, t: t, org: s.AddOrganization(simulator.Organization{Name: "Corp"}).ID}
	c.ari = simulator.WorkspaceARI(s.AddWorkspace(simulator.Workspace{Slug: "corp", OrganizationManaged: true, Organization: c.org}).UUID)
	for place, name := range map[*simulator.User]string{&c.ada: "Ada", &c.grace: "Grace", &c.linus: "Linus", &c.edsger: "Edsger"} {
		*place = s.AddUser(simulator.User{DisplayName: name, Email: strings.ToLower(name) + "@corp.example"})
	}
	for _, u := range []simulator.User{c.ada, c.grace, c.linus} {
		s.AddToOrganization(c.org, u.UUID)
	}
	c.AddOrganizationGroupMember(c.org, c.named("bitbucket-admins-corp").ID, c.ada.UUID)
	c.developers = s.AddOrganizationGroup(c.org, simulator.OrganizationGroup{
		Name: "developers", Roles: map[string]string{c.ari: "atlassian/user"}, Members: []string{c.grace.UUID},
	})
	s.AddProject(simulator.Project{Workspace: "corp", Key: "P"})
	s.AddRepository(simulator.Repository{Workspace: "corp", Slug: "r"})
	c.directory = "/admin/v2/orgs/" + c.org + "/directories/" + c.developers.Directory
	c.admin = administer(t, s, s.AddOrganizationKey(c.org))
	c.bitbucket = serve(t, s).as(s.AddAPIToken(c.ada.UUID))
	return c
}

// named finds a group of the organization.
func (c corp) named(name string) simulator.OrganizationGroup {
	c.t.Helper()
	for _, g := range c.OrganizationGroups(c.org) {
		if g.Name == name {
			return g
		}
	}
	c.t.Fatalf("no group %s", name)
	return simulator.OrganizationGroup{}
}

// group is the path of a group in the organization API.
func (c corp) group(id string) string { return c.directory + "/groups/" + id }

// people are the nicknames of the members of the workspace, as Bitbucket lists them.
func (c corp) people() []any {
	c.t.Helper()
	names := c.bitbucket.all("/2.0/workspaces/corp/members", "user.nickname")
	slices.SortFunc(names, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return names
}

// expectPeople compares them.
func (c corp) expectPeople(when string, want ...any) {
	c.t.Helper()
	if diff := cmp.Diff(want, c.people()); diff != "" {
		c.t.Errorf("%s, the members are (-want +got):\n%s", when, diff)
	}
}

func TestAWorkspaceFollowsItsOrganization(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.expectPeople("at first", "ada", "grace")
	if g, found := c.Group("corp", c.developers.ID); !found || g.UUID != g.Slug || !cmp.Equal(g.Members, []string{c.grace.UUID}) {
		t.Errorf("the group in Bitbucket is %+v", g)
	}
	for _, name := range []string{"bitbucket-users-corp", "bitbucket-admins-corp"} {
		if g := c.named(name); !g.Default || len(g.Roles) != 1 {
			t.Errorf("the default group is %+v", g)
		}
	}
	if got := c.bitbucket.get("/2.0/user/workspaces/corp/permission").body["permission"]; got != "owner" {
		t.Errorf("atlassian/admin makes an %v", got)
	}

	grant := simulator.Grant{Workspace: "corp", Project: "P", User: c.grace.UUID, Permission: simulator.Write}
	c.Grant(grant)
	c.Grant(simulator.Grant{Workspace: "corp", Repository: "r", Group: c.developers.ID, Permission: simulator.Read})
	c.SuspendInOrganization(c.org, c.grace.UUID)
	c.expectPeople("while Grace is suspended", "ada")
	if g, _ := c.OrganizationGroup(c.org, c.developers.ID); len(g.Members) != 1 {
		t.Error("who is suspended loses the groups")
	}
	again := simulator.New(simulator.Options{})
	if err := again.Load(c.Snapshot()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Snapshot(), again.Snapshot()); diff != "" {
		t.Errorf("a seed loses the suspended (-want +got):\n%s", diff)
	}
	c.RestoreInOrganization(c.org, c.grace.UUID)
	c.expectPeople("restored", "ada", "grace")
	if got := c.Permission(grant); got != simulator.Write {
		t.Errorf("who is restored has %s again", got)
	}

	c.RemoveOrganizationGroupMember(c.org, c.developers.ID, c.grace.UUID)
	c.expectPeople("without a role", "ada")
	c.AddOrganizationGroupMember(c.org, c.developers.ID, c.grace.UUID)
	if got := c.Permission(grant); got != simulator.None {
		t.Errorf("who lost the last role still has %s", got)
	}
	c.UpdateOrganizationGroup(c.org, c.developers.ID, simulator.OrganizationGroup{Name: "crew"})
	c.expectPeople("when the group has no role", "ada")
	if got := c.Grants("corp"); len(got) != 0 {
		t.Errorf("a group without a role keeps %v", got)
	}
	c.UpdateOrganizationGroup(c.org, c.developers.ID, simulator.OrganizationGroup{
		Name: "crew", Roles: map[string]string{c.ari: "atlassian/user-access-admin,atlassian/user"},
	})
	c.expectPeople("when it has one again", "ada", "grace")
	c.RemoveOrganizationGroup(c.org, c.developers.ID)
	c.expectPeople("when it is deleted", "ada")
	c.RemoveFromOrganization(c.org, c.grace.UUID)
	c.RemoveFromOrganization(c.org, c.ada.UUID)
	if got := c.Snapshot().Workspaces[0].Members; len(got) != 0 {
		t.Errorf("nobody is left but %v", got)
	}
}

func TestDirectFunctionsOfAWorkspaceReachItsOrganization(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.AddMember("corp", c.edsger.UUID, simulator.RoleMember)
	c.expectPeople("after AddMember", "ada", "edsger", "grace")
	g := c.AddGroup("corp", simulator.Group{Name: "auto", AutoAdd: true, Permission: simulator.Write, Members: []string{c.edsger.UUID}})
	c.AddMember("corp", c.linus.UUID, simulator.RoleMember)
	c.AddMember("corp", c.linus.UUID, simulator.RoleOwner)
	of, _ := c.OrganizationGroup(c.org, g.UUID)
	want := simulator.OrganizationGroup{
		ID: g.Slug, Name: "auto", Directory: c.developers.Directory, Roles: map[string]string{c.ari: "atlassian/user"},
		Members: []string{c.edsger.UUID, c.linus.UUID},
	}
	if diff := cmp.Diff(want, of); diff != "" {
		t.Errorf("the group of the organization (-want +got):\n%s", diff)
	}
	c.RemoveGroupMember("corp", g.Slug, c.edsger.UUID)
	c.AddGroupMember("corp", g.Slug, c.grace.UUID)
	renamed := c.UpdateGroup("corp", g.Slug, simulator.Group{Name: "renamed", Permission: simulator.Read})
	of, _ = c.OrganizationGroup(c.org, g.UUID)
	if of.Name != "renamed" || renamed.Permission != simulator.Read || !cmp.Equal(of.Members, []string{c.linus.UUID, c.grace.UUID}) {
		t.Errorf("the groups are %+v and %+v", renamed, of)
	}
	c.RemoveMember("corp", c.linus.UUID)
	c.RemoveMember("corp", c.grace.UUID)
	c.RemoveGroup("corp", g.Slug)
	c.expectPeople("after RemoveMember", "ada", "edsger")
	if _, found := c.OrganizationGroup(c.org, g.UUID); found {
		t.Error("the organization keeps a removed group")
	}
	if got := c.admin.get(c.directory + "/users/" + url.PathEscape(c.grace.AccountID)).body; at(got, "data.status") != "active" {
		t.Errorf("who left a workspace left the organization: %v", got)
	}
}

func TestWorkspacesMakeTheirOrganizations(t *testing.T) {
	t.Parallel()
	s := simulator.New(simulator.Options{})
	made := s.AddWorkspace(simulator.Workspace{Slug: "old", OrganizationManaged: true})
	if made.Organization == "" || len(s.OrganizationGroups(made.Organization)) != 0 {
		t.Errorf("the workspace is %+v, its groups %v", made, s.OrganizationGroups(made.Organization))
	}
	linked := s.AddWorkspace(simulator.Workspace{Slug: "linked", Organization: made.Organization})
	admin := administer(t, s, s.AddOrganizationKey(made.Organization))
	ids := admin.want(http.StatusOK, http.MethodPost, "/admin/v2/orgs/"+made.Organization+"/workspaces", "").column("id")
	if diff := cmp.Diff([]any{simulator.WorkspaceARI(made.UUID), simulator.WorkspaceARI(linked.UUID)}, ids); diff != "" {
		t.Errorf("the workspaces (-want +got):\n%s", diff)
	}
	s.AddGroup("linked", simulator.Group{Name: "Developers"})
	if got := len(s.OrganizationGroups(made.Organization)); got != 0 {
		t.Errorf("a workspace that is only linked put %d groups into the organization", got)
	}
}

func TestOrganizationSeedsSurviveTheRoundTrip(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.AddMember("corp", c.edsger.UUID, simulator.RoleOwner)
	c.AddGroup("corp", simulator.Group{Name: "auto", AutoAdd: true, Members: []string{c.grace.UUID}})
	c.UpdateOrganizationGroup(c.org, c.developers.ID, simulator.OrganizationGroup{
		Name: "developers", ExternallySynced: true, Roles: map[string]string{c.ari: "atlassian/user,atlassian/admin"},
	})
	c.AddOrganizationKey(c.org, "read:groups:admin")
	c.AddWorkspace(simulator.Workspace{Slug: "linked", Organization: c.org})
	c.AddMember("linked", c.ada.UUID, simulator.RoleOwner)
	c.AddGroup("linked", simulator.Group{Name: "Developers"})
	serve(t, c.Simulator).as(c.AddAPIToken(c.ada.UUID)).
		want(http.StatusOK, http.MethodPut, "/1.0/users/linked/invitations", `{"email":"x@corp.example","group_slug":"developers"}`)
	c.admin.want(http.StatusOK, http.MethodPost, "/admin/v2/orgs/"+c.org+"/users/invite", `{"emails":["y@corp.example"]}`)
	again := simulator.New(simulator.Options{})
	if err := again.Load(c.Snapshot()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Snapshot(), again.Snapshot()); diff != "" {
		t.Errorf("another world (-want +got):\n%s", diff)
	}
	if got := again.OrganizationGroups(c.org); len(got) != 4 {
		t.Errorf("loading made groups: %v", got)
	}
}

func TestWhatTheWorldOfOrganizationsRefuses(t *testing.T) {
	t.Parallel()
	for want, ask := range map[string]func(corp){
		`no organization "x"`: func(c corp) { c.AddOrganizationGroup("x", simulator.OrganizationGroup{Name: "x"}) },
		"is taken":            func(c corp) { c.AddOrganization(simulator.Organization{ID: c.org, Name: "x"}) },
		"name is blank":       func(c corp) { c.AddOrganization(simulator.Organization{}) },
		"has no group":        func(c corp) { c.RemoveOrganizationGroup(c.org, "x") },
		"has a group":         func(c corp) { c.AddOrganizationGroup(c.org, simulator.OrganizationGroup{Name: "Developers"}) },
		"is not a UUID":       func(c corp) { c.AddOrganizationGroup(c.org, simulator.OrganizationGroup{Name: "x", ID: "x"}) },
		"has no directory":    func(c corp) { c.AddOrganizationGroup(c.org, simulator.OrganizationGroup{Name: "x", Directory: "x"}) },
		`no role "king"`: func(c corp) {
			c.AddOrganizationGroup(c.org, simulator.OrganizationGroup{Name: "x", Roles: map[string]string{c.ari: "king"}})
		},
		"is not in the directory": func(c corp) { c.AddOrganizationGroupMember(c.org, c.developers.ID, c.edsger.UUID) },
		"is not in group":         func(c corp) { c.RemoveOrganizationGroupMember(c.org, c.developers.ID, c.linus.UUID) },
		"is not in organization":  func(c corp) { c.SuspendInOrganization(c.org, c.edsger.UUID) },
		`no user "x"`:             func(c corp) { c.AddToOrganization(c.org, "x") },
		"cannot have another": func(c corp) {
			c.UpdateOrganizationGroup(c.org, c.developers.ID, simulator.OrganizationGroup{Name: "bitbucket-users-corp"})
		},
		"nobody has invited":  func(c corp) { c.AcceptInvitation("x@corp.example") },
		"has not invited":     func(c corp) { c.CancelInvitation("corp", "x@corp.example") },
		`no organization "y"`: func(c corp) { c.AddWorkspace(simulator.Workspace{Slug: "y", Organization: "y"}) },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			c := newCorp(t, simulator.Options{})
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("panics with %q", said)
				}
			}()
			ask(c)
		})
	}
}
