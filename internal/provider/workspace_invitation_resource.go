package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var (
	_ resource.ResourceWithConfigure   = (*workspaceInvitationResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*workspaceInvitationResource)(nil)
	_ resource.ResourceWithImportState = (*workspaceInvitationResource)(nil)
	_ resource.ResourceWithIdentity    = (*workspaceInvitationResource)(nil)
)

func newWorkspaceInvitationResource() resource.Resource { return &workspaceInvitationResource{} }

// workspaceInvitationResource manages the pending invitation of one person.
type workspaceInvitationResource struct{ managed }

func (r *workspaceInvitationResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_workspace_invitation"
}

func (r *workspaceInvitationResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	permissions := levels(access.RepositoryScope.Permissions())
	inGroups := path.MatchRoot("group_slugs")
	resp.Schema = schema.Schema{
		MarkdownDescription: "Invites somebody by e-mail into groups of a workspace, or to one repository.\n\nIt is additive: it manages this invitation and leaves " +
			"all others as they are. It costs a seat and sends a mail, so no other resource ever invites anybody. The invitation is pending until the person follows " +
			"it. Then it is done: it costs no more requests, and it does nothing if the person is taken out of the workspace later. For somebody who is in " +
			"the workspace already nothing is sent; what such a person is to have is managed by " +
			"`bitbucket_group_membership` and the permission resources. A pending invitation into groups that was withdrawn elsewhere shows as a create.\n\nDestroying " +
			"it withdraws a pending invitation into groups; what came of one that was accepted stays. Bitbucket can neither list nor withdraw an invitation to a " +
			"repository: one that is pending already is taken over, with a warning, because its permission is not known. On workspaces administered at " +
			"admin.atlassian.com the person is taken out of the groups, and the invitation to the organization itself stays; there nobody can be invited to a single " +
			"repository, and the organization needs a paid subscription.\n\n" + aboutInvitationChanges() + "\n\nAPI: " +
			"[invitations resource](https://support.atlassian.com/bitbucket-cloud/docs/invitations-resource/), " +
			"[invitations endpoint](https://support.atlassian.com/bitbucket-cloud/docs/invitations-endpoint/).",
		Attributes: map[string]schema.Attribute{
			"workspace": name(aboutWorkspace+" A change of workspace replaces the invitation.", workspaceRef),
			"email":     name("The e-mail address of the person, in any case. A change replaces the invitation.", emailAddress),
			"group_slugs": schema.SetAttribute{
				MarkdownDescription: "The slugs of the groups to invite into. A change replaces the invitation. Give this or `repo_slug`.",
				ElementType:         types.StringType,
				Optional:            true,
				PlanModifiers:       []planmodifier.Set{setplanmodifier.RequiresReplace()},
				Validators: []validator.Set{
					setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(groupSlug),
					setvalidator.ExactlyOneOf(inGroups, path.MatchRoot("repo_slug")),
				},
			},
			"repo_slug": fixed(schema.StringAttribute{
				MarkdownDescription: "The slug of the repository to invite to, with `permission`. A change replaces the invitation.",
				Optional:            true,
				Validators:          []validator.String{repoSlug, stringvalidator.AlsoRequires(path.MatchRoot("permission"))},
			}),
			"permission": fixed(schema.StringAttribute{
				MarkdownDescription: "What is given on the repository: " + oneOf(permissions) + ". A change replaces the invitation.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(permissions...), stringvalidator.AlsoRequires(path.MatchRoot("repo_slug"))},
			}),
			"account_id": schema.StringAttribute{
				MarkdownDescription: "The Atlassian account id of the person, which an organization gives with the invitation; null where Bitbucket administers the workspace.",
				Computed:            true,
			},
			"accepted": schema.BoolAttribute{
				MarkdownDescription: "Whether the person is in the workspace. Once true, it stays so.",
				Computed:            true,
			},
		},
	}
}

// invitationParts are those of an import id, and of the identity.
var invitationParts = []part{inWorkspace, {"email", "The e-mail address of the person.", emailAddress}}

// IdentitySchema names whom and where to. Somebody can be invited to several repositories, and into groups besides.
func (r *workspaceInvitationResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityOf(invitationParts, part{"repo_slug", "The slug of the repository; null for an invitation into groups.", repoSlug})
}

// ModifyPlan refuses what would be refused on apply, and says when a destroy cannot withdraw the invitation.
func (r *workspaceInvitationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.settlePlan(ctx, req, resp, planRules{
		names: []nameRule{workspaceName, emailName}, writes: invitationsTarget,
	})
	if req.Plan.Raw.IsNull() {
		r.warnPending(ctx, req, resp)
		return
	}
	if !req.State.Raw.IsNull() {
		r.keepAnswer(ctx, req, resp)
		return
	}
	var plan workspaceInvitationModel
	if r.directory == nil || resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || plan.Workspace.IsUnknown() {
		return
	}
	if err := r.directory.MayInvite(ctx, plan.Workspace.ValueString(), plan.invitation()); err != nil {
		resp.Diagnostics.Append(unable("invite", r.directory, err))
	}
}

// keepAnswer plans what is known of the invitation, unless it is replaced: no change of words changes it.
func (r *workspaceInvitationResource) keepAnswer(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state workspaceInvitationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if len(resp.RequiresReplace) == 0 {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("account_id"), state.AccountID)...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("accepted"), state.Accepted)...)
	}
}

