package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// criterion is one key of a search: a list of at most so many texts, or else a text, a boolean or something of its own.
type criterion struct {
	most   int            // above 0 it is a list
	flag   bool           // it is a boolean
	values []string       // what it takes; nil is any text
	valid  func(any) bool // what it takes where it is neither; nil where it is
}

// search are the rules of one list: what may be asked for, and what excludes each other.
type search struct {
	criteria  map[string]criterion
	exclusive [][2]string
	sortable  string // the one field to sort by
	fallback  int    // rows on a page when nobody asks
	most      int    // rows on a page
	alone     bool   // a cursor excludes every other key
	urls      bool   // next is a URL
}

// wanted is what a client asks of a list.
type wanted struct {
	rules      search
	asked      map[string]any
	from       int // the first row
	limit      int
	descending bool
	sorted     bool
}

// continuation is what a cursor holds: the list it belongs to, what was asked of it and where to go on.
type continuation struct {
	List  string         `json:"list"`
	Asked map[string]any `json:"asked"`
	From  int            `json:"from"`
}

// token is the cursor as clients see it, who must not look into it.
func (c continuation) token() string {
	content, err := json.Marshal(c)
	if err != nil {
		panic("simulator: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(content)
}

// resume reads what token writes.
func resume(cursor string) (at continuation, valid bool) {
	content, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(content, &at) != nil {
		return at, false
	}
	return at, at.Asked != nil && at.From >= 0
}

// want reads what a client asks of a list, from the query of a GET or the body of a POST.
func (x *exchange) want(rules search) (wanted, error) {
	asked, err := x.asked(rules)
	if err != nil {
		return wanted{}, err
	}
	if err := rules.check(asked); err != nil {
		return wanted{}, err
	}
	w := wanted{rules: rules, asked: asked}
	if cursor, _ := asked["cursor"].(string); cursor != "" {
		at, valid := resume(cursor)
		if !valid || at.List != x.list() || rules.check(at.Asked) != nil {
			return wanted{}, failAdmin("ADMIN-400-1")
		}
		// The cursor remembers what was asked. Clients may repeat it in a search (folio-sec); only limit can differ.
		if limit, sent := asked["limit"]; sent {
			at.Asked["limit"] = limit
		}
		w.asked, w.from = at.Asked, at.From
	}
	w.limit = rules.fallback
	if limit, sent := w.asked["limit"].(float64); sent {
		w.limit = int(limit)
	}
	w.limit = x.s.options.rows(w.limit)
	if by, _ := w.asked["sortBy"].([]any); len(by) == 1 {
		w.sorted, w.descending = true, by[0].(map[string]any)["direction"] == "desc"
	}
	return w, nil
}

// list names the list that a request is about, for its cursors.
func (x *exchange) list() string { return x.r.Method + " " + x.r.URL.Path }

// asked reads the raw keys of a search. The body of a POST may be left out.
func (x *exchange) asked(rules search) (map[string]any, error) {
	asked := map[string]any{}
	if x.r.Method == http.MethodGet {
		return rules.query(x.r.URL.Query()), nil
	}
	if len(x.body) == 0 {
		return asked, nil
	}
	if err := x.decode(&asked); err != nil {
		return nil, failDetail("ADMIN-400-24", "%s", plain(err))
	}
	return asked, nil
}

// query turns the parameters of a GET that the list knows into what a body would hold. Lists repeat their parameter.
// With a cursor all other parameters are discarded (specification).
func (rules search) query(parameters url.Values) map[string]any {
	if cursor := parameters.Get("cursor"); cursor != "" {
		return map[string]any{"cursor": cursor}
	}
	asked := map[string]any{}
	for key, values := range parameters {
		criterion, known := rules.criteria[key]
		number, err := strconv.ParseFloat(values[0], 64)
		flag, notFlag := strconv.ParseBool(values[0])
		switch {
		case criterion.most > 0:
			list := make([]any, len(values))
			for i, value := range values {
				list[i] = value
			}
			asked[key] = list
		case criterion.flag && notFlag == nil:
			asked[key] = flag
		case key == "limit" && err == nil:
			asked[key] = number
		case key == "limit" || known:
			asked[key] = values[0]
		}
	}
	return asked
}

// check refuses what breaks the rules of a list.
func (rules search) check(asked map[string]any) error {
	for key, value := range asked {
		if !rules.fits(key, value) {
			return failDetail("ADMIN-400-24", "%s is not valid", key)
		}
	}
	if asked["cursor"] != nil && rules.alone && len(asked) > 1 {
		return failDetail("ADMIN-400-24", "cursor stands alone")
	}
	for _, pair := range rules.exclusive {
		if asked[pair[0]] != nil && asked[pair[1]] != nil {
			return failDetail("ADMIN-400-24", "%s and %s are mutually exclusive", pair[0], pair[1])
		}
	}
	return nil
}

// fits tells whether a key is known and its value is of the right kind.
func (rules search) fits(key string, value any) bool {
	known, ok := rules.criteria[key]
	switch {
	case value == nil:
		return ok || key == "cursor" || key == "limit" || key == "sortBy"
	case key == "limit":
		limit, number := value.(float64)
		return number && limit == float64(int(limit)) && limit >= 1 && int(limit) <= rules.most
	case key == "sortBy":
		return rules.sorts(value)
	case key == "cursor":
		_, text := value.(string)
		return text
	case !ok:
		return false
	case known.valid != nil:
		return known.valid(value)
	case known.flag:
		_, flag := value.(bool)
		return flag
	case known.most > 0:
		list, isList := value.([]any)
		return isList && len(list) > 0 && len(list) <= known.most && !slices.ContainsFunc(list, func(v any) bool { return !known.takes(v) })
	}
	return known.takes(value)
}

// sorts tells whether a value of sortBy is a list of the one field that can be sorted by.
func (rules search) sorts(value any) bool {
	list, _ := value.([]any)
	if len(list) != 1 || rules.sortable == "" {
		return false
	}
	by, _ := list[0].(map[string]any)
	return by["field"] == rules.sortable && (by["direction"] == "asc" || by["direction"] == "desc")
}

// takes tells whether one value is a text that a criterion allows.
func (c criterion) takes(value any) bool {
	text, isText := value.(string)
	return isText && (c.values == nil || slices.Contains(c.values, text))
}

// texts returns the values that a list must match one of; nil when nobody asks.
func (w wanted) texts(key string) []string {
	list, _ := w.asked[key].([]any)
	var texts []string
	for _, value := range list {
		texts = append(texts, value.(string))
	}
	return texts
}

// text returns a text, "" when nobody asks.
func (w wanted) text(key string) string {
	value, _ := w.asked[key].(string)
	return value
}

// picks tells whether a criterion lets at least one of the values pass.
func (w wanted) picks(key string, values ...string) bool {
	list := w.texts(key)
	return list == nil || slices.ContainsFunc(values, func(value string) bool { return slices.Contains(list, value) })
}

// expands tells whether a client asks for an additional field.
func (w wanted) expands(field string) bool { return slices.Contains(w.texts("expand"), field) }

// pageOf answers one page of the rows that match. The last page has a null next (jira.js, live).
func pageOf[T any](x *exchange, w wanted, rows []T, body func(T) object) (answer, error) {
	from := min(w.from, len(rows))
	to := min(from+w.limit, len(rows))
	data := make([]any, 0, to-from)
	for _, row := range rows[from:to] {
		data = append(data, body(row))
	}
	links := object{"self": continuation{x.list(), w.asked, from}.token(), "next": nil}
	if to < len(rows) {
		links["next"] = x.next(continuation{x.list(), w.asked, to}.token(), x.s.options.CursorURLs || w.rules.urls)
	}
	if from > 0 {
		links["prev"] = continuation{x.list(), w.asked, max(0, from-w.limit)}.token()
	}
	return ok(object{"data": data, "links": links})
}

// next is a cursor, or an address that carries it.
func (x *exchange) next(token string, asURL bool) string {
	if asURL {
		return x.origin() + x.r.URL.EscapedPath() + "?cursor=" + url.QueryEscape(token)
	}
	return token
}
