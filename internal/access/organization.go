package access

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// organizationGroups are the groups of workspaces administered at admin.atlassian.com: groups of an organization that have a role
// on the workspace. The organization is the truth; Bitbucket follows it after some seconds.
type organizationGroups struct {
	directory *Directory
	client    *atlassian.Client
	home      string // the directory for new groups, as configured; "" leaves the choice to what is there

	listed *listings[string, string, Group]     // by workspace and slug
	joined *listings[membersOf, string, Person] // by account id
	uuids  *memo[string, bitbucket.Account]     // people who are not in the workspace, by UUID
	roles  *memo[groupPlace, []atlassian.RoleAssignment]

	creating ledger[groupName, struct{}] // the groups that this run creates
}

// place is where an organization has a group and what may be done to it there.
type place struct {
	directory, id string
	owner         string // who keeps the group from being changed; "" when nobody does
	kept          bool   // not to be deleted
}

// groupPlace names a group of the organization.
type groupPlace struct{ directory, id string }

// groupName is the name of a group in its directory, in lower case.
type groupName struct{ directory, name string }

func newOrganizationGroups(d *Directory, client *atlassian.Client, home string) *organizationGroups {
	o := &organizationGroups{directory: d, client: client, home: home}
	o.listed = newListings(func(g Group) string { return g.Slug }, o.listGroups)
	o.joined = newListings(func(p Person) string { return p.AccountID }, o.listMembers)
	o.uuids = newMemo(d.client.GetUser)
	o.roles = newMemo(func(ctx context.Context, g groupPlace) ([]atlassian.RoleAssignment, error) {
		var roles []atlassian.RoleAssignment
		for role, err := range client.ListRoleAssignments(ctx, g.directory, g.id) {
			if err != nil {
				return nil, err
			}
			roles = append(roles, role)
		}
		return roles, nil
	})
	return o
}

func (o *organizationGroups) groups(ctx context.Context, workspace string) ([]Group, error) {
	return o.listed.all(ctx, workspace)
}

func (o *organizationGroups) group(ctx context.Context, workspace, groupSlug string) (Group, bool, error) {
	return o.listed.find(ctx, workspace, groupSlug)
}

func (o *organizationGroups) absent(workspace, groupSlug string) error {
	return NotFoundf("workspace %s has no group with slug %s: no group of organization %s with this id has a role on the workspace", workspace, groupSlug,
		o.client.Organization())
}

// hasGroups tells whether the organization has groups with a role on a workspace; nil when it has none, or does not say.
func (o *organizationGroups) hasGroups(ctx context.Context, workspace string) (*bool, error) {
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return nil, err
	}
	for _, err := range o.client.ListGroups(ctx, resource) {
		if _, refused := errors.AsType[*rest.Error](err); refused {
			return nil, nil
		}
		return new(err == nil), err
	}
	return nil, nil
}

// resource is what the organization calls a workspace.
func (o *organizationGroups) resource(ctx context.Context, workspace string) (string, error) {
	w, err := o.directory.workspace.get(ctx, workspace)
	if err != nil {
		return "", failed(noMember(err, workspace), "read workspace %s", workspace)
	}
	return atlassian.WorkspaceARI(strings.Trim(w.UUID, "{}")), nil
}

func (o *organizationGroups) listGroups(ctx context.Context, workspace string) iter.Seq2[Group, error] {
	return whole(func() ([]Group, error) { return o.groupsOf(ctx, workspace) })
}

// groupsOf reads the groups that have a role on a workspace. An organization that knows none of the groups that Bitbucket shows is another
// one: without this check every group would count as gone.
func (o *organizationGroups) groupsOf(ctx context.Context, workspace string) ([]Group, error) {
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return nil, err
	}
	shown, err := o.directory.groups.all(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var groups []Group
	known := len(shown) == 0
	for row, err := range o.client.ListGroups(ctx, resource) {
		if err == nil && row.ID == "" {
			err = fmt.Errorf("%w: it holds a group without an id", rest.ErrBadAnswer)
		}
		if err != nil {
			return nil, o.failed(err, "list the groups of workspace %s in the organization", workspace)
		}
		g, isShown := groupAmong(shown, row)
		groups, known = append(groups, g), known || isShown
	}
	if !known {
		return nil, o.otherOrganization(ctx, workspace)
	}
	return groups, nil
}

// groupAmong joins a group of the organization with what Bitbucket shows of it: by the slug, which is the id of the group, or by the
// name where Bitbucket has kept a slug of its own.
func groupAmong(shown []Group, row atlassian.Group) (g Group, isShown bool) {
	i := slices.IndexFunc(shown, func(g Group) bool { return g.Slug == row.ID })
	if i < 0 {
		i = slices.IndexFunc(shown, func(g Group) bool { return strings.EqualFold(g.Name, row.Name) && !isUUID(g.Slug) })
	}
	g = Group{Slug: row.ID, Permission: None}
	if i >= 0 {
		g = shown[i]
	}
	g.Name, g.Members = row.Name, nil
	g.organization = place{
		directory: row.DirectoryID, id: row.ID,
		owner: ownerOf(row),
		kept:  isFalse(row.ManagementAccess.Deletable),
	}
	return g, i >= 0
}

// ownerOf says who keeps a group from being changed; what the organization does not say forbids nothing.
func ownerOf(row atlassian.Group) string {
	switch {
	case row.ExternalSynced, row.ManagedBy == "external":
		return "belongs to an identity provider"
	case isFalse(row.ManagementAccess.Modifiable):
		return "is kept as it is by Atlassian, or by the rights of the key,"
	}
	return ""
}

func isFalse(b *bool) bool { return b != nil && !*b }

// otherOrganization is the error for a workspace whose groups are those of another organization.
func (o *organizationGroups) otherOrganization(ctx context.Context, workspace string) error {
	var others []string
	for w, err := range o.client.ListWorkspaces(ctx) {
		if err != nil {
			break // the list is only there to help
		}
		if strings.HasPrefix(w.ID, atlassian.WorkspaceARI("")) {
			others = append(others, w.Attributes.Name)
		}
	}
	has := ""
	if len(others) > 0 {
		has = fmt.Sprintf(" (its Bitbucket workspaces: %s)", strings.Join(others, ", "))
	}
	return fmt.Errorf("none of the groups of workspace %q is one of %w %s%s that the key may see", workspace, ErrOtherOrganization, o.client.Organization(), has)
}

// failed says what an error of the organization kept from being done.
func (o *organizationGroups) failed(err error, action string, args ...any) error {
	if err == nil {
		return nil
	}
	return failed(marked{err, ErrOrganization}, action, args...)
}
