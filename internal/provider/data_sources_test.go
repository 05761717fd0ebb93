package provider_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// exact is a text, of which "" is null.
func exact(text string) knownvalue.Check {
	if text == "" {
		return knownvalue.Null()
	}
	return knownvalue.StringExact(text)
}

// object is a row with exactly these attributes.
func object(attributes map[string]knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectExact(attributes)
}

// list is a list of exactly these rows.
func list(rows ...knownvalue.Check) knownvalue.Check { return knownvalue.ListExact(rows) }

// member is a person as a group of workspace acme shows one.
func member(groupSlug string, u simulator.User) knownvalue.Check {
	row := person(u, "")
	delete(row, "role")
	row["import_id"] = exact("acme/" + groupSlug + "/" + cmp.Or(u.UUID, u.AccountID))
	return object(row)
}

// person is a person as users show one.
func person(u simulator.User, role string) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{
		"uuid": exact(u.UUID), "account_id": exact(u.AccountID), "display_name": exact(u.DisplayName), "nickname": exact(u.Nickname), "role": exact(role),
	}
}

// group is a group of workspace acme; permission is "" for nothing.
func group(name, slug, permission string, members ...knownvalue.Check) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{
		"name": exact(name), "slug": exact(slug), "permission": exact(permission), "members": list(members...), "import_id": exact("acme/" + slug),
	}
}

// reading runs a configuration of data sources and checks what they tell, and how many requests of a kind its plan makes.
func reading(t *testing.T, w *acctest.World, config string, want map[string]map[string]knownvalue.Check, requests map[string]int) {
	t.Helper()
	var checks []statecheck.StateCheck
	for address, attributes := range want {
		checks = append(checks, values("data."+address, attributes)...)
	}
	acctest.Test(t, resource.TestStep{
		Config: w.Config(config),
		ConfigPlanChecks: nothingPlanned(afterPlan(func() {
			for path, n := range requests {
				count(t, w, http.MethodGet, path, n)
			}
		})),
		ConfigStateChecks: checks,
	})
}

func TestDataSources_people(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroupMember("acme", "developers", w.Grace.UUID)
	reading(t, w, fmt.Sprintf(`
data "bitbucket_current_user" "me" {}
data "bitbucket_user" "uuid" {
  workspace = "acme"
  user_id   = %q
}
data "bitbucket_user" "account" {
  workspace = %q
  user_id   = %q
}
data "bitbucket_user" "email" {
  workspace = "acme"
  email     = %q
}
data "bitbucket_user" "nickname" {
  workspace = "acme"
  nickname  = %q
}
data "bitbucket_users" "all" {
  workspace = "acme"
}
data "bitbucket_users" "emails" {
  workspace = "acme"
  emails    = [%q, %q]
}
data "bitbucket_users" "group" {
  workspace  = "acme"
  group_slug = "developers"
}
data "bitbucket_users" "owners" {
  workspace = "acme"
  role      = "owner"
}
data "bitbucket_users" "every_argument" {
  workspace  = "acme"
  emails     = [%[6]q, %[7]q]
  group_slug = "developers"
  role       = "member"
}`, bare(w.Linus.UUID), workspaceUUID(w), w.Grace.AccountID, strings.ToUpper(w.Linus.Email), w.Ada.Nickname, w.Grace.Email, w.Linus.Email),
		map[string]map[string]knownvalue.Check{
			"bitbucket_current_user.me": {
				"uuid": exact(w.Ada.UUID), "account_id": exact(w.Ada.AccountID), "display_name": exact("Ada"), "nickname": exact(w.Ada.Nickname),
				"credential": exact("API token"), "scopes": knownvalue.ListSizeExact(12),
			},
			"bitbucket_user.uuid":     with(person(w.Linus, "member"), "user_id", exact(bare(w.Linus.UUID)), "email", exact("")),
			"bitbucket_user.account":  with(person(w.Grace, "member"), "user_id", exact(w.Grace.AccountID)),
			"bitbucket_user.email":    with(person(w.Linus, "member"), "user_id", exact(w.Linus.UUID), "email", exact(strings.ToUpper(w.Linus.Email))),
			"bitbucket_user.nickname": with(person(w.Ada, "owner"), "user_id", exact(w.Ada.UUID)),
			"bitbucket_users.all": {
				"users":    list(object(person(w.Ada, "owner")), object(person(w.Grace, "member")), object(person(w.Linus, "member"))),
				"by_email": knownvalue.Null(),
			},
			"bitbucket_users.emails": {
				"users": list(object(person(w.Grace, "")), object(person(w.Linus, ""))), // roles would cost a listing of all
				"by_email": knownvalue.MapExact(map[string]knownvalue.Check{
					w.Grace.Email: object(person(w.Grace, "")), w.Linus.Email: object(person(w.Linus, "")),
				}),
			},
			"bitbucket_users.group":  {"users": list(object(person(w.Grace, "member")))},
			"bitbucket_users.owners": {"users": list(object(person(w.Ada, "owner")))},
			"bitbucket_users.every_argument": {
				"users":    list(object(person(w.Grace, "member"))),
				"by_email": knownvalue.MapExact(map[string]knownvalue.Check{w.Grace.Email: object(person(w.Grace, "member"))}),
			},
		},
		map[string]int{"/2.0/user": 1, "/2.0/workspaces/acme/permissions": 1, "/1.0/groups/acme": 1, "/2.0/workspaces/acme/members": 3},
	)
}

