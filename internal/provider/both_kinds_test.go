package provider_test

import (
	"fmt"
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

// bothKinds runs a test on a workspace that Bitbucket administers and on one that an organization does.
func bothKinds(t *testing.T, opts simulator.Options, test func(t *testing.T, w *acctest.World)) {
	t.Helper()
	for name, start := range map[string]func(testing.TB, simulator.Options) *acctest.World{
		"administered in Bitbucket": acctest.New, "administered at admin.atlassian.com": acctest.NewManaged,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t, opts))
		})
	}
}

// teamConfig is a team with a group of its own, found by e-mail address, and its permission on a repository. There is no word in it
// about the kind of the workspace.
func teamConfig(w *acctest.World, emails ...string) string {
	var addresses []string
	memberships := blocks(emails, func(_ int, email string) string {
		name, _, _ := strings.Cut(email, "@")
		addresses = append(addresses, "bitbucket_group_membership."+name)
		return fmt.Sprintf(`
resource "bitbucket_group_membership" %q {
  workspace  = "acme"
  group_slug = bitbucket_group.team.slug
  user_id    = data.bitbucket_users.team.by_email[%q].account_id
}
`, name, email)
	})
	return w.Config(memberships + fmt.Sprintf(`
data "bitbucket_users" "team" {
  workspace = "acme"
  emails    = [%[1]s]
}
resource "bitbucket_group" "team" {
  workspace = "acme"
  name      = "Platform"
}
resource "bitbucket_repository_group_permission" "team" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.team.slug
  permission = "write"
}
data "bitbucket_group" "team" {
  workspace  = "acme"
  name       = bitbucket_group.team.name
  depends_on = [%[2]s]
}`, `"`+strings.Join(emails, `", "`)+`"`, strings.Join(addresses, ", ")))
}

// teamOf returns the group of the team as it is live; nil when there is none.
func teamOf(w *acctest.World) *simulator.Group {
	groups := w.Groups("acme")
	i := slices.IndexFunc(groups, func(g simulator.Group) bool { return g.Name == "Platform" })
	if i < 0 {
		return nil
	}
	return &groups[i]
}

func checkTeam(t *testing.T, w *acctest.World, members ...simulator.User) func() {
	t.Helper()
	return func() {
		t.Helper()
		team := teamOf(w)
		if team == nil {
			t.Error("the team has no group")
			return
		}
		var want []string
		for _, m := range members {
			want = append(want, m.UUID)
		}
		slices.Sort(want)
		slices.Sort(team.Members)
		if !slices.Equal(team.Members, want) {
			t.Errorf("the members of the team are %v, want %v", team.Members, want)
		}
		if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: team.Slug}); got != simulator.Write {
			t.Errorf("the team has %s on the repository, want write", got)
		}
	}
}

func TestATeamIsTheSameOnBothKindsOfWorkspace(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 20 * time.Second}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		before := w.Snapshot()
		both := teamConfig(w, w.Grace.Email, w.Linus.Email)
		const graces = "bitbucket_group_membership.grace"
		create := plancheck.ResourceActionCreate
		w.Test(t,
			resource.TestStep{
				Config:           both,
				ConfigPlanChecks: planned("bitbucket_group.team", create, plancheck.ExpectResourceAction(graces, create)),
				PostApplyFunc:    checkTeam(t, w, w.Grace, w.Linus),
				ConfigStateChecks: values("data.bitbucket_group.team", map[string]knownvalue.Check{
					"members": knownvalue.ListSizeExact(2), "permission": knownvalue.Null(),
				}),
			},
			resource.TestStep{Config: both, ConfigPlanChecks: nothingPlanned()},
			resource.TestStep{ // by UUID, it is the same person
				Config: strings.ReplaceAll(both, "account_id", "uuid"), ConfigPlanChecks: nothingPlanned(),
			},
			resource.TestStep{ // somebody takes Grace out, and puts Ada in
				PreConfig: func() {
					w.RemoveGroupMember("acme", teamOf(w).Slug, w.Grace.UUID)
					w.AddGroupMember("acme", teamOf(w).Slug, w.Ada.UUID)
				},
				Config:           both,
				ConfigPlanChecks: planned(graces, create, plancheck.ExpectResourceAction("bitbucket_group.team", plancheck.ResourceActionNoop)),
				PostApplyFunc:    checkTeam(t, w, w.Grace, w.Linus, w.Ada),
			},
			resource.TestStep{ // somebody deletes the group
				PreConfig:        func() { w.RemoveGroup("acme", teamOf(w).Slug) },
				Config:           both,
				ConfigPlanChecks: planned("bitbucket_group.team", create, plancheck.ExpectResourceAction(graces, create)),
				PostApplyFunc:    checkTeam(t, w, w.Grace, w.Linus),
			},
			resource.TestStep{ // Grace leaves the team
				Config:           teamConfig(w, w.Linus.Email),
				ConfigPlanChecks: planned(graces, plancheck.ResourceActionDestroy),
				PostApplyFunc:    checkTeam(t, w, w.Linus),
			},
			resource.TestStep{Config: teamConfig(w, w.Linus.Email), ConfigPlanChecks: nothingPlanned()},
		)
		expectSameWorld(t, before, w.Snapshot())
	})
}

// membershipsConfig is one membership for each person, spread over groups, and nothing else.
func membershipsConfig(groups []string, accounts []string) string {
	return blocks(accounts, func(i int, id string) string {
		return fmt.Sprintf(`
resource "bitbucket_group_membership" "n%d" {
  workspace  = "acme"
  group_slug = %q
  user_id    = %q
}
`, i, groups[i%len(groups)], id)
	})
}

func TestRefreshingMembershipsOfAnOrganizationCostsPagesOfGroupsAndOfMembers(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"account id", "UUID"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			var groups, ids []string
			for i := range 120 { // with the two default groups and the developers, 123 groups: two pages
				groups = append(groups, w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)}).Slug)
			}
			for i := range 250 {
				u := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
				w.AddGroupMember("acme", groups[i%2], u.UUID) // 125 in each of two groups: two pages each
				ids = append(ids, map[string]string{"account id": u.AccountID, "UUID": u.UUID}[by])
			}
			c := w.Command(t, membershipsConfig(groups[:2], ids))

			c.Run(t, 0, "apply", "-auto-approve")
			expectRequests(t, w, http.MethodPost, "/admin/**/memberships", 250)

			c.Run(t, 0, "plan", "-detailed-exitcode")
			expectRequests(t, w, http.MethodPost, "/admin/v2/orgs/*/directories/-/groups/search", 2)
			expectRequests(t, w, http.MethodPost, "/admin/v2/orgs/*/directories/-/users/search", 4)
			expectRequests(t, w, http.MethodGet, groupListings, 1)       // which kind of workspace it is, and the UUIDs
			expectRequests(t, w, http.MethodGet, "/2.0/workspaces/*", 1) // what the organization calls the workspace
			expectRequests(t, w, "", "", 8)
		})
	}
}
