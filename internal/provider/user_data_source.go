package provider

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// userModel is a person of a workspace in Terraform.
type userModel struct {
	Workspace types.String `tfsdk:"workspace"`
	UserID    types.String `tfsdk:"user_id"`
	Email     types.String `tfsdk:"email"`
	personRow
}

// personRow is what data sources tell of a person.
type personRow struct {
	UUID        types.String `tfsdk:"uuid"`
	AccountID   types.String `tfsdk:"account_id"`
	DisplayName types.String `tfsdk:"display_name"`
	Nickname    types.String `tfsdk:"nickname"`
	Role        types.String `tfsdk:"role"`
}

func newPersonRow(p access.Person) personRow {
	return personRow{
		UUID: orNull(p.UUID), AccountID: orNull(p.AccountID), DisplayName: orNull(p.DisplayName), Nickname: orNull(p.Nickname),
		Role: orNull(p.Role),
	}
}

// personAttributes are the attributes of a personRow.
func personAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"uuid":         text("The UUID in braces, as `user_id` of resources takes it."),
		"account_id":   text("The Atlassian account id."),
		"display_name": text("The name that Bitbucket shows."),
		"nickname":     text("The nickname, which is not unique."),
		"role":         text("The role in the workspace: `member`, `collaborator` or `owner`, which Bitbucket shows as administrator."),
	}
}

func newUserDataSource() datasource.DataSource {
	arguments := map[string]schema.Attribute{
		"workspace": argument(aboutWorkspace, workspaceRef),
		"user_id": lookup("Find the user with this UUID, with or without braces, or Atlassian account id.", userID,
			stringvalidator.ExactlyOneOf(path.MatchRoot("user_id"), path.MatchRoot("email"), path.MatchRoot("nickname"))),
		"email": optional("Find the user with this e-mail address. Workspace administrators only. On workspaces administered at admin.atlassian.com, with access to "+
			"the organization, people who are only there are found too; `uuid` and `role` are null then, and `account_id` names them.", emailAddress),
		"nickname": lookup("Find the user with this nickname. It is an error when several have it. Anyone can choose any nickname: do not "+
			"grant access by it.", notEmpty),
	}
	return &dataSource[userModel]{
		name: "user",
		about: "A member of a workspace, found by id, e-mail address or nickname. It is an error when there is none. Scope: `read:workspace:bitbucket`." +
			"\n\nAll lookups in a workspace share one listing of its members; those by e-mail address ask once each: for several, use `bitbucket_users`.",
		attributes: with(personAttributes(), arguments),
		read:       readUser,
	}
}

func readUser(ctx context.Context, d *access.Directory, m *userModel) error {
	person, err := findPerson(ctx, d, m)
	if err != nil {
		return err
	}
	if m.UserID.IsNull() {
		m.UserID = types.StringValue(cmp.Or(person.UUID, person.AccountID))
	}
	m.personRow = newPersonRow(person)
	return nil
}

// findPerson finds the person by the one argument that is given.
func findPerson(ctx context.Context, d *access.Directory, m *userModel) (access.Person, error) {
	workspace := m.Workspace.ValueString()
	switch {
	case !m.UserID.IsNull():
		return d.Person(ctx, workspace, m.UserID.ValueString())
	case !m.Email.IsNull():
		found, err := d.PeopleByEmail(ctx, workspace, []string{m.Email.ValueString()})
		if err != nil {
			return access.Person{}, err
		}
		person := found[m.Email.ValueString()]
		if person.UUID == "" { // who is in the organization only has no role in the workspace
			return person, nil
		}
		return d.Person(ctx, workspace, person.UUID)
	}
	return findNickname(ctx, d, workspace, m.Nickname.ValueString())
}

func findNickname(ctx context.Context, d *access.Directory, workspace, nickname string) (access.Person, error) {
	people, err := d.People(ctx, workspace)
	if err != nil {
		return access.Person{}, err
	}
	var candidates []access.Person
	for _, p := range people {
		if p.Nickname == nickname {
			candidates = append(candidates, p)
		}
	}
	switch len(candidates) {
	case 0:
		return access.Person{}, access.NotFoundf("no member of workspace %s has the nickname %q", workspace, nickname)
	case 1:
		return candidates[0], nil
	}
	names := each(candidates, func(p access.Person) string {
		return fmt.Sprintf("%s (user_id %s)", access.Shown(p.DisplayName), p.UUID)
	})
	return access.Person{}, fmt.Errorf("%d members of workspace %s have the nickname %q, use user_id for one of them: %s", len(candidates), workspace,
		nickname, strings.Join(names, ", "))
}
