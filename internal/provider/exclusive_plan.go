package provider

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// ModifyPlan shows who loses access, and refuses what would lock the credential out, what another resource manages, and what Bitbucket
// would refuse.
func (r *exclusiveResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.settleNames(ctx, req, resp, workspaceName, onlyName(r.kind.scope.attribute))
	instance := r.instance(ctx, req, resp)
	if resp.Diagnostics.HasError() || r.directory == nil {
		return
	}
	changes := true
	if req.Plan.Raw.IsNull() || len(resp.RequiresReplace) > 0 { // of a replacement, the new list is planned by itself after this
		r.planEnd(ctx, req, resp, instance)
	} else {
		changes = r.planList(ctx, req, resp, instance)
	}
	if changes && !resp.Diagnostics.HasError() {
		r.checkCredential(resp, r.kind.writes)
	}
}

// instanceKey is where the private state keeps what tells the plans of one resource from those of another.
const instanceKey = "instance"

// instance returns what tells this resource from others of its type: Terraform does not tell a provider the addresses of resources, and
// plans a replacement twice.
func (r *exclusiveResource) instance(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) string {
	text, diags := req.Private.GetKey(ctx, instanceKey)
	resp.Diagnostics.Append(diags...)
	if text != nil {
		return string(text)
	}
	text, err := json.Marshal(rand.Text())
	if err != nil {
		resp.Diagnostics.AddError("Unable to plan "+r.kind.thing, err.Error())
		return ""
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, instanceKey, text)...)
	return string(text)
}

// planEnd plans that the resource lets go of a list, which takes everybody's access away.
func (r *exclusiveResource) planEnd(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, instance string) {
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	live, diags := r.remembered(ctx, req.Private, r.kind.scopeOf(state)) // to read it again would cost every destroy its listings
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	steps, err := r.leaving(ctx, state, live)
	if err != nil {
		resp.Diagnostics.Append(unable("plan "+r.kind.thing, r.directory, err))
		return
	}
	taken := access.NewRoster(each(steps, func(s access.Step) access.Grant { return s.Grant }))
	r.warn(resp, state, steps, nil)
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("allow_self_lockout"), &state.AllowSelfLockout)...)
	}
	r.guardList(ctx, resp, state, steps)
	r.claim(ctx, resp, access.Claim{Scope: r.kind.scopeOf(state), By: r.kind.typeName(), Instance: instance, Wanted: taken, Leaves: true})
	r.mayChange(ctx, req, resp, steps)
	if !req.Plan.Raw.IsNull() {
		r.warnNext(ctx, resp)
	}
}

// planList plans who has access, and tells whether anything changes. What the plan says of the people who lose access comes from the same
// refresh as the state; when the resource is new, from the live list.
func (r *exclusiveResource) planList(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, instance string) (changes bool) {
	plan, diags := r.kind.read(ctx, resp.Plan)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() || plan.Workspace.IsUnknown() {
		return true
	}
	live, ok := r.before(ctx, req, resp, plan)
	entries, known := r.kind.entries(plan)
	wanted := r.resolve(ctx, resp, plan, entries, live)
	if resp.Diagnostics.HasError() {
		return true
	}
	if !plan.Object.IsUnknown() {
		r.claim(ctx, resp, access.Claim{Scope: r.kind.scopeOf(plan), By: r.kind.typeName(), Instance: instance, Wanted: access.NewRoster(wanted), New: req.State.Raw.IsNull()})
	}
	if !ok {
		return true
	}
	if !known || !plan.knowsUnmanaged() {
		r.warnUnknown(resp, plan, live, wanted)
		return true
	}
	changes = !r.keepWords(ctx, req, resp, &plan, live, wanted)
	steps, others := r.compare(plan, live, wanted)
	if changes {
		r.planRows(&plan, entries, steps, others)
	}
	resp.Diagnostics.Append(r.kind.write(ctx, &resp.Plan, plan)...)
	r.warn(resp, plan, steps, others)
	r.warnLevels(resp, plan, live, wanted)
	r.guardList(ctx, resp, plan, steps)
	r.mayChange(ctx, req, resp, steps)
	return changes
}

// before returns who has access before the plan is applied. It tells not ok where that is not known: an object that does not exist yet, or
// whose name is not known yet, may be made in the same apply.
func (r *exclusiveResource) before(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan exclusiveModel) (access.Roster, bool) {
	scope := r.kind.scopeOf(plan)
	if plan.Object.IsUnknown() {
		if plan.Unmanaged.ValueString() != reportUnmanaged {
			resp.Diagnostics.AddAttributeWarning(path.Root(r.kind.scope.attribute), fmt.Sprintf("Who loses access to the %s is not known", r.kind.scope.kind),
				fmt.Sprintf("Which %s that is becomes known only after apply. Whoever has access to it and is not in the configuration loses it.", r.kind.scope.kind))
		}
		return access.Roster{}, false
	}
	if !req.State.Raw.IsNull() {
		live, diags := r.remembered(ctx, req.Private, scope)
		resp.Diagnostics.Append(diags...)
		return live, !resp.Diagnostics.HasError()
	}
	live, err := r.directory.EntriesBefore(ctx, scope)
	switch {
	case err == nil:
		return live, true
	case errors.Is(err, access.ErrNotFound), errors.Is(err, access.ErrHidden):
		resp.Diagnostics.AddAttributeWarning(path.Root(r.kind.scope.attribute), fmt.Sprintf("Who loses access to %s is not known", scope),
			fmt.Sprintf("%s\n\nIf this apply creates it, whoever gets access with its creation and is not in the configuration loses it again. "+
				"Otherwise the apply will fail: correct the name.", sentence(err.Error())))
	default:
		resp.Diagnostics.Append(unable("read "+r.kind.thing, r.directory, err))
	}
	return access.Roster{}, false
}

