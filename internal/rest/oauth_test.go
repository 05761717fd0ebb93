package rest_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// token is the answer of a token endpoint that hands out a token for some seconds.
func token(text string, seconds int) http.HandlerFunc {
	return say(200, `{"scopes":"account","access_token":"`+text+`","expires_in":`+strconv.Itoa(seconds)+
		`,"token_type":"bearer","state":"client_credentials","refresh_token":"refresh"}`, "Content-Type", "application/json")
}

// consumer returns an OAuth client that asks at a server with the given script.
func consumer(t *testing.T, script ...http.HandlerFunc) (*rest.ClientCredentials, *server) {
	t.Helper()
	s := serve(t, script...)
	credential, err := rest.NewClientCredentials("key", "s3cret", s.URL+"/site/oauth2/access_token")
	if err != nil {
		t.Fatal(err)
	}
	return credential, s
}

func TestAnOAuthClientAsksForATokenOnce(t *testing.T) {
	t.Parallel()
	credential, tokens := consumer(t, token("T1", 7200))
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{Credential: credential})
	noErrors(t, sendMany(t.Context(), c, 32)(t))
	noErrors(t, sendMany(t.Context(), c, 1)(t))
	asked := tokens.requests()
	if len(asked) != 1 {
		t.Fatalf("%d tokens for 33 requests, want 1", len(asked))
	}
	got := []string{asked[0].Method, asked[0].URI, asked[0].Header.Get("Authorization"), asked[0].Header.Get("Content-Type"), asked[0].Body}
	want := []string{"POST", "/site/oauth2/access_token", basic("key", "s3cret"), "application/x-www-form-urlencoded", "grant_type=client_credentials"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("token request (-want +got):\n%s", diff)
	}
	for _, r := range s.requests() {
		if r.Header.Get("Authorization") != "Bearer T1" {
			t.Errorf("Authorization is %q", r.Header.Get("Authorization"))
		}
	}
}

func TestAnOAuthClientAsksForAnotherTokenWhenOneEnds(t *testing.T) {
	t.Parallel()
	// A token of one second is over before it is used a second time: it counts as expired some seconds early.
	credential, tokens := consumer(t, token("T1", 1), token("T2", 1), token("T3", 7200))
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{Credential: credential})
	for range 5 {
		if _, err := c.Send(t.Context(), get("user")); err != nil {
			t.Fatal(err)
		}
	}
	var used []string
	for _, r := range s.requests() {
		used = append(used, r.Header.Get("Authorization"))
	}
	if diff := cmp.Diff([]string{"Bearer T1", "Bearer T2", "Bearer T3", "Bearer T3", "Bearer T3"}, used); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if n := len(tokens.requests()); n != 3 {
		t.Errorf("asked for %d tokens, want 3", n)
	}
}

func TestAWrongSecretIsA401WithoutRetries(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status  int
		body    string
		message string
	}{
		"400 of RFC 6749":    {400, `{"error":"invalid_client"}`, "invalid_client"},
		"401 of RFC 6749":    {401, `{"error":"unauthorized_client"}`, "unauthorized_client"},
		"400 of Bitbucket":   {400, `{"type":"error","error":{"message":"No such consumer"}}`, "No such consumer"},
		"401 without a word": {401, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			credential, tokens := consumer(t, say(tt.status, tt.body, "Content-Type", "application/json"))
			s := serve(t, fine)
			c := newClient(t, s.URL, rest.Options{Credential: credential, Clock: clock, MaxRateLimitWait: time.Hour})
			_, err := c.Send(t.Context(), get("user"))
			got := refusal(t, err)
			want := rest.Error{Method: "POST", Path: "/site/oauth2/access_token", Status: 401, Message: tt.message}
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if len(tokens.requests()) != 1 || len(clock.Slept()) != 0 || len(s.requests()) != 0 {
				t.Errorf("%d tokens, %d requests", len(tokens.requests()), len(s.requests()))
			}
		})
	}
}

func TestATokenEndpointThatFailsIsAskedAgain(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]http.HandlerFunc{"a 503": say(503, ""), "a cut": cut, "half an answer": truncated} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credential, tokens := consumer(t, failure, failure, token("T1", 7200))
			s := serve(t, fine)
			if _, err := newClient(t, s.URL, rest.Options{Credential: credential}).Send(t.Context(), get("user")); err != nil {
				t.Fatal(err)
			}
			if len(tokens.requests()) != 3 || len(s.requests()) != 1 {
				t.Errorf("%d tokens, %d requests; want 3 and 1", len(tokens.requests()), len(s.requests()))
			}
		})
	}
}

func TestARefusedTokenIsAskedForAgainByTheNextRequest(t *testing.T) {
	t.Parallel()
	credential, tokens := consumer(t, say(401, ""), token("T1", 7200))
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{Credential: credential})
	if _, err := c.Send(t.Context(), get("user")); !rest.Is(err, 401) {
		t.Errorf("error is %v, want a 401", err)
	}
	if _, err := c.Send(t.Context(), get("user")); err != nil {
		t.Error(err)
	}
	if n := len(tokens.requests()); n != 2 {
		t.Errorf("asked for %d tokens, want 2", n)
	}
}

func TestTheSecretStaysAtTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	other := untouched(t)
	forms := maps.Clone(elsewhere)
	forms["another path"] = "/token" // where nobody has said that tokens are
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range redirects {
				var to string
				credential, tokens := consumer(t, func(w http.ResponseWriter, r *http.Request) { say(status, "", "Location", to)(w, r) })
				to = leading(form, tokens, other)
				s := serve(t, fine)
				_, err := newClient(t, s.URL, rest.Options{Credential: credential}).Send(t.Context(), get("user"))
				var refused *rest.Error
				if err == nil || errors.As(err, &refused) && (refused.Status != status || refused.Location == "") {
					t.Errorf("%d: error is %v", status, err)
				}
				if uris := tokens.uris(); slices.ContainsFunc(uris, func(uri string) bool { return uri != "/site/oauth2/access_token" }) || len(s.requests()) != 0 {
					t.Errorf("%d: tokens %q, %d requests; want none", status, uris, len(s.requests()))
				}
			}
		})
	}
}

func TestAnOAuthTokenIsNotSentToTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/token" {
			fine(w, r)
			return
		}
		if user, password, _ := r.BasicAuth(); user != "key" || password != "s3cret" {
			t.Errorf("Authorization of the token request is %q", r.Header.Get("Authorization"))
		}
		asked.Add(1)
		token("T", 1)(w, r)
	})
	credential, err := rest.NewClientCredentials("key", "s3cret", s.URL+"/token")
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, s.URL, rest.Options{Credential: credential}) // the token endpoint is on the origin of the API
	for range 2 {
		if _, err := c.Send(t.Context(), get("user")); err != nil {
			t.Fatal(err)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("asked for %d tokens, want 2", asked.Load())
	}
}
