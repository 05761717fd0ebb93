package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestWhoDoesNotSignInIs401(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	email, token := s.AddAPIToken(people.grace.UUID)
	gone := s.AddUser(simulator.User{DisplayName: "Gone", Email: "gone@acme.example", Inactive: true})
	_, goneToken := s.AddAPIToken(gone.UUID)
	_, revoked := s.AddAPIToken(people.grace.UUID)
	s.RevokeCredential(revoked)
	const invalid = "Token is invalid, expired, or not supported for this endpoint."
	for name, tt := range map[string]struct {
		client  *client
		message string
	}{
		"nobody":                          {c.as("", ""), ""},
		"an unknown API token":            {c.as(email, "ATATT3xNobody"), invalid},
		"the token of somebody else":      {c.as("ada@acme.example", token), invalid},
		"a revoked token":                 {c.as(email, revoked), invalid},
		"the token of a closed account":   {c.as("gone@acme.example", goneToken), invalid},
		"an app password":                 {c.as("grace", "ATBBxyz"), invalid},
		"an account password":             {c.as("grace", "hunter2"), "account passwords"},
		"an API token as Bearer":          {c.with(token), invalid},
		"an unknown Bearer token":         {c.with("nonsense"), invalid},
		"a Basic header that is nonsense": {c.as("", ""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.client.want(http.StatusUnauthorized, http.MethodGet, "/2.0/user", "")
			if !strings.Contains(got.text, tt.message) {
				t.Errorf("401 says %q", got.text)
			}
			if got.header.Get("Www-Authenticate") != `Basic realm="Bitbucket.org HTTP"` {
				t.Errorf("the challenge is %q", got.header.Get("Www-Authenticate"))
			}
		})
	}
	c.as("", "").want(http.StatusNotFound, http.MethodGet, projPLAT+"/users", "")
	c.as("", "").want(http.StatusUnauthorized, http.MethodGet, repoAPI+"/users", "")
	c.as(strings.ToUpper(email), token).get("/2.0/user")
}

func TestMissingScopesAreNamed(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	email, token := s.AddAPIToken(people.ada.UUID, "read:project:bitbucket", "admin:project:bitbucket")
	poor := c.as(email, token)
	got := poor.want(http.StatusForbidden, http.MethodPut, projPLAT+"/groups/web", `{"permission":"read"}`)
	want := map[string]any{
		"message": "Your credentials lack one or more required privilege scopes.",
		"detail": map[string]any{
			"required": []any{"admin:project:bitbucket", "write:permission:bitbucket"},
			"granted":  []any{"read:project:bitbucket", "admin:project:bitbucket"},
		},
	}
	if diff := cmp.Diff(want, got.body["error"]); diff != "" {
		t.Errorf("403 (-want +got):\n%s", diff)
	}
	headers := map[string]string{
		"X-Credential-Type": "apitoken", "X-Oauth-Scopes": "read:project:bitbucket, admin:project:bitbucket",
		"X-Accepted-Oauth-Scopes": "admin:project:bitbucket, write:permission:bitbucket",
	}
	for name, want := range headers {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), want)
		}
	}
	s.SetScopes(token, "admin:project:bitbucket", "write:permission:bitbucket")
	poor.want(http.StatusOK, http.MethodPut, projPLAT+"/groups/web", `{"permission":"read"}`)
	// API-token scopes do not imply each other.
	poor.want(http.StatusForbidden, http.MethodGet, projPLAT+"/groups/web", "")
}

func TestOtherCredentialsThanAPITokens(t *testing.T) {
	t.Parallel()
	s, c, _ := newAcme(t, simulator.Options{})
	const mechanism = "This API is not accessible by this authentication mechanism"
	workspace := c.with(s.AddAccessToken(simulator.AccessToken{Workspace: "acme"}))
	reader := c.with(s.AddAccessToken(simulator.AccessToken{Workspace: "acme", ReadsPermissions: true}))
	project := c.with(s.AddAccessToken(simulator.AccessToken{Workspace: "acme", Project: "PLAT", ReadsPermissions: true}))
	repository := c.with(s.AddAccessToken(simulator.AccessToken{
		Workspace: "acme", Repository: "api", Scopes: []string{"repository:write", "repository:admin"}, ReadsPermissions: true,
	}))

	for _, token := range []*client{workspace, reader, project, repository} {
		got := token.want(http.StatusForbidden, http.MethodPut, repoAPI+"/groups/web", `{"permission":"read"}`)
		if got.message() != mechanism {
			t.Errorf("an access token that writes hears %s", got.text)
		}
	}
	if got := workspace.want(http.StatusForbidden, http.MethodGet, repoAPI+"/groups", ""); got.message() != mechanism {
		t.Errorf("an access token that reads permissions hears %s", got.text)
	}
	for _, token := range []*client{reader, project, repository} {
		token.get(repoAPI + "/groups")
	}
	reader.get("/2.0/repositories/acme/storefront/permissions-config/users")
	project.want(http.StatusNotFound, http.MethodGet, "/2.0/repositories/acme/storefront/permissions-config/users", "")
	repository.want(http.StatusNotFound, http.MethodGet, "/2.0/repositories/acme/gateway/permissions-config/users", "")

	if got := workspace.get("/2.0/user").body["type"]; got != "team" {
		t.Errorf("the account of a workspace token is a %v, want team", got)
	}
	repository.want(http.StatusForbidden, http.MethodGet, "/2.0/user", "")
	if got := repository.all("/2.0/repositories/acme?pagelen=100", "slug"); !cmp.Equal(got, []any{"api"}) {
		t.Errorf("a repository token sees %v", got)
	}
	if got := project.all("/2.0/workspaces/acme/projects", "key"); !cmp.Equal(got, []any{"PLAT"}) {
		t.Errorf("a project token sees %v", got)
	}
}

