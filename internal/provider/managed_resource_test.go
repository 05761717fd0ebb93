package provider_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// managedResource is a resource with what Terraform keeps of it: the state, and the plan.
type managedResource struct {
	written

	id       string                  // to import it by; "" where the settings tell
	state    *tfprotov6.DynamicValue // nil while it is not there
	private  []byte
	identity *tfprotov6.ResourceIdentityData

	asked   *tfprotov6.PlanResourceChangeRequest
	plan    *tfprotov6.PlanResourceChangeResponse
	changes bool // whether the plan changes anything
	tainted bool // its creation has failed half-way: Terraform would replace it
	warned  bool // its last apply has warned
	failure error
}

// refresh reads the resource into the state.
func (r *managedResource) refresh(ctx context.Context, p *server) error {
	read, err := p.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: r.resource, CurrentState: r.state, Private: r.private, CurrentIdentity: r.identity})
	if err := refusal(err, read.Diagnostics); err != nil {
		return err
	}
	r.state, r.private, r.identity = read.NewState, read.Private, read.NewIdentity
	if isNothing(p, r.resource, r.state) {
		r.state = nil
	}
	return nil
}

// find imports the resource into the state, by its id or else by the id that its settings make.
func (r *managedResource) find(ctx context.Context, p *server) error {
	id := r.id
	if id == "" {
		parts := make([]string, len(importIDs[r.resource]))
		for i, name := range importIDs[r.resource] {
			if err := r.settings[name].As(&parts[i]); err != nil {
				return err
			}
		}
		id = strings.Join(parts, "/")
	}
	found, err := p.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: r.resource, ID: id})
	if err := refusal(err, found.Diagnostics); err != nil {
		return err
	}
	object := found.ImportedResources[0]
	r.state, r.private, r.identity = object.State, object.Private, object.Identity
	return nil
}

// takeOver imports the resource as an import block does.
func (r *managedResource) takeOver(ctx context.Context, p *server) error {
	for _, do := range []func(context.Context, *server) error{r.find, r.refresh, r.propose} {
		if err := do(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// propose plans the resource. As Terraform proposes it, what the configuration leaves to the provider stays as it is.
func (r *managedResource) propose(ctx context.Context, p *server) error {
	schema := p.schemas.ResourceSchemas[r.resource]
	before, held, err := decode(schema, r.state)
	if err != nil {
		return err
	}
	all, kept := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		all[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		if value, has := held[a.Name]; has && a.Computed {
			kept[a.Name] = value
		}
	}
	r.asked = &tfprotov6.PlanResourceChangeRequest{TypeName: r.resource, PriorPrivate: r.private, PriorIdentity: r.identity}
	for to, value := range map[**tfprotov6.DynamicValue]tftypes.Value{
		&r.asked.PriorState:       before,
		&r.asked.Config:           tftypes.NewValue(schema.ValueType(), more(all, r.settings)),
		&r.asked.ProposedNewState: tftypes.NewValue(schema.ValueType(), more(more(all, kept), r.settings)),
	} {
		encoded, err := tfprotov6.NewDynamicValue(schema.ValueType(), value)
		if err != nil {
			return err
		}
		*to = &encoded
	}
	r.plan, err = p.PlanResourceChange(ctx, r.asked)
	if err := refusal(err, r.plan.Diagnostics); err != nil {
		return err
	}
	after, _, err := decode(schema, r.plan.PlannedState)
	r.changes = err == nil && !after.Equal(before)
	return err
}

// leave plans that the resource goes.
func (r *managedResource) leave(ctx context.Context, p *server) error {
	kind := p.schemas.ResourceSchemas[r.resource].ValueType()
	nothing, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	if err != nil {
		return err
	}
	r.asked = &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.resource, PriorState: r.state, PriorPrivate: r.private, PriorIdentity: r.identity, Config: &nothing, ProposedNewState: &nothing,
	}
	r.plan, err = p.PlanResourceChange(ctx, r.asked)
	return refusal(err, r.plan.Diagnostics)
}

// carryOut applies the plan of the resource. As in Terraform, what the provider answers is the state also where it failed, and has to be
// what was planned where it did not.
func (r *managedResource) carryOut(ctx context.Context, p *server) error {
	applied, err := p.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.resource, PriorState: r.asked.PriorState, Config: r.asked.Config, PlannedState: r.plan.PlannedState, PlannedPrivate: r.plan.PlannedPrivate,
		PlannedIdentity: r.plan.PlannedIdentity,
	})
	if err != nil {
		return err
	}
	r.warned = slices.ContainsFunc(applied.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityWarning })
	created, failure := isNothing(p, r.resource, r.asked.PriorState), refusal(nil, applied.Diagnostics)
	r.state, r.private, r.identity, r.changes = applied.NewState, applied.Private, applied.NewIdentity, false
	if isNothing(p, r.resource, r.state) {
		r.state = nil
	}
	r.tainted = created && failure != nil && r.state != nil
	if failure != nil {
		return failure
	}
	return inconsistent(p.schemas.ResourceSchemas[r.resource], r.plan.PlannedState, applied.NewState)
}

// isNothing tells whether an object is null.
func isNothing(p *server, resource string, object *tfprotov6.DynamicValue) bool {
	value, _, err := decode(p.schemas.ResourceSchemas[resource], object)
	return err != nil || value.IsNull()
}

// decode reads an object and its attributes; nil is no object.
func decode(s *tfprotov6.Schema, encoded *tfprotov6.DynamicValue) (value tftypes.Value, attributes map[string]tftypes.Value, err error) {
	if encoded == nil {
		return tftypes.NewValue(s.ValueType(), nil), nil, nil
	}
	if value, err = encoded.Unmarshal(s.ValueType()); err == nil && !value.IsNull() {
		err = value.As(&attributes)
	}
	return value, attributes, err
}

// refusal is the error that a call failed with or answered; nil when there is none.
func refusal(err error, diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			err = errors.Join(err, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return err
}
