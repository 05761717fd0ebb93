// Package rest is the HTTP stack under the API clients: authorization, the rate-limit gate, retries, errors, paging and a log
// without secrets. It knows nothing of what the APIs mean.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Options configure a Client.
type Options struct {
	// BaseURL is the address of the API; see ParseBaseURL for what is accepted.
	BaseURL string
	// Credential authorizes every attempt; nil sends requests without authorization.
	Credential Credential
	// UserAgent is sent with every request.
	UserAgent string
	// MaxRateLimitWait is the longest time to wait in all because the server's limit is reached. 0 means not at all.
	MaxRateLimitWait time.Duration
	// RequestsPerHour paces requests ahead of the server's limit. 0 means no pacing.
	RequestsPerHour int
	// Delays take down how long requests were held back. Clients that share them wait no longer together than MaxRateLimitWait; nil is
	// shared with nobody.
	Delays *Delays
	// Clock is what waiting is measured with; nil means the clock of the machine.
	Clock Clock
	// Transport sends attempts, below everything that this package does; nil means the network.
	Transport http.RoundTripper
}

// Client sends requests to one API. It is safe for concurrent use; all its requests share one gate and one keep-alive transport.
type Client struct {
	base   *url.URL
	agent  string
	http   *retryablehttp.Client
	delays *Delays
	clock  Clock
	masker func() *masker
}

// New returns a client of the API at o.BaseURL.
func New(o Options) (*Client, error) {
	base, err := ParseBaseURL(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.Clock == nil {
		o.Clock = MachineClock{}
	}
	if o.Delays == nil {
		o.Delays = &Delays{}
	}
	if o.Transport == nil {
		o.Transport = network()
	}
	var attempt http.RoundTripper = &wire{base: o.Transport, credential: o.Credential}
	attempt = &logged{base: attempt}
	masker := func() *masker { return newMasker() }
	if o.Credential != nil {
		masker = o.Credential.masker
		attempt = &authorized{base: attempt, origin: base, credential: o.Credential}
	}
	g := newGate(attempt, base.Host, o)

	c := &Client{base: base, agent: o.UserAgent, delays: o.Delays, clock: o.Clock, masker: masker, http: retryablehttp.NewClient()}
	c.http.Logger = nil // the transport logs; retryablehttp would log query strings
	c.http.HTTPClient = &http.Client{Transport: g, CheckRedirect: c.checkRedirect}
	c.http.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.http.RetryMax = maxAttempts
	c.http.CheckRetry = retryPolicy{clock: o.Clock}.check
	c.http.Backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 } // waitBeforeRetry waits, by our clock
	c.http.PrepareRetry = waitBeforeRetry(o.Clock)
	return c, nil
}

// ParseBaseURL reads the address of an API. Plain http is accepted to the loopback interface only, because every request carries
// a credential.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(text, "/"))
	switch {
	case err != nil:
		return nil, errors.New("it is not a URL") // its text may hold a password
	case u.Host == "":
		return nil, errors.New("it is not an absolute URL such as https://api.bitbucket.org")
	case u.User != nil || strings.ContainsAny(text, "?#"):
		return nil, errors.New("it must hold a scheme, a host and at most a path")
	case strings.HasSuffix(u.Path, "/1.0"), strings.HasSuffix(u.Path, "/2.0"):
		return nil, fmt.Errorf("%q must not end in the version of the API", text)
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return u, nil
	}
	return nil, fmt.Errorf("%q must start with https://; plain http is for loopback addresses only, because requests carry the credential", text)
}

// Request is one call of the API.
type Request struct {
	Method string
	// Path holds the elements of the path, not escaped: each becomes exactly one element of the path that is sent.
	Path []string
	// Query may be nil.
	Query url.Values
	// JSON is sent as the body when it is not nil.
	JSON any
	// Form is sent as the body when it is not nil and JSON is nil.
	Form url.Values
	// Reads marks a POST that changes nothing, so that it may be sent again like a GET.
	Reads bool
}

// Response is the answer to a request that succeeded.
type Response struct {
	Header http.Header
	Body   []byte
}

// Send sends a request, waiting and retrying as the package does, and reads the whole answer. An answer other than 2xx is an
// *Error, and a page for people in the place of one wraps ErrBadAnswer.
func (c *Client) Send(ctx context.Context, r Request) (*Response, error) {
	target, err := c.resolve(r.Path, r.Query)
	if err != nil {
		return nil, fmt.Errorf("%s request: %w", r.Method, err)
	}
	return c.send(ctx, r, target)
}

