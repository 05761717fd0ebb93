package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
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
)

// call is what one Send keeps from attempt to attempt. It travels in the context, the only thing that go-retryablehttp hands to
// all its hooks; the attempts of one call run one after another, so it needs no lock.
type call struct {
	repeatable bool          // sending the request again does no harm
	attempts   int           // attempts started
	failures   int           // attempts that ended in a 5xx or without an answer
	wait       time.Duration // wait before the next attempt after such a failure

	// What the gate keeps.
	pause   int           // the pause that the running attempt started after
	tries   bool          // the running attempt tries whether the limit is over
	lost    int           // attempts that tried in vain
	limited bool          // the last attempt ended in a 429
	again   bool          // the call may wait for the end of the pause and try again
	next    time.Duration // what was left of the pause that the call last met
}

// callKey is the key of the call in a context.
type callKey struct{}

// withCall begins a call of a request, which its attempts find in the context.
func withCall(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, callKey{}, &call{repeatable: r.repeatable()})
}

// callOf returns the call that ctx belongs to; a request made outside Send, such as the one for an OAuth token, has one of its own.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// repeatable tells whether sending the request again does no harm. PUT and DELETE set and remove whole grants and memberships,
// so it does none; POST creates groups, so it may, unless it is a search.
func (r Request) repeatable() bool {
	return r.Method == http.MethodGet || r.Method == http.MethodPut || r.Method == http.MethodDelete || r.Reads
}

// retryPolicy decides after each attempt whether there will be another.
type retryPolicy struct{ clock Clock }

func (p retryPolicy) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	c := callOf(ctx)
	c.wait = 0
	switch {
	case c.limited:
		return c.again, nil // a limited request was not carried out, so any method may be sent again
	case err != nil:
		return c.failed(0) && !permanent(err), nil
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented:
		return c.failed(min(retryAfter(resp, p.clock.Now()), maxRetryAfter)), nil
	}
	return false, nil
}

// failed counts a failed attempt, sets the wait before the next and tells whether there may be one.
func (c *call) failed(asked time.Duration) bool {
	backoff := min(firstRetryWait<<c.failures, maxRetryWait)
	c.failures++
	c.wait = max(asked, jitter(backoff))
	return c.repeatable && c.failures < maxFailures
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

// jitter spreads d over its upper half, so that clients that failed together do not come back together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