// resolve finds out whom the entries of a plan name, and refuses who is named twice or cannot have access.
func (r *exclusiveResource) resolve(ctx context.Context, resp *resource.ModifyPlanResponse, plan exclusiveModel, entries []named, live access.Roster) []access.Grant {
	wanted, err := r.directory.Known(ctx, live, r.kind.grants(plan))
	if err != nil {
		resp.Diagnostics.Append(unable("find the users of "+r.kind.thing, r.directory, err))
		return nil
	}
	for i, g := range wanted {
		if _, has := live.Match(g); has || g.Principal.Kind != access.UserPrincipal {
			continue
		}
		person, diags := r.checkPerson(ctx, r.kind.at(entries[i]), plan.Workspace.ValueString(), entries[i].key, r.kind.find)
		resp.Diagnostics.Append(diags...)
		if person.UUID != "" || person.AccountID != "" {
			wanted[i].Principal.ID, wanted[i].AccountID, wanted[i].Name = person.UUID, person.AccountID, person.DisplayName
		}
		resp.Diagnostics.Append(warnAdministrator(r.kind.at(entries[i]), r.kind.scope.kind, person)...)
	}
	for i, g := range wanted {
		bySlug := access.Grant{Principal: g.Principal} // by name it cannot be told before the group has access
		if g.Principal.Kind == access.GroupPrincipal && len(plan.withoutIgnored([]access.Grant{bySlug})) == 0 {
			resp.Diagnostics.AddAttributeError(r.kind.at(entries[i]), "Named and left alone", fmt.Sprintf("Group %s is in ignore_groups too. Take it out there to manage "+
				"its permission, or here to leave it alone.", entries[i].key))
		}
	}
	for _, i := range access.Repeated(wanted) {
		resp.Diagnostics.AddAttributeError(r.kind.at(entries[i]), "Named twice", fmt.Sprintf("%s of %s is %s, who is there already by another id. Remove one of the two.",
			entries[i].key, r.kind.columns[entries[i].column].attribute, wanted[i].Who()))
	}
	return wanted
}

// keepWords takes the words of the state into the plan where they name the same access, and tells whether nothing else changes either.
func (r *exclusiveResource) keepWords(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, plan *exclusiveModel, live access.Roster, wanted []access.Grant,
) (same bool) {
	if req.State.Raw.IsNull() {
		return false
	}
	state, diags := r.kind.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	had, err := r.directory.Known(ctx, live, r.kind.grants(state))
	if err != nil || resp.Diagnostics.HasError() {
		return false // then the plan shows the change of words
	}
	steps, others := access.NewRoster(had).Compare(wanted)
	if len(steps) > 0 || len(others) > 0 {
		return false
	}
	plan.Columns = state.Columns
	if same = plan.Unmanaged.Equal(state.Unmanaged) && plan.IgnoreGroups.Equal(state.IgnoreGroups) && plan.AllowSelfLockout.Equal(state.AllowSelfLockout); same {
		plan.Revokes, plan.Lowers, plan.Extras = state.Revokes, state.Lowers, state.Extras
	}
	return same
}

// compare returns what has to be done, and who keeps access without being named.
func (r *exclusiveResource) compare(plan exclusiveModel, live access.Roster, wanted []access.Grant) (steps []access.Step, extras []access.Grant) {
	steps, others := live.Compare(settledLevels(wanted, live))
	others = plan.withoutIgnored(others)
	if plan.Unmanaged.ValueString() == reportUnmanaged {
		return steps, others
	}
	return append(steps, revokes(others)...), nil
}

// settledLevels are wanted entries, of which those whose level is not known yet keep the one that they have.
func settledLevels(wanted []access.Grant, live access.Roster) []access.Grant {
	return each(wanted, func(g access.Grant) access.Grant {
		if now, ok := live.Match(g); ok && g.Permission == "" {
			g.Permission = now.Permission
		}
		return g
	})
}

// planRows fills in the computed lists of a plan.
func (r *exclusiveResource) planRows(plan *exclusiveModel, entries []named, steps []access.Step, others []access.Grant) {
	var gone, lower []access.Step
	for _, s := range losses(steps) {
		if s.To == access.None {
			gone = append(gone, s)
		} else {
			lower = append(lower, s)
		}
	}
	plan.Revokes, plan.Lowers, plan.Extras = r.kind.rows(gone, false), r.kind.rows(lower, true), r.kind.rows(revokes(others), false)
	for _, n := range entries {
		if n.level.IsUnknown() {
			plan.Lowers = types.ListUnknown(r.kind.rowType(true))
		}
	}
}

// guardList reports steps that would lock the user of the credential out.
func (r *exclusiveResource) guardList(ctx context.Context, resp *resource.ModifyPlanResponse, m exclusiveModel, steps []access.Step) {
	r.guard(ctx, resp, "access", access.Loss{Scope: r.kind.scopeOf(m), Steps: steps, Allowed: m.AllowSelfLockout.ValueBool()})
}

// mayChange refuses steps that the place refuses where groups are administered.
func (r *exclusiveResource) mayChange(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse, steps []access.Step) {
	if r.kind.scope.kind == access.GroupScope && len(steps) > 0 {
		r.mayChangeGroup(ctx, req, resp, r.kind.scope.attribute, access.GroupChange{})
	}
}
