package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// row is an item of a list.
type row struct{ UUID string }

// pages answers each target of the map with its body; SELF stands for the address of the server.
func pages(t *testing.T, bodies map[string]string) *server {
	t.Helper()
	var s *server
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.RequestURI]
		if !ok {
			say(http.StatusNotFound, "")(w, r)
			return
		}
		say(http.StatusOK, strings.ReplaceAll(body, "SELF", s.URL))(w, r)
	})
	return s
}

// collect reads a list to its end or its error.
func collect(t *testing.T, s *server, r rest.Request) (uuids []string, err error) {
	t.Helper()
	for item, err := range rest.Pages[row](t.Context(), newClient(t, s.URL, rest.Options{Credential: rest.Bearer{Token: "t"}}), r) {
		if err != nil {
			return uuids, err
		}
		uuids = append(uuids, item.UUID)
	}
	return uuids, nil
}

func TestAListIsReadPageByPage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bodies map[string]string
		want   []string
		uris   []string
	}{
		"one page":      {map[string]string{"/list?pagelen=100": page("", "a", "b")}, []string{"a", "b"}, []string{"/list?pagelen=100"}},
		"an empty list": {map[string]string{"/list?pagelen=100": page("")}, nil, []string{"/list?pagelen=100"}},
		"many pages": {map[string]string{
			"/list?pagelen=100": page("SELF/list?pagelen=100&page=2", "a"),
			// next is opaque: it may lead anywhere on the origin, escaped as Bitbucket likes.
			"/list?pagelen=100&page=2":    page("SELF/other/%7B1%7D?ctx=a%2Bb%2F", "b"),
			"/other/%7B1%7D?ctx=a%2Bb%2F": page("", "c", "d"),
		}, []string{"a", "b", "c", "d"}, []string{"/list?pagelen=100", "/list?pagelen=100&page=2", "/other/%7B1%7D?ctx=a%2Bb%2F"}},
		"an empty page on the way": {map[string]string{
			"/list?pagelen=100": page("SELF/2"), "/2": page("SELF/3"), "/3": page("", "c"),
		}, []string{"c"}, []string{"/list?pagelen=100", "/2", "/3"}},
		"spaces around the items": {map[string]string{"/list?pagelen=100": "{ \"values\" : [ \n {\"uuid\":\"a\"} , " +
			"{\"uuid\":\"b\"} ] }"}, []string{"a", "b"}, []string{"/list?pagelen=100"}},
		"next that is empty": {map[string]string{"/list?pagelen=100": `{"values":[],"next":""}`}, nil, []string{"/list?pagelen=100"}},
		"next that is null":  {map[string]string{"/list?pagelen=100": `{"values":[],"next":null}`}, nil, []string{"/list?pagelen=100"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pages(t, tt.bodies)
			got, err := collect(t, s, rest.Request{Method: "GET", Path: []string{"list"}, Query: url.Values{"pagelen": {"100"}}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.uris, s.uris()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			for _, r := range s.requests() {
				if r.Header.Get("Authorization") != "Bearer t" {
					t.Errorf("%s has Authorization %q", r.URI, r.Header.Get("Authorization"))
				}
			}
		})
	}
}

func TestAnItemThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		items string
		want  []string
	}{
		"a text":          {`{"uuid":"a"},"Snippets are not on your plan"`, []string{"item 1", "Snippets are not on your plan"}},
		"a null":          {`{"uuid":"a"},null`, []string{"item 1", "null"}},
		"a number":        {`{"uuid":"a"},5`, []string{"item 1", "5"}},
		"a list":          {`{"uuid":"a"},[{"uuid":"b"}]`, []string{"item 1", "list", "["}},
		"a wrong type":    {`{"uuid":"a"},{"uuid":5}`, []string{"item 1", "UUID"}},
		"a huge text":     {`{"uuid":"a"},"` + strings.Repeat("x", 10000) + `"`, []string{"item 1", "…"}},
		"a line in a row": {`{"uuid":"a"},` + "\n5", []string{"item 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pages(t, map[string]string{"/list": `{"values":[` + tt.items + `],"next":"SELF/2"}`, "/2": page("", "c")})
			got, err := collect(t, s, get("list"))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not hold %q", err, want)
				}
			}
			if len(err.Error()) > 600 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			if diff := cmp.Diff([]string{"a"}, got); diff != "" {
				t.Errorf("items before the error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"/list"}, s.uris()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPageWithoutValuesIsRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"an object without them": `{"pagelen":100}`,
		"values that are null":   `{"values":null}`,
		"values that are a text": `{"values":"a"}`,
		"a bare list":            `[{"uuid":"a"}]`,
		"a null":                 `null`,
		"nothing":                ``,
		"an HTML page":           `<html></html>`,
		"half a page":            `{"values":[{"uuid":`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(200, body))
			got, err := collect(t, s, get("list"))
			if err == nil || !strings.Contains(err.Error(), "/list") {
				t.Errorf("error is %v", err)
			}
			if len(got) > 0 || len(s.requests()) != 1 {
				t.Errorf("items %q after %d requests", got, len(s.requests()))
			}
		})
	}
}

func TestAListThatFailsOnALaterPageEndsWithTheError(t *testing.T) {
	t.Parallel()
	s := pages(t, map[string]string{"/list": page("SELF/2", "a", "b")})
	got, err := collect(t, s, get("list"))
	if refused := refusal(t, err); refused.Status != http.StatusNotFound || refused.Path != "/2" {
		t.Errorf("error is %v", err)
	}
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
		t.Errorf("items before the error (-want +got):\n%s", diff)
	}
}

func TestAReaderThatStopsMakesNoFurtherRequests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after    int
		requests int
	}{
		"on the first item":             {1, 1},
		"on the last item of a page":    {2, 1},
		"on the first item of the next": {3, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := pages(t, map[string]string{"/list": page("SELF/2", "a", "b"), "/2": page("SELF/3", "c", "d"), "/3": page("", "e")})
			n := 0
			for _, err := range rest.Pages[row](t.Context(), newClient(t, s.URL, rest.Options{}), get("list")) {
				if err != nil {
					t.Fatal(err)
				}
				if n++; n == tt.after {
					break
				}
			}
			if got := len(s.requests()); got != tt.requests {
				t.Errorf("%d requests, want %d", got, tt.requests)
			}
		})
	}
}

func TestAListThatNobodyReadsIsNotAskedFor(t *testing.T) {
	t.Parallel()
	s := serve(t, fine)
	_ = rest.Pages[row](t.Context(), newClient(t, s.URL, rest.Options{}), get("list"))
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
