package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestSomebodyWhoIsInTheWorkspaceIsNotInvited(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		arguments := []string{intoGroups(w.Developers)}
		if w.Organization == "" {
			arguments = append(arguments, toRepository)
		}
		for _, to := range arguments {
			before := w.Snapshot()
			c := w.Command(t, invitationBlock(strings.ToUpper(w.Grace.Email), to))
			output := c.Run(t, 0, "apply", "-auto-approve")
			if want := says("Warning: Nobody was invited", "is in workspace acme already, so nothing was sent", "bitbucket_group_membership"); !want.MatchString(output) {
				t.Errorf("%s: there is no warning that nobody was invited:\n%s", to, output)
			}
			if sent(w) > 0 {
				t.Errorf("%s: somebody was invited", to)
			}
			c.Run(t, 0, "plan", "-detailed-exitcode")
			count(t, w, "", "", 0)
			c.Run(t, 0, "destroy", "-auto-approve")
			expectSameWorld(t, before, w.Snapshot())
		}
	})
}

func TestAChangeOfTheGroupsReplacesAnInvitation(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
		w.Test(t,
			resource.TestStep{Config: w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))},
			resource.TestStep{
				Config:            w.Config(invitationBlock(newcomer, intoGroups(ops))),
				ConfigPlanChecks:  planned(invitation, plancheck.ResourceActionReplace),
				ConfigStateChecks: values(invitation, stateOf(false, ops)),
				PostApplyFunc:     func() { checkInvited(t, w, newcomer, ops) },
			},
			resource.TestStep{
				Config:           w.Config(invitationBlock(newcomer, intoGroups(ops, w.Developers))),
				ConfigPlanChecks: planned(invitation, plancheck.ResourceActionReplace),
				PostApplyFunc:    func() { checkInvited(t, w, newcomer, ops, w.Developers) },
			},
			resource.TestStep{ // order is no difference
				Config:           w.Config(invitationBlock(newcomer, intoGroups(w.Developers, ops))),
				ConfigPlanChecks: nothingPlanned(),
			},
		)
	})
}

func TestTheCaseOfAnAddressIsNoDifference(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		if w.Organization != "" { // which knows the person in its own spelling
			w.AddToOrganization(w.Organization, w.AddUser(simulator.User{DisplayName: "Margaret", Email: newcomer, Invited: true}).UUID)
		} else { // as does who has invited into another group before
			w.Inject(simulator.Fault{Method: "GET", Path: invitations, Rewrite: func(body []byte) []byte {
				return []byte(strings.ReplaceAll(string(body), "Margaret@Example.com", newcomer))
			}})
		}
		config := w.Config(invitationBlock("Margaret@Example.com", intoGroups(w.Developers)))
		w.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: values(invitation, stateOf(false, w.Developers))},
		)
		checkInvited(t, w, newcomer)
	})
}

func TestPendingInvitationsShareOneListing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	emails := []string{"a@example.com", "b@example.com", "c@example.com"}
	c := w.Command(t, blocks(emails, func(i int, email string) string {
		return strings.Replace(invitationBlock(email, intoGroups(w.Developers)), `"newcomer"`, fmt.Sprintf(`"n%d"`, i), 1)
	}))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectRequests(t, w, "GET", invitations, 1)
	expectRequests(t, w, "", "", 1)
}

func TestAPendingInvitationIsImported(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))
		w.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				ResourceName: invitation, ImportState: true, ImportStateId: "acme/" + newcomer,
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "email",
			},
			resource.TestStep{ // by a block, nothing is to be changed
				Config: "import {\n  to = " + invitation + "\n  id = \"acme/" + newcomer + "\"\n}\n" + config, ConfigPlanChecks: nothingPlanned(),
			},
			resource.TestStep{
				ResourceName: invitation, ImportState: true, ImportStateId: "acme/" + w.Grace.Email,
				ExpectError: says("Unable to import invitation", "the invitation of "+w.Grace.Email+" to workspace acme has been accepted", "nothing to manage"),
			},
			resource.TestStep{
				ResourceName: invitation, ImportState: true, ImportStateId: "acme/nobody@example.com",
				ExpectError: says("Unable to import invitation", "nobody with the address nobody@example.com is invited into groups of workspace acme"),
			},
			resource.TestStep{
				ResourceName: invitation, ImportState: true, ImportStateId: newcomer,
				ExpectError: says("Unable to import invitation", "is not of the form workspace/email"),
			},
		)
	})
}

func TestAnInvitationIntoAGroupThatTheSameApplyMakes(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		config := w.Config("resource \"bitbucket_group\" \"team\" {\n  workspace = \"acme\"\n  name = \"Platform\"\n}\n" +
			invitationBlock(newcomer, "group_slugs = [bitbucket_group.team.slug]"))
		w.Test(t, resource.TestStep{
			Config: config, ConfigPlanChecks: planned(invitation, plancheck.ResourceActionCreate),
			PostApplyFunc: func() { checkInvited(t, w, newcomer, teamOf(w).Slug) },
		})
	})
}

func TestAnInvitationTakesTheWorkspaceByUUID(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		bySlug := invitationBlock(newcomer, intoGroups(w.Developers))
		byUUID := strings.Replace(bySlug, `"acme"`, fmt.Sprintf("%q", workspaceUUID(w)), 1)
		w.Test(t,
			resource.TestStep{Config: w.Config(byUUID), PostApplyFunc: func() { checkInvited(t, w, newcomer, w.Developers) }},
			resource.TestStep{Config: w.Config(bySlug), ConfigPlanChecks: nothingPlanned()},
		)
		checkInvited(t, w, newcomer)
	})
}

func TestAnInvitationIsPendingUntilItIsAcceptedAndThenCostsNothing(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))
		w.Test(t,
			resource.TestStep{
				Config:            config,
				ConfigPlanChecks:  planned(invitation, plancheck.ResourceActionCreate),
				ConfigStateChecks: values(invitation, stateOf(false, w.Developers)),
				PostApplyFunc:     func() { checkInvited(t, w, newcomer, w.Developers) },
			},
			resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: values(invitation, stateOf(false, w.Developers))},
			resource.TestStep{ // the refresh learns that the person has come
				PreConfig:         func() { w.AcceptInvitation(newcomer) },
				Config:            config,
				ConfigPlanChecks:  nothingPlanned(),
				ConfigStateChecks: values(invitation, stateOf(true, w.Developers)),
			},
			resource.TestStep{
				PreConfig:        w.ResetJournal,
				Config:           config,
				ConfigPlanChecks: nothingPlanned(afterPlan(func() { count(t, w, "", "", 0) })),
			},
			resource.TestStep{ // who is taken out again is not to come back by this
				PreConfig: func() {
					u, _ := account(w, newcomer)
					w.RemoveMember("acme", u.UUID)
				},
				Config:            config,
				ConfigPlanChecks:  nothingPlanned(),
				ConfigStateChecks: values(invitation, stateOf(true, w.Developers)),
				PostApplyFunc: func() {
					count(t, w, "", "", 0)
					checkInGroup(t, w, newcomer, w.Developers, false)
				},
			},
		)
		count(t, w, "", "", 0) // the destroy of what was accepted asks nothing either
	})
}
