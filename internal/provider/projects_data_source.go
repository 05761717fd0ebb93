package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// projectsModel is the projects of a workspace in Terraform.
type projectsModel struct {
	Workspace types.String `tfsdk:"workspace"`
	Projects  []projectRow `tfsdk:"projects"`
}

func newProjectsDataSource() datasource.DataSource {
	return &dataSource[projectsModel]{
		name:  "projects",
		about: "The projects of a workspace that the credential sees. " + aboutProjectScopes + "\n\nCosts one request for each 100 projects.",
		attributes: map[string]schema.Attribute{
			"workspace": argument(aboutWorkspace, workspaceRef),
			"projects":  rows("The projects, in Bitbucket's order.", projectAttributes()),
		},
		read: func(ctx context.Context, d *access.Directory, m *projectsModel) error {
			projects, err := d.Projects(ctx, m.Workspace.ValueString())
			m.Projects = each(projects, newProjectRow)
			return err
		},
	}
}
