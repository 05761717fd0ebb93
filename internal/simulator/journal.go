package simulator

import (
	"net/url"
	"slices"
	"time"
)

// Request is one request that the simulator has seen.
type Request struct {
	Method string
	// Path is the escaped path exactly as it was sent.
	Path  string
	Query url.Values
	// Status is what was answered; 0 when the connection was cut.
	Status int
	// Credential names kind and owner, such as "api-token ada@acme.example"; "" when none was accepted.
	Credential string
	// Time is when the request came, on the simulator's clock.
	Time time.Time
	// Body is what the client sent.
	Body string
}

// DecodedPath is the path as Fault.Path matches it.
func (r Request) DecodedPath() string {
	decoded, err := url.PathUnescape(r.Path)
	if err != nil {
		return r.Path
	}
	return decoded
}

// note writes a request into the journal.
func (s *Simulator) note(x *exchange, status int, f Fault) {
	seen := Request{
		Method: x.r.Method, Path: x.r.URL.EscapedPath(), Query: x.r.URL.Query(), Status: status,
		Time: s.options.Now(), Body: string(x.body),
	}
	if f.cuts() {
		seen.Status = 0
	}
	if x.caller != nil {
		seen.Credential = x.caller.label()
	}
	s.journal = append(s.journal, seen)
}

// Journal returns the requests since the start or the last ResetJournal, in the order in which they were answered.
func (s *Simulator) Journal() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.journal)
}

// ResetJournal forgets all requests.
func (s *Simulator) ResetJournal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal = nil
}

// Count tells how many requests of the journal match; "" matches any method and any path. The pattern is one of Fault.Path,
// matched against the decoded path.
func (s *Simulator) Count(method, pathPattern string) int {
	pattern, count := glob(pathPattern), 0
	for _, seen := range s.Journal() {
		if (method == "" || method == seen.Method) && pattern.MatchString(seen.DecodedPath()) {
			count++
		}
	}
	return count
}
