package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestWorkspacesGroupsProjectsAndRepositoriesAreRead(t *testing.T) {
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
