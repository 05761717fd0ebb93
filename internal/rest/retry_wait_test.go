package rest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

func TestTheWaitBetweenFailuresGrows(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	s := serve(t, say(500, ""))
	_, err := newClient(t, s.URL, rest.Options{Clock: clock}).Send(t.Context(), get("x"))
	if got := refusal(t, err); got.Status != http.StatusInternalServerError {
		t.Errorf("error is %v, want the 500", got)
	}
	sleeps := clock.Slept()
	if len(sleeps) != 4 {
		t.Fatalf("slept %v, want 4 sleeps", sleeps)
	}
	for i, most := range []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second} {
		if sleeps[i] < most/2 || sleeps[i] > most {
			t.Errorf("sleep %d is %v, want %v to %v", i, sleeps[i], most/2, most)
		}
	}
}

func TestRetryAfterOfA503IsHonoured(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header      string
		least, most time.Duration
	}{
		"seconds":            {"7", 7 * time.Second, 7 * time.Second},
		"a date":             {testclock.Start.Add(9 * time.Second).Format(http.TimeFormat), 9 * time.Second, 9 * time.Second},
		"a date in the past": {testclock.Start.Add(-time.Hour).Format(http.TimeFormat), 250 * time.Millisecond, 500 * time.Millisecond},
		"an hour":            {"3600", time.Minute, time.Minute},
		"less than nothing":  {"-5", 250 * time.Millisecond, 500 * time.Millisecond},
		"nonsense":           {"soon", 250 * time.Millisecond, 500 * time.Millisecond},
		"nothing":            {"", 250 * time.Millisecond, 500 * time.Millisecond},
		"three centuries":    {"9999999999", time.Minute, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(503, "", "Retry-After", tt.header), fine)
			if _, err := newClient(t, s.URL, rest.Options{Clock: clock}).Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
			sleeps := clock.Slept()
			if len(sleeps) != 1 || sleeps[0] < tt.least || sleeps[0] > tt.most {
				t.Errorf("slept %v, want one sleep of %v to %v", sleeps, tt.least, tt.most)
			}
		})
	}
}

func TestAnAttemptThatHangsIsGivenUpAfterAMinute(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{http.MethodGet: 5, http.MethodPut: 5, http.MethodDelete: 5, http.MethodPost: 1} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				attempts := 0
				c := newClient(t, "http://localhost", rest.Options{Transport: transportFunc(func(req *http.Request) (*http.Response, error) {
					attempts++
					<-req.Context().Done()
					return nil, req.Context().Err()
				})})
				began := time.Now()
				_, err := c.Send(t.Context(), rest.Request{Method: method, Path: []string{"x"}})
				if !errors.Is(err, rest.ErrNoAnswer) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error is %v, want no answer because time ran out", err)
				}
				if took := time.Since(began); attempts != want || took != time.Duration(want)*time.Minute {
					t.Errorf("%d attempts in %v, want %d of a minute each", attempts, took, want)
				}
			})
		})
	}
}
