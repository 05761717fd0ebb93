package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// teamIn is a group with one member in a workspace.
func teamIn(workspace, userID string) string {
	return fmt.Sprintf(`
resource "bitbucket_group" %[1]q {
  workspace = %[1]q
  name      = "Platform"
}
resource "bitbucket_group_membership" %[1]q {
  workspace  = %[1]q
  group_slug = bitbucket_group.%[1]s.slug
  user_id    = %[2]q
}`, workspace, userID)
}

// groupIn is the group of teamIn as it is live.
func groupIn(t *testing.T, w *acctest.World, workspace string) simulator.Group {
	t.Helper()
	for _, g := range w.Groups(workspace) {
		if g.Name == "Platform" {
			return g
		}
	}
	t.Errorf("workspace %s has no group Platform", workspace)
	return simulator.Group{}
}

func expectTeam(t *testing.T, w *acctest.World, workspace, slug string, member simulator.User) {
	t.Helper()
	g := groupIn(t, w, workspace)
	if len(g.Members) != 1 || g.Members[0] != member.UUID || (len(g.Slug) == 36) != (slug == "") || slug != "" && g.Slug != slug {
		t.Errorf("workspace %s has the group %+v", workspace, g)
	}
}

// TestTheFirstWriteTellsWhoAdministersAWorkspaceWithoutGroups holds that the answer of Bitbucket to the first write tells what no group can.
func TestTheFirstWriteTellsWhoAdministersAWorkspaceWithoutGroups(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.Organization = w.AddWorkspace(simulator.Workspace{Slug: "bare", OrganizationManaged: true}).Organization
	w.Key = w.AddOrganizationKey(w.Organization)
	w.AddMember("bare", w.Ada.UUID, simulator.RoleOwner)
	w.AddMember("bare", w.Grace.UUID, simulator.RoleMember)
	before := w.Snapshot()

	checkErrors(t, withoutOrganization(w).Config(teamIn("bare", w.Ada.UUID)), map[string][]string{"bitbucket_group.bare": {
		"Unable to create group", `create group "Platform" in workspace bare`, "405",
		`workspace "bare" is administered at admin.atlassian.com; set organization`, "ATLASSIAN_ORG_ID",
	}})
	expectSameWorld(t, before, w.Snapshot())

	w.Test(t,
		resource.TestStep{
			PreConfig: reset(w), Config: w.Config(teamIn("bare", w.Grace.AccountID)),
			ConfigPlanChecks: planned("bitbucket_group.bare", plancheck.ResourceActionCreate),
			PostApplyFunc: func() {
				count(t, w, http.MethodPost, "/1.0/groups/bare", 1)
				count(t, w, http.MethodPost, orgGroups, 1)
				expectTeam(t, w, "bare", "", w.Grace)
			},
		},
		resource.TestStep{Config: w.Config(teamIn("bare", w.Grace.AccountID)), ConfigPlanChecks: nothingPlanned()},
	)
	expectSameWorld(t, before, w.Snapshot())
}

// TestAWorkspaceThatIsOnlyLinkedStaysBitbuckets holds that a workspace that is only linked to the organization stays Bitbucket's.
func TestAWorkspaceThatIsOnlyLinkedStaysBitbuckets(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(w *acctest.World){
		"without groups": func(*acctest.World) {},
		"with groups":    func(w *acctest.World) { w.AddGroup("linked", simulator.Group{Name: "Developers"}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			w.AddWorkspace(simulator.Workspace{Slug: "linked", Organization: w.Organization})
			w.AddMember("linked", w.Ada.UUID, simulator.RoleOwner)
			w.AddMember("linked", w.Grace.UUID, simulator.RoleMember)
			start(w)
			before := w.Snapshot()
			body := w.Config(teamIn("linked", w.Grace.AccountID))
			w.Test(t,
				resource.TestStep{
					Config: body, ConfigPlanChecks: planned("bitbucket_group.linked", plancheck.ResourceActionCreate),
					PostApplyFunc: func() { expectTeam(t, w, "linked", "platform", w.Grace) },
				},
				resource.TestStep{Config: strings.Replace(body, `"Platform"`, `"Engineers"`, 1), ConfigPlanChecks: planned("bitbucket_group.linked", plancheck.ResourceActionUpdate)},
				resource.TestStep{ // who is in the organization only is nobody here
					PreConfig:   func() { stranger(w, "Barbara") },
					Config:      strings.Replace(body, w.Grace.AccountID, w.Snapshot().Users[0].AccountID+"0", 1),
					ExpectError: says("User is not in the workspace", "is not a member of workspace linked"),
				},
			)
			// A workspace without groups may be the organization's: it is asked whether it has some.
			searches := w.Count(http.MethodPost, "/admin/v2/orgs/*/directories/-/groups/search")
			if asked := searches > 0; asked != (name == "without groups") {
				t.Errorf("the organization is asked for groups %d times", searches)
			}
			count(t, w, "", "/admin/**", searches)
			after := w.Snapshot()
			after.Users, after.Organizations = before.Users, before.Organizations
			expectSameWorld(t, before, after)
		})
	}
}

