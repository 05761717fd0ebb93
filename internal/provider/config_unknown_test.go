package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// providerFromResource is a provider block whose API token becomes known only when Terraform applies: each generation anew.
func providerFromResource(w *acctest.World, generation string) string {
	return fmt.Sprintf(`
resource "terraform_data" "token" {
  input            = %q
  triggers_replace = %q
}
provider "bitbucket" {
  base_url  = %q
  username  = %q
  api_token = terraform_data.token.output
}`, w.Token, generation, w.URL, w.Username)
}

// TestAProviderWhoseConfigurationIsUnknownPlansWithoutARequest holds that a provider whose configuration is not known yet plans all the
// same, without a request.
func TestAProviderWhoseConfigurationIsUnknownPlansWithoutARequest(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "web"})
	const grant = "bitbucket_repository_group_permission.developers"
	onWeb := strings.Replace(developersGrant, `"api"`, `"web"`, 1)
	noRequests := afterPlan(func() { count(t, w, "", "", 0) })
	acctest.Test(t,
		resource.TestStep{
			Config:      providerFromResource(w, "first") + "\ndata \"bitbucket_current_user\" \"me\" {}",
			ExpectError: says("Unable to read bitbucket_current_user", "known only after apply", "-target"),
		},
		resource.TestStep{
			Config: providerFromResource(w, "first") + developersGrant, ConfigPlanChecks: planned(grant, plancheck.ResourceActionCreate, noRequests),
			PostApplyFunc: w.ResetJournal,
		},
		resource.TestStep{
			Config: providerFromResource(w, "second") + developersGrant, ConfigPlanChecks: planned(grant, plancheck.ResourceActionNoop, noRequests),
			PostApplyFunc: w.ResetJournal,
		},
		resource.TestStep{ // another repository is another grant, even for a provider that cannot ask
			Config: providerFromResource(w, "third") + onWeb, ConfigPlanChecks: planned(grant, plancheck.ResourceActionReplace, noRequests),
			PostApplyFunc: func() {
				for repository, want := range map[string]string{"api": simulator.None, "web": simulator.Write} {
					if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: repository, Group: "developers"}); got != want {
						t.Errorf("developers hold %s on %s, want %s", got, repository, want)
					}
				}
			},
		},
	)
}
