package access

import (
	"context"
	"errors"
	"net/http"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// RoleOwner is the role of those who administer a workspace and see everything in it.
const RoleOwner = "owner"

// standing returns the role of the credential's user in a workspace, "" for a credential that is no person. Its error says that
// the credential fails by itself. It is asked anew each time: a credential that was good may fail later in the run.
func (d *Directory) standing(ctx context.Context, workspace string) (role string, err error) {
	if d.Credential == APIToken {
		var own bitbucket.Membership
		own, err = d.client.GetOwnMembership(ctx, workspace)
		role = own.Permission
	} else {
		_, err = d.client.GetWorkspace(ctx, workspace)
	}
	if err = noMember(err, workspace); err != nil && !errors.Is(err, ErrNoMember) {
		err = failed(err, "check the access of the credential to workspace %s", workspace)
	}
	return role, err
}

// absence decides what a 404 means. Bitbucket answers it for what is missing and for what is hidden alike, so it is ErrNotFound
// only for a workspace administrator, from whom nothing is hidden; for others it is ErrHidden, and for a credential that fails
// its failure. Other errors stay as they are.
func (d *Directory) absence(ctx context.Context, workspace string, err error) error {
	if !rest.Is(err, http.StatusNotFound) {
		return err
	}
	role, failure := d.standing(ctx, workspace)
	switch {
	case failure != nil:
		return failure
	case role == RoleOwner:
		return marked{err, ErrNotFound}
	}
	return marked{err, ErrHidden}
}

// explain returns a function that says what failed in a workspace, and what a 404 means there.
func (d *Directory) explain(ctx context.Context, workspace, action string) func(error) error {
	return func(err error) error { return &ActionError{Action: action, Err: d.absence(ctx, workspace, err)} }
}

// removed decides whether something is gone after the answer to its removal. A 404, and no usable answer, are trusted once the list that
// it belonged to does not hold it, or is gone itself. A list that was read before is read again where it still holds it, or where there is no
// answer to go by.
func removed(answer error, listed func() (bool, error), reload func()) error {
	doubtful := unanswered(answer)
	if !doubtful && !rest.Is(answer, http.StatusNotFound) {
		return answer
	}
	if doubtful {
		reload()
	}
	there, err := listed()
	if err == nil && there && !doubtful {
		reload()
		there, err = listed()
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err == nil && there, err != nil && doubtful:
		return answer
	}
	return err
}
