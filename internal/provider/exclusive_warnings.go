package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// warn names everybody who loses access, or has it without being in the configuration.
func (r *exclusiveResource) warn(resp *resource.ModifyPlanResponse, plan exclusiveModel, steps []access.Step, others []access.Grant) {
	scope := r.kind.scopeOf(plan)
	if lines := each(losses(steps), access.Step.String); len(lines) > 0 {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Access to %s is taken away", scope),
			fmt.Sprintf("Applying this plan will:\n%s", bullets(lines)))
	}
	if len(others) > 0 {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Access to %s that is not in the configuration", scope),
			fmt.Sprintf("It stays as it is, because unmanaged is %q:\n%s", reportUnmanaged, bullets(each(others, entryLine))))
	}
}

// losses are the steps by which somebody has less afterwards, as far as that is known.
func losses(steps []access.Step) []access.Step {
	return slices.DeleteFunc(slices.Clone(steps), func(s access.Step) bool { return !s.Takes() || s.To == "" })
}

// warnUnknown names everybody who may lose access when that is decided by values that are known only after apply.
func (r *exclusiveResource) warnUnknown(resp *resource.ModifyPlanResponse, plan exclusiveModel, live access.Roster, wanted []access.Grant) {
	steps, _ := r.compare(plan, live, wanted)
	if lines := each(losses(steps), access.Step.String); len(lines) > 0 {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Access to %s may be taken away", r.kind.scopeOf(plan)),
			fmt.Sprintf("Part of the configuration is known only after apply. Unless it turns out to keep them, applying this plan will:\n%s\n\nTo see who loses access before "+
				"it happens, apply first, with -target, what the values come from.", bullets(lines)))
	}
	r.warnLevels(resp, plan, live, wanted)
}

// warnLevels names everybody who may get a lower level because theirs is known only after apply.
func (r *exclusiveResource) warnLevels(resp *resource.ModifyPlanResponse, plan exclusiveModel, live access.Roster, wanted []access.Grant) {
	var lines []string
	for _, g := range wanted {
		if now, ok := live.Match(g); ok && g.Permission == "" && string(now.Permission) != r.kind.levels()[0] {
			lines = append(lines, entryLine(now))
		}
	}
	if len(lines) > 0 {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Access to %s may become lower", r.kind.scopeOf(plan)),
			fmt.Sprintf("The level that these are to have is known only after apply:\n%s", bullets(lines)))
	}
}

// warnNext names who loses access to the object that comes in the place of the old one: of the plan for that, Terraform shows no warnings.
func (r *exclusiveResource) warnNext(ctx context.Context, resp *resource.ModifyPlanResponse) {
	plan, diags := r.kind.read(ctx, resp.Plan)
	resp.Diagnostics.Append(diags...)
	if _, known := r.kind.entries(plan); !known || !plan.knowsUnmanaged() || plan.Workspace.IsUnknown() || plan.Object.IsUnknown() {
		return
	}
	live, err := r.directory.EntriesBefore(ctx, r.kind.scopeOf(plan))
	var wanted []access.Grant
	if err == nil {
		wanted, err = r.directory.Known(ctx, live, r.kind.grants(plan))
	}
	if err != nil {
		return // the plan for the new object says it
	}
	steps, others := r.compare(plan, live, wanted)
	r.warn(resp, plan, steps, others)
}

// entryLine says who has what.
func entryLine(g access.Grant) string {
	if g.Scope.Kind == access.GroupScope {
		return g.Who()
	}
	return fmt.Sprintf("%s: %s", g.Who(), g.Permission)
}
