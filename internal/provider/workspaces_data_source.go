package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// workspacesModel is a list of workspaces in Terraform.
type workspacesModel struct {
	Workspaces []workspaceRow `tfsdk:"workspaces"`
}

func newWorkspacesDataSource() datasource.DataSource {
	return &dataSource[workspacesModel]{
		name: "workspaces",
		about: "The workspaces that the credential sees and that the provider's `workspaces` admits. " + aboutWorkspaceScopes + "\n\nCosts up to two requests for each " +
			"workspace, one for its name and one for its groups.",
		attributes: map[string]schema.Attribute{"workspaces": rows("The workspaces.", workspaceAttributes())},
		read: func(ctx context.Context, d *access.Directory, m *workspacesModel) error {
			workspaces, err := d.Workspaces(ctx)
			m.Workspaces = each(workspaces, newWorkspaceRow)
			return err
		},
	}
}
