package bitbucket_test

import (
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator/conformance"
)

// request is what a scripted server has seen.
type request struct {
	Method, Path, ContentType, Body string
	Query                           map[string][]string
}

// scripted is a client of a server that gives one answer to everything, and a function that returns what was asked.
func scripted(t *testing.T, status int, body string, headers ...string) (*bitbucket.Client, func() []request) {
	t.Helper()
	var mu sync.Mutex
	var journal []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		mu.Lock()
		journal = append(journal, request{r.Method, r.URL.EscapedPath(), r.Header.Get("Content-Type"), string(sent), r.URL.Query()})
		mu.Unlock()
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return clientOf(t, server.URL, nil), func() []request {
		mu.Lock()
		defer mu.Unlock()
		return journal
	}
}

func clientOf(t *testing.T, url string, credential rest.Credential) *bitbucket.Client {
	t.Helper()
	c, err := rest.New(rest.Options{BaseURL: url, Credential: credential})
	if err != nil {
		t.Fatal(err)
	}
	return bitbucket.New(c)
}

// acme serves the simulated company and signs in as Ada, who owns its workspace.
func acme(t *testing.T) (*simulator.Simulator, *bitbucket.Client) {
	t.Helper()
	s := simulator.New(simulator.Options{})
	if err := s.Load(simulator.Acme()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Bitbucket())
	t.Cleanup(server.Close)
	return s, clientOf(t, server.URL, rest.Basic{Username: simulator.AcmeUsername, Token: simulator.AcmeAPIToken})
}

// all reads a list to its end or its error.
func all[T any](items iter.Seq2[T, error]) ([]T, error) {
	var read []T
	for item, err := range items {
		if err != nil {
			return read, err
		}
		read = append(read, item)
	}
	return read, nil
}

// recorded reads a body that Bitbucket was seen to send; the bodies lie beside the module.
func recorded(t *testing.T, name string) string {
	t.Helper()
	file, err := conformance.Find("bitbucket", "recorded/"+name)
	if err != nil {
		t.Fatal(err)
	}
	if file == "" {
		t.Skipf("the recorded bodies are not beside the module: %s", name)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
