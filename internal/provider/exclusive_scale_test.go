package provider_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// crowd is a group with a thousand members, who have write on repository api like a thousand groups.
type crowd struct {
	everyone      string // the slug of the group
	users, groups []string
}

func newCrowd(w *acctest.World) crowd {
	c := crowd{everyone: w.AddGroup("acme", simulator.Group{Name: "Everyone"}).Slug}
	for i := range 1000 {
		user := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).UUID
		group := w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)}).Slug
		w.AddGroupMember("acme", c.everyone, user)
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: user, Permission: simulator.Write})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: group, Permission: simulator.Write})
		c.users, c.groups = append(c.users, user), append(c.groups, group)
	}
	return c
}

// config owns the members of the group, who are to be those given, and the permissions on the repository, which are write where levels
// does not say otherwise.
func (c crowd) config(levels map[string]string, members []string) string {
	column := func(name string, ids []string) string {
		return fmt.Sprintf("  %s = {\n%s  }\n", name, blocks(ids, func(_ int, id string) string {
			if levels[id] == simulator.None {
				return ""
			}
			return fmt.Sprintf("    %q = %q\n", id, cmp.Or(levels[id], simulator.Write))
		}))
	}
	return fmt.Sprintf(`
resource "bitbucket_group_members_exclusive" "everyone" {
  workspace  = "acme"
  group_slug = %q
  user_ids   = ["%s"]
}
resource "bitbucket_repository_permissions_exclusive" "api" {
  workspace = "acme"
  repo_slug = "api"
%s%s}
`, c.everyone, strings.Join(members, `", "`), column("users", c.users), column("groups", c.groups))
}

// TestExclusiveListsOfAThousandCostTheirPagesAndTheirDifferences holds that a plan asks for the pages of the lists, however many entries of
// them are configured, and that an apply sends what differs.
func TestExclusiveListsOfAThousandCostTheirPagesAndTheirDifferences(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	everybody := newCrowd(w)
	c := w.Command(t, everybody.config(nil, everybody.users))
	listed := func() {
		t.Helper()
		expectRequests(t, w, http.MethodGet, repositoryListings, 20) // a hundred on each page
		expectRequests(t, w, http.MethodGet, groupListings, 1)
		expectRequests(t, w, "", "", 21)
	}

	c.Run(t, 0, "plan", "-out=plan.out")
	listed()
	c.Run(t, 0, "apply", "plan.out") // everything is there already; that it still is, is looked at
	listed()

	levels := map[string]string{
		everybody.users[0]: simulator.Admin, everybody.users[500]: simulator.Read,
		everybody.users[999]: simulator.None, everybody.groups[500]: simulator.None,
	}
	c.Write(t, everybody.config(levels, everybody.users[1:]))
	c.Run(t, 0, "plan", "-out=plan.out")
	listed()
	c.Run(t, 0, "apply", "plan.out")
	if sent := writes(w); len(sent) != 5 {
		t.Errorf("%d writes for 5 differences:\n%s", len(sent), strings.Join(sent, "\n"))
	}
	expectRequests(t, w, http.MethodGet, groupListings, 1) // who administers the groups is looked at by this process too
	expectRequests(t, w, "", "", 6)
}
