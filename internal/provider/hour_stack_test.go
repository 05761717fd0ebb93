package provider_test

import (
	"context"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// parallelism is how many resources Terraform works on at a time unless -parallelism says otherwise.
const parallelism = 10

// stack is a configuration of the access to repositories, and its state.
type stack struct {
	*bitbucketHour
	writing

	settings     map[string]tftypes.Value // of the provider
	repositories []string
	resources    []*managedResource
}

func (h *bitbucketHour) stack(as writing, repositories []string, settings map[string]tftypes.Value) *stack {
	s := &stack{bitbucketHour: h, writing: as, settings: settings, repositories: repositories}
	for _, repository := range repositories {
		for _, w := range as.resources(repository, h, permissions{simulator.Write, simulator.Write}) {
			s.resources = append(s.resources, &managedResource{written: w})
		}
	}
	return s
}

// edit changes one permission in the configuration: that of the person on the first repository.
func (s *stack) edit(permission string) {
	s.resources[0].written = s.writing.resources(s.repositories[0], s.bitbucketHour, permissions{permission, simulator.Write})[0]
}

// forget makes the state that of a configuration which was never applied.
func (s *stack) forget() {
	for i, r := range s.resources {
		s.resources[i] = &managedResource{written: r.written}
	}
}

// command runs a process of the provider, in which something is done for every resource, for as many at a time as Terraform does.
func (s *stack) command(t *testing.T, do func(context.Context, *server, *managedResource) error) {
	t.Helper()
	p := s.process(t, s.settings)
	queue := make(chan *managedResource)
	var workers sync.WaitGroup
	for range parallelism {
		workers.Go(func() {
			for r := range queue {
				r.failure = do(t.Context(), p, r)
			}
		})
	}
	for _, r := range s.resources {
		queue <- r
	}
	close(queue)
	workers.Wait()
}

// plan runs "terraform plan".
func (s *stack) plan(t *testing.T, refresh bool) {
	t.Helper()
	s.command(t, func(ctx context.Context, p *server, r *managedResource) error {
		if r.state != nil && refresh {
			if err := r.refresh(ctx, p); err != nil {
				return err
			}
		}
		return r.propose(ctx, p)
	})
}

// apply runs "terraform apply" with the plan that was made. Terraform plans each change once more before it applies it.
func (s *stack) apply(t *testing.T) {
	t.Helper()
	s.command(t, func(ctx context.Context, p *server, r *managedResource) error {
		if !r.changes {
			return nil
		}
		if err := r.propose(ctx, p); err != nil {
			return err
		}
		return r.carryOut(ctx, p)
	})
}

// adopt runs "terraform plan" with an import block for each resource, and leaves the resources in the state as an apply of it does.
func (s *stack) adopt(t *testing.T) {
	t.Helper()
	s.command(t, func(ctx context.Context, p *server, r *managedResource) error { return r.takeOver(ctx, p) })
}

// failures are what the last command could not do.
func (s *stack) failures() []error {
	var all []error
	for _, r := range s.resources {
		if r.failure != nil {
			all = append(all, r.failure)
		}
	}
	return all
}
