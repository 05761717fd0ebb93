package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// planRules say what the plans of a resource have to hold.
type planRules struct {
	// names are the attributes that say which thing the resource is.
	names []nameRule
	// writes is what the resource changes in Bitbucket, and mayWrite which credentials can.
	writes   string
	mayWrite func(access.CredentialKind) bool
}

// nameRule is an attribute that names something, and how to tell whether two of its values name the same. A thing can have
// several names: a workspace a slug and a UUID, a user a UUID and an account id.
type nameRule struct {
	attribute string
	same      func(d *access.Directory, ctx context.Context, workspace, a, b string) (bool, error)
}

// The names that things can have several of.
var (
	workspaceName = nameRule{"workspace", func(d *access.Directory, ctx context.Context, _, a, b string) (bool, error) {
		return d.SameWorkspace(ctx, a, b)
	}}
	userName = nameRule{"user_id", (*access.Directory).SamePerson}
)

// onlyName is for things that have one name.
func onlyName(attribute string) nameRule {
	return nameRule{attribute, func(_ *access.Directory, _ context.Context, _, a, b string) (bool, error) { return a == b, nil }}
}

// modifyPlan settles what a change of names means and refuses what Bitbucket would refuse on apply, as far as the plan can know.
// Without a directory, while the provider's configuration is not known, every change of a name counts as a change of the thing.
func (s *shared) modifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, rules planRules) {
	if !req.Plan.Raw.IsNull() {
		s.checkWorkspace(ctx, resp)
		for _, name := range rules.names {
			if resp.Diagnostics.HasError() {
				return
			}
			s.keepName(ctx, req, resp, name)
		}
	}
	// A difference that was only one of names is gone by now.
	if s.directory != nil && !resp.Diagnostics.HasError() && !resp.Plan.Raw.Equal(req.State.Raw) && !rules.mayWrite(s.directory.Credential) {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to change %s with an %s", rules.writes, s.directory.Credential),
			fmt.Sprintf("The plan changes %s, and the provider is configured with an %s, from which Bitbucket accepts no such change. Set username and "+
				"api_token in the provider block instead.", rules.writes, s.directory.Credential))
	}
}

// checkWorkspace reports a workspace that the provider's filter leaves out, or that cannot be found.
func (s *shared) checkWorkspace(ctx context.Context, resp *resource.ModifyPlanResponse) {
	var workspace types.String
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("workspace"), &workspace)...)
	if s.directory == nil || workspace.IsUnknown() || resp.Diagnostics.HasError() {
		return
	}
	if _, err := s.directory.Slug(ctx, workspace.ValueString()); err != nil {
		resp.Diagnostics.Append(diag.WithPath(path.Root("workspace"), unable("use the workspace", s.directory, err)))
	}
}

// keepName decides what a change of a name means. Where it still names the same thing in other words, the plan keeps the words of
// the state and shows no difference; where it names another thing, or may do so, the resource is replaced.
func (s *shared) keepName(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, name nameRule) {
	if req.State.Raw.IsNull() {
		return
	}
	p := path.Root(name.attribute)
	var prior, planned, workspace types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, p, &prior)...)
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, p, &planned)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("workspace"), &workspace)...)
	if resp.Diagnostics.HasError() || prior.Equal(planned) {
		return
	}
	same := false
	if s.directory != nil && !planned.IsUnknown() && !prior.IsNull() {
		var err error
		if same, err = name.same(s.directory, ctx, workspace.ValueString(), prior.ValueString(), planned.ValueString()); err != nil {
			resp.Diagnostics.Append(diag.WithPath(p, unable("tell whether two values of "+name.attribute+" name the same", s.directory, err)))
			return
		}
	}
	if !same {
		resp.RequiresReplace.Append(p)
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, p, prior)...)
}

// requireMember reports a planned user who is not in the workspace. It looks when the plan names a user anew, and says nothing
// when the credential may not read the people of the workspace: the write will tell.
func (s *shared) requireMember(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if s.directory == nil || req.Plan.Raw.IsNull() || resp.Diagnostics.HasError() || !req.State.Raw.IsNull() && len(resp.RequiresReplace) == 0 {
		return
	}
	at := path.Root("user_id")
	var workspace, user types.String
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("workspace"), &workspace)...)
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, at, &user)...)
	if resp.Diagnostics.HasError() || workspace.IsUnknown() || user.IsUnknown() {
		return
	}
	_, err := s.directory.Person(ctx, workspace.ValueString(), user.ValueString())
	switch {
	case err == nil, rest.Is(err, http.StatusForbidden):
	case errors.Is(err, access.ErrNotFound):
		resp.Diagnostics.AddAttributeError(at, "User is not in the workspace", sentence(err.Error())+"\n\nOnly members of a workspace can join its groups or "+
			"hold permissions in it. Invite the user to the workspace first, or correct the id; the data source bitbucket_users lists the members with their ids.")
	default:
		resp.Diagnostics.Append(diag.WithPath(at, unable("find the user", s.directory, err)))
	}
}
