package atlassian

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// pageLength is the largest page that groups and users are served in.
const pageLength = 100

// pages yields the rows of a list, asking for each page when it is needed. It ends with the first error.
type pages[T any] = iter.Seq2[T, error]

// filter is the body of a search.
type filter map[string]any

// page is the filter with what asks for one page. The filter is repeated with the cursor: a cursor alone is enough by the
// description, and the filter beside it does no harm.
func (f filter) page(cursor string) filter {
	body := filter{"limit": pageLength}
	maps.Copy(body, f)
	if cursor != "" {
		body["cursor"] = cursor
	}
	return body
}

// list yields the rows of the pages that request asks for; the cursor of the first is "". A cursor that was followed before is an
// error.
func list[T any](ctx context.Context, c *Client, request func(cursor string) rest.Request) pages[T] {
	return func(yield func(T, error) bool) {
		var none T
		for cursor, seen := "", map[string]bool{"": true}; ; seen[cursor] = true {
			r := request(cursor)
			p, err := fetchPage(ctx, c, r)
			if err != nil {
				yield(none, err)
				return
			}
			if !rest.YieldItems(p.Data, c.rest.Describe(r)+": row", yield) {
				return
			}
			if cursor, err = p.following(seen); err != nil {
				yield(none, fmt.Errorf("%s: %w", c.rest.Describe(r), err))
				return
			}
			if cursor == "" {
				return
			}
		}
	}
}

// page is one page of a list.
type page struct {
	Data  []json.RawMessage `json:"data"`
	Links struct {
		Next string `json:"next"` // absent on the last page
	} `json:"links"`
}

// fetchPage asks for one page; an answer without data is none.
func fetchPage(ctx context.Context, c *Client, r rest.Request) (page, error) {
	p, _, err := rest.Fetch[page](ctx, c.rest, r)
	if err == nil && p.Data == nil {
		err = fmt.Errorf("%s: %w: it has no data", c.rest.Describe(r), rest.ErrBadAnswer)
	}
	return p, err
}

// following returns the cursor of the page after this one, "" when this is the last; seen holds the cursors that were followed so far.
func (p page) following(seen map[string]bool) (string, error) {
	cursor, err := cursorOf(p.Links.Next)
	switch {
	case err != nil || cursor == "":
		return "", err
	case seen[cursor]:
		return "", fmt.Errorf("%w: the next page is one that was read before", rest.ErrBadAnswer)
	case len(seen) >= rest.MaxPages:
		return "", fmt.Errorf("%w: the list does not end after %d pages", rest.ErrBadAnswer, rest.MaxPages)
	}
	return cursor, nil
}

// cursorOf reads the link to the next page: a bare cursor, or an address with the cursor as a parameter (the description has both;
// version 2 has been seen to send bare ones); "" is the last page. Only the cursor is taken from an address, so that no answer sends
// the key elsewhere.
func cursorOf(next string) (string, error) {
	if !strings.Contains(next, "://") {
		return next, nil
	}
	u, err := url.Parse(next)
	if err != nil || u.Query().Get("cursor") == "" {
		return "", fmt.Errorf("%w: the address of the next page has no cursor", rest.ErrBadAnswer)
	}
	return u.Query().Get("cursor"), nil
}
