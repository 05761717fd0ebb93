package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// handler answers one request whose caller may make it as far as scopes are concerned.
type handler func(*exchange) (answer, error)

// route is one endpoint.
type route struct {
	method  string
	pattern string
	// api and classic are the scopes an API token needs and the ones all other credentials need; every one of them.
	api, classic []string
	// key are the scopes of which the key of an organization needs one.
	key []string
	// reads marks a POST that changes nothing.
	reads bool
	// bareErrors marks the endpoint of an organization whose errors stand in no list.
	bareErrors bool
	// apiTokenOnly refuses all other kinds of credential.
	apiTokenOnly bool
	// permissions marks permissions-config, which access tokens may not even read.
	permissions bool
	// anonymous404 answers 404 instead of 401 to those who do not sign in.
	anonymous404 bool
	handle       handler

	segments []string
}

// router finds the endpoint of a path; routes are grouped by how many segments they have.
type router map[int][]route

// bitbucketRoutes lists the endpoints of every API family of Bitbucket.
func bitbucketRoutes() []route {
	return slices.Concat(
		userRoutes(), memberRoutes(), projectRoutes(), repositoryRoutes(), permissionRoutes(), groupRoutes(), invitationRoutes(),
		removedRoutes(),
	)
}

// newRouter finds the endpoints of one host.
func newRouter(routes []route) router {
	r := router{}
	for _, rt := range routes {
		rt.segments = strings.Split(strings.Trim(rt.pattern, "/"), "/")
		r[len(rt.segments)] = append(r[len(rt.segments)], rt)
	}
	return r
}

// find returns the endpoint and the values of its placeholders. Without an endpoint, elsewhere tells whether the path exists
// for another method.
func (r router) find(method string, segments []string) (found *route, params map[string]string, elsewhere bool) {
	for i, rt := range r[len(segments)] {
		params, matches := rt.match(segments)
		if matches && rt.method == method {
			return &r[len(segments)][i], params, false
		}
		elsewhere = elsewhere || matches
	}
	return nil, nil, elsewhere
}

// match compares a path with the pattern and returns the values of the placeholders.
func (rt *route) match(segments []string) (map[string]string, bool) {
	var params map[string]string
	for i, want := range rt.segments {
		switch {
		case strings.HasPrefix(want, "{"):
			if params == nil {
				params = map[string]string{}
			}
			params[strings.Trim(want, "{}")] = segments[i]
		case want != segments[i]:
			return nil, false
		}
	}
	return params, true
}

// splitPath splits the path as it was sent and decodes each segment once, so that %2F never separates.
func splitPath(escaped string) ([]string, error) {
	segments := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	for i, segment := range segments {
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return nil, fail(http.StatusBadRequest, "Bad Request")
		}
		segments[i] = decoded
	}
	return segments, nil
}
