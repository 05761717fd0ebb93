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
	mu    sync.Mutex
	kinds []Delay // in the order in which they began, without a time
	spans []span  // theirs
	whole span    // for any reason
	any   span    // because of a limit of any host
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
	for i, kind := range d.kinds {
		kind.For = d.spans[i].until(now)
		each = append(each, kind)
	}
	return d.whole.until(now), each
}

// Reset forgets everything.
func (d *Delays) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kinds, d.spans, d.whole, d.any = nil, nil, span{}, span{}
}

// limited is how long was waited until now because of limits, whichever hosts' they were.
func (d *Delays) limited(now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.any.until(now)
}

// add takes down a wait that begins at from.
func (d *Delays) add(host string, reason DelayReason, from time.Time, wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kind := Delay{Host: host, Reason: reason}
	i := slices.Index(d.kinds, kind)
	if i < 0 {
		i = len(d.kinds)
		d.kinds, d.spans = append(d.kinds, kind), append(d.spans, span{})
	}
	d.spans[i].add(from, wait)
	d.whole.add(from, wait)
	if reason == Limited {
		d.any.add(from, wait)
	}
}
