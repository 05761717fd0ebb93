package rest_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// holder is a credential and what must not be seen of it.
type holder struct {
	credential func(*testing.T) rest.Credential
	secrets    []string
}

const (
	apiToken   = `ATATT3x"FfGF0T4/x+y=</ü&%41`
	plainToken = "ATCTT3xFfGF0T4JVjdmA2dnS"
	issued     = "hNgr0cVYc8aUr8Sb5fN_kw=="
	oauthSaid  = "nF7b2wS/9q+Kd:vQ"
)

// holders are all kinds of credential.
var holders = map[string]holder{
	"a user with a token": {
		func(*testing.T) rest.Credential { return rest.Basic{Username: "ada@acme.example", Token: apiToken} },
		[]string{apiToken, base64.StdEncoding.EncodeToString([]byte("ada@acme.example:" + apiToken))},
	},
	"an access token": {func(*testing.T) rest.Credential { return rest.Bearer{Token: plainToken} }, []string{plainToken}},
	"an OAuth client": {
		func(t *testing.T) rest.Credential {
			t.Helper()
			credential, err := rest.NewClientCredentials("key", oauthSaid, serve(t, token(issued, 7200)).URL)
			if err != nil {
				t.Fatal(err)
			}
			return credential
		},
		[]string{issued, oauthSaid, base64.StdEncoding.EncodeToString([]byte("key:" + url.QueryEscape(oauthSaid)))},
	},
}

// each writes every byte of a text in a format.
func each(format, text string) string {
	var all strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&all, format, b)
	}
	return all.String()
}

// disguises are the forms that a server may give a secret.
var disguises = map[string]func(string) string{
	"plain":                 func(s string) string { return s },
	"an address":            url.QueryEscape,
	"a path":                url.PathEscape,
	"an address, each":      func(s string) string { return each("%%%02X", s) },
	"an address, twice":     func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"HTML":                  html.EscapeString,
	"HTML, each":            func(s string) string { return each("&#%d;", s) },
	"a JSON text in a text": quotedJSON,
}

// quotedJSON is a text as JSON writes it, without its quotes.
func quotedJSON(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted[1 : len(quoted)-1])
}

// shows returns the secret that a text holds, in whatever disguise; "" is none.
func shows(text string, secrets []string) string {
	for range 4 {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				return secret
			}
		}
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
		text = html.UnescapeString(text)
		var unquoted string
		if json.Unmarshal([]byte(`"`+text+`"`), &unquoted) == nil {
			text = unquoted
		}
	}
	return ""
}

// asJSON puts a text into JSON where SAID is, and where EACH is with all characters escaped.
func asJSON(form, said string) string {
	return strings.NewReplacer("SAID", quotedJSON(said), "EACH", each(`\u%04x`, said)).Replace(form)
}

