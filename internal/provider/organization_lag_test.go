package provider_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// heard is a provider that keeps what it says while it applies: the test harness shows errors, but no warnings.
type heard struct {
	tfprotov6.ProviderServer

	mu   sync.Mutex
	said []string
}

func hear(clock rest.Clock) *heard {
	return &heard{ProviderServer: provider.Server("test", provider.Options{Getenv: func(string) string { return "" }, Clock: clock})()}
}

// ApplyResourceChange applies and listens.
func (h *heard) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := h.ProviderServer.ApplyResourceChange(ctx, req)
	h.mu.Lock()
	defer h.mu.Unlock()
	if resp != nil {
		for _, d := range resp.Diagnostics {
			h.said = append(h.said, fmt.Sprintf("%s %s: %s: %s", d.Severity, req.TypeName, d.Summary, d.Detail))
		}
	}
	return resp, err
}

// test runs steps through the Terraform CLI with this provider.
func (h *heard) test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	acctest.RequireCLI(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){"bitbucket": func() (tfprotov6.ProviderServer, error) { return h, nil }},
		Steps:                    steps,
	})
}

// expect compares what was said since the last call: one pattern for each diagnostic.
func (h *heard) expect(t *testing.T, want ...[]string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.said) != len(want) {
		t.Errorf("%d diagnostics, want %d:\n%s", len(h.said), len(want), strings.Join(h.said, "\n"))
	}
	for _, phrases := range want {
		if !slices.ContainsFunc(h.said, says(phrases...).MatchString) {
			t.Errorf("nothing says %q:\n%s", phrases, strings.Join(h.said, "\n"))
		}
	}
	h.said = nil
}

// everything is a group with a permission and a member, and a member of a group that was there.
func everything(group, userID string) string {
	return platformGroup(group, "") + in("DEVELOPERS", userID) + fmt.Sprintf(`
resource "bitbucket_repository_group_permission" "platform" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = bitbucket_group.platform.slug
  permission = "write"
}
resource "bitbucket_group_membership" "platform" {
  workspace  = "acme"
  group_slug = bitbucket_group.platform.slug
  user_id    = %q
}`, userID)
}

// TestAnApplyLeavesNothingDifferentHoweverLongAtlassianTakes holds that an apply leaves nothing for the next run to find different, however
// long Atlassian takes, and that what depends on something new finds it.
func TestAnApplyLeavesNothingDifferentHoweverLongAtlassianTakes(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]simulator.Options{
		"Bitbucket follows late":        {OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 45 * time.Second},
		"Bitbucket follows at once":     {OrganizationVisibleAfter: 30 * time.Second},
		"the administration is ahead":   {BitbucketFollowsAfter: 30 * time.Second},
		"both take the same time":       {OrganizationVisibleAfter: 10 * time.Second, BitbucketFollowsAfter: 10 * time.Second},
		"both do, and absence is a 404": {OrganizationVisibleAfter: 10 * time.Second, BitbucketFollowsAfter: 20 * time.Second, AbsentMemberNotFound: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, options)
			before := w.Snapshot()
			barbara := stranger(w, "Barbara")
			body := func(id string) string {
				return w.Config(strings.Replace(everything("Platform", id), "DEVELOPERS", w.Developers, 1))
			}
			h := hear(w.Clock)
			check := func() {
				t.Helper()
				h.expect(t)
				team := teamOf(w)
				if team == nil {
					t.Fatal("the group is gone")
				}
				expectMembers(t, w, team.Slug, barbara)()
				if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: team.Slug}); got != simulator.Write {
					t.Errorf("the group has %s on the repository, want write", got)
				}
			}
			h.test(t,
				resource.TestStep{Config: body(barbara.UUID), ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate), PostApplyFunc: check},
				resource.TestStep{Config: body(barbara.UUID), ConfigPlanChecks: nothingPlanned()},
				resource.TestStep{Config: w.Config(platformGroup("Platform", "")), ConfigPlanChecks: planned(membership, plancheck.ResourceActionDestroy)},
				resource.TestStep{Config: w.Config(platformGroup("Platform", "")), ConfigPlanChecks: nothingPlanned()},
				resource.TestStep{Config: body(barbara.AccountID), ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate), PostApplyFunc: check},
				resource.TestStep{Config: w.Config("# nothing"), ConfigPlanChecks: planned(platform, plancheck.ResourceActionDestroy)},
			)
			h.expect(t)
			w.RemoveFromOrganization(w.Organization, barbara.UUID)
			after := w.Snapshot()
			after.Users = before.Users // somebody who was added by the test
			expectSameWorld(t, before, after)
		})
	}
}

