package access

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Group is a group of a workspace with its members.
type Group struct {
	Slug string
	Name string
	// Permission is what the group gets on every new repository; None is nothing.
	Permission Permission
	// AutoAdd tells whether people who join the workspace join the group; nil where Bitbucket does not say.
	AutoAdd *bool
	// Members carry no role.
	Members []Person

	emailForwardingDisabled *bool // kept, so that a change of the group does not change it
}

// GroupSettings is what is chosen of a group.
type GroupSettings struct {
	Name string
	// Permission is what the group gets on every new repository; None is nothing.
	Permission Permission
	AutoAdd    bool
}

// Groups returns the groups of a workspace.
func (d *Directory) Groups(ctx context.Context, workspace string) ([]Group, error) {
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return d.groups.all(ctx, slug)
}

// Group returns a group. Its error wraps ErrNotFound when there is none with this slug.
func (d *Directory) Group(ctx context.Context, workspace, groupSlug string) (Group, error) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	g, ok, err := d.groups.find(ctx, ws, groupSlug)
	if err == nil && !ok {
		err = NotFoundf("workspace %s has no group with slug %s", ws, groupSlug)
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

// forgetGroup takes note that a group has lost its slug: what the listings of permissions and the ledgers say of it is no more.
func (d *Directory) forgetGroup(workspace, groupSlug string) {
	d.grants.reloadLoaded(func(of grantsOf) bool { return of.kind == GroupPrincipal && of.scope.Workspace == workspace })
	d.granted.drop(func(of grantsOf, g Grant) bool {
		return of.scope.Workspace == workspace && g.Principal == Principal{GroupPrincipal, groupSlug}
	})
	d.added.drop(func(of membersOf, _ Person) bool { return of == membersOf{workspace, groupSlug} })
}

// CreateGroup creates a group. Its error wraps ErrExists, and the group that is there is returned, when the workspace has a group of
// that name. When only the second of the two requests fails, the created group is returned together with the error.
func (d *Directory) CreateGroup(ctx context.Context, workspace string, settings GroupSettings) (Group, error) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	if namesake, err := d.CheckName(ctx, ws, "", settings.Name); err != nil {
		return namesake, err
	}
	created, err := d.postGroup(ctx, ws, settings.Name)
	if err != nil {
		return Group{}, failed(err, "create group %q in workspace %s", settings.Name, ws)
	}
	d.groups.put(ws, created)
	if created.has(settings) {
		return created, nil
	}
	changed, err := d.UpdateGroup(ctx, ws, created.Slug, settings)
	if err != nil {
		return created, err
	}
	return changed, nil
}

// postGroup creates a group. A POST is not sent again after a connection broke, because it may have been carried out: whether
// it was is read instead.
func (d *Directory) postGroup(ctx context.Context, workspace, name string) (Group, error) {
	created, err := groupOf(d.client.CreateGroup(ctx, workspace, name))
	if err == nil {
		return created, nil
	}
	if !unanswered(err) {
		return Group{}, err
	}
	d.groups.reload(workspace)
	if group, readErr := d.GroupByName(ctx, workspace, name); readErr == nil {
		return group, nil
	}
	return Group{}, err
}

// UpdateGroup changes a group and returns it as Bitbucket answered. A new name gives it a new slug; its members and permissions
// stay.
func (d *Directory) UpdateGroup(ctx context.Context, workspace, groupSlug string, settings GroupSettings) (Group, error) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	before, err := d.Group(ctx, ws, groupSlug)
	if err == nil {
		_, err = d.CheckName(ctx, ws, groupSlug, settings.Name)
	}
	if err != nil {
		return Group{}, err
	}
	after, err := d.putGroup(ctx, ws, before, settings)
	if err != nil {
		return Group{}, d.explain(ctx, ws, fmt.Sprintf("change group %s of workspace %s", groupSlug, ws))(err)
	}
	after.Members = before.Members // the answer may leave them out
	if after.Slug != groupSlug {
		d.forgetGroup(ws, groupSlug)
	}
	d.groups.change(ws, groupSlug, func(g Group) Group {
		renewed := after
		renewed.Members = g.Members // somebody may have joined meanwhile
		return renewed
	})
	return after, nil
}

