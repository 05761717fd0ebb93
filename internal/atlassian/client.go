// Package atlassian is a typed client of the Organizations REST API of Atlassian administration, version 2, as far as groups, their
// members and people of an organization go. It uses the POST searches: their predecessors end on 30 June 2027.
//
// Every method names the operation it calls. Its error is a *rest.Error when the administration answered other than 2xx: 401 the
// key is not valid, 403 it lacks a scope or the organization keeps the object from it, 404 the object does not exist. What else a
// method can answer stands with the method.
package atlassian

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// DefaultBaseURL is where the administration lives.
const DefaultBaseURL = "https://api.atlassian.com/admin"

// The codes of refusals that have to be told apart (Organizations REST API, schema ApplicationError).
const (
	CodeUserNotFound  = "ADMIN-404-8"
	CodeGroupNotFound = "ADMIN-404-10"
	CodeNoSeat        = "ADMIN-409-3"
)

// Client calls the API for one organization. It is safe for concurrent use.
type Client struct {
	rest         *rest.Client
	organization string
}

// New returns a client of the organization with the given id that sends through c.
func New(c *rest.Client, organizationID string) *Client {
	return &Client{rest: c, organization: organizationID}
}

// Organization is the id of the organization.
func (c *Client) Organization() string { return c.organization }

// path is a path within the organization.
func (c *Client) path(more ...string) []string {
	return append([]string{"v2", "orgs", c.organization}, more...)
}

// directory is a path within a directory of the organization.
func (c *Client) directory(id string, more ...string) []string {
	return append(c.path("directories", id), more...)
}

// send sends a write, whose answer holds nothing of use.
func (c *Client) send(ctx context.Context, method string, body any, path []string) error {
	_, err := c.rest.Send(ctx, rest.Request{Method: method, Path: path, JSON: body})
	return err
}

// get yields the rows of a list that is read by GET.
func get[T any](ctx context.Context, c *Client, path []string) pages[T] {
	return list[T](ctx, c, func(cursor string) rest.Request {
		r := rest.Request{Method: http.MethodGet, Path: path}
		if cursor != "" {
			r.Query = url.Values{"cursor": {cursor}}
		}
		return r
	})
}

// search yields the rows of a search; where is its filter.
func search[T any](ctx context.Context, c *Client, where filter, path []string) pages[T] {
	return list[T](ctx, c, func(cursor string) rest.Request {
		return rest.Request{Method: http.MethodPost, Path: path, JSON: where.page(cursor), Reads: true}
	})
}
