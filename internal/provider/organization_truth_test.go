package provider_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAMemberOfAnOrganizationsGroupAlreadyIsNoFailure holds that 409 is no failure for somebody who is in the group, by whichever id.
func TestAMemberOfAnOrganizationsGroupAlreadyIsNoFailure(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	for _, id := range []string{w.Grace.AccountID, w.Grace.UUID} {
		w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
		w.Test(t,
			resource.TestStep{
				PreConfig: reset(w), Config: w.Config(in(w.Developers, id)), ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate),
				PostApplyFunc: func() { count(t, w, http.MethodPost, orgMembers, 1) },
			},
			resource.TestStep{Config: w.Config(in(w.Developers, id)), ConfigPlanChecks: nothingPlanned()},
		)
		expectMembers(t, w, w.Developers)()
	}
}

// TestWhoIsSuspendedKeepsTheGroups holds that who is suspended keeps the groups: Bitbucket shows such a person nowhere.
func TestWhoIsSuspendedKeepsTheGroups(t *testing.T) {
	t.Parallel()
	for by, id := range map[string]func(simulator.User) string{
		"account id": func(u simulator.User) string { return u.AccountID }, "UUID": func(u simulator.User) string { return u.UUID },
	} {
		t.Run("by "+by, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{BitbucketFollowsAfter: 5 * time.Second})
			config := w.Config(in(w.Developers, id(w.Grace)))
			linus := strings.Replace(in(w.Developers, id(w.Linus)), "someone", "linus", 1)
			var started time.Time
			w.Test(t,
				resource.TestStep{Config: config, ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
				resource.TestStep{
					PreConfig: reset(w, func() {
						w.SuspendInOrganization(w.Organization, w.Grace.UUID)
						w.SuspendInOrganization(w.Organization, w.Linus.UUID)
					}),
					Config: config, ConfigPlanChecks: nothingPlanned(),
				},
				resource.TestStep{
					PreConfig: func() {
						expectNoWrites(t, w)
						started = w.Clock.Now()
					},
					Config: config + linus, ConfigPlanChecks: planned("bitbucket_group_membership.linus", plancheck.ResourceActionCreate),
					PostApplyFunc: func() {
						if waited := w.Clock.Now().Sub(started); waited > time.Minute {
							t.Errorf("adding somebody who is suspended waited %v for Bitbucket to show the person", waited)
						}
					},
				},
				resource.TestStep{Config: config + linus, ConfigPlanChecks: nothingPlanned()},
				resource.TestStep{
					ResourceName: membership, ImportState: true, ImportStateId: "acme/" + w.Developers + "/" + id(w.Grace),
					ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
				},
				resource.TestStep{
					Config: config, ConfigPlanChecks: planned("bitbucket_group_membership.linus", plancheck.ResourceActionDestroy),
					PostApplyFunc: expectMembers(t, w, w.Developers, w.Grace),
				},
				resource.TestStep{
					PreConfig: func() { w.RestoreInOrganization(w.Organization, w.Grace.UUID) },
					Config:    config, ConfigPlanChecks: nothingPlanned(),
				},
			)
		})
	}
}

// TestAPersonJoinsTheWorkspaceWithItsFirstGroupAndLeavesWithTheLast holds that somebody who is in the organization only gets into the
// workspace by joining a group of it, and leaves it with the last one.
func TestAPersonJoinsTheWorkspaceWithItsFirstGroupAndLeavesWithTheLast(t *testing.T) {
	t.Parallel()
	for by, id := range map[string]func(simulator.User) string{
		"account id": func(u simulator.User) string { return u.AccountID }, "UUID": func(u simulator.User) string { return u.UUID },
	} {
		t.Run("by "+by, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 20 * time.Second})
			barbara := stranger(w, "Barbara")
			config := w.Config(in(w.Developers, id(barbara)))
			w.Test(t,
				resource.TestStep{
					Config:           config,
					ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate, afterPlan(func() { notInWorkspace(t, w, barbara) })),
					PostApplyFunc: func() {
						if !inWorkspace(w, barbara) {
							t.Error("who has joined a group is not in the workspace")
						}
					},
				},
				resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned()},
			)
			notInWorkspace(t, w, barbara)
		})
	}
}

func notInWorkspace(t *testing.T, w *acctest.World, u simulator.User) {
	t.Helper()
	if inWorkspace(w, u) {
		t.Errorf("%s is in the workspace", u.DisplayName)
	}
}

// TestWhatIsGoneFromAnOrganizationAlreadyIsNoFailure holds that what is gone when the apply comes to it is no failure.
func TestWhatIsGoneFromAnOrganizationAlreadyIsNoFailure(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]simulator.Options{
		"the administration answers 204": {}, "the administration answers 404": {AbsentMemberNotFound: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, options)
			vanish := func(name string, config string, gone func()) []resource.TestStep {
				return []resource.TestStep{
					{Config: w.Config(config), ConfigPlanChecks: planned(name, plancheck.ResourceActionCreate)},
					{Config: w.Config(config), Destroy: true, ConfigPlanChecks: planned(name, plancheck.ResourceActionDestroy, afterPlan(gone))},
				}
			}
			w.Test(t, slices.Concat(
				vanish(membership, in(w.Developers, w.Grace.UUID), func() { w.RemoveGroupMember("acme", w.Developers, w.Grace.UUID) }),
				vanish(membership, in(w.Developers, w.Linus.AccountID), func() { w.RemoveFromOrganization(w.Organization, w.Linus.UUID) }),
				vanish(platform, platformGroup("Platform", ""), func() { w.RemoveGroup("acme", teamOf(w).Slug) }),
				vanish(membership, in(w.Developers, w.Grace.AccountID), func() { w.RemoveGroup("acme", w.Developers) }),
			)...)
		})
	}
}

// TestAPlanShowsWhatWasChangedInTheAdministration holds what a plan shows of changes that were made at admin.atlassian.com.
func TestAPlanShowsWhatWasChangedInTheAdministration(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	body := w.Config(platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID))
	w.Test(t,
		resource.TestStep{Config: body, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate)},
		resource.TestStep{ // the group has lost its role: it is no group of the workspace any more
			PreConfig: func() {
				w.AddGroupMember("acme", teamOf(w).Slug, w.Linus.UUID)
				changeGroup(w, teamOf(w).Slug, func(g *simulator.OrganizationGroup) { g.Roles = nil })()
			},
			Config: body, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate),
			ExpectError: says("Unable to create group", "has this name already, and is no group of the workspace"),
		},
		resource.TestStep{
			PreConfig: func() {
				for _, g := range w.OrganizationGroups(w.Organization) {
					if g.Name == "Platform" {
						w.RemoveOrganizationGroup(w.Organization, g.ID)
					}
				}
				w.RemoveOrganizationGroupMember(w.Organization, w.Developers, w.Grace.UUID)
			},
			Config: body, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate, plancheck.ExpectResourceAction(membership, plancheck.ResourceActionCreate)),
			ConfigStateChecks: values(membership, map[string]knownvalue.Check{"user_id": knownvalue.StringExact(w.Grace.UUID)}),
		},
		resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{ // who left the organization must not hide from a drift check what else has changed
			PreConfig: reset(w, func() { w.RemoveFromOrganization(w.Organization, w.Grace.UUID) }),
			Config:    body, PlanOnly: true, ExpectNonEmptyPlan: true,
		},
		resource.TestStep{PreConfig: func() { expectNoWrites(t, w) }, Config: w.Config(platformGroup("Platform", "")), ConfigPlanChecks: nothingPlanned()},
	)
}
