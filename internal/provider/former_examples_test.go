package provider_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// callIn gives the resources of a state that was written their names.
func callIn(t *testing.T, c *acctest.Command, names ...string) {
	t.Helper()
	state := readFile(t, filepath.Join(c.Path(), "terraform.tfstate"))
	for i, name := range names {
		state = strings.Replace(state, fmt.Sprintf(`"name":"r%d"`, i), fmt.Sprintf(`"name":%q`, name), 1)
	}
	save(t, c, "terraform.tfstate", state)
}

// TestTheExamplesOfMovingOverTakeTheStateOfTheOtherProviderOver holds that the plan of each is free of changes, and that after its apply
// nothing is left of the other provider.
func TestTheExamplesOfMovingOverTakeTheStateOfTheOtherProviderOver(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	grace := w.Grace.UUID
	w.AddGroupMember("acme", w.Developers, grace)
	for _, g := range []simulator.Grant{
		{Repository: "api", Group: w.Developers, Permission: simulator.Write},
		{Repository: "api", User: grace, Permission: simulator.Admin},
		{Project: "PLAT", Group: w.Developers, Permission: simulator.CreateRepo},
		{Project: "PLAT", User: grace, Permission: simulator.Write},
	} {
		g.Workspace = "acme"
		w.Grant(g)
	}
	before := w.Snapshot()
	for name, example := range map[string]struct {
		provider string
		kept     []kept
		names    []string
		code     int // of the plan: 2 where something moves
		takes    []acctest.Feature
	}{
		"zahiar": {"zahiar/bitbucket", []kept{
			{"bitbucket_group", document{"id": "acme/developers", "workspace": workspaceUUID(w), "name": "Developers", "slug": "developers", "permission": "none"}},
			{"bitbucket_group_member", document{"id": "x", "workspace": "acme", "group": "developers", "user": grace}},
			{"bitbucket_group_permission", document{"id": "x", "workspace": "acme", "repository": "api", "group": "developers", "permission": "write"}},
			{"bitbucket_user_permission", document{"id": "x", "workspace": "acme", "repository": "api", "user": grace, "permission": "admin"}},
		}, []string{"developers", "grace", "developers", "grace"}, 2, []acctest.Feature{acctest.MovedFromOthers}},
		"fabianschurig": {"fabianschurig/bitbucket", []kept{
			{"bitbucket_repo_group_permissions", document{"workspace": "acme", "repo_slug": "api", "group_slug": "developers", "permission": "write"}},
			{"bitbucket_repo_user_permissions", document{"workspace": "acme", "repo_slug": "api", "selected_user_id": grace, "permission": "admin"}},
			{"bitbucket_project_group_permissions", document{"workspace": "acme", "project_key": "PLAT", "group_slug": "developers", "permission": "create-repo"}},
			{"bitbucket_project_user_permissions", document{"workspace": "acme", "project_key": "PLAT", "selected_user_id": grace, "permission": "write"}},
		}, []string{"developers", "grace", "developers", "grace"}, 2, []acctest.Feature{acctest.MovedFromOthers}},
		"side-by-side": {"drfaust92/bitbucket", []kept{
			{"bitbucket_repository_group_permission", document{"workspace": "acme", "repo_slug": "api", "group_slug": "developers", "permission": "write"}},
		}, []string{"developers"}, 0, nil},
		"forget-and-import": {"somebody/bitbucket", []kept{
			{"bitbucket_repository_group_permission", document{"workspace": "acme", "repo_slug": "api", "group_slug": "developers", "permission": "write"}},
		}, []string{"old"}, 2, []acctest.Feature{acctest.Removed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, feature := range example.takes {
				acctest.Require(t, feature)
			}
			c := w.Command(t, "")
			root, err := acctest.Root()
			if err != nil {
				t.Fatal(err)
			}
			save(t, c, "main.tf", readFile(t, filepath.Join(root, "examples", "moving-over", name, "main.tf")))
			c.Install(t, example.provider)
			writeState(t, c, example.provider, example.kept...)
			callIn(t, c, example.names...)
			c.Run(t, example.code, "plan", "-detailed-exitcode")
			mention(t, c.Run(t, 0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed")
			if example.code == 2 { // the other provider is not needed any more
				c.Install(t)
			}
			if state := readFile(t, filepath.Join(c.Path(), "terraform.tfstate")); strings.Contains(state, example.provider) {
				t.Errorf("the state still names %s:\n%s", example.provider, state)
			}
			c.Run(t, 0, "plan", "-detailed-exitcode")
		})
	}
	t.Cleanup(func() { expectSameWorld(t, before, w.Snapshot()) })
}
