package access

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

var (
	// ErrNotFound marks errors that say that something does not exist, as far as a credential that works can tell.
	ErrNotFound = errors.New("not found")
	// ErrHidden marks errors that say that something does not exist or is hidden from the credential.
	ErrHidden = errors.New("not found or hidden")
	// ErrExists is wrapped by the error that refuses to create what exists.
	ErrExists = errors.New("exists already")
	// ErrUnseen is wrapped by the error that refuses to say who is missing, because Bitbucket may hide people from the credential.
	ErrUnseen = errors.New("it cannot be told who is missing")
	// ErrOutsideFilter is wrapped by the error that refuses a workspace that the provider's filter leaves out.
	ErrOutsideFilter = errors.New("outside the provider's workspaces filter")
	// ErrNoMember is wrapped by the error that says that the credential can see nothing of a workspace, whether it exists or not.
	ErrNoMember = errors.New("the credential has no access to workspace")
	// ErrOrganization marks errors that came from the administration of the organization and not from Bitbucket.
	ErrOrganization = errors.New("the organization's administration")
	// ErrNoOrganization is wrapped by the error that refuses to change groups without access to the organization that has them.
	ErrNoOrganization = errors.New("is administered at admin.atlassian.com")
	// ErrOtherOrganization is wrapped by the error for a workspace whose groups another organization has.
	ErrOtherOrganization = errors.New("those of organization")
	// ErrNoDirectory is wrapped by the error for an organization with several directories to put a new group into.
	ErrNoDirectory = errors.New("it is not clear which directory a new group belongs into")
	// ErrOwned is wrapped by the error that refuses to change a group that the organization lets nobody change.
	ErrOwned = errors.New("cannot be changed in the organization")
	// ErrKept is wrapped by the error that refuses to delete a group that the organization lets nobody delete.
	ErrKept = errors.New("must not be deleted: the organization keeps it")
	// ErrShared is wrapped by the error that refuses to delete a group that gives access to more than the workspace.
	ErrShared = errors.New("gives access to more than this workspace")
	// ErrTaken is wrapped by the error that refuses to take over a group of the organization that is none of the workspace.
	ErrTaken = errors.New("of the organization has this name already, and is no group of the workspace")
	// ErrNoSetting is wrapped by the error that refuses a setting that the organization's API cannot change.
	ErrNoSetting = errors.New("where the API cannot change it")
	// ErrNoSeat marks errors that say that the plan of an app has no seat left.
	ErrNoSeat = errors.New("no seat left")
	// ErrSuspended is wrapped by the error that refuses to invite somebody whom the organization has suspended or deactivated.
	ErrSuspended = errors.New("is suspended or deactivated in the organization")
	// ErrStranger marks errors that say that a person is not in the organization.
	ErrStranger = errors.New("not in the organization")
	// ErrNoRepositoryInvitation is wrapped by the error that refuses to invite to a repository where an organization administers people.
	ErrNoRepositoryInvitation = errors.New("where nobody can be invited to a single repository")
	// ErrInvited marks errors that say that somebody is invited already, to what cannot be read.
	ErrInvited = errors.New("invited already")
	// ErrStaysInvited is wrapped by the error that says that an invitation cannot be withdrawn through the API.
	ErrStaysInvited = errors.New("the API has no way to withdraw it")
	// ErrTwoOwners is wrapped by the error that refuses to manage access that another resource of the configuration manages too.
	ErrTwoOwners = errors.New("two owners in this configuration")
	// ErrHandover is wrapped by the error that refuses to destroy a resource whose access another resource of the configuration keeps.
	ErrHandover = errors.New("handed from one resource to another")
	// ErrLockout is wrapped by the error that refuses to take the last administration away from the credential's own user.
	ErrLockout = errors.New("the user of the credential would no longer administer it")
	// ErrMayLockOut is wrapped by the error for what may be an ErrLockout, as far as the credential may see.
	ErrMayLockOut = errors.New("it cannot be told whether the user of the credential would still administer it")
	// ErrNoAdministrator is wrapped by the error that says that nobody would be left in the group that administers a workspace.
	ErrNoAdministrator = errors.New("nobody would be left in it, and its members administer the workspace")
	// ErrNotShown is wrapped by the error for a change that is done, but that is not visible after a long wait.
	ErrNotShown = errors.New("it is done, but does not show yet")
)

// ActionError says what could not be done, in the imperative, and why.
type ActionError struct {
	Action string
	Err    error
}

func (e *ActionError) Error() string { return e.Action + ": " + e.Err.Error() }

func (e *ActionError) Unwrap() error { return e.Err }

// failed says what an error kept from being done; nil stays nil.
func failed(err error, action string, args ...any) error {
	if err == nil {
		return nil
	}
	return &ActionError{Action: fmt.Sprintf(action, args...), Err: err}
}

// NotFoundf returns an error that says in its own words what does not exist.
func NotFoundf(format string, args ...any) error {
	return marked{fmt.Errorf(format, args...), ErrNotFound}
}

// noMember makes a workspace that is missing or hidden an ErrNoMember. It is never an ErrNotFound: what is in a workspace must not
// count as gone because the credential has lost the workspace. A missing scope is no sign of either.
func noMember(err error, workspace string) error {
	if !lacksScope(err) && rest.Is(err, http.StatusForbidden, http.StatusNotFound) {
		return fmt.Errorf("%w %s: %w", ErrNoMember, workspace, err)
	}
	return err
}

// lacksScope tells whether a refusal says which scopes the credential lacks.
func lacksScope(err error) bool {
	refusal, refused := errors.AsType[*rest.Error](err)
	return refused && len(refusal.Required) > 0
}

// unanswered tells whether a write may have been carried out although it failed: no answer came, or none that can be used.
func unanswered(err error) bool {
	refusal, answered := errors.AsType[*rest.Error](err)
	return errors.Is(err, rest.ErrNoAnswer) || errors.Is(err, rest.ErrBadAnswer) || answered && refusal.Status >= http.StatusInternalServerError
}

// marked is an error that is another one too, and reads as it did.
type marked struct {
	error

	mark error
}

func (e marked) Is(target error) bool { return target == e.mark }

func (e marked) Unwrap() error { return e.error }
