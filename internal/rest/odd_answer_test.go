package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// POST /v2/orgs/{orgId}/workspaces answers 400, 403, 404 and 500 with one ApplicationError, not with a list of them (description).
func TestABareApplicationErrorIsUnderstood(t *testing.T) {
	t.Parallel()
	got := refusedWith(t, 404, `{"id":"1","status":"404","code":"ADMIN-404-2","title":"Organization not found","detail":"Check the id."}`)
	understood(t, rest.Error{Message: "ADMIN-404-2; Organization not found; Check the id.", Codes: []string{"ADMIN-404-2"}}, got)
}

func TestScopesThatNameNothingAreNone(t *testing.T) {
	t.Parallel()
	for _, scopes := range []string{"null", "[]", `""`} {
		if got := refusedWith(t, 403, `{"acceptableScopes":`+scopes+`,"message":"No."}`); got.Required != nil {
			t.Errorf("%s: Required is %q, want nil", scopes, got.Required)
		}
	}
}

func TestErrorsWithoutACodeHaveNone(t *testing.T) {
	t.Parallel()
	for _, errs := range []string{`[{"title":"x"}]`, `["x"]`, `[null]`, `[{"code":5,"title":"x"}]`} {
		if got := refusedWith(t, 400, `{"errors":`+errs+`}`); got.Codes != nil {
			t.Errorf("%s: Codes is %q, want nil", errs, got.Codes)
		}
	}
}

func TestAnOddMessageKeepsTheCodes(t *testing.T) {
	t.Parallel()
	got := refusedWith(t, 404, `{"message":{"en":"x"},"errors":[{"code":"ADMIN-404-8","title":"User not found"}]}`)
	if !rest.HasCode(got, "ADMIN-404-8") {
		t.Errorf("codes %q message %q", got.Codes, got.Message)
	}
}

func TestAMessageOfManyErrorsIsBounded(t *testing.T) {
	t.Parallel()
	var errs []string
	for i := range 500 {
		errs = append(errs, fmt.Sprintf(`{"code":"ADMIN-%[1]d","title":"title %[1]d"}`, i))
	}
	if n := len([]rune(refusedWith(t, 400, `{"errors":[`+strings.Join(errs, ",")+`]}`).Message)); n > 401 {
		t.Errorf("the message has %d characters", n)
	}
}

// Atlassian writes such times without seconds in Jira's X-RateLimit-Reset (X-Beta-Ratelimit-Reset: 2026-03-26T16:00Z).
func TestAResetTimeIsUnderstoodInEveryFormOfISO8601(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"without seconds": "2026-11-02T09:05Z", "zone without a colon": "2026-11-02T09:05:00+0000", "no zone, UTC by the description": "2026-11-02T09:05:00",
		"lower case": "2026-11-02t09:05:00z",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(429, "", "X-RateLimit-Reset", text), fine)
			if _, err := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour}).Send(t.Context(), get("x")); err != nil {
				t.Fatal(err)
			}
			if got := total(clock.Slept()); got != 5*time.Minute {
				t.Errorf("slept %v, want 5m", got)
			}
		})
	}
}

// A Retry-After of the year 9999 after another wait: added up, the two must not overflow and pass the bound.
func TestATimeFarAwayIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]http.HandlerFunc{
		"date":  say(429, "", "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"),
		"reset": say(429, "", "X-RateLimit-Reset", "9999-12-31T23:59:59Z"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testclock.New()
			s := serve(t, say(429, "", "Retry-After", "5"), second, fine)
			_, err := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Minute}).Send(t.Context(), get("x"))
			if got := total(clock.Slept()); err == nil || got > time.Minute {
				t.Errorf("slept %v, error %v; want the 429 within a minute", got, err)
			}
		})
	}
}
