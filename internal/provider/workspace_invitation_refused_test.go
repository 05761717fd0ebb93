package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestBadInvitationsAreRefusedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	const groups = `group_slugs = ["developers"]`
	var config strings.Builder
	want := map[string][]string{}
	for name, c := range map[string]struct {
		email, arguments string
		want             []string
	}{
		"both":               {newcomer, groups + "\n" + toRepository, []string{"Invalid Attribute Combination", "one (and only one) of", "group_slugs,repo_slug"}},
		"neither":            {newcomer, "", []string{"Invalid Attribute Combination", "group_slugs,repo_slug"}},
		"permission_missing": {newcomer, `repo_slug = "api"`, []string{"Invalid Attribute Combination", `"permission" must be specified when "repo_slug"`}},
		"repository_missing": {newcomer, groups + "\n" + `permission = "read"`, []string{`"repo_slug" must be specified when "permission"`}},
		"permission_unknown": {newcomer, "repo_slug = \"api\"\npermission = \"owner\"", []string{"permission", `"owner"`}},
		"address":            {"grace", groups, []string{"Invalid email", `email: "grace" is not an e-mail address`}},
		"two_addresses":      {"a@example.com, b@example.com", groups, []string{"Invalid email"}},
		"no_groups":          {newcomer, "group_slugs = []", []string{"at least 1 elements"}},
		"null_group":         {newcomer, "group_slugs = [null]", []string{"Null Set Value"}},
		"name_for_slug":      {newcomer, `group_slugs = ["Code Owners"]`, []string{"is not the slug of a group", "code-owners"}},
	} {
		config.WriteString(strings.Replace(invitationBlock(c.email, c.arguments), `"newcomer"`, fmt.Sprintf("%q", name), 1))
		want["bitbucket_workspace_invitation."+name] = c.want
	}
	checkErrors(t, w.Config(config.String()), want)
	count(t, w, "", "", 0)
}

func TestInvitationsThatAnOrganizationCannotTakeAreRefusedInThePlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		arguments func(w *acctest.World) string
		blockless bool // the provider has no access to the organization
		want      []string
	}{
		"to a repository": {
			func(*acctest.World) string { return toRepository }, false,
			[]string{
				"Unable to invite", `workspace "acme" is administered at admin.atlassian.com, where nobody can be invited to a single repository`,
				"Invite into a group instead, with group_slugs",
			},
		},
		"into a group of an identity provider": {
			func(w *acctest.World) string { return intoGroups(w.Developers, syncedGroup(w)) }, false,
			[]string{"Unable to invite", `("sso-engineering") of workspace acme belongs to an identity provider`, "Change the group where it comes from"},
		},
		"without the organization block": {
			func(w *acctest.World) string { return intoGroups(w.Developers) }, true,
			[]string{"Unable to invite", `Workspace "acme" is administered at admin.atlassian.com; set organization { id, api_key }`, "ATLASSIAN_ORG_ID"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			arguments := c.arguments(w)
			if c.blockless {
				w.Organization = ""
			}
			checkErrors(t, w.Config(invitationBlock(newcomer, arguments)), map[string][]string{invitation: c.want})
			if n := sent(w); n > 0 {
				t.Errorf("%d invitations were sent", n)
			}
		})
	}
}

// syncedGroup adds a group of the workspace that belongs to an identity provider.
func syncedGroup(w *acctest.World) string {
	return w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{
		Name: "sso-engineering", ExternallySynced: true, Roles: map[string]string{simulator.WorkspaceARI(workspaceUUID(w)): "atlassian/user"},
	}).ID
}

// another is a managed world whose workspace acme has given way to one of another make.
func another(t *testing.T, o *simulator.Organization, ws simulator.Workspace) (w *acctest.World, groupSlug string) {
	t.Helper()
	w = acctest.NewManaged(t, simulator.Options{})
	if o != nil {
		w.Organization = w.AddOrganization(*o).ID
		w.Key = w.AddOrganizationKey(w.Organization)
	}
	ws.Organization, ws.OrganizationManaged = w.Organization, true
	w.AddWorkspace(ws)
	w.AddMember(ws.Slug, w.Ada.UUID, simulator.RoleOwner)
	return w, w.AddGroup(ws.Slug, simulator.Group{Name: "Crew"}).Slug
}

