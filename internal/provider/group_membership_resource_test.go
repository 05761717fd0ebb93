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

const (
	membership  = "bitbucket_group_membership.someone"
	membersPath = "/1.0/groups/acme/developers/members/*"
	nobodyUUID  = "{00000000-0000-4000-8000-000000000000}"
)

// memberConfig is one managed membership of group developers; attribute names the person as user_id or by the deprecated uuid.
func memberConfig(w *acctest.World, workspace, attribute, id string) string {
	return w.Config(fmt.Sprintf(`
resource "bitbucket_group_membership" "someone" {
  workspace  = %q
  group_slug = "developers"
  %s = %q
}`, workspace, attribute, id))
}

// bare is a UUID without its braces.
func bare(uuid string) string { return strings.Trim(uuid, "{}") }

func checkDevelopers(t *testing.T, w *acctest.World, members ...string) {
	t.Helper()
	checkGroup(t, w, "developers", &simulator.Group{Name: "Developers", Members: members})
}

func TestAMembershipIsCreatedHealedAndRemoved(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroupMember("acme", "developers", w.Ada.UUID)
	grace := memberConfig(w, "acme", "user_id", w.Grace.UUID)
	acctest.Test(t,
		resource.TestStep{
			Config:           grace,
			ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate),
			ConfigStateChecks: values(membership, map[string]knownvalue.Check{
				"workspace": knownvalue.StringExact("acme"), "group_slug": knownvalue.StringExact("developers"),
				"user_id": knownvalue.StringExact(w.Grace.UUID), "uuid": knownvalue.Null(),
			}),
			PostApplyFunc: func() { checkDevelopers(t, w, w.Ada.UUID, w.Grace.UUID) },
		},
		resource.TestStep{ // other words for the same person and workspace
			Config:           memberConfig(w, workspaceUUID(w), "user_id", w.Grace.AccountID),
			ConfigPlanChecks: nothingPlanned(),
		},
		resource.TestStep{
			Config:           memberConfig(w, "acme", "user_id", strings.ToUpper(bare(w.Grace.UUID))),
			ConfigPlanChecks: nothingPlanned(),
			PostApplyFunc: func() {
				count(t, w, http.MethodPut, "", 1)
				count(t, w, http.MethodDelete, "", 0)
			},
		},
		resource.TestStep{
			ResourceName: membership, ImportState: true, ImportStateId: "acme/developers/" + w.Grace.UUID,
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
		},
		resource.TestStep{ // somebody removes Grace elsewhere
			PreConfig:        func() { w.RemoveGroupMember("acme", "developers", w.Grace.UUID) },
			Config:           grace,
			ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate),
			PostApplyFunc:    func() { checkDevelopers(t, w, w.Ada.UUID, w.Grace.UUID) },
		},
		resource.TestStep{ // by account id, and somebody else
			Config:            memberConfig(w, "acme", "user_id", w.Linus.AccountID),
			ConfigPlanChecks:  planned(membership, plancheck.ResourceActionReplace),
			ConfigStateChecks: values(membership, map[string]knownvalue.Check{"user_id": knownvalue.StringExact(w.Linus.AccountID)}),
			PostApplyFunc:     func() { checkDevelopers(t, w, w.Ada.UUID, w.Linus.UUID) },
		},
		resource.TestStep{
			ResourceName: membership, ImportState: true, ImportStateId: "acme:developers:" + w.Linus.AccountID,
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
		},
		resource.TestStep{
			ResourceName: membership, ImportState: true, ImportStateId: "acme/developers/" + w.Grace.UUID,
			ExpectError: says("Unable to import group member", w.Grace.UUID+" is not a member of group developers of workspace acme"),
		},
	)
	checkDevelopers(t, w, w.Ada.UUID)
}

