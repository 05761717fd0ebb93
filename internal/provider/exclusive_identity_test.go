package provider_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// identified is a resource behind Terraform's protocol with its identity, which Terraform before 1.12 does not know.
type identified struct {
	*server

	name     string
	identity tftypes.Object
}

func identifiedBy(t *testing.T, s *server, o owned) identified {
	t.Helper()
	schemas, err := s.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	mustPass(t, "GetResourceIdentitySchemas", err, schemas.Diagnostics)
	shape, _ := schemas.IdentitySchemas[o.resource].ValueType().(tftypes.Object)
	return identified{s, o.resource, shape}
}

// of makes an identity; attributes without a value are null.
func (i identified) of(t *testing.T, values map[string]string) *tfprotov6.ResourceIdentityData {
	t.Helper()
	all := map[string]tftypes.Value{}
	for name, kind := range i.identity.AttributeTypes {
		all[name] = tftypes.NewValue(kind, nil)
		if value, ok := values[name]; ok {
			all[name] = str(value)
		}
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, tftypes.NewValue(i.identity, all))}
}

// expect compares an identity.
func (i identified) expect(t *testing.T, when string, got *tfprotov6.ResourceIdentityData, want map[string]string) {
	t.Helper()
	if got == nil || got.IdentityData == nil {
		t.Errorf("%s %s: there is no identity", i.name, when)
		return
	}
	value, err := got.IdentityData.Unmarshal(i.identity)
	wanted, wantErr := i.of(t, want).IdentityData.Unmarshal(i.identity)
	if err != nil || wantErr != nil || !value.Equal(wanted) {
		t.Errorf("%s %s: the identity is %s, want %s (%v, %v)", i.name, when, value, wanted, err, wantErr)
	}
}

// apply plans and applies a configuration.
func (i identified) apply(t *testing.T, prior *tfprotov6.ApplyResourceChangeResponse, config *tfprotov6.DynamicValue) *tfprotov6.ApplyResourceChangeResponse {
	t.Helper()
	schema := i.schemas.ResourceSchemas[i.name]
	before := cmp.Or(prior, &tfprotov6.ApplyResourceChangeResponse{NewState: dynamic(t, tftypes.NewValue(schema.ValueType(), nil))})
	var proposed map[string]tftypes.Value
	if err := unmarshal(t, schema, config).As(&proposed); err != nil {
		t.Fatal(err)
	}
	for _, a := range schema.Block.Attributes {
		if a.Computed && proposed[a.Name].IsNull() {
			proposed[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
		}
	}
	plan, err := i.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: i.name, PriorState: before.NewState, ProposedNewState: dynamic(t, tftypes.NewValue(schema.ValueType(), proposed)), Config: config,
		PriorPrivate: before.Private, PriorIdentity: before.NewIdentity,
	})
	mustPassOrWarn(t, "PlanResourceChange", err, plan.Diagnostics)
	applied, err := i.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: i.name, PriorState: before.NewState, PlannedState: plan.PlannedState, Config: config, PlannedPrivate: plan.PlannedPrivate,
		PlannedIdentity: plan.PlannedIdentity,
	})
	mustPassOrWarn(t, "ApplyResourceChange", err, applied.Diagnostics)
	return applied
}

// mustPassOrWarn is mustPass for calls that may warn.
func mustPassOrWarn(t *testing.T, call string, err error, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	var failures []*tfprotov6.Diagnostic
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			failures = append(failures, d)
		}
	}
	mustPass(t, call, err, failures)
}

