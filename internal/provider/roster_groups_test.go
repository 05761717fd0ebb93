package provider_test

import (
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// tables saves variables of the roster.
func (r roster) tables(t *testing.T, variables string) {
	t.Helper()
	save(t, r.Command, "terraform.tfvars", variables)
}

// TestAGroupThatLeavesTheTablesIsLeftAsItIsOrNothingIsPlanned holds that no change of the tables empties a group, which max_removals does not
// see.
func TestAGroupThatLeavesTheTablesIsLeftAsItIsOrNothingIsPlanned(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r := newRoster(t, w)
	r.change(t)
	r.tables(t, `groups = { Platform = { Engineer = ["Developers"], Lead = ["Developers", "Release Managers"] } }`)
	r.export(t, adasRow, gracesRow, strings.Replace(linusRow, "Operations", "Platform", 1))
	const heading = "## A group that leaves the tables"
	shows(t, r.Run(t, 1, "plan"), heading, 0)
	expectNoWrites(t, w)
	r.Run(t, 0, "state", "rm", `bitbucket_group_members_exclusive.managed["Operators"]`)
	r.apply(t)
	want := team()
	want["Developers"] = []string{"Ada", "Grace", "Linus"}
	r.members(t, want)

	if output := r.Run(t, 1, "destroy", "-auto-approve"); !says("Instance cannot be destroyed").MatchString(output) {
		t.Errorf("it does not say what keeps it:\n%s", output)
	}
	r.members(t, want)
}

func TestAGroupThatDoesNotExistIsNamed(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r := newRoster(t, w)
	r.tables(t, `everyone = ["Everybody"]`)
	shows(t, r.refused(t, nil, `workspace acme has no group named "Everybody"`), "## The first plan", 0)
}

// TestWhomAnOrganizationHasInvitedIsPutIntoGroupsByAnInvitationOnly holds that nobody who has not signed up is added to groups one by one.
func TestWhomAnOrganizationHasInvitedIsPutIntoGroupsByAnInvitationOnly(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	r := newRoster(t, w, adasRow, gracesRow, linusRow, joinerRow)
	u := w.AddUser(simulator.User{DisplayName: "Margaret", Email: joiner, Invited: true})
	w.AddToOrganization(w.Organization, u.UUID)
	output := r.change(t, "-var", "invite=false")
	if !says("Nobody in workspace acme has the address " + joiner).MatchString(output) {
		t.Errorf("it does not name whom nothing was done for:\n%s", output)
	}
	checkInvited(t, w, joiner)
	r.members(t, team())
}
