package provider_test

import (
	"cmp"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// server is the provider behind Terraform's protocol, driven without Terraform.
type server struct {
	tfprotov6.ProviderServer

	schemas *tfprotov6.GetProviderSchemaResponse
}

func newServer(t *testing.T, factories map[string]func() (tfprotov6.ProviderServer, error)) *server {
	t.Helper()
	s, err := factories["bitbucket"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	mustPass(t, "GetProviderSchema", err, schemas.Diagnostics)
	return &server{s, schemas}
}

// mustPass ends the test when a call failed or answered with an error.
func mustPass(t *testing.T, call string, err error, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %s", call, err)
	}
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s: %s (%s)", call, d.Summary, d.Detail, d.Attribute)
		}
	}
}

// configOf makes a configuration of the attributes given; the others are null. The organization block is null unless given.
func configOf(t *testing.T, s *tfprotov6.Schema, given map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	shape, ok := s.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("the schema is a %s", s.ValueType())
	}
	all := map[string]tftypes.Value{}
	for name, kind := range shape.AttributeTypes {
		all[name] = tftypes.NewValue(kind, nil)
	}
	maps.Copy(all, given)
	return dynamic(t, tftypes.NewValue(shape, all))
}

func dynamic(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

func str(text string) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }

// connected is a server that is configured for a world.
func connected(t *testing.T, w *acctest.World) *server {
	t.Helper()
	s := newServer(t, acctest.Factories())
	config := configOf(t, s.schemas.Provider, map[string]tftypes.Value{"base_url": str(w.URL), "username": str(w.Username), "api_token": str(w.Token)})
	answer, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	return s
}

func unmarshal(t *testing.T, s *tfprotov6.Schema, encoded *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	value, err := encoded.Unmarshal(s.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// change plans and applies a change as Terraform does; a nil prior state creates, a nil configuration destroys. Computed
// attributes without a value are proposed as unknown on create.
func (s *server) change(t *testing.T, name string, prior, config *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	t.Helper()
	schema := s.schemas.ResourceSchemas[name]
	null := dynamic(t, tftypes.NewValue(schema.ValueType(), nil))
	proposed := null
	if config != nil {
		var filled map[string]tftypes.Value
		if err := unmarshal(t, schema, config).As(&filled); err != nil {
			t.Fatal(err)
		}
		for _, a := range schema.Block.Attributes {
			if a.Computed && filled[a.Name].IsNull() {
				filled[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
			}
		}
		proposed = dynamic(t, tftypes.NewValue(schema.ValueType(), filled))
	}
	config, prior = cmp.Or(config, null), cmp.Or(prior, null)
	plan, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, PriorState: prior, ProposedNewState: proposed, Config: config,
	})
	mustPass(t, "PlanResourceChange", err, plan.Diagnostics)
	applied, err := s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: name, PriorState: prior, PlannedState: plan.PlannedState, Config: config, PlannedPrivate: plan.PlannedPrivate,
	})
	mustPass(t, "ApplyResourceChange", err, applied.Diagnostics)
	return applied.NewState
}

// imported imports and reads an object.
func (s *server) imported(t *testing.T, name, id string) tftypes.Value {
	t.Helper()
	found, err := s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: id})
	mustPass(t, "ImportResourceState", err, found.Diagnostics)
	if len(found.ImportedResources) != 1 {
		t.Fatalf("%d objects were imported", len(found.ImportedResources))
	}
	read, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: name, CurrentState: found.ImportedResources[0].State, Private: found.ImportedResources[0].Private,
	})
	mustPass(t, "ReadResource", err, read.Diagnostics)
	return unmarshal(t, s.schemas.ResourceSchemas[name], read.NewState)
}

// importID joins attributes of a state to an import id.
func importID(t *testing.T, state tftypes.Value, attributes []string) string {
	t.Helper()
	var all map[string]tftypes.Value
	if err := state.As(&all); err != nil {
		t.Fatal(err)
	}
	parts := make([]string, len(attributes))
	for i, name := range attributes {
		if err := all[name].As(&parts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(parts, "/")
}
