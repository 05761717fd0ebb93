package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Credential authorizes requests. Basic, Bearer and ClientCredentials are its kinds.
type Credential interface {
	// header returns the value of the Authorization header; base sends what that needs.
	header(ctx context.Context, base http.RoundTripper) (string, error)
}

// Basic is a user name with an API token.
type Basic struct{ Username, Token string }

func (b Basic) header(context.Context, http.RoundTripper) (string, error) {
	req := http.Request{Header: http.Header{}}
	req.SetBasicAuth(b.Username, b.Token)
	return req.Header.Get("Authorization"), nil
}

// Bearer is an access token or an API key.
type Bearer struct{ Token string }

func (b Bearer) header(context.Context, http.RoundTripper) (string, error) {
	return "Bearer " + b.Token, nil
}

// ClientCredentials is an OAuth 2.0 client that asks for its tokens by itself and keeps each as long as it lasts.
type ClientCredentials struct {
	config clientcredentials.Config

	turn  chan struct{} // holds one element while nobody reads or renews the token; a lock that a context can end the wait for
	token *oauth2.Token

	refusals atomic.Int64 // how often a token was refused
	refusal  error        // the last time
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
		if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
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
