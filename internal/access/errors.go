package access

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

var (
	// ErrNotFound is what errors are that say that something does not exist, as far as a credential that works can tell.
	ErrNotFound = errors.New("not found")
	// ErrHidden is what errors are that say that something does not exist or is hidden from the credential.
	ErrHidden = errors.New("not found or hidden")
	// ErrExists is wrapped by the error that refuses to create what exists.
	ErrExists = errors.New("exists already")
	// ErrOutsideFilter is wrapped by the error that refuses a workspace that the provider's filter leaves out.
	ErrOutsideFilter = errors.New("outside the provider's workspaces filter")
	// ErrNoMember is wrapped by the error that says that the credential can see nothing of a workspace, whether it exists or not.
	ErrNoMember = errors.New("the credential has no access to workspace")
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
	return absentError{fmt.Errorf(format, args...)}
}

// noMember makes a workspace that is missing or hidden an ErrNoMember. It is never an ErrNotFound: what is in a workspace must not
// count as gone because the credential has lost the workspace. A missing scope is no sign of either.
func noMember(err error, workspace string) error {
	refusal, ok := errors.AsType[*rest.Error](err)
	if ok && len(refusal.Required) == 0 && rest.Is(err, http.StatusForbidden, http.StatusNotFound) {
		return fmt.Errorf("%w %s: %w", ErrNoMember, workspace, err)
	}
	return err
}

// unanswered tells whether a write may have been carried out although it failed: no answer came, or none that can be used.
func unanswered(err error) bool {
	refusal, answered := errors.AsType[*rest.Error](err)
	return errors.Is(err, rest.ErrNoAnswer) || errors.Is(err, rest.ErrBadAnswer) || answered && refusal.Status >= http.StatusInternalServerError
}

// absentError is an ErrNotFound that reads like the error it holds.
type absentError struct{ error }

func (e absentError) Is(target error) bool { return target == ErrNotFound }

func (e absentError) Unwrap() error { return e.error }

// hiddenError is an ErrHidden that reads like the error it holds.
type hiddenError struct{ error }

func (e hiddenError) Is(target error) bool { return target == ErrHidden }

func (e hiddenError) Unwrap() error { return e.error }
