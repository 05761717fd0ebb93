package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// currentUserModel is the account of the credential in Terraform.
type currentUserModel struct {
	UUID        types.String   `tfsdk:"uuid"`
	AccountID   types.String   `tfsdk:"account_id"`
	DisplayName types.String   `tfsdk:"display_name"`
	Nickname    types.String   `tfsdk:"nickname"`
	Credential  types.String   `tfsdk:"credential"`
	Scopes      []types.String `tfsdk:"scopes"`
}

func newCurrentUserDataSource() datasource.DataSource {
	return &dataSource[currentUserModel]{
		name: "current_user",
		about: "The account that the provider's credential belongs to. For an access token or an OAuth consumer it is an account that Bitbucket keeps for " +
			"it. Scope: `read:user:bitbucket`; Bitbucket refuses access tokens of repositories and projects.",
		attributes: map[string]schema.Attribute{
			"uuid":         text("The UUID in braces."),
			"account_id":   text("The Atlassian account id; null for an account that is no person."),
			"display_name": text("The name that Bitbucket shows."),
			"nickname":     text("The nickname, which is not unique."),
			"credential":   text("The kind of the credential: `API token`, `access token` or `OAuth consumer`."),
			"scopes": schema.ListAttribute{
				MarkdownDescription: "The scopes of the credential; null where Bitbucket does not tell them.", ElementType: types.StringType, Computed: true,
			},
		},
		read: func(ctx context.Context, d *access.Directory, m *currentUserModel) error {
			u, err := d.CurrentUser(ctx)
			if err != nil {
				return err
			}
			*m = currentUserModel{
				UUID: types.StringValue(u.UUID), AccountID: orNull(u.AccountID), DisplayName: orNull(u.DisplayName), Nickname: orNull(u.Nickname),
				Credential: types.StringValue(string(d.Credential)),
			}
			if u.Scopes != nil {
				m.Scopes = each(u.Scopes, types.StringValue)
			}
			return nil
		},
	}
}
