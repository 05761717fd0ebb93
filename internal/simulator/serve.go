package simulator

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
)

// exchange is one request while it is being answered.
type exchange struct {
	s      *Simulator
	host   host
	w      *world // what this request sees: writes see the truth, reads what the lag lets them see
	r      *http.Request
	body   []byte
	params map[string]string
	caller *credential
	route  *route
}

// host is one of the two hosts over the same world.
type host struct {
	authenticate func(*Simulator, *http.Request) (*credential, error)
	// dispatch makes the checks that all endpoints share and calls the endpoint.
	dispatch func(*exchange) (answer, error)
	// describe adds the headers that every answer carries.
	describe func(*exchange, http.Header)
}

// bitbucketHost is api.bitbucket.org.
var bitbucketHost = host{(*Simulator).authenticate, (*exchange).dispatch, (*exchange).describe}

// serve answers the requests to a host. The world is locked while it acts, never while it talks to the client.
func (s *Simulator) serve(at host) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client has left
		}
		x := &exchange{s: s, host: at, r: r, body: body}
		out, f := s.act(x)
		f.wait(r.Context())
		if f.cuts() {
			panic(http.ErrAbortHandler)
		}
		out.send(w, f.Truncate)
	})
}

// act runs the request on the world and writes it into the journal.
func (s *Simulator) act(x *exchange) (wire, Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp()
	f := s.nextFault(x.r)
	var out wire
	switch {
	case f.CutBefore:
	case f.Status != 0:
		x.caller, _ = x.host.authenticate(s, x.r)
		out = f.answer()
	default:
		out = x.answer().encode()
		if f.Rewrite != nil {
			maps.Copy(out.header, f.Header)
			out.header.Set(FaultHeader, "rewrite")
			out.body = f.Rewrite(bytes.Clone(out.body))
		}
	}
	s.note(x, out.status, f)
	return out, f
}

// answer is the real answer to the request.
func (x *exchange) answer() answer {
	given, err := x.host.dispatch(x)
	if err != nil {
		f, answered := errors.AsType[answerError](err)
		if !answered {
			panic("simulator: " + err.Error())
		}
		given = f.answer
	}
	if given.header == nil {
		given.header = http.Header{}
	}
	x.host.describe(x, given.header)
	return given
}

// dispatch makes the checks that all endpoints share, in Bitbucket's order, and calls the endpoint.
func (x *exchange) dispatch() (answer, error) {
	// quirk: eggzec/bb BUG-SCHEMA-007, raw braces in a path are refused.
	if path, _, _ := strings.Cut(x.r.RequestURI, "?"); strings.ContainsAny(path, "{}") {
		return answer{}, fail(http.StatusBadRequest, "Bad Request")
	}
	escaped := x.r.URL.EscapedPath()
	if escaped == tokenPath {
		return x.token()
	}
	if to, redirect := canonical(escaped); redirect {
		return answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {to}}}, nil
	}
	segments, err := splitPath(strings.TrimSuffix(escaped, "/"))
	if err != nil {
		return answer{}, err
	}
	found, params, elsewhere := x.s.router.find(x.r.Method, segments)
	x.route, x.params = found, params
	if found == nil {
		return answer{}, x.lost(elsewhere)
	}
	if err := x.admit(); err != nil {
		return answer{}, err
	}
	return x.run()
}

// lost is the answer where nothing is hosted, at least not for this method; nobody has to sign in to learn that.
func (x *exchange) lost(elsewhere bool) error {
	x.caller, _ = x.s.authenticate(x.r)
	if elsewhere {
		return failText(http.StatusMethodNotAllowed, "")
	}
	return notFound()
}

// run lets an admitted request see the right world and trims its answer.
func (x *exchange) run() (answer, error) {
	reads := x.r.Method == http.MethodGet
	if reads {
		x.w = x.s.past.visible(x.s.world, x.s.options.Now())
	} else {
		// The specification's introduction: a body, even an empty one, needs a Content-Length.
		if x.r.Method != http.MethodDelete && !x.announced() {
			return answer{}, failText(http.StatusLengthRequired, "Length Required")
		}
		x.w = x.s.world
		x.s.past.remember(x.w, x.s.options.Now(), x.s.lag)
	}
	given, err := x.route.handle(x)
	if err != nil {
		return answer{}, err
	}
	if strings.HasPrefix(x.route.pattern, "/2.0/") {
		given.body = parseFields(x.r.URL.Query().Get("fields")).trim(given.body)
	}
	return given, nil
}

// announced tells whether the request said how long its body is.
func (x *exchange) announced() bool {
	return x.r.ContentLength > 0 || x.r.ContentLength == 0 && x.r.Header.Get("Content-Length") != ""
}

// canonical returns where a path with a trailing slash lives. 1.0 accepts the slash, 2.0 redirects (Bitbucket documentation).
func canonical(escaped string) (to string, redirect bool) {
	if strings.HasPrefix(escaped, "/2.0/") && strings.HasSuffix(escaped, "/") {
		return strings.TrimRight(escaped, "/"), true
	}
	return "", false
}
