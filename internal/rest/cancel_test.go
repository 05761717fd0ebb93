package rest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// cancelled runs send, waits until it is under way, cancels it and fails unless it returns the context's error at once.
func cancelled(t *testing.T, send func(context.Context) error, underWay func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- send(ctx) }()
	underWay()
	cancel()
	if err := await(t, "the end of the cancelled request", result); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context canceled", err)
	}
}

func TestACancelledRequestReturnsAtOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options rest.Options
		answer  http.HandlerFunc
		before  int // requests that succeed first
	}{
		"in the pause of a 429":        {rest.Options{MaxRateLimitWait: time.Hour}, limited, 0},
		"in the wait after a 5xx":      {rest.Options{}, say(500, ""), 0},
		"in the wait after a cut":      {rest.Options{}, cut, 0},
		"in the wait of Retry-After":   {rest.Options{}, say(503, "", "Retry-After", "30"), 0},
		"in the wait of the pacer":     {rest.Options{RequestsPerHour: 2}, fine, 1},
		"in a pause that is very long": {rest.Options{MaxRateLimitWait: 24 * time.Hour}, say(429, "", "Retry-After", "36000"), 0},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			t.Run(name+" of "+method, func(t *testing.T) {
				t.Parallel()
				clock := newHandClock()
				s := serve(t, tt.answer)
				options := tt.options
				options.Clock = clock
				c := newClient(t, s.URL, options)
				for range tt.before {
					if _, err := c.Send(t.Context(), get("x")); err != nil {
						t.Fatal(err)
					}
				}
				send := func(ctx context.Context) error {
					_, err := c.Send(ctx, rest.Request{Method: method, Path: []string{"x"}})
					return err
				}
				sent := 0
				cancelled(t, send, func() {
					clock.awaitSleepers(t, 1)
					sent = len(s.requests())
				})
				if n := len(s.requests()); n != sent {
					t.Errorf("%d more requests", n-sent)
				}
			})
		}
	}
}

func TestACancelledRequestLeavesTheGateToOthers(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	s := serve(t, limited, fine)
	c := newClient(t, s.URL, rest.Options{Clock: clock, MaxRateLimitWait: time.Hour})
	send := func(ctx context.Context) error {
		_, err := c.Send(ctx, get("x"))
		return err
	}
	cancelled(t, send, func() { clock.awaitSleepers(t, 1) })
	other := sendMany(t.Context(), c, 1)
	clock.awaitSleepers(t, 2)
	clock.advance(2 * time.Second)
	noErrors(t, other(t))
}

func TestACancelledRequestDoesNotWaitForItsAnswer(t *testing.T) {
	t.Parallel()
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			arrived, release := make(chan struct{}), make(chan struct{})
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				close(arrived)
				<-release
				fine(w, r)
			})
			t.Cleanup(func() { close(release) })
			c := newClient(t, s.URL, rest.Options{})
			send := func(ctx context.Context) error {
				_, err := c.Send(ctx, rest.Request{Method: method, Path: []string{"x"}})
				return err
			}
			cancelled(t, send, func() { await(t, "the request", arrived) })
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

func TestARequestThatIsCancelledBeforehandIsNotSent(t *testing.T) {
	t.Parallel()
	s := serve(t, fine)
	c := newClient(t, s.URL, rest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, method := range methods {
		if _, err := c.Send(ctx, rest.Request{Method: method, Path: []string{"x"}}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v, want context canceled", method, err)
		}
	}
	if sent := s.uris(); len(sent) > 0 {
		t.Errorf("sent %q", sent)
	}
}