func TestOAuthTokensExpire(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, c, _ := newAcme(t, simulator.Options{Now: now.Now})
	key, secret := s.AddOAuthConsumer("acme", "account", "project:admin", "repository:admin")
	form := *c.as(key, secret)
	form.headers = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	got := form.want(http.StatusOK, http.MethodPost, "/site/oauth2/access_token", "grant_type=client_credentials")
	token, _ := got.body["access_token"].(string)
	delete(got.body, "access_token")
	delete(got.body, "refresh_token")
	want := map[string]any{
		"scopes": "account project:admin repository:admin", "expires_in": 7200.0, "token_type": "bearer", "state": "client_credentials",
	}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("token answer (-want +got):\n%s", diff)
	}

	holder := c.with(token)
	holder.get(projPLAT + "/groups")
	holder.want(http.StatusForbidden, http.MethodDelete, projPLAT+"/groups/web", "")
	now.advance(7200*time.Second - 1)
	holder.get("/1.0/groups/acme")
	now.advance(1)
	if got := holder.want(http.StatusUnauthorized, http.MethodGet, "/2.0/user", ""); got.message() != "Access token expired." {
		t.Errorf("an expired token hears %s", got.text)
	}

	form.want(http.StatusBadRequest, http.MethodPost, "/site/oauth2/access_token", "grant_type=password")
	form.want(http.StatusMethodNotAllowed, http.MethodGet, "/site/oauth2/access_token", "")
	s.RevokeCredential(secret)
	form.want(http.StatusUnauthorized, http.MethodPost, "/site/oauth2/access_token", "grant_type=client_credentials")
	holder.want(http.StatusUnauthorized, http.MethodGet, "/2.0/user", "")
}

func TestBudgetRollsWithTheClock(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, c, people := newAcme(t, simulator.Options{Now: now.Now, RequestsPerHour: 3, LimitedPrefixes: []string{"/2.0/repositories"}})
	for range 2 {
		c.get("/2.0/repositories/acme")
	}
	now.advance(40 * time.Minute)
	c.get("/2.0/repositories/acme")
	got := c.want(http.StatusTooManyRequests, http.MethodGet, "/2.0/repositories/acme", "")
	if got.text != "Rate limit for this resource has been exceeded" || got.header.Get("Content-Type") != "text/plain" {
		t.Errorf("429 says %q as %s", got.text, got.header.Get("Content-Type"))
	}
	if got.header.Get("Retry-After") != "" || got.header.Get("Content-Length") != "46" {
		t.Errorf("429 has headers %v", got.header)
	}
	c.get("/2.0/workspaces/acme")
	c.as(s.AddAPIToken(people.grace.UUID)).get("/2.0/repositories/acme")

	now.advance(20 * time.Minute)
	for range 2 {
		c.get("/2.0/repositories/acme")
	}
	c.want(http.StatusTooManyRequests, http.MethodGet, "/2.0/repositories/acme", "")

	token := c.with(s.AddAccessToken(simulator.AccessToken{Workspace: "acme"}))
	near := []string{token.get("/2.0/repositories/acme").header.Get("X-Ratelimit-Nearlimit")}
	token.get("/2.0/repositories/acme")
	near = append(near, token.get("/2.0/repositories/acme").header.Get("X-Ratelimit-Nearlimit"))
	if !cmp.Equal(near, []string{"false", "true"}) {
		t.Errorf("the budget is near its end: %v", near)
	}
}

func TestPathsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	_, c, _ := newAcme(t, simulator.Options{})
	got := c.want(http.StatusNotFound, http.MethodGet, "/2.0/nothing", "")
	want := map[string]any{"type": "error", "error": map[string]any{
		"message": "Resource not found", "detail": "There is no API hosted at this URL",
	}}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("404 (-want +got):\n%s", diff)
	}
	for _, path := range []string{
		"/2.0/workspaces", "/2.0/user/permissions/workspaces", "/2.0/user/permissions/repositories", "/2.0/repositories", "/2.0/snippets",
	} {
		c.want(http.StatusGone, http.MethodGet, path, "")
	}
	c.want(http.StatusMethodNotAllowed, http.MethodDelete, "/1.0/groups", "")
	redirected := c.want(http.StatusMovedPermanently, http.MethodGet, "/2.0/user/", "")
	if redirected.header.Get("Location") != "/2.0/user" {
		t.Errorf("the redirect leads to %q", redirected.header.Get("Location"))
	}
	// %2F is part of a slug, not the end of it.
	if got := c.want(http.StatusNotFound, http.MethodGet, "/2.0/repositories/acme/api%2Fpermissions-config", ""); got.message() == "Resource not found" {
		t.Errorf("an escaped slash separated: %s", got.text)
	}
	c.want(http.StatusNotFound, http.MethodGet, "/2.0/repositories/acme/%2561pi", "")
}
