package provider_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestCredentialsThatOnlyReadRefreshAndAreRefusedChanges holds that OAuth consumers and access tokens refresh what an API token manages, and that
// what they cannot change is refused while Terraform plans.
func TestCredentialsThatOnlyReadRefreshAndAreRefusedChanges(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	key, secret := w.AddOAuthConsumer("acme")
	accessToken := w.AddAccessToken(simulator.AccessToken{Workspace: "acme", ReadsPermissions: true})
	const grant = "bitbucket_repository_group_permission.developers"
	managed := func(permission, groupPermission string) string {
		return fmt.Sprintf(`
resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = %q
}
resource "bitbucket_group" "owners" {
  workspace  = "acme"
  name       = "Code Owners"
  permission = %q
}`, permission, groupPermission)
	}
	oauth := fmt.Sprintf(`
provider "bitbucket" {
  base_url            = %[1]q
  oauth_token_url     = "%[1]s/site/oauth2/access_token"
  oauth_client_id     = %[2]q
  oauth_client_secret = %[3]q
}`, w.URL, key, secret)
	bearer := fmt.Sprintf(`
provider "bitbucket" {
  base_url     = %q
  access_token = %q
}`, w.URL, accessToken)
	as := func(credential string) plancheck.PlanCheck {
		return afterPlan(func() {
			for _, r := range w.Journal() {
				if r.Credential != credential && r.Path != "/site/oauth2/access_token" {
					t.Errorf("%s %s was asked for by %q, want %q", r.Method, r.Path, r.Credential, credential)
				}
			}
		})
	}
	const apiTokenOnly = "from which Bitbucket accepts no such change"
	acctest.Test(t,
		resource.TestStep{
			Config: w.Config(managed("read", "read")), ConfigPlanChecks: planned(grant, plancheck.ResourceActionCreate), PostApplyFunc: w.ResetJournal,
		},
		resource.TestStep{ // other words for the same workspace are no change, for whoever reads
			Config:           oauth + strings.ReplaceAll(managed("read", "read"), `"acme"`, strconv.Quote(workspaceUUID(w))),
			ConfigPlanChecks: nothingPlanned(as("oauth2 acme")),
		},
		resource.TestStep{
			Config:      oauth + managed("write", "read"),
			ExpectError: says("Unable to change permissions with an OAuth consumer", "with "+grant, apiTokenOnly, "Set username and api_token"),
		},
		resource.TestStep{
			Config: oauth + managed("read", "write"), ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate, as("oauth2 acme")),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners", Permission: simulator.Write})
				w.ResetJournal()
			},
		},
		resource.TestStep{
			Config:      bearer + managed("read", "read"),
			ExpectError: says("Unable to change groups with an access token", "with "+owners, "accepts no such change", "Set username and api_token"),
		},
		resource.TestStep{
			Config: bearer + managed("read", "write"), Destroy: true,
			ExpectError: says("Unable to change permissions with an access token", apiTokenOnly),
		},
		resource.TestStep{Config: w.Config(managed("read", "write")), ConfigPlanChecks: nothingPlanned()},
	)
}
