package access

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Invitation asks somebody by e-mail into groups of a workspace, or to one repository of it.
type Invitation struct {
	Email string
	// AccountID is the Atlassian account id, which an organization gives to whoever it invites; "" where Bitbucket invites.
	AccountID string
	// GroupSlugs are the groups, in no order; nil for an invitation to a repository.
	GroupSlugs []string
	// RepoSlug is the repository and Permission what is given on it; "" for an invitation into groups.
	RepoSlug   string
	Permission Permission
	// Accepted tells that the person is in the workspace, so that nothing is pending any more.
	Accepted bool
}

// invitations is where invitations into groups of a workspace, which is a slug here, are administered.
type invitations interface {
	// look returns an invitation as it stands: accepted, or with the groups that are pending among those that it has, or among all
	// when it has none.
	look(ctx context.Context, workspace string, i Invitation) (Invitation, error)
	// invite invites into the groups and returns the invitation as far as it was sent.
	invite(ctx context.Context, workspace string, i Invitation) (Invitation, error)
	// withdraw withdraws an invitation that is pending, and returns the groups that are left of it when it fails in between.
	withdraw(ctx context.Context, workspace string, i Invitation) (left []string, err error)
}

// MayInvite returns an error when an invitation will be refused, as far as that can be known before.
func (d *Directory) MayInvite(ctx context.Context, workspace string, i Invitation) error {
	for _, groupSlug := range append([]string{""}, i.GroupSlugs...) {
		if err := d.MayChangeGroup(ctx, workspace, GroupChange{GroupSlug: groupSlug}); err != nil {
			return err
		}
	}
	backend, ws, err := d.backend(ctx, workspace)
	if err == nil && i.RepoSlug != "" && backend == d.organization {
		err = noRepositoryInvitation(ws)
	}
	return err
}

func noRepositoryInvitation(workspace string) error {
	return fmt.Errorf("workspace %q is administered at admin.atlassian.com, %w", workspace, ErrNoRepositoryInvitation)
}

// Invite invites somebody and returns the invitation as it stands: accepted, and nothing was sent, for somebody who is in the
// workspace already. When it fails in between, the invitation as far as it was sent is returned together with the error. Its error is
// ErrInvited, and nothing was sent, when an invitation to the repository is pending, whose permission Bitbucket does not tell.
func (d *Directory) Invite(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	return changed(ctx, d, workspace, func(backend groupBackend, ws string) (Invitation, error) {
		in, err := d.isMember(ctx, ws, i.Email)
		switch {
		case err != nil:
			return Invitation{}, err
		case in:
			i.Accepted = true
			return i, nil
		case i.RepoSlug == "":
			return backend.(invitations).invite(ctx, ws, i)
		case backend == d.organization:
			return Invitation{}, noRepositoryInvitation(ws)
		}
		return i, d.inviteToRepository(ctx, ws, i)
	})
}

// inviteToRepository sends an invitation. One without an answer is sent once more: that there is one already says then that it was
// carried out.
func (d *Directory) inviteToRepository(ctx context.Context, workspace string, i Invitation) error {
	send := func() error {
		return d.client.InviteToRepository(ctx, workspace, i.RepoSlug, i.Email, string(i.Permission))
	}
	err := send()
	if unanswered(err) {
		if err = send(); invitedAlready(err) {
			return nil
		}
	}
	if invitedAlready(err) { // a member was ruled out before
		err = marked{err, ErrInvited}
	}
	return failed(err, "invite %s to repository %s/%s", i.Email, workspace, i.RepoSlug)
}

// invitedAlready tells whether Bitbucket refuses an invitation because there is one. The status alone does not say so: it is that of changes at
// the same time, too.
func invitedAlready(err error) bool {
	refusal, ok := errors.AsType[*rest.Error](err)
	return ok && refusal.Status == http.StatusConflict && strings.Contains(strings.ToLower(refusal.Message), "invited")
}

// isMember tells whether somebody with an address is in a workspace.
func (d *Directory) isMember(ctx context.Context, workspace, email string) (bool, error) {
	members, err := d.membersByEmail(ctx, workspace, []string{email})
	return len(members) > 0, err
}

// Invitation returns an invitation as it stands. Its error wraps ErrNotFound when it was withdrawn or has expired. One that was
// accepted stays so: a person who is taken out of the workspace later is not invited again.
func (d *Directory) Invitation(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	if i.Accepted {
		return i, nil
	}
	return changed(ctx, d, workspace, func(backend groupBackend, ws string) (Invitation, error) {
		if i.RepoSlug != "" { // it cannot be listed
			in, err := d.isMember(ctx, ws, i.Email)
			i.Accepted = in
			return i, err
		}
		found, err := backend.(invitations).look(ctx, ws, i)
		switch {
		case err != nil:
			return i, err
		case found.Accepted:
			found.GroupSlugs = i.GroupSlugs // what the person is in by now is no matter of the invitation
		case len(found.GroupSlugs) == 0:
			return i, NotFoundf("nobody with the address %s is invited into groups of workspace %s", i.Email, ws)
		}
		return found, nil
	})
}

// Withdraw withdraws an invitation that is pending. One that was accepted is left alone, as it is no invitation any more. Its error
// is ErrStaysInvited when the API has no way to withdraw all of it. When it fails in between, what is left of the invitation is returned
// together with the error.
func (d *Directory) Withdraw(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	if i.Accepted {
		return i, nil
	}
	if i.RepoSlug != "" {
		return i, fmt.Errorf("the invitation of %s to repository %s of workspace %s: %w", i.Email, i.RepoSlug, workspace, ErrStaysInvited)
	}
	return changed(ctx, d, workspace, func(backend groupBackend, ws string) (Invitation, error) {
		left, err := backend.(invitations).withdraw(ctx, ws, i)
		i.GroupSlugs = left
		return i, err
	})
}

// only are the groups among found that are wanted; all of them when none are named.
func only(found, wanted []string) []string {
	return slices.DeleteFunc(slices.Clone(found), func(groupSlug string) bool { return len(wanted) > 0 && !slices.Contains(wanted, groupSlug) })
}

func (d *Directory) listInvitations(ctx context.Context, workspace string) iter.Seq2[bitbucket.Invitation, error] {
	return func(yield func(bitbucket.Invitation, error) bool) {
		invitations, err := d.client.ListInvitations(ctx, workspace)
		if err != nil {
			yield(bitbucket.Invitation{}, explain(ctx, workspace, "list the invitations of workspace "+workspace, d.absenceOfList)(err))
			return
		}
		for _, i := range invitations {
			if !yield(i, nil) {
				return
			}
		}
	}
}

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
