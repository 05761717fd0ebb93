package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var (
	_ resource.ResourceWithConfigure   = (*exclusiveResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*exclusiveResource)(nil)
	_ resource.ResourceWithImportState = (*exclusiveResource)(nil)
	_ resource.ResourceWithIdentity    = (*exclusiveResource)(nil)
)

func newExclusiveResource(kind exclusiveKind) resource.Resource {
	return &exclusiveResource{kind: kind}
}

// exclusiveResource owns all the access to one object: what the configuration does not say is revoked, or reported. Its kind says which
// object. What its plans show is in exclusive_plan.go, what it remembers of the live access in exclusive_live.go.
type exclusiveResource struct {
	managed
	kind exclusiveKind
}

func (r *exclusiveResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.kind.typeName()
}

func (r *exclusiveResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"workspace":            name(aboutWorkspace+" A change of workspace replaces the resource.", workspaceRef),
		r.kind.scope.attribute: name(r.kind.scope.about+" A change replaces the resource.", r.kind.scope.rule),
		"allow_self_lockout":   allowSelfLockout(r.kind.scope.kind),
		"unmanaged": schema.StringAttribute{
			MarkdownDescription: "What to do about access that the configuration does not name: `revoke` takes it away, `report` leaves it as it is and lists it in " +
				"`extras`; what is taken out of the configuration then is an extra too, and not revoked. Default: `revoke`.",
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(revokeUnmanaged),
			Validators: []validator.String{stringvalidator.OneOf(revokeUnmanaged, reportUnmanaged)},
		},
	}
	for _, c := range r.kind.columns {
		attributes[c.attribute] = r.kind.columnAttribute(c)
	}
	if r.kind.hasGroups() {
		attributes["ignore_groups"] = schema.SetAttribute{
			MarkdownDescription: "Groups to leave alone, by slug or by name, such as those that Bitbucket or the organization gives access to every new repository by itself. " +
				"What they have is neither revoked nor reported. Naming a group by its slug both here and in `groups` is an error.",
			ElementType: types.StringType,
			Optional:    true,
			Validators:  []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(notEmpty)},
		}
	}
	for _, rows := range r.kind.rowKinds() {
		attributes[rows.attribute] = r.kind.rowsAttribute(rows)
	}
	resp.Schema = schema.Schema{MarkdownDescription: r.kind.about(), Attributes: attributes}
}

// IdentitySchema names the object, never who has access.
func (r *exclusiveResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityOf(r.kind.parts())
}

// Create makes the access to the object what the plan says. When something is refused, the resource is not in the state: the next plan
// reads again who has access, and creates it with what is left to do. Keeping it would taint it, and its replacement would first take
// everybody's access away.
func (r *exclusiveResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := r.kind.read(ctx, req.Plan)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	live, err := r.directory.Entries(ctx, r.kind.scopeOf(plan))
	if err != nil {
		resp.Diagnostics.Append(unable("set "+r.kind.thing, r.directory, err))
		return
	}
	results, err := r.carry(ctx, plan, live)
	resp.Diagnostics.Append(r.told("set "+r.kind.thing, results, err, "The resource is not in the state. Apply again: the next plan reads who has access "+
		"now, and shows what is left to do.")...)
	if resp.Diagnostics.HasError() {
		return
	}
	after := live.After(results)
	r.directory.Keep(ctx, r.kind.scopeOf(plan), after)
	resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, r.kind.filled(plan))...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, after)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Read takes the access from the listings of the object, which everything in the run shares.
func (r *exclusiveResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, req.State)...)
	if resp.Diagnostics.HasError() || r.directory == nil {
		return
	}
	live, err := r.directory.Entries(ctx, r.kind.scopeOf(state))
	if errors.Is(err, access.ErrNotFound) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err == nil {
		err = r.show(ctx, &state, live)
	}
	if err != nil {
		resp.Diagnostics.Append(unable("read "+r.kind.thing, r.directory, err))
		return
	}
	resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, state)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, live)...)
}

// Update carries out what the plan shows and nothing else: who got access after the plan was made is for the next one. When something
// is refused, the state says who has access then.
func (r *exclusiveResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := r.kind.read(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	live, diags := r.remembered(ctx, req.Private, r.kind.scopeOf(plan))
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	results, err := r.carry(ctx, plan, live)
	resp.Diagnostics.Append(r.told("change "+r.kind.thing, results, err, "The state says who has access now. The next apply does what is left.")...)
	plan, live = r.kind.filled(plan), live.After(results)
	if resp.Diagnostics.HasError() {
		var ok bool
		if live, ok = r.now(ctx, &plan, live); !ok {
			return // with the state as it was: the next refresh tells
		}
	}
	resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, plan)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, live)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Delete takes the access away that the state holds. What the configuration left alone stays.
func (r *exclusiveResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	live, diags := r.remembered(ctx, req.Private, r.kind.scopeOf(state))
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	steps, err := r.leaving(ctx, state, live)
	results := r.run(ctx, state, steps)
	r.directory.NoteTaken(ctx, r.kind.scopeOf(state), results)
	resp.Diagnostics.Append(r.told("revoke "+r.kind.thing, results, err, "The state says who has access now. The next apply does what is left.")...)
	if !resp.Diagnostics.HasError() {
		return
	}
	if live, ok := r.now(ctx, &state, live.After(results)); ok {
		resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, state)...)
		resp.Diagnostics.Append(remember(ctx, resp.Private, live)...)
	}
}

// ImportState reads the id workspace/object, or the identity. The first plan after shows who has access although the configuration does
// not say so.
func (r *exclusiveResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.ready("import "+r.kind.thing, &resp.Diagnostics) {
		return
	}
	parts, diags := importParts(ctx, req, r.kind.thing, r.kind.parts())
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	m := exclusiveModel{Workspace: types.StringValue(parts[0]), Object: types.StringValue(parts[1])}
	if _, err := r.directory.Entries(ctx, r.kind.scopeOf(m)); err != nil {
		resp.Diagnostics.Append(unable("import "+r.kind.thing, r.directory, err))
		return
	}
	for attribute, value := range map[string]types.String{"workspace": m.Workspace, r.kind.scope.attribute: m.Object, "unmanaged": types.StringValue(revokeUnmanaged)} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}
