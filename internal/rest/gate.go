package rest

import (
	"context"
	"net/http"
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

// RoundTrip waits for the gate to open and sends the attempt.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req.Context())
	if err := g.enter(req.Context(), c); err != nil {
		return nil, err
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

// enter waits until no pause runs and the pacer agrees.
func (g *gate) enter(ctx context.Context, c *call) error {
	for {
		g.mu.Lock()
		wait := g.until.Sub(g.clock.Now())
		c.pause = g.pauses
		g.mu.Unlock()
		if wait <= 0 {
			break
		}
		if err := g.clock.Sleep(ctx, wait); err != nil {
			return err
		}
		c.limited += wait
	}
	if g.pacer == nil {
		return nil
	}
	now := g.clock.Now()
	if wait := g.pacer.ReserveN(now, 1).DelayFrom(now); wait > 0 {
		return g.clock.Sleep(ctx, wait)
	}
	return nil
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
