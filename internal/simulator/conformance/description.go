package conformance

import (
	"encoding/json"
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
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// description is the OpenAPI file, as it is for requests and loosened for answers.
type description struct {
	strict, loose routers.Router
	// partial is loose without required keys, for answers that a fields parameter trimmed; few processes need it.
	partial func() (routers.Router, error)
	lies    []lie
}

// load reads the description once per process; nil without an error means that it is not present.
var load = sync.OnceValues(func() (*description, error) {
	file, err := Find("swagger.v3.json")
	if err != nil || file == "" {
		return nil, err
	}
	content, err := os.ReadFile(file) // #nosec G304 -- a fixed name beside the project
	if err != nil {
		return nil, err
	}
	d := &description{lies: newLies()}
	if d.strict, err = newRouter(content); err != nil {
		return nil, err
	}
	if d.loose, err = newLooseRouter(content, false); err != nil {
		return nil, err
	}
	d.partial = sync.OnceValues(func() (routers.Router, error) { return newLooseRouter(content, true) })
	return d, nil
})

// newLooseRouter reads a description and loosens it.
func newLooseRouter(content []byte, partial bool) (routers.Router, error) {
	var tree map[string]any
	if err := json.Unmarshal(content, &tree); err != nil {
		return nil, err
	}
	loosen(tree, partial)
	content, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	return newRouter(content)
}

// unchecked says once per process that nothing is checked.
func unchecked(tb testing.TB) {
	tb.Helper()
	said.Do(func() {
		tb.Log("Atlassian's OpenAPI description is not beside the project: exchanges are not checked against it")
	})
}

// said keeps the log of a process short; nothing depends on it.
var said sync.Once

// Find returns the path of a file in shared/bitbucket beside the project, where material lives that must not be part of it;
// "" when it is not there.
func Find(name string) (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		file := filepath.Join(folder, "shared", "bitbucket", name)
		if _, err := os.Stat(file); err == nil {
			return file, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if folder == filepath.Dir(folder) {
			return "", nil
		}
		folder = filepath.Dir(folder)
	}
}

// newRouter reads a description.
func newRouter(content []byte) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(content)
	if err != nil {
		return nil, err
	}
	// The requests of tests go to a loopback host; without servers only the path decides.
	doc.Servers = openapi3.Servers{{URL: "/2.0"}}
	return gorillamux.NewRouter(doc)
}

// loosen makes room for what live answers do although the description forbids it.
func loosen(tree map[string]any, partial bool) {
	schemas := tree["components"].(map[string]any)["schemas"].(map[string]any)
	// error.detail is a string or an object, and error carries fields and id (recorded answers).
	inner := schemas["error"].(map[string]any)["properties"].(map[string]any)["error"].(map[string]any)
	delete(inner, "additionalProperties")
	delete(inner["properties"].(map[string]any), "detail")
	loosenSchemas(schemas, partial)
}

// loosenSchemas visits every schema: null stands where the description knows no null (recorded repositories have website and
// parent null), and links hold more than it lists (recorded workspaces have hooks and html_overview).
func loosenSchemas(node any, partial bool) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			loosenSchemas(child, partial)
		}
	case map[string]any:
		if _, isSchema := node["type"].(string); isSchema {
			node["nullable"] = true
			if partial {
				delete(node, "required")
			}
		}
		if properties, found := node["properties"].(map[string]any); found {
			if links, closed := properties["links"].(map[string]any); closed {
				delete(links, "additionalProperties")
			}
		}
		for _, child := range node {
			loosenSchemas(child, partial)
		}
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

func match(router routers.Router, r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := router.FindRoute(r)
	if err != nil {
		return nil, fmt.Errorf("find %s %s: %w", r.Method, r.URL.Path, err)
	}
	return &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: validation()}, nil
}

func validation() *openapi3filter.Options {
	return &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, IncludeResponseStatus: true,
	}
}
