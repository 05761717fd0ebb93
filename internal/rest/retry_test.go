package rest_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

var methods = []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodPost}

func TestHowOftenAnAttemptIsRepeated(t *testing.T) {
	t.Parallel()
	page502 := say(http.StatusBadGateway, "<html><head><title>502 Bad Gateway</title></head></html>", "Content-Type", "text/html")
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		// idempotent and post are how many attempts are made when the server never answers otherwise.
		idempotent, post int
		status           int // of the error; 0 is no answer
		message          string
	}{
		"a 500":                     {say(500, "boom"), 5, 1, 500, "boom"},
		"a 502 with an HTML page":   {page502, 5, 1, 502, "502 Bad Gateway"},
		"a 503 with Retry-After":    {say(503, "later", "Retry-After", "7"), 5, 1, 503, "later"},
		"a 504":                     {say(504, ""), 5, 1, 504, ""},
		"a 501":                     {say(501, "never"), 1, 1, 501, "never"},
		"a 400":                     {say(400, "bad"), 1, 1, 400, "bad"},
		"a 401":                     {say(401, ""), 1, 1, 401, ""},
		"a 402":                     {say(402, "seats"), 1, 1, 402, "seats"},
		"a 403":                     {say(403, "no"), 1, 1, 403, "no"},
		"a 404":                     {say(404, "gone"), 1, 1, 404, "gone"},
		"a 405":                     {say(405, ""), 1, 1, 405, ""},
		"a 409":                     {say(409, "conflict"), 1, 1, 409, "conflict"},
		"a 410":                     {say(410, "removed"), 1, 1, 410, "removed"},
		"a cut before the answer":   {cut, 5, 1, 0, ""},
		"an answer that breaks off": {truncated, 5, 1, 0, ""},
		"a refusal that breaks off": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "9")
			w.WriteHeader(http.StatusForbidden)
			cut(w, r)
		}, 5, 1, 0, ""},
		"a 429 longer than it waits": {say(429, "limit", "Retry-After", "100"), 1, 1, 429, "limit"},
		"a 429 that fits twice":      {say(429, "limit", "Retry-After", "25"), 3, 3, 429, "limit"},
	} {
		for _, method := range methods {
			t.Run(name+" to "+method, func(t *testing.T) {
				t.Parallel()
				s := serve(t, tt.answer)
				c := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Minute})
				_, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
				want := tt.idempotent
				if method == http.MethodPost {
					want = tt.post
				}
				if got := len(s.requests()); got != want {
					t.Errorf("%d attempts, want %d", got, want)
				}
				if tt.status == 0 {
					if !errors.Is(err, rest.ErrNoAnswer) || rest.Is(err, 403) || strings.Contains(err.Error(), "http://") {
						t.Errorf("error is %q, want one of no answer without an address", err)
					}
					return
				}
				if got := refusal(t, err); got.Status != tt.status || got.Message != tt.message {
					t.Errorf("error is %v, want %d %q", got, tt.status, tt.message)
				}
			})
		}
	}
}

func TestAnAttemptThatSucceedsAfterFailuresIsTheAnswer(t *testing.T) {
	t.Parallel()
	for name, script := range map[string][]http.HandlerFunc{
		"a 500":                      {say(500, ""), fine},
		"four failures of all kinds": {say(500, ""), cut, truncated, say(503, ""), fine},
		"a 429":                      {limited, fine},
		"failures and 429s":          {limited, say(502, ""), limited, cut, limited, say(500, ""), limited, cut, fine},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			t.Run(name+" to "+method, func(t *testing.T) {
				t.Parallel()
				s := serve(t, script...)
				c := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Hour})
				resp, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
				if err != nil {
					t.Fatal(err)
				}
				if len(s.requests()) != len(script) || string(resp.Body) != `{"uuid":"{1}"}` {
					t.Errorf("%d attempts, answer %q", len(s.requests()), resp.Body)
				}
			})
		}
	}
}

func TestTheLastAnswerIsTheError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		script  []http.HandlerFunc
		status  int
		message string
	}{
		"the last of many 5xx":          {[]http.HandlerFunc{say(500, "a"), say(502, "b"), say(503, "c"), say(504, "d"), say(500, "last")}, 500, "last"},
		"a 404 after a 5xx":             {[]http.HandlerFunc{say(500, "a"), say(404, "gone")}, 404, "gone"},
		"a 403 after a 429":             {[]http.HandlerFunc{limited, say(403, "no")}, 403, "no"},
		"a 5xx after a cut":             {[]http.HandlerFunc{cut, cut, cut, cut, say(503, "later")}, 503, "later"},
		"a 429 with a body after a 429": {[]http.HandlerFunc{limited, say(429, "much", "Retry-After", "9999")}, 429, "much"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.script...)
			_, err := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Minute}).Send(t.Context(), get("x"))
			if got := refusal(t, err); got.Status != tt.status || got.Message != tt.message {
				t.Errorf("error is %v, want %d %q", got, tt.status, tt.message)
			}
		})
	}
}

func TestTheBodyIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		request rest.Request
		script  []http.HandlerFunc
		body    string
	}{
		"a PUT after every failure": {
			rest.Request{Method: http.MethodPut, JSON: map[string]string{"permission": "read"}},
			[]http.HandlerFunc{say(500, ""), cut, limited, truncated, fine},
			`{"permission":"read"}`,
		},
		"a POST of a form after a 429": {
			rest.Request{Method: http.MethodPost, Form: map[string][]string{"name": {"a b"}}},
			[]http.HandlerFunc{limited, limited, fine},
			"name=a+b",
		},
		"a DELETE has none": {rest.Request{Method: http.MethodDelete}, []http.HandlerFunc{say(500, ""), cut, fine}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.script...)
			tt.request.Path = []string{"x"}
			if _, err := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Hour}).Send(t.Context(), tt.request); err != nil {
				t.Fatal(err)
			}
			var bodies []string
			for _, r := range s.requests() {
				bodies = append(bodies, r.Body)
				if r.Header.Get("Content-Type") != s.requests()[0].Header.Get("Content-Type") {
					t.Errorf("Content-Type became %q", r.Header.Get("Content-Type"))
				}
			}
			if diff := cmp.Diff(slices.Repeat([]string{tt.body}, len(tt.script)), bodies); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestManyRequestsAtTheSameTime(t *testing.T) {
	t.Parallel()
	s := serve(t, say(500, ""), limited, say(503, ""), limited, fine)
	c := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Hour, Credential: rest.Bearer{Token: "t"}})
	errs := make(chan error)
	for i := range 64 {
		method := methods[i%3]
		go func() {
			_, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
			errs <- err
		}()
	}
	for range 64 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(s.requests()); n != 68 {
		t.Errorf("%d requests, want 68", n)
	}
}
