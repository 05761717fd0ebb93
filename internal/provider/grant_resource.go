package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var (
	_ resource.ResourceWithConfigure    = (*grantResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*grantResource)(nil)
	_ resource.ResourceWithImportState  = (*grantResource)(nil)
	_ resource.ResourceWithIdentity     = (*grantResource)(nil)
	_ resource.ResourceWithUpgradeState = (*grantResource)(nil)
	_ resource.ResourceWithMoveState    = (*grantResource)(nil)
)

func newGrantResource(kind grantKind) resource.Resource { return &grantResource{kind: kind} }

// grantResource manages one explicit permission of one principal on one object. Its kind says which.
type grantResource struct {
	managed
	kind grantKind
}

func (r *grantResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_" + r.kind.name()
}

func (r *grantResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	scope, principal := r.kind.scope, r.kind.principal
	permissions := levels(scope.kind.Permissions())
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: fmt.Sprintf("Grants one %[2]s one explicit permission on one %[1]s.\n\nIt is additive: it manages this grant and leaves all others "+
			"as they are; each grant must have one resource only, and one that moves to another address needs a `moved` block. Creating it takes over "+
			"a grant that exists already and gives it the `permission` of the configuration. A grant that was changed elsewhere shows as an update, one that was "+
			"revoked elsewhere as a create. Destroying it revokes the grant. It conflicts with `bitbucket_%[1]s_permissions_exclusive` for the same %[1]s, "+
			"which owns all grants.\n\nA %[2]s can have more access than this, %[3]s.\n\n%[4]s\n\nAPI: [%[1]s permissions](%[5]s).",
			scope.kind, principal.kind, r.kind.more, aboutPermissionScopes(scope.kind, scope.scopes), scope.api),
		Attributes: map[string]schema.Attribute{
			"workspace":         name(aboutWorkspace+" A change of workspace replaces the grant.", workspaceRef),
			scope.attribute:     name(scope.about+" A change replaces the grant.", scope.rule),
			principal.attribute: name(principal.about+" A change replaces the grant.", principal.rule),
			"permission": schema.StringAttribute{
				MarkdownDescription: "What is granted: " + oneOf(permissions) + ". Each includes those before it.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(permissions...)},
			},
			"allow_self_lockout": allowSelfLockout(scope.kind),
		},
	}
}

// IdentitySchema names the object and the principal, never the level.
func (r *grantResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityOf(r.kind.parts())
}

// ModifyPlan settles names and refuses what Bitbucket would refuse. Whether a group exists cannot be decided here: the same apply
// may create it.
func (r *grantResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.settlePlan(ctx, req, resp, planRules{
		names:  []nameRule{workspaceName, onlyName(r.kind.scope.attribute), r.kind.principal.name},
		writes: permissionsTarget,
	})
	r.settleEntry(ctx, req, resp, typeName+"_"+r.kind.name(), r.kind.entry)
	if r.kind.principal.kind != access.UserPrincipal {
		return
	}
	person := r.requireMember(ctx, req, resp, (*access.Directory).Person)
	resp.Diagnostics.Append(warnAdministrator(path.Root("user_id"), r.kind.scope.kind, person)...)
}

// Create grants the permission, also where another one is granted already.
func (r *grantResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := r.kind.read(ctx, req.Plan)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.put(ctx, "grant", plan, &resp.State)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Read takes the grant from the listing of the object, which all grants of the object share.
func (r *grantResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(identify(ctx, resp.Identity, req.State)...)
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || r.directory == nil {
		return
	}
	grant, err := r.directory.Grant(ctx, state.scope(r.kind), state.principal(r.kind))
	if errors.Is(err, access.ErrNotFound) {
		if r.kind.principal.kind == access.UserPrincipal {
			r.directory.NoteLost(state.Workspace.ValueString(), state.Principal.ValueString())
		}
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(unable("read "+r.kind.thing(), r.directory, err))
		return
	}
	state.Permission = types.StringValue(string(grant.Permission))
	resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, state)...)
}

// Update changes the level of the grant. Where only what is allowed has changed, there is nothing to change in Bitbucket.
func (r *grantResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	plan, diags := r.kind.read(ctx, req.Plan)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	if plan.Permission.Equal(state.Permission) {
		resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, plan)...)
	} else {
		resp.Diagnostics.Append(r.put(ctx, "change", plan, &resp.State)...)
	}
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Delete revokes the grant.
func (r *grantResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.directory.DeleteGrant(ctx, state.scope(r.kind), state.principal(r.kind)); err != nil {
		resp.Diagnostics.Append(unable("revoke "+r.kind.thing(), r.directory, err))
	}
}

// ImportState reads the id workspace/object/principal, or the identity. Importing what does not exist is an error.
func (r *grantResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.ready("import "+r.kind.thing(), &resp.Diagnostics) {
		return
	}
	parts, diags := importParts(ctx, req, r.kind.thing(), r.kind.parts())
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	m := grantModel{Workspace: types.StringValue(parts[0]), Object: types.StringValue(parts[1]), Principal: types.StringValue(parts[2])}
	if _, err := r.directory.Grant(ctx, m.scope(r.kind), m.principal(r.kind)); err != nil {
		resp.Diagnostics.Append(unable("import "+r.kind.thing(), r.directory, err))
		return
	}
	resp.Diagnostics.Append(r.kind.write(ctx, &resp.State, m)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// UpgradeState and MoveState take over the states of other providers.
func (r *grantResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return upgraders(r.kind.name())
}

func (r *grantResource) MoveState(context.Context) []resource.StateMover {
	return movers(r.kind.name())
}

// put makes the grant as planned and writes to the state what Bitbucket answered.
func (r *grantResource) put(ctx context.Context, action string, plan grantModel, state *tfsdk.State) diag.Diagnostics {
	var diags diag.Diagnostics
	asked := access.Permission(plan.Permission.ValueString())
	grant, err := r.directory.PutGrant(ctx, plan.scope(r.kind), plan.principal(r.kind), asked)
	if err != nil {
		diags.Append(unable(action+" "+r.kind.thing(), r.directory, err))
		return diags
	}
	if grant.Permission != asked {
		diags.AddAttributeError(path.Root("permission"), "Bitbucket granted another permission",
			fmt.Sprintf("Asked to grant %s on %s to %s, Bitbucket answered that %s is granted now. The state holds what it answered; "+
				"the next apply asks once more. Where this was the creation of the resource, it replaces the grant, unless \"terraform untaint\" is run "+
				"first.", asked, plan.scope(r.kind), plan.principal(r.kind), grant.Permission))
	}
	plan.Permission = types.StringValue(string(grant.Permission))
	diags.Append(r.kind.write(ctx, state, plan)...)
	return diags
}
