package rest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
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

func TestTheSizeOfAnswersIsBounded(t *testing.T) {
	t.Parallel()
	const mebibyte = 1 << 20
	for name, tt := range map[string]struct {
		status, attempts, most int
		want                   string
	}{
		"a success without an end":         {200, 1, 64*mebibyte + 1, "larger than 64 MiB"},
		"a refusal without an end":         {403, 1, mebibyte + 1, "403 Forbidden"},
		"a redirect without an end":        {302, 1, mebibyte + 1, "302 Found"},
		"a failure of 5xx without an end":  {500, 5, mebibyte + 1, "500 Internal Server Error"},
		"a success one byte over the size": {200, 1, 64*mebibyte + 1, "larger than 64 MiB"},
	} {
		// One after another, because a success holds 64 MiB.
		attempts := 0
		c := newClient(t, "http://localhost", rest.Options{Transport: transportFunc(func(req *http.Request) (*http.Response, error) {
			attempts++
			body := &zeros{left: 1 << 40}
			if strings.Contains(name, "one byte") {
				body.left = tt.most
			}
			t.Cleanup(func() {
				if body.read > tt.most {
					t.Errorf("%s: %d bytes read, want %d at most", name, body.read, tt.most)
				}
			})
			return &http.Response{StatusCode: tt.status, Body: body, Header: http.Header{}, Request: req}, nil
		})})
		if _, err := c.Send(t.Context(), get("x")); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error is %v", name, err)
		}
		if attempts != tt.attempts {
			t.Errorf("%s: %d attempts, want %d", name, attempts, tt.attempts)
		}
	}
}

// packed are 128 MiB of zeros in gzip, which are 128 KiB.
var packed = sync.OnceValue(func() []byte {
	var into bytes.Buffer
	packer := gzip.NewWriter(&into)
	if _, err := io.Copy(packer, &zeros{left: 128 << 20}); err != nil {
		panic(err)
	}
	if err := packer.Close(); err != nil {
		panic(err)
	}
	return into.Bytes()
})

// bomb answers a status with zeros in gzip.
func bomb(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		_, _ = w.Write(packed())
	}
}

// endlessBody answers a status with a body that does not end.
func endlessBody(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.Copy(w, &zeros{left: 1 << 40})
	}
}

// wordy answers with 2 MiB of headers.
func wordy(w http.ResponseWriter, _ *http.Request) {
	for i := range 2048 {
		w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("x", 1024))
	}
}

func TestAnAnswerThatGrowsDoesNotFillTheMemory(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   []string // of a request and of one for a token
	}{
		"a bomb":              {bomb(200), []string{"larger than 64 MiB", "larger than 64 MiB"}},
		"a bomb that refuses": {bomb(401), []string{"401 Unauthorized", "401 Unauthorized"}},
		"no end":              {endlessBody(200), []string{"larger than 64 MiB", "larger than 64 MiB"}},
		"no end of a refusal": {endlessBody(400), []string{"400 Bad Request", "401 Unauthorized"}},
		"2 MiB of headers":    {wordy, []string{"headers exceeded 1048576 bytes", "headers exceeded 1048576 bytes"}},
	} {
		// One after another, because a success holds 64 MiB.
		credential, _ := consumer(t, tt.answer)
		for i, c := range []*rest.Client{
			newClient(t, serve(t, tt.answer).URL, rest.Options{}),
			newClient(t, serve(t, fine).URL, rest.Options{Credential: credential}),
		} {
			if _, err := c.Send(t.Context(), get("x")); err == nil || !strings.Contains(err.Error(), tt.want[i]) {
				t.Errorf("%s: error %d is %v", name, i, err)
			}
		}
	}
}
