package rest_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// always is a transport that answers every request alike, after a moment, and counts them.
func always(count *int, answer func(*http.Request) *http.Response) http.RoundTripper {
	var mu sync.Mutex
	return transportFunc(func(req *http.Request) (*http.Response, error) {
		time.Sleep(80 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		*count++
		return answer(req), nil
	})
}

func answered(status int, headers ...string) *http.Response {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody}
	for i := 0; i < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	return resp
}

// Limits differ from one part of Bitbucket to another (Bitbucket documentation, API request limits): requests that are limited again and
// again do not take every try from one that is not.
func TestWhoIsNotLimitedGetsATurn(t *testing.T) {
	t.Parallel()
	for range 50 { // what comes first is left to chance
		synctest.Test(t, func(t *testing.T) {
			var sent int
			transport := always(&sent, func(req *http.Request) *http.Response {
				if req.Method == http.MethodPut {
					return answered(200)
				}
				return answered(429)
			})
			c := newClient(t, "http://localhost", rest.Options{Clock: rest.MachineClock{}, MaxRateLimitWait: 15 * time.Minute, Transport: transport})
			limited := sending(t.Context(), c, 9)
			time.Sleep(200 * time.Millisecond)
			if _, err := c.Send(t.Context(), rest.Request{Method: http.MethodPut, Path: []string{"x"}}); err != nil {
				t.Errorf("it got no turn: %v", err)
			}
			received(limited, 9)
		})
	}
}

// However short pauses are, tries do not follow each other as fast as they are answered.
func TestPausesHaveALength(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		longest time.Duration
		headers func() []string
		most    int
	}{
		"hardly any wait allowed": {time.Microsecond, func() []string { return nil }, 1},
		"a reset that is always near": {15 * time.Minute, func() []string {
			return []string{resetHeader, time.Now().Add(20 * time.Millisecond).Format(time.RFC3339Nano)}
		}, 100},
		"a second asked for time again":   {15 * time.Minute, func() []string { return []string{"Retry-After", "1"} }, 100},
		"a remainder of what was allowed": {time.Second + 2*time.Microsecond, func() []string { return []string{"Retry-After", "1"} }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent int
				transport := always(&sent, func(*http.Request) *http.Response { return answered(429, tt.headers()...) })
				c := newClient(t, "http://localhost", rest.Options{Clock: rest.MachineClock{}, MaxRateLimitWait: tt.longest, Transport: transport})
				if _, err := c.Send(t.Context(), get("x")); err == nil {
					t.Error("it was not limited")
				}
				if sent > tt.most {
					t.Errorf("%d requests, want %d at most", sent, tt.most)
				}
			})
		})
	}
}

// The pauses of two hosts may run at the same time, and are waited for at the same time.
func TestPausesAtTheSameTimeCountOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		delays := &rest.Delays{}
		var both []<-chan error
		for _, host := range []string{"http://localhost", "http://127.0.0.1"} {
			c := newClient(t, host, rest.Options{
				Clock: rest.MachineClock{}, MaxRateLimitWait: time.Minute, Delays: delays,
				Transport: newAnswers(retryAfter("50"), http.Header{}),
			})
			both = append(both, sending(t.Context(), c, 1))
		}
		time.Sleep(11 * time.Second)
		if whole, _ := delays.Until(time.Now()); whole != 10*time.Second {
			t.Errorf("ten seconds after the pauses began, %v were waited", whole)
		}
		noErrors(t, []error{<-both[0], <-both[1]})
		if whole, each := delays.Until(time.Now()); whole != 50*time.Second || len(each) != 2 {
			t.Errorf("%v were waited: %v", whole, each)
		}
	})
}

// A pause that nobody waits for takes nothing of what may be waited.
func TestOnlyWhatWasWaitedCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reset := time.Now().Add(14 * time.Minute).Format(time.RFC3339)
		a := newAnswers(http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {reset}}, http.Header{}, retryAfter("600"), http.Header{})
		c := a.client(t, 15*time.Minute)
		send := func() {
			if _, err := c.Send(t.Context(), get("x")); err != nil {
				t.Error(err)
			}
		}
		send()
		time.Sleep(13*time.Minute + 50*time.Second)
		send() // a few seconds early
		send() // which may wait ten minutes
	})
}

// After a pause, requests that get no answer do not wait for each other.
func TestRequestsWithoutAnAnswerDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limited := false
		transport := transportFunc(func(req *http.Request) (*http.Response, error) {
			if !limited {
				limited = true
				return answered(429, "Retry-After", "1"), nil
			}
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		c := newClient(t, "http://localhost", rest.Options{Clock: rest.MachineClock{}, MaxRateLimitWait: time.Minute, Transport: transport})
		began := time.Now()
		first := sending(t.Context(), c, 1)
		synctest.Wait()
		received(sending(t.Context(), c, 9), 9)
		received(first, 1)
		if took := time.Since(began); took > 7*time.Minute {
			t.Errorf("ten requests that hang took %v", took)
		}
	})
}

// A token that was refused is not asked for by all who waited for it.
func TestATokenThatIsLimitedIsAskedForOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent, tokens int
		transport := always(&sent, func(req *http.Request) *http.Response {
			if !strings.Contains(req.URL.Path, "token") {
				return answered(200)
			}
			if tokens++; tokens == 1 {
				return answered(429, "Retry-After", "60")
			}
			resp := answered(200, "Content-Type", "application/json")
			resp.Body = io.NopCloser(strings.NewReader(`{"access_token":"a","token_type":"bearer","expires_in":7200}`))
			return resp
		})
		credential, err := rest.NewClientCredentials("id", "secret", "http://localhost/token")
		if err != nil {
			t.Fatal(err)
		}
		c := newClient(t, "http://localhost", rest.Options{Clock: rest.MachineClock{}, MaxRateLimitWait: time.Hour, Transport: transport, Credential: credential})
		noErrors(t, received(sending(t.Context(), c, 10), 10))
		if tokens != 2 || sent != 12 {
			t.Errorf("%d requests, %d of them for tokens, want 12 and 2", sent, tokens)
		}
	})
}
