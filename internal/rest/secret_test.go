package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestASecretThatTheServerRepeatsIsNotShown(t *testing.T) {
	t.Parallel()
	for who, h := range holders {
		for what, answer := range repeats {
			t.Run(who+", "+what, func(t *testing.T) {
				t.Parallel()
				credential := h.credential(t)
				for as, disguise := range disguises {
					for _, secret := range told(as, h.secrets) {
						ctx, log := listen(t)
						s := serve(t, answer(disguise(secret)))
						c := newClient(t, s.URL, rest.Options{Credential: credential, MaxRateLimitWait: time.Minute})
						seen := everythingSeen(ctx, t, c, log)
						if shown := shows(seen, h.secrets); shown != "" {
							t.Errorf("as %s: %q is shown:\n%s", as, shown, seen)
						}
					}
				}
			})
		}
	}
}

func TestOnlyTheSecretIsMasked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, want string }{
		"a plain one":              {`{"error":{"message":"The token ` + plainToken + ` has ended"}}`, `The token *** has ended`},
		"one in a header":          {`{"error":{"message":"Authorization: Bearer ` + plainToken + `."}}`, `Authorization: Bearer ***`},
		"two":                      {plainToken + plainToken, `******`},
		"a part":                   {plainToken[:20], plainToken[:20]},
		"no secret, and escapes":   {`{"error":{"message":"100%25 of \u0041 &amp; \\ B"}}`, `100%25 of A &amp; \\ B`},
		"all of a disguised text":  {`{"error":{"message":"No","detail":"` + each("%%%02x", plainToken) + `"}}`, "No; ***"},
		"none of the other fields": {`{"error":{"message":"No","fields":{"a":["` + plainToken + `"],"b":["9007199254740993"]}}}`, "No; a: ***; b: 9007199254740993"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(401, tt.body))
			_, err := newClient(t, s.URL, rest.Options{Credential: rest.Bearer{Token: plainToken}}).Send(t.Context(), get("x"))
			if want := `GET /x: 401 Unauthorized: "` + tt.want + `"`; err == nil || err.Error() != want {
				t.Errorf("error is %v, want %s", err, want)
			}
		})
	}
}

func TestAWordThatIsNoSecretIsNotMasked(t *testing.T) {
	t.Parallel()
	s := serve(t, say(403, "ada may not read"))
	_, err := newClient(t, s.URL, rest.Options{Credential: rest.Basic{Username: "ada", Token: "read"}}).Send(t.Context(), get("x"))
	if want := `GET /x: 403 Forbidden: "ada may not read"`; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestAnAnswerWithoutTheSecretIsNotTouched(t *testing.T) {
	t.Parallel()
	const body = `{"b": 1.00, "a":"\u00e9 100% &amp; \/", "a":2 }`
	s := serve(t, say(200, body))
	resp, err := newClient(t, s.URL, rest.Options{Credential: rest.Bearer{Token: plainToken}}).Send(t.Context(), get("x"))
	if err != nil || string(resp.Body) != body {
		t.Errorf("the answer is %v, %v", resp, err)
	}
}

func TestARequestWhoseAddressWouldShowTheSecretIsNotSent(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]rest.Request{
		"the path":  get("2.0", "workspaces", apiToken),
		"a part":    get("2.0", "workspaces", "x"+apiToken+"y"),
		"the query": {Method: http.MethodGet, Path: []string{"x"}, Query: url.Values{"q": {`name="` + apiToken + `"`}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, log := listen(t)
			s := serve(t, fine)
			c := newClient(t, s.URL, rest.Options{Credential: rest.Basic{Username: "ada", Token: apiToken}})
			_, err := c.Send(ctx, r)
			if err == nil || !strings.Contains(err.Error(), "would show the credential") || shows(err.Error()+log.String(), []string{apiToken}) != "" {
				t.Errorf("error is %v\n%s", err, log)
			}
			if n := len(s.requests()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
