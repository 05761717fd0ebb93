package access_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// guardTime ends a test that would hang; no test that passes waits for it.
const guardTime = 10 * time.Second

var (
	seed   = simulator.Acme()
	people = seed.Users
	ada    = people[0]
	grace  = people[1]
	linus  = people[2]

	acmeUUID = seed.Workspaces[0].UUID
	api      = access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: "api"}
	plat     = access.Scope{Kind: access.ProjectScope, Workspace: "acme", Name: "PLAT"}
)

const (
	apiUsers  = "/2.0/repositories/acme/api/permissions-config/users"
	apiGroups = "/2.0/repositories/acme/api/permissions-config/groups"
	groupList = "/1.0/groups/acme"
	standing  = "/2.0/user/workspaces/acme/permission"
)

func user(id string) access.Principal { return access.Principal{Kind: access.UserPrincipal, ID: id} }

func group(slug string) access.Principal {
	return access.Principal{Kind: access.GroupPrincipal, ID: slug}
}

// world is a simulated Bitbucket behind a gate at which answers can be held.
type world struct {
	*simulator.Simulator
	url string

	mu    sync.Mutex
	holds []*hold
}

// hold keeps the first answer to a request back.
type hold struct {
	method, path string
	// acted tells that the simulator has made its answer; the answer goes on when release is closed.
	acted, release chan struct{}
}

// newWorld serves Acme and returns a directory of Ada, who owns the workspace.
func newWorld(t *testing.T, simulated simulator.Options, o access.Options) (*world, *access.Directory) {
	t.Helper()
	w := &world{Simulator: simulator.New(simulated)}
	if err := w.Load(seed); err != nil {
		t.Fatal(err)
	}
	inner := w.Bitbucket()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := w.held(r)
		if h == nil {
			inner.ServeHTTP(rw, r)
			return
		}
		answer := httptest.NewRecorder()
		inner.ServeHTTP(answer, r)
		close(h.acted)
		<-h.release
		maps.Copy(rw.Header(), answer.Header())
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	return w, w.directory(t, adaToken, o)
}

// adaToken is the credential of Ada, who owns the workspace.
var adaToken = rest.Basic{Username: simulator.AcmeUsername, Token: simulator.AcmeAPIToken}

// ada returns a directory of Ada that knows nothing yet: that of another run.
func (w *world) ada(t *testing.T) *access.Directory {
	t.Helper()
	return w.directory(t, adaToken, access.Options{Credential: access.APIToken})
}

func acme(t *testing.T) (*world, *access.Directory) {
	t.Helper()
	return newWorld(t, simulator.Options{}, access.Options{Credential: access.APIToken})
}

// directory returns a directory that knows nothing yet.
func (w *world) directory(t *testing.T, credential rest.Credential, o access.Options) *access.Directory {
	t.Helper()
	c, err := rest.New(rest.Options{BaseURL: w.url, Credential: credential, Clock: testclock.New()})
	if err != nil {
		t.Fatal(err)
	}
	return access.NewDirectory(bitbucket.New(c), o)
}

func (w *world) held(r *http.Request) *hold {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.holds, func(h *hold) bool { return h.method == r.Method && h.path == r.URL.Path })
	if i < 0 {
		return nil
	}
	h := w.holds[i]
	w.holds = slices.Delete(w.holds, i, i+1)
	return h
}

// hold keeps the next answer to a request back until release is called.
func (w *world) hold(t *testing.T, method, path string) (acted <-chan struct{}, release func()) {
	t.Helper()
	h := &hold{method: method, path: path, acted: make(chan struct{}), release: make(chan struct{})}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holds = append(w.holds, h)
	release = sync.OnceFunc(func() { close(h.release) })
	t.Cleanup(release)
	return h.acted, release
}

// asked returns the requests so far, as "GET /path", and forgets them.
func (w *world) asked() []string {
	var asked []string
	for _, r := range w.Journal() {
		asked = append(asked, r.Method+" "+r.Path)
	}
	w.ResetJournal()
	return asked
}

// requests fails unless exactly these requests were made, in any order, since the last call.
func (w *world) requests(t *testing.T, want ...string) {
	t.Helper()
	got := w.asked()
	slices.Sort(got)
	slices.Sort(want)
	equal(t, "requests", strings.Join(want, "\n"), strings.Join(got, "\n"))
}

func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// must returns the value of a call that may not fail.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func await[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case value := <-c:
		return value
	case <-time.After(guardTime):
		t.Fatalf("%s does not come", what)
		panic("unreachable")
	}
}

// together calls f n times at the same time and fails if a call does.
func together(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- f(i) }()
	}
	for range n {
		if err := await(t, "an answer", errs); err != nil {
			t.Error(err)
		}
	}
}

// absent fails unless err says that something does not exist.
func absent(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, access.ErrNotFound) {
		t.Errorf("error is %v, want ErrNotFound", err)
	}
}

// failure fails unless err is an error that does not say that something does not exist.
func failure(t *testing.T, err error) {
	t.Helper()
	if err == nil || errors.Is(err, access.ErrNotFound) {
		t.Errorf("error is %v, want one that is not ErrNotFound", err)
	}
}

// escaped is a UUID as addresses carry it.
func escaped(uuid string) string { return "%7B" + strings.Trim(uuid, "{}") + "%7D" }
