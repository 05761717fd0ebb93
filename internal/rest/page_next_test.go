package rest_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestANextPageOnAnotherOriginIsRefusedUnsent(t *testing.T) {
	t.Parallel()
	other := untouched(t)
	forms := maps.Clone(elsewhere)
	forms["no origin"] = "/list?page=2"
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s *server
			s = serve(t, func(w http.ResponseWriter, r *http.Request) { say(200, page(leading(form, s, other), "a"))(w, r) })
			got, err := collect(t, s, get("list"))
			if err == nil || !strings.Contains(err.Error(), "list /list") || !strings.Contains(err.Error(), "next page") {
				t.Errorf("error is %v", err)
			}
			if diff := cmp.Diff([]string{"a"}, got); diff != "" {
				t.Errorf("items before the error (-want +got):\n%s", diff)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

func TestANextPageIsAskedForWithTheCredentialWhateverItsAddressSays(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]string{
		"a scheme in capitals": "HTTP://SELFHOST/2",
		"a fragment":           "http://SELFHOST/2#http://eve.example",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s *server
			s = serve(t, func(w http.ResponseWriter, r *http.Request) { say(200, page(leading(form, s, s), "a"))(w, r) }, say(200, page("", "b")))
			if _, err := collect(t, s, get("list")); err != nil {
				t.Fatal(err)
			}
			for _, r := range s.requests() {
				if r.Header.Get("Authorization") != "Bearer t" {
					t.Errorf("%s has Authorization %q", r.URI, r.Header.Get("Authorization"))
				}
			}
			if diff := cmp.Diff([]string{"/list", "/2"}, s.uris()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestANextPageThatWasReadBeforeIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bodies   map[string]string
		requests int
	}{
		"the page itself": {map[string]string{"/list": page("SELF/list", "a")}, 1},
		"the first page":  {map[string]string{"/list": page("SELF/2", "a"), "/2": page("SELF/3", "b"), "/3": page("SELF/list", "c")}, 3},
		"a later page":    {map[string]string{"/list": page("SELF/2", "a"), "/2": page("SELF/3", "b"), "/3": page("SELF/2", "c")}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pages(t, tt.bodies)
			_, err := collect(t, s, get("list"))
			if err == nil || !strings.Contains(err.Error(), "read before") {
				t.Errorf("error is %v", err)
			}
			if n := len(s.requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}
