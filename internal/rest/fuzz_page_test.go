package rest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// origin is where the lists of these tests are.
const origin = "http://localhost:8080"

// numbered is a row with a number, the one kind of value that an error of decoding repeats.
type numbered struct {
	UUID string
	Size int
}

// objects are the items of the pages that are objects, up to the first that is none or that does not fit.
func objects(bodies [][]byte) []numbered {
	var all []numbered
	for _, body := range bodies {
		var page struct {
			Values []json.RawMessage
			Next   string
		}
		if json.Unmarshal(body, &page) != nil {
			return all
		}
		for _, raw := range page.Values {
			var row *numbered
			if json.Unmarshal(raw, &row) != nil || row == nil {
				return all
			}
			all = append(all, *row)
		}
	}
	return all
}

// FuzzPages holds that a list gives the objects of its pages in their order and then ends, with an error where a page is none. Each line is a
// page; the last one repeats.
func FuzzPages(f *testing.F) {
	next := func(path string) string { return page(origin+path, "a", "b") }
	for _, bodies := range []string{
		page("", "a"), next("/2") + "\n" + page("", "c"), next("/list"), next("/2") + "\n" + next("/3") + "\n" + next("/2"), next("/2"),
		`{"values":[{"uuid":"a"},"Snippets are not on your plan"]}`, `{"values":[null]}`, `{"values":null}`, `[]`, `null`, ``, `<html></html>`, `{"values":[{"uuid":`,
		`{"values":[{"size":1` + strings.Repeat("0", 500) + `}]}`, `{"values":[{"uuid":5}],"next":5}`, `{"values":[],"next":"https://evil.example/"}`,
		`{"values":[[]],"values":[{}],"VALUES":[{"UUID":"x"}]}`, "{\"values\":[\"a\xff\u202e\u2028b\\u0000\"]}", `{"values":[{"uuid":"\ud800"}]}`,
	} {
		f.Add([]byte(bodies))
	}
	f.Fuzz(func(t *testing.T, lines []byte) {
		bodies := bytes.Split(lines, []byte("\n"))
		m := &memory{}
		for _, body := range bodies {
			m.answers = append(m.answers, memorized{status: http.StatusOK, body: body})
		}
		var got []numbered
		var failure error
		for row, err := range rest.Pages[numbered](t.Context(), m.client(t, origin, rest.Options{}), get("list")) {
			if failure != nil {
				t.Fatalf("%v comes after the error %v", row, failure)
			}
			if failure = err; err == nil {
				got = append(got, row)
			} else {
				showable(t, "the error", err)
			}
		}
		for len(bodies) < len(m.sent) {
			bodies = append(bodies, bodies[len(bodies)-1])
		}
		want := objects(bodies[:len(m.sent)])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// FuzzNextLinks holds that whatever a page says of the next one, only the list's own origin is asked, as the list was asked for.
func FuzzNextLinks(f *testing.F) {
	for _, next := range []string{
		"", origin, origin + "/list?page=2", origin + "/other/%7B1%7D?ctx=a%2Bb%2F", origin + "/list#2", "HTTP://LOCALHOST:8080/2", "http://ada:secret@localhost:8080/2",
		"http://localhost:8080@evil.example/", "http://evil.example/", "//evil.example/", "/list?page=2", "https://localhost:8080/2",
		"http://localhost.:8080/", "http://localhost/",
		"http://localhost:8080\\@evil.example/", "http://localhost:8080//evil.example/", "http://localhost:8080:80/", "http://localhost:8080%2f@evil/", "http:localhost:8080/2",
		"http://[::1", "file:///etc/passwd", origin + "/a%0D%0AHost:%20evil", origin + "/a b", origin + "/%e2%80%ae",
		origin + "/" + strings.Repeat("a", 3000), origin + "/../../x",
		origin + "/?" + strings.Repeat("a", 9000), origin + "/%", origin + "?\x00", "javascript:alert(1)", origin + "/2?\r\nX: y", "http://localhost:8080\u2028/", "cursor:2",
	} {
		f.Add(next, true)
		f.Add(next, false)
	}
	f.Fuzz(func(t *testing.T, next string, authorized bool) {
		first, err := json.Marshal(map[string]any{"values": []any{}, "next": next})
		if err != nil {
			t.Fatal(err)
		}
		m := &memory{answers: []memorized{{status: http.StatusOK, body: first}, {status: http.StatusForbidden, body: []byte("No.")}}}
		o := rest.Options{}
		want := ""
		if authorized {
			o.Credential, want = rest.Bearer{Token: "t"}, "Bearer t"
		}
		for _, err := range rest.Pages[numbered](t.Context(), m.client(t, origin, o), get("list")) {
			if err != nil {
				showable(t, "the error", err)
			}
		}
		if len(m.sent) > 2 {
			t.Errorf("%d requests", len(m.sent))
		}
		for _, r := range m.sent {
			if r.Method != http.MethodGet || !strings.EqualFold(r.URL.Scheme+"://"+r.Host, origin) || r.URL.Host != "" || r.ContentLength != 0 {
				t.Errorf("asked %s %s://%s %s", r.Method, r.URL.Scheme, r.Host, r.RequestURI)
			}
			if got := r.Header.Values("Authorization"); strings.Join(got, ", ") != want {
				t.Errorf("%s has Authorization %q, want %q", r.RequestURI, got, want)
			}
		}
	})
}

// endless makes up another next page each time.
type endless struct{ asked int }

func (e *endless) RoundTrip(req *http.Request) (*http.Response, error) {
	e.asked++
	m := memory{answers: []memorized{{status: http.StatusOK, body: []byte(page(fmt.Sprintf("%s/list?page=%d", origin, e.asked), "a"))}}}
	return m.RoundTrip(req)
}

func TestAListWithoutAnEndIsRefused(t *testing.T) {
	t.Parallel()
	server, rows := &endless{}, 0
	var failure error
	for _, err := range rest.Pages[numbered](t.Context(), newClient(t, origin, rest.Options{Transport: server}), get("list")) {
		if failure = err; err == nil {
			rows++
		}
	}
	if !errors.Is(failure, rest.ErrBadAnswer) || !strings.Contains(failure.Error(), "list /list: the answer is not what the API documents: it does not "+
		"end after 10000 pages") {
		t.Errorf("error is %v", failure)
	}
	if server.asked != rest.MaxPages || rows != rest.MaxPages {
		t.Errorf("%d requests and %d rows, want %d", server.asked, rows, rest.MaxPages)
	}
}

func TestANextPageThatErrorsCannotRepeatIsRefusedUnsent(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]string{
		"a line break":           "/list%0AError:%20forged",
		"an override":            "/%E2%80%AEtsil",
		"bytes that are no text": "/%FF",
		"no end":                 "/" + strings.Repeat("a", 2001),
		"a credential":           "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := origin + next
			if next == "" {
				address = "http://ada:secret@localhost:8080/list?page=2"
			}
			m := &memory{answers: []memorized{{status: http.StatusOK, body: []byte(page(address, "a"))}}}
			var failure error
			for _, failure = range rest.Pages[numbered](t.Context(), m.client(t, origin, rest.Options{}), get("list")) {
			}
			if failure == nil || !strings.HasPrefix(failure.Error(), "list /list: the answer is not what the API documents: the address of the "+
				"next page") || strings.Contains(failure.Error(), "secret") || len(m.sent) != 1 {
				t.Errorf("error is %v after %d requests", failure, len(m.sent))
			}
		})
	}
}
