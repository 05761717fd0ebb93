package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

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
	return withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (Invitation, error) {
		in, err := d.isMember(ctx, ws, i.Email)
		switch {
		case err != nil:
			return Invitation{}, err
		case in:
			i.Accepted = true
			return i, nil
		case i.RepoSlug == "":
			return backend.invite(ctx, ws, i)
		case backend == d.organization:
			return Invitation{}, noRepositoryInvitation(ws)
		}
		return i, d.inviteToRepository(ctx, ws, i)
	})
}

// inviteToRepository sends an invitation. One without an answer is sent once more: that there is one already says then that it was
// carried out. A conflict that does not say so leaves it unknown.
func (d *Directory) inviteToRepository(ctx context.Context, workspace string, i Invitation) error {
	send := func() error {
		return d.client.InviteToRepository(ctx, workspace, i.RepoSlug, i.Email, string(i.Permission))
	}
	err := send()
	if unanswered(err) {
		again := send()
		if again == nil || invitedAlready(again) {
			return nil
		}
		if !rest.Is(again, http.StatusConflict) {
			err = again
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

// isMember tells whether somebody with an address is in a workspace. Whoever else the answer names does not tell: taken for the person, an
// invitation would count as accepted that nobody has sent.
func (d *Directory) isMember(ctx context.Context, workspace, email string) (bool, error) {
	members, err := d.membersByEmail(ctx, workspace, []string{email})
	if err != nil {
		return false, err
	}
	_, in := members[strings.ToLower(email)]
	if !in && len(members) > 0 {
		err = failed(notAskedFor(members, []string{email}), "find people of workspace %s by e-mail address", workspace)
	}
	return in, err
}

// Invitation returns an invitation as it stands. Its error wraps ErrNotFound when it was withdrawn or has expired. One that was
// accepted stays so: a person who is taken out of the workspace later is not invited again.
func (d *Directory) Invitation(ctx context.Context, workspace string, i Invitation) (Invitation, error) {
	if i.Accepted {
		return i, nil
	}
	return withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (Invitation, error) {
		if i.RepoSlug != "" { // it cannot be listed
			in, err := d.isMember(ctx, ws, i.Email)
			i.Accepted = in
			return i, err
		}
		found, err := backend.look(ctx, ws, i)
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
	return withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (Invitation, error) {
		left, err := backend.withdraw(ctx, ws, i)
		i.GroupSlugs = left
		return i, err
	})
}

// only are the groups among found that are wanted; all of them when none are named.
func only(found, wanted []string) []string {
	return slices.DeleteFunc(slices.Clone(found), func(groupSlug string) bool { return len(wanted) > 0 && !slices.Contains(wanted, groupSlug) })
}
