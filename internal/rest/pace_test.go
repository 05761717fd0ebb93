package rest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
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
