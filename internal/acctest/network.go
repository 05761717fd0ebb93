package acctest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// Network carries requests to handlers in memory, by host. No socket is waited for, so that in a bubble of package synctest time passes
// while an answer is late. What a handler does with a connection, it does here: one that aborts is cut off, before the answer or within.
type Network map[string]http.Handler

// NewNetwork is the network in which both hosts of a simulator have their public names.
func NewNetwork(s *simulator.Simulator) Network {
	return Network{"api.bitbucket.org": s.Bitbucket(), "api.atlassian.com": s.Atlassian()}
}

// RoundTrip lets the handler of the host answer.
func (n Network) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	handler, known := n[req.URL.Host]
	if !known {
		return nil, fmt.Errorf("no such host: %s", req.URL.Host)
	}
	ctx := req.Context()
	arrived := httptest.NewRequestWithContext(ctx, req.Method, req.URL.String(), req.Body)
	arrived.Header, arrived.ContentLength = req.Header.Clone(), req.ContentLength
	answer := httptest.NewRecorder()
	cut := aborts(handler, answer, arrived)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case cut && !answer.Flushed:
		return nil, io.EOF
	}
	resp := answer.Result()
	resp.Request = req
	if cut {
		resp.Body = io.NopCloser(io.MultiReader(resp.Body, cutOff{}))
	}
	return resp, nil
}

// aborts lets a handler answer and tells whether it aborted.
func aborts(handler http.Handler, w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		switch reason := recover(); reason {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(reason)
		}
	}()
	handler.ServeHTTP(w, r)
	return false
}

// cutOff is the end of an answer that was cut off.
type cutOff struct{}

// Read fails as reading from a connection does that closes too early.
func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
