package rest

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
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
	until  time.Time     // end of the running pause
	shut   bool          // the running pause is longer than the client may wait
	waited time.Duration // what pauses take in all
	trial  chan struct{} // closes when the attempt that tries is over; nil while none tries
}

func newGate(base http.RoundTripper, host string, o Options) *gate {
	return &gate{base: base, clock: o.Clock, maxWait: o.MaxRateLimitWait, host: host, delays: o.Delays, pace: newPace(o.RequestsPerHour)}
}

// RoundTrip waits for the gate to open and sends the attempt. Where the pause lasts longer than the client may still wait, it
// answers with a 429 of its own: the server's would be no other.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, c := req.Context(), callOf(req.Context())
	if err := g.keepPace(ctx); err != nil {
		return nil, err
	}
	open, err := g.enter(ctx, c)
	if err != nil {
		return nil, err
	}
	if !open {
		c.limited, c.again = true, false
		return &http.Response{
			StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Request: req,
			Body: io.NopCloser(strings.NewReader("the limit that an earlier request ran into lasts longer than this one may wait")),
		}, nil
	}
	c.attempts++
	resp, err := g.base.RoundTrip(req)
	g.leave(ctx, c, resp)
	return resp, err
}

// keepPace waits for the turn of an attempt.
func (g *gate) keepPace(ctx context.Context) error {
	g.mu.Lock()
	now := g.clock.Now()
	wait, reason := g.pace.reserve(now)
	g.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	g.delays.add(g.host, reason, now, wait)
	tflog.Debug(ctx, "request waits for its turn", map[string]any{"reason": string(reason), "wait": wait.String()})
	return g.clock.Sleep(ctx, wait)
}

// enter waits until no pause runs and nobody else tries whether the limit is over, and tells whether the attempt may pass.
func (g *gate) enter(ctx context.Context, c *call) (bool, error) {
	for {
		g.mu.Lock()
		wait, shut, trial := g.until.Sub(g.clock.Now()), g.shut, g.trial
		if wait <= 0 && trial == nil {
			if c.pause = g.pauses; g.streak > 0 {
				g.trial = make(chan struct{})
				c.trial = g.trial
			}
			g.mu.Unlock()
			return true, nil
		}
		g.mu.Unlock()
		var err error
		switch {
		case wait <= 0:
			err = finished(ctx, trial)
		case shut:
			return false, nil
		default:
			err = g.clock.Sleep(ctx, wait)
		}
		if err != nil {
			return false, err
		}
	}
}

// leave learns from the answer to an attempt; nil is none.
func (g *gate) leave(ctx context.Context, c *call, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.trial != nil {
		close(c.trial)
		g.trial, c.trial = nil, nil
	}
	if resp == nil {
		return
	}
	said := readLimits(resp, g.clock.Now())
	if c.limited = resp.StatusCode == http.StatusTooManyRequests; c.limited {
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
	now := g.clock.Now()
	g.pauses++
	g.until, g.shut = now.Add(wait), wait > g.left()
	fields := map[string]any{"wait": wait.String(), "waited": g.waited.String(), "longest": g.maxWait.String()}
	if g.shut {
		tflog.Warn(ctx, "rate limit reached, and no time left to wait for its end", fields)
		return
	}
	tflog.Warn(ctx, "rate limit reached, all requests pause", fields)
	g.waited += wait
	g.delays.add(g.host, Limited, now, wait)
}

// left is how much longer pauses may take.
func (g *gate) left() time.Duration { return g.maxWait - g.waited }

// spent is how long pauses have taken in all.
func (g *gate) spent() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waited
}

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
