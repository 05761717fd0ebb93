package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// projectModel is a project in Terraform, with the arguments that found it.
type projectModel struct {
	Workspace  types.String `tfsdk:"workspace"`
	ProjectKey types.String `tfsdk:"project_key"`
	projectRow
}

// projectRow is what data sources tell of a project.
type projectRow struct {
	Key         types.String `tfsdk:"key"`
	UUID        types.String `tfsdk:"uuid"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	IsPrivate   types.Bool   `tfsdk:"is_private"`
}

func newProjectRow(p bitbucket.Project) projectRow {
	return projectRow{
		Key: types.StringValue(p.Key), UUID: types.StringValue(p.UUID), Name: types.StringValue(p.Name), Description: orNull(p.Description),
		IsPrivate: types.BoolValue(p.IsPrivate),
	}
}

// projectAttributes are the attributes of a projectRow.
func projectAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"key":         text("The key, as `project_key` of resources takes it."),
		"uuid":        text("The UUID in braces."),
		"name":        text("The name."),
		"description": text("The description; null when there is none."),
		"is_private":  flag("Whether the project is private."),
	}
}

const aboutProjectScopes = "Scope: `read:project:bitbucket`."

func newProjectDataSource() datasource.DataSource {
	return &dataSource[projectModel]{
		name:  "project",
		about: "A project of a workspace. It is an error when there is none. " + aboutProjectScopes,
		attributes: with(projectAttributes(), map[string]schema.Attribute{
			"workspace":   argument(aboutWorkspace, workspaceRef),
			"project_key": argument(aboutProjectKey, projectKey),
		}),
		read: func(ctx context.Context, d *access.Directory, m *projectModel) error {
			return fill(&m.projectRow, newProjectRow)(d.Project(ctx, m.Workspace.ValueString(), m.ProjectKey.ValueString()))
		},
	}
}
