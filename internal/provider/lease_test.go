package provider_test

import (
	"context"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

type inContext struct{}

// TestTheContextOfACallIsNotKept holds that the server keeps nothing of what a call has in its context, such as its loggers, when the call
// has ended, for the calls that come once for each resource.
func TestTheContextOfACallIsNotKept(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	s := connected(t, w)
	const kind = "bitbucket_repository_group_permission"
	value := configOf(t, s.schemas.ResourceSchemas[kind], map[string]tftypes.Value{
		"workspace": str("acme"), "repo_slug": str("api"), "group_slug": str(w.Developers), "permission": str("write"),
	})
	for name, call := range map[string]func(context.Context) error{
		"ValidateResourceConfig": func(ctx context.Context) error {
			_, err := s.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: kind, Config: value})
			return err
		},
		"UpgradeResourceState": func(ctx context.Context) error {
			_, err := s.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: kind, Version: 1, RawState: &tfprotov6.RawState{JSON: []byte(`{}`)}})
			return err
		},
		"ReadResource": func(ctx context.Context) error {
			_, err := s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: kind, CurrentState: value})
			return err
		},
		"PlanResourceChange": func(ctx context.Context) error {
			_, err := s.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: kind, PriorState: value, ProposedNewState: value, Config: value})
			return err
		},
		"ApplyResourceChange": func(ctx context.Context) error {
			_, err := s.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: kind, PriorState: value, PlannedState: value, Config: value})
			return err
		},
	} {
		held := func() weak.Pointer[[1 << 20]byte] {
			large := &[1 << 20]byte{}
			if err := call(context.WithValue(t.Context(), inContext{}, large)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return weak.Make(large)
		}()
		runtime.GC()
		if held.Value() != nil {
			t.Errorf("what was in the context of %s is kept", name)
		}
	}
	runtime.KeepAlive(s)
}
