package rest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// guardTime ends a test that would hang; no test that passes waits for it.
const guardTime = 10 * time.Second

// seen is a request as it arrived.
type seen struct {
	Method string
	// URI is the target of the request line, byte for byte.
	URI    string
	Header http.Header
	Body   string
	// Length is -1 for a chunked body.
	Length int64
	At     time.Time
}

// server answers by a script and keeps a journal.
type server struct {
	*httptest.Server
	clock rest.Clock

	mu      sync.Mutex
	script  []http.HandlerFunc
	journal []seen
}

// serve answers the first request with the first answer and so on; the last answer repeats.
func serve(t *testing.T, script ...http.HandlerFunc) *server {
	t.Helper()
	s := &server{script: script}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	got := seen{Method: r.Method, URI: r.RequestURI, Header: r.Header, Body: string(body), Length: r.ContentLength}
	s.mu.Lock()
	if s.clock != nil {
		got.At = s.clock.Now()
	}
	s.journal = append(s.journal, got)
	answer := s.script[min(len(s.journal), len(s.script))-1]
	s.mu.Unlock()
	answer(w, r)
}

func (s *server) requests() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]seen(nil), s.journal...)
}

// uris are the targets of the requests so far.
func (s *server) uris() []string {
	var uris []string
	for _, r := range s.requests() {
		uris = append(uris, r.URI)
	}
	return uris
}

// say answers a status with a body; headers are pairs.
func say(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

var (
	fine    = say(http.StatusOK, `{"uuid":"{1}"}`, "Content-Type", "application/json")
	limited = say(http.StatusTooManyRequests, "Rate limit for this resource has been exceeded", "Content-Type", "text/plain")
)

// cut closes the connection without an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// truncated promises more than it sends.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"uuid":`)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// repeat makes a script of n equal answers and more.
func repeat(n int, answer http.HandlerFunc, more ...http.HandlerFunc) []http.HandlerFunc {
	var script []http.HandlerFunc
	for range n {
		script = append(script, answer)
	}
	return append(script, more...)
}

// newClient returns a client of the API at url that waits on a fast clock, unless o names another.
func newClient(t *testing.T, url string, o rest.Options) *rest.Client {
	t.Helper()
	o.BaseURL = url
	if o.Clock == nil {
		o.Clock = testclock.New()
	}
	c, err := rest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func get(path ...string) rest.Request { return rest.Request{Method: http.MethodGet, Path: path} }

// refusal returns the answer that err holds.
func refusal(t *testing.T, err error) *rest.Error {
	t.Helper()
	var answer *rest.Error
	if !errors.As(err, &answer) {
		t.Fatalf("error is %v, want an answer of the server", err)
	}
	return answer
}

// await receives from c, or sees it close, and fails if nothing comes.
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

// recorded returns the folder with the bodies that Bitbucket was seen to send, which lies beside the module.
func recorded(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
		dir = filepath.Dir(dir)
	}
	folder := filepath.Join(filepath.Dir(dir), "shared", "bitbucket", "recorded")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the recorded bodies are not beside the module: " + strings.TrimPrefix(folder, filepath.Dir(dir)))
	}
	return folder
}

// page is a page of objects with the given uuids.
func page(next string, uuids ...string) string {
	var rows []string
	for _, uuid := range uuids {
		rows = append(rows, fmt.Sprintf(`{"uuid":%q}`, uuid))
	}
	text := fmt.Sprintf(`"pagelen":100,"values":[%s]`, strings.Join(rows, ","))
	if next != "" {
		text += fmt.Sprintf(`,"next":%q`, next)
	}
	return "{" + text + "}"
}
