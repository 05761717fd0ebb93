package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestListsOfDataSourcesGoOnPastTheLargestPage holds that lists go on past Bitbucket's largest page, and questions past the most addresses it takes.
func TestListsOfDataSourcesGoOnPastTheLargestPage(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	var emails []string
	for i := range 101 {
		p := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
		emails = append(emails, fmt.Sprintf("%q", p.Email))
		w.AddProject(simulator.Project{Workspace: "acme", Key: fmt.Sprintf("P%d", i)})
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: fmt.Sprintf("r%d", i)})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: p.UUID, Permission: simulator.Read})
	}
	size := func(attribute string, n int) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{attribute: knownvalue.ListSizeExact(n)}
	}
	reading(t, w, `
data "bitbucket_users" "all" { workspace = "acme" }
data "bitbucket_users" "emails" {
  workspace = "acme"
  emails    = [`+strings.Join(emails, ", ")+`]
}
data "bitbucket_projects" "all" { workspace = "acme" }
data "bitbucket_repositories" "all" { workspace = "acme" }
data "bitbucket_repository_permissions" "api" {
  workspace = "acme"
  repo_slug = "api"
}`,
		map[string]map[string]knownvalue.Check{
			"bitbucket_users.all":                  size("users", 104),
			"bitbucket_users.emails":               {"users": knownvalue.ListSizeExact(101), "by_email": knownvalue.MapSizeExact(101)},
			"bitbucket_projects.all":               size("projects", 102),
			"bitbucket_repositories.all":           size("repositories", 102),
			"bitbucket_repository_permissions.api": size("users", 101),
		},
		map[string]int{
			"/2.0/workspaces/acme/permissions": 2, "/2.0/workspaces/acme/members": 2, "/2.0/workspaces/acme/projects": 2, "/2.0/repositories/acme": 2,
			"/2.0/repositories/acme/api/permissions-config/users": 2,
		},
	)
}

// TestDataSourcesShowWhatTheirApplyHasWritten holds that what one apply has written shows in what it reads afterwards, although the listings were
// read before.
func TestDataSourcesShowWhatTheirApplyHasWritten(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	acctest.Test(t, resource.TestStep{
		Config: memberConfig(w, "acme", "user_id", w.Grace.AccountID) + developersGrant + `
resource "bitbucket_group" "ops" {
  workspace  = "acme"
  name       = "Ops"
  permission = "read"
  depends_on = [bitbucket_group_membership.someone]
}
data "bitbucket_groups" "all" {
  workspace  = "acme"
  depends_on = [bitbucket_group.ops]
}
data "bitbucket_repository_permissions" "api" {
  workspace  = "acme"
  repo_slug  = "api"
  depends_on = [bitbucket_repository_group_permission.developers]
}`,
		ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate),
		ConfigStateChecks: append(
			values("data.bitbucket_groups.all", map[string]knownvalue.Check{"groups": list(
				object(group("Developers", "developers", "", member("developers", w.Grace))), object(group("Ops", "ops", "read")),
			)}),
			values("data.bitbucket_repository_permissions.api", map[string]knownvalue.Check{
				"users":  list(),
				"groups": list(objectOf("group_slug", "developers", "name", "Developers", "permission", "write", "import_id", "acme/api/developers")),
			})...),
	})
}
