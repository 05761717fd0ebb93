package provider_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// paused is a repository of which everything is in the state, with a process of the provider whose next request starts a pause of ten minutes.
func paused(t *testing.T, as writing, method string) (*stack, *server) {
	t.Helper()
	h := newBitbucketHour(1, 0)
	s := h.stack(as, h.repositories, map[string]tftypes.Value{"max_rate_limit_wait": str("1h")})
	s.plan(t, true)
	s.apply(t)
	noFailures(t, s.failures())
	f := simulator.RateLimited(1)
	f.Method = method
	f.Header.Set("Retry-After", "600")
	h.Inject(f)
	return s, h.process(t, s.settings)
}

// Whoever cancels a run during a pause does not wait for its end, and what was waiting is not done later.
func TestARunThatIsCancelledInAPauseEndsAtOnce(t *testing.T) {
	t.Parallel()
	for _, as := range writings {
		for name, call := range map[string]func(context.Context, *server, *stack) error{
			"a refresh": func(ctx context.Context, p *server, s *stack) error { return s.resources[0].refresh(ctx, p) },
			"an apply": func(ctx context.Context, p *server, s *stack) error {
				s.edit(simulator.Read)
				if err := s.resources[0].propose(context.WithoutCancel(ctx), p); err != nil {
					return err
				}
				return s.resources[0].carryOut(ctx, p)
			},
		} {
			t.Run(as.name+": "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					method := map[string]string{"a refresh": http.MethodGet, "an apply": http.MethodPut}[name]
					s, p := paused(t, as, method)
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					began := time.Now()
					err := call(ctx, p, s)
					if took := time.Since(began); err == nil || took != time.Minute {
						t.Errorf("it ended after %v with %v, want an error after a minute", took, err)
					}
					s.ResetJournal()
					time.Sleep(time.Hour)
					if sent := s.Journal(); len(sent) > 0 {
						t.Errorf("afterwards it sent %v", sent)
					}
				})
			})
		}
	}
}

// A listing that several resources wait for goes on for the others when one of them is cancelled.
func TestWhoIsCancelledInAPauseDoesNotEndTheWaitOfOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, p := paused(t, writings[0], http.MethodGet)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		ended := make(chan error)
		first, second := s.resources[0], *s.resources[0]
		go func() { ended <- first.refresh(ctx, p) }()
		synctest.Wait()
		other := make(chan error)
		go func() { other <- second.refresh(t.Context(), p) }()
		if err := <-ended; err == nil || time.Since(began) != time.Minute {
			t.Errorf("the first ended after %v with %v", time.Since(began), err)
		}
		if err := <-other; err != nil || second.state == nil || time.Since(began) < 10*time.Minute {
			t.Errorf("the second ended after %v with %v", time.Since(began), err)
		}
	})
}
