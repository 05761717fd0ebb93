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

// look takes the invitation from the listing of all that are pending, and looks for the person when it is not there.
func (b bitbucketGroups) look(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	pending, err := b.pending(ctx, workspace, i.Email)
	i.GroupSlugs = only(pending, i.GroupSlugs)
	if err != nil || len(i.GroupSlugs) > 0 {
		return i, err
	}
	i.Accepted, err = b.isMember(ctx, workspace, i.Email)
	return i, err
}

// pending returns the groups that an address is invited into.
func (b bitbucketGroups) pending(ctx context.Context, workspace, email string) ([]string, error) {
	i, _, err := b.invited.find(ctx, workspace, strings.ToLower(email))
	var groupSlugs []string
	for _, g := range i.Groups {
		groupSlugs = append(groupSlugs, g.Slug)
	}
	slices.Sort(groupSlugs)
	return slices.Compact(groupSlugs), err
}

// invite invites into one group after the other. An invitation that is there already is what was asked for.
func (b bitbucketGroups) invite(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	defer b.invited.reload(workspace)
	wanted := i.GroupSlugs
	i.GroupSlugs = nil
	for _, groupSlug := range wanted {
		err := b.client.InviteToGroup(ctx, workspace, i.Email, groupSlug)
		if rest.Is(err, http.StatusConflict) || unanswered(err) {
			b.invited.reload(workspace)
			if pending, readErr := b.pending(ctx, workspace, i.Email); readErr == nil && slices.Contains(pending, groupSlug) {
				err = nil
			}
		}
		if err != nil {
			return i, failed(err, "invite %s into group %s of workspace %s", i.Email, groupSlug, workspace)
		}
		i.GroupSlugs = append(i.GroupSlugs, groupSlug)
	}
	return i, nil
}

func (b bitbucketGroups) withdraw(ctx context.Context, workspace string, i Invitation) (left []string, err error) {
	defer b.invited.reload(workspace)
	for n, groupSlug := range i.GroupSlugs {
		err := removed(b.client.DeleteInvitation(ctx, workspace, i.Email, groupSlug), func() (bool, error) {
			pending, err := b.pending(ctx, workspace, i.Email)
			return slices.Contains(pending, groupSlug), err
		}, func() { b.invited.reload(workspace) })
		if err != nil {
			return i.GroupSlugs[n:], failed(err, "withdraw the invitation of %s into group %s of workspace %s", i.Email, groupSlug, workspace)
		}
	}
	return nil, nil
}

func (d *Directory) listInvitations(ctx context.Context, workspace string) iter.Seq2[bitbucket.Invitation, error] {
	return listed(whole(func() ([]bitbucket.Invitation, error) { return d.client.ListInvitations(ctx, workspace) }), addressed,
		explain(ctx, workspace, "list the invitations of workspace "+workspace, d.absenceOfList))
}

// addressed refuses an invitation that does not say whose it is: it would pass for one that was withdrawn.
func addressed(i bitbucket.Invitation) (bitbucket.Invitation, error) {
	if i.Email == "" {
		return i, fmt.Errorf("%w: it holds an invitation without an e-mail address", rest.ErrBadAnswer)
	}
	return i, nil
}
