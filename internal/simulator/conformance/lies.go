package conformance

import (
	"fmt"
	"net/http"
	"regexp"
	"sync/atomic"
)

// lie is something that Bitbucket does although the description does not declare it.
type lie struct {
	method string         // "" means any
	path   *regexp.Regexp // of the decoded path
	status int            // 0 means the request itself
	reason string
	used   *atomic.Bool
}

// newLies lists what the description leaves out. Unused reports the entries that no test needed.
func newLies() []lie {
	const objects = `^/2\.0/(workspaces/[^/]+/projects(/[^/]+)?|repositories/[^/]+/[^/]+)$`
	var lies []lie
	for _, known := range []struct {
		method, path string
		status       int
		reason       string
	}{
		{"", ``, 429, "the budget is not part of the description"},
		{"", ``, 411, "the introduction demands Content-Length, no endpoint declares 411"},
		{"", ``, 401, "401 is declared on some endpoints only"},
		{"", ``, 400, "400 for pagelen, page, q, sort and raw braces is declared nowhere"},
		{"", ``, 403, "403 for missing scopes is declared on some endpoints only"},
		{"GET", `^/2\.0/(workspaces|repositories|snippets|user/permissions/[^/]+)$`, 410, "CHANGE-2770 removed these lists"},
		{"GET", `^/2\.0/workspaces/[^/]+/(members|permissions)(/|$)`, 404, "a workspace that is not there is declared on its own page only"},
		{"GET", `^/2\.0/user/emails$`, 200, "only the error of the list of addresses is declared"},
		{"POST", `^/2\.0/repositories/[^/]+/[^/]+$`, 201, "POST of a repository answers 201 (eggzec/bb BUG-SCHEMA-030)"},
		{"POST", `^/2\.0/repositories/[^/]+/[^/]+$`, 404, "the workspace may be missing"},
		{"PUT", `^/2\.0/repositories/[^/]+/[^/]+$`, 404, "the workspace may be missing"},
		{"POST", objects, 0, "type is required in the description and refused by Bitbucket (eggzec/bb)"},
		{"PUT", objects, 0, "type is required in the description and refused by Bitbucket (eggzec/bb)"},
	} {
		lies = append(lies, lie{known.method, regexp.MustCompile(known.path), known.status, known.reason, new(atomic.Bool)})
	}
	return lies
}

// tolerates tells whether the table knows that Bitbucket answers this status here, or, with status 0, accepts this request.
func (d *description) tolerates(r *http.Request, status int) bool {
	for _, known := range d.lies {
		if known.status == status && (known.method == "" || known.method == r.Method) && known.path.MatchString(r.URL.Path) {
			known.used.Store(true)
			return true
		}
	}
	return false
}

// Unused returns the entries of the table of lies that no exchange of this process needed, and nothing where the description is
// not present.
func Unused() []string {
	d, err := load()
	if err != nil || d == nil {
		return nil
	}
	var unused []string
	for _, known := range d.lies {
		if !known.used.Load() {
			unused = append(unused, fmt.Sprintf("%s %s %d: %s", known.method, known.path, known.status, known.reason))
		}
	}
	return unused
}
