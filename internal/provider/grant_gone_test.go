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

func TestDestroyingAGrantThatIsGoneSucceeds(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, notFound := range []bool{false, true} { // no source settles whether Bitbucket answers 204 or 404
				t.Run(fmt.Sprintf("answered with 404 is %t", notFound), func(t *testing.T) {
					t.Parallel()
					w := c.world(t, simulator.Options{AbsentGrantNotFound: notFound})
					cmd := w.Command(t, strings.TrimPrefix(c.config(w, c.objectID, c.principalID(w), "read"), w.Config("")))
					cmd.Run(t, 0, "apply", "-auto-approve")
					w.Revoke(c.live(w, ""))
					cmd.Run(t, 0, "destroy", "-auto-approve", "-refresh=false")
					if got := w.Count(http.MethodDelete, c.path); got != 1 {
						t.Errorf("%d requests to revoke, want 1", got)
					}
				})
			}
		})
	}
}

func TestAGrantOnAnObjectThatIsGoneShowsAsACreate(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		acctest.Test(t,
			resource.TestStep{Config: c.config(w, c.objectID, c.principalID(w), "read")},
			resource.TestStep{
				PreConfig: func() {
					w.RemoveRepository("acme", "api")
					w.RemoveProject("acme", "PLAT")
				},
				RefreshState: true, ExpectNonEmptyPlan: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{
					PostRefresh: []plancheck.PlanCheck{plancheck.ExpectResourceAction(c.address(), plancheck.ResourceActionCreate)},
				},
			},
		)
	})
}

func TestAFailingCredentialIsNeverTakenForAVanishedGrant(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		config := c.config(w, c.objectID, c.principalID(w), "read")
		object, _, _ := strings.Cut(c.path, "/permissions-config")
		gone := simulator.Fault{ // what Bitbucket answers on private objects to those who may not see them
			Method: http.MethodGet, Path: object + "**", Status: http.StatusNotFound,
			Body: `{"type":"error","error":{"message":"Not found"}}`,
		}
		cut := func() {}
		_, another := w.AddAPIToken(w.Ada.UUID)
		acctest.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig: func() {
					cut = w.Inject(gone)
					w.SetScopes(w.Token, "read:repository:bitbucket", "read:project:bitbucket")
				},
				Config: config, ExpectError: regexp.MustCompile(`(?s)Unable to read.*lacks\s+the\s+scope`),
			},
			resource.TestStep{
				PreConfig: func() {
					cut()
					w.RevokeCredential(w.Token)
				},
				Config: config, ExpectError: regexp.MustCompile(`(?s)401.*username\s+must\s+be\s+the\s+Atlassian\s+account\s+e-mail`),
			},
			resource.TestStep{
				Config: strings.ReplaceAll(config, w.Token, another), ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionNoop),
			},
		)
	})
}

// A plain member of the workspace does not see the objects of others: Bitbucket answers 404. Whoever runs Terraform with such a
// token must not lose the grants from the state while they are live.
func TestGrantsThatAreHiddenFromTheCredentialStayInTheState(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		w.AddProject(simulator.Project{Workspace: "acme", Key: "ELSE", Name: "Elsewhere"})
		config := c.config(w, c.objectID, c.principalID(w), "write")
		username, token := w.AddAPIToken(w.Linus.UUID)
		hidden := strings.NewReplacer(w.Username, username, w.Token, token).Replace(config)
		refused := regexp.MustCompile(`(?s)Unable to read.*(hidden from this credential|needs to be an\s+administrator)`)
		acctest.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{Config: hidden, ExpectError: refused},
			resource.TestStep{Config: hidden, Destroy: true, ExpectError: refused},
			resource.TestStep{
				Config: config, ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionNoop), PostApplyFunc: c.expectLive(t, w, "write"),
			},
		)
	})
}

func TestWhoLeavesTheWorkspaceDoesNotHideTheRestOfThePlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, fmt.Sprintf(`
resource "bitbucket_repository_user_permission" "grace" {
  workspace  = "acme"
  repo_slug  = "api"
  user_id    = %q
  permission = "write"
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "read"
}
`, w.Grace.UUID))
	c.Run(t, 0, "apply", "-auto-approve")
	w.RemoveMember("acme", w.Grace.UUID)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "developers", Permission: "admin"})
	output := c.Run(t, 2, "plan", "-detailed-exitcode")
	for _, want := range []string{"User has left the workspace", `"admin" -> "read"`, "1 to add, 1 to change"} {
		if !strings.Contains(output, want) {
			t.Errorf("the plan does not say %q:\n%s", want, output)
		}
	}
}
