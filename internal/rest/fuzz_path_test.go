package rest_test

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// FuzzPaths holds that a server finds in the path exactly the elements that were meant, or is not asked.
func FuzzPaths(f *testing.F) {
	for _, element := range []string{
		"", ".", "..", "...", "acme", "{470c176d-3574-44ea-bb41-89e8638bcca4}", "557058:ba8948b2-49da-43a9-9e8b-e7249b8e324a", "a/b", "../admin", "%2e%2e",
		"a%2Fb", "%", "a?b=c",
		"a#b", "a;b", `a\b`, " ", "a\r\nHost: evil", "\x00", "\xff", "\u202e", "é", "e\u0301", "．．", "//evil.example", "@evil", ":80", "a+b&c", "http://x/",
	} {
		f.Add(element, "x", element, "", "")
		f.Add("x", element, "y", element, element)
	}
	f.Fuzz(func(t *testing.T, a, b, c, key, value string) {
		elements := []string{a, b, c}
		m := &memory{answers: []memorized{{status: http.StatusOK, body: []byte("{}")}}}
		request := rest.Request{Method: http.MethodDelete, Path: elements}
		if key != "" || value != "" {
			request.Query = url.Values{key: {value}}
		}
		_, err := m.client(t, origin+"/a%2Fb", rest.Options{}).Send(t.Context(), request)
		if refused := slices.ContainsFunc(elements, func(e string) bool { return e == "" || e == "." || e == ".." }); refused || err != nil {
			if !refused || err == nil || len(m.sent) > 0 {
				t.Fatalf("%q: error is %v after %d requests", elements, err, len(m.sent))
			}
			return
		}
		r := m.sent[0]
		if r.Method != http.MethodDelete || r.Host != "localhost:8080" || len(m.sent) != 1 {
			t.Errorf("%d requests, the first %s %s of %s", len(m.sent), r.Method, r.RequestURI, r.Host)
		}
		if got := r.URL.Query(); !sameQuery(got, request.Query) {
			t.Errorf("the query is %q, want %q", got, request.Query)
		}
		sent := r.URL.EscapedPath()
		if target, _, _ := strings.Cut(r.RequestURI, "?"); target != sent || path.Clean(sent) != sent {
			t.Errorf("%s was read as %s, and cleaned is %s", r.RequestURI, sent, path.Clean(sent))
		}
		var arrived []string
		for segment := range strings.SplitSeq(strings.TrimPrefix(sent, "/"), "/") {
			element, err := url.PathUnescape(segment)
			if err != nil {
				t.Fatal(err)
			}
			arrived = append(arrived, element)
		}
		if diff := cmp.Diff(append([]string{"a/b"}, elements...), arrived); diff != "" {
			t.Errorf("elements (-meant +arrived):\n%s", diff)
		}
	})
}

// sameQuery tells whether two queries are the same; none is like an empty one.
func sameQuery(a, b url.Values) bool { return len(a) == 0 && len(b) == 0 || cmp.Equal(a, b) }