// TestMovingFromTheDeprecatedUUIDChangesNoMembership holds that moving from the old name of user_id to the new one, however the person is spelled,
// changes nobody's membership.
func TestMovingFromTheDeprecatedUUIDChangesNoMembership(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	person := func(userID, uuid knownvalue.Check) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"user_id": userID, "uuid": uuid}
	}
	acctest.Test(t,
		resource.TestStep{
			Config:            memberConfig(w, "acme", "uuid", w.Grace.UUID),
			ConfigPlanChecks:  planned(membership, plancheck.ResourceActionCreate),
			ConfigStateChecks: values(membership, person(knownvalue.StringExact(w.Grace.UUID), knownvalue.StringExact(w.Grace.UUID))),
		},
		resource.TestStep{
			Config:            memberConfig(w, "acme", "user_id", w.Grace.AccountID),
			ConfigPlanChecks:  planned(membership, plancheck.ResourceActionUpdate),
			ConfigStateChecks: values(membership, person(knownvalue.StringExact(w.Grace.UUID), knownvalue.Null())),
			PostApplyFunc: func() {
				count(t, w, http.MethodPut, "", 1)
				count(t, w, http.MethodDelete, "", 0)
			},
		},
		resource.TestStep{
			Config:           memberConfig(w, "acme", "uuid", w.Linus.UUID),
			ConfigPlanChecks: planned(membership, plancheck.ResourceActionReplace),
			PostApplyFunc:    func() { checkDevelopers(t, w, w.Linus.UUID) },
		},
	)
}

// TestAMembershipWhosePersonOrGroupVanishes holds what happens when the person or the group goes away elsewhere.
func TestAMembershipWhosePersonOrGroupVanishes(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	grace := memberConfig(w, "acme", "user_id", w.Grace.UUID)
	acctest.Test(t,
		resource.TestStep{Config: grace, ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
		resource.TestStep{ // between the plan and the apply
			Config: grace, Destroy: true,
			ConfigPlanChecks: planned(membership, plancheck.ResourceActionDestroy, afterPlan(func() { w.RemoveGroupMember("acme", "developers", w.Grace.UUID) })),
		},
		resource.TestStep{Config: grace, ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
		resource.TestStep{
			PreConfig: func() { w.RemoveMember("acme", w.Grace.UUID) }, Config: grace,
			ExpectError: says("User is not in the workspace", w.Grace.UUID+" is not a member of workspace acme"),
		},
		resource.TestStep{
			PreConfig: func() {
				w.AddMember("acme", w.Grace.UUID, simulator.RoleMember)
				w.RemoveGroup("acme", "developers")
			},
			Config:           grace,
			ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate),
			ExpectError:      says("Unable to add group member", "to group developers of workspace acme", "404 Not Found", "spelled as in Bitbucket"),
		},
	)
}

// TestAMembershipOfAnUnknownWorkspaceIsPlannedAsAReplacement holds that a workspace that only the apply will name is planned as a
// replacement, because it may be another one.
func TestAMembershipOfAnUnknownWorkspaceIsPlannedAsAReplacement(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	otherWorkspace(w, "umbrella")
	w.AddMember("umbrella", w.Grace.UUID, simulator.RoleMember)
	w.AddGroup("umbrella", simulator.Group{Name: "Developers"})
	config := func(workspace string) string {
		return w.Config(fmt.Sprintf(`
resource "terraform_data" "workspace" {
  input = %q
}
resource "bitbucket_group_membership" "someone" {
  workspace  = terraform_data.workspace.output
  group_slug = "developers"
  user_id    = %q
}`, workspace, w.Grace.UUID))
	}
	acctest.Test(t,
		resource.TestStep{Config: config("acme"), ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
		resource.TestStep{
			Config: config("umbrella"), ConfigPlanChecks: planned(membership, plancheck.ResourceActionReplace),
			PostApplyFunc: func() {
				checkDevelopers(t, w)
				if g, _ := w.Group("umbrella", "developers"); len(g.Members) != 1 {
					t.Errorf("the group of the other workspace is %+v", g)
				}
			},
		},
	)
}
