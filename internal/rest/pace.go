package rest

import (
	"time"

	"golang.org/x/time/rate"
)

const (
	// usualLimit is how many requests Bitbucket grants in an hour (Bitbucket documentation, API request limits).
	usualLimit = 1000
	// window is how long a request counts against a budget: an hour, and some seconds because requests do not arrive as evenly as
	// they are sent.
	window = time.Hour + 10*time.Second
)

// pace is how fast attempts may follow each other.
type pace struct {
	// burst spreads the budget: half of it may go at once. sent are the times of as many attempts as the budget holds, the oldest at
	// next: no hour ever sees more of them. Both are empty without a budget.
	burst *rate.Limiter
	sent  []time.Time
	next  int
	// slow spreads attempts evenly while the server says that little of its limit is left; else nil.
	slow *rate.Limiter
}

// newPace returns the pace for a budget of requests in an hour; 0 is none.
func newPace(perHour int) pace {
	if perHour <= 0 {
		return pace{}
	}
	return pace{burst: rate.NewLimiter(evenly(perHour), max(1, perHour/2)), sent: make([]time.Time, perHour)}
}

// evenly is the rate that spreads a number of requests over an hour.
func evenly(perHour int) rate.Limit { return rate.Limit(float64(perHour) / time.Hour.Seconds()) }

// turn lets one attempt go now, or says how long and why it has to wait before it may ask again.
func (p *pace) turn(now time.Time) (wait time.Duration, reason DelayReason) {
	if len(p.sent) > 0 {
		if wait = p.sent[p.next].Add(window).Sub(now); wait > 0 { // the zero time is long ago
			return wait, Paced
		}
	}
	if wait = untilToken(p.slow, now); wait > 0 {
		return wait, Near
	}
	if wait = untilToken(p.burst, now); wait > 0 {
		return wait, Paced
	}
	if p.slow != nil {
		p.slow.AllowN(now, 1)
	}
	if len(p.sent) > 0 {
		p.burst.AllowN(now, 1)
		p.sent[p.next] = now
		p.next = (p.next + 1) % len(p.sent)
	}
	return 0, ""
}

// untilToken is how long it is until a limiter has a token; nil has always one.
func untilToken(l *rate.Limiter, now time.Time) time.Duration {
	if l == nil {
		return 0
	}
	taken := l.ReserveN(now, 1)
	defer taken.CancelAt(now)
	return taken.DelayFrom(now)
}

// heed slows down while the server says that little is left, and tells whether that has changed.
func (p *pace) heed(said limits) bool {
	switch {
	case said.near == isNear && p.slow == nil:
		p.slow = rate.NewLimiter(evenly(said.limit), 1)
	case said.near == isNotNear && p.slow != nil:
		p.slow = nil
	default:
		return false
	}
	return true
}
