package simulator

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
)

// decode reads a JSON object; anything else is 400.
func (x *exchange) decode(into *map[string]any) error {
	kind, _, err := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return fail(http.StatusBadRequest, "Unsupported content type; send application/json")
	}
	decoder := json.NewDecoder(bytes.NewReader(x.body))
	if err := decoder.Decode(into); err != nil || *into == nil || decoder.More() {
		return fail(http.StatusBadRequest, "Malformed JSON")
	}
	return nil
}

// form is a JSON object that a client sent, read key by key. The first key of the wrong type is what err blames.
type form struct {
	keys map[string]any
	err  error
}

// only refuses keys that an endpoint does not know.
func (f *form) only(known ...string) *form {
	for key := range f.keys {
		if f.err == nil && !slices.Contains(known, key) {
			f.err = failField(key, "extra keys not allowed")
		}
	}
	return f
}

// text reads a string into place and leaves place alone when the key is absent.
func (f *form) text(key string, place *string) { read(f, key, place) }

// flag reads a boolean.
func (f *form) flag(key string, place *bool) { read(f, key, place) }

func read[T any](f *form, key string, place *T) {
	value, sent := f.keys[key]
	if !sent || value == nil {
		return
	}
	typed, fits := value.(T)
	switch {
	case fits:
		*place = typed
	case f.err == nil:
		f.err = failField(key, "wrong type")
	}
}

// form reads the JSON body of a request.
func (x *exchange) form() (*form, error) {
	f := &form{}
	err := x.decode(&f.keys)
	return f, err
}
