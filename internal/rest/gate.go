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
	// shortestPause keeps tries from following each other as fast as they are answered.
	shortestPause = 100 * time.Millisecond
)

// gate lets attempts through: none while a 429 pauses them all, one to try when the pause is over and all others once that one was
// answered, and never faster than the pace. Limits differ from one part of Bitbucket to another, so whoever has tried in vain least
// often tries first.
type gate struct {
	base    http.RoundTripper
	clock   Clock
	maxWait time.Duration
	host    string
	delays  *Delays

	mu      sync.Mutex
	pace    pace
	pauses  int                // pauses so far; tells attempts from before a pause and after it apart
	streak  int                // pauses since an attempt was let through that did not end in a 429
	until   time.Time          // end of the last pause
	shut    bool               // it is longer than may be waited
	trying  bool               // an attempt tries whether the limit is over
	waiting map[*call]struct{} // who waits for the end of a pause or of a trial
	moved   chan struct{}      // closes when a trial ends, or somebody waits no longer
}

func newGate(base http.RoundTripper, host string, o Options) *gate {
	return &gate{
		base: base, clock: o.Clock, maxWait: o.MaxRateLimitWait, host: host, delays: o.Delays, pace: newPace(o.RequestsPerHour),
		waiting: map[*call]struct{}{}, moved: make(chan struct{}),
	}
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

// hold is what keeps an attempt back: a pause that is too long, somebody else who tries first, or some time for a reason.
type hold struct {
	tooLong bool
	moved   <-chan struct{}
	wait    time.Duration
	reason  DelayReason
}

// enter waits until the attempt may pass, and tells whether it may. One that would wait too long may not.
func (g *gate) enter(ctx context.Context, c *call) (bool, error) {
	defer g.forget(c)
	for {
		h, held := g.admit(c)
		if !held || h.tooLong {
			return !held, nil
		}
		var err error
		if h.moved != nil {
			err = finished(ctx, h.moved)
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
		c.next = left
		if g.shut {
			return hold{tooLong: true}, true
		}
		g.waiting[c] = struct{}{}
		g.delays.add(g.host, Limited, now, left)
		return hold{wait: left, reason: Limited}, true
	}
	if g.trying || g.streak > 0 && g.behind(c) {
		g.waiting[c] = struct{}{}
		return hold{moved: g.moved}, true
	}
	if wait, reason := g.pace.turn(now); wait > 0 {
		g.delays.add(g.host, reason, now, wait)
		return hold{wait: wait, reason: reason}, true
	}
	c.pause, c.tries = g.pauses, g.streak > 0
	g.trying = c.tries
	return hold{}, false
}

// behind tells whether somebody waits who has tried in vain less often.
func (g *gate) behind(c *call) bool {
	for other := range g.waiting {
		if other.lost < c.lost {
			return true
		}
	}
	return false
}

// forget notes that a call waits no longer.
func (g *gate) forget(c *call) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, waited := g.waiting[c]; waited {
		delete(g.waiting, c)
		g.move()
	}
}

// move lets those look again who wait for others.
func (g *gate) move() {
	close(g.moved)
	g.moved = make(chan struct{})
}

// leave learns from the answer to an attempt; nil is none.
func (g *gate) leave(ctx context.Context, c *call, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	tried := c.tries
	if tried {
		c.tries, g.trying = false, false
		g.move()
	}
	c.limited = resp != nil && resp.StatusCode == http.StatusTooManyRequests
	if resp == nil {
		if ctx.Err() == nil { // where no answer comes, one after another would wait for it
			g.streak = 0
		}
		return
	}
	said := readLimits(resp, g.clock.Now())
	if c.limited {
		if tried {
			c.lost++
		}
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
		g.pause(ctx, g.length(asked))
		g.streak++
	}
	c.next = g.until.Sub(g.clock.Now())
	c.again = !g.shut || c.next <= 0
}

// length is how long the next pause is: as long as was asked for or, where nothing was, at random, and longer in each of a row. One that
// is as long as was asked for, and too short, is followed by a longer one.
func (g *gate) length(asked time.Duration) time.Duration {
	backoff := fullJitter(min(firstPause<<min(g.streak, 10), maxPause))
	switch left := g.left(); {
	case asked > 0 && g.streak == 0:
		backoff = asked
	case asked > 0:
		backoff = max(asked, backoff)
	case left >= shortestPause:
		backoff = min(backoff, left)
	}
	return max(backoff, shortestPause)
}

// pause starts a pause.
func (g *gate) pause(ctx context.Context, wait time.Duration) {
	now := g.clock.Now()
	g.pauses++
	g.until, g.shut = now.Add(wait), wait > g.left()
	fields := map[string]any{"wait": wait.String(), "waited": g.delays.forLimits(now).String(), "longest": g.maxWait.String()}
	if g.shut {
		tflog.Warn(ctx, "rate limit reached, and no time left to wait for its end", fields)
		return
	}
	tflog.Warn(ctx, "rate limit reached, all requests pause", fields)
}

// left is how much longer pauses may take.
func (g *gate) left() time.Duration { return g.maxWait - g.delays.forLimits(g.clock.Now()) }

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
