package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestMailOfAGroupIsForwardedAsTheConfigurationSaysOrLeftAsItIs(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	forwards := func(slug string, disabled bool) func() {
		return func() {
			if g, ok := w.Group("acme", slug); !ok || g.EmailForwardingDisabled != disabled {
				t.Errorf("group %s is %+v, want email_forwarding_disabled %t", slug, g, disabled)
			}
		}
	}
	told := func(disabled bool) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"email_forwarding_disabled": knownvalue.Bool(disabled)}
	}
	acctest.Test(t,
		resource.TestStep{
			Config:            ownersConfig(w, "Code Owners", "email_forwarding_disabled = true"),
			ConfigStateChecks: values(owners, told(true)),
			PostApplyFunc:     forwards("code-owners", true),
		},
		resource.TestStep{ // a configuration that does not say it, and changes everything else
			Config:            ownersConfig(w, "Approvers", `permission = "read"`),
			ConfigStateChecks: values(owners, told(true)),
			PostApplyFunc:     forwards("approvers", true),
		},
		resource.TestStep{ // changed elsewhere
			PreConfig: func() {
				w.UpdateGroup("acme", "approvers", simulator.Group{Name: "Approvers", Permission: simulator.Read})
			},
			Config:           ownersConfig(w, "Approvers", `permission = "read"`),
			ConfigPlanChecks: nothingPlanned(),
		},
		resource.TestStep{
			Config:           ownersConfig(w, "Approvers", "permission = \"read\"\n  email_forwarding_disabled = true"),
			ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate),
			PostApplyFunc:    forwards("approvers", true),
		},
	)
}

func TestMailOfAnOrganizationsGroupIsRefusedInThePlan(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.Test(t,
		resource.TestStep{Config: ownersConfig(w, "Code Owners", "email_forwarding_disabled = true"), ExpectError: says("email_forwarding_disabled")},
		resource.TestStep{
			Config:            ownersConfig(w, "Code Owners", "email_forwarding_disabled = false"),
			ConfigStateChecks: values(owners, map[string]knownvalue.Check{"email_forwarding_disabled": knownvalue.Bool(false)}),
		},
	)
}