// TestAChangeThatBitbucketDoesNotShowIsWarnedOfAndNotLost holds that a change that Bitbucket does not show after two minutes is warned of
// and not lost.
func TestAChangeThatBitbucketDoesNotShowIsWarnedOfAndNotLost(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{BitbucketFollowsAfter: time.Hour})
	body := w.Config(platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID))
	h := hear(w.Clock)
	warned := func(kind, what string) []string {
		return []string{"WARNING " + kind + ":", "not show", what, "does not show yet", "What depends on it may fail until then; apply again in that case"}
	}
	var slug string
	h.test(t,
		resource.TestStep{
			Config: body, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate),
			PostApplyFunc: func() {
				h.expect(t, warned("bitbucket_group", "workspace acme"), warned("bitbucket_group_membership", "workspace acme"))
				slug = teamOf(w).Slug
				expectMembers(t, w, w.Developers, w.Grace)()
			},
		},
		resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{ // Bitbucket does not know the group yet
			Config:      body + strings.Replace(developersGrant, `"developers"`+"\n  permission", "bitbucket_group.platform.slug\n  permission", 1),
			ExpectError: says("Unable to grant repository permission", "404"),
		},
		resource.TestStep{ // an hour later
			PreConfig: func() { _ = w.Clock.Sleep(t.Context(), time.Hour) },
			Config:    body + strings.Replace(developersGrant, `"developers"`+"\n  permission", "bitbucket_group.platform.slug\n  permission", 1),
			PostApplyFunc: func() {
				if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: "api", Group: slug}); got != simulator.Write || teamOf(w).Slug != slug {
					t.Errorf("the group has %s on the repository, want write", got)
				}
				h.mu.Lock()
				h.said = nil
				h.mu.Unlock()
			},
		},
		resource.TestStep{
			Config: w.Config("# nothing"),
			PostApplyFunc: func() {
				h.expect(t, warned("bitbucket_group", "workspace acme"), warned("bitbucket_group_membership", "workspace acme"))
			},
		},
		resource.TestStep{Config: w.Config("# nothing"), ConfigPlanChecks: nothingPlanned()},
	)
}

// TestAChangeThatTheAdministrationDoesNotShowIsNotMadeTwice holds the same for the administration itself. A group that it does not show has
// no id to be kept by: that one is an error, and it is not made twice. One whose role it does not show is kept.
func TestAChangeThatTheAdministrationDoesNotShowIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: time.Hour})
	h := hear(w.Clock)
	members := w.Config(in(w.Developers, w.Grace.UUID))
	later := func() { _ = w.Clock.Sleep(t.Context(), time.Hour) }
	h.test(t,
		resource.TestStep{
			Config: members, ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate), ExpectNonEmptyPlan: true,
			PostApplyFunc: func() {
				h.expect(t, []string{"WARNING bitbucket_group_membership", "does not show yet"})
				expectMembers(t, w, w.Developers, w.Grace)()
			},
		},
		resource.TestStep{PreConfig: later, Config: members, PlanOnly: true},
		resource.TestStep{
			Config:      members + platformGroup("Platform", ""),
			ExpectError: says("Unable to create group", `create group "Platform" of workspace acme`, "it is done, but does not show"),
		},
		resource.TestStep{
			PreConfig: func() {
				later()
				h.mu.Lock()
				h.said = nil
				h.mu.Unlock()
			},
			Config: members + platformGroup("Platform", ""), ExpectNonEmptyPlan: true,
			PostApplyFunc: func() {
				h.expect(t, []string{"WARNING bitbucket_group", "role of group \"Platform\"", "does not show yet"})
			},
		},
		resource.TestStep{PreConfig: later, Config: members + platformGroup("Platform", ""), ConfigPlanChecks: nothingPlanned()},
	)
}
