package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Credential authorizes requests. Basic, Bearer and ClientCredentials are its kinds.
type Credential interface {
	// header returns the value of the Authorization header; base sends what that needs.
	header(ctx context.Context, base http.RoundTripper) (string, error)
	// masker returns what hides the secrets of the credential.
	masker() *masker
}

// Basic is a user name with an API token.
type Basic struct {
	Hidden

	Username, Token string
}

func (b Basic) header(context.Context, http.RoundTripper) (string, error) {
	req := http.Request{Header: http.Header{}}
	req.SetBasicAuth(b.Username, b.Token)
	return req.Header.Get("Authorization"), nil
}

func (b Basic) masker() *masker { return newMasker(append(pair(b.Username, b.Token), b.Token)...) }

// Bearer is an access token or an API key.
type Bearer struct {
	Hidden

	Token string
}

func (b Bearer) header(context.Context, http.RoundTripper) (string, error) {
	return "Bearer " + b.Token, nil
}

func (b Bearer) masker() *masker { return newMasker(b.Token) }

// ClientCredentials is an OAuth 2.0 client that asks for its tokens by itself and keeps each as long as it lasts.
type ClientCredentials struct {
	Hidden

	config clientcredentials.Config

	turn  chan struct{} // holds one element while nobody reads or renews the token; a lock that a context can end the wait for
	token *oauth2.Token

	refusals atomic.Int64 // how often a token was refused
	refusal  error        // the last time

	mu      sync.Mutex
	learned []string // the last tokens that were handed out
}

// NewClientCredentials returns the OAuth client with the given id and secret, which asks at tokenURL; see ParseBaseURL for the
// addresses that are accepted.
func NewClientCredentials(id, secret, tokenURL string) (*ClientCredentials, error) {
	u, err := ParseBaseURL(tokenURL)
	if err != nil {
		return nil, err
	}
	o := &ClientCredentials{turn: make(chan struct{}, 1), config: clientcredentials.Config{
		ClientID: id, ClientSecret: secret, TokenURL: u.String(),
		AuthStyle: oauth2.AuthStyleInHeader, // named, because finding it out costs a refused request
	}}
	o.turn <- struct{}{}
	return o, nil
}

func (o *ClientCredentials) header(ctx context.Context, base http.RoundTripper) (string, error) {
	refusals := o.refusals.Load()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-o.turn:
		defer func() { o.turn <- struct{}{} }()
	}
	if o.refusals.Load() > refusals { // as this one would be
		return "", o.refusal
	}
	if !o.token.Valid() {
		client := &http.Client{Transport: base, CheckRedirect: refuseRedirect}
		token, err := o.config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
		err = o.masker().error(err)
		if answer, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
			answer.Body = o.masker().body(answer.Body) // that of a success repeats the token
			o.refusal = err
			o.refusals.Add(1)
		}
		if err != nil {
			return "", err
		}
		o.token = token
	}
	return o.token.Type() + " " + o.token.AccessToken, nil
}

// masker hides the client's secret and the tokens that were handed out for it.
func (o *ClientCredentials) masker() *masker {
	o.mu.Lock()
	defer o.mu.Unlock()
	return newMasker(append(o.secrets(), o.learned...)...)
}

// secrets are the forms of the client's secret; RFC 6749 2.3.1 has it escaped in the header.
func (o *ClientCredentials) secrets() []string {
	id, secret := o.config.ClientID, o.config.ClientSecret
	return slices.Concat([]string{secret}, pair(id, secret), pair(url.QueryEscape(id), url.QueryEscape(secret)))
}

// issues tells whether a request asks for a token.
func (o *ClientCredentials) issues(req *http.Request) bool {
	return req.URL.String() == o.config.TokenURL
}

// maxLearned is how many tokens are remembered, so that they are hidden wherever they appear.
const maxLearned = 4

// learn takes note of the tokens in an answer of the token endpoint, before anything else reads it.
func (o *ClientCredentials) learn(body []byte) {
	form, _ := url.ParseQuery(string(body)) // the other form that tokens are handed out in
	var shape struct {                      // in which names are found as the library finds them, which does not mind their case
		Access  json.RawMessage `json:"access_token"`
		Refresh json.RawMessage `json:"refresh_token"`
	}
	_ = json.Unmarshal(body, &shape) // what is neither holds no token
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, token := range []string{cmp.Or(text(shape.Access), form.Get("access_token")), cmp.Or(text(shape.Refresh), form.Get("refresh_token"))} {
		if token != "" && !slices.Contains(o.learned, token) {
			o.learned = append(o.learned, token)
		}
	}
	o.learned = o.learned[max(0, len(o.learned)-maxLearned):]
}

// refuseRedirect keeps the client secret at the address that was configured.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// authorized adds the credential to attempts that go to the origin of the API and to no other.
type authorized struct {
	base       http.RoundTripper
	origin     *url.URL
	credential Credential
}

func (a *authorized) RoundTrip(req *http.Request) (*http.Response, error) {
	if !sameOrigin(req.URL, a.origin) {
		return a.base.RoundTrip(req)
	}
	header, err := a.credential.header(req.Context(), a.base)
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", header)
	return a.base.RoundTrip(req)
}
