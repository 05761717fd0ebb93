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

// TestMembershipsThatCannotBeAreRefusedUnasked holds that what cannot be is refused before anything is asked for.
func TestMembershipsThatCannotBeAreRefusedUnasked(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	acctest.Test(t, resource.TestStep{
		Config: memberConfig(w, "acme", "user_id", nobodyUUID),
		ExpectError: says("User is not in the workspace", "user "+nobodyUUID+" is not a member of workspace acme", "Invite the user first",
			"bitbucket_users"),
	})
	count(t, w, http.MethodPut, "", 0)
	w.ResetJournal()
	checkErrors(t, w.Config(`
resource "bitbucket_group_membership" "malformed" {
  workspace  = "acme"
  group_slug = "developers"
  user_id    = "grace"
}
resource "bitbucket_group_membership" "email" {
  workspace  = "acme"
  group_slug = "developers"
  user_id    = "grace@example.com"
}
resource "bitbucket_group_membership" "nobody" {
  workspace  = "acme"
  group_slug = "developers"
}
resource "bitbucket_group_membership" "name_for_slug" {
  workspace  = "acme"
  group_slug = "Code Owners"
  user_id    = "557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"
}
resource "bitbucket_group_membership" "twice" {
  workspace  = "acme"
  group_slug = "developers"
  user_id    = "557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"
  uuid       = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"
}`), map[string][]string{
		"bitbucket_group_membership.malformed":     {"Invalid user_id", `"grace" is neither a UUID such as`, "nor an Atlassian account id"},
		"bitbucket_group_membership.email":         {"Invalid user_id", `"grace@example.com" is neither`, "by e-mail address, use the data source bitbucket_user"},
		"bitbucket_group_membership.nobody":        {"one", "user_id"},
		"bitbucket_group_membership.name_for_slug": {"Invalid group_slug", `"Code Owners" is not the slug of a group`, "code-owners"},
		"bitbucket_group_membership.twice":         {"one", "uuid"},
	})
	count(t, w, "", "", 0)
}

// TestARefusedMembershipLeavesTheStateTrue holds that the state tells the truth after each request that Bitbucket refuses, and that somebody
// who is in the group already is no reason to fail, whatever Bitbucket answers.
func TestARefusedMembershipLeavesTheStateTrue(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{MemberConflict: true})
	refuse := func(method string) func() {
		return func() {
			w.Inject(simulator.Fault{Method: method, Path: membersPath, Times: 1, Status: http.StatusForbidden, Body: "Forbidden"})
		}
	}
	grace := memberConfig(w, "acme", "user_id", w.Grace.UUID)
	acctest.Test(t,
		resource.TestStep{
			PreConfig: refuse(http.MethodPut), Config: grace,
			ExpectError: says("Unable to add group member", w.Grace.UUID, "to group developers of workspace acme", "403 Forbidden"),
		},
		resource.TestStep{
			PreConfig:        func() { w.AddGroupMember("acme", "developers", w.Grace.UUID) },
			Config:           grace,
			ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate),
			PostApplyFunc:    func() { checkDevelopers(t, w, w.Grace.UUID) },
		},
		resource.TestStep{
			PreConfig: refuse(http.MethodDelete), Config: grace, Destroy: true,
			ExpectError: says("Unable to remove group member", w.Grace.UUID, "from group developers of workspace acme", "403 Forbidden"),
		},
		resource.TestStep{Config: grace, ConfigPlanChecks: nothingPlanned()},
	)
	checkDevelopers(t, w)
}

func TestAMembershipOfAnOrganizationIsRefusedWithoutAccessToIt(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddWorkspace(simulator.Workspace{Slug: "corp", OrganizationManaged: true})
	w.AddMember("corp", w.Ada.UUID, simulator.RoleOwner)
	group := w.AddGroup("corp", simulator.Group{Name: "Developers"})
	checkErrors(t, strings.Replace(memberConfig(w, "corp", "user_id", w.Ada.UUID), `"developers"`, fmt.Sprintf("%q", group.Slug), 1), map[string][]string{
		membership: {"Unable to change group", `Workspace "corp" is administered at admin.atlassian.com; set organization { id, api_key }`, "ATLASSIAN_ORG_ID"},
	})
	count(t, w, http.MethodPut, "", 0)
}
