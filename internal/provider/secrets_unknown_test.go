package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestACredentialThatOnlyAnApplyMakesKnown holds that every attribute of a credential may depend on a resource of the same apply, and come
// from an ephemeral variable: the plan asks nothing, the apply works, and the secret is in neither state nor plan.
func TestACredentialThatOnlyAnApplyMakesKnown(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.EphemeralVariables)
	const unknown = `terraform_data.gate.id != "" ? var.secret : null`
	for name, prepare := range map[string]func(w *acctest.World) (secret, settings, more string){
		"api_token": func(w *acctest.World) (secret, settings, more string) {
			return w.Token, fmt.Sprintf("username = %q\n  api_token = %s", w.Username, unknown), developersGrant
		},
		"password": func(w *acctest.World) (secret, settings, more string) {
			return w.Token, fmt.Sprintf("username = %q\n  password = %s", w.Username, unknown), developersGrant
		},
		"username": func(w *acctest.World) (secret, settings, more string) {
			return w.Username, "username = " + unknown, developersGrant // the token is in the environment
		},
		"access_token": func(w *acctest.World) (secret, settings, more string) {
			return w.AddAccessToken(simulator.AccessToken{Workspace: "acme"}), "access_token = " + unknown, ""
		},
		"oauth_client_secret": func(w *acctest.World) (secret, settings, more string) {
			key, secret := w.AddOAuthConsumer("acme")
			return secret, fmt.Sprintf("oauth_token_url = \"%s/site/oauth2/access_token\"\n  oauth_client_id = %q\n  "+
				"oauth_client_secret = %s", w.URL, key, unknown), fmt.Sprintf(groupOps, "acme")
		},
		"organization.api_key": func(w *acctest.World) (secret, settings, more string) {
			return w.Key, fmt.Sprintf("organization {\n    id = %q\n    api_key = %s\n  }", w.Organization, unknown), fmt.Sprintf(groupOps, "acme")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.New
			if strings.HasPrefix(name, "organization") {
				world = acctest.NewManaged
			}
			w := world(t, simulator.Options{})
			secret, settings, more := prepare(w)
			v := &vault{}
			v.add(w.Username, secret)
			v.add(w.Username, w.Token)
			v.learn(w)
			x := w.Command(t, fmt.Sprintf(`
variable "secret" {
  ephemeral = true
}
resource "terraform_data" "gate" {}
provider "bitbucket" {
  %s
}
%s`, settings, strings.Replace(projectPlat, "{\n", "{\n  depends_on = [terraform_data.gate]\n", 1)+more), "TF_VAR_secret="+secret)
			x.Run(t, 0, "plan", "-out=saved.tfplan")
			if n := w.Count("", "**"); n != 0 {
				t.Errorf("the plan sent %d requests", n)
			}
			x.Run(t, 0, "apply", "saved.tfplan")
			if w.Count(http.MethodGet, "/2.0/workspaces/acme/projects/PLAT") != 1 || more != "" && w.Count(http.MethodGet, "**") == len(w.Journal()) {
				t.Errorf("the apply sent %v", w.Journal())
			}
			if name == "username" {
				v.forms = nil // the name of a user is no secret, and Bitbucket may tell it
				v.add(w.Username, w.Token)
			}
			v.search(t, x.Path())
		})
	}
}
