package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// create creates a group, gives it its role on the workspace, and waits until Bitbucket knows it. A group of the organization that
// has the name already is taken over only where it is what a run for this workspace has left that ended in between: the members of any other
// would get into the workspace without a plan that shows them.
func (o *organizationGroups) create(ctx context.Context, workspace string, settings GroupSettings) (Group, error) {
	if err := unchangeable(workspace, GroupSettings{Permission: None}, settings); err != nil {
		return Group{}, err
	}
	action := fmt.Sprintf("create group %q of workspace %s in the organization", settings.Name, workspace)
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	home, err := o.homeOf(ctx, workspace)
	if err != nil {
		return Group{}, err
	}
	namesake, err := o.named(ctx, home, settings.Name)
	if err != nil {
		return Group{}, o.failed(err, "%s", action)
	}
	if !o.creating.first(groupName{home, strings.ToLower(settings.Name)}, struct{}{}) {
		return Group{}, failed(errors.New("another resource of this run creates a group of that name in the same directory; choose another name, or keep "+
			"one of them"), "%s", action)
	}
	mark := "Made by Terraform for the Bitbucket workspace " + resource
	row, err := o.unfinished(ctx, namesake, mark)
	found := row.ID != ""
	if err == nil && !found {
		row, err = o.post(ctx, home, settings.Name, mark)
	}
	if rest.Is(err, http.StatusConflict) {
		err = fmt.Errorf("%w: another group %w", err, ErrTaken)
	}
	if err != nil {
		return Group{}, o.failed(err, "%s", action)
	}
	g, _ := groupAmong(nil, row)
	err = o.open(ctx, g, resource)
	if err != nil && !errors.Is(err, ErrNotShown) {
		if !found {
			err = o.takeBack(ctx, g, err)
		}
		return Group{}, o.failed(err, "give group %q its role on workspace %s", settings.Name, workspace)
	}
	o.listed.put(workspace, g)
	if err != nil {
		return g, failed(err, "see the role of group %q on workspace %s", settings.Name, workspace)
	}
	return g, o.shown(ctx, workspace, patience, fmt.Sprintf("group %q", g.Name), func(groups []Group) bool {
		return slices.ContainsFunc(groups, func(shown Group) bool { return shown.Slug == g.Slug })
	})
}

// unfinished returns the group that has a name, where it is as one that was created for this workspace a moment ago: with its mark for a
// description, and without members and roles. Its error wraps ErrTaken where it is not. No group stays none.
func (o *organizationGroups) unfinished(ctx context.Context, namesake atlassian.Group, mark string) (atlassian.Group, error) {
	if namesake.ID == "" {
		return namesake, nil
	}
	taken := fmt.Errorf("group %s %w", namesake.ID, ErrTaken)
	if g, _ := groupAmong(nil, namesake); namesake.Description != mark || g.organization.owner != "" || g.organization.kept {
		return atlassian.Group{}, taken
	}
	for _, err := range o.client.ListRoleAssignments(ctx, namesake.DirectoryID, namesake.ID) {
		return atlassian.Group{}, cmp.Or(err, taken)
	}
	for _, err := range o.client.ListMembers(ctx, namesake.ID) {
		return atlassian.Group{}, cmp.Or(err, taken)
	}
	return namesake, nil
}

// homeOf is the directory for new groups of a workspace: the one that is configured, or the one that its groups are in, or the only
// one that there is.
func (o *organizationGroups) homeOf(ctx context.Context, workspace string) (string, error) {
	if o.home != "" {
		return o.home, nil
	}
	groups, err := o.groups(ctx, workspace)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, g := range groups {
		ids = append(ids, g.organization.directory)
	}
	if len(ids) == 0 {
		for directory, err := range o.client.ListDirectories(ctx) {
			if err != nil {
				return "", o.failed(err, "list the directories of the organization")
			}
			ids = append(ids, directory.ID)
		}
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) != 1 {
		return "", fmt.Errorf("%w: organization %s has %s", ErrNoDirectory, o.client.Organization(), strings.Join(ids, ", "))
	}
	return ids[0], nil
}

// named returns the group of a directory that has a name, in any case; zero when there is none.
func (o *organizationGroups) named(ctx context.Context, directory, name string) (atlassian.Group, error) {
	for row, err := range o.client.FindGroups(ctx, name) {
		if err != nil || row.DirectoryID == directory && strings.EqualFold(row.Name, name) {
			return row, err
		}
	}
	return atlassian.Group{}, nil
}

