package rest_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// sending sends n requests at the same time; their errors come as they end.
func sending(ctx context.Context, c *rest.Client, n int) <-chan error {
	errs := make(chan error, n)
	for range n {
		go func() {
			_, err := c.Send(ctx, get("x"))
			errs <- err
		}()
	}
	return errs
}

// sendMany sends n requests at the same time and returns a function that waits for their errors.
func sendMany(ctx context.Context, c *rest.Client, n int) (wait func(*testing.T) []error) {
	errs := sending(ctx, c, n)
	return func(t *testing.T) []error {
		t.Helper()
		var all []error
		for range n {
			all = append(all, await(t, "an answer", errs))
		}
		return all
	}
}

func noErrors(t *testing.T, errs []error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestOne429PausesAllRequests(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	s := serve(t, say(429, "", "Retry-After", "30"), fine)
	s.clock = clock
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
	first := sendMany(t.Context(), c, 1)
	clock.awaitSleepers(t, 1)
	clock.advance(10 * time.Second)
	rest := sendMany(t.Context(), c, 8)
	for _, left := range clock.awaitSleepers(t, 9) {
		if left != 20*time.Second {
			t.Errorf("a request waits another %v, want 20s", left)
		}
	}
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d requests during the pause, want the one that was limited", n)
	}
	clock.advance(20 * time.Second)
	noErrors(t, first(t))
	noErrors(t, rest(t))
	journal := s.requests()
	if len(journal) != 10 {
		t.Errorf("%d requests, want 10", len(journal))
	}
	for _, r := range journal[1:] {
		if r.At.Before(testclock.Start.Add(30 * time.Second)) {
			t.Errorf("a request went out %v after the start, during the pause", r.At.Sub(testclock.Start))
		}
	}
}

func TestRequestsThatAreLimitedTogetherMakeOnePause(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	var together sync.WaitGroup
	together.Add(4)
	var over atomic.Bool
	s := serve(t, repeat(4, func(w http.ResponseWriter, r *http.Request) {
		together.Done()
		together.Wait()
		limited(w, r)
	}, func(w http.ResponseWriter, r *http.Request) {
		if over.Load() {
			fine(w, r)
			return
		}
		limited(w, r)
	})...)
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
	wait := sendMany(t.Context(), c, 4)
	pauses := clock.awaitSleepers(t, 4)
	for _, pause := range pauses {
		if pause != pauses[0] || pause <= 0 || pause > 2*time.Second {
			t.Errorf("pauses are %v, want one of up to 2s", pauses)
		}
	}
	clock.advance(2 * time.Second)
	for _, pause := range clock.awaitSleepers(t, 4) {
		if pause <= 0 || pause > 4*time.Second {
			t.Errorf("the next pause is %v, want up to 4s", pause)
		}
	}
	over.Store(true)
	clock.advance(4 * time.Second)
	noErrors(t, wait(t))
}

// Pauses are spread over all of the time up to a longest one, which grows: of many clients some pause for little of it and some for most.
func TestPausesGrowAndStartAgainAfterASuccess(t *testing.T) {
	t.Parallel()
	bounds := []time.Duration{2, 4, 8, 16, 32, 64, 120, 120, 120, 2}
	pauses := make([][]time.Duration, len(bounds))
	for range 60 {
		clock := testclock.New()
		s := serve(t, repeat(len(bounds)-1, limited, fine, limited, fine)...)
		c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
		for range 2 {
			if _, err := c.Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
		}
		sleeps := clock.Slept()
		if len(sleeps) != len(bounds) {
			t.Fatalf("slept %v, want %d sleeps", sleeps, len(bounds))
		}
		for i, sleep := range sleeps {
			pauses[i] = append(pauses[i], sleep)
		}
	}
	for i, longest := range bounds {
		longest *= time.Second
		if least, most := slices.Min(pauses[i]), slices.Max(pauses[i]); least <= 0 || least > longest/3 || most < longest/3*2 || most > longest {
			t.Errorf("pause %d takes %v to %v, want all of the time up to %v", i, least, most, longest)
		}
	}
}

func TestRetryAfterOfA429IsHonoured(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header string
		want   time.Duration
	}{
		"seconds": {"37", 37 * time.Second},
		"an hour": {"3600", time.Hour},
		"a date":  {testclock.Start.Add(45 * time.Second).Format(http.TimeFormat), 45 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(429, "", "Retry-After", tt.header), fine)
			if _, err := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: 2 * time.Hour}).Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]time.Duration{tt.want}, clock.Slept()); diff != "" {
				t.Errorf("sleeps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheWholeWaitIsBounded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		most   time.Duration
		answer http.HandlerFunc
	}{
		"a minute of growing pauses":          {time.Minute, limited},
		"a quarter of an hour":                {15 * time.Minute, limited},
		"not at all":                          {0, limited},
		"a pause longer than the bound":       {time.Minute, say(429, "", "Retry-After", "61")},
		"pauses that do not fit twice":        {time.Minute, say(429, "", "Retry-After", "31")},
		"a pause that does not fit any clock": {time.Minute, say(429, "", "Retry-After", "99999999999999999999")},
	} {
		for _, method := range methods {
			t.Run(name+" for "+method, func(t *testing.T) {
				t.Parallel()
				clock := testclock.New()
				s := serve(t, tt.answer)
				c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: tt.most})
				_, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
				if got := refusal(t, err); got.Status != http.StatusTooManyRequests {
					t.Errorf("error is %v, want the 429", got)
				}
				if slept := total(clock.Slept()); slept > tt.most {
					t.Errorf("waited %v, want %v at most", slept, tt.most)
				}
			})
		}
	}
}

// The pause of one request holds the others at the gate, and their wait is bounded as its own is.
func TestTheWaitAtTheGateIsBoundedToo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		most   time.Duration
		answer http.HandlerFunc
	}{
		"a minute where the server asks for an hour": {time.Minute, say(429, "", "Retry-After", "3600")},
		"not at all": {0, limited},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, tt.answer)
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: tt.most})
			for i := range 3 {
				_, err := c.Send(t.Context(), get("x"))
				if got := refusal(t, err); got.Status != http.StatusTooManyRequests {
					t.Errorf("error is %v, want a 429", got)
				}
				if slept := total(clock.Slept()); slept > tt.most {
					t.Errorf("request %d waited %v, want %v at most", i, slept, tt.most)
				}
			}
		})
	}
}
