package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// What is said about invitations to a repository, which Bitbucket keeps to itself.
const (
	staysInvited = "Bitbucket has no way to withdraw an invitation to a repository through its API. It is forgotten here, and the person can still follow it. Withdraw " +
		"it in the repository's settings, under Repository permissions."

	invitedAlready = "An invitation of this person to this repository is pending, of somebody else or of a run that ended half-way, so none was sent. " +
		"Bitbucket's API can neither list nor withdraw it, nor tell with which permission it was sent: look at it in the repository's settings, under Repository permissions."
)

// workspaceInvitationModel is an invitation in Terraform: into GroupSlugs, or to RepoSlug with Permission.
type workspaceInvitationModel struct {
	Workspace  types.String `tfsdk:"workspace"`
	Email      types.String `tfsdk:"email"`
	GroupSlugs types.Set    `tfsdk:"group_slugs"`
	RepoSlug   types.String `tfsdk:"repo_slug"`
	Permission types.String `tfsdk:"permission"`
	AccountID  types.String `tfsdk:"account_id"`
	Accepted   types.Bool   `tfsdk:"accepted"`
}

// invitation is what the model says; values that are not known are left out.
func (m workspaceInvitationModel) invitation() access.Invitation {
	i := access.Invitation{
		Email: m.Email.ValueString(), RepoSlug: m.RepoSlug.ValueString(), Permission: access.Permission(m.Permission.ValueString()),
		AccountID: m.AccountID.ValueString(), Accepted: m.Accepted.ValueBool(),
	}
	for _, element := range m.GroupSlugs.Elements() {
		if groupSlug, ok := element.(types.String); ok && !groupSlug.IsUnknown() {
			i.GroupSlugs = append(i.GroupSlugs, groupSlug.ValueString())
		}
	}
	slices.Sort(i.GroupSlugs)
	return i
}

// take takes an invitation as it stands.
func (m *workspaceInvitationModel) take(ctx context.Context, i access.Invitation) diag.Diagnostics {
	m.Accepted, m.AccountID = types.BoolValue(i.Accepted), orNull(i.AccountID)
	m.GroupSlugs = types.SetNull(types.StringType)
	if i.RepoSlug != "" {
		return nil
	}
	groupSlugs, diags := types.SetValueFrom(ctx, types.StringType, i.GroupSlugs)
	m.GroupSlugs = groupSlugs
	return diags
}
