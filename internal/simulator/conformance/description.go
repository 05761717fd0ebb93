package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// description is the OpenAPI file, as it is for requests and loosened for answers.
type description struct {
	prefix        string
	strict, loose routers.Router
	// partial is loose without required keys, for answers that a fields parameter trimmed; few processes need it.
	partial func() (routers.Router, error)
	lies    []lie
}

// load reads the descriptions once per process and returns those that are present.
var load = sync.OnceValues(func() ([]*description, error) {
	var found []*description
	for _, from := range sources() {
		d, err := from.load()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", from.file, err)
		}
		if d != nil {
			found = append(found, d)
		}
	}
	return found, nil
})

// load reads a description; nil without an error means that it is not present.
func (from source) load() (*description, error) {
	file, err := Find(from.folder, from.file)
	if err != nil || file == "" {
		return nil, err
	}
	content, err := os.ReadFile(file) // #nosec G304 -- a fixed name beside the project
	if err != nil {
		return nil, err
	}
	d := &description{prefix: from.prefix, lies: newLies(from.lies)}
	if d.strict, err = from.newRouter(content); err != nil {
		return nil, err
	}
	loosen := func(partial bool) (routers.Router, error) {
		return from.newRouter(content, func(tree map[string]any) { from.loosen(tree, partial) })
	}
	if d.loose, err = loosen(false); err != nil {
		return nil, err
	}
	d.partial = sync.OnceValues(func() (routers.Router, error) { return loosen(true) })
	return d, nil
}

// unchecked says once per process that something is not checked.
func unchecked(tb testing.TB) {
	tb.Helper()
	said.Do(func() {
		tb.Log("not all of Atlassian's OpenAPI descriptions are beside the project: exchanges are checked against those that are")
	})
}

// said keeps the log of a process short; nothing depends on it.
var said sync.Once

// Find returns the path of a file in a folder of shared beside the project, such as atlassian-admin, where material lives that must not be
// part of the project; "" when it is not there.
func Find(folder, name string) (string, error) {
	above, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		file := filepath.Join(above, "shared", folder, name)
		if _, err := os.Stat(file); err == nil {
			return file, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if above == filepath.Dir(above) {
			return "", nil
		}
		above = filepath.Dir(above)
	}
}

// find matches a request with an endpoint of the loosened description.
func (d *description) find(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	if !r.URL.Query().Has("fields") {
		return match(d.loose, r)
	}
	partial, err := d.partial()
	if err != nil {
		return nil, err
	}
	return match(partial, r)
}

// request validates a request with the description as it is.
func (d *description) request(found *openapi3filter.RequestValidationInput) error {
	input, err := match(d.strict, found.Request)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(found.Request.Context(), input)
}

// match finds the endpoint of a request.
func match(router routers.Router, r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := router.FindRoute(r)
	if err != nil {
		return nil, fmt.Errorf("find %s %s: %w", r.Method, r.URL.Path, err)
	}
	return &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: validation()}, nil
}

// validation checks formats too; kin-openapi knows uuid and email but leaves them out unless told.
func validation() *openapi3filter.Options {
	return &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.WithStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562)),
			openapi3.WithStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail)),
		},
	}
}
