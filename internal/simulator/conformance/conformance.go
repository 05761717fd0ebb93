// Package conformance checks an HTTP exchange against Atlassian's OpenAPI descriptions of Bitbucket Cloud and of organizations. The
// descriptions carry no licence, so they are not part of this project: where one is not present, nothing that it describes is
// checked. Test code only.
package conformance

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// Deliberate is the request header with which a test says that its request is meant to violate the description, and why. It
// is taken off before the request goes on.
const Deliberate = "X-Conformance-Deliberate"

// Middleware lets every request through to next and reports, as errors of tb, the requests and answers under /2.0/ and /admin/
// that the official description does not allow. Where a description is not present it says so once and lets its part pass.
func Middleware(tb testing.TB, next http.Handler) http.Handler {
	tb.Helper()
	descriptions, err := load()
	if err != nil {
		tb.Fatalf("load the OpenAPI descriptions: %v", err)
	}
	if len(descriptions) < len(sources()) {
		unchecked(tb)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reason := r.Header.Get(Deliberate)
		r.Header.Del(Deliberate)
		i := slices.IndexFunc(descriptions, func(d *description) bool { return strings.HasPrefix(r.URL.Path, d.prefix+"/") })
		if i < 0 {
			next.ServeHTTP(w, r)
			return
		}
		descriptions[i].check(tb, w, r, reason != "", next)
	})
}

// check serves one exchange and validates it.
func (d *description) check(tb testing.TB, w http.ResponseWriter, r *http.Request, deliberate bool, next http.Handler) {
	tb.Helper()
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has left
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	seen := &recorder{ResponseWriter: w, status: http.StatusOK}
	next.ServeHTTP(seen, r)
	if seen.Header().Get(simulator.FaultHeader) != "" {
		return // a fault that a test injected is no answer of Atlassian
	}

	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(sent))
	request, err := d.find(again)
	if err != nil {
		nothingThere := seen.status == http.StatusNotFound || seen.status == http.StatusMovedPermanently // which needs no description
		if !nothingThere && !d.tolerates(r, seen.status, lie.namesPath) {
			tb.Errorf("%s %s answered %d, but the description has no such endpoint", r.Method, r.URL.EscapedPath(), seen.status)
		}
		return
	}
	if !deliberate && !d.tolerates(r, 0, lie.anyBody) {
		if err := d.request(request); err != nil {
			tb.Errorf("request %s %s: %v", r.Method, r.URL.EscapedPath(), err)
		}
	}
	if err := d.response(request, seen); err != nil {
		tb.Errorf("answer %d to %s %s: %v", seen.status, r.Method, r.URL.EscapedPath(), err)
	}
}

// response validates an answer. A status that the description does not declare, or declares with a JSON body that is not there,
// passes if the table of lies knows it; so does a JSON body that the table knows in place of what the description says.
func (d *description) response(request *openapi3filter.RequestValidationInput, seen *recorder) error {
	responses := request.Route.Operation.Responses
	declared := responses.Status(seen.status) != nil || seen.status >= 400 && responses.Default() != nil
	hasJSON := strings.HasPrefix(seen.Header().Get("Content-Type"), "application/json")
	if (!declared || !hasJSON) && d.tolerates(request.Request, seen.status, lie.anyBody) {
		return nil
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: seen.status, Header: seen.Header(), Options: validation(),
	}
	err := openapi3filter.ValidateResponse(request.Request.Context(), input.SetBodyBytes(seen.body.Bytes()))
	fits := func(known lie) bool { return known.hasBody(request.Route.Spec, seen.body.Bytes()) }
	if err != nil && hasJSON && d.tolerates(request.Request, seen.status, fits) {
		return nil
	}
	return err
}

// recorder keeps what next answers.
type recorder struct {
	http.ResponseWriter

	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (rec *recorder) WriteHeader(status int) {
	rec.status = status
	rec.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (rec *recorder) Write(part []byte) (int, error) {
	rec.body.Write(part)
	return rec.ResponseWriter.Write(part)
}

// Unwrap lets http.ResponseController reach the writer underneath.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }
