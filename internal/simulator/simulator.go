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
	// LongestPage is how many rows a page holds at most, however many are asked for; 0 means as many as the contract allows.
	LongestPage int
	// VisibleAfter is the lag, on the clock, before a write through the API shows in later reads; 0 means at once.
	VisibleAfter time.Duration
	// OwnerGrants lets a repository grant to a workspace owner pass, which the specification refuses with 400.
	OwnerGrants bool
	// AbsentGrantNotFound makes the DELETE of a grant that is not there answer 404 instead of 204; no source settles it.
	AbsentGrantNotFound bool
	// MemberConflict makes the PUT of someone who is in the group already answer 409 instead of 200; both are reported.
	MemberConflict bool
	// OrganizationVisibleAfter is the lag, on the clock, before a write through the organization API shows in its own reads, and
	// BitbucketFollowsAfter the one before it shows in Bitbucket; 0 means at once. Nobody documents either.
	OrganizationVisibleAfter, BitbucketFollowsAfter time.Duration
	// OrganizationRequestsPerMinute is how many requests the keys of an organization may make in a minute; 0 means any number.
	OrganizationRequestsPerMinute int
	// OrganizationRetryAfter puts Retry-After on the 429 of the organization API, which only sometimes carries it.
	OrganizationRetryAfter bool
	// ScopedWrites lets keys with write:groups:admin and delete:groups:admin change groups, as the description of June 2026 said;
	// since July no scope is documented for that.
	ScopedWrites bool
	// AbsentMemberNotFound makes the DELETE of somebody who is not in a group of an organization answer 404 instead of 204.
	AbsentMemberNotFound bool
	// RemovedV1Gone makes the removed v1 calls of the organization API answer 410 instead of 404; no source settles it.
	RemovedV1Gone bool
	// CursorURLs makes links.next of the v2 lists a URL, as the description of the v1 lists says, instead of a bare cursor.
	CursorURLs bool
	// HiddenEmails leaves the e-mail address out of the people that the organization API lists.
	HiddenEmails bool
}

// Simulator is Bitbucket Cloud in memory. Its methods may be called while it serves requests.
type Simulator struct {
	options Options
	router  router
	admin   router // of the organization API

	mu            sync.Mutex // guards everything below
	world         *world
	past          history // what reads of Bitbucket see
	lag           time.Duration
	credentials   credentials
	organizations organizations
	faults        []*fault
	journal       []Request
}

// New returns a simulator of an empty world.
func New(opts Options) *Simulator {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Simulator{
		options:       opts,
		router:        newRouter(bitbucketRoutes()),
		admin:         newRouter(atlassianRoutes(opts)),
		world:         newWorld(),
		lag:           opts.VisibleAfter,
		organizations: organizations{visible: opts.OrganizationVisibleAfter, follows: opts.BitbucketFollowsAfter},
		credentials:   newCredentials(),
	}
}

// Bitbucket serves https://api.bitbucket.org, 2.0 and 1.0, and the token endpoint of https://bitbucket.org.
func (s *Simulator) Bitbucket() http.Handler { return s.serve(bitbucketHost) }

// Atlassian serves https://api.atlassian.com as far as it administers organizations: the paths below /admin/.
func (s *Simulator) Atlassian() http.Handler { return s.serve(atlassianHost) }

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

// history holds the writes that do not show yet, oldest first.
type history []past

// remember keeps the world as it is for the reads that come before the lag has passed.
func (h *history) remember(w *world, now time.Time, lag time.Duration) {
	if lag > 0 {
		*h = append(*h, past{world: w.clone(), until: now.Add(lag)})
	}
}

// visible is the world that reads see: as it was before the oldest write that does not show yet.
func (h *history) visible(truth *world, now time.Time) *world {
	for len(*h) > 0 && !now.Before((*h)[0].until) {
		*h = (*h)[1:]
	}
	if len(*h) > 0 {
		return (*h)[0].world
	}
	return truth
}

// inspect runs a direct function that reads: it sees the truth, whatever the lag.
func (s *Simulator) inspect(read func(*world) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := read(s.truth()); err != nil {
		panic("simulator: " + err.Error())
	}
}

// arrange runs a direct function that changes the world. The change shows at once, and so do the writes before it.
func (s *Simulator) arrange(change func(*world) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if err := change(s.world); err != nil {
		panic("simulator: " + err.Error())
	}
	s.world.follow(&s.world.organizations)
}
