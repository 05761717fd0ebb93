package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

const (
	resetHeader = "X-RateLimit-Reset"
	retryHeader = "Retry-After"

	year = 365 * 24 * time.Hour
)

// after is a time some while after the start, as the administration writes it.
func after(d time.Duration) string { return testclock.Start.Add(d).Format(time.RFC3339) }

func TestTheResetTimeOfA429IsHonoured(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		headers []string
		want    time.Duration
	}{
		"a time":                         {[]string{resetHeader, after(37 * time.Second)}, 37 * time.Second},
		"an hour":                        {[]string{resetHeader, after(time.Hour)}, time.Hour},
		"a fraction of a second":         {[]string{resetHeader, "2026-11-02T09:00:01.500Z"}, 1500 * time.Millisecond},
		"a time of another zone":         {[]string{resetHeader, "2026-11-02T11:00:45+02:00"}, 45 * time.Second},
		"with Retry-After in seconds":    {[]string{retryHeader, "5", resetHeader, after(time.Minute)}, 5 * time.Second},
		"with a longer Retry-After":      {[]string{retryHeader, "90", resetHeader, after(time.Minute)}, 90 * time.Second},
		"with Retry-After as a date":     {[]string{retryHeader, "Mon, 02 Nov 2026 09:00:09 GMT", resetHeader, after(time.Minute)}, 9 * time.Second},
		"with a Retry-After of nonsense": {[]string{retryHeader, "soon", resetHeader, after(time.Minute)}, time.Minute},
		"a past time beside Retry-After": {[]string{retryHeader, "5", resetHeader, after(-time.Minute)}, 5 * time.Second},
		"nonsense beside Retry-After":    {[]string{retryHeader, "5", resetHeader, "soon"}, 5 * time.Second},
		"thousands of years are one":     {[]string{resetHeader, "9999-12-31T23:59:59Z"}, year},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(429, `{"code":429,"message":"Too Many Requests"}`, tt.headers...), fine)
			s.clock = clock
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: 2 * year})
			if _, err := c.Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]time.Duration{tt.want}, clock.Slept()); diff != "" {
				t.Errorf("sleeps (-want +got):\n%s", diff)
			}
			if journal := s.requests(); len(journal) != 2 || !journal[1].At.Equal(testclock.Start.Add(tt.want)) {
				t.Errorf("%d requests, the last at %v, want 2 and %v", len(journal), journal[len(journal)-1].At, testclock.Start.Add(tt.want))
			}
		})
	}
}

func TestAResetTimeThatSaysNothingLeavesThePauseAsItIs(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":               "",
		"a past time":           after(-time.Minute),
		"the time that it is":   after(0),
		"a year long gone":      "0001-01-01T00:00:00Z",
		"nonsense":              "soon",
		"a date without a time": "2026-11-03",
		"a day that is none":    "2026-13-45T00:00:00Z",
		"seconds":               "37",
		"seconds of an epoch":   "1893456000",
		"less than nothing":     "-5",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			limited := say(429, "", resetHeader, text)
			s := serve(t, limited, limited, fine)
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
			if _, err := c.Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
			sleeps := clock.Slept()
			if len(sleeps) != 2 || sleeps[0] > 2*time.Second || sleeps[1] > 4*time.Second {
				t.Errorf("slept %v, want up to 2s and up to 4s", sleeps)
			}
		})
	}
}

func TestAResetTimeBeyondTheBoundIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"an hour": after(time.Hour), "thousands of years": "9999-12-31T23:59:59Z"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(429, `{"code":429,"message":"Too Many Requests"}`, resetHeader, text))
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Minute})
			for range 2 {
				_, err := c.Send(t.Context(), get("x"))
				if got := refusal(t, err); got.Status != http.StatusTooManyRequests {
					t.Errorf("error is %v, want the 429", got)
				}
			}
			if sleeps := clock.Slept(); len(sleeps) > 0 || len(s.requests()) != 1 {
				t.Errorf("slept %v, %d requests; want no sleep and 1", sleeps, len(s.requests()))
			}
		})
	}
}

func TestTheResetTimePausesAllRequests(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	s := serve(t, say(429, "", resetHeader, after(30*time.Second)), fine)
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
	first := sendMany(t.Context(), c, 1)
	clock.awaitSleepers(t, 1)
	others := sendMany(t.Context(), c, 4)
	for _, left := range clock.awaitSleepers(t, 5) {
		if left != 30*time.Second {
			t.Errorf("a request waits another %v, want 30s", left)
		}
	}
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d requests during the pause, want the one that was limited", n)
	}
	clock.advance(30 * time.Second)
	noErrors(t, first(t))
	noErrors(t, others(t))
}

// The administration sends the header with every answer, so that it means nothing by itself, only where not one request is left.
func TestTheResetTimeOfAnotherAnswerIsIgnored(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status, attempts int
		most             time.Duration // of the sleep before the second attempt
	}{
		"a 200": {200, 1, 0},
		"a 204": {204, 1, 0},
		"a 403": {403, 1, 0},
		"a 409": {409, 1, 0},
		"a 500": {500, 2, 500 * time.Millisecond},
		"a 503": {503, 2, 500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(tt.status, "", resetHeader, after(time.Hour), "X-RateLimit-Remaining", "1"), fine)
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: 2 * time.Hour})
			_, err := c.Send(t.Context(), get("x"))
			if failed := tt.status > 299 && tt.attempts == 1; failed != (err != nil) {
				t.Errorf("error is %v", err)
			}
			if slept := total(clock.Slept()); len(s.requests()) != tt.attempts || slept > tt.most {
				t.Errorf("%d attempts after %v, want %d after %v at most", len(s.requests()), slept, tt.attempts, tt.most)
			}
			if _, err := c.Send(t.Context(), get("x")); err != nil {
				t.Error(err)
			}
			if sleeps := clock.Slept(); len(sleeps) > 0 {
				t.Errorf("the next request slept %v", sleeps)
			}
		})
	}
}
