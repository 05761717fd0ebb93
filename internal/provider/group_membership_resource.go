package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var (
	_ resource.ResourceWithConfigure    = (*groupMembershipResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*groupMembershipResource)(nil)
	_ resource.ResourceWithImportState  = (*groupMembershipResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupMembershipResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupMembershipResource)(nil)
	_ resource.ResourceWithMoveState    = (*groupMembershipResource)(nil)
)

func newGroupMembershipResource() resource.Resource { return &groupMembershipResource{} }

// groupMembershipResource manages one person's membership in one group.
type groupMembershipResource struct{ managed }

// groupMembershipModel is a membership in Terraform. UUID is what the configuration has in the place of UserID, or null.
type groupMembershipModel struct {
	Workspace types.String `tfsdk:"workspace"`
	GroupSlug types.String `tfsdk:"group_slug"`
	UserID    types.String `tfsdk:"user_id"`
	UUID      types.String `tfsdk:"uuid"`

	AllowSelfLockout types.Bool `tfsdk:"allow_self_lockout"`
}

func (r *groupMembershipResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_group_membership"
}

func (r *groupMembershipResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "Keeps one user in one group.\n\nIt is additive: it manages this membership and leaves all others as they are; each " +
			"membership must have one resource only. Someone who is in the group already is taken over. A membership that was removed elsewhere shows as a create. " +
			"Destroying it removes the user from the group; where Bitbucket administers the workspace, the user stays in it. It conflicts with " +
			"`bitbucket_group_members_exclusive` for the same group, which owns all members.\n\n" + aboutOrganization + " There the user has to " +
			"be in the organization only: joining a group lets the user into the workspace, which takes a seat, and leaving the last one takes the user out, and every " +
			"explicit permission of the user with it: to move somebody from one group to another, add the new membership before the old one goes, with " +
			"`create_before_destroy`. Members of a group that an identity provider owns are changed there; a plan that changes them here is " +
			"refused.\n\n" + aboutMemberChanges("memberships") + "\n\nAPI: " +
			"[groups endpoint](https://support.atlassian.com/bitbucket-cloud/docs/groups-endpoint/), " +
			"[organization groups](https://developer.atlassian.com/cloud/admin/organization/rest/api-group-groups/).",
		Attributes: map[string]schema.Attribute{
			"workspace":  name(aboutWorkspace+" A change of workspace replaces the membership.", workspaceRef),
			"group_slug": name(aboutGroupSlug+" A change replaces the membership.", groupSlug),
			"user_id": schema.StringAttribute{
				MarkdownDescription: aboutUserID + " On workspaces administered at admin.atlassian.com, of the organization. A change of user replaces the membership.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{userID, stringvalidator.ExactlyOneOf(path.MatchRoot("user_id"), path.MatchRoot("uuid"))},
			},
			"uuid": schema.StringAttribute{
				MarkdownDescription: "The former name of `user_id`.",
				DeprecationMessage:  "Use user_id instead: it takes the same values.",
				Optional:            true,
				Validators:          []validator.String{userID},
			},
			"allow_self_lockout": allowSelfLockout(access.GroupScope),
		},
	}
}

// membershipParts are those of an import id, and of the identity.
var membershipParts = []part{inWorkspace, onGroup.part, toUser.part}

func (r *groupMembershipResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityOf(membershipParts)
}

// ModifyPlan names the user, settles names and refuses what Bitbucket would refuse.
func (r *groupMembershipResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		r.takeUUID(ctx, req, resp)
	}
	r.settlePlan(ctx, req, resp, planRules{
		names:  []nameRule{workspaceName, onlyName("group_slug"), userName},
		writes: groupsTarget,
	})
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0 { // else only words change
		r.mayChangeGroup(ctx, req, resp, "group_slug", access.GroupChange{})
	}
	r.settleEntry(ctx, req, resp, typeName+"_group_membership", groupMembershipEntry)
	r.requireMember(ctx, req, resp, (*access.Directory).Candidate)
}

// takeUUID plans user_id from uuid where the configuration has the deprecated name.
func (r *groupMembershipResource) takeUUID(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var uuid types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("uuid"), &uuid)...)
	if uuid.IsNull() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("user_id"), uuid)...)
}

// Create adds the user to the group.
func (r *groupMembershipResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupMembershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, err := r.directory.AddMember(ctx, plan.Workspace.ValueString(), plan.GroupSlug.ValueString(), plan.UserID.ValueString())
	resp.Diagnostics.Append(outcome("add group member", r.directory, err)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
	}
}

// Read takes the membership from the listing of the workspace's groups, which all groups and memberships share.
func (r *groupMembershipResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupMembershipModel
	resp.Diagnostics.Append(identify(ctx, resp.Identity, req.State)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.directory == nil {
		return
	}
	_, err := r.directory.Member(ctx, state.Workspace.ValueString(), state.GroupSlug.ValueString(), state.UserID.ValueString())
	switch {
	case errors.Is(err, access.ErrNotFound):
		r.directory.NoteLost(state.Workspace.ValueString(), state.UserID.ValueString())
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.Append(unable("read group member", r.directory, err))
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update takes a change of words for the same membership; there is nothing to change in Bitbucket.
func (r *groupMembershipResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	takeWords[groupMembershipModel](ctx, req, resp)
}

// Delete removes the user from the group.
func (r *groupMembershipResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupMembershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.directory.RemoveMember(ctx, state.Workspace.ValueString(), state.GroupSlug.ValueString(), state.UserID.ValueString())
	resp.Diagnostics.Append(outcome("remove group member", r.directory, err)...)
}

// ImportState reads the id workspace/group_slug/user_id, or the identity. Importing what does not exist is an error.
func (r *groupMembershipResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.ready("import group member", &resp.Diagnostics) {
		return
	}
	parts, diags := importParts(ctx, req, "group member", membershipParts)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	if _, err := r.directory.Member(ctx, parts[0], parts[1], parts[2]); err != nil {
		resp.Diagnostics.Append(unable("import group member", r.directory, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, groupMembershipModel{
		Workspace: types.StringValue(parts[0]), GroupSlug: types.StringValue(parts[1]), UserID: types.StringValue(parts[2]), UUID: types.StringNull(),
	})...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// UpgradeState and MoveState take over the states of other providers.
func (r *groupMembershipResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return upgraders("group_membership")
}

func (r *groupMembershipResource) MoveState(context.Context) []resource.StateMover {
	return movers("group_membership")
}

// groupMembershipEntry reads the membership as an entry of the list of members.
func groupMembershipEntry(ctx context.Context, from attributeGetter) (entry, diag.Diagnostics) {
	var m groupMembershipModel
	diags := from.Get(ctx, &m)
	grant := access.Grant{
		Scope:      access.Scope{Kind: access.GroupScope, Workspace: m.Workspace.ValueString(), Name: m.GroupSlug.ValueString()},
		Principal:  access.Principal{Kind: access.UserPrincipal, ID: m.UserID.ValueString()},
		Permission: access.Member,
	}
	return entry{grant.Settled(), m.AllowSelfLockout, !m.Workspace.IsUnknown() && !m.GroupSlug.IsUnknown() && m.UserID.ValueString() != ""}, diags
}
