package provider_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// chaosFault is a column of the matrix: something that goes wrong with a request.
type chaosFault struct {
	name string
	// fault is what goes wrong; nil where it is no matter of single requests.
	fault func() simulator.Fault
	// hits tells which requests it can go wrong with; nil is all.
	hits func(method, path string) bool
	// apart tells that it makes no sense on several paths at a time.
	apart bool
	// unheard tells that Bitbucket may have acted without anybody hearing of it. Where nothing else can be heard either, nobody can tell then.
	unheard bool
	// passes tells that it passes by itself: a request that may be repeated must get over it when it happens once.
	passes bool
	// says is what an error has to quote.
	says []string
	// lag is how long writes do not show.
	lag time.Duration
}

// chaosFaults are the columns.
var chaosFaults = []chaosFault{
	{name: "429", fault: func() simulator.Fault { return simulator.RateLimited(0) }, passes: true, says: []string{"429 Too Many Requests"}},
	{
		name: "500", fault: func() simulator.Fault { return simulator.ServerError(http.StatusInternalServerError, 0) }, unheard: true, passes: true,
		says: []string{"500 Internal Server Error"},
	},
	{
		name: "502 HTML", fault: func() simulator.Fault { return simulator.HTMLErrorPage(http.StatusBadGateway, 0) }, unheard: true, passes: true,
		says: []string{"502 Bad Gateway"},
	},
	{name: "503 later", fault: unavailable, unheard: true, passes: true, says: []string{"503 Service Unavailable"}},
	{name: "401", fault: refusedWith(http.StatusUnauthorized), says: []string{"401 Unauthorized"}},
	{name: "403", fault: refusedWith(http.StatusForbidden), says: []string{"403 Forbidden"}},
	{name: "404", fault: refusedWith(http.StatusNotFound), says: []string{"404 Not Found", "no group", "is not in the organization", "not found"}},
	{name: "405", fault: refusedWith(http.StatusMethodNotAllowed), says: []string{"405 Method Not Allowed"}},
	{name: "409", fault: refusedWith(http.StatusConflict), says: []string{"409 Conflict"}},
	{name: "410", fault: refusedWith(http.StatusGone), says: []string{"410 Gone"}},
	{name: "cut before", fault: func() simulator.Fault { return simulator.Fault{CutBefore: true} }, unheard: true, passes: true, says: noAnswer},
	{name: "cut after", fault: func() simulator.Fault { return simulator.Fault{CutAfter: true} }, unheard: true, passes: true, says: noAnswer},
	{name: "too slow", fault: func() simulator.Fault { return simulator.Fault{Delay: 2 * time.Minute} }, unheard: true, passes: true, says: noAnswer},
	{name: "cut short", fault: func() simulator.Fault { return simulator.Fault{Truncate: 5} }, unheard: true, passes: true, says: noAnswer},
	{name: "half JSON", fault: rewriting(func(body []byte) []byte { return body[:len(body)/2] }), unheard: true, says: badAnswer},
	{name: "HTML page", fault: htmlPage, unheard: true, says: badAnswer},
	{name: "sign-in page", fault: signInPage, unheard: true, says: badAnswer},
	{name: "null", fault: rewriting(nothingAtAll), unheard: true, says: badAnswer},
	{name: "only nulls", fault: rewriting(inRows(func([]any) []any { return []any{nil} })), unheard: true, says: badAnswer},
	{name: "left out", fault: rewriting(leftOut), hits: owesAll, apart: true, unheard: true, says: badAnswer},
	{name: "other value", fault: rewriting(otherValues), hits: writesOnly, apart: true, unheard: true, says: append([]string{"asked for", "as asked"}, badAnswer...)},
	{name: "other one", fault: rewriting(otherIDs), hits: writesOnly, apart: true, unheard: true, says: append([]string{"asked for", "as asked"}, badAnswer...)},
	{name: "row twice", fault: repeatedRows, apart: true},
	{name: "no object", fault: rewriting(inRows(func(rows []any) []any { return append(rows, "Private repository") })), unheard: true, says: badAnswer},
	{name: "lag", lag: 20 * time.Second},
}

var (
	noAnswer  = []string{"no answer"}
	badAnswer = []string{"the answer is not what the API documents"}
)

func writesOnly(method, path string) bool {
	return method != http.MethodGet && !strings.HasSuffix(path, "/search")
}

