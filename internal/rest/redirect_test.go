package rest_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

var redirects = []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}

func TestARedirectOfAReadOnTheSameOriginIsFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range redirects {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(status, "", "Location", "/2.0/repositories/acme/new?a=b"), fine)
			c := newClient(t, s.URL, rest.Options{Credential: rest.Bearer{Token: "token"}})
			if _, err := c.Send(t.Context(), get("2.0", "repositories", "acme", "old")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"/2.0/repositories/acme/old", "/2.0/repositories/acme/new?a=b"}, s.uris()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			for _, r := range s.requests() {
				if r.Header.Get("Authorization") != "Bearer token" {
					t.Errorf("%s has Authorization %q", r.URI, r.Header.Get("Authorization"))
				}
			}
		})
	}
}

// elsewhere are addresses that lead away from SELFHOST, some of them to a server at OTHERHOST.
var elsewhere = map[string]string{
	"another port":              "http://OTHERHOST/x",
	"another host":              "http://localhost:SELFPORT/x",
	"another scheme":            "https://SELFHOST/x",
	"another address of it":     "http://127.0.0.2:SELFPORT/x",
	"a dot behind the host":     "http://127.0.0.1.:SELFPORT/x",
	"no port":                   "http://127.0.0.1/x",
	"the origin as a user":      "http://SELFHOST@OTHERHOST/x",
	"the origin as a password":  "http://ada:SELFHOST@OTHERHOST/x",
	"no scheme":                 "//OTHERHOST/x",
	"a scheme in capitals":      "HTTP://OTHERHOST/x",
	"IPv4 within IPv6":          "http://[::ffff:127.0.0.1]:SELFPORT/x",
	"a host in a fragment":      "http://OTHERHOST#SELFHOST",
	"a host in a query":         "http://OTHERHOST?http://SELFHOST/",
	"a backslash for a slash":   `http:\\OTHERHOST`,
	"a backslash after a user":  `http://SELFHOST\@OTHERHOST/x`,
	"a backslash before a user": `http://OTHERHOST\@SELFHOST/x`,
	"a tab":                     "http://OTHERHOST\t/x",
	"a file":                    "file:///etc/passwd",
	"no URL":                    "http://[::1",
}

// leading fills in where a form of elsewhere leads.
func leading(form string, from, to *server) string {
	self, other := from.Listener.Addr().String(), to.Listener.Addr().String()
	_, port, _ := strings.Cut(self, ":")
	return strings.NewReplacer("SELFHOST", self, "SELFPORT", port, "OTHERHOST", other).Replace(form)
}

// untouched ends a test that reaches a server which nobody may ask.
func untouched(t *testing.T) *server {
	t.Helper()
	s := serve(t, fine)
	t.Cleanup(func() {
		for _, r := range s.requests() {
			t.Errorf("the other origin was asked for %s %s with Authorization %q", r.Method, r.URI, r.Header.Get("Authorization"))
		}
	})
	return s
}

func TestARedirectToAnotherOriginIsNotFollowed(t *testing.T) {
	t.Parallel()
	other := untouched(t)
	for name, form := range elsewhere {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range redirects {
				for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete} {
					var to string
					s := serve(t, func(w http.ResponseWriter, r *http.Request) { say(status, "", "Location", to)(w, r) })
					to = leading(form, s, other)
					c := newClient(t, s.URL, rest.Options{Credential: rest.Basic{Username: "ada", Token: "token"}})
					_, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
					var refused *rest.Error
					if err == nil || errors.As(err, &refused) && refused.Status != status {
						t.Errorf("%s, %d: error is %v", method, status, err)
					}
					if uris := s.uris(); slices.ContainsFunc(uris, func(uri string) bool { return uri != "/x" }) {
						t.Errorf("%s, %d: asked for %q", method, status, uris)
					}
				}
			}
		})
	}
}

func TestWhereARedirectWouldLeadIsSaid(t *testing.T) {
	t.Parallel()
	other := untouched(t)
	s := serve(t, say(http.StatusFound, "", "Location", other.URL+"/x"))
	_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), get("x"))
	if got := refusal(t, err); got.Status != http.StatusFound || got.Location != other.URL+"/x" {
		t.Errorf("error is %v with Location %q", got, got.Location)
	}
}

func TestARedirectOfAWriteIsNeverFollowed(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodPut, http.MethodPost, http.MethodDelete} {
		for _, status := range redirects {
			t.Run(method+" "+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				s := serve(t, say(status, "", "Location", "/2.0/new"), fine)
				_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), rest.Request{Method: method, Path: []string{"2.0", "old"}})
				if got := refusal(t, err); got.Status != status || got.Location != "/2.0/new" {
					t.Errorf("error is %v with Location %q, want %d with /2.0/new", got, got.Location, status)
				}
				if diff := cmp.Diff([]string{"/2.0/old"}, s.uris()); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestARedirectThatGoesInACircleEnds(t *testing.T) {
	t.Parallel()
	s := serve(t, say(http.StatusFound, "", "Location", "/x"))
	_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), get("x"))
	if got := refusal(t, err); got.Status != http.StatusFound || got.Location != "/x" {
		t.Errorf("error is %v with Location %q", got, got.Location)
	}
	if n := len(s.requests()); n > 10 {
		t.Errorf("%d requests", n)
	}
}

func TestARefusalThatIsNoRedirectHasNoLocation(t *testing.T) {
	t.Parallel()
	s := serve(t, say(http.StatusForbidden, "", "Location", "/x"))
	_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), get("x"))
	if got := refusal(t, err); got.Location != "" {
		t.Errorf("Location is %q", got.Location)
	}
}
