package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
)

// page is one page of a list. Bitbucket guarantees values and next only; next is absent on the last page.
type page struct {
	Values []json.RawMessage `json:"values"`
	Next   string            `json:"next"`
}

// Pages yields the items of a paged list, asking for each page when it is needed. It ends with the first error. An address of a
// next page on another origin, or one that was read before, is an error.
func Pages[T any](ctx context.Context, c *Client, r Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		target, err := c.resolve(r.Path, r.Query)
		if err != nil {
			yield(none, fmt.Errorf("%s request: %w", r.Method, err))
			return
		}
		for seen := map[string]bool{}; target != nil; {
			if seen[target.String()] {
				yield(none, fmt.Errorf("list %s: the next page is one that was read before", target.Path))
				return
			}
			seen[target.String()] = true
			p, err := c.page(ctx, r, target)
			if err != nil {
				yield(none, err)
				return
			}
			for i, raw := range p.Values {
				item, err := DecodeItem[T](raw)
				if err != nil {
					err = fmt.Errorf("list %s: item %d of the page: %w", target.Path, i, err)
				}
				if !yield(item, err) || err != nil {
					return
				}
			}
			if target, err = c.next(target, p.Next); err != nil {
				yield(none, err)
				return
			}
		}
	}
}

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
		return nil, fmt.Errorf("list %s: the address of the next page is not a URL", current.Path)
	}
	if !sameOrigin(u, c.base) {
		return nil, fmt.Errorf("list %s: the next page is at %s://%s, not at %s://%s, and the credential must not go there",
			current.Path, u.Scheme, u.Host, c.base.Scheme, c.base.Host)
	}
	return u, nil
}

// DecodeItem decodes one item of a list. Bitbucket has put an error text among the values of a list before (snippets on a Free plan), so
// what is not an object is named for what it is.
func DecodeItem[T any](raw json.RawMessage) (T, error) {
	var item T
	if len(raw) == 0 || raw[0] != '{' {
		return item, fmt.Errorf("%w: expected an object, got %s", ErrBadAnswer, clip(string(raw)))
	}
	if err := json.Unmarshal(raw, &item); err != nil {
		return item, fmt.Errorf("%w: %w", ErrBadAnswer, err)
	}
	return item, nil
}
