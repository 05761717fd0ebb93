package simulator

import (
	"net/http"
	"sync"
	"time"
)

// Options of a simulated world. The zero value is usable.
type Options struct {
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// RequestsPerHour is how many requests a credential may make in any rolling hour; 0 means any number.
	RequestsPerHour int
	// LimitedPrefixes are the path prefixes that count against the budget; nil means every path. Atlassian names only
	// /2.0/repositories and leaves the rest open (Bitbucket documentation: API request limits).
	LimitedPrefixes []string
	// SpecLinks puts links on permission rows, as the examples of the specification do; live rows carry none.
	SpecLinks bool
	// VisibleAfter is the lag, on the clock, before a write through the API shows in later reads; 0 means at once.
	VisibleAfter time.Duration
	// OwnerGrants lets a repository grant to a workspace owner pass, which the specification refuses with 400.
	OwnerGrants bool
	// AbsentGrantNotFound makes the DELETE of a grant that is not there answer 404 instead of 204; no source settles it.
	AbsentGrantNotFound bool
	// MemberConflict makes the PUT of someone who is in the group already answer 409 instead of 200; both are reported.
	MemberConflict bool
}

// Simulator is Bitbucket Cloud in memory. Its methods may be called while it serves requests.
type Simulator struct {
	options Options
	router  router

	mu          sync.Mutex // guards everything below
	world       *world
	past        []past
	lag         time.Duration
	credentials credentials
	faults      []*fault
	journal     []Request
}

// New returns a simulator of an empty world.
func New(opts Options) *Simulator {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Simulator{
		options:     opts,
		router:      newRouter(),
		world:       newWorld(),
		lag:         opts.VisibleAfter,
		credentials: newCredentials(),
	}
}

// Bitbucket serves https://api.bitbucket.org, 2.0 and 1.0, and the token endpoint of https://bitbucket.org.
func (s *Simulator) Bitbucket() http.Handler { return http.HandlerFunc(s.serve) }

// SetVisibleAfter changes the lag before a write through the API shows in later reads. It does not touch writes that were
// made before.
func (s *Simulator) SetVisibleAfter(lag time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = lag
}

// past is the world as it was before a write, and the moment from which on that write shows.
type past struct {
	world *world
	until time.Time
}

// remember keeps the world as it is now for the reads that come before the lag has passed.
func (s *Simulator) remember() {
	if s.lag > 0 {
		s.past = append(s.past, past{world: s.world.clone(), until: s.options.Now().Add(s.lag)})
	}
}

// visible is the world that reads see: as it was before the oldest write that does not show yet.
func (s *Simulator) visible() *world {
	now := s.options.Now()
	for len(s.past) > 0 && !now.Before(s.past[0].until) {
		s.past = s.past[1:]
	}
	if len(s.past) > 0 {
		return s.past[0].world
	}
	return s.world
}

// inspect runs a direct function that reads: it sees the truth, whatever the lag.
func (s *Simulator) inspect(read func(*world) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := read(s.world); err != nil {
		panic("simulator: " + err.Error())
	}
}

// arrange runs a direct function that changes the world. The change shows at once, and so do the writes before it.
func (s *Simulator) arrange(change func(*world) error) {
	s.inspect(func(w *world) error {
		s.past = nil
		return change(w)
	})
}
