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

// shared is what every resource and data source has: the directory of the run. It is nil while the provider's configuration is
// not known.
type shared struct{ directory *access.Directory }

// configure takes the directory; Terraform calls it without one when it only validates.
func (s *shared) configure(data any) { s.directory, _ = data.(*access.Directory) }

// ready reports that nothing can be asked of Bitbucket because the provider's configuration is not known.
func (s *shared) ready(action string, diags *diag.Diagnostics) bool {
	if s.directory == nil {
		diags.AddError("Unable to "+action, notConfigured)
	}
	return s.directory != nil
}

const notConfigured = "The configuration of the provider depends on values that are known only after apply. Apply what they come from first, with -target, " +
	"or give the provider its configuration through the environment."

// keepNames decides for each attribute that names something what a change of it means. Where it still names the same thing in
// other words, the plan keeps the words of the state and shows no difference; where it names another thing, the resource is
// replaced.
func keepNames(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, same map[string]sameName) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	for attribute, same := range same {
		p := path.Root(attribute)
		var prior, planned types.String
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, p, &prior)...)
		resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, p, &planned)...)
		if resp.Diagnostics.HasError() {
			return
		}
		if prior.Equal(planned) {
			continue
		}
		if planned.IsUnknown() || prior.IsNull() {
			resp.RequiresReplace.Append(p)
			continue
		}
		alike, err := same(ctx, prior.ValueString(), planned.ValueString())
		if err != nil {
			resp.Diagnostics.AddAttributeError(p, "Unable to compare names", sentence(fmt.Sprintf("compare %s with %s: %s", prior, planned, err)))
			return
		}
		if !alike {
			resp.RequiresReplace.Append(p)
			continue
		}
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, p, prior)...)
	}
}

// sameName tells whether two names are those of one thing.
type sameName func(ctx context.Context, a, b string) (bool, error)

// exactly is for things that have one name.
func exactly(_ context.Context, a, b string) (bool, error) { return a == b, nil }

// requireMember reports a user who is not in the workspace, with what to do. It says nothing when the credential may not read the
// people of the workspace: the write will tell.
func (s *shared) requireMember(ctx context.Context, at path.Path, workspace, user string) diag.Diagnostics {
	_, err := s.directory.Person(ctx, workspace, user)
	switch {
	case err == nil, rest.Is(err, http.StatusForbidden):
		return nil
	case errors.Is(err, access.ErrNotFound):
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, "User is not in the workspace",
			sentence(err.Error())+"\n\nOnly members of a workspace can join its groups or hold permissions in it. Invite the user to the workspace first, or "+
				"correct the id; the data source bitbucket_users lists the members with their ids.")}
	}
	return diag.Diagnostics{atAttribute(at.String(), unable("find the user", s.directory, err))}
}

// atAttribute puts a diagnostic at an attribute.
func atAttribute(attribute string, d diag.Diagnostic) diag.Diagnostic {
	return diag.WithPath(path.Root(attribute), d)
}

// samePerson compares the ids of users of a workspace.
func (s *shared) samePerson(workspace string) sameName {
	return func(ctx context.Context, a, b string) (bool, error) {
		return s.directory.SamePerson(ctx, workspace, a, b)
	}
}

// checkWorkspace reports a workspace that the provider's filter leaves out.
func (s *shared) checkWorkspace(ctx context.Context, workspace types.String) diag.Diagnostics {
	if workspace.IsUnknown() {
		return nil
	}
	if _, err := s.directory.Slug(ctx, workspace.ValueString()); err != nil {
		return diag.Diagnostics{atAttribute("workspace", unable("use the workspace", s.directory, err))}
	}
	return nil
}

// mayWriteGroups reports a planned change of groups or members that the kind of credential cannot make.
func (s *shared) mayWriteGroups(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	if req.Plan.Raw.Equal(req.State.Raw) || s.directory.Credential.MayWriteGroups() {
		return true
	}
	resp.Diagnostics.AddError(fmt.Sprintf("Unable to change groups with an %s", s.directory.Credential),
		fmt.Sprintf("The provider is configured with an %s, which cannot change groups. Set username and api_token in the provider block.", s.directory.Credential))
	return false
}
