package rest_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// Requests whose turn came during a pause take no more of the budget than others when it is over.
func TestTheBudgetOfAnHourHoldsAfterAPauseToo(t *testing.T) {
	t.Parallel()
	for name, pause := range map[string]string{"of a minute": "60", "of an hour": "3600", "of ten hours": "36000"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const budget, requests = 4, 10
				a := newAnswers(retryAfter(pause), http.Header{})
				c := newClient(t, "http://localhost", rest.Options{Transport: a, Clock: rest.MachineClock{}, MaxRateLimitWait: 24 * time.Hour, RequestsPerHour: budget})
				noErrors(t, received(sending(t.Context(), c, requests), requests))
				for i, from := range a.sent {
					n := 0
					for _, at := range a.sent[i:] {
						if at < from+time.Hour {
							n++
						}
					}
					if n > budget {
						t.Fatalf("%d requests in the hour from %v, want %d at most: %v", n, from, budget, a.sent)
					}
				}
			})
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
			clock := testclock.New()
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
					t.Fatalf("%d requests in the hour from %v, want %d at most", n, from.Sub(testclock.Start), budget)
				}
			}
			if first := times[max(1, budget/2)-1]; !first.Equal(testclock.Start) {
				t.Errorf("the first half of the budget took until %v, want it at once", first.Sub(testclock.Start))
			}
			if took, most := times[3*budget-1].Sub(testclock.Start), 3*time.Hour; took > most {
				t.Errorf("three times the budget took %v, want %v at most", took, most)
			}
		})
	}
}

func TestWithoutABudgetNothingIsPaced(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{Clock: clock})
	for range 200 {
		if _, err := c.Send(t.Context(), get("x")); err != nil {
			t.Fatal(err)
		}
	}
	if sleeps := clock.Slept(); len(sleeps) > 0 {
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
