package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// object is a JSON object on its way to a client.
type object = map[string]any

// text is a body that is not JSON.
type text string

// answer is what a handler wants to be sent.
type answer struct {
	status int
	header http.Header
	body   any // nil: empty; text: as it is; anything else: JSON
}

// answerError is an answer that ends a handler early.
type answerError struct{ answer }

// Error implements error, so that look-ups can fail with an answer.
func (f answerError) Error() string { return fmt.Sprintf("%d %v", f.status, f.body) }

// ok answers 200.
func ok(body any) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }

// created answers 201.
func created(body any) (answer, error) { return answer{status: http.StatusCreated, body: body}, nil }

// noContent answers 204.
func noContent() (answer, error) { return answer{status: http.StatusNoContent}, nil }

// moved answers 200 with the new place of an object.
func moved(body object, to string) (answer, error) {
	return answer{status: http.StatusOK, body: body, header: http.Header{"Location": {to}}}, nil
}

// fail is Bitbucket's standard error body.
func fail(status int, message string, args ...any) answerError {
	return failWith(status, object{"message": fmt.Sprintf(message, args...)})
}

// failWith is the standard error body with more than a message in it.
func failWith(status int, inner object) answerError {
	return answerError{answer{status: status, body: object{"type": "error", "error": inner}}}
}

// failField is the 400 that blames one key of the body.
func failField(field, message string) answerError {
	return failWith(http.StatusBadRequest, object{"message": field + ": " + message, "fields": object{field: []string{message}}})
}

// failText is an error of 1.0, and of what stands in front of Bitbucket: plain text, or nothing at all.
func failText(status int, body text) answerError {
	if body == "" {
		return answerError{answer{status: status}}
	}
	return answerError{answer{status: status, body: body}}
}

// notFound is the 404 of a path that names no endpoint.
func notFound() answerError {
	return failWith(http.StatusNotFound, object{"message": "Resource not found", "detail": "There is no API hosted at this URL"})
}

// wire is an answer in bytes.
type wire struct {
	status int
	header http.Header
	body   []byte
}

// encode turns an answer into bytes.
func (a answer) encode() wire {
	out := wire{status: a.status, header: a.header.Clone()}
	if out.header == nil {
		out.header = http.Header{}
	}
	switch body := a.body.(type) {
	case nil:
	case text:
		out.body = []byte(body)
		out.header.Set("Content-Type", "text/plain")
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			panic("simulator: " + err.Error())
		}
		out.body = encoded
		out.header.Set("Content-Type", "application/json; charset=utf-8")
	}
	return out
}

// send writes the answer. With truncate above zero only that many bytes follow the headers, which promise them all.
func (o wire) send(w http.ResponseWriter, truncate int) {
	maps.Copy(w.Header(), o.header)
	if o.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(o.body)))
	}
	w.WriteHeader(o.status)
	if truncate > 0 && truncate < len(o.body) {
		_, _ = w.Write(o.body[:truncate])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(o.body)
}
