package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// roleOnAcme is the role of a group that opens workspace acme.
func roleOnAcme(w *acctest.World) map[string]string {
	return map[string]string{simulator.WorkspaceARI(workspaceUUID(w)): "atlassian/user"}
}

// TestAPlanRefusesToChangeTheGroupOfAnIdentityProvider holds that a plan refuses to change a group that an identity provider owns, and
// still reads it.
func TestAPlanRefusesToChangeTheGroupOfAnIdentityProvider(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	sso := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: "sso-engineers", Roles: roleOnAcme(w), Members: []string{w.Linus.UUID}})
	synced := func(is bool) func() {
		return changeGroup(w, sso.ID, func(g *simulator.OrganizationGroup) { g.ExternallySynced = is })
	}
	owned := []string{
		"Unable to change group", `Group ` + sso.ID + ` ("sso-engineers") of workspace acme belongs to an identity provider`,
		"Change the group where it comes from", "permissions can be given to it", "removed block", "terraform state rm",
	}
	group := platformGroup("sso-engineers", "")
	both := w.Config(group + in(sso.ID, w.Linus.UUID))
	w.Test(t,
		refused(w, synced(true), w.Config(in(sso.ID, w.Grace.UUID)), owned...),
		refused(w, nil, w.Config(in(sso.ID, w.Linus.UUID)), owned...), // who is in it already is not taken over either: destroying would fail
		resource.TestStep{
			PreConfig: func() {
				expectNoWrites(t, w)
				synced(false)()
			},
			Config: w.Config(adopting(platform, "acme/"+sso.ID) + group), ConfigPlanChecks: planned(platform, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: both, ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
		resource.TestStep{PreConfig: reset(w, synced(true)), Config: both, ConfigPlanChecks: nothingPlanned()},
		refused(w, nil, w.Config(group), owned...),                          // the membership is removed
		refused(w, nil, w.Config(in(sso.ID, w.Linus.UUID)), owned...),       // the group is deleted
		refused(w, nil, w.Config(group+in(sso.ID, w.Grace.UUID)), owned...), // the membership is another's
		refused(w, nil, w.Config(platformGroup("Engineers", "")+in(sso.ID, w.Linus.UUID)), owned...),
		settledWith(t, w, expectMembers(t, w, sso.ID, w.Linus), both),
		resource.TestStep{ // its permissions are not the identity provider's
			Config:           strings.Replace(both+developersGrant, `"developers"`+"\n  permission", fmt.Sprintf("%q\n  permission", sso.ID), 1),
			ConfigPlanChecks: planned("bitbucket_repository_group_permission.developers", plancheck.ResourceActionCreate),
		},
		resource.TestStep{PreConfig: synced(false), Config: both, ConfigPlanChecks: planned(membership, plancheck.ResourceActionNoop)},
	)
}

// TestAPlanRefusesToDeleteAGroupThatMustStay holds that a plan refuses to delete a default group, and one that opens more than the workspace.
func TestAPlanRefusesToDeleteAGroupThatMustStay(t *testing.T) {
	t.Parallel()
	const jira = "ari:cloud:jira::site/11111111-2222-4333-8444-555555555555"
	w := acctest.NewManaged(t, simulator.Options{})
	more := roleOnAcme(w)
	more[jira] = "atlassian/user"
	shared := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: "Everybody", Roles: more}).ID
	var byDefault string
	for _, g := range w.OrganizationGroups(w.Organization) {
		if g.Default && strings.Contains(g.Name, "users") {
			byDefault = g.ID
		}
	}
	for name, tt := range map[string]struct { //nolint:paralleltest // they share one journal
		group, name string
		phrases     []string
	}{
		"a default group": {byDefault, "bitbucket-users-acme", []string{
			"must not be deleted: the organization keeps it", "It is a default group of an app", "terraform state rm",
		}},
		"a group that opens another app": {shared, "Everybody", []string{
			"gives access to more than this workspace: " + jira,
			"Deleting it would take access to the others away too", "Take its access to them away at admin.atlassian.com first", "terraform state rm",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := w.Command(t, platformGroup(tt.name, ""))
			c.Run(t, 0, "import", platform, "acme/"+tt.group)
			c.Run(t, 0, "plan", "-detailed-exitcode")
			want := says(append([]string{"Unable to change group", fmt.Sprintf("Group %s (%q) of workspace acme", tt.group, tt.name)}, tt.phrases...)...)
			for _, args := range [][]string{{"plan", "-destroy"}, {"destroy", "-auto-approve"}} {
				if output := unframed(c.Run(t, 1, args...)); !want.MatchString(output) {
					t.Errorf("%v says\n%s", args, output)
				}
				expectNoWrites(t, w)
			}
			if _, ok := w.OrganizationGroup(w.Organization, tt.group); !ok {
				t.Error("the group is gone")
			}
			acctest.Require(t, acctest.Removed)
			c.Write(t, "removed {\n  from = "+platform+"\n  lifecycle {\n    destroy = false\n  }\n}\n") // the way out
			c.Run(t, 0, "apply", "-auto-approve")
			expectNoWrites(t, w)
		})
	}
}

