package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestAnInvitationToARepository(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, invitationBlock(newcomer, toRepository))
	c.Run(t, 0, "apply", "-auto-approve")
	pending := []simulator.Invitation{{Workspace: "acme", Email: newcomer, Repository: "api", Permission: simulator.Write}}
	if got := w.Invitations("acme"); len(got) != 1 || fmt.Sprint(got) != fmt.Sprint(pending) {
		t.Errorf("the invitations are %v, want %v", got, pending)
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")

	stays := says("Warning: The invitation stays pending", "Bitbucket has no way to withdraw an invitation to a repository", "Withdraw it in the repository's settings")
	if output := c.Run(t, 0, "plan", "-destroy"); !stays.MatchString(output) {
		t.Errorf("the plan of a destroy does not say that the invitation stays:\n%s", output)
	}
	output := c.Run(t, 0, "destroy", "-auto-approve")
	if _, applied, _ := strings.Cut(output, "Destroying..."); !stays.MatchString(applied) {
		t.Errorf("the destroy does not say that the invitation stays:\n%s", output)
	}
	if got := w.Invitations("acme"); len(got) != 1 {
		t.Errorf("the invitations are %v, want %v", got, pending)
	}
}

func TestAnInvitationToARepositoryIsDoneWhenItIsAccepted(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, invitationBlock(newcomer, toRepository))
	c.Run(t, 0, "apply", "-auto-approve")
	w.AcceptInvitation(newcomer)
	c.Run(t, 0, "apply", "-auto-approve") // a plan alone does not keep what it has learned
	c.Run(t, 0, "plan", "-detailed-exitcode")
	count(t, w, "", "", 0)
	u, _ := account(w, newcomer)
	if output := c.Run(t, 0, "destroy", "-auto-approve"); strings.Contains(output, "stays pending") {
		t.Errorf("nothing is pending any more:\n%s", output)
	}
	if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", User: u.UUID}); got != simulator.Write {
		t.Errorf("the person has %s on the repository, want write", got)
	}
}

// TestAnInvitationGoesToBitbucketWhereItAdministersTheWorkspace holds that access to an organization changes nothing for the
// workspaces that are none of its.
func TestAnInvitationGoesToBitbucketWhereItAdministersTheWorkspace(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.AddWorkspace(simulator.Workspace{Slug: "own"})
	w.AddMember("own", w.Ada.UUID, simulator.RoleOwner)
	crew := w.AddGroup("own", simulator.Group{Name: "Crew"}).Slug
	config := w.Config(strings.Replace(invitationBlock(newcomer, intoGroups(crew)), `"acme"`, `"own"`, 1))
	w.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned(), PostApplyFunc: func() {
			if got := w.Invitations("own"); len(got) != 1 {
				t.Errorf("the invitations are %v", got)
			}
		}},
	)
	count(t, w, "", "/admin/**", 0)
	if got := w.Invitations("own"); len(got) != 0 {
		t.Errorf("the invitations are %v", got)
	}
}

func TestAReplacementThatCannotBeIsRefusedBeforeTheInvitationIsWithdrawn(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]func(w *acctest.World) string{
		"a group of an identity provider": func(w *acctest.World) string { return intoGroups(syncedGroup(w)) },
		"a repository":                    func(*acctest.World) string { return toRepository },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			c := w.Command(t, invitationBlock(newcomer, intoGroups(w.Developers)))
			c.Run(t, 0, "apply", "-auto-approve")
			c.Write(t, invitationBlock(newcomer, to(w)))
			c.Run(t, 1, "apply", "-auto-approve")
			checkInvited(t, w, newcomer, w.Developers)
		})
	}
}

// The advice after a lost answer is to run again: that must lead somewhere, unless the first run has settled it.
func TestRunningAgainAfterTheLostAnswerToAnInvitationToARepositorySucceeds(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.Inject(simulator.Fault{Method: "POST", Path: "/1.0/invitations/**", Times: 1, CutAfter: true})
	c := w.Command(t, invitationBlock(newcomer, toRepository))
	c.Run(t, 0, "apply", "-auto-approve")
	if n := len(w.Invitations("acme")); n != 1 {
		t.Errorf("there are %d invitations", n)
	}
}
