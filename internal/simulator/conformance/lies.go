package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sync/atomic"

	"github.com/getkin/kin-openapi/openapi3"
)

// lie is something that Atlassian does although the description does not declare it.
type lie struct {
	method string // "" means any
	path   string // expression for the decoded path; "" means any
	status int    // 0 means the request itself
	body   string // schema of the JSON body where the description declares another or none; "" means a status not declared, with any body
	reason string

	pattern *regexp.Regexp
	used    *atomic.Bool
}

// newLies makes a table of lies ready for use by this process.
func newLies(table []lie) []lie {
	lies := make([]lie, 0, len(table))
	for _, known := range table {
		known.pattern, known.used = regexp.MustCompile(known.path), new(atomic.Bool)
		lies = append(lies, known)
	}
	return lies
}

// anyBody tells whether the entry is about a status or a request, whatever the body.
func (known lie) anyBody() bool { return known.body == "" }

// namesPath tells whether the entry is about certain paths: only such an entry excuses a path that the description lacks.
func (known lie) namesPath() bool { return known.path != "" }

// hasBody tells whether the entry is about a body like this one.
func (known lie) hasBody(doc *openapi3.T, content []byte) bool {
	schema := doc.Components.Schemas[known.body]
	var value any
	return schema != nil && json.Unmarshal(content, &value) == nil && schema.Value.VisitJSON(value) == nil
}

// tolerates tells whether an entry of the table that suits knows that Atlassian answers this status here, or, with status 0,
// accepts this request.
func (d *description) tolerates(r *http.Request, status int, suits func(lie) bool) bool {
	for _, known := range d.lies {
		if known.status == status && (known.method == "" || known.method == r.Method) && known.pattern.MatchString(r.URL.Path) && suits(known) {
			known.used.Store(true)
			return true
		}
	}
	return false
}

// Unused returns the entries of the tables of lies that no exchange of this process needed, and nothing of a description that is
// not present.
func Unused() []string {
	descriptions, err := load()
	if err != nil {
		return nil
	}
	var unused []string
	for _, d := range descriptions {
		for _, known := range d.lies {
			if !known.used.Load() {
				unused = append(unused, fmt.Sprintf("%s %s %d %s: %s", known.method, known.path, known.status, known.body, known.reason))
			}
		}
	}
	return unused
}
