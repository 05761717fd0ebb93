package atlassian_test

import (
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// client is what is tested.
type client = atlassian.Client

const (
	organization = "7c6d3f0e-1e1f-4a58-9b7c-4b6a1c0f9d11"
	directory    = "2f1d7e94-5c2b-4a0d-8d39-0a3d9f6b7c55"
	groupID      = "0804948d-7f2b-4a47-9c3e-5a1b2c3d4e5f"
	accountID    = "712020:ba8948b2-49da-43a9-9e8b-e7249b8e324a"

	// everywhere is the path of what is read from all directories, and there of one that is written to.
	everywhere = "/admin/v2/orgs/" + organization + "/directories/-"
	there      = "/admin/v2/orgs/" + organization + "/directories/" + directory
)

// request is what a scripted server has seen.
type request struct{ Method, URI, ContentType, Body string }

// search is the request of a search.
func search(path, body string) request {
	return request{http.MethodPost, path, "application/json", body}
}

// server answers by a script and keeps a journal.
type server struct {
	*httptest.Server

	mu      sync.Mutex
	script  []http.HandlerFunc
	journal []request
}

// serve answers the first request with the first answer and so on; the last answer repeats. A request with another key is a fault.
func serve(t *testing.T, script ...http.HandlerFunc) *server {
	t.Helper()
	s := &server{script: script}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if key := r.Header.Get("Authorization"); key != "Bearer the-key" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("Authorization is %q, Accept is %q", key, r.Header.Get("Accept"))
		}
		s.mu.Lock()
		s.journal = append(s.journal, request{r.Method, r.RequestURI, r.Header.Get("Content-Type"), string(body)})
		answer := s.script[min(len(s.journal), len(s.script))-1]
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.journal...)
}

// say answers a status with a body; headers are pairs.
func say(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut closes the connection without an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// newClient returns a client of the organization at s, whose base URL has a path as the real one has.
func newClient(t *testing.T, s *server, o rest.Options) *client {
	t.Helper()
	o.BaseURL, o.Credential = s.URL+"/admin", rest.Bearer{Token: "the-key"}
	if o.Clock == nil {
		o.Clock = testclock.New()
	}
	c, err := rest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return atlassian.New(c, organization)
}

// all reads a list to its end or its error.
func all[T any](rows iter.Seq2[T, error]) (read []T, err error) {
	for row, err := range rows {
		if err != nil {
			return read, err
		}
		read = append(read, row)
	}
	return read, nil
}
