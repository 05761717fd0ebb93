package provider_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

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

func (c grantCase) address() string { return "bitbucket_" + c.name + ".it" }

// world is a world with a second repository and project.
func (c grantCase) world(t *testing.T, opts simulator.Options) *acctest.World {
	t.Helper()
	w := acctest.New(t, opts)
	w.AddProject(simulator.Project{Workspace: "acme", Key: "WEB", Name: "Web"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "WEB", Slug: "web"})
	return w
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

// expectAction is a plan check for the one action of a step, and that nothing is left to do after it.
func expectAction(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

func TestAGrantIsCreatedChangedHealedImportedAndRevoked(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
			config := func(permission string) string { return c.config(w, c.objectID, c.principalID(w), permission) }
			id := strings.Join([]string{"acme", c.objectID, c.principalID(w)}, "/")
			acctest.Test(t,
				resource.TestStep{
					Config:           config("read"),
					ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionCreate),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(c.address(), tfjsonpath.New(c.principal), knownvalue.StringExact(c.principalID(w))),
						statecheck.ExpectKnownValue(c.address(), tfjsonpath.New("permission"), knownvalue.StringExact("read")),
					},
					PostApplyFunc: c.expectLive(t, w, "read"),
				},
				resource.TestStep{
					Config: config(c.level), ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionUpdate),
					PostApplyFunc: c.expectLive(t, w, c.level),
				},
				resource.TestStep{ResourceName: c.address(), ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: c.principal},
				resource.TestStep{ResourceName: c.address(), ImportState: true, ImportStateId: strings.ReplaceAll(id, "/", ":"), ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: c.principal},
				resource.TestStep{ // escalated by hand
					PreConfig: func() { w.Grant(c.live(w, "admin")) }, Config: config("write"),
					ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionUpdate), PostApplyFunc: c.expectLive(t, w, "write"),
				},
				resource.TestStep{ // revoked by hand
					PreConfig: func() { w.Revoke(c.live(w, "")) }, Config: config("write"),
					ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionCreate), PostApplyFunc: c.expectLive(t, w, "write"),
				},
				resource.TestStep{ // another object: the old grant must not stay
					Config:           c.config(w, c.anotherObject, c.principalID(w), "write"),
					ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionDestroyBeforeCreate), PostApplyFunc: c.expectLive(t, w, "none"),
				},
			)
			if grants := w.Grants("acme"); len(grants) != 0 {
				t.Errorf("after destroy the workspace still has %v", grants)
			}
		})
	}
}

func TestCreatingAGrantTakesOverTheOneThatIsThere(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
			w.Grant(c.live(w, "admin"))
			acctest.Test(t, resource.TestStep{
				Config:           c.config(w, c.objectID, c.principalID(w), "read"),
				ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionCreate), PostApplyFunc: c.expectLive(t, w, "read"),
			})
		})
	}
}

func TestARefusedGrantLeavesTheStateAsTheWorkspaceIs(t *testing.T) {
	t.Parallel()
	refused := func(method, path string) simulator.Fault {
		return simulator.Fault{Method: method, Path: path, Status: http.StatusForbidden, Body: `{"type":"error","error":{"message":"Forbidden"}}`}
	}
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
			config := func(permission string) string { return c.config(w, c.objectID, c.principalID(w), permission) }
			remove := func() {}
			refuse := func(method string) func() {
				return func() { remove(); remove = w.Inject(refused(method, c.path)) }
			}
			answer := regexp.MustCompile(`(?s)403\s+Forbidden.*administrator`)
			acctest.Test(t,
				resource.TestStep{PreConfig: refuse(http.MethodPut), Config: config("read"), ExpectError: answer},
				resource.TestStep{
					PreConfig: func() { remove() }, Config: config("read"), ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionCreate),
				},
				resource.TestStep{PreConfig: refuse(http.MethodPut), Config: config("write"), ExpectError: answer},
				resource.TestStep{
					PreConfig: func() { remove() }, Config: config("write"), ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionUpdate),
				},
				resource.TestStep{PreConfig: refuse(http.MethodDelete), Config: w.Config(""), ExpectError: answer},
				resource.TestStep{ // the grant is still known, and still live
					PreConfig: func() { remove() }, Config: config("write"), ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionNoop),
					PostApplyFunc: c.expectLive(t, w, "write"),
				},
			)
		})
	}
}

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
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
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
}

