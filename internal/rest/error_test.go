package rest_test

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// refusedWith sends one request to a server that answers it with a refusal.
func refusedWith(t *testing.T, status int, body string, headers ...string) *rest.Error {
	t.Helper()
	s := serve(t, say(status, body, headers...))
	_, err := newClient(t, s.URL, rest.Options{}).Send(t.Context(), rest.Request{Method: http.MethodPost, Path: []string{"2.0", "x y"}})
	got := refusal(t, err)
	if got.Method != http.MethodPost || got.Path != "/2.0/x y" || got.Status != status {
		t.Errorf("the error is of %s %s with %d", got.Method, got.Path, got.Status)
	}
	return got
}

func TestRecordedRefusalsAreUnderstood(t *testing.T) {
	t.Parallel()
	want := map[string]rest.Error{
		"error-400-fields-list.json":          {Message: "source: branch not found: dummy"},
		"error-401-access-token-expired.json": {Message: "Access token expired."},
		"error-401-account-password.txt": {
			Message: "Bitbucket Cloud recently stopped supporting account passwords for API authentication. See our community post for more " +
				"details: https://atlassian.community/t5/x/x/ba-p/1948231 App passwords are recommended for most use cases and can be created " +
				"in your Personal settings: https://bitbucket.org/account/settings/app-passwords/ For more details on API authentication methods " +
				"see our documentation: https:…",
		},
		"error-401-token-invalid.json": {Message: "Token is invalid, expired, or not supported for this endpoint."},
		"error-403-auth-type.json":     {Message: "This API is only accessible with the following authentication types: jwt"},
		"error-403-forbidden.json":     {Message: "Forbidden"},
		"error-403-scopes.json": {
			Message:  "Your credentials lack one or more required privilege scopes.",
			Required: []string{"project"},
			Granted:  []string{"runner:write", "pipeline:variable", "issue:write", "pullrequest:write", "account"},
		},
		"error-404-no-api.json":      {Message: "Resource not found; There is no API hosted at this URL"},
		"error-404-repo.json":        {Message: "Repository dev/null not found"},
		"error-404-workspace.json":   {Message: "No workspace with identifier '0'."},
		"error-410-change-2770.json": {Message: "CHANGE-2770 - Functionality has been deprecated; Please read the changelog entry for more details."},
		"error-429-rate-limit.txt":   {Message: "Rate limit for this resource has been exceeded"},
	}
	files, err := filepath.Glob(filepath.Join(recorded(t), "error-*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded refusals: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expected, ok := want[name]
			if !ok {
				t.Fatal("the table has no row for this file")
			}
			body, err := os.ReadFile(filepath.Clean(file))
			if err != nil {
				t.Fatal(err)
			}
			status, err := strconv.Atoi(name[len("error-"):][:3])
			if err != nil {
				t.Fatal(err)
			}
			got := refusedWith(t, status, string(body), "Content-Type", mime.TypeByExtension(filepath.Ext(name)))
			expected.Method, expected.Path, expected.Status, expected.Next = got.Method, got.Path, status, got.Next
			if diff := cmp.Diff(expected, *got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefusalsOfEveryShapeAreUnderstood(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 1000)
	for name, tt := range map[string]struct{ body, message string }{
		"a message":                    {`{"type":"error","error":{"message":"No."}}`, "No."},
		"no type":                      {`{"error":{"message":"No."}}`, "No."},
		"an unknown key":               {`{"error":{"message":"No.","id":"abc","data":{"a":1}}}`, "No."},
		"a detail that is a text":      {`{"error":{"message":"No.","detail":"Never."}}`, "No.; Never."},
		"a detail that is null":        {`{"error":{"message":"No.","detail":null}}`, "No."},
		"a detail that is a list":      {`{"error":{"message":"No.","detail":["a"]}}`, "No."},
		"a detail that repeats":        {`{"error":{"message":"No.","detail":"No."}}`, "No."},
		"a detail only":                {`{"error":{"detail":"Never."}}`, "Never."},
		"fields that are texts":        {`{"error":{"message":"Bad request","fields":{"b":"is bad","a":"is worse"}}}`, "Bad request; a: is worse; b: is bad"},
		"fields that are lists":        {`{"error":{"message":"Bad request","fields":{"name":["too long","taken"]}}}`, "Bad request; name: too long, taken"},
		"fields of both kinds":         {`{"error":{"message":"Bad","fields":{"a":"x","b":["y"]}}}`, "Bad; a: x; b: y"},
		"fields that are something":    {`{"error":{"message":"Bad","fields":{"a":{"b":1}}}}`, `Bad; a: {"b":1}`},
		"fields that are a list":       {`{"error":{"message":"Bad","fields":["a"]}}`, "Bad"},
		"fields without a message":     {`{"error":{"fields":{"a":["x"]}}}`, "a: x"},
		"an error that is empty":       {`{"type":"error","error":{}}`, ""},
		"an error that is null":        {`{"type":"error","error":null}`, ""},
		"an error that is a number":    {`{"error":5}`, ""},
		"a message at the top":         {`{"message":"No."}`, "No."},
		"an object without an error":   {`{"a":"b"}`, ""},
		"the form of OAuth, code only": {`{"error":"invalid_grant"}`, "invalid_grant"},
		"the form of OAuth":            {`{"error_description":"Invalid secret","error":"unauthorized_client"}`, "unauthorized_client; Invalid secret"},
		"a JSON text":                  {`"No."`, `"No."`},
		"a JSON list":                  {`["No."]`, `["No."]`},
		"plain text":                   {"Not Found", "Not Found"},
		"lines of text":                {"  Not\r\n\tFound \n", "Not Found"},
		"nothing":                      {"", ""},
		"spaces":                       {" \n ", ""},
		"half of some JSON":            {`{"error":{"mess`, `{"error":{"mess`},
		"an HTML page with a title":    {"<!DOCTYPE html><html><head><title>502 Bad\nGateway</title></head><body>secret</body></html>", "502 Bad Gateway"},
		"an HTML title with entities":  {"<HTML><Title lang=en>Bitbucket &mdash; Oops &amp; sorry</TITLE></HTML>", "Bitbucket — Oops & sorry"},
		"an HTML page without a title": {"<html><body>Some page</body></html>", "an HTML page"},
		"control characters in text":   {"a\x1b[31mred\x00\x07b\x7fc", "a [31mred b c"},
		"control characters in JSON":   {`{"error":{"message":"a\u001b[31mred\u0000b"}}`, "a [31mred b"},
		"a long text":                  {long, long[:800] + "…"},
		"a long message":               {`{"error":{"message":"` + long + `"}}`, long[:800] + "…"},
		"a message as long as allowed": {`{"error":{"message":"` + long[:800] + `"}}`, long[:800]},
		"a huge text":                  {strings.Repeat("<p>x</p>\n", 1<<14), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refusedWith(t, http.StatusBadRequest, tt.body)
			if name == "a huge text" {
				tt.message = got.Message
				if n := len([]rune(got.Message)); n > 401 {
					t.Errorf("the message has %d characters", n)
				}
			}
			if got.Message != tt.message {
				t.Errorf("message is %q, want %q", got.Message, tt.message)
			}
			if strings.ContainsAny(got.Error(), "\r\n\x00\x1b") {
				t.Errorf("error is not one line: %q", got.Error())
			}
		})
	}
}

func TestMissingScopesAreRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		detail            string
		required, granted []string
	}{
		"both":            {`{"required":["a","b"],"granted":["c"]}`, []string{"a", "b"}, []string{"c"}},
		"required only":   {`{"required":["a"]}`, []string{"a"}, nil},
		"nothing granted": {`{"required":["a"],"granted":[]}`, []string{"a"}, []string{}},
		"neither":         {`{}`, nil, nil},
		"another form":    {`{"required":5}`, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refusedWith(t, http.StatusForbidden, `{"error":{"message":"Scopes","detail":`+tt.detail+`}}`)
			if diff := cmp.Diff([][]string{tt.required, tt.granted}, [][]string{got.Required, got.Granted}); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
			if want := `POST /2.0/x y: 403 Forbidden: "Scopes"`; got.Error() != want {
				t.Errorf("error is %q, want %q", got, want)
			}
		})
	}
}

func TestAnAnswerIsQuotedAsAPersonWould(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  rest.Error
		want string
	}{
		"with a message":       {rest.Error{Status: 402, Message: `limit "5"`}, `402 Payment Required: "limit \"5\""`},
		"without a message":    {rest.Error{Status: 405}, "405 Method Not Allowed"},
		"of an unknown status": {rest.Error{Status: 599, Message: "odd"}, `599: "odd"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.err.Answer(); got != tt.want {
				t.Errorf("Answer() = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestIsFindsTheStatusInsideOtherErrors(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("list: %w", &rest.Error{Status: http.StatusNotFound})
	for name, tt := range map[string]struct {
		err      error
		statuses []int
		want     bool
	}{
		"the status":         {err, []int{404}, true},
		"one of many":        {err, []int{403, 404}, true},
		"another status":     {err, []int{403}, false},
		"no status":          {err, nil, false},
		"no error":           {nil, []int{404}, false},
		"an error by itself": {errors.New("404"), []int{404}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := rest.Is(tt.err, tt.statuses...); got != tt.want {
				t.Errorf("Is(%v, %v) = %v", tt.err, tt.statuses, got)
			}
		})
	}
}
