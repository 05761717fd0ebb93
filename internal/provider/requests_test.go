package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// The listings that the tests count.
const (
	repositoryListings = "/2.0/repositories/acme/api/permissions-config/*"
	peopleListings     = "/2.0/workspaces/acme/permissions"
	groupListings      = "/1.0/groups/acme"
)

// blocks writes a block for each of the items. Blocks cost Terraform far less than one for_each over as many instances.
func blocks[T any](items []T, block func(i int, item T) string) string {
	var text strings.Builder
	for i, item := range items {
		text.WriteString(block(i, item))
	}
	return text.String()
}

// repositoryGrants writes a grant on repository api for each principal.
func repositoryGrants(kind, attribute, permission string, principals []string) string {
	return blocks(principals, func(i int, id string) string {
		return fmt.Sprintf(`
resource "bitbucket_repository_%s_permission" "n%d" {
  workspace  = "acme"
  repo_slug  = "api"
  %s = %q
  permission = %q
}
`, kind, i, attribute, id, permission)
	})
}

// expectRequests demands how many requests of a kind the last command has sent.
func expectRequests(t *testing.T, w *acctest.World, method, path string, want int) {
	t.Helper()
	if got := w.Count(method, path); got != want {
		t.Errorf("%s %s: %d requests, want %d", method, path, got, want)
	}
}

func TestRefreshingFiveHundredGrantsOfOneRepositoryCostsSixListings(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	var users, groups []string
	for i := range 250 {
		users = append(users, w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).UUID)
		groups = append(groups, w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)}).Slug)
	}
	c := w.Command(t, repositoryGrants("user", "user_id", "write", users)+repositoryGrants("group", "group_slug", "read", groups))

	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodPut, repositoryListings+"/*", 500)
	expectRequests(t, w, http.MethodGet, repositoryListings, 0)

	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectRequests(t, w, http.MethodGet, repositoryListings, 6)
	expectRequests(t, w, "", "", 6)
}

func TestRefreshingFiveHundredMembershipsInTwentyGroupsCostsOneListing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	var members []string
	for i := range 500 {
		members = append(members, w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).UUID)
		if i < 20 {
			w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)})
		}
	}
	c := w.Command(t, blocks(members, func(i int, id string) string {
		return fmt.Sprintf(`
resource "bitbucket_group_membership" "n%d" {
  workspace  = "acme"
  group_slug = "group-%d"
  user_id    = %q
}
`, i, i%20, id)
	}))

	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodPut, "/1.0/groups/acme/*/members/*", 500)
	expectRequests(t, w, http.MethodGet, groupListings, 2) // who administers the groups is looked at by two processes, of the plan and of the apply

	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectRequests(t, w, http.MethodGet, groupListings, 1)
	expectRequests(t, w, "", "", 1)
}

func TestWritingAHundredGrantsCostsAHundredWrites(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	var users []string
	for i := range 100 {
		users = append(users, w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).UUID)
	}
	c := w.Command(t, repositoryGrants("user", "user_id", "read", users))

	// People are listed while planning and again while applying, which are two processes: 103 of them are two pages.
	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodPut, repositoryListings+"/*", 100)
	expectRequests(t, w, http.MethodGet, repositoryListings, 0)
	expectRequests(t, w, http.MethodGet, peopleListings, 4)
	expectRequests(t, w, "", "", 104)

	c.Write(t, repositoryGrants("user", "user_id", "write", users))
	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodPut, repositoryListings+"/*", 100)
	expectRequests(t, w, http.MethodGet, repositoryListings, 1)
	expectRequests(t, w, "", "", 101)

	c.Run(t, 0, "destroy", "-auto-approve")
	expectRequests(t, w, http.MethodDelete, repositoryListings+"/*", 100)
	expectRequests(t, w, http.MethodGet, repositoryListings, 1)
	expectRequests(t, w, "", "", 101)
}
