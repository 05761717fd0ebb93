package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// groupsModel is the groups of a workspace in Terraform.
type groupsModel struct {
	Workspace types.String `tfsdk:"workspace"`
	Groups    []groupRow   `tfsdk:"groups"`
}

func newGroupsDataSource() datasource.DataSource {
	return &dataSource[groupsModel]{
		name:  "groups",
		about: "The groups of a workspace with their members. " + aboutGroupScopes,
		attributes: map[string]schema.Attribute{
			"workspace": argument(aboutWorkspace, workspaceRef),
			"groups":    rows("The groups, in Bitbucket's order.", groupAttributes()),
		},
		read: func(ctx context.Context, d *access.Directory, m *groupsModel) error {
			groups, err := d.Groups(ctx, m.Workspace.ValueString())
			if err != nil {
				return err
			}
			m.Groups = make([]groupRow, len(groups))
			return access.EachAtOnce(ctx, groups, func(ctx context.Context, i int, g access.Group) (err error) {
				m.Groups[i], err = readGroupRow(ctx, d, m.Workspace.ValueString(), g)
				return err
			})
		},
	}
}
