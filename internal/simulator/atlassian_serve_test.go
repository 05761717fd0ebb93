package simulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestKeysOfOrganizations(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	orgs, org := "/admin/v1/orgs", "/admin/v1/orgs/"+c.org
	if got := c.admin.get(orgs).column("attributes.name"); !cmp.Equal(got, []any{"Corp"}) {
		t.Errorf("a key without scopes discovers %v", got)
	}
	if got := c.admin.get(org).body; at(got, "data.id") != c.org || at(got, "data.type") != "orgs" {
		t.Errorf("the organization is %v", got)
	}
	c.admin.want(http.StatusBadRequest, http.MethodGet, orgs+"?cursor=x", "")
	scoped := c.admin.with(c.AddOrganizationKey(c.org, "read:orgs:admin"))
	if diff := cmp.Diff(decoded(t, recordedIn(t, "atlassian-admin", "orgs-list-scoped-key-2026.json"))["data"], scoped.get(orgs).body["data"]); diff != "" {
		t.Errorf("a key with scopes discovers something (-want +got):\n%s", diff)
	}
	scoped.get(org)
	revoked := c.AddOrganizationKey(c.org)
	c.RevokeCredential(revoked)
	_, token := c.AddAPIToken(c.ada.UUID)
	for name, other := range map[string]*client{
		"a revoked key": c.admin.with(revoked), "an unknown key": c.admin.with("x"), "no key": c.admin.with(""),
		"an API token": c.admin.with(token), "an API token, Basic": c.admin.as(c.ada.Email, token),
		"an access token": c.admin.with(c.AddAccessToken(simulator.AccessToken{Workspace: "corp"})),
	} {
		if got := other.want(http.StatusUnauthorized, http.MethodPost, c.directory+"/groups/search", ""); got.text != `{"code":401,"message":"Unauthorized"}` {
			t.Errorf("%s gets %s", name, got.text)
		}
	}
	key := c.AddOrganizationKey(c.org)
	c.bitbucket.with(key).want(http.StatusUnauthorized, http.MethodGet, "/2.0/user", "")
	c.bitbucket.as(c.ada.Email, key).want(http.StatusUnauthorized, http.MethodGet, "/2.0/user", "")

	other := c.AddOrganization(simulator.Organization{Name: "Other"}).ID
	got := c.admin.want(http.StatusForbidden, http.MethodGet, "/admin/v1/orgs/"+other, "")
	recording := decoded(t, recordedIn(t, "atlassian-admin", "error-403-no-permission-2025-06.json"))
	for _, same := range []string{"status", "error", "message"} {
		if got.body[same] != recording[same] {
			t.Errorf("%s is %v, recorded %v", same, got.body[same], recording[same])
		}
	}
	if missing := append(strangers(recording, any(got.body), ""), strangers(got.body, any(recording), "")...); len(missing) > 0 {
		t.Errorf("keys differ: %v", missing)
	}
	if got := c.admin.want(http.StatusNotFound, http.MethodGet, "/admin/v1/orgs/none", ""); got.code() != "ADMIN-404-2" {
		t.Errorf("an unknown organization is %s", got.text)
	}
}

func TestScopesOfOrganizationKeys(t *testing.T) {
	t.Parallel()
	accounts := "/users/5b10ac8d82e05b22cc7d4ef5"
	for name, tt := range map[string]struct{ method, path, body, scope string }{
		"the organization": {http.MethodGet, "v1", "", "read:orgs:admin"},
		"directories":      {http.MethodGet, "org/directories", "", "read:directories:admin"},
		"search groups":    {http.MethodPost, "/groups/search", "", "read:groups:admin"},
		"list groups":      {http.MethodGet, "/groups", "", "read:groups:admin"},
		"one group":        {http.MethodGet, "/groups/g", "", "read:groups:admin"},
		"roles of a group": {http.MethodGet, "/groups/g/role-assignments", "", "read:groups:admin"},
		"search users":     {http.MethodPost, "/users/search", "", "read:directories:admin"},
		"list users":       {http.MethodGet, "/users", "", "read:directories:admin"},
		"one user":         {http.MethodGet, accounts, "", "read:directories:admin"},
		"roles of a user":  {http.MethodGet, accounts + "/role-assignments", "", "read:directories:admin"},
		"workspaces":       {http.MethodPost, "org/workspaces", "", "read:workspaces:admin"},
		"create a group":   {http.MethodPost, "/groups", `{"name":"x"}`, "write:groups:admin"},
		"delete a group":   {http.MethodDelete, "/groups/g", "", "delete:groups:admin"},
		"add a member":     {http.MethodPost, "/groups/g/memberships", `{"accountId":"a"}`, "write:groups:admin"},
		"remove a member":  {http.MethodDelete, "/groups/g/memberships/a", "", "delete:groups:admin"},
		"assign a role":    {http.MethodPost, "/groups/g/role-assignments/assign", `{"resourceId":"a","roleId":"b"}`, "write:groups:admin"},
		"revoke a role":    {http.MethodPost, "/groups/g/role-assignments/revoke", `{"resourceId":"a","roleId":"b"}`, "write:groups:admin"},
		"suspend somebody": {http.MethodPost, accounts + "/suspend", "", "manage:org"},
		"restore somebody": {http.MethodPost, accounts + "/restore", "", "manage:org"},
		"remove somebody":  {http.MethodDelete, accounts, "", "manage:org"},
		"invite somebody":  {http.MethodPost, "org/users/invite", `{"emails":["a@b.example"]}`, "manage:org"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, switched := range []bool{false, true} {
				c := newCorp(t, simulator.Options{ScopedWrites: switched})
				path := map[string]string{"v1": "/admin/v1/orgs/" + c.org}[tt.path]
				if after, found := strings.CutPrefix(tt.path, "org"); found {
					path = "/admin/v2/orgs/" + c.org + after
				} else if path == "" {
					path = c.directory + tt.path
				}
				lacking := c.admin.with(c.AddOrganizationKey(c.org, "read:policies:admin"))
				got := lacking.want(http.StatusForbidden, tt.method, path, tt.body)
				if want := []any{tt.scope}; !cmp.Equal(got.body["acceptableScopes"], any(want)) {
					t.Errorf("acceptableScopes are %v, want %v", got.body["acceptableScopes"], want)
				}
				holding := c.admin.with(c.AddOrganizationKey(c.org, tt.scope))
				reads := tt.scope[:5] == "read:"
				if got := holding.do(tt.method, path, tt.body).status == http.StatusForbidden; got != (!reads && !switched) {
					t.Errorf("with the scope and ScopedWrites %t, refused is %t", switched, got)
				}
			}
		})
	}
}

