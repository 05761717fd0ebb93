package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// warnOfNamesake tells that a new group will be refused, unless the one that has its name goes before.
func (r *groupResource) warnOfNamesake(ctx context.Context, resp *resource.ModifyPlanResponse) {
	var plan groupModel
	resp.Diagnostics.Append(resp.Plan.Get(ctx, &plan)...)
	if r.directory == nil || resp.Diagnostics.HasError() || plan.Workspace.IsUnknown() {
		return
	}
	if group, there := r.directory.Namesake(ctx, plan.Workspace.ValueString(), plan.Name.ValueString()); there {
		resp.Diagnostics.AddAttributeWarning(path.Root("name"), "A group has this name already", toImport(plan, group)+" Without that, applying this plan "+
			"is refused, unless it deletes or renames that group before.")
	}
}

// toImport says how to manage a group that has the name of a new one, and how many are in it where Bitbucket tells.
func toImport(plan groupModel, group access.Group) string {
	members := ""
	switch n := len(group.Members); n {
	case 0:
	case 1:
		members = " It has 1 member."
	default:
		members = fmt.Sprintf(" It has %d members.", n)
	}
	workspace := plan.Workspace.ValueString()
	return fmt.Sprintf("Group %q of workspace %s has the slug %s.%s To manage it here, import it with the "+
		"id %s/%s.", group.Name, workspace, group.Slug, members, workspace, group.Slug)
}
