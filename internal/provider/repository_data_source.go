package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// repositoryModel is a repository in Terraform, with the arguments that found it.
type repositoryModel struct {
	Workspace types.String `tfsdk:"workspace"`
	RepoSlug  types.String `tfsdk:"repo_slug"`
	repositoryRow
}

// repositoryRow is what data sources tell of a repository.
type repositoryRow struct {
	Slug        types.String `tfsdk:"slug"`
	UUID        types.String `tfsdk:"uuid"`
	Name        types.String `tfsdk:"name"`
	FullName    types.String `tfsdk:"full_name"`
	ProjectKey  types.String `tfsdk:"project_key"`
	IsPrivate   types.Bool   `tfsdk:"is_private"`
	Description types.String `tfsdk:"description"`
}

func newRepositoryRow(r bitbucket.Repository) repositoryRow {
	return repositoryRow{
		Slug: types.StringValue(r.Slug), UUID: types.StringValue(r.UUID), Name: types.StringValue(r.Name), FullName: types.StringValue(r.FullName),
		ProjectKey: orNull(r.Project.Key), IsPrivate: types.BoolValue(r.IsPrivate), Description: orNull(r.Description),
	}
}

// repositoryAttributes are the attributes of a repositoryRow.
func repositoryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"slug":        text("The slug, as `repo_slug` of resources takes it."),
		"uuid":        text("The UUID in braces."),
		"name":        text("The name."),
		"full_name":   text("The workspace and the slug, as in `acme/api`."),
		"project_key": text("The key of the project that the repository belongs to."),
		"is_private":  flag("Whether the repository is private."),
		"description": text("The description; null when there is none."),
	}
}

const aboutRepositoryScopes = "Scope: `read:repository:bitbucket`."

func newRepositoryDataSource() datasource.DataSource {
	return &dataSource[repositoryModel]{
		name:  "repository",
		about: "A repository of a workspace. It is an error when there is none. " + aboutRepositoryScopes,
		attributes: with(repositoryAttributes(), map[string]schema.Attribute{
			"workspace": argument(aboutWorkspace, workspaceRef),
			"repo_slug": argument(aboutRepoSlug, repoSlug),
		}),
		read: func(ctx context.Context, d *access.Directory, m *repositoryModel) error {
			return fill(&m.repositoryRow, newRepositoryRow)(d.Repository(ctx, m.Workspace.ValueString(), m.RepoSlug.ValueString()))
		},
	}
}
