package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// workspaceModel is a workspace in Terraform.
type workspaceModel struct {
	Workspace types.String `tfsdk:"workspace"`
	workspaceRow
}

// workspaceRow is what data sources tell of a workspace.
type workspaceRow struct {
	UUID           types.String `tfsdk:"uuid"`
	Slug           types.String `tfsdk:"slug"`
	Name           types.String `tfsdk:"name"`
	Administrator  types.Bool   `tfsdk:"administrator"`
	AdministeredBy types.String `tfsdk:"administered_by"`
}

func newWorkspaceRow(w access.WorkspaceInfo) workspaceRow {
	row := workspaceRow{
		UUID: types.StringValue(w.UUID), Slug: types.StringValue(w.Slug), Name: types.StringValue(w.Name),
		Administrator: types.BoolPointerValue(w.Administrator), AdministeredBy: types.StringNull(),
	}
	if w.OrganizationManaged != nil {
		row.AdministeredBy = types.StringValue(map[bool]string{true: "organization", false: "bitbucket"}[*w.OrganizationManaged])
	}
	return row
}

// workspaceAttributes are the attributes of a workspaceRow.
func workspaceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"uuid":          text("The UUID in braces."),
		"slug":          text("The slug, which names the workspace in addresses."),
		"name":          text("The name."),
		"administrator": flag("Whether the credential's user administers the workspace. Null for a credential that is no person's."),
		"administered_by": text("Where users and groups are administered: `bitbucket`, or `organization` for admin.atlassian.com. Null unless the credential " +
			"may list the groups and there are any."),
	}
}

const aboutWorkspaceScopes = "Scopes: `read:workspace:bitbucket`; for `administered_by`, `admin:workspace:bitbucket` and `read:permission:bitbucket` too."

func newWorkspaceDataSource() datasource.DataSource {
	return &dataSource[workspaceModel]{
		name:       "workspace",
		about:      "A workspace. " + aboutWorkspaceScopes,
		attributes: with(workspaceAttributes(), map[string]schema.Attribute{"workspace": argument(aboutWorkspace, workspaceRef)}),
		read: func(ctx context.Context, d *access.Directory, m *workspaceModel) error {
			return fill(&m.workspaceRow, newWorkspaceRow)(d.Workspace(ctx, m.Workspace.ValueString()))
		},
	}
}
