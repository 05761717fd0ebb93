package rest_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

func TestACancelledRequestDoesNotWaitForItsToken(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	credential, tokens := consumer(t, func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}, token("T2", 7200))
	t.Cleanup(func() { close(release) })
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{Credential: credential})
	send := func(ctx context.Context) error {
		_, err := c.Send(ctx, get("user"))
		return err
	}
	cancelled(t, send, func() { await(t, "the token request", arrived) })
	if err := send(t.Context()); err != nil {
		t.Errorf("the next request: %v", err)
	}
	if len(tokens.requests()) != 2 || len(s.requests()) != 1 {
		t.Errorf("%d tokens, %d requests; want 2 and 1", len(tokens.requests()), len(s.requests()))
	}
}

// hookClock tells when it is looked at, which the gate does last before it hands an attempt on.
type hookClock struct {
	*testclock.Clock

	looked func()
}

func (c hookClock) Now() time.Time {
	c.looked()
	return c.Clock.Now()
}

func TestACancelledRequestDoesNotWaitForTheTokenOfAnother(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	credential, _ := consumer(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		token("T1", 7200)(w, r)
	})
	letGo := sync.OnceFunc(func() { close(release) })
	t.Cleanup(letGo)
	s := serve(t, fine)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var look atomic.Value
	look.Store(func() {})
	clock := hookClock{testclock.New(), func() { look.Load().(func())() }}
	c := newClient(t, s.URL, rest.Options{Credential: credential, Clock: clock})
	first := sendMany(t.Context(), c, 1)
	await(t, "the token request", arrived)
	look.Store(func() { cancel() })
	result := make(chan error, 1)
	go func() {
		_, err := c.Send(ctx, get("user"))
		result <- err
	}()
	if err := await(t, "the end of the cancelled request", result); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context canceled", err)
	}
	letGo()
	noErrors(t, first(t))
}
