package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// usersModel is the people of a workspace in Terraform. ByEmail is null unless Emails is given.
type usersModel struct {
	Workspace types.String         `tfsdk:"workspace"`
	Emails    []string             `tfsdk:"emails"`
	GroupSlug types.String         `tfsdk:"group_slug"`
	Role      types.String         `tfsdk:"role"`
	Users     []personRow          `tfsdk:"users"`
	ByEmail   map[string]personRow `tfsdk:"by_email"`
}

// roles are the roles in a workspace.
var roles = []string{"member", "collaborator", "owner"}

func newUsersDataSource() datasource.DataSource {
	return &dataSource[usersModel]{
		name: "users",
		about: "The members of a workspace, all of them or those that match every argument. Scope: `read:workspace:bitbucket`; with `group_slug`, those of " +
			"`bitbucket_group`.\n\nCosts one request for each 100 members, and one for each 90 addresses in `emails`.",
		attributes: map[string]schema.Attribute{
			"workspace": argument(aboutWorkspace, workspaceRef),
			"emails": schema.SetAttribute{
				MarkdownDescription: "Only the members with these e-mail addresses. It is an error when an address is nobody's. Workspace administrators only.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(emailAddress)},
			},
			"group_slug": optional("Only the members of the group with this slug.", groupSlug),
			"role":       optional("Only those with this role in the workspace: "+oneOf(roles)+".", stringvalidator.OneOf(roles...)),
			"users":      rows("The members, in Bitbucket's order.", personAttributes()),
			"by_email": schema.MapNestedAttribute{
				MarkdownDescription: "The members by the address in `emails` that they were found by; null without `emails`.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: personAttributes()},
			},
		},
		read: readUsers,
	}
}

func readUsers(ctx context.Context, d *access.Directory, m *usersModel) error {
	workspace := m.Workspace.ValueString()
	people, err := d.People(ctx, workspace)
	if err != nil {
		return err
	}
	found, err := m.peopleByEmail(ctx, d)
	if err != nil {
		return err
	}
	emails := emailsByUUID(found)
	var group access.Group
	if !m.GroupSlug.IsNull() {
		if group, err = d.Group(ctx, workspace, m.GroupSlug.ValueString()); err != nil {
			return err
		}
	}
	inGroup := map[string]bool{}
	for _, member := range group.Members {
		inGroup[member.UUID] = true
	}
	people = append(people, unlisted(found, people)...)
	people = slices.DeleteFunc(people, func(p access.Person) bool {
		return emails != nil && len(emails[p.UUID]) == 0 || !m.GroupSlug.IsNull() && !inGroup[p.UUID] || !m.Role.IsNull() && p.Role != m.Role.ValueString()
	})
	m.Users = each(people, newPersonRow)
	if emails == nil {
		return nil
	}
	m.ByEmail = map[string]personRow{}
	for _, p := range people {
		for _, email := range emails[p.UUID] {
			m.ByEmail[email] = newPersonRow(p)
		}
	}
	return nil
}

// peopleByEmail finds the people with the addresses that are asked for; nil when none are.
func (m *usersModel) peopleByEmail(ctx context.Context, d *access.Directory) (map[string]access.Person, error) {
	if m.Emails == nil {
		return nil, nil
	}
	found, missing, err := d.PeopleByEmail(ctx, m.Workspace.ValueString(), m.Emails)
	if err == nil && len(missing) > 0 {
		err = noMembers(m.Workspace.ValueString(), missing)
	}
	return found, err
}

// emailsByUUID turns a map from addresses to people around; nil stays nil.
func emailsByUUID(found map[string]access.Person) map[string][]string {
	if found == nil {
		return nil
	}
	emails := map[string][]string{}
	for email, person := range found {
		emails[person.UUID] = append(emails[person.UUID], email)
	}
	return emails
}

// unlisted are the people who were found by address but are not in the listing, because they joined after it was read.
func unlisted(found map[string]access.Person, listed []access.Person) []access.Person {
	var people []access.Person
	for _, email := range slices.Sorted(maps.Keys(found)) {
		same := func(p access.Person) bool { return p.UUID == found[email].UUID }
		if !slices.ContainsFunc(listed, same) && !slices.ContainsFunc(people, same) {
			people = append(people, found[email])
		}
	}
	return people
}
