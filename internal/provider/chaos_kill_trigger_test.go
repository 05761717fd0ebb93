//go:build linux

package provider_test

import (
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// The ways of dying, and the moments.
const (
	killsProvider = "provider"
	killsBoth     = "Terraform and provider"
	interrupts    = "interrupt, then kill"

	beforeWrite = "before a write"
	whileWrite  = "done, not answered"
	afterWrite  = "answered"
	whileRead   = "refresh or plan"
	whileSaved  = "state is written"
)

// death is when and how a run is killed: at the at-th write, read or change of the state file, and then after a delay. An interrupt comes
// at once, and the kill after the delay.
type death struct {
	way, moment string
	at          int
	ofGroups    bool // only writes count that make, change or delete a group, or invite: they are few, and more can be lost with each
	delay       time.Duration
}

// groupWrites are the paths of these writes.
var groupWrites = regexp.MustCompile(`^/1\.0/groups/[^/]+(/[^/]+)?$|/invitations|/invite$|/directories/[^/]+/groups(/[^/]+)?$|/role-assignments/`)

// isDue tells whether it is time, when a write is the next one of a run that has come.
func (d *death) isDue(moment, path string, before []received) bool {
	if d == nil || d.moment != moment || d.ofGroups && !groupWrites.MatchString(path) {
		return false
	}
	number := 1
	for _, w := range before {
		if !d.ofGroups || groupWrites.MatchString(w.path) {
			number++
		}
	}
	return number == d.at
}

// received is a write that the simulator got.
type received struct {
	path    string
	line    string // all that was asked
	status  int
	changed allAccess // what it changed, and to what
}

// chaosServer stands before a simulator. It carries out one write after the other, notes what each has changed, and kills who sends them.
type chaosServer struct {
	world *acctest.World
	open  sync.WaitGroup // connections

	mu      sync.Mutex // guards everything below, and is held during a write
	process *acctest.Process
	death   *death // nil when nobody is killed
	struck  bool
	killer  *time.Timer // ends what was interrupted; nil before
	reads   int
	writes  []received
	access  allAccess
}

// newChaosServer serves a world in place of what serves it now.
func newChaosServer(t *testing.T, w *acctest.World) *chaosServer {
	t.Helper()
	s := &chaosServer{world: w}
	w.URL = s.serve(t, w.Bitbucket())
	if w.Organization != "" {
		w.AdminURL = s.serve(t, w.Atlassian()) + "/admin"
	}
	return s
}

func (s *chaosServer) serve(t *testing.T, next http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(s.watch(next))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of connections that are cut
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			s.open.Add(1)
		case http.StateClosed:
			s.open.Done()
		default: // it stays open
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// watch passes requests on to next, and kills whoever sends the one that it is time for.
func (s *chaosServer) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/search") || strings.HasSuffix(r.URL.Path, "/workspaces") {
			s.read()
			next.ServeHTTP(w, r)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		path := r.URL.EscapedPath()
		due := func(moment string) bool { return s.death.isDue(moment, path, s.writes) }
		if due(beforeWrite) && s.strike() {
			panic(http.ErrAbortHandler)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // who has sent it is dead
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer := httptest.NewRecorder()
		isDue, isAnswered := due(whileWrite), due(afterWrite)
		next.ServeHTTP(answer, r)
		s.note(path, r.Method+" "+path+" "+string(body), answer.Code)
		if isDue && s.strike() {
			panic(http.ErrAbortHandler)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // it fails where who has asked is dead
		if isAnswered {
			_ = http.NewResponseController(w).Flush() // as well
			time.Sleep(s.death.delay)
			s.strike()
		}
	})
}

// read counts a read, before it is answered.
func (s *chaosServer) read() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.death != nil && s.death.moment == whileRead && s.death.at == s.reads && s.strike() {
		panic(http.ErrAbortHandler)
	}
}

// note notes a write that was carried out, and what it has changed.
func (s *chaosServer) note(path, line string, status int) {
	now, changed := accessIn(s.world.Snapshot()), allAccess{}
	for _, key := range s.access.differences(now) {
		changed[key] = now[key]
	}
	s.access = now
	s.writes = append(s.writes, received{path, line, status, changed})
}

// strike kills, once, and tells whether nobody waits for an answer any more.
func (s *chaosServer) strike() (dead bool) {
	if s.struck {
		return false
	}
	s.struck = true
	switch s.death.way {
	case killsProvider:
		return s.process.KillProvider()
	case killsBoth:
		s.process.Kill()
		return true
	}
	s.process.Interrupt()
	s.killer = time.AfterFunc(s.death.delay, s.process.Kill)
	return false
}

// ran is what became of a run of Terraform.
type ran struct {
	output string
	code   int
	death  *death // nil when nobody was killed
	forced bool   // whether an interrupt had to be followed by the kill
	writes []received
}

// run runs a command until it ends, by itself or by a death, and until all is carried out that it has sent.
func (s *chaosServer) run(t *testing.T, c *acctest.Command, d *death, args ...string) ran {
	t.Helper()
	s.mu.Lock()
	s.death, s.struck, s.killer, s.reads, s.writes, s.access = d, false, nil, 0, nil, accessIn(s.world.Snapshot())
	s.process = c.Start(t, args...)
	s.mu.Unlock()
	stop := func() {}
	if d != nil && d.moment == whileSaved {
		stop = s.watchState(t, c.Path(), d.at)
	}
	var r ran
	r.output, r.code = s.process.Wait()
	stop()
	s.open.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	r.forced = s.killer != nil && !s.killer.Stop()
	if s.struck && r.code != 0 { // else it was at its end already
		r.death = d
	}
	s.death, r.writes = nil, s.writes
	return r
}
