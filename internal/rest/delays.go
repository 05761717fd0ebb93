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

	span span
}

// Delays take down how long the requests of clients were held back. Clients that share them share what they may wait for limits, too. The
// zero value is ready, and safe for concurrent use.
type Delays struct {
	mu  sync.Mutex
	all []Delay
	any span // because of a limit of any host
}

// span is time that has been waited, of which what was waited at the same time counts once.
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

// All returns the delays so far, in the order in which they began.
func (d *Delays) All() []Delay {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.all)
}

// limited is how long was waited because of limits, whichever hosts' they were.
func (d *Delays) limited() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.any.length
}

// add takes down a wait that begins at from.
func (d *Delays) add(host string, reason DelayReason, from time.Time, wait time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if reason == Limited {
		d.any.add(from, wait)
	}
	i := slices.IndexFunc(d.all, func(known Delay) bool { return known.Host == host && known.Reason == reason })
	if i < 0 {
		i = len(d.all)
		d.all = append(d.all, Delay{Host: host, Reason: reason})
	}
	delay := &d.all[i]
	delay.span.add(from, wait)
	delay.For = delay.span.length
}