// Describe names a request as errors do: by its method and its path, not escaped.
func (c *Client) Describe(r Request) string {
	return r.Method + " " + c.base.Path + "/" + strings.Join(r.Path, "/")
}

// Fetch sends a request and decodes its JSON answer.
func Fetch[T any](ctx context.Context, c *Client, r Request) (T, http.Header, error) {
	var value T
	resp, err := c.Send(ctx, r)
	if err != nil {
		return value, nil, err
	}
	err = json.Unmarshal(resp.Body, &value)
	if err == nil && string(bytes.TrimSpace(resp.Body)) == "null" { // which would pass for an empty object or list
		err = errNull
	}
	if err != nil {
		return value, nil, undecodable(c.Describe(r), resp, err)
	}
	return value, resp.Header, nil
}

func (c *Client) send(ctx context.Context, r Request, target *url.URL) (*Response, error) {
	if c.masker().shown(target.RequestURI()) { // addresses are logged, here and by the server
		return nil, fmt.Errorf("%s request: %w", r.Method, errSecretInAddress)
	}
	body, contentType, err := r.body()
	if err != nil {
		return nil, err
	}
	ctx = withCall(ctx, r)
	req, err := retryablehttp.NewRequestWithContext(ctx, r.Method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%s request: %w", r.Method, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.agent)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.waited(ctx, transportError(ctx, r.Method, target, err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, transportError(ctx, r.Method, target, err)
	}
	if !succeeded(resp) {
		return nil, c.waited(ctx, newError(r.Method, target, resp, answer))
	}
	done := &Response{Header: resp.Header, Body: answer}
	if isMarkup(answer) {
		return nil, undecodable(r.Method+" "+target.Path, done, fmt.Errorf("it says %q", textMessage(answer)))
	}
	return done, nil
}

// errSecretInAddress is the error of a request that is not sent because its address repeats a secret.
var errSecretInAddress = errors.New("its address would show the credential")

// waited puts into a 429 how long was waited before it was taken for an answer, and for how long it was not waited.
func (c *Client) waited(ctx context.Context, err error) error {
	if refusal, ok := errors.AsType[*Error](err); ok && refusal.Status == http.StatusTooManyRequests {
		refusal.Waited, refusal.Next = c.delays.forLimits(c.clock.Now()), callOf(ctx).next
	}
	return err
}

// body returns what to send, as retryablehttp takes it, and its content type. No content is nil and not an empty slice, for which
// Content-Length: 0 would not go out: Bitbucket answers 411 to a PUT or POST without it.
func (r Request) body() (data any, contentType string, err error) {
	switch {
	case r.JSON != nil:
		encoded, err := json.Marshal(r.JSON)
		if err != nil {
			return nil, "", fmt.Errorf("encode the body of %s: %w", r.Method, err)
		}
		return encoded, "application/json", nil
	case len(r.Form) > 0:
		return []byte(r.Form.Encode()), "application/x-www-form-urlencoded", nil
	}
	return nil, "", nil
}

// resolve builds the address of a request. Elements that would be lost or change the path when a server or proxy normalizes it
// are refused.
func (c *Client) resolve(elements []string, query url.Values) (*url.URL, error) {
	var text strings.Builder
	text.WriteString(c.base.String())
	for i, element := range elements {
		if element == "" || element == "." || element == ".." {
			return nil, fmt.Errorf("path element %d after %q is %q, which cannot name anything", i+1, strings.Join(elements[:i], "/"), element)
		}
		text.WriteByte('/')
		text.WriteString(url.PathEscape(element))
	}
	if len(query) > 0 {
		text.WriteByte('?')
		text.WriteString(query.Encode())
	}
	return url.Parse(text.String())
}

// maxRedirects is how many redirects in a row are followed, which is more than an object that has moved needs.
const maxRedirects = 5

// checkRedirect follows redirects of reads on the same origin only: a write would turn into a GET, and another origin must not
// see the credential.
func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	if via[0].Method != http.MethodGet || len(via) > maxRedirects || !sameOrigin(req.URL, c.base) {
		return http.ErrUseLastResponse
	}
	return nil
}