// unframed is what a command printed without the frame around a diagnostic.
func unframed(output string) string { return strings.ReplaceAll(output, "│", "") }

// TestAPlanRefusesSettingsThatTheAdministrationCannotChange holds that a plan refuses them, and that what is live already is no difference.
func TestAPlanRefusesSettingsThatTheAdministrationCannotChange(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	elsewhere := []string{
		"workspace acme is administered at admin.atlassian.com, where the API cannot change it", "Make the change by hand",
		"renamed at admin.atlassian.com",
		"set in Bitbucket's workspace settings",
	}
	cannot := func(what string) []string {
		return append([]string{"Unable to change group", "Change " + what + ":"}, elsewhere...)
	}
	plain := w.Config(platformGroup("Platform", ""))
	team := func() string { return teamOf(w).Slug }
	w.Test(t,
		refused(w, nil, w.Config(platformGroup("Platform", `permission = "read"`)), cannot(`the permission of group "Platform" from none to read`)...),
		refused(w, nil, w.Config(platformGroup("Platform", "auto_add = true")), cannot(`auto_add of group "Platform" to true`)...),
		resource.TestStep{PreConfig: func() { expectNoWrites(t, w) }, Config: plain, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate)},
		refused(w, nil, w.Config(platformGroup("Engineering", "")), cannot(`the name of group "Platform" to "Engineering"`)...),
		refused(w, nil, w.Config(platformGroup("platform", "")), cannot(`the name of group "Platform" to "platform"`)...),
		refused(w, nil, w.Config(platformGroup("Platform", `permission = "write"`)), cannot(`the permission of group "Platform" from none to write`)...),
		refused(w, nil, w.Config(platformGroup("Platform", "auto_add = true")), cannot(`auto_add of group "Platform" to true`)...),
		refused(w, func() { w.UpdateGroup("acme", team(), simulator.Group{Name: "Platform", Permission: simulator.Read}) }, plain,
			cannot(`the permission of group "Platform" from read to none`)...),
		settledWith(t, w, nil, w.Config(platformGroup("Platform", `permission = "read"`))), // what was done by hand is written down
		resource.TestStep{
			PreConfig: func() {
				w.UpdateGroup("acme", team(), simulator.Group{Name: "Platform"})
				changeGroup(w, team(), func(g *simulator.OrganizationGroup) { g.Name = "Engineering" })()
			},
			Config: w.Config(platformGroup("Engineering", "")), ConfigPlanChecks: nothingPlanned(),
			ConfigStateChecks: values(platform, map[string]knownvalue.Check{"name": knownvalue.StringExact("Engineering"), "permission": knownvalue.Null()}),
		},
	)
}

