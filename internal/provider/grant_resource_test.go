package provider_test

import (
	"fmt"
	"net/http"
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

func TestAGrantIsCreatedChangedHealedImportedAndRevoked(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		config := func(permission string) string { return c.config(w, c.objectID, c.principalID(w), permission) }
		id := strings.Join([]string{"acme", c.objectID, c.principalID(w)}, "/")
		acctest.Test(t,
			resource.TestStep{
				Config:           config("read"),
				ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(c.address(), tfjsonpath.New(c.principal), knownvalue.StringExact(c.principalID(w))),
					statecheck.ExpectKnownValue(c.address(), tfjsonpath.New("permission"), knownvalue.StringExact("read")),
				},
				PostApplyFunc: c.expectLive(t, w, "read"),
			},
			resource.TestStep{
				Config: config(c.level), ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionUpdate),
				PostApplyFunc: c.expectLive(t, w, c.level),
			},
			resource.TestStep{ResourceName: c.address(), ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: c.principal},
			resource.TestStep{
				ResourceName: c.address(), ImportState: true, ImportStateId: strings.ReplaceAll(id, "/", ":"), ImportStateVerify: true,
				ImportStateVerifyIdentifierAttribute: c.principal,
			},
			resource.TestStep{ // escalated by hand
				PreConfig: func() { w.Grant(c.live(w, "admin")) }, Config: config("write"),
				ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionUpdate), PostApplyFunc: c.expectLive(t, w, "write"),
			},
			resource.TestStep{ // revoked by hand
				PreConfig: func() { w.Revoke(c.live(w, "")) }, Config: config("write"),
				ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionCreate), PostApplyFunc: c.expectLive(t, w, "write"),
			},
			resource.TestStep{ // another object: the old grant must not stay
				Config:           c.config(w, c.anotherObject, c.principalID(w), "write"),
				ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionDestroyBeforeCreate), PostApplyFunc: c.expectLive(t, w, "none"),
			},
		)
		if grants := w.Grants("acme"); len(grants) != 0 {
			t.Errorf("after destroy the workspace still has %v", grants)
		}
	})
}

func TestCreatingAGrantTakesOverTheOneThatIsThere(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, c grantCase, w *acctest.World) {
		t.Helper()
		w.Grant(c.live(w, "admin"))
		acctest.Test(t, resource.TestStep{
			Config:           c.config(w, c.objectID, c.principalID(w), "read"),
			ConfigPlanChecks: planned(c.address(), plancheck.ResourceActionCreate), PostApplyFunc: c.expectLive(t, w, "read"),
		})
	})
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
			ConfigPlanChecks: planned("bitbucket_repository_group_permission.team", plancheck.ResourceActionCreateBeforeDestroy),
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
				return resource.TestStep{Config: c.config(w, c.objectID, id, "write"), ConfigPlanChecks: planned(c.address(), action)}
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
