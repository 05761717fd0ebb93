package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

const (
	// maxAttempts bounds the loop of retryablehttp; the real bounds are maxFailures and Options.MaxRateLimitWait.
	maxAttempts = 10_000
	// maxFailures is how many failed attempts in a row (5xx, cut connections) end a request.
	maxFailures = 5
	// firstRetryWait doubles with every failed attempt up to maxRetryWait.
	firstRetryWait = 500 * time.Millisecond
	maxRetryWait   = 8 * time.Second
	// maxRetryAfter bounds what a server may ask for with Retry-After on a 503.
	maxRetryAfter = 60 * time.Second
	// maxSeconds keeps a number of seconds within a time.Duration: a year is longer than anybody waits.
	maxSeconds = 365 * 24 * 3600
)

// call is what one Send keeps from attempt to attempt. It travels in the context, the only thing that go-retryablehttp hands to
// all its hooks; the attempts of one call run one after another, so it needs no lock.
type call struct {
	method     string
	attempts   int           // attempts started
	failures   int           // attempts that ended in a 5xx or without an answer
	limited    time.Duration // time waited because of 429 answers
	pause      int           // the pause of the gate that the running attempt started after
	turnedAway bool          // the gate did not let the attempt through
	wait       time.Duration // wait before the next attempt
}

type callKey struct{}

func withCall(ctx context.Context, method string) context.Context {
	return context.WithValue(ctx, callKey{}, &call{method: method})
}

// callOf returns the call that ctx belongs to; a request made outside Send, such as the one for an OAuth token, has one of its own.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// idempotent tells whether sending the request again does no harm. PUT and DELETE set and remove whole grants and memberships,
// so they are; POST creates groups, so it is not.
func (c *call) idempotent() bool {
	return c.method == http.MethodGet || c.method == http.MethodPut || c.method == http.MethodDelete
}

// retryPolicy decides after each attempt whether there will be another.
type retryPolicy struct{ gate *gate }

func (p retryPolicy) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	c := callOf(ctx)
	c.wait = 0
	switch {
	case err != nil:
		return c.failed(0) && !permanent(err), nil
	case c.turnedAway:
		return false, nil
	case resp.StatusCode == http.StatusTooManyRequests:
		// A limited request was not carried out, so any method may be sent again.
		return p.gate.limit(ctx, c, retryAfter(resp, p.gate.clock.Now())), nil
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented:
		return c.failed(min(retryAfter(resp, p.gate.clock.Now()), maxRetryAfter)), nil
	}
	return false, nil
}

// failed counts a failed attempt, sets the wait before the next and tells whether there may be one.
func (c *call) failed(asked time.Duration) bool {
	backoff := min(firstRetryWait<<c.failures, maxRetryWait)
	c.failures++
	c.wait = max(asked, jitter(backoff))
	return c.idempotent() && c.failures < maxFailures
}

// permanent tells whether an attempt without an answer will fail again: the token endpoint refused the credential, the server's
// certificate is not trusted, or the answer is too large.
func permanent(err error) bool {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		return refused.Response.StatusCode < http.StatusInternalServerError && refused.Response.StatusCode != http.StatusTooManyRequests
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return untrusted || errors.Is(err, errBodyTooLarge)
}

func waitBeforeRetry(clock Clock) func(*http.Request) error {
	return func(req *http.Request) error {
		c := callOf(req.Context())
		if c.wait <= 0 {
			return nil
		}
		return clock.Sleep(req.Context(), c.wait)
	}
}

// retryAfter reads the Retry-After header, in seconds or as a date; 0 when there is none.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	text := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(0, seconds), maxSeconds)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// jitter spreads d over its upper half, so that clients that failed together do not come back together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
