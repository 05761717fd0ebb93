package simulator

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// atlassianHost is api.atlassian.com.
var atlassianHost = host{(*Simulator).authenticateKey, (*exchange).administer, (*exchange).describeBudget}

// budget is how many requests an organization has made in the minute that ends at reset.
type budget struct {
	used  int
	reset time.Time
}

// authenticateKey finds the key of an organization. Whatever else signs in to Atlassian is 401 here (jira.js, live).
func (s *Simulator) authenticateKey(r *http.Request) (*credential, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	c := s.credentials.secrets.get(token)
	if c == nil || c.kind != kindOrganizationKey || c.revoked || !c.expires.IsZero() && !s.options.Now().Before(c.expires) {
		return nil, failGateway(http.StatusUnauthorized, "Unauthorized")
	}
	return c, nil
}

// administer finds the endpoint of the organization API and calls it for those who hold a key.
func (x *exchange) administer() (answer, error) {
	segments, err := splitPath(x.r.URL.EscapedPath())
	if err != nil {
		return answer{}, failGateway(http.StatusBadRequest, "Bad Request")
	}
	found, params, _ := x.s.admin.find(x.r.Method, segments)
	x.route, x.params = found, params
	caller, err := x.s.authenticateKey(x.r)
	x.caller = caller
	switch {
	case found == nil:
		// Live answer (Rust CLI): the gateway knows routes, not paths.
		return answer{}, failGateway(http.StatusNotFound, "Request failed to match any route")
	case err != nil:
		return answer{}, err
	}
	given, err := x.runOrganization()
	if f, refused := errors.AsType[answerError](err); refused && x.route.bareErrors {
		return answer{}, f.bare()
	}
	return given, err
}

// spendMinute takes one request out of the budget of the key's organization.
func (x *exchange) spendMinute() error {
	limit, now := x.s.options.OrganizationRequestsPerMinute, x.s.options.Now()
	if limit == 0 {
		return nil
	}
	o := &x.s.organizations
	b := o.budgets[x.caller.organization]
	if b == nil || !now.Before(b.reset) {
		b = &budget{reset: now.Add(time.Minute)}
		if o.budgets == nil {
			o.budgets = map[string]*budget{}
		}
		o.budgets[x.caller.organization] = b
	}
	if b.used < limit {
		b.used++
		return nil
	}
	f := failGateway(http.StatusTooManyRequests, "Too many requests")
	if x.s.options.OrganizationRetryAfter {
		seconds := int((b.reset.Sub(now) + time.Second - 1) / time.Second)
		f.header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
	}
	return f
}

// describeBudget adds the headers about the budget; the reset is a time, not a number of seconds (specification).
func (x *exchange) describeBudget(h http.Header) {
	limit := x.s.options.OrganizationRequestsPerMinute
	if x.caller == nil || limit == 0 {
		return
	}
	b := x.s.organizations.budgets[x.caller.organization]
	if b == nil {
		b = &budget{reset: x.s.options.Now().Add(time.Minute)}
	}
	h.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(limit-b.used))
	h.Set("X-RateLimit-Reset", b.reset.UTC().Format(time.RFC3339))
}

// permitKey refuses a key whose scopes do not open the endpoint; a key without scopes opens all. No scope is documented for writes.
func (x *exchange) permitKey() error {
	if len(x.caller.scopes) == 0 || x.route.key == nil {
		return nil
	}
	opens := slices.ContainsFunc(x.route.key, x.caller.has)
	if opens && (x.onlyReads() || x.s.options.ScopedWrites) {
		return nil
	}
	// That the body names acceptableScopes was seen live (Rust CLI), the rest of it is an assumption.
	return answerError{answer{status: http.StatusForbidden, body: object{
		"code": http.StatusForbidden, "message": "The scopes of this key do not allow this request.", "acceptableScopes": x.route.key,
	}}}
}

// permitOrganization refuses another organization than the key's.
func (x *exchange) permitOrganization() error {
	id, named := x.params["orgId"]
	switch {
	case !named || id == x.caller.organization:
		return nil
	case x.s.world.organizations.has(id):
		return x.noPermission()
	}
	return failAdmin("ADMIN-404-2")
}

// onlyReads tells whether the endpoint changes nothing: the searches are POST.
func (x *exchange) onlyReads() bool { return x.r.Method == http.MethodGet || x.route.reads }

// runOrganization admits a request and lets it see the right world.
func (x *exchange) runOrganization() (answer, error) {
	for _, check := range []func() error{x.spendMinute, x.permitKey, x.permitOrganization} {
		if err := check(); err != nil {
			return answer{}, err
		}
	}
	now, lags := x.s.options.Now(), &x.s.organizations
	if x.onlyReads() {
		x.w = lags.past.visible(x.s.world, now)
		return x.route.handle(x)
	}
	x.w = x.s.world
	lags.past.remember(x.w, now, lags.visible)
	given, err := x.route.handle(x)
	if err == nil {
		x.s.changed()
	}
	return given, err
}
