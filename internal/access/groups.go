package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Group is a group of a workspace.
type Group struct {
	// Slug is the id of the group in the organization where the workspace is administered at admin.atlassian.com.
	Slug string
	Name string
	// Permission is what the group gets on every new repository; None is nothing.
	Permission Permission
	// AutoAdd tells whether people who join the workspace join the group; nil where Bitbucket does not say.
	AutoAdd *bool
	// EmailForwardingDisabled tells whether mail to the group is not forwarded to its members; nil where Bitbucket does not say.
	EmailForwardingDisabled *bool
	// Members carry no role. They are nil where they are administered at admin.atlassian.com, or Bitbucket does not say who they are: see
	// Directory.Members.
	Members []Person

	organization place // where the organization has the group; zero where Bitbucket administers it
}

// GroupSettings is what is chosen of a group.
type GroupSettings struct {
	Name string
	// Permission is what the group gets on every new repository; None is nothing.
	Permission Permission
	AutoAdd    bool
	// EmailForwardingDisabled is nil to leave it as it is.
	EmailForwardingDisabled *bool
}

// Groups returns the groups of a workspace.
func (d *Directory) Groups(ctx context.Context, workspace string) ([]Group, error) {
	backend, ws, err := d.backend(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return backend.groups(ctx, ws)
}

// Group returns a group. Its error wraps ErrNotFound when there is none with this slug.
func (d *Directory) Group(ctx context.Context, workspace, groupSlug string) (Group, error) {
	backend, ws, err := d.backend(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	return groupIn(ctx, backend, ws, groupSlug)
}

func groupIn(ctx context.Context, backend groupBackend, workspace, groupSlug string) (Group, error) {
	g, ok, err := backend.group(ctx, workspace, groupSlug)
	if err == nil && !ok {
		err = backend.absent(workspace, groupSlug)
	}
	return g, err
}

// GroupByName returns the group with the given name, in any case when no group has it in this one. Its error wraps ErrNotFound
// when there is none.
func (d *Directory) GroupByName(ctx context.Context, workspace, name string) (Group, error) {
	groups, err := d.Groups(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	var alike []Group
	for _, g := range groups {
		if g.Name == name {
			return g, nil
		}
		if strings.EqualFold(g.Name, name) {
			alike = append(alike, g)
		}
	}
	switch len(alike) {
	case 0:
		return Group{}, NotFoundf("workspace %s has no group named %q", workspace, name)
	case 1:
		return alike[0], nil
	}
	return Group{}, fmt.Errorf("workspace %s has %d groups named %q in other cases", workspace, len(alike), name)
}

// CheckName returns an error that wraps ErrExists, and the group that has the name, in any case, when that is another one than the
// group with the given slug, which is "" for a group that does not exist yet.
func (d *Directory) CheckName(ctx context.Context, workspace, groupSlug, name string) (Group, error) {
	groups, err := d.Groups(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	i := slices.IndexFunc(groups, func(g Group) bool { return g.Slug != groupSlug && strings.EqualFold(g.Name, name) })
	if i < 0 {
		return Group{}, nil
	}
	return groups[i], fmt.Errorf("group %q of workspace %s %w with slug %s", name, workspace, ErrExists, groups[i].Slug)
}

// Namesake returns the group of a workspace that has a name, in any case, as far as Bitbucket shows it. It asks for nothing that a plan of
// groups does not ask for anyway.
func (d *Directory) Namesake(ctx context.Context, workspace, name string) (Group, bool) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return Group{}, false
	}
	g, ok, err := d.groups.first(ctx, ws, func(g Group) bool { return strings.EqualFold(g.Name, name) })
	return g, ok && err == nil
}

// CreateGroup creates a group. Its error wraps ErrExists, and the group that is there is returned, when the workspace has a group of
// that name. When the group is there and only what comes after fails, it is returned together with the error.
func (d *Directory) CreateGroup(ctx context.Context, workspace string, settings GroupSettings) (Group, error) {
	return withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (Group, error) {
		if namesake, err := d.CheckName(ctx, ws, "", settings.Name); err != nil {
			return namesake, err
		}
		return backend.create(ctx, ws, settings)
	})
}

// UpdateGroup changes a group and returns it as Bitbucket answered. A new name gives it a new slug; its members and permissions
// stay.
func (d *Directory) UpdateGroup(ctx context.Context, workspace, groupSlug string, settings GroupSettings) (Group, error) {
	return withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (Group, error) {
		before, err := groupIn(ctx, backend, ws, groupSlug)
		if err == nil {
			_, err = d.CheckName(ctx, ws, groupSlug, settings.Name)
		}
		if err != nil {
			return Group{}, err
		}
		return backend.update(ctx, ws, before, settings)
	})
}

// DeleteGroup deletes a group, and with it the permissions that it holds. One that is gone already is no error.
func (d *Directory) DeleteGroup(ctx context.Context, workspace, groupSlug string) error {
	_, err := withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (struct{}, error) {
		err := backend.remove(ctx, ws, groupSlug)
		if err == nil || errors.Is(err, ErrNotShown) {
			d.forgetGroup(ws, groupSlug)
		}
		return struct{}{}, err
	})
	return err
}

// forgetGroup takes note that a group has lost its slug: what the listings of permissions and the ledgers say of it is no more.
func (d *Directory) forgetGroup(workspace, groupSlug string) {
	d.grants.reloadLoaded(func(of grantsOf) bool { return of.kind == GroupPrincipal && of.scope.Workspace == workspace })
	d.granted.drop(func(of grantsOf, g Grant) bool {
		return of.scope.Workspace == workspace && g.Principal == Principal{GroupPrincipal, groupSlug}
	})
	d.added.drop(func(of membersOf, _ Person) bool { return of == membersOf{workspace, groupSlug} })
}

// has tells whether the group is as chosen.
func (g Group) has(s GroupSettings) bool {
	return g.Name == s.Name && g.Permission == s.Permission && isTrue(g.AutoAdd) == s.AutoAdd &&
		(s.EmailForwardingDisabled == nil || isTrue(g.EmailForwardingDisabled) == *s.EmailForwardingDisabled)
}

// agrees tells whether the group is as chosen, as far as Bitbucket says how it is.
func (g Group) agrees(s GroupSettings) bool {
	g.AutoAdd = cmp.Or(g.AutoAdd, &s.AutoAdd)
	g.EmailForwardingDisabled = cmp.Or(g.EmailForwardingDisabled, s.EmailForwardingDisabled)
	return g.has(s)
}

// settings are those of the group as it is.
func (g Group) settings() GroupSettings {
	return GroupSettings{Name: g.Name, Permission: g.Permission, AutoAdd: isTrue(g.AutoAdd), EmailForwardingDisabled: g.EmailForwardingDisabled}
}

// isTrue reads a flag; one that was not said is false.
func isTrue(flag *bool) bool { return flag != nil && *flag }
