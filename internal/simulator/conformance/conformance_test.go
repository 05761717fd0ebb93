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

func TestMiddlewareReportsWhatTheDescriptionForbids(t *testing.T) {
	t.Parallel()
	const row = "/2.0/repositories/acme/api/permissions-config/users/%7Bu%7D"
	if file, err := conformance.Find("swagger.v3.json"); file == "" {
		t.Skipf("Atlassian's OpenAPI description is not beside the project (%v)", err)
	}
	for name, tt := range map[string]struct {
		method, path, sent string
		status             int
		answer             string
		deliberate         bool
		want               string // part of the error; "" means none
	}{
		"a good answer":               {"GET", row, "", 200, `{"type":"repository_user_permission","permission":"read"}`, false, ""},
		"null is tolerated":           {"GET", row, "", 200, `{"type":"repository_user_permission","permission":null}`, false, ""},
		"an unknown level":            {"GET", row, "", 200, `{"type":"repository_user_permission","permission":"king"}`, false, "permission"},
		"a missing type":              {"GET", row, "", 200, `{"permission":"read"}`, false, "type"},
		"fields took the type":        {"GET", row + "?fields=permission", "", 200, `{"permission":"read"}`, false, ""},
		"an undeclared status":        {"GET", row, "", 418, `{"type":"error"}`, false, "418"},
		"a known lie":                 {"GET", row, "", 429, `slow down`, false, ""},
		"an endpoint made up":         {"GET", "/2.0/made/up", "", 200, `{}`, false, "no such endpoint"},
		"an endpoint not there":       {"GET", "/2.0/made/up", "", 404, `{}`, false, ""},
		"a good request":              {"PUT", row, `{"permission":"read"}`, 200, `{"type":"x","permission":"read"}`, false, ""},
		"a wrong request":             {"PUT", row, `{"permission":"none"}`, 400, `{"type":"error"}`, false, "permission"},
		"a wrong request, on purpose": {"PUT", row, `{"permission":"none"}`, 400, `{"type":"error"}`, true, ""},
		"1.0 is not described":        {"GET", "/1.0/groups/acme", "", 299, `what?`, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &listener{TB: t}
			next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get(conformance.Deliberate) != "" {
					t.Error("the mark of the test reaches the handler")
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.answer))
			})
			r := httptest.NewRequestWithContext(t.Context(), tt.method, tt.path, strings.NewReader(tt.sent))
			r.Header.Set("Content-Type", "application/json")
			if tt.deliberate {
				r.Header.Set(conformance.Deliberate, name)
			}
			got := httptest.NewRecorder()
			conformance.Middleware(heard, next).ServeHTTP(got, r)
			if got.Code != tt.status || got.Body.String() != tt.answer {
				t.Errorf("the answer arrives as %d %s", got.Code, got.Body)
			}
			report := strings.Join(heard.errors, "\n")
			if (report == "") != (tt.want == "") || !strings.Contains(report, tt.want) {
				t.Errorf("reports %q, want %q", report, tt.want)
			}
		})
	}
}
