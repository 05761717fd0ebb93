package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
)

// listRequest is what a client asks of a list.
type listRequest struct {
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
func (x *exchange) want(rules search) (listRequest, error) {
	asked, err := x.asked(rules)
	if err != nil {
		return listRequest{}, err
	}
	if err := rules.check(asked); err != nil {
		return listRequest{}, err
	}
	w := listRequest{rules: rules, asked: asked}
	if cursor, _ := asked["cursor"].(string); cursor != "" {
		at, valid := resume(cursor)
		if !valid || at.List != x.list() || rules.check(at.Asked) != nil {
			return listRequest{}, failAdmin("ADMIN-400-1")
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

// texts returns the values that a list must match one of; nil when nobody asks.
func (w listRequest) texts(key string) []string {
	list, _ := w.asked[key].([]any)
	var texts []string
	for _, value := range list {
		texts = append(texts, value.(string))
	}
	return texts
}

// text returns a text, "" when nobody asks.
func (w listRequest) text(key string) string {
	value, _ := w.asked[key].(string)
	return value
}

// picks tells whether a criterion lets at least one of the values pass.
func (w listRequest) picks(key string, values ...string) bool {
	list := w.texts(key)
	return list == nil || slices.ContainsFunc(values, func(value string) bool { return slices.Contains(list, value) })
}

// expands tells whether a client asks for an additional field.
func (w listRequest) expands(field string) bool { return slices.Contains(w.texts("expand"), field) }

// pageOf answers one page of the rows that match. The last page has a null next (jira.js, live).
func pageOf[T any](x *exchange, w listRequest, rows []T, body func(T) object) (answer, error) {
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