// with adds attributes to those of a row: names and checks in turn.
func with(row map[string]knownvalue.Check, name string, check knownvalue.Check, more ...any) map[string]knownvalue.Check {
	row[name] = check
	for i := 0; i < len(more); i += 2 {
		row[more[i].(string)] = more[i+1].(knownvalue.Check)
	}
	return row
}

func TestDataSources_objects(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroup("acme", simulator.Group{Name: "Code Owners", Permission: simulator.Write, Members: []string{w.Grace.UUID}})
	w.AddWorkspace(simulator.Workspace{Slug: "corp", Name: "Corp", OrganizationManaged: true})
	w.AddMember("corp", w.Ada.UUID, simulator.RoleOwner)
	w.AddGroup("corp", simulator.Group{Name: "Everyone"})
	w.AddWorkspace(simulator.Workspace{Slug: "umbrella", Name: "Umbrella"})
	w.AddMember("umbrella", w.Ada.UUID, simulator.RoleMember)
	w.AddWorkspace(simulator.Workspace{Slug: "foreign"})
	site := w.AddProject(simulator.Project{Workspace: "acme", Key: "SITE", Name: "Site", Description: "What the world sees.", Public: true})
	docs := w.AddRepository(simulator.Repository{Workspace: "acme", Project: "SITE", Slug: "docs", Name: "Docs", Description: "Words.", Public: true})

	workspaces := map[string]map[string]knownvalue.Check{}
	for _, ws := range w.Snapshot().Workspaces {
		workspaces[ws.Slug] = map[string]knownvalue.Check{
			"uuid": exact(ws.UUID), "slug": exact(ws.Slug), "name": exact(ws.Name), "administrator": knownvalue.Bool(ws.Slug != "umbrella"),
			"administered_by": exact(map[string]string{"acme": "bitbucket", "corp": "organization"}[ws.Slug]),
		}
	}
	developers := group("Developers", "developers", "")
	owners := group("Code Owners", "code-owners", "write", member("code-owners", w.Grace))
	siteRow := map[string]knownvalue.Check{
		"key": exact("SITE"), "uuid": exact(site.UUID), "name": exact("Site"), "description": exact("What the world sees."), "is_private": knownvalue.Bool(false),
	}
	docsRow := map[string]knownvalue.Check{
		"slug": exact("docs"), "uuid": exact(docs.UUID), "name": exact("Docs"), "full_name": exact("acme/docs"), "project_key": exact("SITE"),
		"is_private": knownvalue.Bool(false), "description": exact("Words."),
	}
	apiRow := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"slug": exact("api"), "project_key": exact("PLAT"), "is_private": knownvalue.Bool(true), "description": exact(""),
	})
	reading(t, w, fmt.Sprintf(`
data "bitbucket_workspace" "slug" { workspace = "corp" }
data "bitbucket_workspace" "uuid" { workspace = %q }
data "bitbucket_workspaces" "all" {}
data "bitbucket_group" "slug" {
  workspace  = "acme"
  group_slug = "code-owners"
}
data "bitbucket_group" "name" {
  workspace = "acme"
  name      = "DEVELOPERS"
}
data "bitbucket_groups" "all" { workspace = "acme" }
data "bitbucket_project" "site" {
  workspace   = "acme"
  project_key = "SITE"
}
data "bitbucket_projects" "all" { workspace = "acme" }
data "bitbucket_repository" "docs" {
  workspace = "acme"
  repo_slug = "docs"
}
data "bitbucket_repositories" "all" { workspace = "acme" }
data "bitbucket_repositories" "project" {
  workspace   = "acme"
  project_key = "SITE"
}
data "bitbucket_repositories" "query" {
  workspace = "acme"
  query     = "name ~ \"ap\" OR name = \"nothing\""
}
data "bitbucket_repositories" "both" {
  workspace   = "acme"
  project_key = "SITE"
  query       = "name ~ \"ap\" OR name = \"Docs\""
}`, workspaceUUID(w)),
		map[string]map[string]knownvalue.Check{
			"bitbucket_workspace.slug": workspaces["corp"],
			"bitbucket_workspace.uuid": workspaces["acme"],
			"bitbucket_workspaces.all": {"workspaces": list(object(workspaces["acme"]), object(workspaces["corp"]), object(workspaces["umbrella"]))},
			"bitbucket_group.slug":     owners,
			"bitbucket_group.name":     {"slug": exact("developers"), "name": exact("DEVELOPERS"), "group_slug": exact("developers")},
			"bitbucket_groups.all":     {"groups": list(object(developers), object(owners))},
			"bitbucket_project.site":   siteRow,
			"bitbucket_projects.all": {"projects": list(object(siteRow), knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"key": exact("PLAT"), "description": exact(""), "is_private": knownvalue.Bool(true),
			}))},
			"bitbucket_repository.docs":      docsRow,
			"bitbucket_repositories.all":     {"repositories": list(apiRow, object(docsRow))},
			"bitbucket_repositories.project": {"repositories": list(object(docsRow))},
			"bitbucket_repositories.query":   {"repositories": list(apiRow)},
			"bitbucket_repositories.both":    {"repositories": list(object(docsRow))},
		},
		map[string]int{
			"/2.0/user/workspaces": 1, "/2.0/workspaces/corp": 1, "/2.0/workspaces/umbrella": 1, "/2.0/workspaces/foreign": 0, "/1.0/groups/acme": 1,
			"/1.0/groups/corp": 1, "/1.0/groups/umbrella": 0, "/2.0/workspaces/acme/projects": 1, "/2.0/repositories/acme": 4,
		},
	)
}

// TestDataSources_permissions holds that what a data source tells of the grants of an object is enough to import them all, at no
// more requests than the listings take.
func TestDataSources_permissions(t *testing.T) {
	t.Parallel()
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

// objectOf is a row of texts: names and values in turn.
func objectOf(pairs ...string) knownvalue.Check {
	row := map[string]knownvalue.Check{}
	for i := 0; i < len(pairs); i += 2 {
		row[pairs[i]] = exact(pairs[i+1])
	}
	return object(row)
}

// TestDataSources_paging holds that lists go on past Bitbucket's largest page, and questions past the most addresses it takes.
func TestDataSources_paging(t *testing.T) {
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

// TestDataSources_afterWrites holds that what one apply has written shows in what it reads afterwards, although the listings were
// read before.
func TestDataSources_afterWrites(t *testing.T) {
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
