package rest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// zeros is a body of zeros that counts how much of it was read.
type zeros struct{ left, read int }

func (b *zeros) Read(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.read += n
	if n == 0 {
		return 0, io.EOF
	}
	clear(p[:n])
	return n, nil
}

func (b *zeros) Close() error { return nil }

func TestAnAnswerLargerThan64MiBIsAnErrorAtOnce(t *testing.T) {
	t.Parallel()
	const most = 64 << 20
	for name, tt := range map[string]struct{ status, size int }{
		"a success without an end":  {200, 1 << 40},
		"a failure of 5xx, endless": {500, 1 << 40},
	} {
		// One after another, because each holds 64 MiB.
		body, attempts := &zeros{left: tt.size}, 0
		c := newClient(t, "http://localhost", rest.Options{Transport: transportFunc(func(req *http.Request) (*http.Response, error) {
			attempts++
			return &http.Response{StatusCode: tt.status, Body: body, Request: req}, nil
		})})
		if _, err := c.Send(t.Context(), get("x")); err == nil || !strings.Contains(err.Error(), "larger than 64 MiB") {
			t.Errorf("%s: error is %v", name, err)
		}
		if attempts != 1 || body.read > most+1 {
			t.Errorf("%s: %d attempts, %d bytes read; want 1 and %d at most", name, attempts, body.read, most+1)
		}
	}
}