func TestBudgetsOfOrganizations(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []bool{false, true} {
		clock := newClock()
		c := newCorp(t, simulator.Options{Now: clock.Now, OrganizationRequestsPerMinute: 2, OrganizationRetryAfter: retryAfter})
		org := "/admin/v1/orgs/" + c.org
		first := c.admin.get(org)
		want := []string{"2", "1", "2026-11-02T09:01:00Z"}
		got := []string{first.header.Get("X-RateLimit-Limit"), first.header.Get("X-RateLimit-Remaining"), first.header.Get("X-RateLimit-Reset")}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the headers (-want +got):\n%s", diff)
		}
		clock.advance(10 * time.Second)
		c.admin.want(http.StatusForbidden, http.MethodGet, "/admin/v1/orgs/"+c.AddOrganization(simulator.Organization{Name: "Other"}).ID, "")
		over := c.admin.want(http.StatusTooManyRequests, http.MethodPost, "/admin/v2/orgs/"+c.org+"/workspaces", "")
		if over.body["code"] != float64(429) || over.header.Get("X-RateLimit-Remaining") != "0" {
			t.Errorf("over the budget: %s %v", over.text, over.header)
		}
		if wait := over.header.Get("Retry-After"); wait != map[bool]string{true: "50", false: ""}[retryAfter] {
			t.Errorf("Retry-After is %q", wait)
		}
		clock.advance(50 * time.Second)
		c.admin.get(org)
		if got := c.bitbucket.get("/2.0/user").header.Get("X-RateLimit-Limit"); got != "" {
			t.Errorf("Bitbucket has the budget of the organization: %s", got)
		}
	}
}

func TestRemovedCallsOfV1(t *testing.T) {
	t.Parallel()
	for gone, want := range map[bool]int{false: http.StatusNotFound, true: http.StatusGone} {
		c := newCorp(t, simulator.Options{RemovedV1Gone: gone})
		org := "/admin/v1/orgs/" + c.org
		for _, removed := range []struct{ method, path string }{
			{http.MethodPost, "/groups/search"},
			{http.MethodPost, "/users/search"},
			{http.MethodPost, "/users/invite"},
			{http.MethodPost, "/directory/groups"},
			{http.MethodDelete, "/directory/groups/g"},
			{http.MethodPost, "/directory/groups/g/memberships"},
			{http.MethodDelete, "/directory/groups/g/memberships/a"},
			{http.MethodPost, "/directory/groups/g/roles/assign"},
			{http.MethodPost, "/directory/groups/g/roles/revoke"},
			{http.MethodPost, "/directory/users/a/suspend-access"},
			{http.MethodPost, "/directory/users/a/restore-access"},
			{http.MethodDelete, "/directory/users/a"},
		} {
			c.admin.want(want, removed.method, org+removed.path, "")
		}
		c.admin.want(http.StatusNotFound, http.MethodGet, "/elsewhere", "")
		c.admin.want(http.StatusNotFound, http.MethodPatch, c.group(c.developers.ID), "")
	}
}

func TestJournalAndFaultsOfTheOrganization(t *testing.T) {
	t.Parallel()
	c := newCorp(t, simulator.Options{})
	c.ResetJournal()
	c.Inject(simulator.Fault{Path: "/admin/v1/orgs/*", Times: 1, Status: http.StatusBadGateway, Body: "<html></html>"})
	c.admin.want(http.StatusBadGateway, http.MethodGet, "/admin/v1/orgs/"+c.org, "")
	c.admin.want(http.StatusOK, http.MethodPost, c.directory+"/groups/search", `{"limit":1}`)
	c.bitbucket.get("/2.0/user")
	if got := []int{c.Count("", "/admin/**"), c.Count(http.MethodPost, "/admin/v2/**/search"), c.Count("", "")}; !slices.Equal(got, []int{2, 1, 3}) {
		t.Errorf("counted %v", got)
	}
	for _, seen := range c.Journal()[:2] {
		if seen.Credential != "organization-key "+c.org {
			t.Errorf("the journal says %q", seen.Credential)
		}
	}
}
