package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// thing is one thing of a type in a world, behind Terraform's protocol and with its identity.
type thing struct {
	identified

	w        *acctest.World
	settings map[string]tftypes.Value
}

// inRun is a server of the provider that is configured for a world, with the organization if there is one; env are more variables.
func inRun(t *testing.T, w *acctest.World, env map[string]string) *server {
	t.Helper()
	settings := map[string]string{"BITBUCKET_BASE_URL": w.URL, "BITBUCKET_USERNAME": w.Username, "BITBUCKET_API_TOKEN": w.Token}
	if w.Organization != "" {
		maps.Copy(settings, map[string]string{"ATLASSIAN_ADMIN_BASE_URL": w.AdminURL, "ATLASSIAN_ORG_ID": w.Organization, "ATLASSIAN_ADMIN_API_KEY": w.Key})
	}
	s := newServer(t, factoriesIn(more(settings, env)))
	answer, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: configOf(t, s.schemas.Provider, nil)})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	return s
}

// thingOf is the sample of a type: what belongs to the group Developers belongs to it by whatever slug it has.
func thingOf(t *testing.T, w *acctest.World, name string) thing {
	t.Helper()
	i := identifiedBy(t, inRun(t, w, nil), owned{resource: name})
	settings := sample(w, i.schemas.ResourceSchemas[name])
	for attribute, value := range settings {
		switch attribute {
		case "group_slug":
			settings[attribute] = str(w.Developers)
		case "group_slugs":
			settings[attribute] = tftypes.NewValue(value.Type(), []tftypes.Value{str(w.Developers)})
		}
	}
	return thing{i, w, settings}
}

// additive are the types that manage one thing each; TestTheIdentityOfAListNamesItsObject is about the others.
func additive() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(importIDs)), isExclusive)
}

// eachThing runs a test for each of those types, each in a world of its own, on both kinds of workspace.
func eachThing(t *testing.T, test func(t *testing.T, i thing)) {
	t.Helper()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		start := acctest.New
		if w.Organization != "" {
			start = acctest.NewManaged
		}
		for _, name := range additive() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, thingOf(t, start(t, simulator.Options{}), name))
			})
		}
	})
}

func (i thing) schema() *tfprotov6.Schema { return i.schemas.ResourceSchemas[i.name] }

// again is the same thing in another run.
func (i thing) again(t *testing.T) thing {
	t.Helper()
	i.server = inRun(t, i.w, nil)
	return i
}

// with is the thing with other settings; one that is null is left out.
func (i thing) with(changes map[string]tftypes.Value) thing {
	i.settings = more(i.settings, changes)
	maps.DeleteFunc(i.settings, func(_ string, value tftypes.Value) bool { return value.IsNull() })
	return i
}

// parts are what the identity should be: the attributes of the same names in a state.
func (i thing) parts(t *testing.T, state *tfprotov6.DynamicValue) map[string]string {
	t.Helper()
	var attributes map[string]tftypes.Value
	if err := unmarshal(t, i.schema(), state).As(&attributes); err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for name := range i.identity.AttributeTypes {
		var text *string
		if err := attributes[name].As(&text); err != nil {
			t.Fatal(err)
		}
		if text != nil {
			parts[name] = *text
		}
	}
	return parts
}

// create makes the thing.
func (i thing) create(t *testing.T) *tfprotov6.ApplyResourceChangeResponse {
	t.Helper()
	return i.apply(t, nil, configOf(t, i.schema(), i.settings))
}

// attempt plans a change, which must pass, and applies it, which may fail. Nothing before creates, nothing planned destroys; in between,
// the identity is the one before, as it is for a replacement.
func (i thing) attempt(t *testing.T, before *tfprotov6.ApplyResourceChangeResponse, destroy bool) *tfprotov6.ApplyResourceChangeResponse {
	t.Helper()
	null := dynamic(t, tftypes.NewValue(i.schema().ValueType(), nil))
	config, proposed := configOf(t, i.schema(), i.settings), maps.Clone(i.settings)
	for _, a := range i.schema().Block.Attributes {
		if _, given := proposed[a.Name]; a.Computed && !given {
			proposed[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
		}
	}
	change := &tfprotov6.PlanResourceChangeRequest{
		TypeName: i.name, Config: config, ProposedNewState: configOf(t, i.schema(), proposed), PriorState: null, PriorIdentity: before.NewIdentity,
	}
	if before.NewState != nil {
		change.PriorState, change.PriorPrivate = before.NewState, before.Private
	}
	if destroy {
		change.Config, change.ProposedNewState = null, null
	}
	plan, err := i.PlanResourceChange(t.Context(), change)
	mustPassOrWarn(t, "PlanResourceChange", err, plan.Diagnostics)
	applied, err := i.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: i.name, PriorState: change.PriorState, PlannedState: plan.PlannedState, Config: change.Config, PlannedPrivate: plan.PlannedPrivate,
		PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		t.Fatal(err)
	}
	return applied
}

