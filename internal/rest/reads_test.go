package rest_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// searchFor is a POST that changes nothing, or one that may.
func searchFor(reads bool) rest.Request {
	return rest.Request{Method: http.MethodPost, Path: []string{"search"}, JSON: map[string]int{"limit": 100}, Reads: reads}
}

func TestOnlyAPOSTThatReadsIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]http.HandlerFunc{
		"a 500":                     say(500, "boom"),
		"a 502 with an HTML page":   say(502, "<html></html>", "Content-Type", "text/html"),
		"a 503 with Retry-After":    say(503, "", "Retry-After", "7"),
		"a cut before the answer":   cut,
		"an answer that breaks off": truncated,
	} {
		for reads, attempts := range map[bool]int{true: 2, false: 1} {
			t.Run(name+", reads "+strconv.FormatBool(reads), func(t *testing.T) {
				t.Parallel()
				s := serve(t, failure, fine)
				resp, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), searchFor(reads))
				switch {
				case !reads && err == nil:
					t.Error("the failure of a POST that may change something is no error")
				case reads && err != nil:
					t.Error(err)
				case reads && string(resp.Body) != `{"uuid":"{1}"}`:
					t.Errorf("answer is %q", resp.Body)
				}
				var bodies []string
				for _, r := range s.requests() {
					bodies = append(bodies, r.Method+" "+r.Body)
				}
				if diff := cmp.Diff([]string{`POST {"limit":100}`, `POST {"limit":100}`}[:attempts], bodies); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestAPOSTThatReadsIsNotSentAgainForEver(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer   http.HandlerFunc
		attempts int
		status   int // of the error; 0 is no answer
	}{
		"a 500":              {say(500, "boom"), 5, 500},
		"a cut":              {cut, 5, 0},
		"a 501":              {say(501, ""), 1, 501},
		"a 400":              {say(400, ""), 1, 400},
		"a 404":              {say(404, ""), 1, 404},
		"a 409":              {say(409, ""), 1, 409},
		"a 429 that is long": {say(429, "", "Retry-After", "100"), 1, 429},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tt.answer)
			_, err := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Minute}).Send(t.Context(), searchFor(true))
			if n := len(s.requests()); n != tt.attempts {
				t.Errorf("%d attempts, want %d", n, tt.attempts)
			}
			if tt.status == 0 {
				if !errors.Is(err, rest.ErrNoAnswer) {
					t.Errorf("error is %v, want one of no answer", err)
				}
				return
			}
			if got := refusal(t, err); got.Status != tt.status {
				t.Errorf("error is %v, want a %d", got, tt.status)
			}
		})
	}
}

func TestALimitedPOSTIsSentAgainWhetherItReadsOrNot(t *testing.T) {
	t.Parallel()
	for _, reads := range []bool{true, false} {
		t.Run(strconv.FormatBool(reads), func(t *testing.T) {
			t.Parallel()
			s := serve(t, limited, limited, fine)
			if _, err := newClient(t, s.URL, rest.Options{MaxRateLimitWait: time.Hour}).Send(t.Context(), searchFor(reads)); err != nil {
				t.Error(err)
			}
			if n := len(s.requests()); n != 3 {
				t.Errorf("%d attempts, want 3", n)
			}
		})
	}
}

func TestAPOSTThatReadsFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	other := serve(t, fine)
	for _, status := range redirects {
		for name, location := range map[string]string{"to the same origin": "/elsewhere", "to another origin": other.URL + "/elsewhere"} {
			t.Run(strconv.Itoa(status)+" "+name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, say(status, "", "Location", location), fine)
				_, err := newClient(t, s.URL, rest.Options{Credential: rest.Bearer{Token: "t"}}).Send(t.Context(), searchFor(true))
				if got := refusal(t, err); got.Status != status || got.Location != location {
					t.Errorf("error is %v with Location %q", got, got.Location)
				}
				if n := len(s.requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
			})
		}
	}
	t.Cleanup(func() {
		if n := len(other.requests()); n != 0 {
			t.Errorf("the other origin was asked %d times", n)
		}
	})
}
