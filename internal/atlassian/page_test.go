package atlassian_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// page is a page of people; next is JSON.
func page(next string, accounts ...string) http.HandlerFunc {
	var rows []string
	for _, account := range accounts {
		rows = append(rows, fmt.Sprintf(`{"accountId":%q,"directoryId":%q,"id":%q}`, account, account, account))
	}
	return say(200, fmt.Sprintf(`{"data":[%s],"links":{"self":"s","prev":null,"next":%s}}`, strings.Join(rows, ","), next))
}

// accounts reads a list of people to its end or its error.
func accounts(ctx context.Context, c *client) (ids []string, err error) {
	users, err := all(c.ListMembers(ctx, "g"))
	for _, u := range users {
		ids = append(ids, u.AccountID)
	}
	return ids, err
}

// asked are the bodies of searches for members of g with the given cursors; the first page has none.
func asked(cursors ...string) (requests []request) {
	for _, cursor := range cursors {
		body := `{"groupIds":["g"],"limit":100}`
		if cursor != "" {
			body = fmt.Sprintf(`{"cursor":%q,"groupIds":["g"],"limit":100}`, cursor)
		}
		requests = append(requests, search(everywhere+"/users/search", body))
	}
	return requests
}

func TestTheCursorIsSentBackTogetherWithTheFilter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		script  []http.HandlerFunc
		want    []string
		cursors []string
	}{
		"one page":                     {[]http.HandlerFunc{page(`null`, "a", "b")}, []string{"a", "b"}, []string{""}},
		"an empty list":                {[]http.HandlerFunc{page(`null`)}, nil, []string{""}},
		"next is absent":               {[]http.HandlerFunc{say(200, `{"data":[{"accountId":"a"}],"links":{"self":"s"}}`)}, []string{"a"}, []string{""}},
		"links are absent":             {[]http.HandlerFunc{say(200, `{"data":[{"accountId":"a"}]}`)}, []string{"a"}, []string{""}},
		"links are null":               {[]http.HandlerFunc{say(200, `{"data":[{"accountId":"a"}],"links":null}`)}, []string{"a"}, []string{""}},
		"next is empty":                {[]http.HandlerFunc{page(`""`, "a")}, []string{"a"}, []string{""}},
		"three pages":                  {[]http.HandlerFunc{page(`"c1"`, "a"), page(`"c2"`, "b"), page(`null`, "c")}, []string{"a", "b", "c"}, []string{"", "c1", "c2"}},
		"an empty page on the way":     {[]http.HandlerFunc{page(`"c1"`), page(`"c2"`), page(`null`, "c")}, []string{"c"}, []string{"", "c1", "c2"}},
		"a cursor of all letters":      {[]http.HandlerFunc{page(`"a+b/c=_-"`, "a"), page(`null`, "b")}, []string{"a", "b"}, []string{"", "a+b/c=_-"}},
		"a cursor that starts as http": {[]http.HandlerFunc{page(`"httpABC"`, "a"), page(`null`, "b")}, []string{"a", "b"}, []string{"", "httpABC"}},
		"an address": {
			[]http.HandlerFunc{page(`"https://api.atlassian.com/x?cursor=c1&limit=5"`, "a"), page(`null`, "b")}, []string{"a", "b"}, []string{"", "c1"},
		},
		"an address with escapes in it": {[]http.HandlerFunc{page(`"https://api.atlassian.com/x?cursor=a%2Bb%3D"`, "a"), page(`null`)}, []string{"a"}, []string{"", "a+b="}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, append(tt.script, say(500, "asked for too many pages"))...)
			got, err := accounts(t.Context(), newClient(t, s, rest.Options{}))
			if err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(asked(tt.cursors...), s.requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheCursorOfOtherListsIsSentBack(t *testing.T) {
	t.Parallel()
	const cursor, escaped = "a+b/c=&d", "a%2Bb%2Fc%3D%26d"
	workspaces := "/admin/v2/orgs/" + organization + "/workspaces"
	for name, tt := range map[string]struct {
		do   func(context.Context, *client) error
		want []request
	}{
		"of workspaces, alone in the body": {
			func(ctx context.Context, c *client) error { _, err := all(c.ListWorkspaces(ctx)); return err },
			[]request{search(workspaces, `{"limit":1000}`), search(workspaces, `{"cursor":"a+b/c=\u0026d"}`)},
		},
		"of directories, in the query": {
			func(ctx context.Context, c *client) error { _, err := all(c.ListDirectories(ctx)); return err },
			[]request{
				{Method: http.MethodGet, URI: "/admin/v2/orgs/" + organization + "/directories"},
				{Method: http.MethodGet, URI: "/admin/v2/orgs/" + organization + "/directories?cursor=" + escaped},
			},
		},
		"of role assignments, in the query": {
			func(ctx context.Context, c *client) error {
				_, err := all(c.ListRoleAssignments(ctx, directory, groupID))
				return err
			},
			[]request{
				{Method: http.MethodGet, URI: there + "/groups/" + groupID + "/role-assignments"},
				{Method: http.MethodGet, URI: there + "/groups/" + groupID + "/role-assignments?cursor=" + escaped},
			},
		},
	} {
		for form, next := range map[string]string{"bare": cursor, "in an address": "https://api.atlassian.com/admin/x?limit=9&cursor=" + escaped} {
			t.Run(name+", "+form, func(t *testing.T) {
				t.Parallel()
				s := serve(t, page(fmt.Sprintf("%q", next), "a"), page(`null`, "b"), say(500, ""))
				if err := tt.do(t.Context(), newClient(t, s, rest.Options{})); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(tt.want, s.requests()); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestAnAddressOfAnotherHostIsNeverFollowed(t *testing.T) {
	t.Parallel()
	other := serve(t, page(`null`, "stolen"))
	s := serve(t, page(fmt.Sprintf(`"%s%s/users/search?cursor=c1"`, other.URL, everywhere), "a"), page(`null`, "b"))
	got, err := accounts(t.Context(), newClient(t, s, rest.Options{}))
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" || err != nil {
		t.Errorf("error %v, rows (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(asked("", "c1"), s.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if n := len(other.requests()); n != 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestARepeatedCursorIsAnErrorAndNotALoop(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		script   []http.HandlerFunc
		requests int
	}{
		"the same page again":           {[]http.HandlerFunc{page(`"c1"`, "a"), page(`"c1"`, "a")}, 2},
		"the same as an address":        {[]http.HandlerFunc{page(`"c1"`, "a"), page(`"https://api.atlassian.com/x?cursor=c1"`, "a")}, 2},
		"two pages that take turns":     {[]http.HandlerFunc{page(`"c1"`, "a"), page(`"c2"`, "b"), page(`"c1"`, "a")}, 3},
		"empty pages that are the same": {[]http.HandlerFunc{page(`"c1"`), page(`"c1"`)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, append(tt.script, say(400, "asked once more"))...)
			if _, err := accounts(t.Context(), newClient(t, s, rest.Options{})); err == nil || !strings.Contains(err.Error(), "read before") {
				t.Errorf("error is %v", err)
			}
			if n := len(s.requests()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

func TestAPageIsAskedForWhenItIsNeeded(t *testing.T) {
	t.Parallel()
	s := serve(t, page(`"c1"`, "a", "b"), page(`null`, "c"))
	c := newClient(t, s, rest.Options{})
	var seen []atlassian.User
	for user, err := range c.ListMembers(t.Context(), "g") {
		if seen = append(seen, user); err != nil || len(seen) == 2 {
			break
		}
	}
	if n := len(s.requests()); n != 1 || len(seen) != 2 {
		t.Errorf("%d requests for %v, want 1", n, seen)
	}
}

func TestAnErrorOnALaterPageEndsTheList(t *testing.T) {
	t.Parallel()
	s := serve(t, page(`"c1"`, "a"), say(400, `{"errors":[{"status":"400","code":"ADMIN-400-1","title":"Invalid page cursor"}]}`))
	got, err := accounts(t.Context(), newClient(t, s, rest.Options{}))
	if diff := cmp.Diff([]string{"a"}, got); diff != "" || !rest.HasCode(err, "ADMIN-400-1") || len(s.requests()) != 2 {
		t.Errorf("error %v after %d requests, rows (-want +got):\n%s", err, len(s.requests()), diff)
	}
}

func TestAListThatCannotBeReadIsABadAnswer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"no data":              say(200, `{}`),
		"data that is null":    say(200, `{"data":null,"links":{"next":null}}`),
		"links only":           say(200, `{"links":{"next":"c1"}}`),
		"data of another type": say(200, `{"data":{}}`),
		"rows of another type": say(200, `{"data":["a"]}`),
		"a next that is odd":   say(200, `{"data":[],"links":{"next":5}}`),
		"a list":               say(200, `[]`),
		"an HTML page":         say(200, "<!DOCTYPE html><title>Sign in</title>", "Content-Type", "text/html"),
		"nothing":              say(200, ""),
		"half of it":           say(200, `{"data":[{"accountId":"a"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, answer)
			got, err := accounts(t.Context(), newClient(t, s, rest.Options{}))
			if !errors.Is(err, rest.ErrBadAnswer) || !strings.Contains(err.Error(), "POST /admin/v2/orgs/"+organization) || len(got) > 0 {
				t.Errorf("error is %v after %v, want a bad answer", err, got)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
		t.Run(name+" as the second page", func(t *testing.T) {
			t.Parallel()
			got, err := accounts(t.Context(), newClient(t, serve(t, page(`"c0"`, "a"), answer), rest.Options{}))
			if !errors.Is(err, rest.ErrBadAnswer) || len(got) != 1 {
				t.Errorf("error is %v after %v, want a bad answer after one row", err, got)
			}
		})
	}
}
