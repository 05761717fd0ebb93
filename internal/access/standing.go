package access

import (
	"context"
	"errors"
	"fmt"
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

// self returns the role of the credential's own user in a workspace, and a function that tells whether a grant is to that user.
func (d *Directory) self(ctx context.Context, workspace string) (role string, mine func(Grant) bool, err error) {
	own, err := d.own.get(ctx, workspace)
	if err == nil && own.User.UUID == "" { // which Bitbucket's OpenAPI file does not promise
		var user bitbucket.CurrentUser
		user, err = d.currentUser.get(ctx, struct{}{})
		own.User = user.Account
	}
	me := personOf(own.User, "")
	return own.Permission, func(g Grant) bool {
		return g.Principal.Kind == UserPrincipal && me.Is(holderOf(g))
	}, err
}

// absence decides what a 404 means in answer to a request for an object. Bitbucket answers it for what is missing and for what is hidden
// alike, so it is ErrNotFound only for a workspace administrator, from whom nothing is hidden; for others it is ErrHidden, and for a
// credential that fails its failure. Other errors stay as they are.
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

// absenceOfList decides what a 404 means in answer to a request for a list that every workspace has. For a workspace administrator it
// means nothing: the workspace is there, and so is its list.
func (d *Directory) absenceOfList(ctx context.Context, workspace string, err error) error {
	if decided := d.absence(ctx, workspace, err); !errors.Is(decided, ErrNotFound) {
		return decided
	}
	return contradicts(err, "workspace "+workspace)
}

// absenceOfGrants decides what a 404 means in answer to a request for the grants of a repository or project: that it is missing only where
// Bitbucket says the same of the object itself.
func (d *Directory) absenceOfGrants(ctx context.Context, scope Scope, err error) error {
	if !rest.Is(err, http.StatusNotFound) {
		return err
	}
	var failure error
	if scope.Kind == ProjectScope {
		_, failure = d.project.get(ctx, scope)
	} else {
		_, failure = d.repository.get(ctx, scope)
	}
	for _, known := range []error{ErrNotFound, ErrHidden} {
		if errors.Is(failure, known) {
			return marked{err, known}
		}
	}
	if failure == nil {
		failure = contradicts(err, scope.String())
	}
	return failure
}

// contradicts is the error for a 404 to a part of something that is there.
func contradicts(err error, there string) error {
	return fmt.Errorf("%w, although Bitbucket shows %s itself", err, there)
}

// explain returns a function that says what failed in a workspace, and what a 404 means there, as absence decides it.
func explain(ctx context.Context, workspace, action string, absence func(context.Context, string, error) error) func(error) error {
	return func(err error) error { return &ActionError{Action: action, Err: absence(ctx, workspace, err)} }
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
