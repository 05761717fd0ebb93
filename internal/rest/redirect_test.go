package rest_test

import (
	"net/http"
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

func TestARedirectToAnotherOriginIsNotFollowed(t *testing.T) {
	t.Parallel()
	other := serve(t, fine)
	for name, location := range map[string]func(*server) string{
		"another port":   func(*server) string { return other.URL + "/x" },
		"another host":   func(*server) string { return strings.Replace(other.URL, "127.0.0.1", "localhost", 1) + "/x" },
		"another scheme": func(s *server) string { return strings.Replace(s.URL, "http://", "https://", 1) + "/x" },
		"a user in the way": func(s *server) string {
			return "http://" + s.Listener.Addr().String() + "@" + other.Listener.Addr().String()
		},
		"no scheme":            func(*server) string { return "//" + other.Listener.Addr().String() + "/x" },
		"a host in a backlash": func(*server) string { return `http:\\` + other.Listener.Addr().String() },
	} {
		for _, credential := range []rest.Credential{rest.Bearer{Token: "token"}, rest.Basic{Username: "ada", Token: "token"}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var to string
				s := serve(t, func(w http.ResponseWriter, r *http.Request) { say(http.StatusFound, "", "Location", to)(w, r) })
				to = location(s)
				_, err := newClient(t, s.URL, rest.Options{Credential: credential}).Send(t.Context(), get("x"))
				if err == nil {
					t.Fatal("no error")
				}
				if name == "a host in a backlash" {
					return // Go itself refuses the address
				}
				if got := refusal(t, err); got.Status != http.StatusFound || got.Location != to {
					t.Errorf("error is %v with Location %q, want 302 with %q", got, got.Location, to)
				}
				if n := len(s.requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
			})
		}
	}
	t.Cleanup(func() {
		for _, r := range other.requests() {
			t.Errorf("the other origin was asked for %s with Authorization %q", r.URI, r.Header.Get("Authorization"))
		}
	})
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