func TestAFailingCredentialIsNeverTakenForAVanishedGrant(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
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
					Config: strings.ReplaceAll(config, w.Token, another), ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionNoop),
				},
			)
		})
	}
}

// A plain member of the workspace does not see the objects of others: Bitbucket answers 404. Whoever runs Terraform with such a
// token must not lose the grants from the state while they are live.
func TestGrantsThatAreHiddenFromTheCredentialStayInTheState(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
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
					Config: config, ConfigPlanChecks: expectAction(c.address(), plancheck.ResourceActionNoop), PostApplyFunc: c.expectLive(t, w, "write"),
				},
			)
		})
	}
}

func TestReplacingAGrantByItselfKeepsIt(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config := func(name string) string {
		return fmt.Sprintf(`
resource "bitbucket_group" "team" {
  workspace = "acme"
  name      = %q
}

resource "bitbucket_group_membership" "grace" {
  workspace  = "acme"
  group_slug = bitbucket_group.team.slug
  user_id    = %q
  lifecycle {
    create_before_destroy = true
  }
}

resource "bitbucket_repository_group_permission" "team" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.team.slug
  permission = "write"
  lifecycle {
    create_before_destroy = true
  }
}
`, name, w.Grace.UUID)
	}
	acctest.Test(t,
		resource.TestStep{Config: w.Config(config("Payments"))},
		resource.TestStep{ // the slug stays what it was, which the plan cannot know
			Config:           w.Config(config("PAYMENTS")),
			ConfigPlanChecks: expectAction("bitbucket_repository_group_permission.team", plancheck.ResourceActionCreateBeforeDestroy),
			PostApplyFunc: func() {
				if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: "payments"}); got != "write" {
					t.Errorf("the group has %s, want write", got)
				}
				if group, _ := w.Group("acme", "payments"); !slices.Equal(group.Members, []string{w.Grace.UUID}) {
					t.Errorf("the members are %v, want Grace", group.Members)
				}
			},
		},
	)
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

func TestImportingAGrantThatDoesNotExistFails(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
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
}

func TestSpellingsOfAUserAreOneUser(t *testing.T) {
	t.Parallel()
	for _, c := range grantCases {
		if c.principal != "user_id" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := c.world(t, simulator.Options{})
			bare := strings.Trim(w.Grace.UUID, "{}")
			step := func(id string, action plancheck.ResourceActionType) resource.TestStep {
				return resource.TestStep{Config: c.config(w, c.objectID, id, "write"), ConfigPlanChecks: expectAction(c.address(), action)}
			}
			acctest.Test(t,
				step(w.Grace.AccountID, plancheck.ResourceActionCreate),
				step(w.Grace.UUID, plancheck.ResourceActionNoop),
				step(bare, plancheck.ResourceActionNoop),
				step(strings.ToUpper(w.Grace.UUID), plancheck.ResourceActionNoop),
				step(w.Linus.AccountID, plancheck.ResourceActionDestroyBeforeCreate),
				resource.TestStep{
					ResourceName: c.address(), ImportState: true, ImportStateId: "acme:" + c.objectID + ":" + w.Linus.AccountID,
					ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
				},
			)
			if writes := slices.DeleteFunc(w.Journal(), func(r simulator.Request) bool { return r.Method == http.MethodGet }); len(writes) != 4 {
				t.Errorf("%d writes for one grant, its replacement and its end, want 4: %v", len(writes), writes)
			}
		})
	}
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
