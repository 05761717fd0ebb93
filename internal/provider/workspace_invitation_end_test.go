package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestAnInvitationThatWasWithdrawnByHandShowsAsACreate(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))
		w.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig:        func() { cancel(w, newcomer) },
				Config:           config,
				ConfigPlanChecks: planned(invitation, plancheck.ResourceActionCreate),
				PostApplyFunc:    func() { checkInvited(t, w, newcomer, w.Developers) },
			},
		)
		checkInvited(t, w, newcomer)
	})
}

func TestDestroyingAnInvitationWithdrawsWhatIsPending(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
		c := w.Command(t, invitationBlock(newcomer, intoGroups(w.Developers, ops)))
		if output := c.Run(t, 0, "apply", "-auto-approve"); strings.Count(output, "Warning:") > 1 { // one is the CLI's, about the built provider
			t.Errorf("an invitation is no reason for a warning:\n%s", output)
		}
		checkInvited(t, w, newcomer, w.Developers, ops)
		output := c.Run(t, 0, "destroy", "-auto-approve")
		checkInvited(t, w, newcomer)
		stays := says("Warning: The invitation to the organization stays", newcomer+" is out of the groups", "of workspace acme",
			"organization "+w.Organization, "without access to the workspace", "Remove the person at admin.atlassian.com")
		if managed := w.Organization != ""; stays.MatchString(output) != managed {
			t.Errorf("the warning about the organization is there: %t, want %t:\n%s", !managed, managed, output)
		}
	})
}

func TestDestroyingAnInvitationThatWasAcceptedLeavesThePersonAlone(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		for name, refresh := range map[string]string{"after a refresh": "-refresh=true", "that no refresh has seen": "-refresh=false"} {
			email := strings.ReplaceAll(name, " ", ".") + "@example.com"
			c := w.Command(t, invitationBlock(email, intoGroups(w.Developers)))
			c.Run(t, 0, "apply", "-auto-approve")
			w.AcceptInvitation(email)
			before := w.Snapshot()
			if output := c.Run(t, 0, "destroy", "-auto-approve", refresh); strings.Contains(output, "stays") {
				t.Errorf("%s: there is nothing to warn of:\n%s", name, output)
			}
			expectSameWorld(t, before, w.Snapshot())
		}
	})
}

func TestDestroyingAnInvitationThatIsGoneSucceeds(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		c := w.Command(t, invitationBlock(newcomer, intoGroups(w.Developers)))
		c.Run(t, 0, "apply", "-auto-approve")
		cancel(w, newcomer)
		c.Run(t, 0, "destroy", "-auto-approve", "-refresh=false")
	})
}

func TestAnInvitationThatWasWithdrawnFromOneGroupByHandIsReplaced(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
	config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers, ops)))
	w.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				u, _ := account(w, newcomer)
				w.RemoveOrganizationGroupMember(w.Organization, ops, u.UUID)
			},
			Config: config, ConfigPlanChecks: planned(invitation, plancheck.ResourceActionReplace),
			PostApplyFunc: func() { checkInvited(t, w, newcomer, w.Developers, ops) },
		},
	)
}

// TestAColleagueWhoIsInvitedIsInAtOnce holds that who has an account in the organization has nothing to follow, and stays when the
// resource goes.
func TestAColleagueWhoIsInvitedIsInAtOnce(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	linda := addColleague(w, "Linda")
	config := w.Config(invitationBlock(linda.Email, intoGroups(w.Developers)))
	w.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: values(invitation, stateOf(true, w.Developers))},
	)
	checkInGroup(t, w, linda.Email, w.Developers, true)
}

// A change that does not show for long is no reason to leave the rest undone.
func TestWithdrawingGoesOnToTheNextGroupWhenOneDoesNotShow(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
	w.Test(t, resource.TestStep{
		Config:           w.Config(invitationBlock(newcomer, intoGroups(w.Developers, ops))),
		ConfigPlanChecks: planned(invitation, plancheck.ResourceActionCreate),
		PostApplyFunc:    func() { w.SetOrganizationLag(5*time.Minute, 0) },
	})
	u, _ := account(w, newcomer)
	for _, g := range w.OrganizationGroups(w.Organization) {
		if slices.Contains(g.Members, u.UUID) {
			t.Errorf("the person is still in group %s", strings.TrimSpace(g.Name))
		}
	}
}

// Who has accepted and is suspended keeps the groups, as the organization does.
func TestDestroyingAnInvitationLeavesSomebodyAloneWhoHasAcceptedAndIsSuspended(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	c := w.Command(t, invitationBlock(newcomer, intoGroups(w.Developers)))
	c.Run(t, 0, "apply", "-auto-approve")
	w.AcceptInvitation(newcomer)
	u, _ := account(w, newcomer)
	w.SuspendInOrganization(w.Organization, u.UUID)
	before := w.Snapshot()
	c.Run(t, 0, "destroy", "-auto-approve")
	expectSameWorld(t, before, w.Snapshot())
}

// TestSomebodyWhoIsSuspendedIsNotInvited holds that it would not help, and that the groups of the person are not the invitation's.
func TestSomebodyWhoIsSuspendedIsNotInvited(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.SuspendInOrganization(w.Organization, w.Grace.UUID)
	before := w.Snapshot()
	checkErrors(t, w.Config(invitationBlock(w.Grace.Email, intoGroups(w.Developers))), map[string][]string{
		invitation: {"Unable to invite", w.Grace.Email, "is suspended or deactivated in the organization", "Restore the person"},
	})
	expectSameWorld(t, before, w.Snapshot())
}