// refusedWith is a refusal in the form of Bitbucket.
func refusedWith(status int) func() simulator.Fault {
	return func() simulator.Fault {
		return simulator.Fault{Status: status, Body: `{"type": "error", "error": {"message": "Not this time"}}`}
	}
}

func unavailable() simulator.Fault {
	f := simulator.ServerError(http.StatusServiceUnavailable, 0)
	f.Header = http.Header{"Retry-After": {"30"}}
	return f
}

// rewriting is an answer that is changed on its way.
func rewriting(change func([]byte) []byte) func() simulator.Fault {
	return func() simulator.Fault { return simulator.Fault{Rewrite: change} }
}

const signIn = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>"

// htmlPage is a page for people in the place of the answer to what was done.
func htmlPage() simulator.Fault {
	page := func([]byte) []byte { return []byte(signIn) }
	return simulator.Fault{Rewrite: page, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}}
}

// signInPage is the page of a proxy that wants somebody to sign in, and has not let the request through.
func signInPage() simulator.Fault { return simulator.Fault{Status: http.StatusOK, Body: signIn} }

// nothingAtAll is null in the place of an answer that says something.
func nothingAtAll(body []byte) []byte {
	if len(body) == 0 {
		return body
	}
	return []byte("null")
}

// owesAll tells whether an answer has to say everything: a group without a permission gives none, and a list of people need not tell their roles.
func owesAll(_, path string) bool {
	return !strings.HasPrefix(path, "/1.0/groups/") && path != "/2.0/workspaces/acme/permissions"
}

// leftOut is an answer without what a state is made of.
func leftOut(body []byte) []byte {
	return regexp.MustCompile(`"(permission|email)":`).ReplaceAll(body, []byte(`"former_$1":`))
}

// inRows changes the rows of a list; other answers stay as they are.
func inRows(change func([]any) []any) func([]byte) []byte {
	return func(body []byte) []byte {
		var object map[string]any
		var rows []any
		if json.Unmarshal(body, &rows) == nil {
			return encoded(change(rows))
		}
		if json.Unmarshal(body, &object) != nil {
			return body
		}
		for _, key := range []string{"values", "data"} {
			if rows, is := object[key].([]any); is {
				object[key] = change(rows)
			}
		}
		return encoded(object)
	}
}

// repeatedRows are lists that hold the last row of the page before once more: somebody has been added ahead of it meanwhile (BCLOUD-23644).
func repeatedRows() simulator.Fault {
	var before any // nil on the first page of a list
	repeat := inRows(func(rows []any) []any {
		if before != nil {
			rows = append([]any{before}, rows...)
		}
		before = nil
		if len(rows) > 0 {
			before = rows[len(rows)-1]
		}
		return rows
	})
	return simulator.Fault{Rewrite: func(body []byte) []byte {
		repeated := repeat(body)
		if !hasNext(body) {
			before = nil
		}
		return repeated
	}}
}

// hasNext tells whether an answer is a page that another follows.
func hasNext(body []byte) bool {
	var page struct {
		Next  string
		Links struct{ Next string }
	}
	return json.Unmarshal(body, &page) == nil && page.Next+page.Links.Next != ""
}

// otherValues changes what an answer says to be so now.
func otherValues(body []byte) []byte {
	return changed(body, map[string]func(string) string{
		"permission": func(level string) string {
			if level == simulator.Read {
				return simulator.Admin
			}
			return simulator.Read
		},
		"name": func(name string) string { return name + " of old" },
	})
}

// otherIDs changes whom or what an answer is about.
func otherIDs(body []byte) []byte {
	other := func(id string) string { return strings.Map(nextHexDigit, id) }
	return changed(body, map[string]func(string) string{
		"uuid": other, "account_id": other, "accountId": other, "id": other,
		"slug": func(slug string) string { return slug + "-2" },
	})
}

func nextHexDigit(r rune) rune {
	digits := []rune("0123456789abcdef")
	if i := slices.Index(digits, r); i >= 0 {
		return digits[(i+1)%len(digits)]
	}
	return r
}

// changed changes the texts under some keys of an answer, wherever they are.
func changed(body []byte, changes map[string]func(string) string) []byte {
	var answer any
	if json.Unmarshal(body, &answer) != nil {
		return body
	}
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, element := range value {
				walk(element)
			}
		case map[string]any:
			for _, key := range slices.Collect(maps.Keys(value)) {
				if text, is := value[key].(string); is && changes[key] != nil {
					value[key] = changes[key](text)
				}
				walk(value[key])
			}
		}
	}
	walk(answer)
	return encoded(answer)
}

func encoded(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return body
}
