// Package bitbucket is a typed client of the Bitbucket Cloud API: version 2.0, and the group endpoints of version 1.0, which has
// no successor.
//
// Every method names the operation it calls. Its error is a *rest.Error when Bitbucket answered other than 2xx: 401 the
// credential is not valid, 403 it lacks a scope or a right, 404 the object does not exist or the credential may not see it.
// What else a method can answer stands with the method.
package bitbucket

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Where Bitbucket Cloud lives.
const (
	DefaultBaseURL  = "https://api.bitbucket.org"
	DefaultTokenURL = "https://bitbucket.org/site/oauth2/access_token"
)

// pageLength is the largest page Bitbucket serves: a larger pagelen is answered with 400.
const pageLength = "100"

// Client calls the Bitbucket Cloud API. It is safe for concurrent use.
type Client struct{ rest *rest.Client }

// New returns a client that sends through c, whose base URL is that of the API without a version.
func New(c *rest.Client) *Client { return &Client{rest: c} }

// fetch gets one object of version 2.0.
func fetch[T any](ctx context.Context, c *Client, query url.Values, path ...string) (T, http.Header, error) {
	return rest.Fetch[T](ctx, c.rest, rest.Request{Method: http.MethodGet, Path: v2(path), Query: query})
}

// list yields the items of a list of version 2.0 in pages of 100. fields are the fields of an item that are asked for, all when
// empty; a trimmed list must name next, or paging would stop after the first page.
func list[T any](ctx context.Context, c *Client, fields string, query url.Values, path ...string) iter.Seq2[T, error] {
	paged := url.Values{"pagelen": {pageLength}}
	if fields != "" {
		paged.Set("fields", "next,"+fields)
	}
	maps.Copy(paged, query)
	return rest.Pages[T](ctx, c.rest, rest.Request{Method: http.MethodGet, Path: v2(path), Query: paged})
}

func v2(path []string) []string { return append([]string{"2.0"}, path...) }
