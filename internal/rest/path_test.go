package rest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestAnElementOfThePathStaysOneElement(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ element, sent string }{
		"a slug":                     {"terraform-live_2", "terraform-live_2"},
		"a UUID in braces":           {"{470c176d-3574-44ea-bb41-89e8638bcca4}", "%7B470c176d-3574-44ea-bb41-89e8638bcca4%7D"},
		"an account id":              {"557058:ba8948b2-49da-43a9-9e8b-e7249b8e324a", "557058:ba8948b2-49da-43a9-9e8b-e7249b8e324a"},
		"a slash":                    {"a/b", "a%2Fb"},
		"a slash at the end":         {"a/", "a%2F"},
		"only a slash":               {"/", "%2F"},
		"a way up":                   {"../admin", "..%2Fadmin"},
		"a way up at the end":        {"a/..", "a%2F.."},
		"three dots":                 {"...", "..."},
		"a dot file":                 {".git", ".git"},
		"an escaped slash":           {"a%2Fb", "a%252Fb"},
		"an escaped way up":          {"%2e%2e", "%252e%252e"},
		"a percent sign by itself":   {"100%", "100%25"},
		"a backslash":                {`a\b`, "a%5Cb"},
		"a question mark":            {"a?q=1", "a%3Fq=1"},
		"a number sign":              {"a#b", "a%23b"},
		"a semicolon":                {"a;b", "a%3Bb"},
		"an ampersand":               {"a&b", "a&b"},
		"a plus sign":                {"a+b", "a+b"},
		"a space":                    {"a b", "a%20b"},
		"only a space":               {" ", "%20"},
		"a line break":               {"a\r\nHost: evil", "a%0D%0AHost:%20evil"},
		"a null":                     {"a\x00b", "a%00b"},
		"a delete":                   {"a\x7fb", "a%7Fb"},
		"letters beyond ASCII":       {"größe", "gr%C3%B6%C3%9Fe"},
		"a division slash":           {"a∕b", "a%E2%88%95b"},
		"fullwidth dots":             {"．．", "%EF%BC%8E%EF%BC%8E"},
		"bytes that are no UTF-8":    {"a\xffb", "a%FFb"},
		"an address":                 {"https://evil.example/", "https:%2F%2Fevil.example%2F"},
		"an address without scheme":  {"//evil.example", "%2F%2Fevil.example"},
		"a user in front of a host":  {"@evil.example", "@evil.example"},
		"a port":                     {":8080", ":8080"},
		"brackets and a pipe":        {"[a]|b", "%5Ba%5D%7Cb"},
		"quotation marks":            {`"a'`, "%22a%27"},
		"nothing but escaped braces": {"%7B%7D", "%257B%257D"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fine)
			c := newClient(t, s.URL, rest.Options{})
			for _, path := range [][]string{{"2.0", "users", tt.element, "x"}, {"2.0", tt.element}, {tt.element}} {
				if _, err := c.Send(t.Context(), rest.Request{Method: "GET", Path: path}); err != nil {
					t.Fatal(err)
				}
				all := s.requests()
				target, query, asked := strings.Cut(all[len(all)-1].URI, "?")
				if asked {
					t.Errorf("%q became the query %q", tt.element, query)
				}
				var arrived []string
				for _, segment := range strings.Split(target, "/")[1:] {
					element, err := url.PathUnescape(segment)
					if err != nil {
						t.Fatal(err)
					}
					arrived = append(arrived, element)
				}
				if diff := cmp.Diff(path, arrived); diff != "" {
					t.Errorf("elements (-sent +arrived):\n%s", diff)
				}
			}
			if diff := cmp.Diff([]string{"/2.0/users/" + tt.sent + "/x", "/2.0/" + tt.sent, "/" + tt.sent}, s.uris()); diff != "" {
				t.Errorf("targets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestElementsThatCannotNameAnythingAreRefusedUnsent(t *testing.T) {
	t.Parallel()
	for name, element := range map[string]string{"nothing": "", "a dot": ".", "a way up": ".."} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fine)
			c := newClient(t, s.URL, rest.Options{})
			for position := range 3 {
				path := []string{"2.0", "users", "x"}
				path[position] = element
				if _, err := c.Send(t.Context(), rest.Request{Method: "DELETE", Path: path}); err == nil {
					t.Errorf("DELETE %q is no error", path)
				}
				for _, err := range rest.Pages[map[string]any](t.Context(), c, get(path...)) {
					if err == nil {
						t.Errorf("the list %q is no error", path)
					}
				}
				if _, _, err := rest.Fetch[map[string]any](t.Context(), c, get(path...)); err == nil {
					t.Errorf("GET %q is no error", path)
				}
			}
			if sent := s.uris(); len(sent) > 0 {
				t.Errorf("sent %q", sent)
			}
		})
	}
}

func TestTheQueryIsEscaped(t *testing.T) {
	t.Parallel()
	s := serve(t, fine)
	query := url.Values{"fields": {"+values.user.email"}, "q": {`user.email IN ("a&b=c#d@example.com")`}}
	_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), rest.Request{Method: "GET", Path: []string{"members"}, Query: query})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"/members?fields=%2Bvalues.user.email&q=user.email+IN+%28%22a%26b%3Dc%23d%40example.com%22%29"}
	if diff := cmp.Diff(want, s.uris()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
