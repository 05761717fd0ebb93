package provider_test

import (
	"fmt"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// grantCase is one of the four resources for one grant, and the grant that it manages in the test.
type grantCase struct {
	name                 string
	object, principal    string // attributes
	objectID             string
	principalID          func(w *acctest.World) string
	live                 func(w *acctest.World, permission string) simulator.Grant
	path                 string // of the requests, as the journal counts them
	anotherObject, level string // a level that only some kinds have, or the highest
}

var grantCases = []grantCase{
	{
		name: "repository_user_permission", object: "repo_slug", objectID: "api", principal: "user_id", principalID: graceID,
		live: func(w *acctest.World, p string) simulator.Grant {
			return simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: p}
		},
		path: "/2.0/repositories/acme/api/permissions-config/users/*", anotherObject: "web", level: "admin",
	},
	{
		name: "repository_group_permission", object: "repo_slug", objectID: "api", principal: "group_slug", principalID: developers,
		live: func(_ *acctest.World, p string) simulator.Grant {
			return simulator.Grant{Workspace: "acme", Repository: "api", Group: "developers", Permission: p}
		},
		path: "/2.0/repositories/acme/api/permissions-config/groups/*", anotherObject: "web", level: "admin",
	},
	{
		name: "project_user_permission", object: "project_key", objectID: "PLAT", principal: "user_id", principalID: graceID,
		live: func(w *acctest.World, p string) simulator.Grant {
			return simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Grace.UUID, Permission: p}
		},
		path: "/2.0/workspaces/acme/projects/PLAT/permissions-config/users/*", anotherObject: "WEB", level: "create-repo",
	},
	{
		name: "project_group_permission", object: "project_key", objectID: "PLAT", principal: "group_slug", principalID: developers,
		live: func(_ *acctest.World, p string) simulator.Grant {
			return simulator.Grant{Workspace: "acme", Project: "PLAT", Group: "developers", Permission: p}
		},
		path: "/2.0/workspaces/acme/projects/PLAT/permissions-config/groups/*", anotherObject: "WEB", level: "create-repo",
	},
}

func graceID(w *acctest.World) string  { return w.Grace.UUID }
func developers(*acctest.World) string { return "developers" }
func (c grantCase) address() string    { return "bitbucket_" + c.name + ".it" }

// world is a world with a second repository and project.
func (c grantCase) world(t *testing.T, opts simulator.Options) *acctest.World {
	t.Helper()
	w := acctest.New(t, opts)
	w.AddProject(simulator.Project{Workspace: "acme", Key: "WEB", Name: "Web"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "WEB", Slug: "web"})
	return w
}

// eachGrant tests the four resources for one grant at the same time, each in a world of its own.
func eachGrant(t *testing.T, test func(t *testing.T, c grantCase, w *acctest.World)) {
	t.Helper()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			test(t, c, c.world(t, simulator.Options{}))
		})
	}
}

// config is a configuration with the grant.
func (c grantCase) config(w *acctest.World, object, principal, permission string) string {
	return w.Config(fmt.Sprintf(`
resource "bitbucket_%s" "it" {
  workspace  = "acme"
  %s = %q
  %s = %q
  permission = %q
}
`, c.name, c.object, object, c.principal, principal, permission))
}

// expectLive demands what the live workspace has.
func (c grantCase) expectLive(t *testing.T, w *acctest.World, permission string) func() {
	t.Helper()
	return func() {
		t.Helper()
		if got := w.Permission(c.live(w, "")); got != permission {
			t.Errorf("the live permission is %q, not %q", got, permission)
		}
	}
}