// TestNoGroupIsTakenOverBecauseOfItsName holds that a group is never taken over because of its name.
func TestNoGroupIsTakenOverBecauseOfItsName(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	finance := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: "Finance", Members: []string{w.Grace.UUID}}).ID
	before := w.Snapshot()
	checkErrors(t, w.Config(platformGroup("finance", "")), map[string][]string{platform: {
		"Unable to create group", `Create group "finance" of workspace acme in the organization`, finance, "has this name already, and is no group of the workspace",
		"It is not taken over, because everybody in it would get into the workspace", "Choose another name", "give it access to the workspace there",
	}})
	checkErrors(t, w.Config(platformGroup("DEVELOPERS", "")), map[string][]string{platform: {
		"Unable to create group", `group "DEVELOPERS" of workspace acme exists already with slug ` + w.Developers, "import it with the id acme/" + w.Developers,
	}})
	expectNoWrites(t, w)
	count(t, w, http.MethodPost, "/1.0/**", 0)
	expectSameWorld(t, before, w.Snapshot())
}

func TestAPlanNamesPeopleAndGroupsThatAreNotInTheOrganization(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	outsider := w.AddUser(simulator.User{DisplayName: "Mallory"})
	notIn := func(id string) []string {
		return []string{"User is not in the workspace", "User " + id + " is neither a member of workspace acme nor in organization " + w.Organization, "correct the id"}
	}
	for _, id := range []string{outsider.AccountID, outsider.UUID} {
		checkErrors(t, w.Config(in(w.Developers, id)), map[string][]string{membership: notIn(id)})
	}
	checkErrors(t, w.Config(in(w.Developers, nobodyUUID)), map[string][]string{membership: {"User is not in the workspace", "Bitbucket knows no user " + nobodyUUID}})
	expectNoWrites(t, w)

	missing := "00000000-0000-4000-8000-000000000000"
	checkErrors(t, w.Config(in(missing, w.Grace.UUID)), map[string][]string{membership: {"Unable to add group member", "Workspace acme has no group with slug " + missing}})
	finance := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: "Finance"}).ID // it has no role on the workspace
	checkErrors(t, w.Config(in(finance, w.Grace.UUID)), map[string][]string{membership: {"Unable to add group member", "Workspace acme has no group with slug " + finance}})
	expectNoWrites(t, w)
}

// TestAFullPlanIsToldApartFromAMemberWhoIsThere holds that a full plan is told apart from a member who is there already: both are 409.
func TestAFullPlanIsToldApartFromAMemberWhoIsThere(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.AddWorkspace(simulator.Workspace{Slug: "small", Organization: w.Organization, OrganizationManaged: true, SeatLimit: 2})
	w.AddMember("small", w.Ada.UUID, simulator.RoleOwner)
	group := w.AddGroup("small", simulator.Group{Name: "Team"}).Slug
	config := func(people ...simulator.User) string {
		var ids []string
		for _, u := range people {
			ids = append(ids, u.AccountID)
		}
		return w.Config(strings.ReplaceAll(membershipsConfig([]string{group}, ids), `"acme"`, `"small"`))
	}
	w.Test(t,
		resource.TestStep{Config: config(w.Grace), ConfigPlanChecks: planned("bitbucket_group_membership.n0", plancheck.ResourceActionCreate)},
		resource.TestStep{
			Config: config(w.Grace, w.Linus), ExpectError: says("Unable to add group member", "Could not add user "+w.Linus.AccountID+" to group "+group+
				" of workspace small in the organization", "409", "no seat left", "Have an administrator add seats or take access from somebody"),
		},
		resource.TestStep{PreConfig: expectMembers(t, w, group, w.Grace), Config: config(w.Grace), ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{ // Ada has a seat, and joining takes no other
			Config: config(w.Grace, w.Ada), PostApplyFunc: expectMembers(t, w, group, w.Grace, w.Ada),
		},
	)
}
