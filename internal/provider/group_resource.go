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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var (
	_ resource.ResourceWithConfigure    = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*groupResource)(nil)
	_ resource.ResourceWithImportState  = (*groupResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupResource)(nil)
	_ resource.ResourceWithMoveState    = (*groupResource)(nil)
)

func newGroupResource() resource.Resource { return &groupResource{} }

// groupResource manages a group of a workspace, without its members.
type groupResource struct{ managed }

func (r *groupResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_group"
	resp.ResourceBehavior.MutableIdentity = true // a new name gives the group a new slug
}

func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	permissions := levels(access.RepositoryScope.Permissions())
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "Manages a group of a workspace. Its members are managed by `bitbucket_group_membership`, its permissions by " +
			"`bitbucket_repository_group_permission` and `bitbucket_project_group_permission`.\n\nCreating a group whose name exists already is an " +
			"error; import it instead. A group that was deleted elsewhere shows as a create. Destroying it deletes the group, its memberships and every permission " +
			"that it holds.\n\n" + aboutOrganization + " There a group cannot be renamed, and `permission`, `auto_add` and `email_forwarding_disabled` cannot be set; a " +
			"default group, one that an identity provider owns, and one that opens other apps too is not deleted. All of it is refused in the plan.\n\n" +
			aboutGroupChanges("groups") + "\n\nBitbucket has been [reported](https://github.com/DrFaust92/terraform-provider-bitbucket/issues/258) to refuse " +
			"the creation of groups with an API token; an OAuth consumer with the scope `account:write` can do it.\n\n" +
			"API: [groups endpoint](https://support.atlassian.com/bitbucket-cloud/docs/groups-endpoint/), " +
			"[organization groups](https://developer.atlassian.com/cloud/admin/organization/rest/api-group-groups/).",
		Attributes: map[string]schema.Attribute{
			"workspace": name(aboutWorkspace+" A change of workspace replaces the group.", workspaceRef),
			"name": schema.StringAttribute{
				MarkdownDescription: "The name of the group. A new name gives the group a new slug; its members and permissions stay. Resources that take the " +
					"slug from here are planned as replacements, because the slug is known only after apply: what they give is taken away before the " +
					"group is renamed and given again after, unless they have `create_before_destroy`. A group that was renamed elsewhere shows as a create.",
				Required:   true,
				Validators: []validator.String{stringvalidator.LengthAtMost(255), notEmpty, groupName},
			},
			"slug": schema.StringAttribute{
				MarkdownDescription: "The slug of the group, which Bitbucket makes of its name; a UUID on workspaces administered at admin.atlassian.com.",
				Computed:            true,
			},
			"permission": schema.StringAttribute{
				MarkdownDescription: "What the group gets on every new repository of the workspace: " + oneOf(permissions) + ". Leave it out for nothing. Repositories that " +
					"exist are not changed.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(permissions...)},
			},
			"auto_add": schema.BoolAttribute{
				MarkdownDescription: "Whether people who join the workspace join the group. Default: `false`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
			},
			"email_forwarding_disabled": schema.BoolAttribute{
				MarkdownDescription: "Whether mail that is sent to the group is not forwarded to its members. By default it is left as it is.",
				Optional:            true,
				Computed:            true,
			},
		},
	}
}

// groupParts are those of an import id, and of the identity.
var groupParts = []part{inWorkspace, {"slug", aboutGroupSlug, groupSlug}}

func (r *groupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityOf(groupParts)
}

// ModifyPlan settles names, refuses what Bitbucket would refuse, and tells when the slug stays as it is.
func (r *groupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() && !req.State.Raw.IsNull() {
		r.keepSlug(ctx, req, resp)
	}
	r.settlePlan(ctx, req, resp, planRules{
		names: []nameRule{workspaceName}, writes: groupsTarget,
	})
	change := access.GroupChange{Deletes: req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0}
	if !change.Deletes {
		var plan groupModel
		resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
		if plan.Name.IsUnknown() || plan.Permission.IsUnknown() || plan.AutoAdd.IsUnknown() {
			return
		}
		change.Settings = new(plan.settings())
	}
	r.mayChangeGroup(ctx, req, resp, "slug", change)
	if req.State.Raw.IsNull() && !change.Deletes {
		r.warnOfNamesake(ctx, resp)
	}
}

