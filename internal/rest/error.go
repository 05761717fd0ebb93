package rest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"
)

// Error is an answer other than 2xx.
type Error struct {
	Method string
	// Path is the path of the request, not escaped, without its query.
	Path   string
	Status int
	// Message is what the server said, in one line; "" when it said nothing.
	Message string
	// Codes are the codes of the application's errors, such as ADMIN-409-3; nil when it gave none.
	Codes []string
	// Required and Granted are the scopes of a refusal for a missing scope; nil when the server named none.
	Required, Granted []string
	// Waited is how long a 429 was waited for in all, and Next how long the wait would have been that was too long; 0 for other statuses.
	Waited, Next time.Duration
	// Location is where a redirect that was not followed points; "" otherwise.
	Location string
}

// Error describes the answer in one line.
func (e *Error) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Method, e.Path, e.Answer())
}

// Answer is the status and the message, as a person would quote them.
func (e *Error) Answer() string {
	status := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	if e.Message == "" {
		return status
	}
	return fmt.Sprintf("%s: %q", status, strings.TrimSuffix(e.Message, "."))
}

// Is tells whether err holds an answer with one of the given statuses.
func Is(err error, statuses ...int) bool {
	answer, ok := errors.AsType[*Error](err)
	return ok && slices.Contains(statuses, answer.Status)
}

// HasCode tells whether err holds an answer with one of the given codes of the application.
func HasCode(err error, codes ...string) bool {
	answer, ok := errors.AsType[*Error](err)
	return ok && slices.ContainsFunc(answer.Codes, func(code string) bool { return slices.Contains(codes, code) })
}

// newError reads the body of a refusal, whatever its form.
func newError(method string, target *url.URL, resp *http.Response, body []byte) *Error {
	e := &Error{Method: method, Path: target.Path, Status: resp.StatusCode}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e.Location = clip(resp.Header.Get("Location"))
	}
	var shape map[string]json.RawMessage
	if err := json.Unmarshal(body, &shape); err != nil {
		e.Message = textMessage(body)
		return e
	}
	e.readDetails(shape["error"])
	parts := append([]string{e.Message, text(shape["error_description"])}, texts(shape["message"])...)
	var errs []json.RawMessage
	_ = json.Unmarshal(shape["errors"], &errs) // what does not fit is left out: a refusal with an odd body is still a refusal
	for _, raw := range append(errs, body) {
		parts = append(parts, e.readApplication(raw)...)
	}
	e.Message = clip(joinDistinct(parts))
	e.readScopes(shape["acceptableScopes"])
	return e
}

// readScopes reads the scopes that the gateway of the Atlassian administration asks for, unless Bitbucket has named some, and makes all of
// them showable.
func (e *Error) readScopes(acceptable json.RawMessage) {
	if e.Required == nil {
		e.Required = slices.DeleteFunc(texts(acceptable), func(scope string) bool { return scope == "" || scope == "null" })
	}
	if len(e.Required) == 0 {
		e.Required = nil
	}
	for _, scopes := range [][]string{e.Required, e.Granted} {
		for i := range scopes {
			scopes[i] = clip(scopes[i])
		}
	}
}

// readApplication reads one error of the Atlassian administration, which comes in a list or by itself (Organizations REST API,
// schema ApplicationError), and returns what it says. The gateway before it has a number for a code, which is the status.
func (e *Error) readApplication(raw json.RawMessage) []string {
	var application map[string]json.RawMessage
	if json.Unmarshal(raw, &application) != nil {
		return []string{text(raw)}
	}
	code := text(application["code"])
	if code != "" {
		e.Codes = append(e.Codes, code)
	}
	return []string{code, text(application["title"]), text(application["detail"])}
}

// text reads a text; anything else is "".
func text(raw json.RawMessage) string {
	var t string
	_ = json.Unmarshal(raw, &t)
	return t
}

