package access_test

import (
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// TestWhoIsInvitedIntoAGroupIsAmongItsMembers holds that an invitation goes into what is known of the group: an organization puts people
// into its groups at once.
func TestWhoIsInvitedIntoAGroupIsAmongItsMembers(t *testing.T) {
	t.Parallel()
	w := newManagedWorld(t, simulator.Options{}, testclock.New())
	d := w.directory(t)
	before := must(d.Members(t.Context(), cloudWorkspace, w.group))(t)
	must(d.Invite(t.Context(), cloudWorkspace, access.Invitation{Email: "guest@acme.example", GroupSlugs: []string{w.group}}))(t)
	want := must(w.directory(t).Members(t.Context(), cloudWorkspace, w.group))(t)
	got := must(d.Members(t.Context(), cloudWorkspace, w.group))(t)
	if len(want) != len(before)+1 || len(got) != len(want) {
		t.Errorf("%d members before, %d after the invitation, and the run that invited knows %d", len(before), len(want), len(got))
	}
}