// warnPending warns that the invitation to a repository outlives the resource, and refuses to withdraw from groups that are not to be
// changed.
func (r *workspaceInvitationResource) warnPending(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state workspaceInvitationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	switch {
	case r.directory == nil || resp.Diagnostics.HasError() || state.Accepted.ValueBool():
	case !state.RepoSlug.IsNull():
		resp.Diagnostics.AddWarning("The invitation stays pending", staysInvited)
	default:
		if err := r.directory.MayInvite(ctx, state.Workspace.ValueString(), state.invitation()); err != nil {
			resp.Diagnostics.Append(unable("withdraw invitation", r.directory, err))
		}
	}
}

// Create invites the person. What was sent before a failure stays in the state, and an invitation that is there already is taken over.
func (r *workspaceInvitationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan workspaceInvitationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	sent, err := r.directory.Invite(ctx, plan.Workspace.ValueString(), plan.invitation())
	if errors.Is(err, access.ErrInvited) {
		resp.Diagnostics.AddWarning("Somebody is invited already", sentence(err.Error())+"\n\n"+invitedAlready)
		err = nil
	}
	resp.Diagnostics.Append(outcome("invite", r.directory, err)...)
	if resp.Diagnostics.HasError() && len(sent.GroupSlugs) == 0 {
		return
	}
	if sent.Accepted {
		resp.Diagnostics.AddWarning("Nobody was invited", "Somebody with the address "+sent.Email+" is in workspace "+plan.Workspace.ValueString()+" already, so nothing "+
			"was sent. Use bitbucket_group_membership, or a permission resource, to give the person what the invitation would have.")
	}
	resp.Diagnostics.Append(plan.take(ctx, sent)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// Read tells whether the invitation is pending or accepted; once accepted it asks nothing.
func (r *workspaceInvitationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state workspaceInvitationModel
	resp.Diagnostics.Append(identify(ctx, resp.Identity, req.State)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.directory == nil {
		return
	}
	found, err := r.directory.Invitation(ctx, state.Workspace.ValueString(), state.invitation())
	switch {
	case errors.Is(err, access.ErrNotFound):
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.Append(unable("read invitation", r.directory, err))
	default:
		resp.Diagnostics.Append(state.take(ctx, found)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// Update takes a change of words for the same invitation; there is nothing to change in Bitbucket.
func (r *workspaceInvitationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	takeWords[workspaceInvitationModel](ctx, req, resp)
}

// Delete withdraws the invitation while it is pending, and says what stays. When it fails in between, the state says what is left.
func (r *workspaceInvitationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state workspaceInvitationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// Who has followed the invitation since it was last read is not to lose anything by its end.
	invitation, err := r.directory.Invitation(ctx, state.Workspace.ValueString(), state.invitation())
	if err == nil {
		invitation, err = r.directory.Withdraw(ctx, state.Workspace.ValueString(), invitation)
	}
	switch {
	case errors.Is(err, access.ErrNotFound):
	case errors.Is(err, access.ErrStaysInvited) && !state.RepoSlug.IsNull():
		resp.Diagnostics.AddWarning("The invitation stays pending", staysInvited)
	case errors.Is(err, access.ErrStaysInvited):
		resp.Diagnostics.AddWarning("The invitation to the organization stays", sentence(err.Error())+"\n\nThe person is in the organization's directory, without access to "+
			"the workspace. Remove the person at admin.atlassian.com if that is meant.")
	default:
		resp.Diagnostics.Append(outcome("withdraw invitation", r.directory, err)...)
	}
	if resp.Diagnostics.HasError() && len(invitation.GroupSlugs) > 0 {
		resp.Diagnostics.Append(state.take(ctx, invitation)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

// ImportState reads the id workspace/email, or the identity, of a pending invitation into groups.
func (r *workspaceInvitationResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.ready("import invitation", &resp.Diagnostics) {
		return
	}
	parts, diags := importParts(ctx, req, "invitation", invitationParts)
	var repoSlug types.String
	if req.ID == "" && !diags.HasError() {
		diags.Append(req.Identity.GetAttribute(ctx, path.Root("repo_slug"), &repoSlug)...)
	}
	if !repoSlug.IsNull() {
		diags.AddError("Unable to import invitation", fmt.Sprintf("Bitbucket does not list invitations to a repository, so that with the repo_slug %q cannot be "+
			"found. Leave repo_slug out to import an invitation into groups.", repoSlug.ValueString()))
	}
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	found, err := r.directory.Invitation(ctx, parts[0], access.Invitation{Email: parts[1]})
	if err == nil && found.Accepted {
		err = access.NotFoundf("the invitation of %s to workspace %s has been accepted, so there is nothing to manage", parts[1], parts[0])
	}
	if err != nil {
		resp.Diagnostics.Append(unable("import invitation", r.directory, err))
		return
	}
	state := workspaceInvitationModel{Workspace: types.StringValue(parts[0]), Email: types.StringValue(parts[1])}
	resp.Diagnostics.Append(state.take(ctx, found)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// fixed makes a change of an attribute a replacement.
func fixed(a schema.StringAttribute) schema.StringAttribute {
	a.PlanModifiers = append(a.PlanModifiers, stringplanmodifier.RequiresReplace())
	return a
}
