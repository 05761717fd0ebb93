package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	owners     = "bitbucket_group.owners"
	groupsPath = "/1.0/groups/acme"
	groupPath  = "/1.0/groups/acme/*"
)

// ownersConfig is one managed group with the given name and further settings.
func ownersConfig(w *acctest.World, name, settings string) string {
	return w.Config(fmt.Sprintf(`
resource "bitbucket_group" "owners" {
  workspace = "acme"
  name      = %q
  %s
}`, name, settings))
}

// checkGroup compares a group of workspace acme with what it should be; nil means that there is none with this slug.
func checkGroup(t *testing.T, w *acctest.World, slug string, want *simulator.Group) {
	t.Helper()
	got, ok := w.Group("acme", slug)
	switch {
	case want == nil && ok:
		t.Errorf("group %s exists: %+v", slug, got)
	case want == nil:
	case !ok:
		t.Errorf("group %s does not exist", slug)
	case got.Name != want.Name || got.Permission != want.Permission || got.AutoAdd != want.AutoAdd || !slices.Equal(got.Members, want.Members):
		t.Errorf("group %s is %+v, want %+v", slug, got, *want)
	}
}

// workspaceUUID is the UUID of workspace acme, in braces.
func workspaceUUID(w *acctest.World) string { return w.Snapshot().Workspaces[0].UUID }

func TestAGroupIsCreatedChangedHealedAndDeleted(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	grant := simulator.Grant{Workspace: "acme", Repository: "api", Group: "code-owners", Permission: simulator.Write}
	onSlug := tfjsonpath.New("slug")
	reads := `
  permission = "read"
  auto_add   = true`
	acctest.Test(t,
		resource.TestStep{
			Config:           ownersConfig(w, "Code Owners", ""),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(owners, onSlug)),
			ConfigStateChecks: values(owners, map[string]knownvalue.Check{
				"workspace": knownvalue.StringExact("acme"), "name": knownvalue.StringExact("Code Owners"),
				"slug": knownvalue.StringExact("code-owners"), "permission": knownvalue.Null(), "auto_add": knownvalue.Bool(false),
			}),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners"})
				count(t, w, http.MethodPut, "", 0)
			},
		},
		resource.TestStep{
			Config:           ownersConfig(w, "Code Owners", reads),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate, plancheck.ExpectKnownValue(owners, onSlug, knownvalue.StringExact("code-owners"))),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners", Permission: simulator.Read, AutoAdd: true})
			},
		},
		resource.TestStep{
			ResourceName: owners, ImportState: true, ImportStateId: "acme/code-owners",
			ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "slug",
		},
		resource.TestStep{ // somebody gives the group more elsewhere
			PreConfig: func() {
				w.UpdateGroup("acme", "code-owners", simulator.Group{Name: "Code Owners", Permission: simulator.Admin})
			},
			Config:           ownersConfig(w, "Code Owners", reads),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners", Permission: simulator.Read, AutoAdd: true})
			},
		},
		resource.TestStep{ // a new name moves what the group has; without settings it loses those it had
			PreConfig: func() {
				w.AddGroupMember("acme", "code-owners", w.Grace.UUID)
				w.Grant(grant)
			},
			Config:           ownersConfig(w, "Approvers", ""),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(owners, onSlug)),
			ConfigStateChecks: values(owners, map[string]knownvalue.Check{
				"slug": knownvalue.StringExact("approvers"), "permission": knownvalue.Null(), "auto_add": knownvalue.Bool(false),
			}),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", nil)
				checkGroup(t, w, "approvers", &simulator.Group{Name: "Approvers", Members: []string{w.Grace.UUID}})
				if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: "approvers"}); got != simulator.Write {
					t.Errorf("the renamed group holds %s on the repository, want write", got)
				}
			},
		},
		resource.TestStep{ // somebody deletes the group elsewhere
			PreConfig:        func() { w.RemoveGroup("acme", "approvers") },
			Config:           ownersConfig(w, "Approvers", ""),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionCreate),
			PostApplyFunc:    func() { checkGroup(t, w, "approvers", &simulator.Group{Name: "Approvers"}) },
		},
		resource.TestStep{ // the same workspace by another name
			Config:           strings.Replace(ownersConfig(w, "Approvers", ""), `"acme"`, strconv.Quote(workspaceUUID(w)), 1),
			ConfigPlanChecks: nothingPlanned(),
		},
	)
	checkGroup(t, w, "approvers", nil)
	checkGroup(t, w, "developers", &simulator.Group{Name: "Developers"})
}