// putGroup changes a group. A change of name that was carried out without an answer, and so was sent again, finds nothing at the
// old slug: whether there is a group as chosen is read then.
func (d *Directory) putGroup(ctx context.Context, workspace string, before Group, settings GroupSettings) (Group, error) {
	request := bitbucket.GroupSettings{Name: settings.Name, AutoAdd: &settings.AutoAdd, EmailForwardingDisabled: before.emailForwardingDisabled}
	if settings.Permission != None {
		request.Permission = (*string)(&settings.Permission)
	}
	changed, err := groupOf(d.client.UpdateGroup(ctx, workspace, before.Slug, request))
	if err == nil {
		return changed, nil
	}
	if rest.Is(err, http.StatusNotFound) || unanswered(err) {
		d.groups.reload(workspace)
		_, stays, _ := d.groups.find(ctx, workspace, before.Slug)
		group, readErr := d.GroupByName(ctx, workspace, settings.Name)
		if readErr == nil && group.has(settings) && (group.Slug == before.Slug || !stays) {
			return group, nil
		}
	}
	return Group{}, err
}

// DeleteGroup deletes a group, and with it the permissions that it holds. One that is gone already is no error.
func (d *Directory) DeleteGroup(ctx context.Context, workspace, groupSlug string) error {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return err
	}
	err = removed(d.client.DeleteGroup(ctx, ws, groupSlug), func() (bool, error) {
		_, ok, err := d.groups.find(ctx, ws, groupSlug)
		return ok, err
	}, func() { d.groups.reload(ws) })
	if err != nil {
		return failed(err, "delete group %s of workspace %s", groupSlug, ws)
	}
	d.forgetGroup(ws, groupSlug)
	d.groups.remove(ws, func(g Group) bool { return g.Slug == groupSlug })
	return nil
}

// organizationManaged tells whether the groups of a workspace are administered at admin.atlassian.com: their slugs are then
// UUIDs (seen live, eggzec/bb, 2026-05). nil when there are none to tell by, or the credential may not list them.
func (d *Directory) organizationManaged(ctx context.Context, workspace string) (*bool, error) {
	groups, err := d.groups.all(ctx, workspace)
	if rest.Is(err, http.StatusForbidden) || err == nil && len(groups) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	managed := isUUID(groups[0].Slug)
	return &managed, nil
}

func (d *Directory) listGroups(ctx context.Context, workspace string) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		groups, err := d.client.ListGroups(ctx, workspace)
		if err != nil {
			yield(Group{}, d.explain(ctx, workspace, "list the groups of workspace "+workspace)(err))
			return
		}
		for _, row := range groups {
			group, err := groupOf(row, nil)
			if !yield(group, err) || err != nil {
				return
			}
		}
	}
}

// has tells whether the group is as chosen.
func (g Group) has(s GroupSettings) bool {
	autoAdd := g.AutoAdd != nil && *g.AutoAdd
	return g.Name == s.Name && g.Permission == s.Permission && autoAdd == s.AutoAdd
}

// groupOf reads a group, if it came. One that does not name itself cannot be acted upon.
func groupOf(g bitbucket.Group, err error) (Group, error) {
	if err == nil && g.Slug == "" {
		err = fmt.Errorf("%w: it holds a group without a slug", rest.ErrBadAnswer)
	}
	if err != nil {
		return Group{}, err
	}
	group := Group{Slug: g.Slug, Name: g.Name, Permission: None, AutoAdd: g.AutoAdd, emailForwardingDisabled: g.EmailForwardingDisabled}
	if g.Permission != nil {
		group.Permission = Permission(*g.Permission)
	}
	for _, member := range g.Members {
		group.Members = append(group.Members, personOf(member, ""))
	}
	return group, nil
}
