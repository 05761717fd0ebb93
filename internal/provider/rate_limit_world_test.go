package provider_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sync/errgroup"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
)

// limitedAccess is a configuration of access in a world where limits of requests are reached, and its state. It is driven behind Terraform's
// protocol, because that shows every diagnostic; each command is a process of the provider, with the clock of the world.
type limitedAccess struct {
	*acctest.World

	settings  map[string]tftypes.Value // of the provider, besides the credential
	options   provider.Options         // of the provider, besides the clock
	resources []*limitedResource
	heard     *diagnosed // of the last process
}

// limitedResource is a resource and the access that it gives, as lines tells it.
type limitedResource struct {
	managedResource

	gives []string
}

func limitedTo(w *acctest.World, longestWait string, resources []*limitedResource) *limitedAccess {
	return &limitedAccess{World: w, settings: map[string]tftypes.Value{"max_rate_limit_wait": str(longestWait)}, resources: resources}
}

// process starts a process of the provider.
func (a *limitedAccess) process(t *testing.T) *server {
	t.Helper()
	a.options.Clock, a.options.Getenv = a.Clock, func(string) string { return "" }
	a.heard = &diagnosed{server: newServer(t, map[string]func() (tfprotov6.ProviderServer, error){"bitbucket": acctest.Server(a.options)})}
	settings := signedIn(a.World, a.heard.schemas.Provider)
	if !a.settings["access_token"].IsNull() || !a.settings["oauth_client_id"].IsNull() {
		delete(settings, "username")
		delete(settings, "api_token")
	}
	config := configOf(t, a.heard.schemas.Provider, more(settings, a.settings))
	answer, err := a.heard.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	a.ResetJournal()
	return &server{a.heard, a.heard.schemas}
}

// command runs a process in which something is done for every resource, for as many at a time as Terraform does, and returns the failures.
func (a *limitedAccess) command(t *testing.T, do func(context.Context, *server, *limitedResource) error) []error {
	t.Helper()
	p := a.process(t)
	var workers errgroup.Group
	workers.SetLimit(parallelism)
	for _, r := range a.resources {
		workers.Go(func() error {
			r.failure = do(t.Context(), p, r)
			return nil
		})
	}
	_ = workers.Wait()
	var failures []error
	for _, r := range a.resources {
		if r.failure != nil {
			failures = append(failures, r.failure)
		}
	}
	return failures
}

func (a *limitedAccess) apply(t *testing.T) []error {
	t.Helper()
	return a.command(t, func(ctx context.Context, p *server, r *limitedResource) error {
		if err := r.propose(ctx, p); err != nil || !r.changes {
			return err
		}
		return r.carryOut(ctx, p)
	})
}

func (a *limitedAccess) plan(t *testing.T) []error {
	t.Helper()
	return a.command(t, func(ctx context.Context, p *server, r *limitedResource) error {
		if r.state != nil {
			if err := r.refresh(ctx, p); err != nil {
				return err
			}
		}
		return r.propose(ctx, p)
	})
}

func (a *limitedAccess) destroy(t *testing.T) []error {
	t.Helper()
	return a.command(t, func(ctx context.Context, p *server, r *limitedResource) error {
		if r.state == nil {
			return nil
		}
		if err := r.refresh(ctx, p); err != nil {
			return err
		}
		if err := r.leave(ctx, p); err != nil {
			return err
		}
		return r.carryOut(ctx, p)
	})
}

// adopt imports everything as an import block does.
func (a *limitedAccess) adopt(t *testing.T) []error {
	t.Helper()
	return a.command(t, func(ctx context.Context, p *server, r *limitedResource) error {
		return r.takeOver(ctx, p)
	})
}

// expectSettled demands that a plan of everything finds nothing to do.
func (a *limitedAccess) expectSettled(t *testing.T) {
	t.Helper()
	noFailures(t, a.plan(t))
	for _, r := range a.resources {
		if r.state == nil || r.changes {
			t.Errorf("the next plan changes %s %v", r.resource, r.settings)
		}
	}
}

func noFailures(t *testing.T, failures []error) {
	t.Helper()
	for _, err := range failures {
		t.Error(err)
	}
}

// expectInState demands that the state holds the live access to the objects: all that was given, and nothing else.
func (a *limitedAccess) expectInState(t *testing.T, objects []owned) {
	t.Helper()
	var held, found []string
	for _, r := range a.resources {
		if r.state != nil {
			held = append(held, r.gives...)
		}
	}
	for _, o := range objects {
		found = append(found, o.lines(a.World)...)
	}
	if diff := cmp.Diff(sortedTexts(held), sortedTexts(found)); diff != "" {
		t.Errorf("access (-state +live):\n%s", diff)
	}
}

// expectSentAgain demands that each write of the last command succeeded once, and that as many as given were answered 429 before.
func (a *limitedAccess) expectSentAgain(t *testing.T, limited int) {
	t.Helper()
	done := map[string]int{}
	for _, r := range a.Journal() {
		if r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/search") || strings.HasSuffix(r.Path, "/workspaces") {
			continue
		}
		write := r.Method + " " + r.Path + " " + r.Body
		done[write] += 0
		if r.Status == http.StatusTooManyRequests {
			limited--
		} else {
			done[write]++
		}
	}
	if limited != 0 {
		t.Errorf("%d writes more than were answered 429 should have been", limited)
	}
	for _, write := range slices.Sorted(maps.Keys(done)) {
		if done[write] != 1 {
			t.Errorf("%s was carried out %d times", write, done[write])
		}
	}
}

// limitedRequests is how many requests of the last command were answered 429.
func (a *limitedAccess) limitedRequests() int {
	n := 0
	for _, r := range a.Journal() {
		if r.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}
