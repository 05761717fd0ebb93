package access

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// mayChange returns an error when the organization will refuse a change.
func (o *organizationGroups) mayChange(ctx context.Context, workspace string, change GroupChange) error {
	var g Group
	if change.GroupSlug != "" {
		var err error
		if g, _, err = o.group(ctx, workspace, change.GroupSlug); err != nil {
			return err
		}
	}
	before := GroupSettings{Permission: None}
	if g.Slug != "" {
		before = g.settings()
	}
	switch {
	case g.organization.owner != "":
		return ownedError(workspace, g)
	case change.Deletes && g.Slug != "":
		return o.mayDelete(ctx, workspace, g)
	case change.Settings == nil:
		return nil
	}
	return unchangeable(workspace, before, *change.Settings)
}

// ownedError is the error for a change of a group that somebody keeps from being changed.
func ownedError(workspace string, g Group) error {
	return fmt.Errorf("group %s (%q) of workspace %s %s and %w", g.Slug, g.Name, workspace, g.organization.owner, ErrOwned)
}

// unchangeable is the error for settings that the organization does not have, or has no way to change; nil when there are none. A
// group without a name is one that does not exist yet.
func unchangeable(workspace string, before, settings GroupSettings) error {
	var what string
	switch {
	case before.Name != "" && settings.Name != before.Name:
		what = fmt.Sprintf("the name of group %q to %q", before.Name, settings.Name)
	case settings.Permission != before.Permission:
		what = fmt.Sprintf("the permission of group %q from %s to %s", settings.Name, before.Permission, settings.Permission)
	case settings.AutoAdd != before.AutoAdd:
		what = fmt.Sprintf("auto_add of group %q to %t", settings.Name, settings.AutoAdd)
	case isTrue(settings.EmailForwardingDisabled) != isTrue(before.EmailForwardingDisabled) && settings.EmailForwardingDisabled != nil:
		what = fmt.Sprintf("email_forwarding_disabled of group %q to %t", settings.Name, *settings.EmailForwardingDisabled)
	default:
		return nil
	}
	return failed(fmt.Errorf("workspace %s is administered at admin.atlassian.com, %w", workspace, ErrNoSetting), "change %s", what)
}

// mayDelete returns an error when a group must stay, or when more would go with it than the workspace's: a group opens every app of
// the organization that it has a role in.
func (o *organizationGroups) mayDelete(ctx context.Context, workspace string, g Group) error {
	if g.organization.kept {
		return fmt.Errorf("group %s (%q) of workspace %s %w", g.Slug, g.Name, workspace, ErrKept)
	}
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return err
	}
	roles, err := o.roles.get(ctx, groupPlace{g.organization.directory, g.organization.id})
	if rest.Is(err, http.StatusNotFound) {
		return nil // the group is gone
	}
	if err != nil {
		return o.failed(err, "list what group %s of workspace %s gives access to", g.Slug, workspace)
	}
	var others []string
	for _, role := range roles {
		if role.ResourceID != resource {
			others = append(others, role.ResourceID)
		}
	}
	if len(others) > 0 {
		return fmt.Errorf("group %s (%q) of workspace %s %w: %s", g.Slug, g.Name, workspace, ErrShared, strings.Join(others, ", "))
	}
	return nil
}
