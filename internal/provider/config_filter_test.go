package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAProviderWithoutABlockIsConfiguredByTheEnvironment holds that a provider without a block works, and that its filter decides what is
// listed and what may be named.
func TestAProviderWithoutABlockIsConfiguredByTheEnvironment(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	w := acctest.New(t, simulator.Options{})
	umbrella := otherWorkspace(w, "umbrella")
	otherWorkspace(w, "initech")
	workspaces := knownvalue.ListExact([]knownvalue.Check{
		knownvalue.ObjectPartial(map[string]knownvalue.Check{"slug": knownvalue.StringExact("acme")}),
		knownvalue.ObjectPartial(map[string]knownvalue.Check{"slug": knownvalue.StringExact("umbrella")}),
	})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factoriesIn(map[string]string{
			"BITBUCKET_BASE_URL": w.URL, "BITBUCKET_USERNAME": w.Username, "BITBUCKET_PASSWORD": w.Token, "BITBUCKET_WORKSPACES": "acme, " + umbrella.UUID + ",",
		}),
		Steps: []resource.TestStep{
			{
				Config:            `data "bitbucket_workspaces" "all" {}`,
				ConfigPlanChecks:  nothingPlanned(),
				ConfigStateChecks: values("data.bitbucket_workspaces.all", map[string]knownvalue.Check{"workspaces": workspaces}),
				PostApplyFunc:     func() { count(t, w, "", "/2.0/workspaces/initech", 0) },
			},
			{
				Config: `data "bitbucket_projects" "all" { workspace = "initech" }`,
				ExpectError: says("Unable to read bitbucket_projects", "workspace initech is outside the provider's "+
					"workspaces filter", "acme, "+umbrella.UUID, "BITBUCKET_WORKSPACES"),
			},
		},
	})
	count(t, w, "", "/2.0/workspaces/initech/projects", 0)
}

// otherWorkspace adds a workspace that Ada owns.
func otherWorkspace(w *acctest.World, slug string) simulator.Workspace {
	ws := w.AddWorkspace(simulator.Workspace{Slug: slug})
	w.AddMember(slug, w.Ada.UUID, simulator.RoleOwner)
	return ws
}

// TestAWorkspaceOutsideTheFilterIsRefusedInThePlan holds that resources and data sources may not name a workspace outside the filter, by
// whatever name, and are told so while Terraform plans.
func TestAWorkspaceOutsideTheFilterIsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	initech := otherWorkspace(w, "initech")
	checkErrors(t, strings.Replace(w.Config(fmt.Sprintf(`
resource "bitbucket_group" "ops" {
  workspace = "initech"
  name      = "Ops"
}
resource "bitbucket_project_group_permission" "ops" {
  workspace   = %[1]q
  project_key = "PLAT"
  group_slug  = "ops"
  permission  = "read"
}
data "bitbucket_workspace" "initech" {
  workspace = %[1]q
}
data "bitbucket_workspace" "acme" {
  workspace = %[2]q
}`, initech.UUID, workspaceUUID(w))), "base_url", "workspaces = [\"acme\"]\n  base_url", 1), map[string][]string{
		"bitbucket_group.ops": {
			"Unable to use the workspace", "workspace initech is outside the provider's workspaces filter (acme)", "provider's workspaces attribute",
		},
		"bitbucket_project_group_permission.ops": {"Unable to use the workspace", "workspace initech is outside the provider's workspaces filter (acme)"},
		"data.bitbucket_workspace.initech":       {"Unable to read bitbucket_workspace", "workspace initech is outside the provider's workspaces filter (acme)"},
	})
	for _, r := range w.Journal() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was asked for", r.Method, r.Path)
		}
	}
}
