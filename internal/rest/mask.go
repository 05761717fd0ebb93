package rest

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	// mask is shown where a secret would be.
	mask = "***"
	// shortestSecret is the length, in bytes, from which on a secret is masked. Those of Atlassian are far longer, and masking a short word
	// would change answers that hold it by chance, and so tell it.
	shortestSecret = 8
	// maxDisguises bounds how often a text is decoded to see whether it holds a secret.
	maxDisguises = 3
)

// Hidden keeps what a struct that embeds it holds out of whatever prints it, such as a log, an error or a panic.
type Hidden struct{}

// Format prints the mask, whatever the verb.
func (Hidden) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, mask) }

// MarshalJSON returns the mask.
func (Hidden) MarshalJSON() ([]byte, error) { return json.Marshal(mask) }

// masker replaces the secrets of a credential in what comes from outside. A server knows them, and may repeat them anywhere: they must
// not come into logs, errors or the state of Terraform that way.
type masker struct {
	forms []string // what secrets look like, longest first, so that no part of a longer one is left
}

func newMasker(secrets ...string) *masker {
	m := &masker{}
	for _, secret := range secrets {
		if len(secret) < shortestSecret {
			continue
		}
		quoted, _ := json.Marshal(secret) // a text is always encoded
		m.forms = append(m.forms, secret, url.QueryEscape(secret), url.PathEscape(secret), string(quoted[1:len(quoted)-1]))
	}
	slices.SortFunc(m.forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	m.forms = slices.Compact(m.forms)
	return m
}

// pair returns the forms in which Basic authorization carries a name and a secret.
func pair(name, secret string) []string {
	text := []byte(name + ":" + secret)
	return []string{base64.RawStdEncoding.EncodeToString(text), base64.RawURLEncoding.EncodeToString(text)}
}

// shown tells whether a text holds a secret, in any form that a reader could undo at a glance.
func (m *masker) shown(text string) bool { return len(m.forms) > 0 && m.within(text, maxDisguises) }

// within tells whether a text holds a secret when it is decoded at most depth times.
func (m *masker) within(text string, depth int) bool {
	if slices.ContainsFunc(m.forms, func(form string) bool { return strings.Contains(text, form) }) {
		return true
	}
	if depth == 0 {
		return false
	}
	for _, decode := range []func(string) string{html.UnescapeString, fromURL, fromJSON} {
		if plain := decode(text); plain != text && m.within(plain, depth-1) {
			return true
		}
	}
	return false
}

// text masks the secrets of a text. Where it holds one in disguise, nothing of it is left.
func (m *masker) text(text string) string {
	if !m.shown(text) {
		return text
	}
	for _, form := range m.forms {
		text = strings.ReplaceAll(text, form, mask)
	}
	if m.shown(text) {
		return mask
	}
	return text
}

// body masks the secrets of a body. JSON stays JSON.
func (m *masker) body(body []byte) []byte {
	if !m.shown(string(body)) {
		return body
	}
	if json.Valid(body) {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) == nil {
			masked, _ := json.Marshal(m.value(value)) // it came from JSON
			return masked
		}
	}
	return []byte(m.text(string(body)))
}

// value masks the secrets of a JSON value.
func (m *masker) value(value any) any {
	switch value := value.(type) {
	case string:
		return m.text(value)
	case json.Number:
		if m.shown(value.String()) {
			return mask
		}
	case []any:
		for i := range value {
			value[i] = m.value(value[i])
		}
	case map[string]any:
		masked := make(map[string]any, len(value))
		for name, inner := range value {
			masked[m.text(name)] = m.value(inner)
		}
		return masked
	}
	return value
}

// header masks the secrets of headers.
func (m *masker) header(header http.Header) {
	for _, values := range header {
		for i := range values {
			values[i] = m.text(values[i])
		}
	}
}

// error masks the secrets of an error's text; what the error is stays as it was.
func (m *masker) error(err error) error {
	if err == nil || !m.shown(err.Error()) {
		return err
	}
	return &maskedError{text: m.text(err.Error()), cause: err}
}

// maskedError is an error under a text without secrets.
type maskedError struct {
	text  string
	cause error
}

func (e *maskedError) Error() string { return e.text }

func (e *maskedError) Unwrap() error { return e.cause }

// fromURL undoes the escapes of URLs, such as %41, wherever they stand.
func fromURL(text string) string {
	return unescape(text, '%', func(code string) (string, int) {
		if len(code) >= 3 {
			if b, err := strconv.ParseUint(code[1:3], 16, 8); err == nil {
				return string([]byte{byte(b)}), 3
			}
		}
		return code[:1], 1
	})
}

// fromJSON undoes the escapes of JSON, such as \u0041 and \/, wherever they stand. Those of control characters, which no secret has,
// lose their backslash only.
func fromJSON(text string) string {
	return unescape(text, '\\', func(code string) (string, int) {
		switch {
		case len(code) >= 6 && code[1] == 'u':
			if r, err := strconv.ParseUint(code[2:6], 16, 16); err == nil {
				return string(rune(r)), 6
			}
		case len(code) >= 2:
			return code[1:2], 2
		}
		return code[:1], 1
	})
}

// unescape replaces what read makes of each part of a text that begins with start; read returns how long that part is, too.
func unescape(text string, start byte, read func(string) (string, int)) string {
	at := strings.IndexByte(text, start)
	if at < 0 {
		return text
	}
	var plain strings.Builder
	plain.Grow(len(text))
	for ; at >= 0; at = strings.IndexByte(text, start) {
		plain.WriteString(text[:at])
		decoded, length := read(text[at:])
		plain.WriteString(decoded)
		text = text[at+length:]
	}
	plain.WriteString(text)
	return plain.String()
}
