package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var _ datasource.DataSourceWithConfigure = (*permissionsDataSource)(nil)

func newPermissionsDataSource(scope scopePart) datasource.DataSource {
	return &permissionsDataSource{scope: scope}
}

// permissionsDataSource tells all explicit grants on one object. Its scope says on which kind of object.
type permissionsDataSource struct {
	queried
	scope scopePart
}

// userGrantRow is a grant to a user.
type userGrantRow struct {
	UserID      types.String `tfsdk:"user_id"`
	AccountID   types.String `tfsdk:"account_id"`
	DisplayName types.String `tfsdk:"display_name"`
	Permission  types.String `tfsdk:"permission"`
	ImportID    types.String `tfsdk:"import_id"`
}

// groupGrantRow is a grant to a group.
type groupGrantRow struct {
	GroupSlug  types.String `tfsdk:"group_slug"`
	Name       types.String `tfsdk:"name"`
	Permission types.String `tfsdk:"permission"`
	ImportID   types.String `tfsdk:"import_id"`
}

func (s *permissionsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = typeName + "_" + s.name()
}

func (s *permissionsDataSource) name() string { return string(s.scope.kind) + "_permissions" }

func (s *permissionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	permission := text("What is granted: " + oneOf(levels(s.scope.kind.Permissions())) + ".")
	aboutImportID := func(kind access.PrincipalKind) schema.StringAttribute {
		return text(fmt.Sprintf("The id to import the grant with into `%s_%s_%s_permission`.", typeName, s.scope.kind, kind))
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("The explicit permissions of users and groups on a %[1]s, whoever granted them. What people get otherwise, such as "+
			"through a group, is not among them. Scope: %[2]s, of a user who administers the %[1]s.\n\nCosts one request for each 100 users and one "+
			"for each 100 groups, which everything in a run shares.",
			s.scope.kind, scopeNames(s.scope.scopes.read)),
		Attributes: map[string]schema.Attribute{
			"workspace":       argument(aboutWorkspace, workspaceRef),
			s.scope.attribute: argument(s.scope.about, s.scope.rule),
			"users": rows("The permissions of users, in Bitbucket's order.", map[string]schema.Attribute{
				"user_id":      text("The UUID of the user in braces."),
				"account_id":   text("The Atlassian account id of the user."),
				"display_name": text("The name that Bitbucket shows."),
				"permission":   permission,
				"import_id":    aboutImportID(access.UserPrincipal),
			}),
			"groups": rows("The permissions of groups, in Bitbucket's order.", map[string]schema.Attribute{
				"group_slug": text("The slug of the group."),
				"name":       text("The name of the group."),
				"permission": permission,
				"import_id":  aboutImportID(access.GroupPrincipal),
			}),
		},
	}
}

func (s *permissionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !s.ready("read "+typeName+"_"+s.name(), &resp.Diagnostics) {
		return
	}
	var workspace, object types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("workspace"), &workspace)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(s.scope.attribute), &object)...)
	if resp.Diagnostics.HasError() {
		return
	}
	scope := access.Scope{Kind: s.scope.kind, Workspace: workspace.ValueString(), Name: object.ValueString()}
	users, err := s.directory.Grants(ctx, scope, access.UserPrincipal)
	if err != nil {
		resp.Diagnostics.Append(unable("read "+string(s.scope.kind)+" permissions", s.directory, err))
		return
	}
	groups, err := s.directory.Grants(ctx, scope, access.GroupPrincipal)
	if err != nil {
		resp.Diagnostics.Append(unable("read "+string(s.scope.kind)+" permissions", s.directory, err))
		return
	}
	userRows := each(users, func(g access.Grant) userGrantRow {
		return userGrantRow{
			types.StringValue(g.Principal.ID), orNull(g.AccountID), orNull(g.Name), types.StringValue(string(g.Permission)),
			importID(scope.Workspace, scope.Name, g.Principal.ID),
		}
	})
	groupRows := each(groups, func(g access.Grant) groupGrantRow {
		return groupGrantRow{types.StringValue(g.Principal.ID), orNull(g.Name), types.StringValue(string(g.Permission)), importID(scope.Workspace, scope.Name, g.Principal.ID)}
	})
	for attribute, value := range map[string]any{"workspace": workspace, s.scope.attribute: object, "users": userRows, "groups": groupRows} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
}