// repeats are what a hostile server answers.
var repeats = map[string]func(said string) http.HandlerFunc{
	"a message":       refusing(`{"type":"error","error":{"message":"SAID"}}`),
	"an escaped one":  refusing(`{"type":"error","error":{"message":"EACH"}}`),
	"a detail":        refusing(`{"type":"error","error":{"message":"No","detail":"SAID"}}`),
	"fields":          refusing(`{"type":"error","error":{"message":"No","fields":{"SAID":["SAID"]}}}`),
	"odd fields":      refusing(`{"error":{"fields":{"a":{"SAID":["SAID"]}}}}`),
	"scopes":          refusing(`{"type":"error","error":{"detail":{"required":["SAID"],"granted":["SAID"]}}}`),
	"accepted scopes": refusing(`{"message":["SAID"],"acceptableScopes":["SAID"]}`),
	"OAuth":           refusing(`{"error":"SAID","error_description":"SAID"}`),
	"the application": refusing(`{"errors":[{"code":"SAID","title":"SAID","detail":"SAID"},"SAID"]}`),
	"a list":          refusing(`["SAID"]`),
	"half of JSON":    refusing(`{"error":{"message":"SAID"`),
	"an HTML title":   func(said string) http.HandlerFunc { return say(502, "<html><title>"+said+"</title></html>") },
	"plain text":      func(said string) http.HandlerFunc { return say(401, "The token "+said+" is not valid") },
	"a limit": func(said string) http.HandlerFunc {
		return say(429, said, "X-RateLimit-Limit", said, "Retry-After", said)
	},
	"a header":         func(said string) http.HandlerFunc { return say(403, "", "X-Request-Id", said, "Content-Type", said) },
	"an item":          succeeding(`{"values":["SAID"]}`),
	"a name":           succeeding(`{"uuid":"{1}","display_name":"SAID","values":[{"uuid":"SAID","SAID":1}]}`),
	"an escaped name":  succeeding(`{"uuid":"EACH","values":[{"uuid":"EACH"}]}`),
	"a content type":   func(said string) http.HandlerFunc { return say(200, "no JSON", "Content-Type", said) },
	"a next page":      succeeding(`{"uuid":"{1}","values":[],"next":"http://acme.example/SAID?q=SAID"}`),
	"a next page here": succeeding(`{"uuid":"{1}","values":[],"next":"HERE/x/SAID?q=SAID"}`),
	"a redirect here":  func(said string) http.HandlerFunc { return say(302, "", "Location", "/x/"+url.PathEscape(said)) },
	"a redirect away":  func(said string) http.HandlerFunc { return say(307, said, "Location", "http://acme.example/"+said) },
	"a redirect, odd":  func(said string) http.HandlerFunc { return say(301, said, "Location", "http://["+said) },
	"a status line":    raw("HTTP/1.1 SAID\r\n\r\n"),
	"a status":         raw("HTTP/1.1 400 SAID\r\nContent-Length: 0\r\n\r\n"),
	"no HTTP":          raw("SAID\r\n\r\n"),
	"a broken header":  raw("HTTP/1.1 200 OK\r\nSAID\r\n\r\n"),
	"an odd length":    raw("HTTP/1.1 200 OK\r\nContent-Length: SAID\r\n\r\n"),
	"an odd encoding":  raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: SAID\r\n\r\n"),
	"an odd chunk":     raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSAID\r\n"),
}

func refusing(form string) func(string) http.HandlerFunc {
	return func(said string) http.HandlerFunc {
		return say(403, asJSON(form, said), "Content-Type", "application/json")
	}
}

func succeeding(form string) func(string) http.HandlerFunc {
	return func(said string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			say(200, strings.ReplaceAll(asJSON(form, said), "HERE", "http://"+r.Host), "Content-Type", "application/json")(w, r)
		}
	}
}

// raw answers bytes of which a server of Go would not let all pass.
func raw(form string) func(string) http.HandlerFunc {
	return func(said string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			_, _ = conn.Write([]byte(strings.ReplaceAll(form, "SAID", said)))
			_ = conn.Close()
		}
	}
}

// everythingSeen is all that leaves the package when a server is asked: answers, errors with their fields, and the log.
func everythingSeen(ctx context.Context, t *testing.T, c *rest.Client, log *logbook) string {
	t.Helper()
	var seen strings.Builder
	note := func(value any, err error) {
		fmt.Fprintf(&seen, "%+v\n%v\n", value, err)
		if err != nil {
			if answer, ok := err.(*rest.Error); ok { //nolint:errorlint // only its own fields
				fmt.Fprintf(&seen, "%q %+v\n", answer.Answer(), *answer)
			}
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		item, header, err := rest.Fetch[map[string]any](ctx, c, rest.Request{Method: method, Path: []string{"x"}})
		note(item, err)
		fmt.Fprintln(&seen, header)
	}
	for item, err := range rest.Pages[map[string]any](ctx, c, get("list")) {
		note(item, err)
	}
	return seen.String() + log.String()
}

// told are the secrets that a server repeats in a disguise: all of them as they are, and one in each disguise.
func told(as string, secrets []string) []string {
	if as == "plain" {
		return secrets
	}
	return secrets[:1]
}
