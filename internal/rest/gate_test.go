package rest_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// sendMany sends n requests at the same time and returns a function that waits for their errors.
func sendMany(ctx context.Context, c *rest.Client, n int) (wait func(*testing.T) []error) {
	errs := make(chan error, n)
	for range n {
		go func() {
			_, err := c.Send(ctx, get("x"))
			errs <- err
		}()
	}
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
		if r.At.Before(start.Add(30 * time.Second)) {
			t.Errorf("a request went out %v after the start, during the pause", r.At.Sub(start))
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
		if pause != pauses[0] || pause < time.Second || pause > 2*time.Second {
			t.Errorf("pauses are %v, want one of 1s to 2s", pauses)
		}
	}
	clock.advance(2 * time.Second)
	for _, pause := range clock.awaitSleepers(t, 4) {
		if pause < 2*time.Second || pause > 4*time.Second {
			t.Errorf("the next pause is %v, want 2s to 4s", pause)
		}
	}
	over.Store(true)
	clock.advance(4 * time.Second)
	noErrors(t, wait(t))
}

func TestPausesGrowAndStartAgainAfterASuccess(t *testing.T) {
	t.Parallel()
	clock := newFastClock()
	s := serve(t, repeat(9, limited, fine, limited, fine)...)
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
	for _, longest := range [][]time.Duration{{2, 4, 8, 16, 32, 64, 120, 120, 120}, {2}} {
		if _, err := c.Send(t.Context(), get("x")); err != nil {
			t.Fatal(err)
		}
		sleeps := clock.slept()
		if len(sleeps) != len(longest) {
			t.Fatalf("slept %v, want %d sleeps", sleeps, len(longest))
		}
		for i, most := range longest {
			most *= time.Second
			if sleeps[i] < most/2 || sleeps[i] > most {
				t.Errorf("pause %d is %v, want %v to %v", i, sleeps[i], most/2, most)
			}
		}
	}
}

func TestPausesAreSpread(t *testing.T) {
	t.Parallel()
	different := map[time.Duration]bool{}
	for range 20 {
		clock := newFastClock()
		s := serve(t, limited, fine)
		if _, err := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour}).Send(t.Context(), get("x")); err != nil {
			t.Fatal(err)
		}
		different[total(clock.slept())] = true
	}
	if len(different) < 2 {
		t.Errorf("20 clients all paused for %v", different)
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
		"a date":  {start.Add(45 * time.Second).Format(http.TimeFormat), 45 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newFastClock()
			s := serve(t, say(429, "", "Retry-After", tt.header), fine)
			if _, err := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: 2 * time.Hour}).Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]time.Duration{tt.want}, clock.slept()); diff != "" {
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
				clock := newFastClock()
				s := serve(t, tt.answer)
				c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: tt.most})
				_, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
				if got := refusal(t, err); got.Status != http.StatusTooManyRequests {
					t.Errorf("error is %v, want the 429", got)
				}
				if slept := total(clock.slept()); slept > tt.most {
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
			clock := newFastClock()
			s := serve(t, tt.answer)
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: tt.most})
			for i := range 3 {
				_, err := c.Send(t.Context(), get("x"))
				if got := refusal(t, err); got.Status != http.StatusTooManyRequests {
					t.Errorf("error is %v, want a 429", got)
				}
				if slept := total(clock.slept()); slept > tt.most {
					t.Errorf("request %d waited %v, want %v at most", i, slept, tt.most)
				}
			}
		})
	}
}

func TestPacingNeverExceedsTheBudgetOfAnyHour(t *testing.T) {
	t.Parallel()
	for name, budget := range map[string]int{
		"one request": 1, "two": 2, "three": 3, "ten": 10, "sixty": 60, "what Bitbucket grants": 1000,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newFastClock()
			var times []time.Time
			c := newClient(t, "http://localhost", rest.Options{Clock: clock, RequestsPerHour: budget, Transport: transportFunc(func(*http.Request) (*http.Response, error) {
				times = append(times, clock.Now())
				return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
			})})
			for range 3*budget + 2 {
				if _, err := c.Send(t.Context(), get("x")); err != nil {
					t.Fatal(err)
				}
			}
			for i, from := range times {
				n := 0
				for n < len(times)-i && times[i+n].Before(from.Add(time.Hour)) {
					n++
				}
				if n > budget {
					t.Fatalf("%d requests in the hour from %v, want %d at most", n, from.Sub(start), budget)
				}
			}
			if first := times[max(1, budget/2)-1]; !first.Equal(start) {
				t.Errorf("the first half of the budget took until %v, want it at once", first.Sub(start))
			}
		})
	}
}

func TestWithoutABudgetNothingIsPaced(t *testing.T) {
	t.Parallel()
	clock := newFastClock()
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{Clock: clock})
	for range 200 {
		if _, err := c.Send(t.Context(), get("x")); err != nil {
			t.Fatal(err)
		}
	}
	if sleeps := clock.slept(); len(sleeps) > 0 {
		t.Errorf("slept %v", sleeps)
	}
}

func TestAPausePausesWhoIsPacedToo(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	arrived, release, second := make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		say(429, "", "Retry-After", "7200")(w, r)
	}, func(w http.ResponseWriter, r *http.Request) {
		second <- struct{}{}
		fine(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := newClient(t, s.URL, rest.Options{Clock: clock, RequestsPerHour: 1, MaxRateLimitWait: 24 * time.Hour})
	sendMany(ctx, c, 1)
	await(t, "the first request", arrived)
	sendMany(ctx, c, 1)
	clock.awaitSleepers(t, 1) // the pacer holds the second request for an hour
	close(release)
	clock.awaitSleepers(t, 2) // the first was limited for two hours
	clock.advance(time.Hour)
	left, changed := clock.asleep()
	for len(left) < 2 {
		select {
		case <-changed:
			left, changed = clock.asleep()
		case <-second:
			t.Fatal("a request went out after one hour of a pause of two")
		case <-time.After(guardTime):
			t.Fatal("the second request neither waits nor goes out")
		}
	}
}
