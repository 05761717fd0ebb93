package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// stateServer keeps Terraform's states in memory. In a local file Terraform writes the whole state again after every instance that it has
// applied, which takes an hour for thousands of them; to a server it writes from time to time.
type stateServer struct {
	address string
	http    *http.Server
	mu      sync.Mutex
	states  map[string][]byte
}

func serveStates(ctx context.Context) (*stateServer, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &stateServer{address: "http://" + listener.Addr().String(), states: map[string][]byte{}}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }() // it ends with ErrServerClosed when the server closes
	return s, nil
}

// backend configures Terraform to keep a state here.
func (s *stateServer) backend(name string) string {
	return fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", s.address+"/"+name)
}

// ServeHTTP answers as Terraform's http backend wants it.
func (s *stateServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has left
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodPost:
		s.states[r.URL.Path] = body
	case http.MethodGet:
		state, ok := s.states[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(state) // a client that has left hears nothing
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// forget drops a state.
func (s *stateServer) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.states, "/"+name)
}

func (s *stateServer) get(name string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.states["/"+name]
}

func (s *stateServer) put(name string, state []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.states["/"+name] = state
}
