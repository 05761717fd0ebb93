package provider_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTheProgramItselfShowsNoSecrets holds what only the program itself can show: that secrets are in no output, log or state, and what Terraform
// warns of.
func TestTheProgramItselfShowsNoSecrets(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	log := filepath.Join(t.TempDir(), "trace.log")
	x := w.Command(t, "", "TF_LOG=TRACE", "TF_LOG_PATH="+log, "TF_VAR_token="+w.Token)
	run := func(config string, args ...string) string {
		x.Write(t, config)
		return x.Run(t, 0, args...)
	}
	key, secret := w.AddOAuthConsumer("acme")
	consumer := fmt.Sprintf(`
provider "bitbucket" {
  base_url            = %[1]q
  oauth_token_url     = "%[1]s/site/oauth2/access_token"
  oauth_client_id     = %[2]q
  oauth_client_secret = %[3]q
}`, w.URL, key, secret)
	shown := run(w.Config(developersGrant), "plan")
	shown += run(w.Config(developersGrant), "apply", "-auto-approve")
	shown += run(consumer+developersGrant, "plan")

	// A variable, because Terraform shows the line of the configuration that it warns of.
	withPassword := strings.Replace(w.Config(developersGrant), fmt.Sprintf("api_token = %q", w.Token), "password = var.token", 1)
	deprecated := run(withPassword+"\nvariable \"token\" { sensitive = true }", "plan")
	if want := says("No changes", "Warning:", "password", "Use api_token instead"); !want.MatchString(deprecated) {
		t.Errorf("the deprecated name of the token is not warned of:\n%s", deprecated)
	}
	uuid := run(memberConfig(w, "acme", "uuid", w.Grace.UUID), "plan")
	if want := says("Warning:", "uuid", "Use user_id instead"); !want.MatchString(uuid) {
		t.Errorf("the deprecated name of a user is not warned of:\n%s", uuid)
	}
	unknown := run(providerFromResource(w, "first")+developersGrant, "plan")
	if want := says("Warning: Bitbucket is not read in this plan", "known only after apply"); !want.MatchString(unknown) {
		t.Errorf("a provider that is not configured yet is not warned of:\n%s", unknown)
	}

	shown += deprecated + uuid
	traced := readFile(t, log)
	if !strings.Contains(traced, "request answered") || !strings.Contains(traced, "/2.0/repositories/acme/api/permissions-config/groups") {
		t.Error("the log does not hold the requests")
	}
	basic := base64.StdEncoding.EncodeToString([]byte(w.Username + ":" + w.Token))
	for name, text := range map[string]string{"output": shown, "log": traced, "state": readFile(t, filepath.Join(x.Path(), "terraform.tfstate"))} {
		for line := range strings.SplitSeq(text, "\n") {
			if strings.Contains(line, w.Token) || strings.Contains(line, secret) || strings.Contains(line, basic) || strings.Contains(line, "ATCTT3x") {
				t.Errorf("a secret is in the %s: %s", name, line)
			}
		}
	}
}
