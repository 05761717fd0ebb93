package rest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// The headers of scaled limits, as access tokens get them (Bitbucket documentation, API request limits).
func scaled(near, limit string) http.Header {
	h := http.Header{"X-Ratelimit-Nearlimit": {near}, "X-Ratelimit-Resource": {"api"}}
	if limit != "" {
		h.Set("X-RateLimit-Limit", limit)
	}
	return h
}

func TestNearTheLimitRequestsAreSpreadEvenly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		near []http.Header // of the first answers; the later ones say nothing
		want []time.Duration
	}{
		"not near":                       {[]http.Header{scaled("false", "3600")}, []time.Duration{0, 1, 2, 3, 4}},
		"nothing said":                   {[]http.Header{{}}, []time.Duration{0, 1, 2, 3, 4}},
		"nonsense":                       {[]http.Header{scaled("perhaps", "3600")}, []time.Duration{0, 1, 2, 3, 4}},
		"near a limit of 360":            {[]http.Header{scaled("true", "360")}, []time.Duration{0, 1, 11, 21, 31}},
		"near a limit of 10,000":         {[]http.Header{scaled("true", "10000")}, []time.Duration{0, 1, 2, 3, 4}}, // faster than the answers
		"near a limit that is nonsense":  {[]http.Header{scaled("true", "many")}, []time.Duration{0, 1, 4600, 8200, 11800}},
		"near a limit without a number":  {[]http.Header{scaled("true", "")}, []time.Duration{0, 1, 4600, 8200, 11800}},
		"near for two answers":           {[]http.Header{scaled("true", "360"), scaled("true", "360"), scaled("false", "360")}, []time.Duration{0, 1, 11, 12, 13}},
		"near, then answers without it":  {[]http.Header{scaled("true", "360"), {}, {}}, []time.Duration{0, 1, 11, 21, 31}},
		"near again after it was not so": {[]http.Header{scaled("true", "360"), scaled("false", "360"), scaled("true", "360")}, []time.Duration{0, 1, 2, 3, 13}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newAnswers(append(tt.near, http.Header{})...)
				c := a.client(t, 0) // slowing down is no wait for the end of a limit
				for range tt.want {
					if _, err := c.Send(t.Context(), get("x")); err != nil {
						t.Fatal(err)
					}
				}
				for i, want := range tt.want {
					if want < 1000 {
						want *= 1000
					}
					if want *= time.Millisecond; a.sent[i].Round(time.Millisecond) != want {
						t.Errorf("request %d was sent at %v, want %v", i, a.sent[i], want)
					}
				}
			})
		})
	}
}

// The administration says how many requests are left. Where that is none, the next request would be limited.
func TestWhereNoRequestIsLeftTheNextOneWaits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		headers []string
		longest time.Duration
		want    []time.Duration
	}{
		"until the reset":         {[]string{"X-RateLimit-Remaining", "0", resetHeader, after(37 * time.Second)}, time.Minute, []time.Duration{37 * time.Second}},
		"not without a reset":     {[]string{"X-RateLimit-Remaining", "0"}, time.Minute, nil},
		"not beyond what may be":  {[]string{"X-RateLimit-Remaining", "0", resetHeader, after(time.Hour)}, time.Minute, nil},
		"not where some are left": {[]string{"X-RateLimit-Remaining", "10", resetHeader, after(37 * time.Second)}, time.Minute, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(200, "{}", tt.headers...), fine)
			c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: tt.longest})
			for range 2 {
				if _, err := c.Send(t.Context(), get("x")); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tt.want, clock.Slept(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("sleeps (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDelaysTellHowLongRequestsWereHeldBackAndWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		delays := &rest.Delays{}
		a := newAnswers(retryAfter("40"), http.Header{}, retryAfter("20"), scaled("true", "360"), scaled("true", "360"), http.Header{})
		options := rest.Options{Transport: a, Clock: rest.MachineClock{}, MaxRateLimitWait: time.Hour, Delays: delays}
		c := newClient(t, "http://localhost", options)
		for range 3 {
			if _, err := c.Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
		}
		noErrors(t, received(sending(t.Context(), c, 3), 3)) // the first has its turn at once, the others 10 and 20 seconds later

		paced := newAnswers(http.Header{})
		options.Transport, options.RequestsPerHour = paced, 2
		other := newClient(t, "http://127.0.0.1", options)
		for range 2 {
			if _, err := other.Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
		}
		want := []rest.Delay{
			{Host: "localhost", Reason: rest.Limited, For: time.Minute},
			{Host: "localhost", Reason: rest.Near, For: 29 * time.Second},
			{Host: "127.0.0.1", Reason: rest.Paced, For: 30*time.Minute - time.Second},
		}
		whole, told := delays.Until(time.Now())
		if whole = whole.Round(time.Millisecond); whole != time.Minute+29*time.Second+30*time.Minute-time.Second {
			t.Errorf("requests were held back for %v in all", whole)
		}
		for i := range told {
			told[i].For = told[i].For.Round(time.Millisecond)
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("delays (-want +got):\n%s", diff)
		}
	})
}
