package rest_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// understood compares what a refusal says.
func understood(t *testing.T, want rest.Error, got *rest.Error) {
	t.Helper()
	want.Method, want.Path, want.Status = got.Method, got.Path, got.Status
	want.Next = got.Next // by chance
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

// The shapes are those of the description of the Organizations REST API and of the gateway before it.
func TestRefusalsOfTheAdministrationAreUnderstood(t *testing.T) {
	t.Parallel()
	const unknownUser = `{"id":"7f2c","status":"404","code":"ADMIN-404-8","title":"User not found","detail":"The user is not in the directory."}`
	for name, tt := range map[string]struct {
		status int
		body   string
		want   rest.Error
	}{
		"an error of the application": {
			404, `{"errors":[` + unknownUser + `]}`,
			rest.Error{Message: "ADMIN-404-8; User not found; The user is not in the directory.", Codes: []string{"ADMIN-404-8"}},
		},
		"two errors of the application": {
			409, `{"errors":[{"status":"409","code":"ADMIN-409-3","title":"License limit exceeded"},{"status":"409","code":"ADMIN-409-28","title":"Conflict"}]}`,
			rest.Error{Message: "ADMIN-409-3; License limit exceeded; ADMIN-409-28; Conflict", Codes: []string{"ADMIN-409-3", "ADMIN-409-28"}},
		},
		"a code without a word": {
			409, `{"errors":[{"code":"ADMIN-UAM-409-3","title":null,"detail":null}]}`,
			rest.Error{Message: "ADMIN-UAM-409-3", Codes: []string{"ADMIN-UAM-409-3"}},
		},
		"a detail that repeats the title": {
			404, `{"errors":[{"code":"ADMIN-404-2","title":"Organization not found","detail":"Organization not found"}]}`,
			rest.Error{Message: "ADMIN-404-2; Organization not found", Codes: []string{"ADMIN-404-2"}},
		},
		"a status that is a number": {
			400, `{"errors":[{"status":400,"code":"ADMIN-400-24","title":"Invalid request body"}]}`,
			rest.Error{Message: "ADMIN-400-24; Invalid request body", Codes: []string{"ADMIN-400-24"}},
		},
		"no errors in the list":      {400, `{"errors":[]}`, rest.Error{}},
		"a list that is null":        {400, `{"errors":null}`, rest.Error{}},
		"a bad key at the gateway":   {401, `{"code":401,"message":"Unauthorized; scope does not match"}`, rest.Error{Message: "Unauthorized; scope does not match"}},
		"a limit at the gateway":     {429, `{"code":429,"message":"Too Many Requests"}`, rest.Error{Message: "Too Many Requests"}},
		"no permission at the gates": {403, noPermission, rest.Error{Message: "Forbidden; User has no permission to access resource."}},
		"a missing scope": {
			403, `{"code":403,"message":"Forbidden","acceptableScopes":["read:groups:admin","read:directories:admin"]}`,
			rest.Error{Message: "Forbidden", Required: []string{"read:groups:admin", "read:directories:admin"}},
		},
		"a missing scope as a text": {403, `{"acceptableScopes":"read:groups:admin"}`, rest.Error{Required: []string{"read:groups:admin"}}},
		"a missing scope with an error of the application": {
			403, `{"errors":[{"code":"ADMIN-403-3","title":"Not allowed"}],"acceptableScopes":["read:orgs:admin"]}`,
			rest.Error{Message: "ADMIN-403-3; Not allowed", Codes: []string{"ADMIN-403-3"}, Required: []string{"read:orgs:admin"}},
		},
		"a path that is not known": {404, `{"code":404,"message":"Request failed to match any route"}`, rest.Error{Message: "Request failed to match any route"}},
		"an HTML page":             {404, "<!DOCTYPE html><html><head><title>Page unavailable</title></head></html>", rest.Error{Message: "Page unavailable"}},
		"an HTML page of a proxy":  {403, "<html><body>blocked</body></html>", rest.Error{Message: "an HTML page"}},
		"nothing":                  {409, "", rest.Error{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refusedWith(t, tt.status, tt.body, "Content-Type", "application/json")
			understood(t, tt.want, got)
			for _, code := range tt.want.Codes {
				if !rest.HasCode(fmt.Errorf("add: %w", got), "ADMIN-0", code) {
					t.Errorf("the code %s is not found in %v", code, got)
				}
			}
			if strings.ContainsAny(got.Error(), "\r\n") {
				t.Errorf("error is not one line: %q", got.Error())
			}
		})
	}
}

const noPermission = `{"timestamp":"2025-06-06T06:03:27.122+00:00","path":"/api/admin/v1/orgs/1/users","status":403,"error":"Forbidden",` +
	`"message":"User has no permission to access resource.","requestId":"b4fce632-202784"}`

// What the administration may yet send is no reason to lose what else the refusal says.
func TestARefusalWithAnOddBodyIsStillARefusal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, says string }{
		"errors that are an object":               {`{"errors":{"code":"ADMIN-404-8"},"message":"No."}`, "No."},
		"errors that are a text":                  {`{"errors":"all of it","message":"No."}`, "No."},
		"errors that are a number":                {`{"errors":5,"message":"No."}`, "No."},
		"errors that are texts":                   {`{"errors":["a","b"],"message":"No."}`, "No.; a; b"},
		"errors that are null":                    {`{"errors":[null],"message":"No."}`, "No."},
		"errors of which one is odd":              {`{"errors":[5,{"code":"ADMIN-404-8","title":"User not found"}]}`, "ADMIN-404-8; User not found"},
		"a code that is a number":                 {`{"errors":[{"code":404,"title":"User not found"}]}`, "User not found"},
		"a title that is an object":               {`{"errors":[{"code":"ADMIN-404-8","title":{"en":"x"},"detail":"Never."}]}`, "ADMIN-404-8; Never."},
		"acceptable scopes that are a number":     {`{"acceptableScopes":5,"message":"No."}`, "No."},
		"acceptable scopes that are an object":    {`{"acceptableScopes":{"any":["a"]},"message":"No."}`, "No."},
		"acceptable scopes that are numbers":      {`{"acceptableScopes":[1,2],"message":"No."}`, "No."},
		"acceptable scopes that are null":         {`{"acceptableScopes":null,"message":"No."}`, "No."},
		"no acceptable scopes":                    {`{"acceptableScopes":[],"message":"No."}`, "No."},
		"a message that is an object":             {`{"message":{"en":"No."}}`, `{"en":"No."}`},
		"an error that is a number":               {`{"error":5,"message":"No."}`, "No."},
		"a body that breaks off inside of errors": {`{"errors":[{"code":"ADMIN`, `{"errors":[{"code":"ADMIN`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := refusedWith(t, http.StatusForbidden, tt.body)
			if got.Message != tt.says {
				t.Errorf("message is %q, want %q", got.Message, tt.says)
			}
			if !rest.Is(got, http.StatusForbidden) {
				t.Errorf("%v is not the 403", got)
			}
		})
	}
}

