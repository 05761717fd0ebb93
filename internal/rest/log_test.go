package rest_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// logbook is a log that many goroutines write.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// listen returns a context whose log at level TRACE goes into the logbook.
func listen(t *testing.T) (context.Context, *logbook) {
	t.Helper()
	l := &logbook{}
	return tflogtest.RootLogger(t.Context(), l), l
}

// entries are the lines of the log; only the given fields are kept.
func (l *logbook) entries(t *testing.T, fields ...string) []map[string]any {
	t.Helper()
	lines, err := tflogtest.MultilineJSONDecode(strings.NewReader(l.String()))
	if err != nil {
		t.Fatal(err)
	}
	var entries []map[string]any
	for _, line := range lines {
		entry := map[string]any{}
		for _, field := range fields {
			if value, ok := line[field]; ok {
				entry[field] = value
			}
		}
		entries = append(entries, entry)
	}
	return entries
}

func TestEveryAttemptIsLogged(t *testing.T) {
	t.Parallel()
	ctx, log := listen(t)
	s := serve(t, say(500, ""), limited, cut, fine)
	c := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Minute})
	if _, err := c.Send(ctx, rest.Request{Method: http.MethodPut, Path: []string{"2.0", "{1}"}}); err != nil {
		t.Fatal(err)
	}
	type entry = map[string]any
	want := []entry{
		{"@level": "debug", "@message": "request answered", "method": "PUT", "path": "/2.0/%7B1%7D", "attempt": 1.0, "status": 500.0},
		{"@level": "debug", "@message": "request answered", "method": "PUT", "path": "/2.0/%7B1%7D", "attempt": 2.0, "status": 429.0},
		{"@level": "warn", "@message": "rate limit reached, all requests pause"},
		{"@level": "debug", "@message": "request failed", "method": "PUT", "path": "/2.0/%7B1%7D", "attempt": 3.0},
		{"@level": "debug", "@message": "request answered", "method": "PUT", "path": "/2.0/%7B1%7D", "attempt": 4.0, "status": 200.0},
	}
	if diff := cmp.Diff(want, log.entries(t, "@level", "@message", "method", "path", "attempt", "status")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	for _, e := range log.entries(t, "method", "duration_ms", "host") {
		if _, timed := e["duration_ms"]; timed != (e["method"] != nil) || e["method"] != nil && e["host"] != s.Listener.Addr().String() {
			t.Errorf("entry %v lacks its duration or host", e)
		}
	}
}

func TestTheWaitOfARateLimitIsLogged(t *testing.T) {
	t.Parallel()
	ctx, log := listen(t)
	s := serve(t, say(429, "", "Retry-After", "20"), say(429, "", "Retry-After", "30"), fine)
	if _, err := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Minute}).Send(ctx, get("x")); err != nil {
		t.Fatal(err)
	}
	var waits []any
	for _, e := range log.entries(t, "wait", "waited") {
		if len(e) > 0 {
			waits = append(waits, e["wait"], e["waited"])
		}
	}
	if diff := cmp.Diff([]any{"20s", "0s", "30s", "20s"}, waits); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cret"
	credential := func(t *testing.T, answers ...http.HandlerFunc) rest.Credential {
		t.Helper()
		c, _ := consumer(t, answers...)
		return c
	}
	for name, tt := range map[string]struct {
		credential rest.Credential
		script     []http.HandlerFunc
	}{
		"a user with a token":       {rest.Basic{Username: "user-" + secret, Token: "token-" + secret}, []http.HandlerFunc{fine}},
		"an access token":           {rest.Bearer{Token: "token-" + secret}, []http.HandlerFunc{fine}},
		"an OAuth client":           {credential(t, token("token-"+secret, 7200)), []http.HandlerFunc{fine}},
		"an OAuth client's refusal": {credential(t, say(401, `{"error":"`+secret+`"}`)), []http.HandlerFunc{fine}},
		"a token endpoint that fails": {
			credential(t, say(503, secret), cut, truncated, say(500, secret), say(500, secret)), []http.HandlerFunc{fine},
		},
		"a token endpoint that is no such": {credential(t, say(200, secret)), []http.HandlerFunc{fine}},
		"every failure": {
			rest.Bearer{Token: "token-" + secret},
			[]http.HandlerFunc{say(500, secret), limited, cut, truncated, say(403, `{"error":{"message":"`+secret+`"}}`)},
		},
		"redirects": {rest.Bearer{Token: "token-" + secret}, []http.HandlerFunc{say(302, secret, "Location", "/y?q="+secret), fine}},
		"headers":   {rest.Bearer{Token: "token-" + secret}, []http.HandlerFunc{say(200, "{}", "X-Oauth-Scopes", secret)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{http.MethodGet, http.MethodPut} { // one after another, as they share the credential
				ctx, log := listen(t)
				s := serve(t, tt.script...)
				c := newClient(t, s.URL, rest.Options{Credential: tt.credential, MaxRateLimitWait: time.Hour, UserAgent: "agent-" + secret})
				request := rest.Request{Method: method, Path: []string{"x"}, Query: url.Values{"q": {secret}, "emails": {secret}}}
				if method == http.MethodPut {
					request.JSON = map[string]string{"password": secret}
				}
				_, _ = c.Send(ctx, request)
				text := log.String()
				for _, word := range []string{secret, "Basic ", "Bearer", "Authorization", "authorization", "emails", "grant_type"} {
					if strings.Contains(text, word) {
						t.Errorf("the log of %s holds %q:\n%s", method, word, text)
					}
				}
				if !strings.Contains(text, `"method":`) {
					t.Errorf("the log of %s holds no request:\n%s", method, text)
				}
			}
		})
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cret"
	for name, answer := range map[string]http.HandlerFunc{"a refusal": say(403, "no"), "a failure": say(500, ""), "a cut": cut, "no JSON": say(200, "x")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answer)
			c := newClient(t, s.URL, rest.Options{Credential: rest.Basic{Username: "ada", Token: secret}})
			_, _, err := rest.Fetch[row](t.Context(), c, rest.Request{Method: "GET", Path: []string{"x"}, Query: url.Values{"q": {secret}}})
			if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), basic("ada", secret)) {
				t.Errorf("error is %v", err)
			}
		})
	}
}
