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
			page, _, err := rest.Fetch[struct {
				Data  []json.RawMessage `json:"data"`
				Links struct {
					Next string `json:"next"`
				} `json:"links"`
			}](ctx, c.rest, r)
			if err == nil && page.Data == nil {
				err = fmt.Errorf("%s: %w: it has no data", c.rest.Describe(r), rest.ErrBadAnswer)
			}
			if err != nil {
				yield(none, err)
				return
			}
			for i, raw := range page.Data {
				row, err := rest.DecodeItem[T](raw)
				if err != nil {
					err = fmt.Errorf("%s: row %d of the page: %w", c.rest.Describe(r), i, err)
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
			cursor, err = cursorOf(page.Links.Next)
			if err == nil && cursor == "" {
				return
			}
			switch {
			case err != nil:
			case seen[cursor]:
				err = fmt.Errorf("%w: the next page is one that was read before", rest.ErrBadAnswer)
			case len(seen) >= rest.MaxPages:
				err = fmt.Errorf("%w: the list does not end after %d pages", rest.ErrBadAnswer, rest.MaxPages)
			}
			if err != nil {
				yield(none, fmt.Errorf("%s: %w", c.rest.Describe(r), err))
				return
			}
		}
	}
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