func TestInvitationsThatAreRefusedLeaveNothingInTheState(t *testing.T) {
	t.Parallel()
	in := func(workspace, block string) string {
		return strings.Replace(block, `"acme"`, fmt.Sprintf("%q", workspace), 1)
	}
	for name, c := range map[string]struct {
		arrange func(t *testing.T) (w *acctest.World, config string)
		want    []string
	}{
		"an address that Bitbucket does not take": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				w := acctest.New(t, simulator.Options{})
				return w, invitationBlock("a..b@example.com", intoGroups(w.Developers))
			},
			[]string{"Could not invite a..b@example.com into group developers of workspace acme", "400", "Invalid email address"},
		},
		"an address that Bitbucket does not take, for a repository": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				return acctest.New(t, simulator.Options{}), invitationBlock("a..b@example.com", toRepository)
			},
			[]string{"Could not invite a..b@example.com to repository acme/api", "400", "Invalid email address"},
		},
		"an address that the organization does not take": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				w := acctest.NewManaged(t, simulator.Options{})
				return w, invitationBlock("a..b@example.com", intoGroups(w.Developers))
			},
			[]string{"Could not invite a..b@example.com into groups of workspace acme through the organization", "400", "is no address"},
		},
		"a group that Bitbucket does not know": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				return acctest.New(t, simulator.Options{}), invitationBlock(newcomer, intoGroups("nobody"))
			},
			[]string{"Could not invite " + newcomer + " into group nobody of workspace acme", "404", "Group not found", "Check that everything named here exists"},
		},
		"a group that the organization does not know": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				return acctest.NewManaged(t, simulator.Options{}), invitationBlock(newcomer, intoGroups(bare(nobodyUUID)))
			},
			[]string{"Unable to invite", bare(nobodyUUID)},
		},
		"a repository that is not there": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				return acctest.New(t, simulator.Options{}), invitationBlock(newcomer, strings.Replace(toRepository, "api", "nothing", 1))
			},
			[]string{"Could not invite " + newcomer + " to repository acme/nothing", "404"},
		},
		"an organization without a paid subscription": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				w, crew := another(t, &simulator.Organization{Name: "Free", Free: true}, simulator.Workspace{Slug: "free"})
				return w, in("free", invitationBlock(newcomer, intoGroups(crew)))
			},
			[]string{
				"Could not invite " + newcomer + " into groups of workspace free through the organization", "402",
				"only for organizations with a paid subscription", "Invite the person at admin.atlassian.com",
			},
		},
		"a plan without a seat left": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				w, crew := another(t, nil, simulator.Workspace{Slug: "small", SeatLimit: 1})
				return w, in("small", invitationBlock(newcomer, intoGroups(crew)))
			},
			[]string{"Could not invite " + newcomer + " into groups of workspace small", "409", "The user limit", "no seat left", "add seats"},
		},
		"a deactivated account": {
			func(t *testing.T) (*acctest.World, string) {
				t.Helper()
				w := acctest.NewManaged(t, simulator.Options{})
				w.AddUser(simulator.User{DisplayName: "Margaret", Email: newcomer, Inactive: true})
				return w, invitationBlock(newcomer, intoGroups(w.Developers))
			},
			[]string{"Unable to invite", "the organization did not carry the invitation out", "Inactive user"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, config := c.arrange(t)
			before := w.Snapshot()
			command := w.Command(t, config)
			if output := command.Run(t, 1, "apply", "-auto-approve"); !says(c.want...).MatchString(output) {
				t.Errorf("the error does not say %q:\n%s", c.want, output)
			}
			if state := command.Run(t, 0, "state", "list"); strings.TrimSpace(state) != "" {
				t.Errorf("the state holds %s", state)
			}
			if n := sent(w); n > 1 {
				t.Errorf("the invitation was sent %d times", n)
			}
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

// TestInvitationsAndCredentials holds that invitations take the credentials that groups take.
func TestInvitationsAndCredentials(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroup("acme", simulator.Group{Name: "Ops"})
	key, secret := w.AddOAuthConsumer("acme")
	accessToken := w.AddAccessToken(simulator.AccessToken{Workspace: "acme", ReadsPermissions: true})
	oauth := fmt.Sprintf("provider \"bitbucket\" {\n  base_url = %[1]q\n  oauth_token_url = \"%[1]s/site/oauth2/access_token\"\n  oauth_client_id = %[2]q\n"+
		"  oauth_client_secret = %[3]q\n}\n", w.URL, key, secret)
	bearer := fmt.Sprintf("provider \"bitbucket\" {\n  base_url = %q\n  access_token = %q\n}\n", w.URL, accessToken)
	into := func(groupSlug string) string { return invitationBlock(newcomer, intoGroups(groupSlug)) }
	refusal := says("Unable to change invitations with an access token", "with "+invitation, "accepts no such change", "Set username and api_token")
	acctest.Test(t,
		resource.TestStep{Config: bearer + into("developers"), ExpectError: refusal},
		resource.TestStep{Config: oauth + into("developers"), PostApplyFunc: func() { checkInvited(t, w, newcomer, "developers") }},
		resource.TestStep{Config: bearer + into("developers"), ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{Config: bearer + into("ops"), ExpectError: refusal},
		resource.TestStep{Config: bearer + into("developers"), Destroy: true, ExpectError: refusal},
		resource.TestStep{Config: oauth + into("ops"), PostApplyFunc: func() { checkInvited(t, w, newcomer, "ops") }},
	)
	checkInvited(t, w, newcomer)
}
