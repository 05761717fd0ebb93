package simulator_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator/conformance"
)

// TestMain fails a complete run in which an entry of the table of lies was not needed: the table shall not outlive its reasons.
func TestMain(m *testing.M) {
	code := m.Run()
	complete := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""
	if unused := conformance.Unused(); code == 0 && complete && !testing.Short() && len(unused) > 0 {
		fmt.Println("no test needs these entries of the table of lies:\n" + strings.Join(unused, "\n"))
		code = 1
	}
	os.Exit(code)
}

// clock is a clock that a test moves by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// cast are the people of the stories.
type cast struct{ ada, grace, linus, edsger simulator.User }

// client talks to a simulator as one credential does.
type client struct {
	t       *testing.T
	url     string
	headers http.Header
	basic   [2]string
	bearer  string
}

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any // nil unless a JSON object
}

// newAcme serves Acme and signs in as Ada, who owns the workspace.
func newAcme(t *testing.T, opts simulator.Options) (*simulator.Simulator, *client, cast) {
	t.Helper()
	s := simulator.New(opts)
	if err := s.Load(simulator.Acme()); err != nil {
		t.Fatal(err)
	}
	c := serve(t, s)
	c.basic = [2]string{simulator.AcmeUsername, simulator.AcmeAPIToken}
	people := simulator.Acme().Users
	return s, c, cast{ada: people[0], grace: people[1], linus: people[2], edsger: people[10]}
}

// serve serves a simulator; every exchange is checked against the official description. The client is anonymous.
func serve(t *testing.T, s *simulator.Simulator) *client {
	t.Helper()
	server := httptest.NewServer(conformance.Middleware(t, s.Bitbucket()))
	t.Cleanup(server.Close)
	return &client{t: t, url: server.URL, headers: http.Header{}}
}

// administer serves the organization API of a simulator in the same way; the client holds a key of an organization.
func administer(t *testing.T, s *simulator.Simulator, key string) *client {
	t.Helper()
	server := httptest.NewServer(conformance.Middleware(t, s.Atlassian()))
	t.Cleanup(server.Close)
	return &client{t: t, url: server.URL, headers: http.Header{}, bearer: key}
}

// as is the client with another pair of username and token.
func (c client) as(username, token string) *client {
	c.basic, c.bearer = [2]string{username, token}, ""
	return &c
}

// with is the client with a Bearer token.
func (c client) with(token string) *client {
	c.basic, c.bearer = [2]string{}, token
	return &c
}

// deliberately is the client for requests that are meant to be wrong.
func (c client) deliberately(reason string) *client {
	c.headers = c.headers.Clone()
	c.headers.Set(conformance.Deliberate, reason)
	return &c
}

// request builds a request; a body is JSON unless the client says otherwise.
func (c client) request(method, path, body string) *http.Request {
	c.t.Helper()
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	url := path
	if strings.HasPrefix(path, "/") {
		url = c.url + path
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, url, sent)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header = c.headers.Clone()
	if body != "" && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	if c.basic[0] != "" {
		r.SetBasicAuth(c.basic[0], c.basic[1])
	}
	return r
}

// do sends a request and reads the answer; redirects are not followed.
func (c client) do(method, path, body string) reply {
	c.t.Helper()
	got, err := send(c.request(method, path, body))
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

// send uses a connection of its own: a server that another test closes closes the idle ones of http.DefaultTransport.
func send(r *http.Request) (reply, error) {
	own := http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true},
	}
	resp, err := own.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	content, err := io.ReadAll(resp.Body)
	got := reply{status: resp.StatusCode, header: resp.Header, text: string(content)}
	if strings.HasPrefix(got.text, "{") {
		_ = json.Unmarshal(content, &got.body)
	}
	return got, err
}

// get reads a path and expects 200.
func (c client) get(path string) reply {
	c.t.Helper()
	return c.want(http.StatusOK, http.MethodGet, path, "")
}

// want sends a request and expects a status.
func (c client) want(status int, method, path, body string) reply {
	c.t.Helper()
	got := c.do(method, path, body)
	if got.status != status {
		c.t.Fatalf("%s %s answered %d, want %d: %s", method, path, got.status, status, got.text)
	}
	return got
}

// message is the message of a standard error.
func (r reply) message() string {
	inner, _ := r.body["error"].(map[string]any)
	text, _ := inner["message"].(string)
	return text
}

// values are the rows of a page, of Bitbucket's or of an organization's.
func (r reply) values() []map[string]any {
	list, paged := r.body["values"].([]any)
	if !paged {
		list, _ = r.body["data"].([]any)
	}
	rows := make([]map[string]any, len(list))
	for i, row := range list {
		rows[i], _ = row.(map[string]any)
	}
	return rows
}

// code is the code of an error of the organization API.
func (r reply) code() string {
	list, _ := r.body["errors"].([]any)
	if len(list) != 1 {
		return ""
	}
	code, _ := list[0].(map[string]any)["code"].(string)
	return code
}

// at reads a dotted path out of a JSON tree.
func at(tree map[string]any, path string) any {
	var node any = tree
	for key := range strings.SplitSeq(path, ".") {
		object, _ := node.(map[string]any)
		node = object[key]
	}
	return node
}

// column reads a dotted path out of every row.
func (r reply) column(path string) []any {
	var values []any
	for _, row := range r.values() {
		values = append(values, at(row, path))
	}
	return values
}

// all follows next and returns the column of all pages.
func (c client) all(path, column string) []any {
	c.t.Helper()
	var values []any
	for path != "" {
		got := c.get(path)
		values = append(values, got.column(column)...)
		path, _ = got.body["next"].(string)
	}
	return values
}