func TestAGroupThatExistsIsNotCreatedAndOneThatDoesNotIsNotImported(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	acctest.Test(t,
		resource.TestStep{
			Config: ownersConfig(w, "developers", ""),
			ExpectError: says("Unable to create group", "with bitbucket_group.owners", `group "developers" of workspace acme exists already with slug developers`,
				"import it with the id acme/developers"),
		},
		resource.TestStep{Config: ownersConfig(w, "Code Owners", ""), PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			ResourceName: owners, ImportState: true, ImportStateId: "acme/code-owners",
			ExpectError: says("Unable to import group", "workspace acme has no group with slug code-owners"),
		},
		resource.TestStep{
			ResourceName: owners, ImportState: true, ImportStateId: "code-owners",
			ExpectError: says("Unable to import group", `the import id "code-owners" is not of the form workspace/slug`),
		},
	)
	count(t, w, http.MethodPost, "", 0)
	checkGroup(t, w, "developers", &simulator.Group{Name: "Developers"})
}

// TestARefusedGroupLeavesTheStateTrue holds that the state tells the truth after each request that Bitbucket refuses.
func TestARefusedGroupLeavesTheStateTrue(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	refuse := func(method, path string) func() {
		return func() {
			w.Inject(simulator.Fault{Method: method, Path: path, Times: 1, Status: http.StatusForbidden, Body: "Forbidden"})
		}
	}
	reads := ownersConfig(w, "Code Owners", "permission = \"read\"\n auto_add = true")
	writes := ownersConfig(w, "Code Owners", `permission = "write"`)
	acctest.Test(t,
		resource.TestStep{
			PreConfig: refuse(http.MethodPost, groupsPath), Config: reads,
			ExpectError: says("Unable to create group", `create group "Code Owners" in workspace acme`, "403 Forbidden"),
		},
		resource.TestStep{ // the group is there, its permission is not
			PreConfig: refuse(http.MethodPut, groupPath), Config: reads,
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionCreate),
			ExpectError:      says("Unable to set up group", "change group code-owners of workspace acme", "403 Forbidden"),
		},
		resource.TestStep{
			PreConfig: func() { checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners"}) },
			Config:    reads, ConfigPlanChecks: planned(owners, plancheck.ResourceActionReplace),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners", Permission: simulator.Read, AutoAdd: true})
			},
		},
		resource.TestStep{
			PreConfig: refuse(http.MethodPut, groupPath), Config: writes,
			ExpectError: says("Unable to change group", "change group code-owners of workspace acme", "403 Forbidden"),
		},
		resource.TestStep{
			PreConfig: refuse(http.MethodDelete, groupPath), Config: reads, Destroy: true,
			ExpectError: says("Unable to delete group", "delete group code-owners of workspace acme", "403 Forbidden"),
		},
		resource.TestStep{Config: reads, ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{ // somebody deletes it between the plan and the apply
			Config: reads, Destroy: true,
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionDestroy, afterPlan(func() { w.RemoveGroup("acme", "code-owners") })),
		},
	)
	checkGroup(t, w, "code-owners", nil)
}

// TestAGroupWhoseCreationLostItsAnswerIsFound holds that a POST whose answer is lost is not sent again, and what it did is found.
func TestAGroupWhoseCreationLostItsAnswerIsFound(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.Inject(simulator.Fault{Method: http.MethodPost, Path: groupsPath, CutAfter: true, Times: 1})
	acctest.Test(t, resource.TestStep{
		Config:           ownersConfig(w, "Code Owners", `permission = "read"`),
		ConfigPlanChecks: planned(owners, plancheck.ResourceActionCreate),
		PostApplyFunc: func() {
			checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners", Permission: simulator.Read})
			count(t, w, http.MethodPost, groupsPath, 1)
			count(t, w, http.MethodPut, groupPath, 1)
		},
	})
}

// TestWhatDependsOnAGroupFollowsItsNewName holds that the members and permissions that depend on a group's slug follow a new name.
func TestWhatDependsOnAGroupFollowsItsNewName(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config := func(name string) string {
		return ownersConfig(w, name, "") + fmt.Sprintf(`
resource "bitbucket_group_membership" "grace" {
  workspace  = "acme"
  group_slug = bitbucket_group.owners.slug
  user_id    = %q
}
resource "bitbucket_repository_group_permission" "owners" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.owners.slug
  permission = "write"
}`, w.Grace.UUID)
	}
	check := func(name, slug string) func() {
		return func() {
			checkGroup(t, w, slug, &simulator.Group{Name: name, Members: []string{w.Grace.UUID}})
			if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: slug}); got != simulator.Write {
				t.Errorf("group %s holds %s on the repository, want write", slug, got)
			}
		}
	}
	acctest.Test(t,
		resource.TestStep{
			Config: config("Code Owners"), ConfigPlanChecks: planned(owners, plancheck.ResourceActionCreate), PostApplyFunc: check("Code Owners", "code-owners"),
		},
		resource.TestStep{
			Config:           config("Approvers"),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate, plancheck.ExpectResourceAction("bitbucket_group_membership.grace", plancheck.ResourceActionReplace)),
			PostApplyFunc:    check("Approvers", "approvers"),
		},
	)
}