// refreshed reads a state and returns the answer, which must be none of an error.
func (i thing) refreshed(t *testing.T, state *tfprotov6.DynamicValue, identity *tfprotov6.ResourceIdentityData) *tfprotov6.ReadResourceResponse {
	t.Helper()
	read, err := i.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: i.name, CurrentState: state, CurrentIdentity: identity})
	mustPass(t, "ReadResource", err, read.Diagnostics)
	return read
}

// expectRefresh demands that a refresh, of a state with its identity and of one without, changes neither.
func (i thing) expectRefresh(t *testing.T, when string, before *tfprotov6.ApplyResourceChangeResponse) {
	t.Helper()
	want := unmarshal(t, i.schema(), before.NewState)
	for _, identity := range []*tfprotov6.ResourceIdentityData{before.NewIdentity, nil} {
		read := i.refreshed(t, before.NewState, identity)
		i.expect(t, fmt.Sprintf("after a refresh %s, known before: %t", when, identity != nil), read.NewIdentity, i.parts(t, before.NewState))
		if got := unmarshal(t, i.schema(), read.NewState); !got.Equal(want) {
			t.Errorf("%s after a refresh %s: the state is %s, want %s", i.name, when, got, want)
		}
	}
}

// expectGone demands that a refresh, of a state with its identity and of one without, takes what is gone out of the state.
func (i thing) expectGone(t *testing.T, before *tfprotov6.ApplyResourceChangeResponse) {
	t.Helper()
	for _, identity := range []*tfprotov6.ResourceIdentityData{before.NewIdentity, nil} {
		if state := unmarshal(t, i.schema(), i.refreshed(t, before.NewState, identity).NewState); !state.IsNull() {
			t.Errorf("%s: what is gone is still in the state, identity known before: %t: %s", i.name, identity != nil, state)
		}
	}
}

// expectOneError demands that an answer has one error, which is not one of the framework about the identity.
func expectOneError(t *testing.T, when string, diags []*tfprotov6.Diagnostic, summary string) {
	t.Helper()
	var got []string
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			got = append(got, d.Summary+": "+d.Detail)
		}
	}
	if len(got) != 1 || !strings.HasPrefix(got[0], summary) {
		t.Errorf("%s: the errors are %q, want one that starts with %q", when, got, summary)
	}
}

func TestTheIdentityOfEveryTypeIsMadeOfThePartsOfItsImportID(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	schemas, err := s.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	mustPass(t, "GetResourceIdentitySchemas", err, schemas.Diagnostics)
	if got, want := slices.Sorted(maps.Keys(schemas.IdentitySchemas)), slices.Sorted(maps.Keys(importIDs)); !slices.Equal(got, want) {
		t.Errorf("%q have an identity, want %q", got, want)
	}
	for name, want := range importIDs {
		if version := schemas.IdentitySchemas[name].Version; version != 0 {
			t.Errorf("%s: the identity in the states that there are has version 0, not %d", name, version)
		}
		var parts []string
		for _, a := range schemas.IdentitySchemas[name].IdentityAttributes {
			optional := name == "bitbucket_workspace_invitation" && a.Name == "repo_slug"
			if !optional {
				parts = append(parts, a.Name)
			}
			if a.OptionalForImport != optional || a.RequiredForImport == optional {
				t.Errorf("%s: %s is required for an import: %t, or optional: %t", name, a.Name, a.RequiredForImport, a.OptionalForImport)
			}
			if !strings.HasSuffix(a.Description, ".") || strings.Contains(a.Description, "  ") {
				t.Errorf("%s: %s is described by %q", name, a.Name, a.Description)
			}
			same := func(b *tfprotov6.SchemaAttribute) bool { return b.Name == a.Name && b.Type.Equal(a.Type) }
			if !slices.ContainsFunc(s.schemas.ResourceSchemas[name].Block.Attributes, same) {
				t.Errorf("%s: no attribute is %s, a %s", name, a.Name, a.Type)
			}
		}
		slices.Sort(parts)
		if want = slices.Sorted(slices.Values(want)); !slices.Equal(parts, want) {
			t.Errorf("%s: the identity is made of %q, want %q", name, parts, want)
		}
	}
}
