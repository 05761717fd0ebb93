package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
