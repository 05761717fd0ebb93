package provider_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// inContext is the key of what a call has in its context.
type inContext struct{}

// keeping is a server, and others that live as long.
type keeping struct {
	*server
	kept []lister
}

// TestTheContextOfACallIsNotKept holds that the server keeps nothing of what a call has in its context, such as its loggers, when the call
// has ended, for the calls that come once for each resource.
func TestTheContextOfACallIsNotKept(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	s := keeping{server: connected(t, w)}
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
		"UpgradeResourceIdentity": func(ctx context.Context) error {
			_, err := s.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: kind, RawIdentity: &tfprotov6.RawState{JSON: []byte(`{}`)}})
			return err
		},
		"MoveResourceState": func(ctx context.Context) error {
			_, err := s.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{
				TargetTypeName: kind, SourceTypeName: kind, SourceProviderAddress: "registry.terraform.io/zahiar/bitbucket", SourceState: &tfprotov6.RawState{JSON: []byte(`{}`)},
			})
			return err
		},
		"ImportResourceState": func(ctx context.Context) error {
			_, err := s.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: kind, ID: "acme/api/" + w.Developers})
			return err
		},
		"ReadDataSource": func(ctx context.Context) error {
			_, err := s.ReadDataSource(ctx, dataSource(t, s.server, "bitbucket_projects", inWorkspaceAcme))
			return err
		},
		"ListResource": func(ctx context.Context) error {
			l := listing(t, w) //nolint:contextcheck // the context of the list is what matters
			for result := range l.stream(ctx, t, kind, l.config(t, kind, inAcme), listBlock{}) {
				if len(result.Diagnostics) > 0 {
					return errors.New(result.Diagnostics[0].Detail)
				}
			}
			s.kept = append(s.kept, l)
			return nil
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
