package rest

import (
	"slices"
	"sync"
	"time"
)

// DelayReason is why requests were held back.
type DelayReason string

// The reasons for delays.
const (
	// Limited is a pause: the server's limit was reached.
	Limited DelayReason = "its limit of requests was reached"
	// Near is a slower pace: the server said that little of its limit was left.
	Near DelayReason = "it said that little of its limit of requests was left"
	// Paced is the pace of Options.RequestsPerHour.
	Paced DelayReason = "requests_per_hour spreads the requests"
)

// Delay is how long the requests to one host were held back for one reason, in all. Requests that waited at the same time count once.
type Delay struct {
	Host   string
	Reason DelayReason
	For    time.Duration
}

// Delays take down how long the requests of clients were held back. Clients that share them share what they may wait for limits, too. The
// zero value is ready, and safe for concurrent use.
type Delays struct {
	mu      sync.Mutex
	each    []tally // in the order in which they began
	whole   span    // for any reason
	limited span    // because of a limit of any host
}

// tally is what is waited for a host and a reason.
type tally struct {
	host   string
	reason DelayReason
	span   span
}

// span is time that is waited, of which what is waited at the same time counts once.
type span struct {
	length time.Duration
	end    time.Time
}

// add adds a wait.
func (s *span) add(from time.Time, wait time.Duration) {
	end := from.Add(wait)
	if from.Before(s.end) {
		from = s.end
	}
	if end.After(from) {
		s.length += end.Sub(from)
		s.end = end
	}
}

// until is how much of the time is over.
func (s *span) until(now time.Time) time.Duration { return s.length - max(0, s.end.Sub(now)) }

// Until returns how long requests were held back until now, in all and for each host and reason. What was waited at the same time counts
// once in all.
func (d *Delays) Until(now time.Time) (whole time.Duration, each []Delay) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.each {
		each = append(each, Delay{t.host, t.reason, t.span.until(now)})
	}
	return d.whole.until(now), each
}

// Reset forgets everything.
func (d *Delays) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.each, d.whole, d.limited = nil, span{}, span{}
}

// forLimits is how long was waited until now because of limits, whichever hosts' they were.
func (d *Delays) forLimits(now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.limited.until(now)
}

// add takes down a wait that begins at from.
func (d *Delays) add(host string, reason DelayReason, from time.Time, wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.each, func(t tally) bool { return t.host == host && t.reason == reason })
	if i < 0 {
		i = len(d.each)
		d.each = append(d.each, tally{host: host, reason: reason})
	}
	d.each[i].span.add(from, wait)
	d.whole.add(from, wait)
	if reason == Limited {
		d.limited.add(from, wait)
	}
}
