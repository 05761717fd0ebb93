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

	end time.Time // of the last wait
}

// Delays take down how long the requests of clients were held back. The zero value is ready, and safe for concurrent use; nil takes
// down nothing.
type Delays struct {
	mu  sync.Mutex
	all []Delay
}

// All returns the delays so far, in the order in which they began.
func (d *Delays) All() []Delay {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.all)
}

// add takes down a wait that begins at from.
func (d *Delays) add(host string, reason DelayReason, from time.Time, wait time.Duration) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.all, func(known Delay) bool { return known.Host == host && known.Reason == reason })
	if i < 0 {
		i = len(d.all)
		d.all = append(d.all, Delay{Host: host, Reason: reason, end: from})
	}
	end := from.Add(wait)
	if from.Before(d.all[i].end) {
		from = d.all[i].end
	}
	if end.After(from) {
		d.all[i].For += end.Sub(from)
		d.all[i].end = end
	}
}
