package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// accountPassword is what Bitbucket says to a password that is no token (live answer).
const accountPassword = text(`Bitbucket Cloud recently stopped supporting account passwords for API authentication.
See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231
App passwords are recommended for most use cases and can be created in your Personal settings:
https://bitbucket.org/account/settings/app-passwords/
For more details on API authentication methods see our documentation:
https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication
`)

// failAuth is a 401 with the challenge that comes with it (live answer, drone/go-scm#355).
func failAuth(f answerError) answerError {
	f.header = http.Header{"Www-Authenticate": {`Basic realm="Bitbucket.org HTTP"`}}
	return f
}

func tokenInvalid() answerError {
	return failAuth(fail(http.StatusUnauthorized, "Token is invalid, expired, or not supported for this endpoint."))
}

// authenticate finds the credential of a request; nil without an error means that the request carries none.
func (s *Simulator) authenticate(r *http.Request) (*credential, error) {
	if token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		return s.bearer(token)
	}
	username, password, found := r.BasicAuth()
	if !found {
		return nil, nil
	}
	c := s.credentials.secrets.get(password)
	switch {
	case c == nil && !strings.HasPrefix(password, "AT"):
		// API tokens start with ATATT and app passwords, which are gone since 2026-07-28, with ATBB.
		return nil, failAuth(failText(http.StatusUnauthorized, accountPassword))
	case c == nil || c.kind != kindAPIToken || c.revoked || c.user.Inactive || !strings.EqualFold(c.user.Email, username):
		return nil, tokenInvalid()
	}
	return c, nil
}

// bearer finds an access token or an OAuth token.
func (s *Simulator) bearer(token string) (*credential, error) {
	c := s.credentials.secrets.get(token)
	switch {
	case c == nil || c.revoked || c.kind == kindAPIToken || c.kind == kindConsumer || c.kind == kindOrganizationKey:
		return nil, tokenInvalid()
	case !c.expires.IsZero() && !s.options.Now().Before(c.expires):
		return nil, failAuth(fail(http.StatusUnauthorized, "Access token expired."))
	}
	return c, nil
}

// admit checks credential, budget, scopes and kind of credential, in this order.
func (x *exchange) admit() error {
	caller, err := x.s.authenticate(x.r)
	x.caller = caller
	switch {
	case err != nil:
		return err
	case caller == nil && x.route.anonymous404:
		// The specification: 404 when "the requesting user is not authenticated".
		return notFound()
	case caller == nil:
		return failAuth(failText(http.StatusUnauthorized, ""))
	}
	if err := x.spend(); err != nil {
		return err
	}
	if err := x.checkScopes(); err != nil {
		return err
	}
	if caller.kind != kindAPIToken && (x.route.apiTokenOnly || x.route.permissions && x.refusedToken()) {
		return fail(http.StatusForbidden, "This API is not accessible by this authentication mechanism")
	}
	return nil
}

// refusedToken tells whether the caller is an access token that may not even read permissions.
func (x *exchange) refusedToken() bool {
	return x.caller.kind != kindOAuth && !x.caller.readsPermissions
}

// spend takes one request out of the caller's budget of the rolling hour.
func (x *exchange) spend() error {
	limit, now := x.s.options.RequestsPerHour, x.s.options.Now()
	if limit == 0 || !x.counts() {
		return nil
	}
	hourAgo := now.Add(-time.Hour)
	x.caller.recent = slices.DeleteFunc(x.caller.recent, func(at time.Time) bool { return !at.After(hourAgo) })
	if len(x.caller.recent) >= limit {
		return rateLimited()
	}
	x.caller.recent = append(x.caller.recent, now)
	return nil
}

// counts tells whether the path counts against the budget.
func (x *exchange) counts() bool {
	prefixes := x.s.options.LimitedPrefixes
	return prefixes == nil || slices.ContainsFunc(prefixes, func(prefix string) bool {
		return strings.HasPrefix(x.r.URL.Path, prefix)
	})
}

// rateLimited is plain text and says nothing about when to come back (jenkinsci PR 414, SharpBucket#108, renovate#3024).
func rateLimited() answerError {
	f := failText(http.StatusTooManyRequests, "Rate limit for this resource has been exceeded")
	f.header = http.Header{"Cache-Control": {"no-cache, no-store"}}
	return f
}

// needed returns the scopes that the route asks of this kind of credential.
func (x *exchange) needed() []string {
	if x.caller.kind == kindAPIToken {
		return x.route.api
	}
	return x.route.classic
}

// checkScopes refuses a credential that lacks a scope; the detail is an object, which the specification calls a string.
func (x *exchange) checkScopes() error {
	for _, scope := range x.needed() {
		if !x.caller.has(scope) {
			return failWith(http.StatusForbidden, object{
				"message": "Your credentials lack one or more required privilege scopes.",
				"detail":  object{"required": x.needed(), "granted": x.caller.scopes},
			})
		}
	}
	return nil
}

// describe adds the headers that tell a caller what it is and what it needs (live answers: Sourcegraph, drone/go-scm#355).
func (x *exchange) describe(h http.Header) {
	if x.caller == nil {
		return
	}
	h.Set("X-Credential-Type", credentialTypes[x.caller.kind])
	h.Set("X-Oauth-Scopes", strings.Join(x.caller.scopes, ", "))
	if x.route != nil {
		h.Set("X-Accepted-Oauth-Scopes", strings.Join(x.needed(), ", "))
	}
	limit := x.s.options.RequestsPerHour
	if limit == 0 || !x.counts() {
		return
	}
	h.Set("X-Request-Count", strconv.Itoa(len(x.caller.recent)))
	if x.caller.kind != kindAPIToken && x.caller.kind != kindOAuth {
		// Only access tokens are told about their budget (Bitbucket documentation: API request limits).
		h.Set("X-Ratelimit-Limit", strconv.Itoa(limit))
		h.Set("X-Ratelimit-Resource", "api")
		h.Set("X-Ratelimit-Nearlimit", strconv.FormatBool(5*(limit-len(x.caller.recent)) <= limit))
	}
}

// credentialTypes are the values of X-Credential-Type. Only apppassword, oauth2 and apikey were ever recorded; the others are
// assumptions.
var credentialTypes = map[string]string{
	kindAPIToken:        "apitoken",
	kindWorkspaceToken:  "workspace_access_token",
	kindProjectToken:    "project_access_token",
	kindRepositoryToken: "repo_access_token",
	kindOAuth:           "oauth2",
}