// keepSlug plans the slug of the state while the name stays, and refuses a name that another group has. A replacement is planned
// anew, without a state.
func (r *groupResource) keepSlug(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if plan.EmailForwardingDisabled.IsUnknown() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("email_forwarding_disabled"), state.EmailForwardingDisabled)...)
	}
	switch {
	case resp.Diagnostics.HasError(), plan.Name.IsUnknown():
	case plan.Name.Equal(state.Name):
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("slug"), state.Slug)...)
	case r.directory != nil:
		// Refused here and not on apply, where what depends on the slug would have been taken away before.
		if _, err := r.directory.CheckName(ctx, state.Workspace.ValueString(), state.Slug.ValueString(), plan.Name.ValueString()); err != nil {
			resp.Diagnostics.Append(diag.WithPath(path.Root("name"), unable("rename group", r.directory, err)))
		}
	}
}

// Create creates the group. When the group is there but not all its settings are, the state keeps it: nothing is lost.
func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.directory.CreateGroup(ctx, plan.Workspace.ValueString(), plan.settings())
	switch {
	case errors.Is(err, access.ErrExists):
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Unable to create group", sentence(err.Error())+"\n\n"+toImport(plan, group)+" If this is the "+
			"replacement of that very group, \"terraform untaint\" it, or take create_before_destroy from what depends on it.")
		return
	case err != nil && group.Slug == "":
		resp.Diagnostics.Append(unable("create group", r.directory, err))
		return
	case errors.Is(err, access.ErrNotShown):
		resp.Diagnostics.Append(outcome("create group", r.directory, err)...)
		plan.take(group)
	case err != nil:
		resp.Diagnostics.Append(unable("set up group", r.directory, err))
		resp.Diagnostics.AddWarning("The group exists without its settings", fmt.Sprintf("Group %s was created, but its settings were not made. The state "+
			"keeps it as tainted, and the next apply replaces it, unless \"terraform untaint\" is run first.", group.Slug))
		plan.take(group)
	default:
		resp.Diagnostics.Append(plan.takeAnswer(group)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Read takes the group from the listing of the workspace, which all groups and memberships share.
func (r *groupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupModel
	resp.Diagnostics.Append(identify(ctx, resp.Identity, req.State)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.directory == nil {
		return
	}
	group, err := r.directory.Group(ctx, state.Workspace.ValueString(), state.Slug.ValueString())
	switch {
	case errors.Is(err, access.ErrNotFound):
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.Append(unable("read group", r.directory, err))
	default:
		state.take(group)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update changes the name and the settings of the group.
func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.directory.UpdateGroup(ctx, plan.Workspace.ValueString(), state.Slug.ValueString(), plan.settings())
	if err != nil {
		resp.Diagnostics.Append(unable("change group", r.directory, err))
		return
	}
	resp.Diagnostics.Append(plan.takeAnswer(group)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Delete deletes the group.
func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := r.directory.DeleteGroup(ctx, state.Workspace.ValueString(), state.Slug.ValueString())
	resp.Diagnostics.Append(outcome("delete group", r.directory, err)...)
}

// ImportState reads the id workspace/slug, or the identity. Importing what does not exist is an error.
func (r *groupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.ready("import group", &resp.Diagnostics) {
		return
	}
	parts, diags := importParts(ctx, req, "group", groupParts)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	group, err := r.directory.Group(ctx, parts[0], parts[1])
	if err != nil {
		resp.Diagnostics.Append(unable("import group", r.directory, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newGroupModel(parts[0], group))...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// UpgradeState and MoveState take over the states of other providers.
func (r *groupResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return upgraders("group")
}
func (r *groupResource) MoveState(context.Context) []resource.StateMover { return movers("group") }
