package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

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
	// writes is what the resource changes in Bitbucket.
	writes target
}

// target is what resources change in Bitbucket, and which credentials can.
type target struct {
	what     string
	mayWrite func(access.CredentialKind) bool
}

// What resources change.
var (
	permissionsTarget = target{"permissions", access.CredentialKind.MayWritePermissions}
	groupsTarget      = target{"groups", access.CredentialKind.MayWriteGroups}
	invitationsTarget = target{"invitations", access.CredentialKind.MayWriteGroups}
)

// nameRule is an attribute that names something, and how to tell whether two of its values name the same. A thing can have
// several names: a workspace a slug and a UUID, a user a UUID and an account id.
type nameRule struct {
	attribute string
	same      func(ctx context.Context, d *access.Directory, workspace, a, b string) (bool, error)
}

// The names that things can have several of.
var (
	workspaceName = nameRule{"workspace", func(ctx context.Context, d *access.Directory, _, a, b string) (bool, error) {
		return d.SameWorkspace(ctx, a, b)
	}}
	userName = nameRule{"user_id", func(ctx context.Context, d *access.Directory, workspace, a, b string) (bool, error) {
		return d.SamePerson(ctx, workspace, a, b)
	}}
)

// emailName is an e-mail address, whose case does not matter.
var emailName = nameRule{"email", func(_ context.Context, _ *access.Directory, _, a, b string) (bool, error) {
	return strings.EqualFold(a, b), nil
}}

// onlyName is for things that have one name.
func onlyName(attribute string) nameRule {
	return nameRule{attribute, func(_ context.Context, _ *access.Directory, _, a, b string) (bool, error) { return a == b, nil }}
}

// settlePlan settles what a change of names means and refuses what Bitbucket would refuse on apply, as far as the plan can know.
func (s *shared) settlePlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, rules planRules) {
	s.settleNames(ctx, req, resp, rules.names...)
	// A difference that was only one of names is gone by now.
	if !resp.Diagnostics.HasError() && !resp.Plan.Raw.Equal(req.State.Raw) {
		s.checkCredential(resp, rules.writes)
	}
}

// settleNames settles what a change of names means. Without a directory, while the provider's configuration is not known, every change
// of a name counts as a change of the thing.
func (s *shared) settleNames(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, names ...nameRule) {
	if req.Plan.Raw.IsNull() {
		return
	}
	s.checkWorkspace(ctx, resp)
	for _, name := range names {
		if resp.Diagnostics.HasError() {
			return
		}
		s.keepName(ctx, req, resp, name)
	}
}

// checkCredential reports a change that Bitbucket accepts from no credential of this kind.
func (s *shared) checkCredential(resp *resource.ModifyPlanResponse, t target) {
	if s.directory == nil || t.mayWrite(s.directory.Credential) {
		return
	}
	resp.Diagnostics.AddError(fmt.Sprintf("Unable to change %s with an %s", t.what, s.directory.Credential),
		fmt.Sprintf("The plan changes %s, and the provider is configured with an %s, from which Bitbucket accepts no such change. Set username and "+
			"api_token in the provider block instead.", t.what, s.directory.Credential))
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
		if same, err = name.same(ctx, s.directory, workspace.ValueString(), prior.ValueString(), planned.ValueString()); err != nil {
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

// takeWords takes what is planned into the state, without a change in Bitbucket: other words for the same thing.
func takeWords[model any](ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(identify(ctx, resp.Identity, resp.State)...)
}

// mayChangeGroup reports a planned change of a group that will be refused. The group is the one of the state, and of the plan where
// there is none yet; attribute is the one that names it. It says nothing while the credential may not list the groups: the write
// will tell.
func (s *shared) mayChangeGroup(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, attribute string, change access.GroupChange) {
	if s.directory == nil || resp.Diagnostics.HasError() || resp.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	var from attributeGetter = req.State
	if req.State.Raw.IsNull() {
		from = resp.Plan
	}
	var workspace, groupSlug types.String
	resp.Diagnostics.Append(from.GetAttribute(ctx, path.Root("workspace"), &workspace)...)
	resp.Diagnostics.Append(from.GetAttribute(ctx, path.Root(attribute), &groupSlug)...)
	if resp.Diagnostics.HasError() || workspace.IsUnknown() {
		return
	}
	change.GroupSlug = groupSlug.ValueString()
	if err := s.directory.MayChangeGroup(ctx, workspace.ValueString(), change); err != nil {
		resp.Diagnostics.Append(unable("change group", s.directory, err))
	}
}

// finder finds a person who may be given what a plan gives: access.Directory.Person or Candidate.
type finder func(d *access.Directory, ctx context.Context, workspace, userID string) (access.Person, error)

// requireMember reports a planned user whom find does not find, and returns the one whom it does. It looks when the plan names a user
// anew. It says nothing when the credential may not read the people of the workspace: the write will tell. For somebody whose
// grant or membership this run has found gone it warns only: who leaves must not hide from a drift check what else has changed.
func (s *shared) requireMember(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, find finder) access.Person {
	at := path.Root("user_id")
	var workspace, user types.String
	if s.directory != nil && !req.Plan.Raw.IsNull() && (req.State.Raw.IsNull() || len(resp.RequiresReplace) > 0) {
		resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("workspace"), &workspace)...)
		resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, at, &user)...)
	}
	if resp.Diagnostics.HasError() || workspace.ValueString() == "" || user.ValueString() == "" {
		return access.Person{}
	}
	person, diags := s.checkPerson(ctx, at, workspace.ValueString(), user.ValueString(), find)
	resp.Diagnostics.Append(diags...)
	return person
}

// checkPerson finds a person whom a plan names, and reports one who is not found.
func (s *shared) checkPerson(ctx context.Context, at path.Path, workspace, user string, find finder) (access.Person, diag.Diagnostics) {
	var diags diag.Diagnostics
	person, err := find(s.directory, ctx, workspace, user)
	switch {
	case err == nil, !errors.Is(err, access.ErrNoMember) && rest.Is(err, http.StatusForbidden):
	case errors.Is(err, access.ErrNotFound) && s.directory.Lost(workspace, user):
		diags.AddAttributeWarning(at, "User has left the workspace", sentence(err.Error())+"\n\nWhat the user had is gone, and Bitbucket will refuse to give "+
			"it again. Remove the user from the configuration, or invite the user to the workspace again.")
	case errors.Is(err, access.ErrNotFound):
		diags.AddAttributeError(at, "User is not in the workspace", sentence(err.Error())+"\n\nOnly members of a workspace can join its groups or "+
			"hold permissions in it; groups of a workspace administered at admin.atlassian.com also take people who are in the organization. Invite the user first, or "+
			"correct the id; the data source bitbucket_users lists the members with their ids.")
	case errors.Is(err, access.ErrNoMember):
		diags.Append(diag.WithPath(path.Root("workspace"), unable("use the workspace", s.directory, err)))
	default:
		diags.Append(diag.WithPath(at, unable("find the user", s.directory, err)))
	}
	return person, diags
}

// warnAdministrator tells that Bitbucket may refuse to give a workspace administrator a permission on a repository (its OpenAPI file,
// permissions-config PUT: "not a valid user to update").
func warnAdministrator(at path.Path, kind access.ScopeKind, person access.Person) diag.Diagnostics {
	var diags diag.Diagnostics
	if person.Role == access.RoleOwner && kind == access.RepositoryScope {
		diags.AddAttributeWarning(at, "A workspace administrator needs no permission",
			access.Shown(person.Called())+" administers the workspace and has every permission anyway. Bitbucket may refuse to grant one on a repository.")
	}
	return diags
}