func TestARecordedRefusalOfTheAdministrationIsUnderstood(t *testing.T) {
	t.Parallel()
	shared := filepath.Join(recorded(t), "..", "..")
	body, err := os.ReadFile(filepath.Join(shared, "atlassian-admin", "recorded", "error-403-no-permission-2025-06.json"))
	if err != nil {
		t.Skipf("the recorded bodies are not beside the module: %v", err)
	}
	got := refusedWith(t, http.StatusForbidden, string(body), "Content-Type", "application/json")
	understood(t, rest.Error{Message: "Forbidden; User has no permission to access resource."}, got)
	if want := `403 Forbidden: "Forbidden; User has no permission to access resource"`; got.Answer() != want {
		t.Errorf("Answer() = %s, want %s", got.Answer(), want)
	}
}

func TestHasCodeFindsTheCodeInsideOtherErrors(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("add: %w", &rest.Error{Status: http.StatusNotFound, Codes: []string{"ADMIN-404-8", "ADMIN-404-2"}})
	for name, tt := range map[string]struct {
		err   error
		codes []string
		want  bool
	}{
		"the code":                  {err, []string{"ADMIN-404-8"}, true},
		"the second code":           {err, []string{"ADMIN-404-2"}, true},
		"one of many":               {err, []string{"ADMIN-404-10", "ADMIN-404-2"}, true},
		"another code":              {err, []string{"ADMIN-404-10"}, false},
		"the start of a code":       {err, []string{"ADMIN-404"}, false},
		"no code":                   {err, nil, false},
		"a refusal without codes":   {&rest.Error{Status: http.StatusNotFound}, []string{"ADMIN-404-8"}, false},
		"no error":                  {nil, []string{"ADMIN-404-8"}, false},
		"an error by itself":        {errors.New("ADMIN-404-8"), []string{"ADMIN-404-8"}, false},
		"the code in a message":     {&rest.Error{Message: "ADMIN-404-8"}, []string{"ADMIN-404-8"}, false},
		"one of two errors as well": {errors.Join(errors.New("other"), err), []string{"ADMIN-404-8"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := rest.HasCode(tt.err, tt.codes...); got != tt.want {
				t.Errorf("HasCode(%v, %v) = %v", tt.err, tt.codes, got)
			}
		})
	}
}
