package provider_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhatIsToldOfGrantsIsEnoughToImportThem holds that what a data source tells of the grants of an object is enough to import them all, at no
// more requests than the listings take.
func TestWhatIsToldOfGrantsIsEnoughToImportThem(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.ImportExpressions)
	w := acctest.New(t, simulator.Options{})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Write})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "developers", Permission: simulator.Read})
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID, Permission: simulator.Admin})
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: "developers", Permission: simulator.CreateRepo})
	config := w.Config(`
data "bitbucket_repository_permissions" "api" {
  workspace = "acme"
  repo_slug = "api"
}
data "bitbucket_project_permissions" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
}
import {
  to = bitbucket_repository_user_permission.imported
  id = data.bitbucket_repository_permissions.api.users[0].import_id
}
import {
  to = bitbucket_project_group_permission.imported
  id = data.bitbucket_project_permissions.plat.groups[0].import_id
}
resource "bitbucket_repository_user_permission" "imported" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = data.bitbucket_repository_permissions.api.users[0].account_id
  permission = "write"
}
resource "bitbucket_project_group_permission" "imported" {
  workspace   = "acme"
  project_key = "PLAT"
  group_slug  = "developers"
  permission  = "create-repo"
}`)
	grants := func(on string, u simulator.User, level, groupLevel string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{
			"users": list(objectOf("user_id", u.UUID, "account_id", u.AccountID, "display_name", u.DisplayName, "permission", level,
				"import_id", "acme/"+on+"/"+u.UUID)),
			"groups": list(objectOf("group_slug", "developers", "name", "Developers", "permission", groupLevel, "import_id", "acme/"+on+"/developers")),
		}
	}
	acctest.Test(t, resource.TestStep{
		Config: config,
		ConfigPlanChecks: planned("bitbucket_repository_user_permission.imported", plancheck.ResourceActionNoop,
			plancheck.ExpectResourceAction("bitbucket_project_group_permission.imported", plancheck.ResourceActionNoop),
			afterPlan(func() {
				count(t, w, "", "/2.0/repositories/acme/api/permissions-config/**", 2)
				count(t, w, "", "/2.0/workspaces/acme/projects/PLAT/permissions-config/**", 2)
			})),
		ConfigStateChecks: append(
			values("data.bitbucket_repository_permissions.api", grants("api", w.Grace, "write", "read")),
			values("data.bitbucket_project_permissions.plat", grants("PLAT", w.Linus, "admin", "create-repo"))...),
		PostApplyFunc: func() { count(t, w, http.MethodPut, "", 0) },
	})
}
