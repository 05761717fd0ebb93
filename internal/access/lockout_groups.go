package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
)

// administratorsSlug is the slug of the group whose members administer a workspace that Bitbucket administers (Bitbucket's documentation of
// the groups endpoint).
const administratorsSlug = "administrators"

// checkGroup looks at who is left in a group that makes its members administrators of the workspace.
func (d *Directory) checkGroup(ctx context.Context, group Scope, change adminChange) error {
	backend, ws, err := d.backend(ctx, group.Workspace)
	if err != nil {
		return mayLockOut(group, err)
	}
	if _, here := backend.(bitbucketGroups); here && group.Name != administratorsSlug {
		return nil
	}
	members, err := d.Entries(ctx, group)
	if err != nil {
		return mayLockOut(group, err)
	}
	role, mine, err := d.self(ctx, ws)
	if err != nil {
		return mayLockOut(group, err)
	}
	leaves := role == RoleOwner && slices.ContainsFunc(change.taken, mine)
	if !leaves && len(d.left(members, group)) > 0 {
		return nil
	}
	g, administers, err := backend.administers(ctx, ws, group.Name)
	name := fmt.Sprintf("%s (%q)", group, g.Name)
	switch {
	case err != nil:
		return mayLockOut(group, err)
	case !administers:
		return nil
	case !leaves:
		return fmt.Errorf("%s: %w", name, ErrNoAdministrator)
	}
	stays, err := backend.administersElsewhere(ctx, ws, group.Name, d.leavesToo(ws, mine), change.taken[slices.IndexFunc(change.taken, mine)])
	switch {
	case err != nil:
		return mayLockOut(group, err)
	case stays:
		return nil
	}
	return fmt.Errorf("%s makes its members administrators of the workspace: %w", name, ErrLockout)
}

// leavesToo returns a function that tells whether plans of the run take the credential's own user out of a group.
func (d *Directory) leavesToo(workspace string, mine func(Grant) bool) func(groupSlug string) bool {
	return func(groupSlug string) bool {
		return slices.ContainsFunc(d.losing.all(Scope{GroupScope, workspace, groupSlug}), func(c adminChange) bool { return slices.ContainsFunc(c.taken, mine) })
	}
}

func (b bitbucketGroups) administers(ctx context.Context, workspace, groupSlug string) (Group, bool, error) {
	g, _, err := b.group(ctx, workspace, groupSlug)
	return g, groupSlug == administratorsSlug, err
}

// administersElsewhere is no: there is one such group.
func (b bitbucketGroups) administersElsewhere(context.Context, string, string, func(string) bool, Grant) (bool, error) {
	return false, nil
}

// administers tells whether a group has the role on a workspace that makes its members administrators of it.
func (o *organizationGroups) administers(ctx context.Context, workspace, groupSlug string) (Group, bool, error) {
	g, err := groupIn(ctx, o, workspace, groupSlug)
	if err != nil {
		return g, false, err
	}
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return g, false, err
	}
	roles, err := o.roles.get(ctx, groupPlace{g.organization.directory, g.organization.id})
	return g, slices.ContainsFunc(roles, func(role atlassian.RoleAssignment) bool {
		return role.ResourceID == resource && slices.Contains(role.Roles, atlassian.AdminRole)
	}), o.failed(err, "list what group %s of workspace %s gives access to", groupSlug, workspace)
}

// administersElsewhere looks for another group that makes a member an administrator. A role that somebody has directly does not show.
func (o *organizationGroups) administersElsewhere(ctx context.Context, workspace, groupSlug string, leaves func(string) bool, member Grant) (bool, error) {
	account, err := o.account(ctx, workspace, member.Holder().ID)
	if err != nil {
		return false, err
	}
	g, err := groupIn(ctx, o, workspace, groupSlug)
	if err != nil {
		return false, err
	}
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return false, err
	}
	for row, err := range o.client.ListGroupsOf(ctx, resource, account) {
		if err != nil {
			return false, o.failed(err, "list the groups of user %s", account)
		}
		if row.ID == g.organization.id || leaves(row.ID) {
			continue
		}
		if _, administers, err := o.administers(ctx, workspace, row.ID); err != nil || administers {
			return administers, err
		}
	}
	return false, nil
}
