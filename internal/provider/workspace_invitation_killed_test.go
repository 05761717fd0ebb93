package provider_test

import (
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAnInvitationToARepositoryThatTheStateHasLostIsNoErrorForEver holds that a run gets through after one that was killed between the
// invitation and its state. Bitbucket says 409 then; it lists no such invitation, so that none can be imported, and withdraws none.
func TestAnInvitationToARepositoryThatTheStateHasLostIsNoErrorForEver(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, invitationBlock(newcomer, toRepository))
	applied(t, c)
	c.Run(t, 0, "state", "rm", "bitbucket_workspace_invitation.newcomer")
	if output := c.Run(t, 0, "apply", "-auto-approve"); !says("Warning: Somebody is invited already", "so none was sent", "nor tell with which "+
		"permission").MatchString(output) {
		t.Errorf("the apply does not warn:\n%s", output)
	}
	expectNothingToDo(t, c)
	if n := len(w.Invitations("acme")); n != 1 {
		t.Errorf("there are %d invitations", n)
	}
}
