package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// groupDataModel is a group in Terraform, with the argument that found it.
type groupDataModel struct {
	Workspace types.String `tfsdk:"workspace"`
	GroupSlug types.String `tfsdk:"group_slug"`
	groupRow
}

// groupRow is what data sources tell of a group.
type groupRow struct {
	Slug       types.String `tfsdk:"slug"`
	Name       types.String `tfsdk:"name"`
	Permission types.String `tfsdk:"permission"`
	Members    []memberRow  `tfsdk:"members"`
	ImportID   types.String `tfsdk:"import_id"`
}

// memberRow is what data sources tell of a member of a group, who carries no role there.
type memberRow struct {
	UUID        types.String `tfsdk:"uuid"`
	AccountID   types.String `tfsdk:"account_id"`
	DisplayName types.String `tfsdk:"display_name"`
	Nickname    types.String `tfsdk:"nickname"`
	ImportID    types.String `tfsdk:"import_id"`
}

// readGroupRow makes the row of a group, whose members may have to be read.
func readGroupRow(ctx context.Context, d *access.Directory, workspace string, g access.Group) (groupRow, error) {
	members, err := d.Members(ctx, workspace, g.Slug)
	row := groupRow{
		Slug: types.StringValue(g.Slug), Name: types.StringValue(g.Name), Permission: types.StringNull(), ImportID: importID(workspace, g.Slug),
	}
	if g.Permission != access.None {
		row.Permission = types.StringValue(string(g.Permission))
	}
	row.Members = each(members, func(p access.Person) memberRow {
		return memberRow{
			UUID: orNull(p.UUID), AccountID: orNull(p.AccountID), DisplayName: orNull(p.DisplayName), Nickname: orNull(p.Nickname),
			ImportID: importID(workspace, g.Slug, cmp.Or(p.UUID, p.AccountID)),
		}
	})
	return row, err
}

// groupAttributes are the attributes of a groupRow.
func groupAttributes() map[string]schema.Attribute {
	members := personAttributes()
	delete(members, "role")
	members["import_id"] = text("The id to import the membership with into `bitbucket_group_membership`.")
	return map[string]schema.Attribute{
		"slug":       text("The slug, as `group_slug` of resources takes it. A UUID on workspaces administered at admin.atlassian.com."),
		"name":       text("The name."),
		"permission": text("What the group gets on every new repository; null is nothing."),
		"members":    rows("The members.", members),
		"import_id":  text("The id to import the group with into `bitbucket_group`."),
	}
}

// What data sources and lists say about reading groups.
const (
	aboutReadingGroups = "Scopes of an API token: `admin:workspace:bitbucket` and `read:permission:bitbucket`, of a user who administers the workspace." +
		"\n\nAll groups of a workspace and their members are read with one request, which everything in a run shares. With access to the organization of a workspace " +
		"administered at admin.atlassian.com, which takes `read:workspace:bitbucket` too, the members of each group that is used are read from there: suspended " +
		"people are among them, "
	aboutGroupScopes  = aboutReadingGroups + "and `uuid` is null for those whom Bitbucket does not show."
	aboutListedGroups = aboutReadingGroups + "and those whom Bitbucket does not show are named by their account id."
)

func newGroupDataSource() datasource.DataSource {
	arguments := map[string]schema.Attribute{
		"name":       lookup("The name. Give it to find the group by its name, in any case.", notEmpty),
		"workspace":  argument(aboutWorkspace, workspaceRef),
		"group_slug": lookup("Find the group with this slug.", groupSlug, stringvalidator.ExactlyOneOf(path.MatchRoot("group_slug"), path.MatchRoot("name"))),
	}
	return &dataSource[groupDataModel]{
		name:       "group",
		about:      "A group of a workspace with its members, found by slug or name. It is an error when there is none. " + aboutGroupScopes,
		attributes: with(groupAttributes(), arguments),
		read: func(ctx context.Context, d *access.Directory, m *groupDataModel) error {
			find, key := d.Group, m.GroupSlug.ValueString()
			if m.GroupSlug.IsNull() {
				find, key = d.GroupByName, m.Name.ValueString()
			}
			g, err := find(ctx, m.Workspace.ValueString(), key)
			if err != nil {
				return err
			}
			name := m.Name
			if m.groupRow, err = readGroupRow(ctx, d, m.Workspace.ValueString(), g); err != nil {
				return err
			}
			m.GroupSlug = m.Slug
			if !name.IsNull() { // an argument keeps its words
				m.Name = name
			}
			return nil
		},
	}
}