// post creates a group and finds its id, which the answer does not hold. Whether a request without an answer was carried out is
// told by the same search: the directory had no group of that name before.
func (o *organizationGroups) post(ctx context.Context, directory, name, mark string) (atlassian.Group, error) {
	answer := o.client.CreateGroup(ctx, directory, name, mark)
	if answer != nil && !unanswered(answer) {
		return atlassian.Group{}, answer
	}
	made := answer == nil
	var row atlassian.Group
	var blind error // why the last look saw nothing
	err := o.directory.until(ctx, func() (bool, error) {
		row, blind = o.named(ctx, directory, name)
		if made && ctx.Err() == nil {
			return row.ID != "", nil // a failure to look is no reason to forget it
		}
		return row.ID != "", blind
	})
	if made && ctx.Err() != nil {
		row, err = o.named(context.WithoutCancel(ctx), directory, name) // the run ends, and what it made must not stay
	}
	switch {
	case made && row.ID != "", row.ID != "" && row.Description == mark:
		return row, nil
	case !made:
		return row, answer
	}
	return row, fmt.Errorf("it was created, but cannot be found, and has no role yet, which the next apply gives to it: %w", cmp.Or(blind, err))
}

// open gives a group its role on a workspace. That this was answered is enough: its error is ErrNotShown then, whatever keeps it from being
// seen. Whether a request without an answer was carried out is looked for.
func (o *organizationGroups) open(ctx context.Context, g Group, resource string) error {
	at := g.organization
	answer := o.client.AssignRole(ctx, at.directory, at.id, resource, atlassian.UserRole)
	if answer != nil && !unanswered(answer) {
		return answer
	}
	err := o.directory.until(ctx, func() (bool, error) {
		for role, err := range o.client.ListRoleAssignments(ctx, at.directory, at.id) {
			if err != nil || role.ResourceID == resource {
				return err == nil, err
			}
		}
		return false, nil
	})
	switch {
	case err == nil:
		return nil
	case answer != nil:
		return answer
	}
	return notShown(ctx)
}

// takeBack deletes the group that was just made and could not be used: without a role it is none of the workspace.
func (o *organizationGroups) takeBack(ctx context.Context, g Group, cause error) error {
	ctx = context.WithoutCancel(ctx)
	if err := o.client.DeleteGroup(ctx, g.organization.directory, g.organization.id); err != nil && !rest.HasCode(err, atlassian.CodeGroupNotFound) {
		return errors.Join(cause, fmt.Errorf("and group %s stays in the organization without a role, which the next apply gives to it: %w", g.Slug, err))
	}
	return fmt.Errorf("%w (the group was deleted again)", cause)
}

// update refuses: the API has no way to change a group.
func (o *organizationGroups) update(_ context.Context, workspace string, before Group, settings GroupSettings) (Group, error) {
	if before.organization.owner != "" {
		return Group{}, ownedError(workspace, before)
	}
	return before, unchangeable(workspace, before.settings(), settings)
}

func (o *organizationGroups) remove(ctx context.Context, workspace, groupSlug string) error {
	g, ok, err := o.group(ctx, workspace, groupSlug)
	if err != nil || !ok {
		return err
	}
	if g.organization.owner != "" {
		return ownedError(workspace, g)
	}
	if err := o.mayDelete(ctx, workspace, g); err != nil {
		return err
	}
	err = o.client.DeleteGroup(ctx, g.organization.directory, g.organization.id)
	if err != nil && !rest.HasCode(err, atlassian.CodeGroupNotFound) {
		return o.failed(err, "delete group %s of workspace %s in the organization", groupSlug, workspace)
	}
	o.listed.remove(workspace, func(g Group) bool { return g.Slug == groupSlug })
	err = o.directory.until(ctx, func() (bool, error) { // so that another can have its name
		namesake, err := o.named(ctx, g.organization.directory, g.Name)
		return err == nil && namesake.ID != g.organization.id, ctx.Err()
	})
	if err != nil {
		return failed(notShown(ctx), "see group %s of workspace %s gone", groupSlug, workspace)
	}
	return o.shown(ctx, workspace, patience, "that group "+groupSlug+" is gone", func(groups []Group) bool {
		return !slices.ContainsFunc(groups, func(shown Group) bool { return shown.Slug == groupSlug })
	})
}
