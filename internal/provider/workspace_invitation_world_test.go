package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	invitation = "bitbucket_workspace_invitation.newcomer"
	newcomer   = "margaret@example.com"

	invitations   = "/1.0/users/acme/invitations"
	toRepository  = `repo_slug = "api"` + "\n" + `permission = "write"`
	inviteThrough = "/admin/v2/orgs/*/users/invite"
)

// invitationBlock invites an address into workspace acme; arguments say to what.
func invitationBlock(email string, arguments ...string) string {
	return fmt.Sprintf("\nresource \"bitbucket_workspace_invitation\" \"newcomer\" {\n  workspace = \"acme\"\n  email = %q\n%s\n}\n", email, strings.Join(arguments, "\n"))
}

func intoGroups(groupSlugs ...string) string {
	return `group_slugs = ["` + strings.Join(groupSlugs, `", "`) + `"]`
}

// stateOf are checks of the state of an invitation into groups.
func stateOf(accepted bool, groupSlugs ...string) map[string]knownvalue.Check {
	var slugs []knownvalue.Check
	for _, slug := range groupSlugs {
		slugs = append(slugs, exact(slug))
	}
	return map[string]knownvalue.Check{
		"accepted": knownvalue.Bool(accepted), "group_slugs": knownvalue.SetExact(slugs), "repo_slug": knownvalue.Null(), "permission": knownvalue.Null(),
	}
}

// account is the person behind an address; an organization makes one of whom it invites.
func account(w *acctest.World, email string) (simulator.User, bool) {
	users := w.Snapshot().Users
	i := slices.IndexFunc(users, func(u simulator.User) bool { return strings.EqualFold(u.Email, email) })
	if i < 0 {
		return simulator.User{}, false
	}
	return users[i], true
}

// checkInvited checks which groups an address is invited into and has not followed, wherever that is kept.
func checkInvited(t *testing.T, w *acctest.World, email string, groupSlugs ...string) {
	t.Helper()
	var got []string
	for _, i := range w.Invitations("acme") {
		if strings.EqualFold(i.Email, email) && i.Repository == "" {
			got = append(got, i.Groups...)
		}
	}
	if u, ok := account(w, email); ok && w.Organization != "" && u.Invited {
		for _, g := range w.OrganizationGroups(w.Organization) {
			if slices.Contains(g.Members, u.UUID) {
				got = append(got, g.ID)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(groupSlugs)
	if !slices.Equal(got, groupSlugs) {
		t.Errorf("%s is invited into %v, want %v", email, got, groupSlugs)
	}
}

// checkInGroup checks whether a person is in a group of workspace acme.
func checkInGroup(t *testing.T, w *acctest.World, email, groupSlug string, want bool) {
	t.Helper()
	u, _ := account(w, email)
	g, _ := w.Group("acme", groupSlug)
	if got := slices.Contains(g.Members, u.UUID); got != want {
		t.Errorf("%s is in group %s: %t, want %t", email, groupSlug, got, want)
	}
}

// sent counts the invitations that were sent on their way, whether they succeeded or not.
func sent(w *acctest.World) int {
	return w.Count("PUT", invitations) + w.Count("POST", "/1.0/invitations/**") + w.Count("POST", inviteThrough)
}

// cancel withdraws an invitation by hand.
func cancel(w *acctest.World, email string) {
	if w.Organization == "" {
		w.CancelInvitation("acme", email)
		return
	}
	u, _ := account(w, email)
	w.RemoveFromOrganization(w.Organization, u.UUID)
}
