package rest_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// answers are a transport that answers by a script, after a second; the last answer repeats. It is for bubbles of time.
type answers struct {
	script []http.Header // the headers of a 429 where they name Retry-After, else of a 200
	began  time.Time

	mu   sync.Mutex
	sent []time.Duration
}

func newAnswers(script ...http.Header) *answers { return &answers{script: script, began: time.Now()} }

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	header := a.script[min(len(a.sent), len(a.script)-1)]
	a.sent = append(a.sent, time.Since(a.began))
	a.mu.Unlock()
	status := http.StatusOK
	if _, limited := header["Retry-After"]; limited {
		status = http.StatusTooManyRequests
	}
	select {
	case <-req.Context().Done():
		return nil, req.Context().Err()
	case <-time.After(time.Second):
		return &http.Response{StatusCode: status, Header: header, Body: http.NoBody}, nil
	}
}

// client returns a client that sends its requests here, on the clock of the bubble.
func (a *answers) client(t *testing.T, longest time.Duration) *rest.Client {
	t.Helper()
	return newClient(t, "http://localhost", rest.Options{Transport: a, Clock: rest.MachineClock{}, MaxRateLimitWait: longest})
}

// received are the errors of n requests.
func received(errs <-chan error, n int) []error {
	all := make([]error, n)
	for i := range all {
		all[i] = <-errs
	}
	return all
}

// retryAfter is what a 429 says that wants to be left alone for some seconds.
func retryAfter(seconds string) http.Header { return http.Header{"Retry-After": {seconds}} }

// When a pause is over, one request tries. The others follow when it was answered, and wait again when it was limited.
func TestAfterAPauseOneRequestTriesBeforeAllOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers(retryAfter("10"), retryAfter("20"), retryAfter("30"), http.Header{})
		c := a.client(t, time.Hour)
		first := sending(t.Context(), c, 1)
		synctest.Wait()
		time.Sleep(2 * time.Second)
		others := sending(t.Context(), c, 9)
		noErrors(t, received(first, 1))
		noErrors(t, received(others, 9))
		want := []time.Duration{0, 11 * time.Second, 32 * time.Second, 63 * time.Second}
		for range 9 {
			want = append(want, 64*time.Second)
		}
		if len(a.sent) != len(want) {
			t.Fatalf("sent at %v, want %v", a.sent, want)
		}
		for i, at := range want {
			if a.sent[i] != at {
				t.Errorf("request %d was sent at %v, want %v", i, a.sent[i], at)
			}
		}
	})
}

func TestWhoWaitsForTheTrialEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers(retryAfter("10"), http.Header{})
		c := a.client(t, time.Hour)
		first := sending(t.Context(), c, 1)
		synctest.Wait()
		time.Sleep(11*time.Second + 500*time.Millisecond) // the first tries now
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		began := time.Now()
		_, err := c.Send(ctx, get("x"))
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 100*time.Millisecond {
			t.Errorf("ended after %v with %v", took, err)
		}
		noErrors(t, received(first, 1))
	})
}

func TestATrialThatIsCanceledLetsTheNextTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAnswers(retryAfter("10"), http.Header{})
		c := a.client(t, time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), 11*time.Second+500*time.Millisecond)
		defer cancel()
		first := sending(ctx, c, 1)
		synctest.Wait()
		time.Sleep(11*time.Second + 100*time.Millisecond) // the first tries now, and is canceled soon
		noErrors(t, received(sending(t.Context(), c, 3), 3))
		if err := <-first; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the first ended with %v", err)
		}
		want := []time.Duration{0, 11 * time.Second, 11500 * time.Millisecond, 12500 * time.Millisecond, 12500 * time.Millisecond}
		for i, at := range want {
			if len(a.sent) != len(want) || a.sent[i] != at {
				t.Fatalf("sent at %v, want %v", a.sent, want)
			}
		}
	})
}

// All pauses of a client together take no longer than allowed, whichever requests they are for.
func TestTheWaitIsBoundedOverAllRequests(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	s := serve(t, say(429, "", "Retry-After", "40"), fine, say(429, "", "Retry-After", "21"))
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Minute})
	if _, err := c.Send(t.Context(), get("x")); err != nil {
		t.Fatal(err)
	}
	_, err := c.Send(t.Context(), get("x"))
	if got := refusal(t, err); got.Status != http.StatusTooManyRequests || got.Waited != 40*time.Second {
		t.Errorf("error is %v after %v, want the 429 after 40s", got, got.Waited)
	}
	if slept := total(clock.Slept()); slept != 40*time.Second || len(s.requests()) != 3 {
		t.Errorf("slept %v and sent %d requests, want 40s and 3", slept, len(s.requests()))
	}
}

// Where the server does not say how long, all of the allowed time is used before a request is given up.
func TestPausesUseAllOfTheTimeThatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, longest := range []time.Duration{time.Second, time.Minute, 15 * time.Minute} {
		clock := testclock.New()
		s := serve(t, limited)
		_, err := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: longest}).Send(t.Context(), get("x"))
		least := longest - 100*time.Millisecond // too short for a pause
		if got := refusal(t, err); got.Waited < least || got.Waited > longest {
			t.Errorf("gave up after %v, want %v", got.Waited, longest)
		}
		if slept := total(clock.Slept()); slept < least || slept > longest {
			t.Errorf("slept %v, want %v", slept, longest)
		}
	}
}

// Who will be turned away waits for no turn: it would only hear later what is known.
func TestWhoIsTurnedAwayIsNotPaced(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	s := serve(t, say(429, "", "Retry-After", "7200"))
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour, RequestsPerHour: 2})
	for range 10 {
		_, err := c.Send(t.Context(), get("x"))
		if got := refusal(t, err); got.Status != http.StatusTooManyRequests {
			t.Errorf("error is %v, want the 429", got)
		}
	}
	if sleeps := clock.Slept(); len(sleeps) > 0 || len(s.requests()) != 1 {
		t.Errorf("slept %v and sent %d requests, want no sleep and one", sleeps, len(s.requests()))
	}
}