func TestOneConfigurationManagesBothKindsOfWorkspaces(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	otherWorkspace(w, "umbrella")
	w.AddMember("umbrella", w.Grace.UUID, simulator.RoleMember)
	before := w.Snapshot()
	body := w.Config(teamIn("acme", w.Grace.UUID) + teamIn("umbrella", w.Grace.UUID))
	with := func(permission string) string {
		umbrella := strings.Replace(teamIn("umbrella", w.Grace.UUID), `"Platform"`, `"Platform"`+"\n  permission = \""+permission+`"`, 1)
		return w.Config(teamIn("acme", w.Grace.UUID) + umbrella)
	}
	w.Test(t,
		resource.TestStep{Config: body, PostApplyFunc: func() {
			expectTeam(t, w, "acme", "", w.Grace)
			expectTeam(t, w, "umbrella", "platform", w.Grace)
			count(t, w, http.MethodPost, "/1.0/groups/umbrella", 1)
			count(t, w, http.MethodPost, "/1.0/groups/acme", 0)
			count(t, w, http.MethodPost, orgGroups, 1)
		}},
		resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
		refused(w, nil, with("loud"), "permission"),
		resource.TestStep{ // what one kind refuses the other does
			Config:           with("read"),
			ConfigPlanChecks: planned("bitbucket_group.umbrella", plancheck.ResourceActionUpdate),
		},
	)
	expectSameWorld(t, before, w.Snapshot())
}

// TestNewGroupsGoToTheRightDirectory holds where new groups go in an organization with two directories.
func TestNewGroupsGoToTheRightDirectory(t *testing.T) {
	t.Parallel()
	const first, second = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	w := acctest.NewManaged(t, simulator.Options{})
	w.Organization = w.AddOrganization(simulator.Organization{Name: "Duo", Directories: []simulator.Directory{{ID: first}, {ID: second}}}).ID
	w.Key = w.AddOrganizationKey(w.Organization)
	duo := w.AddWorkspace(simulator.Workspace{Slug: "duo", Organization: w.Organization, OrganizationManaged: true})
	w.AddMember("duo", w.Ada.UUID, simulator.RoleOwner)
	w.AddMember("duo", w.Grace.UUID, simulator.RoleMember)
	w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{ // another group, of that name
		Name: "Platform", Directory: second, Roles: map[string]string{"ari:cloud:jira-software::site/" + first: "atlassian/user"},
	})
	into := func(config, directory string) string {
		return strings.Replace(config, "organization {", fmt.Sprintf("organization {\n    directory_id = %q", directory), 1)
	}
	expectIn := func(directory string) func() {
		return func() {
			t.Helper()
			if g, _ := w.OrganizationGroup(w.Organization, groupIn(t, w, "duo").Slug); g.Directory != directory {
				t.Errorf("the group is in directory %s, want %s", g.Directory, directory)
			}
		}
	}
	group, _, _ := strings.Cut(teamIn("duo", ""), "resource \"bitbucket_group_membership\"")
	body := w.Config(teamIn("duo", w.Grace.UUID))
	w.Test(t, resource.TestStep{Config: body, PostApplyFunc: expectIn(first)}) // where the groups of the workspace are

	other := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{
		Name: "Others", Directory: second, Roles: map[string]string{simulator.WorkspaceARI(duo.UUID): "atlassian/user"},
	}).ID
	w.ResetJournal()
	checkErrors(t, body, map[string][]string{"bitbucket_group.duo": {
		"Unable to create group", "not clear which directory a new group belongs into", first, second, "Set directory_id in the organization block of the provider",
	}})
	expectNoWrites(t, w)
	checkErrors(t, into(w.Config(group), second), map[string][]string{"bitbucket_group.duo": {"has this name already, and is no group of the workspace"}})
	w.Test(t,
		resource.TestStep{Config: into(body, first), PostApplyFunc: expectIn(first)},
		resource.TestStep{Config: into(body, second), ConfigPlanChecks: nothingPlanned()}, // a group stays where it is
	)
	w.Test(t, resource.TestStep{Config: into(strings.Replace(w.Config(group), "Platform", "Engineers", 1), second), PostApplyFunc: func() {
		for _, g := range w.OrganizationGroups(w.Organization) {
			if g.Name == "Engineers" && g.Directory != second {
				t.Errorf("the group is in directory %s", g.Directory)
			}
		}
	}})
	// Grace is in the first directory only, which a plan cannot see.
	checkErrors(t, w.Config(strings.ReplaceAll(in(other, w.Grace.UUID), "acme", "duo")), map[string][]string{membership: {
		"Unable to add group member", "Could not add user " + w.Grace.UUID + " to group " + other + " of workspace duo", "404", "User not found",
		"no account in the directory that the group is in", "Invite the person first",
	}})
}
