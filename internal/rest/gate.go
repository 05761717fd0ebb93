package rest

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/oauth2"
)

const (
	// firstPause doubles with every pause in a row up to maxPause. Bitbucket's window rolls over an hour and its 429 names no
	// time (Bitbucket documentation, API request limits), so pauses grow to a length at which some budget has come back.
	firstPause = 2 * time.Second
	maxPause   = 2 * time.Minute
)

// gate lets attempts through: none while a 429 pauses them all, one to try when the pause is over and all others once that one was
// answered, and never faster than the pace.
type gate struct {
	base    http.RoundTripper
	clock   Clock
	maxWait time.Duration
	host    string
	delays  *Delays

	mu     sync.Mutex
	pace   pace
	pauses int           // pauses so far; tells attempts from before a pause and after it apart
	streak int           // pauses since an attempt was let through that did not end in a 429
	began  time.Time     // start of the last pause
	until  time.Time     // its end
	shut   bool          // it is longer than may be waited
	trial  chan struct{} // closes when the attempt that tries is over; nil while none tries
}

func newGate(base http.RoundTripper, host string, o Options) *gate {
	return &gate{base: base, clock: o.Clock, maxWait: o.MaxRateLimitWait, host: host, delays: o.Delays, pace: newPace(o.RequestsPerHour)}
}

// RoundTrip waits for the gate to open and sends the attempt. Where the pause lasts longer than the client may still wait, it
// answers with a 429 of its own: the server's would be no other.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, c := req.Context(), callOf(req.Context())
	open, err := g.enter(ctx, c)
	if err != nil {
		return nil, err
	}
	if !open {
		c.limited, c.again = true, false
		return &http.Response{
			StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Request: req,
			Body: io.NopCloser(strings.NewReader("the limit that an earlier request ran into is not over")),
		}, nil
	}
	c.attempts++
	resp, err := g.base.RoundTrip(req)
	g.leave(ctx, c, limitedAnswer(resp, err))
	return resp, err
}

// hold is what keeps an attempt back: a pause that is too long, an attempt of somebody else that tries, or some time for a reason.
type hold struct {
	tooLong bool
	trial   <-chan struct{}
	wait    time.Duration
	reason  DelayReason
}

// enter waits until the attempt may pass, and tells whether it may. One that would wait too long may not.
func (g *gate) enter(ctx context.Context, c *call) (bool, error) {
	for {
		h, held := g.admit(c)
		if !held || h.tooLong {
			return !held, nil
		}
		var err error
		if h.trial != nil {
			err = finished(ctx, h.trial)
		} else {
			if h.reason != Limited { // of which one line tells for all requests
				tflog.Debug(ctx, "request waits for its turn", map[string]any{"reason": string(h.reason), "wait": h.wait.String()})
			}
			err = g.clock.Sleep(ctx, h.wait)
		}
		if err != nil {
			return false, err
		}
	}
}

// admit lets an attempt pass, or tells what holds it. A time that it has to wait is taken down.
func (g *gate) admit(c *call) (h hold, held bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock.Now()
	if left := g.until.Sub(now); left > 0 {
		if g.shut {
			return hold{tooLong: true}, true
		}
		g.delays.add(g.host, Limited, g.began, g.until.Sub(g.began))
		return hold{wait: left, reason: Limited}, true
	}
	if g.trial != nil {
		return hold{trial: g.trial}, true
	}
	if wait, reason := g.pace.turn(now); wait > 0 {
		g.delays.add(g.host, reason, now, wait)
		return hold{wait: wait, reason: reason}, true
	}
	if c.pause = g.pauses; g.streak > 0 {
		g.trial = make(chan struct{})
		c.trial = g.trial
	}
	return hold{}, false
}

// leave learns from the answer to an attempt; nil is none.
func (g *gate) leave(ctx context.Context, c *call, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.trial != nil {
		close(c.trial)
		g.trial, c.trial = nil, nil
	}
	c.limited = resp != nil && resp.StatusCode == http.StatusTooManyRequests
	if resp == nil {
		return
	}
	said := readLimits(resp, g.clock.Now())
	if c.limited {
		g.limit(ctx, c, said.resume)
		return
	}
	if c.pause == g.pauses {
		g.streak = 0
		if said.exhausted && said.resume > 0 && said.resume <= g.left() {
			g.pause(ctx, said.resume)
		}
	}
	if g.pace.heed(said) {
		tflog.Info(ctx, "rate limit is near or no longer near", map[string]any{"near": said.near == isNear, "limit": said.limit})
	}
}

// limit takes a 429: it starts a pause for all requests, unless one has started since the attempt did, and notes whether the call
// may wait for its end. asked is the server's own wish, 0 when it has none.
func (g *gate) limit(ctx context.Context, c *call, asked time.Duration) {
	if c.pause == g.pauses {
		wait := asked
		if wait == 0 {
			wait = fullJitter(min(firstPause<<min(g.streak, 10), maxPause))
			if left := g.left(); left > 0 {
				wait = min(wait, left)
			}
		}
		g.streak++
		g.pause(ctx, wait)
	}
	c.again = !g.shut
}

// pause starts a pause.
func (g *gate) pause(ctx context.Context, wait time.Duration) {
	g.pauses++
	g.began = g.clock.Now()
	g.until, g.shut = g.began.Add(wait), wait > g.left()
	fields := map[string]any{"wait": wait.String(), "waited": g.delays.limited().String(), "longest": g.maxWait.String()}
	if g.shut {
		tflog.Warn(ctx, "rate limit reached, and no time left to wait for its end", fields)
		return
	}
	tflog.Warn(ctx, "rate limit reached, all requests pause", fields)
}

// left is how much longer pauses may take.
func (g *gate) left() time.Duration { return g.maxWait - g.delays.limited() }

// fullJitter spreads d over all of it, so that programs that were limited together do not come back together.
func fullJitter(d time.Duration) time.Duration { return 1 + rand.N(d) }

// finished waits until a channel closes.
func finished(ctx context.Context, over <-chan struct{}) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-over:
		return nil
	}
}

// limitedAnswer is the answer to an attempt: that of the server or, where there is none because an OAuth token could not be had, that of the
// token endpoint, if it is a 429.
func limitedAnswer(resp *http.Response, err error) *http.Response {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil && refused.Response.StatusCode == http.StatusTooManyRequests {
		return refused.Response
	}
	return resp
}
