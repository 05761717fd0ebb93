package rest

import "net/http"

// SetTransport replaces what the client sends attempts with, below its own timeout, log, credential and gate.
func (c *Client) SetTransport(transport http.RoundTripper) {
	next := c.http.HTTPClient.Transport.(*gate).base
	if a, ok := next.(*authorized); ok {
		next = a.base
	}
	next.(*logged).base.(*wire).base = transport
}
