package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// repositoriesModel is the repositories of a workspace in Terraform.
type repositoriesModel struct {
	Workspace    types.String    `tfsdk:"workspace"`
	ProjectKey   types.String    `tfsdk:"project_key"`
	Query        types.String    `tfsdk:"query"`
	Repositories []repositoryRow `tfsdk:"repositories"`
}

func newRepositoriesDataSource() datasource.DataSource {
	return &dataSource[repositoriesModel]{
		name: "repositories",
		about: "The repositories of a workspace that the credential sees, all of them or those that match every argument. " + aboutRepositoryScopes +
			"\n\nCosts one request for each 100 repositories.",
		attributes: map[string]schema.Attribute{
			"workspace":   argument(aboutWorkspace, workspaceRef),
			"project_key": optional("Only the repositories of this project.", projectKey),
			"query": optional("Only the repositories that match this filter in [Bitbucket's query language]"+
				"(https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering), such as `name ~ \"api\"`.", filterQuery),
			"repositories": rows("The repositories, in Bitbucket's order.", repositoryAttributes()),
		},
		read: func(ctx context.Context, d *access.Directory, m *repositoriesModel) error {
			repositories, err := d.Repositories(ctx, m.Workspace.ValueString(), m.filter())
			m.Repositories = each(repositories, newRepositoryRow)
			return err
		},
	}
}

// filter joins the arguments into one filter, "" when there are none.
func (m *repositoriesModel) filter() string {
	var filters []string
	if !m.ProjectKey.IsNull() {
		filters = append(filters, access.InProject(m.ProjectKey.ValueString()))
	}
	if !m.Query.IsNull() {
		filters = append(filters, "("+m.Query.ValueString()+")")
	}
	return strings.Join(filters, " AND ")
}
