package rest_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// memory answers requests without a network, as far as a server sees them: each is written and parsed again. The last answer repeats.
type memory struct {
	answers []memorized
	sent    []*http.Request
}

// memorized is one answer of a memory.
type memorized struct {
	status int
	header http.Header
	body   []byte
}

func (m *memory) RoundTrip(req *http.Request) (*http.Response, error) {
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		return nil, err
	}
	arrived, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		return nil, err
	}
	arrived.URL.Scheme = req.URL.Scheme // which the connection tells
	m.sent = append(m.sent, arrived)
	answer := m.answers[min(len(m.sent), len(m.answers))-1]
	if answer.header == nil {
		answer.header = http.Header{}
	}
	return &http.Response{
		StatusCode: answer.status, Header: answer.header.Clone(), Body: io.NopCloser(bytes.NewReader(answer.body)), Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// client returns a client whose requests come here; base is the address of the API.
func (m *memory) client(t *testing.T, base string, o rest.Options) *rest.Client {
	t.Helper()
	o.Transport = m
	return newClient(t, base, o)
}

// longestError is how many bytes the text of an error may have: 400 characters, all of which may have to be escaped, and the rest.
const longestError = 400*len(`\U0010ffff`) + 3*2000

// showable fails unless the text of an error is one line in which everything can be seen.
func showable(t *testing.T, what string, err error) {
	t.Helper()
	text := err.Error()
	if len(text) > longestError {
		t.Errorf("%s has %d bytes: %.200s", what, len(text), text)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) {
		t.Errorf("%s is not one line of what can be seen: %q", what, text)
	}
}

// FuzzErrorBodies holds that a refusal is told in one short line, with its status, whatever its body is.
func FuzzErrorBodies(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", `"No."`, "Not Found", `{"error":{"message":"No.","detail":"Never."}}`, `{"error":{"message":"Bad","fields":{"a":["x","y"],"b":"z"}}}`,
		`{"error":{"message":"Scopes","detail":{"required":["a"],"granted":["b"]}}}`, `{"error_description":"Invalid secret","error":"unauthorized_client"}`,
		`{"errors":[{"id":"1","status":"409","code":"ADMIN-409-3","title":"Conflict","detail":"Seats"}]}`, `{"code":"ADMIN-404-2","title":"No"}`,
		`{"code":429,"message":"Too many","acceptableScopes":["a",null]}`, "<!DOCTYPE html><html><head><title>502 Bad\nGateway</title></head></html>",
		"a\x1b[31mred\x00\u202e\u2028\xff", `{"message":["a\u202eb","\ud800"]}`, `{"error":{"fields":{"a\nb":[{"c":1}]}}}`, "<title>" + strings.Repeat("&#10;", 900),
	} {
		for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusTooManyRequests, http.StatusBadGateway} {
			f.Add(status, "application/json", []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		if status/100 == 2 {
			return
		}
		m := &memory{answers: []memorized{{status, http.Header{"Content-Type": {contentType}}, body}}}
		_, err := m.client(t, "http://localhost", rest.Options{}).Send(t.Context(), rest.Request{Method: http.MethodPost, Path: []string{"2.0", "x"}})
		refused, ok := errors.AsType[*rest.Error](err)
		if !ok || refused.Status != status {
			t.Fatalf("error is %v, want the answer %d", err, status)
		}
		showable(t, "the error", err)
		if n := utf8.RuneCountInString(refused.Message); n > 401 {
			t.Errorf("the message has %d characters", n)
		}
	})
}

// FuzzLimits holds that no answer makes a request wait for longer than is allowed in all, or for less than nothing.
func FuzzLimits(f *testing.F) {
	for _, text := range []string{
		"", "0", "-1", "5", "1e9", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 02 Nov 2026 09:05:00 GMT", "2026-11-02T09:05Z",
		"9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2026-11-02T09:05:00+0000", "2026-11-02T09:05:00.999999999+23:59", " 5", "5 ", "٥",
	} {
		for _, status := range []int{http.StatusOK, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			f.Add(status, text, text, "360", "true", "0")
		}
	}
	const longest = time.Hour
	f.Fuzz(func(t *testing.T, status int, after, reset, limit, near, remaining string) {
		header := http.Header{}
		for name, value := range map[string]string{
			"Retry-After": after, "X-RateLimit-Reset": reset, "X-RateLimit-Limit": limit, "X-RateLimit-NearLimit": near, "X-RateLimit-Remaining": remaining,
		} {
			header.Set(name, value)
		}
		clock := testclock.New()
		m := &memory{answers: []memorized{{status, header, []byte("{}")}}}
		delays := &rest.Delays{}
		c := m.client(t, "http://localhost", rest.Options{Clock: clock, MaxRateLimitWait: longest, Delays: delays})
		for range 3 {
			_, _ = c.Send(t.Context(), get("x"))
		}
		slept := clock.Slept()
		for _, d := range slept {
			if d < 0 {
				t.Errorf("slept %v", d)
			}
		}
		_, each := delays.Until(clock.Now())
		for _, d := range each {
			if d.For < 0 || d.Reason == rest.Limited && d.For > longest {
				t.Errorf("requests were held back for %v, because %s", d.For, d.Reason)
			}
			slept = append(slept, -d.For)
		}
		if failures := total(slept); failures > 3*4*time.Minute { // of three requests, each sent at most five times
			t.Errorf("failures were waited for %v", failures)
		}
	})
}
