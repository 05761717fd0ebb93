package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// document is a JSON object.
type document = map[string]any

// kept is a resource in the state of another provider.
type kept struct {
	typeName   string
	attributes document
}

// save writes a file beside the configuration of a command.
func save(t *testing.T, c *acctest.Command, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.Path(), name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// writeState writes the state that another provider has left, each resource under its place in the list: r0, r1 and so on.
func writeState(t *testing.T, c *acctest.Command, provider string, resources ...kept) {
	t.Helper()
	all := make([]document, len(resources))
	for i, r := range resources {
		all[i] = document{
			"mode": "managed", "type": r.typeName, "name": fmt.Sprintf("r%d", i), "provider": fmt.Sprintf("provider[%q]", acctest.Registry(t)+"/"+provider),
			"instances": []document{{"schema_version": 0, "attributes": r.attributes, "sensitive_attributes": []any{}}},
		}
	}
	text, err := json.Marshal(document{
		"version": 4, "terraform_version": "1.5.0", "serial": 7, "lineage": "5f0f7d1c-6f54-4c0e-9f1e-0a2f2f0a7f11", "outputs": document{}, "resources": all,
	})
	if err != nil {
		t.Fatal(err)
	}
	save(t, c, "terraform.tfstate", string(text))
}

// adopted arranges the access that the states of these tests are about.
func adopted(w *acctest.World) {
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	for _, g := range []simulator.Grant{
		{Repository: "api", User: w.Grace.UUID, Permission: simulator.Write},
		{Repository: "api", Group: w.Developers, Permission: simulator.Read},
		{Project: "PLAT", User: w.Grace.UUID, Permission: simulator.Write},
		{Project: "PLAT", Group: w.Developers, Permission: simulator.Read},
	} {
		g.Workspace = "acme"
		w.Grant(g)
	}
}

// drfaust is what DrFaust92/bitbucket keeps of that access, and the configuration for it.
func drfaust(w *acctest.World) ([]kept, string) {
	grace := w.Grace.UUID
	states := []kept{
		{"bitbucket_group", document{
			"id": "acme/developers", "workspace": "acme", "name": "Developers", "slug": "developers", "auto_add": false, "permission": "", "email_forwarding_disabled": false,
		}},
		{"bitbucket_group_membership", document{"id": "acme/developers/" + grace, "workspace": "acme", "group_slug": "developers", "uuid": grace, "slug": nil}},
		{"bitbucket_repository_group_permission", document{
			"id": "acme:api:developers", "workspace": "acme", "repo_slug": "api", "group_slug": "developers", "permission": "read",
		}},
		{"bitbucket_repository_user_permission", document{"id": "acme:api:" + grace, "workspace": "acme", "repo_slug": "api", "user_id": grace, "permission": "write"}},
		{"bitbucket_project_group_permission", document{
			"id": "acme:PLAT:developers", "workspace": "acme", "project_key": "PLAT", "group_slug": "developers", "permission": "read",
		}},
		{"bitbucket_project_user_permission", document{"id": "acme:PLAT:" + grace, "workspace": "acme", "project_key": "PLAT", "user_id": grace, "permission": "write"}},
	}
	return states, fmt.Sprintf(`
resource "bitbucket_group" "r0" {
  workspace = "acme"
  name      = "Developers"
}
resource "bitbucket_group_membership" "r1" {
  workspace  = "acme"
  group_slug = bitbucket_group.r0.slug
  uuid       = %[1]q
}
resource "bitbucket_repository_group_permission" "r2" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.r0.slug
  permission = "read"
}
resource "bitbucket_repository_user_permission" "r3" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = %[1]q
  permission = "write"
}
resource "bitbucket_project_group_permission" "r4" {
  workspace   = "acme"
  project_key = "PLAT"
  group_slug  = bitbucket_group.r0.slug
  permission  = "read"
}
resource "bitbucket_project_user_permission" "r5" {
  workspace   = "acme"
  project_key = "PLAT"
  user_id     = %[1]q
  permission  = "write"
}
`, grace)
}

func TestAStateOfDrFaust92PlansEmptyWhenOnlyTheSourceChanges(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	adopted(w)
	before := w.Snapshot()
	states, config := drfaust(w)
	c := w.Command(t, config)
	c.Install(t, "drfaust92/bitbucket")
	writeState(t, c, "drfaust92/bitbucket", states...)

	c.Run(t, 0, "plan", "-detailed-exitcode")
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed")
	c.Install(t) // the other provider is not needed any more
	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectSameWorld(t, before, w.Snapshot())
}

func TestAStateOfDrFaust92PlansEmptyAfterTheProviderWasReplacedInIt(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	adopted(w)
	states, config := drfaust(w)
	c := w.Command(t, config)
	writeState(t, c, "drfaust92/bitbucket", states...)

	c.Run(t, 0, "state", "replace-provider", "-auto-approve", "drfaust92/bitbucket", acctest.Source)
	c.Run(t, 0, "plan", "-detailed-exitcode")
}
