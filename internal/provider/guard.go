package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// allowSelfLockout is the attribute that lets a plan take the credential's own last administration of a kind of object away.
func allowSelfLockout(kind access.ScopeKind) schema.BoolAttribute {
	about := fmt.Sprintf("Whether a plan may take away the last right by which the user of the credential administers the %s, which is an error "+
		"otherwise. Workspace administrators always keep access.", kind)
	if kind == access.GroupScope {
		about = "Whether a plan may take the user of the credential out of the group that makes the user a workspace administrator, which is an error otherwise."
	}
	return schema.BoolAttribute{MarkdownDescription: about + " To destroy the resource with it, apply the attribute first.", Optional: true}
}

// guard reports steps that would lock the user of the credential out. what names the access, for Terraform shows no address of a resource
// that is no longer in the configuration.
func (s *shared) guard(ctx context.Context, resp *resource.ModifyPlanResponse, what string, loss access.Loss) {
	err := s.directory.CheckLockout(ctx, loss)
	if err == nil {
		return
	}
	problem := unable("take your own administration away", s.directory, fmt.Errorf("the plan takes %s away: %w", what, err))
	if errors.Is(err, access.ErrLockout) {
		resp.Diagnostics.Append(problem)
		return
	}
	resp.Diagnostics.AddWarning(fmt.Sprintf("The plan may lock administrators out of %s", loss.Scope),
		problem.Detail()+"\n\nCheck it before you apply; allow_self_lockout = true says that it is meant.")
}

// claim reports what does not go together with other resources of the configuration.
func (s *shared) claim(ctx context.Context, resp *resource.ModifyPlanResponse, c access.Claim) {
	err := s.directory.Claim(ctx, c)
	switch {
	case err == nil:
	case errors.Is(err, access.ErrHandover):
		resp.Diagnostics.Append(unable("hand access from one resource to another", s.directory, err))
	default:
		resp.Diagnostics.Append(unable("manage the same access twice", s.directory, err))
	}
}

// entry is one entry of a list, as a plan or a state holds it.
type entry struct {
	grant access.Grant
	// allow is allow_self_lockout.
	allow types.Bool
	// known tells whether all of the grant is known.
	known bool
}

// settleEntry reports a plan of one entry of a list that locks the user of the credential out, or that does not go together with the owner of
// the whole list. by is the type of the resource, and read reads the entry.
func (s *shared) settleEntry(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, by string,
	read func(context.Context, attributeGetter) (entry, diag.Diagnostics),
) {
	leaves := req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0
	var before, after entry
	if !req.State.Raw.IsNull() {
		held, diags := read(ctx, req.State)
		resp.Diagnostics.Append(diags...)
		before, after = held, held
	}
	if !req.Plan.Raw.IsNull() {
		planned, diags := read(ctx, resp.Plan)
		resp.Diagnostics.Append(diags...)
		if after.allow = planned.allow; !leaves {
			after = planned
		}
	}
	if s.directory == nil || resp.Diagnostics.HasError() {
		return
	}
	if before.known && after.known {
		step := access.Revoke(before.grant)
		if !leaves {
			step.To = after.grant.Permission
		}
		what := string(step.From)
		if step.From == access.Member {
			what = "the membership"
		}
		s.guard(ctx, resp, fmt.Sprintf("%s of %s", what, step.Grant.Who()),
			access.Loss{Scope: before.grant.Scope, Steps: []access.Step{step}, Allowed: after.allow.ValueBool()})
	}
	if scope := after.grant.Scope; scope.Workspace != "" && scope.Name != "" {
		s.claim(ctx, resp, access.Claim{Scope: scope, By: by, Entry: after.grant.Holder(), Leaves: leaves})
	}
}

// warnAdministrator tells that Bitbucket may refuse to give a workspace administrator a permission on a repository (its OpenAPI file,
// permissions-config PUT: "not a valid user to update").
func warnAdministrator(at path.Path, kind access.ScopeKind, person access.Person) diag.Diagnostics {
	var diags diag.Diagnostics
	if person.Role == access.RoleOwner && kind == access.RepositoryScope {
		diags.AddAttributeWarning(at, "A workspace administrator needs no permission",
			access.Shown(person.DisplayName)+" administers the workspace and has every permission anyway. Bitbucket may refuse to grant one on a repository.")
	}
	return diags
}

// told makes the diagnostics of steps that were carried out, or could not even be begun: nothing when all were, else an error that says what
// was done and what was not, and what comes next.
func (s *shared) told(action string, results []access.Result, err error, next string) diag.Diagnostics {
	var diags diag.Diagnostics
	if err != nil {
		diags.Append(unable(action, s.directory, err))
		return diags
	}
	var (
		done, left, refused []string
		unseen              []error
	)
	for _, r := range results {
		switch {
		case errors.Is(r.Err, access.ErrNotShown):
			unseen = append(unseen, r.Err)
			done = append(done, r.String())
		case r.Err != nil:
			if err == nil {
				err = r.Err
			}
			refused = append(refused, r.String()+": "+reason(r.Err))
		case r.Done:
			done = append(done, r.String())
		default:
			left = append(left, r.String())
		}
	}
	if len(unseen) > 0 {
		diags.Append(outcome(action, s.directory, errors.Join(unseen...))...)
	}
	if err == nil {
		return diags
	}
	detail := []string{fmt.Sprintf("%d of %d changes of access to %s failed:\n%s", len(refused), len(results), results[0].Grant.Scope, bullets(refused))}
	if len(left) > 0 {
		detail = append(detail, "Not tried because of that:\n"+bullets(left))
	}
	if len(done) > 0 {
		detail = append(detail, "Done:\n"+bullets(done))
	}
	if advice := remedy(s.directory.Credential, err); advice != "" {
		detail = append(detail, advice)
	}
	diags.AddError("Unable to "+action, strings.Join(append(detail, next), "\n\n"))
	return diags
}

// reason is why an action failed, without the action.
func reason(err error) string {
	if action, ok := errors.AsType[*access.ActionError](err); ok {
		err = action.Err
	}
	return err.Error()
}
