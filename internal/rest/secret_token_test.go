package rest_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// ofConsumer is what must not be seen of an OAuth client and the token that it got.
var ofConsumer = []string{
	issued, oauthSaid,
	base64.StdEncoding.EncodeToString([]byte("key:" + url.QueryEscape(oauthSaid))), base64.StdEncoding.EncodeToString([]byte("key:" + oauthSaid)),
}

// clientAt returns a client of an API whose OAuth tokens come from a token endpoint.
func clientAt(t *testing.T, tokens, api *server) *rest.Client {
	t.Helper()
	credential, err := rest.NewClientCredentials("key", oauthSaid, tokens.URL+"/token")
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, api.URL, rest.Options{Credential: credential, MaxRateLimitWait: time.Minute})
}

func TestASecretThatTheTokenEndpointRepeatsIsNotShown(t *testing.T) {
	t.Parallel()
	for what, answer := range repeats {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for as, disguise := range disguises {
				for _, secret := range told(as, ofConsumer[1:]) {
					ctx, log := listen(t)
					seen := everythingSeen(ctx, t, clientAt(t, serve(t, answer(disguise(secret))), serve(t, fine)), log)
					if shown := shows(seen, ofConsumer); shown != "" {
						t.Errorf("as %s: %q is shown:\n%s", as, shown, seen)
					}
				}
			}
		})
	}
}

// handing is the answer of a token endpoint that is pleased with the secret.
func handing(body string) http.HandlerFunc { return say(200, body, "Content-Type", "application/json") }

func TestATokenInAnAnswerThatCannotBeUsedIsNotShown(t *testing.T) {
	t.Parallel()
	form := "access_token=" + url.QueryEscape(issued)
	for name, answer := range map[string]http.HandlerFunc{
		"an error beside it":   handing(asJSON(`{"access_token":"SAID","error":"SAID","error_description":"SAID","error_uri":"SAID"}`, issued)),
		"a strange end":        handing(asJSON(`{"access_token":"SAID","expires_in":"SAID"}`, issued)),
		"another case":         handing(asJSON(`{"Access_Token":"SAID","error":"SAID"}`, issued)),
		"a strange type":       handing(asJSON(`{"access_token":"SAID","token_type":"SAID\n"}`, issued)),
		"an escaped one":       handing(asJSON(`{"access_token":"EACH","error":"EACH"}`, issued)),
		"a form":               say(200, form+"&error="+url.QueryEscape(issued), "Content-Type", "application/x-www-form-urlencoded"),
		"half a form":          say(200, form+"&a=%zz", "Content-Type", "application/x-www-form-urlencoded"),
		"a refusal":            say(401, asJSON(`{"access_token":"SAID","error":"the secret is SAID"}`, oauthSaid)),
		"the refresh token":    handing(asJSON(`{"access_token":"T1","refresh_token":"SAID","error":"SAID"}`, issued)),
		"no token, the secret": handing(asJSON(`{"error":"SAID"}`, oauthSaid)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, log := listen(t)
			seen := everythingSeen(ctx, t, clientAt(t, serve(t, answer), serve(t, fine)), log)
			if shown := shows(seen, ofConsumer); shown != "" {
				t.Errorf("%q is shown:\n%s", shown, seen)
			}
		})
	}
}

func TestATokenThatIsHandedOutTwiceIsUsedTwice(t *testing.T) {
	t.Parallel()
	tokens, api := serve(t, token(issued, 1)), serve(t, fine)
	c := clientAt(t, tokens, api)
	for range 3 {
		if _, err := c.Send(t.Context(), get("x")); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range api.requests() {
		if diff := cmp.Diff("Bearer "+issued, r.Header.Get("Authorization")); diff != "" {
			t.Errorf("Authorization (-want +got):\n%s", diff)
		}
	}
	if n := len(tokens.requests()); n != 3 {
		t.Errorf("asked for %d tokens, want 3", n)
	}
}

func TestATokenThatWasReplacedIsStillASecret(t *testing.T) {
	t.Parallel()
	api := serve(t, fine, say(403, issued+" was used before"))
	c := clientAt(t, serve(t, token(issued, 1), token("another token", 7200)), api)
	if _, err := c.Send(t.Context(), get("x")); err != nil {
		t.Fatal(err)
	}
	_, err := c.Send(t.Context(), get("x"))
	if err == nil || !strings.Contains(err.Error(), `"*** was used before"`) {
		t.Errorf("error is %v", err)
	}
}
