package rest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"
)

const (
	// firstPause doubles with every pause in a row up to maxPause. Bitbucket's window rolls over an hour and its 429 names no
	// time (Bitbucket documentation, API request limits), so pauses grow to a length at which some budget has come back.
	firstPause = 2 * time.Second
	maxPause   = 2 * time.Minute
)

// gate lets attempts through: none while a 429 pauses them all, and no more than Options.RequestsPerHour.
type gate struct {
	base    http.RoundTripper
	clock   Clock
	maxWait time.Duration
	pacer   *rate.Limiter // nil when there is no pacing

	mu     sync.Mutex
	pauses int       // pauses so far; tells attempts from before a pause and after it apart
	streak int       // pauses since the last answer other than 429
	until  time.Time // end of the running pause
}

func newGate(base http.RoundTripper, o Options) *gate {
	g := &gate{base: base, clock: o.Clock, maxWait: o.MaxRateLimitWait}
	if o.RequestsPerHour > 0 {
		// Half of the budget may go at once and the other half comes back evenly: no hour ever sees more than the whole.
		burst := max(1, o.RequestsPerHour/2)
		g.pacer = rate.NewLimiter(rate.Limit(float64(max(1, o.RequestsPerHour-burst))/time.Hour.Seconds()), burst)
	}
	return g
}

// RoundTrip waits for the gate to open and sends the attempt. Where the pause lasts longer than the call may still wait, it
// answers with a 429 of its own: the server's would be no other.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req.Context())
	open, err := g.enter(req.Context(), c)
	if err != nil {
		return nil, err
	}
	if !open {
		c.turnedAway = true
		return &http.Response{
			StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Request: req,
			Body: io.NopCloser(strings.NewReader("the limit that an earlier request ran into lasts longer than this one may wait")),
		}, nil
	}
	c.attempts++
	resp, err := g.base.RoundTrip(req)
	if err == nil && resp.StatusCode != http.StatusTooManyRequests {
		g.mu.Lock()
		g.streak = 0
		g.mu.Unlock()
	}
	return resp, err
}

// enter waits until the pacer agrees and no pause runs, and tells whether the call may pass.
func (g *gate) enter(ctx context.Context, c *call) (bool, error) {
	if g.pacer != nil {
		now := g.clock.Now()
		if wait := g.pacer.ReserveN(now, 1).DelayFrom(now); wait > 0 {
			if err := g.clock.Sleep(ctx, wait); err != nil {
				return false, err
			}
		}
	}
	for {
		g.mu.Lock()
		wait := g.until.Sub(g.clock.Now())
		c.pause = g.pauses
		g.mu.Unlock()
		if wait <= 0 {
			return true, nil
		}
		if c.limited+wait > g.maxWait {
			return false, nil
		}
		if err := g.clock.Sleep(ctx, wait); err != nil {
			return false, err
		}
		c.limited += wait
	}
}

// limit takes a 429: it starts a pause for all requests, unless one has started since the attempt did, and tells whether the
// call may wait for its end. asked is the server's own wish, 0 when it has none.
func (g *gate) limit(ctx context.Context, c *call, asked time.Duration) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.pause == g.pauses {
		wait := asked
		if wait == 0 {
			wait = jitter(min(firstPause<<min(g.streak, 10), maxPause))
		}
		g.pauses++
		g.streak++
		g.until = g.clock.Now().Add(wait)
		tflog.Warn(ctx, "rate limit reached, all requests pause", map[string]any{"wait": wait.String(), "waited": c.limited.String()})
	}
	return c.limited+g.until.Sub(g.clock.Now()) <= g.maxWait
}
