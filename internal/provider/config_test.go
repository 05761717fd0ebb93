package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestConfigurationsThatAreAccepted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block map[string]any
		env   map[string]string
	}{
		"an API token":                       {block: token},
		"an API token in the environment":    {env: tokenIn},
		"half of it in the environment":      {block: map[string]any{"username": "ada@example.com"}, env: map[string]string{"BITBUCKET_API_TOKEN": "ATATT3x"}},
		"the deprecated name of the token":   {env: map[string]string{"BITBUCKET_USERNAME": "ada@example.com", "BITBUCKET_PASSWORD": "ATATT3x"}},
		"an access token":                    {block: map[string]any{"access_token": "ATCTT3x"}},
		"an access token in the environment": {env: map[string]string{"BITBUCKET_ACCESS_TOKEN": "ATCTT3x"}},
		"an OAuth consumer":                  {block: map[string]any{"oauth_client_id": "key", "oauth_client_secret": "secret"}},
		"the configuration wins over the environment": {
			block: map[string]any{"access_token": "ATCTT3x"}, env: tokenIn,
		},
		"an organization": {block: more(token, map[string]any{"organization.id": organizationID, "organization.api_key": "key"})},
		"an organization, in part and wholly in the environment": {
			block: more(token, map[string]any{"organization.id": organizationID}),
			env:   map[string]string{"ATLASSIAN_ADMIN_API_KEY": "key", "ATLASSIAN_ORG_ID": organizationID},
		},
		"everything else": {block: more(token, map[string]any{
			"workspaces": []string{"acme", "{" + organizationID + "}", strings.ToUpper(organizationID)}, "base_url": "http://127.0.0.1:1/", "admin_base_url": "http://localhost:1",
			"oauth_token_url": "https://example.com/token", "max_rate_limit_wait": "1h30m", "requests_per_hour": 900,
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range configured(t, test.env, providerBlock(test.block)) {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
		})
	}
}

// TestCredentialsFromVariablesAreNoConflict holds that credentials from variables are no conflict when only one of them has a value: Terraform
// validates before it knows the values of variables.
func TestCredentialsFromVariablesAreNoConflict(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	acctest.Test(t, resource.TestStep{
		Config: fmt.Sprintf(`
variable "username" { default = %q }
variable "api_token" { default = %q }
variable "access_token" { default = null }
provider "bitbucket" {
  base_url     = %q
  username     = var.username
  api_token    = var.api_token
  access_token = var.access_token
}
data "bitbucket_current_user" "ada" {}`, w.Username, w.Token, w.URL),
		ConfigPlanChecks:  nothingPlanned(),
		ConfigStateChecks: values("data.bitbucket_current_user.ada", map[string]knownvalue.Check{"uuid": knownvalue.StringExact(w.Ada.UUID)}),
	})
}
