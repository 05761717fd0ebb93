package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// reached is a row of effective access on repository api.
func reached(u simulator.User, permission string, paths ...knownvalue.Check) knownvalue.Check {
	return object(map[string]knownvalue.Check{
		"repo_slug": exact("api"), "project_key": exact("PLAT"), "user_id": exact(u.UUID), "account_id": exact(u.AccountID), "display_name": exact(u.DisplayName),
		"permission": exact(permission), "paths": list(paths...),
	})
}

// pathTo is a path of effective access; slug and name are those of a group, "" for a person.
func pathTo(scope, permission, slug, name string) knownvalue.Check {
	return object(map[string]knownvalue.Check{"scope": exact(scope), "permission": exact(permission), "group_slug": exact(slug), "group_name": exact(name)})
}

// finding is a row of the findings of effective access.
func finding(kind, scope, about, userID, groupSlug, name, permission, reason string) knownvalue.Check {
	return object(map[string]knownvalue.Check{
		"kind": exact(kind), "scope": exact(scope), "object": exact(about), "user_id": exact(userID), "group_slug": exact(groupSlug), "name": exact(name),
		"permission": exact(permission), "reason": exact(reason),
	})
}

func TestEffectiveAccessTellsWhoMayDoWhatAndWhy(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
		w.AddGroupMember("acme", w.Developers, w.Linus.UUID)
		w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: w.Developers, Permission: simulator.CreateRepo})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: w.Developers, Permission: simulator.Read})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Write})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
		project, repository := pathTo("project", "create-repo", w.Developers, "Developers"), pathTo("repository", "read", w.Developers, "Developers")
		developers := finding("redundant_grant", "repository", "api", "", w.Developers, "Developers", "read",
			"The grant of read on repository acme/api to group Developers changes nothing: create-repo on project acme/PLAT through group Developers gives as much.")
		linus := finding("direct_beside_group", "repository", "api", w.Linus.UUID, "", "Linus", "admin",
			"The grant of admin on repository acme/api is to Linus in person, although there is create-repo on project acme/PLAT through group Developers.")
		linusOutside := finding("admin_outside_groups", "repository", "api", w.Linus.UUID, "", "Linus", "admin",
			"Linus administers repository acme/api, but is in none of the groups for administrators.")
		reading(t, w, fmt.Sprintf(`
data "bitbucket_effective_access" "api" {
  workspace  = "acme"
  repo_slugs = ["api"]
}
data "bitbucket_effective_access" "linus" {
  workspace    = "acme"
  project_keys = ["PLAT"]
  user_ids     = [%q]
  admin_groups = [%q]
}
data "bitbucket_effective_access" "nothing" {
  workspace  = "acme"
  repo_slugs = []
}`, bare(w.Linus.UUID), w.Developers), map[string]map[string]knownvalue.Check{
			"bitbucket_effective_access.api": {
				"access": list(
					reached(w.Ada, "admin", pathTo("workspace", "admin", "", "")),
					reached(w.Grace, "write", pathTo("repository", "write", "", ""), project, repository),
					reached(w.Linus, "admin", pathTo("repository", "admin", "", ""), project, repository),
				),
				"findings": list(
					finding("redundant_grant", "repository", "api", w.Grace.UUID, "", "Grace", "write",
						"The grant of write on repository acme/api to Grace changes nothing: create-repo on project acme/PLAT through group Developers gives as much."),
					developers,
					finding("direct_beside_group", "repository", "api", w.Grace.UUID, "", "Grace", "write",
						"The grant of write on repository acme/api is to Grace in person, although there is create-repo on project acme/PLAT through group Developers."),
					linus, linusOutside,
					finding("admin_outside_groups", "workspace", "acme", w.Ada.UUID, "", "Ada", "admin",
						"Ada administers workspace acme, but is in none of the groups for administrators."),
				),
			},
			"bitbucket_effective_access.linus": {
				"access":   list(reached(w.Linus, "admin", pathTo("repository", "admin", "", ""), project, repository)),
				"findings": list(developers, linus), // whoever is in the group is meant to administer
			},
			"bitbucket_effective_access.nothing": {"access": list(), "findings": list(finding("admin_outside_groups", "workspace", "acme", w.Ada.UUID, "", "Ada", "admin",
				"Ada administers workspace acme, but is in none of the groups for administrators."))},
		}, map[string]int{
			repositoryListings: 2, "/2.0/workspaces/acme/projects/PLAT/permissions-config/*": 2, groupListings: 1, peopleListings: 1, "/2.0/repositories/acme/api": 1,
			"/2.0/repositories/acme": 1,
		})
	})
}

func TestEffectiveAccessNamesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	checkErrors(t, w.Config(`
data "bitbucket_effective_access" "repository" {
  workspace  = "acme"
  repo_slugs = ["api", "apo"]
}
data "bitbucket_effective_access" "project" {
  workspace    = "acme"
  project_keys = ["PLATFORM"]
}
data "bitbucket_effective_access" "person" {
  workspace = "acme"
  user_ids  = ["557058:nobody"]
}
data "bitbucket_access_review" "group" {
  workspace    = "acme"
  admin_groups = ["administrator"]
}`), map[string][]string{
		"data.bitbucket_effective_access.repository": {"Unable to read bitbucket_effective_access", "repository acme/apo", "404"},
		"data.bitbucket_effective_access.project":    {"Unable to read bitbucket_effective_access", "project acme/PLATFORM", "404"},
		"data.bitbucket_effective_access.person":     {"nobody in workspace acme", "has the id 557058:nobody"},
		"data.bitbucket_access_review.group":         {"Unable to read bitbucket_access_review", "workspace acme has no group with slug administrator"},
	})
	checkErrors(t, w.Config(`
data "bitbucket_effective_access" "api" {
  workspace    = "acme"
  repo_slugs   = ["acme/api"]
  project_keys = ["PLAT/"]
  user_ids     = ["ada@acme.example"]
  admin_groups = ["Code Owners"]
}
data "bitbucket_access_review" "tables" {
  workspace = "acme"
  tables    = ["people"]
}`), map[string][]string{
		"data.bitbucket_effective_access.api": {"to find a person by e-mail address, use the data source bitbucket_user"},
		"data.bitbucket_access_review.tables": {`"people"`},
	})
}

// TestTheEffectiveAccessOfAcmeCostsTheFloor holds what design and documentation say: two listings of each of 60 repositories and 6 projects,
// and one each of repositories, projects, people and groups, for any number of questions.
func TestTheEffectiveAccessOfAcmeCostsTheFloor(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	if err := w.Load(simulator.Acme()); err != nil {
		t.Fatal(err)
	}
	c := w.Command(t, `
data "bitbucket_access_review" "acme" {
  workspace = "acme"
}
data "bitbucket_effective_access" "acme" {
  workspace = "acme"
}
output "rows" {
  value = length(data.bitbucket_effective_access.acme.access)
}
`, "BITBUCKET_USERNAME="+simulator.AcmeUsername, "BITBUCKET_API_TOKEN="+simulator.AcmeAPIToken)
	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, "", "", 136)
	mention(t, c.Run(t, 0, "plan", "-detailed-exitcode"), "No changes")
	expectRequests(t, w, "", "", 136)
}

func TestWhoIsSuspendedHasNoEffectiveAccess(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: w.Developers, Permission: simulator.Write})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Read})
	config := w.Config("data \"bitbucket_effective_access\" \"acme\" {\n  workspace = \"acme\"\n}\n")
	ada := reached(w.Ada, "admin", pathTo("workspace", "admin", "", ""))
	grace := reached(w.Grace, "write", pathTo("repository", "write", w.Developers, "Developers"), pathTo("repository", "read", "", ""))
	acctest.Test(t,
		resource.TestStep{Config: config, ConfigStateChecks: values("data.bitbucket_effective_access.acme", map[string]knownvalue.Check{"access": list(ada, grace)})},
		resource.TestStep{
			PreConfig:         func() { w.SuspendInOrganization(w.Organization, w.Grace.UUID) },
			Config:            config,
			ConfigStateChecks: values("data.bitbucket_effective_access.acme", map[string]knownvalue.Check{"access": list(ada)}),
		},
	)
}
