package provider_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// credentialsSent notes which Authorization goes to which host.
type credentialsSent struct {
	mu sync.Mutex
	to map[string]map[string]bool
}

func (c *credentialsSent) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	if c.to[req.URL.Host] == nil {
		c.to[req.URL.Host] = map[string]bool{}
	}
	c.to[req.URL.Host][req.Header.Get("Authorization")] = true
	c.mu.Unlock()
	return http.DefaultTransport.RoundTrip(req)
}

// TestEachCredentialGoesToItsOwnHost holds that the secret of an OAuth consumer goes to the token endpoint only, its token to Bitbucket
// only, and the key of an organization to the administration only, through plan, apply and destroy.
func TestEachCredentialGoesToItsOwnHost(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	w := acctest.NewManaged(t, simulator.Options{})
	tokens := acctest.Serve(t, w.Simulator)
	key, secret := w.AddOAuthConsumer("acme")
	issued := &vault{}
	issued.learn(w)
	sent := &credentialsSent{to: map[string]map[string]bool{}}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"bitbucket": acctest.Server(provider.Options{Getenv: func(string) string { return "" }, Clock: w.Clock, Transport: sent}),
		},
		Steps: []resource.TestStep{{Config: fmt.Sprintf(`
provider "bitbucket" {
  base_url            = %q
  oauth_token_url     = "%s/site/oauth2/access_token"
  oauth_client_id     = %q
  oauth_client_secret = %q
  admin_base_url      = %q
  organization {
    id      = %q
    api_key = %q
  }
}
%s%s`, w.URL, tokens, key, secret, w.AdminURL, w.Organization, w.Key, projectPlat, fmt.Sprintf(groupOps, "acme"))}},
	})
	bearers := map[string]bool{}
	for i := 0; i < len(issued.forms); i += 3 { // each in three forms, the plain one first
		bearers["Bearer "+issued.forms[i]] = true
	}
	host := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return u.Host
	}
	want := map[string]map[string]bool{
		host(tokens):     {"Basic " + base64.StdEncoding.EncodeToString([]byte(key+":"+secret)): true},
		host(w.AdminURL): {"Bearer " + w.Key: true},
	}
	api := sent.to[host(w.URL)]
	delete(sent.to, host(w.URL))
	if diff := cmp.Diff(want, sent.to); diff != "" {
		t.Errorf("what was sent where (-want +got):\n%s", diff)
	}
	for authorization := range maps.Keys(api) {
		if !bearers[authorization] {
			t.Errorf("Bitbucket was sent %q, want one of %q", authorization, slices.Collect(maps.Keys(bearers)))
		}
	}
	if len(api) == 0 || strings.Contains(fmt.Sprint(api), w.Key) {
		t.Errorf("Bitbucket was sent %v", api)
	}
}
