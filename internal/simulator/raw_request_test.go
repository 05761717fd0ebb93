package simulator_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// speak sends bytes that Go's client would not send and returns the status of the answer.
func speak(t *testing.T, c *client, lines ...string) int {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	signed := c.request(http.MethodGet, "/", "").Header.Get("Authorization")
	lines = append(lines, "Host: bitbucket.test", "Authorization: "+signed, "Connection: close", "", "")
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestRawRequestsThatBitbucketRefuses(t *testing.T) {
	t.Parallel()
	_, c, people := newAcme(t, simulator.Options{})
	if got := speak(t, c, "GET /2.0/users/"+people.ada.UUID+" HTTP/1.1"); got != http.StatusBadRequest {
		t.Errorf("raw braces in a path answer %d, want 400", got)
	}
	if got := speak(t, c, "GET /2.0/users/{x} HTTP/1.1", "X-Conformance-Deliberate: braces"); got != http.StatusBadRequest {
		t.Errorf("raw braces in a path answer %d, want 400", got)
	}
	put := "PUT " + repoAPI + "/groups/web HTTP/1.1"
	if got := speak(t, c, put, "Content-Type: application/json", "X-Conformance-Deliberate: no length"); got != http.StatusLengthRequired {
		t.Errorf("a PUT without Content-Length answers %d, want 411", got)
	}
	chunked := c.request(http.MethodPut, repoAPI+"/groups/web", "")
	chunked.Body, chunked.ContentLength = io.NopCloser(strings.NewReader(`{"permission":"read"}`)), -1
	chunked.Header.Set("Content-Type", "application/json")
	if got, err := send(chunked); err != nil || got.status != http.StatusLengthRequired {
		t.Errorf("a chunked PUT answers %d (%v), want 411", got.status, err)
	}
	if got := speak(t, c, "PUT /1.0/groups/acme/web/members/"+people.grace.AccountID+" HTTP/1.1", "Content-Length: 0"); got != http.StatusOK {
		t.Errorf("an empty PUT with Content-Length answers %d, want 200", got)
	}
}
