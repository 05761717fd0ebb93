package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// MaxPages ends a list whose server makes up another next page each time. It is a million rows of 100 a page, more than a workspace has of
	// anything, and ten hours of the requests that Bitbucket allows.
	MaxPages = 10_000
	// maxNextPath is how long the path of a next page may be in bytes. Paths of lists are below 300.
	maxNextPath = 2_000
)

// page is one page of a list. Bitbucket guarantees values and next only; next is absent on the last page.
type page struct {
	Values []json.RawMessage `json:"values"`
	Next   string            `json:"next"`
}

// Pages yields the items of a paged list, asking for each page when it is needed. It ends with the first error. An address of a
// next page on another origin, or one that was read before, is an error, and so is a list of more than MaxPages.
func Pages[T any](ctx context.Context, c *Client, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		target, err := c.resolve(r.Path, r.Query)
		if err != nil {
			yield(none, fmt.Errorf("%s request: %w", r.Method, err))
			return
		}
		seen := map[string]bool{}
		for target != nil {
			p, err := c.unseenPage(ctx, r, target, seen)
			if err != nil {
				yield(none, err)
				return
			}
			if !YieldItems(p.Values, "list "+target.Path+": item", yield) {
				return
			}
			if target, err = c.next(target, p.Next); err != nil {
				yield(none, err)
				return
			}
		}
	}
}

// unseenPage asks for a page that is not among those that were seen, and adds it to them.
func (c *Client) unseenPage(ctx context.Context, r Request, target *url.URL, seen map[string]bool) (page, error) {
	if seen[target.String()] {
		return page{}, fmt.Errorf("list %s: %w: the next page is one that was read before", target.Path, ErrBadAnswer)
	}
	if len(seen) == MaxPages {
		return page{}, fmt.Errorf("list %s: %w: it does not end after %d pages", target.Path, ErrBadAnswer, MaxPages)
	}
	seen[target.String()] = true
	return c.page(ctx, r, target)
}

// page asks for one page; an answer without values is none.
func (c *Client) page(ctx context.Context, r Request, target *url.URL) (page, error) {
	var p page
	resp, err := c.send(ctx, r, target)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(resp.Body, &p); err != nil {
		return p, undecodable(r.Method+" "+target.Path, resp, err)
	}
	if p.Values == nil {
		return p, fmt.Errorf("list %s: %w: it is no page, without values", target.Path, ErrBadAnswer)
	}
	return p, nil
}

// next reads the address of the next page, nil when there is none.
func (c *Client) next(current *url.URL, text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w: the address of the next page is not a URL", current.Path, ErrBadAnswer)
	}
	if !sameOrigin(u, c.base) {
		return nil, fmt.Errorf("list %s: %w: the next page is at %q, not at %s://%s, and the credential must not go there",
			current.Path, ErrBadAnswer, clip(u.Scheme+"://"+u.Host), c.base.Scheme, c.base.Host)
	}
	if u.User != nil { // it would be sent where there is no credential
		return nil, fmt.Errorf("list %s: %w: the address of the next page holds a credential", current.Path, ErrBadAnswer)
	}
	if !showable(u.Path) {
		return nil, fmt.Errorf("list %s: %w: the address of the next page has a path that is none of a list", current.Path, ErrBadAnswer)
	}
	u.Fragment, u.RawFragment = "", "" // not sent, so it would only make one page look like another
	return u, nil
}

// showable tells whether errors may repeat a path that came from outside: in one line, in which everything can be seen.
func showable(path string) bool {
	return len(path) <= maxNextPath && utf8.ValidString(path) && !strings.ContainsFunc(path, func(r rune) bool { return !strconv.IsPrint(r) })
}

// YieldItems yields the items of one page and tells whether the next page is wanted. It ends with the first item that cannot be read; what
// names an item in the error.
func YieldItems[T any](values []json.RawMessage, what string, yield func(T, error) bool) bool {
	for i, raw := range values {
		item, err := decodeItem[T](raw)
		if err != nil {
			err = fmt.Errorf("%s %d of the page: %w", what, i, err)
		}
		if !yield(item, err) || err != nil {
			return false
		}
	}
	return true
}

// decodeItem decodes one item of a list. Bitbucket has put an error text among the values of a list before (snippets on a Free plan), so
// what is not an object is named for what it is.
func decodeItem[T any](raw json.RawMessage) (T, error) {
	var item T
	if len(raw) == 0 || raw[0] != '{' {
		return item, fmt.Errorf("%w: expected an object, got %q", ErrBadAnswer, clip(string(raw)))
	}
	if err := json.Unmarshal(raw, &item); err != nil {
		var none T
		return none, fmt.Errorf("%w: %s", ErrBadAnswer, clip(err.Error())) // it repeats numbers, however long
	}
	return item, nil
}
