package atlassian_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestFindingOnePerson(t *testing.T) {
	t.Parallel()
	refused := say(403, `{"errors":[{"status":"403","code":"ADMIN-403-3","title":"Not allowed to manage the org"}]}`)
	finders := map[string]func(context.Context, *client) (atlassian.User, bool, error){
		"FindUser":   func(ctx context.Context, c *client) (atlassian.User, bool, error) { return c.FindUser(ctx, "a") },
		"FindMember": func(ctx context.Context, c *client) (atlassian.User, bool, error) { return c.FindMember(ctx, "g", "a") },
	}
	for name, tt := range map[string]struct {
		script   []http.HandlerFunc
		found    bool
		status   int // of the error; 0 is none
		requests int
	}{
		"no rows":                                    {[]http.HandlerFunc{page(`null`)}, false, 0, 1},
		"the person":                                 {[]http.HandlerFunc{page(`null`, "a")}, true, 0, 1},
		"a row about somebody else":                  {[]http.HandlerFunc{page(`null`, "b")}, false, 0, 1},
		"a row about somebody with a longer id":      {[]http.HandlerFunc{page(`null`, "aa", "A", "")}, false, 0, 1},
		"the person after others":                    {[]http.HandlerFunc{page(`null`, "b", "a", "c")}, true, 0, 1},
		"the person, and more pages":                 {[]http.HandlerFunc{page(`"c1"`, "a"), refused}, true, 0, 1},
		"the person on page 2":                       {[]http.HandlerFunc{page(`"c1"`, "b"), page(`null`, "a")}, true, 0, 2},
		"the person after an empty page":             {[]http.HandlerFunc{page(`"c1"`), page(`null`, "a")}, true, 0, 2},
		"an error":                                   {[]http.HandlerFunc{refused}, false, 403, 1},
		"an error on page 2":                         {[]http.HandlerFunc{page(`"c1"`, "b"), refused}, false, 403, 2},
		"a 404 is an error and not a missing person": {[]http.HandlerFunc{say(404, `{"errors":[{"code":"ADMIN-404-2"}]}`)}, false, 404, 1},
		"a 401 is an error and not a missing person": {[]http.HandlerFunc{say(401, `{"code":401,"message":"Unauthorized"}`)}, false, 401, 1},
	} {
		for method, find := range finders {
			t.Run(method+": "+name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, tt.script...)
				user, ok, err := find(t.Context(), newClient(t, s, rest.Options{}))
				if ok != tt.found || (tt.status != 0) != rest.Is(err, tt.status) || tt.status == 0 && err != nil {
					t.Errorf("found %v, error %v; want %v and status %d", ok, err, tt.found, tt.status)
				}
				want := atlassian.User{}
				if tt.found {
					want.AccountID = "a"
				}
				if diff := cmp.Diff(want, user); diff != "" {
					t.Errorf("person (-want +got):\n%s", diff)
				}
				if n := len(s.requests()); n != tt.requests {
					t.Errorf("%d requests, want %d", n, tt.requests)
				}
			})
		}
	}
}
