package atlassian_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// A POST that changes something may have done so when it fails, so only what reads or removes is sent again.
func TestWhatIsSentAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	for failed, failure := range map[string]http.HandlerFunc{"a 500": say(500, ""), "a cut": cut} {
		for name, tt := range reads() {
			t.Run(name+" after "+failed, func(t *testing.T) {
				t.Parallel()
				repeats(t, tt, failure, true)
			})
		}
		for name, tt := range writes() {
			t.Run(name+" after "+failed, func(t *testing.T) {
				t.Parallel()
				repeats(t, tt, failure, tt.sent.Method == http.MethodDelete)
			})
		}
	}
}

// repeats makes a call whose first attempt fails.
func repeats(t *testing.T, tt call, failure http.HandlerFunc, want bool) {
	t.Helper()
	s := serve(t, failure, say(tt.status, tt.answer))
	_, err := tt.do(t.Context(), newClient(t, s, rest.Options{}))
	if want != (err == nil) {
		t.Errorf("error is %v", err)
	}
	attempts := 1
	if want {
		attempts = 2
	}
	if n := len(s.requests()); n != attempts {
		t.Errorf("%d attempts, want %d", n, attempts)
	}
}

func TestAnEmptyIDIsRefusedUnsent(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(context.Context, *client) error{
		"DeleteGroup without a group":     func(ctx context.Context, c *client) error { return c.DeleteGroup(ctx, directory, "") },
		"DeleteGroup without a directory": func(ctx context.Context, c *client) error { return c.DeleteGroup(ctx, "", groupID) },
		"DeleteGroup of the level above":  func(ctx context.Context, c *client) error { return c.DeleteGroup(ctx, directory, "..") },
		"CreateGroup without a directory": func(ctx context.Context, c *client) error { return c.CreateGroup(ctx, "", "x", "of old") },
		"AddMember without a group":       func(ctx context.Context, c *client) error { return c.AddMember(ctx, directory, "", accountID) },
		"RemoveMember without a person":   func(ctx context.Context, c *client) error { return c.RemoveMember(ctx, directory, groupID, "") },
		"RemoveMember without a group":    func(ctx context.Context, c *client) error { return c.RemoveMember(ctx, directory, "", accountID) },
		"AssignRole without a group":      func(ctx context.Context, c *client) error { return c.AssignRole(ctx, directory, "", workspace, "r") },
		"ListRoleAssignments of no group": func(ctx context.Context, c *client) error {
			_, err := all(c.ListRoleAssignments(ctx, directory, ""))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(200, `{"data":[]}`))
			if err := do(t.Context(), newClient(t, s, rest.Options{})); err == nil {
				t.Error("no error")
			}
			if sent := s.requests(); len(sent) > 0 {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

// The administration and Bitbucket have budgets of their own, so a limit of one is none of the other.
func TestALimitOfOneClientDoesNotPauseAnother(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	options := rest.Options{Clock: clock, MaxRateLimitWait: time.Minute}
	limited, free := serve(t, say(429, `{"code":429,"message":"Too Many Requests"}`, "Retry-After", "3600")), serve(t, say(200, `{"data":[]}`))
	one, other := newClient(t, limited, options), newClient(t, free, options)
	for range 2 {
		if _, err := all(one.ListDirectories(t.Context())); !rest.Is(err, http.StatusTooManyRequests) {
			t.Errorf("error is %v, want a 429", err)
		}
		if _, err := all(other.ListDirectories(t.Context())); err != nil {
			t.Errorf("the other client: %v", err)
		}
	}
	if sleeps := clock.Slept(); len(sleeps) > 0 || len(limited.requests()) != 1 || len(free.requests()) != 2 {
		t.Errorf("slept %v, %d and %d requests; want no sleep, 1 and 2", sleeps, len(limited.requests()), len(free.requests()))
	}
}

func TestTheResetTimeOfTheAdministrationIsWaitedFor(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	reset := clock.Now().Add(40 * time.Second).Format(time.RFC3339)
	s := serve(t, say(429, `{"code":429,"message":"Too Many Requests"}`, "X-RateLimit-Reset", reset), say(200, `{"data":[`+userRow+`]}`))
	c := newClient(t, s, rest.Options{Clock: clock, MaxRateLimitWait: time.Minute})
	if _, ok, err := c.FindUser(t.Context(), accountID); !ok || err != nil {
		t.Errorf("found %v, error %v", ok, err)
	}
	if sleeps := clock.Slept(); len(sleeps) != 1 || sleeps[0] != 40*time.Second {
		t.Errorf("slept %v, want 40s", sleeps)
	}
}

func TestTheClientKnowsItsOrganization(t *testing.T) {
	t.Parallel()
	if got := newClient(t, serve(t, cut), rest.Options{}).Organization(); got != organization {
		t.Errorf("Organization() = %s, want %s", got, organization)
	}
	if got := atlassian.WorkspaceARI("470c176d-3574-44ea-bb41-89e8638bcca4"); got != workspace {
		t.Errorf("WorkspaceARI() = %s, want %s", got, workspace)
	}
}
