package conformance_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator/conformance"
)

// listener collects the errors that the middleware reports.
type listener struct {
	testing.TB

	errors []string
}

// Errorf implements testing.TB.
func (l *listener) Errorf(format string, args ...any) {
	l.errors = append(l.errors, fmt.Sprintf(format, args...))
}

// exchange is a request, its answer, and what the middleware has to say about them.
type exchange struct {
	method, path, sent string
	status             int
	answer             string
	deliberate         bool
	want               string // part of the error; "" means none
}

// check sends the exchange through the middleware, which passes both halves on as they are and reports what it shall.
func (e exchange) check(t *testing.T) {
	t.Helper()
	heard := &listener{TB: t}
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(conformance.Deliberate) != "" {
			t.Error("the mark of the test reaches the handler")
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(e.status)
		_, _ = w.Write([]byte(e.answer))
	})
	r := httptest.NewRequestWithContext(t.Context(), e.method, e.path, strings.NewReader(e.sent))
	r.Header.Set("Content-Type", "application/json")
	if e.deliberate {
		r.Header.Set(conformance.Deliberate, t.Name())
	}
	got := httptest.NewRecorder()
	conformance.Middleware(heard, next).ServeHTTP(got, r)
	if got.Code != e.status || got.Body.String() != e.answer {
		t.Errorf("the answer arrives as %d %s", got.Code, got.Body)
	}
	report := strings.Join(heard.errors, "\n")
	if (report == "") != (e.want == "") || !strings.Contains(report, e.want) {
		t.Errorf("reports %q, want %q", report, e.want)
	}
}

// checkAll checks exchanges against a description, and skips where it is not present.
func checkAll(t *testing.T, folder, file string, exchanges map[string]exchange) {
	t.Helper()
	if found, err := conformance.Find(folder, file); found == "" {
		t.Skipf("Atlassian's OpenAPI description %s is not beside the project (%v)", file, err)
	}
	for name, e := range exchanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e.check(t)
		})
	}
}

func TestMiddlewareReportsWhatTheDescriptionForbids(t *testing.T) {
	t.Parallel()
	const row = "/2.0/repositories/acme/api/permissions-config/users/%7Bu%7D"
	checkAll(t, "bitbucket", "swagger.v3.json", map[string]exchange{
		"a good answer":               {"GET", row, "", 200, `{"type":"repository_user_permission","permission":"read"}`, false, ""},
		"null is tolerated":           {"GET", row, "", 200, `{"type":"repository_user_permission","permission":null}`, false, ""},
		"an unknown level":            {"GET", row, "", 200, `{"type":"repository_user_permission","permission":"king"}`, false, "permission"},
		"a missing type":              {"GET", row, "", 200, `{"permission":"read"}`, false, "type"},
		"fields took the type":        {"GET", row + "?fields=permission", "", 200, `{"permission":"read"}`, false, ""},
		"an undeclared status":        {"GET", row, "", 418, `{"type":"error"}`, false, "418"},
		"a known lie":                 {"GET", row, "", 429, `slow down`, false, ""},
		"an endpoint made up":         {"GET", "/2.0/made/up", "", 200, `{}`, false, "no such endpoint"},
		"an endpoint not there":       {"GET", "/2.0/made/up", "", 404, `{}`, false, ""},
		"a made up one, refused":      {"GET", "/2.0/made/up", "", 403, `{}`, false, "no such endpoint"},
		"a good request":              {"PUT", row, `{"permission":"read"}`, 200, `{"type":"x","permission":"read"}`, false, ""},
		"a wrong request":             {"PUT", row, `{"permission":"none"}`, 400, `{"type":"error"}`, false, "permission"},
		"a wrong request, on purpose": {"PUT", row, `{"permission":"none"}`, 400, `{"type":"error"}`, true, ""},
		"1.0 is not described":        {"GET", "/1.0/groups/acme", "", 299, `what?`, false, ""},
	})
}
