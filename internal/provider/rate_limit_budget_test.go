package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// More is to be granted than the budget of an hour has requests: it takes hours, and no resource fails.
func TestAnApplyThatNeedsSeveralHoursOfBudgetGrantsEverything(t *testing.T) {
	t.Parallel()
	// Two hours have to pass. Where Bitbucket names no time, a pause takes a minute on average once pauses have grown, and one request tries
	// after each; all that are under way may be limited whenever the budget ends.
	const tries = 2*60 + 60
	for name, test := range map[string]struct{ perHour, most int }{
		"as fast as it goes":   {0, tries},
		"at the budget's pace": {50, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newBitbucketHour(60, 50)
				settings := map[string]tftypes.Value{"max_rate_limit_wait": str("5h")}
				if test.perHour > 0 {
					settings["requests_per_hour"] = tftypes.NewValue(tftypes.Number, test.perHour)
				}
				s := h.stack(writings[0], h.repositories, settings)
				s.plan(t, true)
				h.rest() // the apply is another process, which does not know what the plan has used up
				cost := h.measure(func() { s.apply(t) })
				noFailures(t, s.failures())
				if grants := len(h.Grants("acme")); grants != 120 || cost.limited > test.most {
					t.Errorf("%d grants, and %d requests were limited; want 120, and %d at most", grants, cost.limited, test.most)
				}
				t.Logf("%+v", cost)
			})
		})
	}
}

// The administration says how many requests are left and when there are more: few requests run into its limit, and nobody guesses.
func TestTheLimitOfAnOrganizationIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []bool{false, true} {
		t.Run(fmt.Sprintf("with Retry-After: %t", retryAfter), func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{OrganizationRequestsPerMinute: 10, OrganizationRetryAfter: retryAfter})
			a := limitedTo(w, "1h", everyKind(w, 8))
			began := w.Clock.Now()
			noFailures(t, a.apply(t))
			t.Logf("%d requests, of which %d were limited, in %v", len(a.Journal()), a.limitedRequests(), w.Clock.Now().Sub(began))
			if n, minutes := a.limitedRequests(), int(w.Clock.Now().Sub(began)/time.Minute)+1; n > minutes*parallelism {
				t.Errorf("%d requests were limited in %d minutes", n, minutes)
			}
			limited := 0
			for _, write := range writes(w) {
				if strings.HasSuffix(write, ": 429") {
					limited++
				}
			}
			a.expectSentAgain(t, limited)
			a.expectInState(t, limitedObjects(w))
			a.expectSettled(t)
			noFailures(t, a.destroy(t))
			a.expectInState(t, nil)
		})
	}
}
