package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// look finds the person, whom the organization puts into the groups with the invitation. Somebody whom it has suspended or
// deactivated has been in before: nothing is pending.
func (o *organizationGroups) look(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	user, known, err := o.invitee(ctx, i)
	if err != nil || !known {
		i.GroupSlugs = nil
		return i, o.failed(err, "find %s in the organization", i.Email)
	}
	if i.Accepted = hasBeenIn(user); i.Accepted {
		return i, nil
	}
	i.AccountID = user.AccountID
	if i.Accepted, err = o.directory.isMember(ctx, workspace, i.Email); err != nil || i.Accepted {
		return i, err
	}
	groupSlugs, err := o.groupsWith(ctx, workspace, user.AccountID)
	i.GroupSlugs = only(groupSlugs, i.GroupSlugs)
	return i, o.failed(err, "list the groups of %s in the organization", i.Email)
}

// invitee finds the person who is invited: by the account, which the answer to the invitation has told, or by the address.
func (o *organizationGroups) invitee(ctx context.Context, i Invitation) (atlassian.User, bool, error) {
	if i.AccountID != "" {
		return o.client.FindUser(ctx, i.AccountID)
	}
	return o.client.FindUserByEmail(ctx, i.Email)
}

// hasBeenIn tells whether a person was in the directory before and cannot sign in now.
func hasBeenIn(u atlassian.User) bool {
	return slices.Contains([]string{atlassian.StatusSuspended, atlassian.StatusDeactivated, atlassian.StatusForDeletion}, u.Status)
}

// groupsWith returns the groups of a workspace that a person is in.
func (o *organizationGroups) groupsWith(ctx context.Context, workspace, account string) ([]string, error) {
	resource, err := o.resource(ctx, workspace)
	if err != nil {
		return nil, err
	}
	var groupSlugs []string
	for row, err := range o.client.ListGroupsOf(ctx, resource, account) {
		if err != nil {
			return nil, err
		}
		if !slices.Contains(groupSlugs, row.ID) { // which a page may repeat
			groupSlugs = append(groupSlugs, row.ID)
		}
	}
	return groupSlugs, nil
}

// invite invites into all groups with one request, and waits until the organization shows it. What was done without an answer is
// told by the groups that the person is in after a while and was not in before.
func (o *organizationGroups) invite(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	wanted := i.GroupSlugs
	ids, err := o.idsOf(ctx, workspace, wanted)
	if err != nil {
		return Invitation{}, err
	}
	action := fmt.Sprintf("invite %s into groups of workspace %s through the organization", i.Email, workspace)
	user, known, err := o.invitee(ctx, i)
	switch {
	case err != nil:
		return Invitation{}, o.failed(err, "%s", action)
	case known && hasBeenIn(user):
		return Invitation{}, failed(fmt.Errorf("the person %w", ErrSuspended), "%s", action)
	}
	var before []string
	if known {
		if before, err = o.groupsWith(ctx, workspace, user.AccountID); err != nil {
			return Invitation{}, o.failed(err, "%s", action)
		}
	}
	defer func() { // it puts the person into the groups at once
		for _, groupSlug := range wanted {
			o.joined.reload(membersOf{workspace, groupSlug})
		}
	}()
	answer, err := o.client.Invite(ctx, i.Email, ids, "You are invited to the Bitbucket workspace "+workspace+".")
	if unanswered(err) {
		return o.foundInvited(ctx, workspace, i, before, o.failed(err, "%s", action))
	}
	if rest.Is(err, http.StatusConflict) {
		err = marked{err, ErrNoSeat}
	}
	if err != nil && !errors.Is(err, atlassian.ErrRejected) {
		return Invitation{}, o.failed(err, "%s", action)
	}
	i.AccountID = answer.AccountID
	i.GroupSlugs = nil
	for n, groupSlug := range wanted {
		if slices.Contains(answer.GroupIDs, ids[n]) {
			i.GroupSlugs = append(i.GroupSlugs, groupSlug)
		}
	}
	if err != nil {
		return i, o.failed(err, "%s", action)
	}
	if o.awaitGroups(ctx, patience, workspace, i) == nil {
		return i, nil
	}
	// Perhaps it is another account that has the address.
	if now, err := o.look(ctx, workspace, Invitation{Email: i.Email, GroupSlugs: i.GroupSlugs}); err == nil && len(now.GroupSlugs) == len(i.GroupSlugs) {
		return now, nil
	}
	return i, failed(notShown(ctx), "see the invitation of %s", i.Email)
}

// foundInvited decides an invitation that was not answered by looking for a while.
func (o *organizationGroups) foundInvited(ctx context.Context, workspace string, i Invitation, before []string, answer error) (Invitation, error) {
	err := o.awaitGroups(ctx, doubt, workspace, i)
	user, known, readErr := o.invitee(ctx, i)
	if readErr != nil || !known {
		return Invitation{}, answer
	}
	i.AccountID = user.AccountID
	if err == nil {
		return i, nil
	}
	now, readErr := o.groupsWith(ctx, workspace, user.AccountID)
	if readErr != nil || len(now) == 0 {
		return Invitation{}, answer
	}
	i.GroupSlugs = slices.DeleteFunc(only(now, i.GroupSlugs), func(groupSlug string) bool { return slices.Contains(before, groupSlug) })
	return i, answer
}

// idsOf are the ids of groups that people may be invited into.
func (o *organizationGroups) idsOf(ctx context.Context, workspace string, groupSlugs []string) ([]string, error) {
	var ids []string
	for _, groupSlug := range groupSlugs {
		g, err := groupIn(ctx, o, workspace, groupSlug)
		if err == nil && g.organization.owner != "" {
			err = ownedError(workspace, g)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, g.organization.id)
	}
	return ids, nil
}

// awaitGroups waits until the organization shows the person in the groups.
func (o *organizationGroups) awaitGroups(ctx context.Context, limit time.Duration, workspace string, i Invitation) error {
	return o.directory.within(ctx, limit, func() (bool, error) {
		user, known, err := o.invitee(ctx, i)
		if err != nil || !known {
			return false, ctx.Err()
		}
		now, err := o.groupsWith(ctx, workspace, user.AccountID)
		return err == nil && len(only(now, i.GroupSlugs)) == len(i.GroupSlugs), ctx.Err()
	})
}

// withdraw takes the person out of the groups. The account stays in the directory: taking it out would take away what other apps
// give it too.
func (o *organizationGroups) withdraw(ctx context.Context, workspace string, i Invitation) (left []string, err error) {
	user, known, err := o.invitee(ctx, i)
	if err != nil || !known {
		return i.GroupSlugs, o.failed(err, "find %s in the organization", i.Email)
	}
	for n, groupSlug := range i.GroupSlugs {
		err := o.drop(ctx, workspace, groupSlug, user.AccountID)
		if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrNotShown) {
			return i.GroupSlugs[n:], err
		}
	}
	return nil, fmt.Errorf("the person with the address %s is out of the groups of workspace %s, but the invitation to organization %s stays: %w", i.Email, workspace,
		o.client.Organization(), ErrStaysInvited)
}