// TestTheIdentityOfAListNamesItsObject holds that the identity names the object, whatever happens to it and to the access.
func TestTheIdentityOfAListNamesItsObject(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	for _, o := range ownedObjects(w) {
		o.become(w, who{"Linus": "read"})
		i := identifiedBy(t, connected(t, w), o)
		schema := i.schemas.ResourceSchemas[o.resource]
		want := map[string]string{"workspace": "acme", o.attribute: o.object}
		settings := sample(w, schema)
		created := i.apply(t, nil, configOf(t, schema, settings))
		i.expect(t, "after creation", created.NewIdentity, want)
		settings["unmanaged"] = str("report")
		i.server = connected(t, w) // another run
		updated := i.apply(t, created, configOf(t, schema, settings))
		i.expect(t, "after an update", updated.NewIdentity, want)
		for when, identity := range map[string]*tfprotov6.ResourceIdentityData{"of a state without one": nil, "after a refresh": updated.NewIdentity} {
			read, err := i.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
				TypeName: o.resource, CurrentState: updated.NewState, Private: updated.Private, CurrentIdentity: identity,
			})
			mustPass(t, "ReadResource", err, read.Diagnostics)
			i.expect(t, when, read.NewIdentity, want)
		}
		switch o.kind {
		case "repository":
			w.RemoveRepository("acme", o.object)
		case "project":
			w.RemoveProject("acme", o.object)
		default:
			w.RemoveGroup("acme", o.object)
		}
		i.server = connected(t, w)
		for _, identity := range []*tfprotov6.ResourceIdentityData{nil, updated.NewIdentity} {
			read, err := i.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: o.resource, CurrentState: updated.NewState, CurrentIdentity: identity})
			mustPass(t, "ReadResource of what is gone", err, read.Diagnostics)
			if !unmarshal(t, schema, read.NewState).IsNull() {
				t.Errorf("%s: the owner of what is gone is still there", o.address())
			}
		}
	}
}

// TestAListIsImportedByItsIdentity holds that an object can be imported by its identity, with everybody who has access.
func TestAListIsImportedByItsIdentity(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	for _, o := range ownedObjects(w) {
		o.become(w, who{"Linus": "read", "Grace": "write"})
		i := identifiedBy(t, connected(t, w), o)
		schema := i.schemas.ResourceSchemas[o.resource]
		for _, workspace := range []string{"acme", workspaceUUID(w)} {
			want := map[string]string{"workspace": workspace, o.attribute: o.object}
			found, err := i.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: o.resource, Identity: i.of(t, want)})
			mustPass(t, "ImportResourceState", err, found.Diagnostics)
			imported := found.ImportedResources[0]
			i.expect(t, "after import", imported.Identity, want)
			read, err := i.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
				TypeName: o.resource, CurrentState: imported.State, Private: imported.Private, CurrentIdentity: imported.Identity,
			})
			mustPass(t, "ReadResource", err, read.Diagnostics)
			i.expect(t, "after import and refresh", read.NewIdentity, want)
			if text := unmarshal(t, schema, read.NewState).String(); !strings.Contains(text, w.Linus.UUID) || !strings.Contains(text, w.Grace.UUID) {
				t.Errorf("%s: the imported state is %s", o.address(), text)
			}
		}
		for _, bad := range []map[string]string{
			{"workspace": "acme", o.attribute: "nothing"}, {"workspace": "nowhere", o.attribute: o.object}, {"workspace": "acme", o.attribute: " "},
		} {
			found, err := i.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: o.resource, Identity: i.of(t, bad)})
			if err != nil || len(found.Diagnostics) != 1 || !strings.HasPrefix(found.Diagnostics[0].Summary, "Unable to import") {
				t.Errorf("%s: the import of %v says %v, %v", o.address(), bad, err, found.Diagnostics)
			}
		}
	}
}

// TestAListIsImportedByABlockWithItsIdentity holds the same through a CLI that knows identities.
func TestAListIsImportedByABlockWithItsIdentity(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.Identity)
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, "")
	objects := ownedObjects(w)
	var blocks strings.Builder
	for _, o := range objects {
		o.become(w, who{"Grace": "write", "Linus": "read"})
		fmt.Fprintf(&blocks, "import {\n  to = %s\n  identity = {\n    workspace = \"acme\"\n    %s = %q\n  }\n}\n", o.address(), o.attribute, o.object)
	}
	c.Write(t, blocks.String()+blocksOf(w, objects, who{"Grace": "write"}))
	r := review(t, w, c)
	for _, o := range objects {
		r.expect(t, w, o, "update", who{"Linus": "read"}, nil)
	}
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		expectAccess(t, w, o, who{"Grace": "write"})
	}
	expectNothingToDo(t, c)
}
