package access

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// ErrNotFound is what errors are that say that something does not exist, as far as a credential that works can tell.
var ErrNotFound = errors.New("not found")

// NotFoundf returns an error that says in its own words what does not exist.
func NotFoundf(format string, args ...any) error {
	return absentError{fmt.Errorf(format, args...)}
}

// notFound makes a 404 an ErrNotFound.
func notFound(err error) error {
	if rest.Is(err, http.StatusNotFound) {
		return absentError{err}
	}
	return err
}

// absentError is an ErrNotFound that reads like the error it holds.
type absentError struct{ error }

func (e absentError) Is(target error) bool { return target == ErrNotFound }

func (e absentError) Unwrap() error { return e.error }
