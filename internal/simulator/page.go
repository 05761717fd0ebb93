package simulator

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sizes of a page. 1 and 5 are honoured although the documentation says that 10 is the least.
const (
	defaultPage = 10
	largestPage = 100
)

// listing is a list that an endpoint pages through.
type listing[T any] struct {
	rows []T
	// fields says what q and sort may name and how to read it. Lists without fields ignore q and sort: permissions-config "does
	// not support BBQL features" (specification).
	fields map[string]func(T) any
	// pagelen is the size of a page when the caller does not say; defaultPage when 0.
	pagelen int
	body    func(T) object
}

// page answers with the page that the request asks for.
func page[T any](x *exchange, l listing[T]) (answer, error) {
	rows, err := l.choose(x.r.URL.Query())
	if err != nil {
		return answer{}, err
	}
	number, pagelen, err := x.pageWanted(cmp.Or(l.pagelen, defaultPage))
	if err != nil {
		return answer{}, err
	}
	from := min(min(number-1, len(rows))*pagelen, len(rows)) // a number beyond the end may be one that cannot be multiplied
	to := min(from+pagelen, len(rows))
	values := make([]any, 0, to-from)
	for _, row := range rows[from:to] {
		values = append(values, l.body(row))
	}
	envelope := object{"values": values, "pagelen": pagelen, "size": len(rows), "page": number}
	if to < len(rows) {
		envelope["next"] = x.pageURL(number + 1)
	}
	if number > 1 {
		envelope["previous"] = x.pageURL(number - 1)
	}
	return ok(envelope)
}

// choose applies q and sort.
func (l listing[T]) choose(parameters url.Values) ([]T, error) {
	rows := l.rows
	if l.fields == nil {
		return rows, nil
	}
	if q := parameters.Get("q"); q != "" {
		parsed, err := parseQuery(q, slices.Collect(maps.Keys(l.fields)))
		if err != nil {
			return nil, fail(http.StatusBadRequest, "Invalid query: %s", err)
		}
		rows = nil
		for _, row := range l.rows {
			if parsed.matches(func(field string) any { return l.fields[field](row) }) {
				rows = append(rows, row)
			}
		}
	}
	if key := parameters.Get("sort"); key != "" {
		read := l.fields[strings.TrimPrefix(key, "-")]
		if read == nil {
			return nil, fail(http.StatusBadRequest, "Invalid sort field: %s", key)
		}
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b T) int {
			if strings.HasPrefix(key, "-") {
				a, b = b, a
			}
			return strings.Compare(sortKey(read(a)), sortKey(read(b)))
		})
	}
	return rows, nil
}

// sortKey is a text that sorts as the value does.
func sortKey(value any) string {
	switch value := value.(type) {
	case level:
		return strconv.Itoa(rank(string(value)))
	case time.Time:
		return timestamp(value)
	}
	return strings.ToLower(fmt.Sprint(value))
}

// pageWanted reads pagelen and page. Sizes out of range are refused, not clamped (jenkins-x/go-scm PR 319, codacy PR 53).
func (x *exchange) pageWanted(pagelen int) (number, size int, err error) {
	parameters := x.r.URL.Query()
	if wanted := parameters.Get("pagelen"); wanted != "" {
		if pagelen, err = strconv.Atoi(wanted); err != nil || pagelen < 1 || pagelen > largestPage {
			return 0, 0, fail(http.StatusBadRequest, "Invalid pagelen")
		}
	}
	number = 1
	if wanted := parameters.Get("page"); wanted != "" {
		if number = pageNumber(wanted); number < 1 {
			return 0, 0, fail(http.StatusBadRequest, "Invalid page")
		}
	}
	return number, x.s.options.rows(pagelen), nil
}

// rows is how many rows a page holds when so many are asked for.
func (o Options) rows(asked int) int {
	if o.LongestPage > 0 {
		return min(asked, o.LongestPage)
	}
	return asked
}

// pageURL is the absolute address of another page, on the scheme and host that the client used, with all its parameters.
func (x *exchange) pageURL(number int) string {
	parameters := x.r.URL.Query()
	parameters.Set("page", cursor(number))
	return x.origin() + x.r.URL.EscapedPath() + "?" + parameters.Encode()
}

// origin is scheme and host as the client used them.
func (x *exchange) origin() string {
	if x.r.TLS != nil {
		return "https://" + x.r.Host
	}
	return "http://" + x.r.Host
}

// cursorPrefix marks the pages of next and previous. Clients must treat them as opaque, so they do not look like numbers.
const cursorPrefix = "cursor:"

func cursor(number int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorPrefix + strconv.Itoa(number)))
}

// pageNumber reads a cursor or a plain number; 0 when it is neither.
func pageNumber(text string) int {
	if decoded, err := base64.RawURLEncoding.DecodeString(text); err == nil {
		if number, found := strings.CutPrefix(string(decoded), cursorPrefix); found {
			text = number
		}
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return number
}
