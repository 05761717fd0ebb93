package provider_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
)

// chaosSchemas are the provider's schemas, which are the same for all of the many processes that the chaos tests start.
var chaosSchemas = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return provider.Server("test", provider.Options{})().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// chaosProcess starts a process of the provider with the credentials of a world in memory. It runs on the clock of the bubble that the test
// is in.
func chaosProcess(t *testing.T, w *acctest.World) *server {
	t.Helper()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	return chaosProcessOf(t, w, signedIn(w, schemas.Provider))
}

// chaosProcessOf starts a process like chaosProcess, with other settings of the provider.
func chaosProcessOf(t *testing.T, w *acctest.World, settings map[string]tftypes.Value) *server {
	t.Helper()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	settings = more(map[string]tftypes.Value{"base_url": str(w.URL)}, settings)
	s := &server{provider.Server("test", provider.Options{Getenv: func(string) string { return "" }, Transport: w.Network})(), schemas}
	answer, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: configOf(t, schemas.Provider, settings)})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	return s
}

// settle makes a resource what its configuration says, as "terraform apply" does: what is tainted is replaced. It returns whether there was
// anything to do.
func (r *managedResource) settle(t *testing.T, w *acctest.World) (changed bool, err error) {
	t.Helper()
	ctx, planning := t.Context(), chaosProcess(t, w)
	if r.state != nil {
		if err := r.refresh(ctx, planning); err != nil {
			return false, err
		}
	}
	if r.tainted && r.state != nil {
		if err := r.leave(ctx, planning); err != nil {
			return true, err
		}
		if err := r.carryOut(ctx, chaosProcess(t, w)); err != nil {
			return true, err
		}
	}
	if err := r.propose(ctx, planning); err != nil || !r.changes {
		return false, err
	}
	applying := chaosProcess(t, w)
	if err := r.propose(ctx, applying); err != nil {
		return true, err
	}
	return true, r.carryOut(ctx, applying)
}

// dispose destroys a resource, as "terraform destroy" does.
func (r *managedResource) dispose(t *testing.T, w *acctest.World) error {
	t.Helper()
	ctx, planning := t.Context(), chaosProcess(t, w)
	if r.state == nil {
		return nil
	}
	if err := r.refresh(ctx, planning); err != nil || r.state == nil {
		return err
	}
	if err := r.leave(ctx, planning); err != nil {
		return err
	}
	return r.carryOut(ctx, chaosProcess(t, w))
}

// says is what the resource says in its state; nothing when it is not there.
func (r *managedResource) says(t *testing.T) (c claim, there bool) {
	t.Helper()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	value, attributes, err := decode(schemas.ResourceSchemas[r.resource], r.state)
	if err != nil {
		t.Fatal(err)
	}
	if value.IsNull() {
		return claim{}, false
	}
	return claimOf(r.resource, attributes), true
}

// inconsistent is the error of Terraform for an applied object that is not what was planned; nil when it is.
func inconsistent(s *tfprotov6.Schema, planned, applied *tfprotov6.DynamicValue) error {
	before, _, err := decode(s, planned)
	if err != nil {
		return err
	}
	after, _, err := decode(s, applied)
	if err != nil {
		return err
	}
	if !after.IsFullyKnown() {
		return fmt.Errorf("the provider left values unknown after apply: %s", after)
	}
	differences, err := before.Diff(after)
	if err != nil {
		return err
	}
	for _, d := range differences {
		if d.Value1 == nil || d.Value1.IsFullyKnown() && (d.Value2 == nil || !d.Value1.Equal(*d.Value2)) {
			return fmt.Errorf("the provider produced an inconsistent result after apply: %s", d)
		}
	}
	return nil
}
