package provider_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestARefusedGrantLeavesTheStateAsTheWorkspaceIs(t *testing.T) {
	t.Parallel()
	refused := func(method, path string) simulator.Fault {
		return simulator.Fault{Method: method, Path: path, Status: http.StatusForbidden, Body: `{"type":"error","error":{"message":"Forbidden"}}`}
	}
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		config := func(permission string) string { return c.config(w, c.objectID, c.principalID(w), permission) }
		remove := func() {}
		refuse := func(method string) func() {
			return func() { remove(); remove = w.Inject(refused(method, c.path)) }
		}
		answer := regexp.MustCompile(`(?s)403\s+Forbidden.*administrator`)
		acctest.Test(t,
			resource.TestStep{PreConfig: refuse(http.MethodPut), Config: config("read"), ExpectError: answer},
			resource.TestStep{
				PreConfig: func() { remove() }, Config: config("read"), ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionCreate),
			},
			resource.TestStep{PreConfig: refuse(http.MethodPut), Config: config("write"), ExpectError: answer},
			resource.TestStep{
				PreConfig: func() { remove() }, Config: config("write"), ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionUpdate),
			},
			resource.TestStep{PreConfig: refuse(http.MethodDelete), Config: w.Config(""), ExpectError: answer},
			resource.TestStep{ // the grant is still known, and still live
				PreConfig: func() { remove() }, Config: config("write"), ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionNoop),
				PostApplyFunc: c.expectLive(t, w, "write"),
			},
		)
	})
}

func TestARenameThatCannotBeIsRefusedBeforeAccessIsTakenAway(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, "")
	config := func(name string) string {
		return fmt.Sprintf(`
resource "bitbucket_group" "team" {
  workspace = "acme"
  name      = %q
}

resource "bitbucket_repository_group_permission" "team" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.team.slug
  permission = "write"
}
`, name)
	}
	c.Write(t, config("Payments"))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, config("developers")) // which another group is called
	output := c.Run(t, 1, "apply", "-auto-approve")
	if !strings.Contains(output, "exists already with slug developers") {
		t.Errorf("the plan does not say that the name is taken:\n%s", output)
	}
	if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: "payments"}); got != "write" {
		t.Errorf("the group has %s, want write", got)
	}
}

func TestImportingAGrantThatDoesNotExistFails(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		config := c.config(w, c.objectID, c.principalID(w), "read")
		failing := func(id, message string) resource.TestStep {
			return resource.TestStep{ResourceName: c.address(), ImportState: true, ImportStateId: id, ExpectError: regexp.MustCompile(message)}
		}
		acctest.Test(t,
			resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
			failing("acme/"+c.objectID+"/"+c.principalID(w), `holds\s+no\s+explicit\s+permission`),
			failing("acme/"+c.objectID, `is\s+not\s+of\s+the\s+form\s+workspace/`+c.object+`/`+c.principal),
			failing("acme//"+c.principalID(w), `its\s+`+c.object+`\s+is\s+empty`),
		)
	})
}

func TestAWorkspaceThatTheCredentialCannotSeeIsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	for _, workspace := range []string{"acmee", "{00000000-0000-4000-8000-000000000002}"} {
		t.Run(workspace, func(t *testing.T) {
			t.Parallel()
			config := grantCases[0].config(w, "api", w.Grace.UUID, "read")
			acctest.Test(t, resource.TestStep{
				Config: strings.Replace(config, `"acme"`, fmt.Sprintf("%q", workspace), 1), PlanOnly: true,
				ExpectError: regexp.MustCompile(`(?s)no\s+access\s+to\s+workspace.*spelling`),
			})
		})
	}
}

func TestBadGrantsAreRefusedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	outsider := "{00000000-0000-4000-8000-000000000001}"
	cases := []struct {
		name, object, principal, permission, message string
		kinds                                        []int
	}{
		{"an unknown permission", "", "", "owner", `value\s+must\s+be\s+one\s+of`, []int{0, 1, 2, 3}},
		{"create-repo on a repository", "", "", "create-repo", `value\s+must\s+be\s+one\s+of`, []int{0, 1}},
		{"none, which is no grant", "", "", "none", `value\s+must\s+be\s+one\s+of`, []int{0, 1, 2, 3}},
		{"a malformed user", "", "ada lovelace", "read", `neither\s+a\s+UUID`, []int{0, 2}},
		{"an e-mail address for a user", "", "ada@acme.example", "read", `data\s+source\s+bitbucket_user`, []int{0, 2}},
		{"a user who is not in the workspace", "", outsider, "read", `not\s+a\s+member\s+of\s+workspace\s+acme`, []int{0, 2}},
		{"the name of a group for its slug", "", "Code Owners", "read", `slug\s+of\s+a\s+group`, []int{1, 3}},
		{"a path for a repository", "acme/api", "", "read", `slug\s+of\s+a\s+repository`, []int{0, 1}},
		{"a path for a project", "../PLAT", "", "read", `key\s+of\s+a\s+project`, []int{2, 3}},
		{"an empty object", " ", "", "read", `is\s+not\s+the`, []int{0, 3}},
	}
	for _, bad := range cases {
		for _, kind := range bad.kinds {
			c := grantCases[kind]
			t.Run(bad.name+" in "+c.name, func(t *testing.T) {
				t.Parallel()
				w := c.world(t, simulator.Options{})
				object, principal := c.objectID, c.principalID(w)
				if bad.object != "" {
					object = bad.object
				}
				if bad.principal != "" {
					principal = bad.principal
				}
				acctest.Test(t, resource.TestStep{
					Config: c.config(w, object, principal, bad.permission), PlanOnly: true, ExpectError: regexp.MustCompile(bad.message),
				})
			})
		}
	}
}
