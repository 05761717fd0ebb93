package simulator

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Fault is something that goes wrong with the requests that it matches. Where several match, the first one injected wins, and
// the others do not count the request.
type Fault struct {
	// Method is the method to match; "" matches any.
	Method string
	// Path is the decoded path to match, in which * stands for anything within a segment and ** for anything at all, as in
	// /2.0/repositories/acme/*/permissions-config/**; "" matches any.
	Path string
	// After is how many matching requests pass first.
	After int
	// Times is how many matching requests it hits; 0 means until it is removed.
	Times int

	// Status, if not 0, is answered instead of the real answer, with Header and Body; the simulator does not act.
	Status int
	Header http.Header
	Body   string
	// CutBefore closes the connection without acting, CutAfter acts and then closes it. Both abort the handler with
	// http.ErrAbortHandler, so the handler has to run in an HTTP server.
	CutBefore, CutAfter bool
	// Delay is how long the answer waits, in real time, after the simulator acted; it ends early when the client leaves.
	Delay time.Duration
	// Truncate is how many bytes of the body are sent, although Content-Length promises all; 0 means all.
	Truncate int
	// Rewrite changes the body of the real answer, and Header its headers then.
	Rewrite func(body []byte) []byte
}

// FaultHeader is on every answer that a Fault has made or changed, so that nobody takes it for one of Bitbucket's.
const FaultHeader = "X-Simulator-Fault"

// fault is an injected Fault and how often it matched.
type fault struct {
	Fault

	path *regexp.Regexp
	seen int
}

// RateLimited is the 429 of Bitbucket: plain text, without Retry-After.
func RateLimited(times int) Fault {
	out := rateLimited().encode()
	return Fault{Times: times, Status: out.status, Header: out.header, Body: string(out.body)}
}

// ServerError is an error of Bitbucket itself, such as 500 or 503, in its JSON form.
func ServerError(status, times int) Fault {
	out := fail(status, "Something went wrong").encode()
	return Fault{Times: times, Status: out.status, Header: out.header, Body: string(out.body)}
}

// HTMLErrorPage is what a proxy in front of Bitbucket answers when Bitbucket does not.
func HTMLErrorPage(status, times int) Fault {
	body := "<!DOCTYPE html>\n<html><head><title>Bitbucket</title></head><body><h1>" + http.StatusText(status) + "</h1></body></html>\n"
	return Fault{Times: times, Status: status, Body: body}
}

// Inject lets something go wrong until it has hit Times requests or remove is called.
func (s *Simulator) Inject(f Fault) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	injected := &fault{Fault: f, path: glob(f.Path)}
	s.faults = append(s.faults, injected)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(other *fault) bool { return other == injected })
	}
}

// nextFault returns what goes wrong with this request; the zero Fault is nothing.
func (s *Simulator) nextFault(r *http.Request) Fault {
	for _, f := range s.faults {
		if f.Method != "" && f.Method != r.Method || !f.path.MatchString(r.URL.Path) {
			continue
		}
		f.seen++
		if f.seen > f.After && (f.Times == 0 || f.seen <= f.After+f.Times) {
			return f.Fault
		}
	}
	return Fault{}
}

// glob compiles a path pattern; "" matches everything.
func glob(pattern string) *regexp.Regexp {
	if pattern == "" {
		return regexp.MustCompile("")
	}
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(quoted, `\*\*`, `.*`)
	return regexp.MustCompile("^" + strings.ReplaceAll(quoted, `\*`, `[^/]*`) + "$")
}

// answer is what is sent instead of the real answer.
func (f Fault) answer() wire {
	out := wire{status: f.Status, header: f.Header.Clone(), body: []byte(f.Body)}
	if out.header == nil {
		out.header = http.Header{}
	}
	out.header.Set(FaultHeader, "answer")
	if out.header.Get("Content-Type") == "" {
		out.header.Set("Content-Type", guessType(f.Body))
	}
	return out
}

// guessType tells JSON and HTML from plain text by the first character.
func guessType(body string) string {
	body = strings.TrimSpace(body)
	switch {
	case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
		return "application/json; charset=utf-8"
	case strings.HasPrefix(body, "<"):
		return "text/html; charset=utf-8"
	}
	return "text/plain"
}

// cuts tells whether the connection closes without an answer.
func (f Fault) cuts() bool { return f.CutBefore || f.CutAfter }

// wait holds the answer back.
func (f Fault) wait(ctx context.Context) {
	if f.Delay <= 0 {
		return
	}
	timer := time.NewTimer(f.Delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
