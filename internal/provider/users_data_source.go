package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// usersModel is the people of a workspace in Terraform. ByEmail, Missing and Invited are null unless Emails is given.
type usersModel struct {
	Workspace    types.String         `tfsdk:"workspace"`
	Emails       []string             `tfsdk:"emails"`
	AllowMissing types.Bool           `tfsdk:"allow_missing"`
	GroupSlug    types.String         `tfsdk:"group_slug"`
	Role         types.String         `tfsdk:"role"`
	Users        []personRow          `tfsdk:"users"`
	ByEmail      map[string]personRow `tfsdk:"by_email"`
	Missing      []string             `tfsdk:"missing"`
	Invited      []string             `tfsdk:"invited"`
}

// roles are the roles in a workspace.
var roles = []string{"member", "collaborator", access.RoleOwner}

func newUsersDataSource() datasource.DataSource {
	return &dataSource[usersModel]{
		name: "users",
		about: "The members of a workspace, all of them or those that match every argument. Scope: `read:workspace:bitbucket`; with `group_slug`, " +
			"`admin:workspace:bitbucket` and `read:permission:bitbucket` too.\n\nCosts one request for each 90 addresses in `emails`, and one to the organization for " +
			"each 100 that are not found so; without them, or with `role`, one for each 100 members. With `allow_missing`, one more when somebody is missing.",
		attributes: map[string]schema.Attribute{
			"workspace": argument(aboutWorkspace, workspaceRef),
			"emails": schema.SetAttribute{
				MarkdownDescription: "Only the people with these e-mail addresses. It is an error when an address is nobody's, unless `allow_missing` is true. Workspace " +
					"administrators only. On workspaces administered at admin.atlassian.com, with access to the organization, people who are only there are found too; " +
					"their `uuid` and `role` are null, and `account_id` names them.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(emailAddress)},
			},
			"allow_missing": schema.BoolAttribute{
				MarkdownDescription: "Whether addresses in `emails` may be nobody's, which are then listed in `missing`. Default: false. Before anybody is said to be " +
					"missing, it is checked that the user of the credential administers the workspace, because Bitbucket finds people by address for administrators only; " +
					"with a credential that is no user's, somebody has to be found. It is an error where that cannot be told.",
				Optional:   true,
				Validators: []validator.Bool{boolvalidator.AlsoRequires(path.MatchRoot("emails"))},
			},
			"group_slug": optional("Only the members of the group with this slug.", groupSlug),
			"role":       optional("Only those with this role in the workspace: "+oneOf(roles)+".", stringvalidator.OneOf(roles...)),
			"users": rows("The members, in Bitbucket's order or, with `emails`, in that of the addresses. Their `role` is null with `emails` but without "+
				"`role`.", personAttributes()),
			"by_email": schema.MapNestedAttribute{
				MarkdownDescription: "The members by the address in `emails` that they were found by; null without `emails`.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: personAttributes()},
			},
			"missing": schema.ListAttribute{
				MarkdownDescription: "The addresses in `emails` that are nobody's, sorted; empty unless `allow_missing` is true, null without `emails`. The other arguments make " +
					"no difference to it.",
				ElementType: types.StringType,
				Computed:    true,
			},
			"invited": schema.ListAttribute{
				MarkdownDescription: "The addresses in `emails` of people whom the organization has invited and who have not signed up yet, sorted; null without " +
					"`emails`. They are in the organization and in the groups that they are invited into, and not in the workspace. Empty on workspaces administered in " +
					"Bitbucket, where such people are missing. The other arguments make no difference to it.",
				ElementType: types.StringType,
				Computed:    true,
			},
		},
		read: readUsers,
	}
}

func readUsers(ctx context.Context, d *access.Directory, m *usersModel) error {
	found, err := m.peopleByEmail(ctx, d)
	if err != nil {
		return err
	}
	people, err := m.candidates(ctx, d, found)
	if err != nil {
		return err
	}
	if !m.GroupSlug.IsNull() {
		members, err := d.Members(ctx, m.Workspace.ValueString(), m.GroupSlug.ValueString())
		if err != nil {
			return err
		}
		people = slices.DeleteFunc(people, func(p access.Person) bool { return !slices.ContainsFunc(members, p.Is) })
	}
	if !m.Role.IsNull() {
		people = slices.DeleteFunc(people, func(p access.Person) bool { return p.Role != m.Role.ValueString() })
	}
	m.Users = each(people, newPersonRow)
	if found == nil {
		return nil
	}
	m.ByEmail = map[string]personRow{}
	for email, person := range found {
		if i := slices.IndexFunc(people, func(p access.Person) bool { return p.Is(person) }); i >= 0 {
			m.ByEmail[email] = newPersonRow(people[i])
		}
	}
	return nil
}

// candidates are the people that the other arguments choose from: those who were found by address, in the order of the addresses,
// or, without addresses, all. The role of those who were found is looked up only where it matters, because all people are listed
// for it.
func (m *usersModel) candidates(ctx context.Context, d *access.Directory, found map[string]access.Person) ([]access.Person, error) {
	if found != nil && m.Role.IsNull() {
		var people []access.Person
		for _, email := range slices.Sorted(maps.Keys(found)) {
			if !slices.ContainsFunc(people, func(p access.Person) bool { return p.Is(found[email]) }) {
				people = append(people, found[email])
			}
		}
		return people, nil
	}
	people, err := d.People(ctx, m.Workspace.ValueString())
	if found == nil || err != nil {
		return people, err
	}
	named := slices.Collect(maps.Values(found))
	return slices.DeleteFunc(people, func(p access.Person) bool { return !slices.ContainsFunc(named, p.Is) }), nil
}

// peopleByEmail finds the people with the addresses that are asked for, and fills in who is missing or invited; nil when none are.
func (m *usersModel) peopleByEmail(ctx context.Context, d *access.Directory) (found map[string]access.Person, err error) {
	if m.Emails == nil {
		return nil, nil
	}
	m.Missing = []string{}
	if m.AllowMissing.ValueBool() {
		known, err := d.KnownByEmail(ctx, m.Workspace.ValueString(), m.Emails)
		if err != nil {
			return nil, err
		}
		found, m.Missing = known.Found, known.Missing
	} else if found, err = d.PeopleByEmail(ctx, m.Workspace.ValueString(), m.Emails); err != nil {
		return nil, err
	}
	m.Invited = []string{}
	for _, email := range slices.Sorted(maps.Keys(found)) {
		if found[email].Invited {
			m.Invited = append(m.Invited, email)
		}
	}
	return found, nil
}
