package access_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func answer(body string) func([]byte) []byte { return func([]byte) []byte { return []byte(body) } }

func TestARowThatIsRepeatedOnALaterPageIsKeptOnce(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	for i := range 150 {
		u := w.AddUser(simulator.User{DisplayName: fmt.Sprintf("Person %d", i)})
		w.AddMember("acme", u.UUID, simulator.RoleMember)
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: u.UUID, Permission: simulator.Read})
	}
	var first []byte
	w.Inject(simulator.Fault{Path: apiUsers, Rewrite: func(body []byte) []byte {
		if first == nil {
			first = bytes.Clone(body)
			return body
		}
		row := first[bytes.Index(first, []byte(`"values":[`))+len(`"values":[`):]
		row = row[:bytes.Index(row, []byte(`}},`))+2]
		return bytes.Replace(body, []byte(`"values":[`), append([]byte(`"values":[`), append(row, ',')...), 1)
	}})
	grants := must(d.Grants(t.Context(), api, access.UserPrincipal))(t)
	seen := map[string]bool{}
	for _, g := range grants {
		if seen[g.Principal.ID] {
			t.Errorf("%s is there twice", g.Principal)
		}
		seen[g.Principal.ID] = true
	}
	want := 0
	for _, g := range w.Grants("acme") {
		if g.Repository == "api" && g.User != "" {
			want++
		}
	}
	equal(t, "grants", want, len(grants))
	if n := w.Count("GET", apiUsers); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestARowWithoutAPrincipalIsAnError(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]string{
		"neither":             `{"permission":"read"}`,
		"a null user":         `{"permission":"read","user":null}`,
		"a user without uuid": `{"permission":"read","user":{"display_name":"Ada","account_id":"557058:x"}}`,
		"a group w/o slug":    `{"permission":"read","group":{"name":"Web"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			w.Inject(simulator.Fault{Method: "GET", Path: apiUsers, Rewrite: answer(`{"values":[` + row + `]}`)})
			w.Inject(simulator.Fault{Method: "PUT", Path: apiUsers + "/*", Rewrite: answer(row)})
			for range 2 {
				_, err := d.Grants(t.Context(), api, access.UserPrincipal)
				failure(t, err)
				if err == nil || !strings.Contains(err.Error(), "list the user permissions of repository acme/api") || !strings.Contains(err.Error(), "names neither") {
					t.Errorf("error is %v", err)
				}
			}
			_, err := d.PutGrant(t.Context(), api, user(grace.UUID), access.Read)
			failure(t, err)
			if err == nil || !strings.Contains(err.Error(), "grant read on repository acme/api to user") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestNoneIsNoGrant(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: apiUsers, Rewrite: answer(`{"values":[{"permission":"none","user":{"uuid":"` + grace.UUID + `","account_id":"` +
		grace.AccountID + `"}},{"permission":"read","user":{"uuid":"` + linus.UUID + `","account_id":"` + linus.AccountID + `"}}]}`)})
	ctx := t.Context()
	for _, id := range []string{grace.UUID, grace.AccountID} {
		_, err := d.Grant(ctx, api, user(id))
		absent(t, err)
	}
	equal(t, "permission", access.Read, must(d.Grant(ctx, api, user(linus.UUID)))(t).Permission)
	for _, g := range must(d.Grants(ctx, api, access.UserPrincipal))(t) {
		if g.Permission == access.None {
			t.Errorf("the grants of the repository hold %v", g)
		}
	}
}

func TestAGrantIsWhatBitbucketShowsWhereItAnsweredSomethingElse(t *testing.T) {
	t.Parallel()
	for path, shown := range map[string]bool{apiUsers + "/*": false, apiUsers + "**": true} { // whether the list says the same
		for _, answered := range []access.Permission{access.Admin, access.None} {
			w, d := acme(t)
			must(d.Grants(t.Context(), api, access.UserPrincipal))(t)
			w.Inject(simulator.Fault{Path: path, Rewrite: func(body []byte) []byte {
				return bytes.Replace(body, []byte(`"write"`), fmt.Appendf(nil, "%q", answered), 1)
			}})
			want := access.Write
			if shown {
				want = answered
			}
			equal(t, "answer", want, must(d.PutGrant(t.Context(), api, user(grace.UUID), access.Write))(t).Permission)
			if want == access.None {
				_, err := d.Grant(t.Context(), api, user(grace.UUID))
				absent(t, err)
				continue
			}
			equal(t, "listing", want, must(d.Grant(t.Context(), api, user(grace.UUID)))(t).Permission)
		}
	}
}