// readDetails reads the error object of Bitbucket. detail is a text or an object with scopes, the values of fields are texts or
// lists of texts, and any of them may be missing (recorded answers; the OpenAPI file knows the text only).
func (e *Error) readDetails(raw json.RawMessage) {
	var text string
	if json.Unmarshal(raw, &text) == nil { // the form of OAuth
		e.Message = clip(text)
		return
	}
	var shape struct {
		Message string                     `json:"message"`
		Detail  json.RawMessage            `json:"detail"`
		Fields  map[string]json.RawMessage `json:"fields"`
	}
	// What does not fit the shape is left out: a refusal with an odd body is still a refusal.
	_ = json.Unmarshal(raw, &shape)
	parts := []string{shape.Message}
	var scopes struct{ Required, Granted []string }
	switch {
	case json.Unmarshal(shape.Detail, &text) == nil:
		parts = append(parts, text)
	case json.Unmarshal(shape.Detail, &scopes) == nil:
		e.Required, e.Granted = scopes.Required, scopes.Granted
	}
	for _, name := range slices.Sorted(maps.Keys(shape.Fields)) {
		parts = append(parts, name+": "+strings.Join(texts(shape.Fields[name]), ", "))
	}
	e.Message = joinDistinct(parts)
}

// texts reads a text or a list of texts; anything else is quoted as it is.
func texts(raw json.RawMessage) []string {
	if len(raw) == 0 {
		return nil
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var many []string
	if json.Unmarshal(raw, &many) == nil {
		return many
	}
	return []string{string(raw)}
}

// joinDistinct joins the parts that say something new: Bitbucket repeats the message in its fields.
func joinDistinct(parts []string) string {
	var message string
	for _, part := range parts {
		if part = clip(part); part != "" && !strings.Contains(message, part) {
			message = strings.TrimPrefix(message+"; "+part, "; ")
		}
	}
	return message
}

var (
	htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	htmlPage  = regexp.MustCompile(`(?i)<(!doctype|html|head|body)\b`)
)

// textMessage makes a message of a body that is not JSON: the title of an HTML page, or the start of a text.
func textMessage(body []byte) string {
	text := string(body[:min(len(body), maxPage)])
	if !htmlPage.MatchString(text) {
		return clip(text)
	}
	if title := htmlTitle.FindStringSubmatch(text); title != nil {
		return clip(html.UnescapeString(title[1]))
	}
	return "an HTML page"
}

const (
	maxMessage = 400
	maxPage    = 64 << 10 // bytes of a body that are looked at for a message
)

// clip makes one line of a text from outside: nothing that cannot be seen, no more than maxMessage characters.
func clip(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > maxMessage {
		return string(runes[:maxMessage]) + "…"
	}
	return text
}

// ErrBadAnswer is wrapped by the errors of requests whose answer cannot be used, so that what they did is not known from it.
var ErrBadAnswer = errors.New("the answer is not what the API documents")

func undecodable(request string, resp *Response, cause error) error {
	return fmt.Errorf("%s: %w (%s): %w", request, ErrBadAnswer, cmp.Or(clip(resp.Header.Get("Content-Type")), "no content type"), cause)
}

// errNull is why an answer that is null cannot be used.
var errNull = errors.New("it is null")

// isMarkup tells whether a body is a page for people. No API here answers one: it comes from something in between, such as a proxy that wants
// somebody to sign in, which has not passed the request on. The content type does not tell, as answers without a body come as text/html too.
func isMarkup(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n\ufeff"), []byte("<"))
}

// ErrNoAnswer is wrapped by the errors of requests that got no answer, so that nothing is known of what they did.
var ErrNoAnswer = errors.New("no answer")

// transportError describes a request that got no answer. The token endpoint's refusal of an OAuth client is an *Error like any
// other refused credential.
func transportError(ctx context.Context, method string, target *url.URL, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", method, target.Path, ctx.Err())
	}
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil {
		answer := newError(http.MethodPost, refused.Response.Request.URL, refused.Response, refused.Body)
		if answer.Status == http.StatusBadRequest { // RFC 6749 5.2: a server may answer a wrong secret with 400
			answer.Status = http.StatusUnauthorized
		}
		return answer
	}
	if inner, ok := errors.AsType[*url.Error](err); ok { // its text repeats the address with the query
		err = inner.Err
	}
	return fmt.Errorf("%s %s: %w from %s: %w", method, target.Path, ErrNoAnswer, target.Host, err)
}
