package access_test

import (
	"errors"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const apiConfig, platConfig = "/2.0/repositories/acme/api/permissions-config/", "/2.0/workspaces/acme/projects/PLAT/permissions-config/"

// The requests that a look at who is left may take.
var (
	ownRole     = []string{"GET " + standing}
	listsOfAPI  = []string{"GET " + apiConfig + "users", "GET " + apiConfig + "groups"}
	listsOfPlat = []string{"GET " + platConfig + "users", "GET " + platConfig + "groups"}
	readsOfAPI  = append(append([]string{"GET /2.0/repositories/acme/api"}, listsOfAPI...), listsOfPlat...)
)

// operator is the person whose credential a run has: in the groups web and mobile, and not in platform.
var operator = simulator.User{
	UUID: "{0b7e5d3c-5f0a-4c57-8f4e-3f3c4d2f9a10}", AccountID: "712020:0b7e5d3c-5f0a-4c57-8f4e-3f3c4d2f9a10", DisplayName: "Op Erator", Email: "operator@acme.example",
}

// operated is a world in which the repository api and its project have only the access that is given.
func operated(t *testing.T, role string, onAPI, onPlat []access.Grant) *world {
	t.Helper()
	w, _ := acme(t)
	w.AddUser(operator)
	w.AddMember("acme", operator.UUID, role)
	for _, slug := range []string{"web", "mobile"} {
		w.AddGroupMember("acme", slug, operator.UUID)
	}
	arrange(w.Simulator, api, onAPI...)
	arrange(w.Simulator, plat, onPlat...)
	w.ResetJournal()
	return w
}

// operator returns a directory of the operator that knows nothing yet. Without scopes, the token has all of them.
func (w *world) operator(t *testing.T, scopes ...string) *access.Directory {
	t.Helper()
	username, token := w.AddAPIToken(operator.UUID, scopes...)
	return w.directory(t, rest.Basic{Username: username, Token: token}, access.Options{Credential: access.APIToken})
}

// call is one plan of a run: what it does to a scope, and what is to be said about it.
type call struct {
	access.Loss

	want error
}

// revoking, lowering and raising are plans.
func revoking(scope access.Scope, want error, held ...access.Grant) call {
	return call{access.Loss{Scope: scope, Steps: each(held, func(g access.Grant) access.Step { return access.Revoke(at(scope, g)) })}, want}
}

func lowering(scope access.Scope, want error, g access.Grant, level access.Permission) call {
	g = at(scope, g)
	step := access.Step{Grant: g, From: g.Permission, To: level}
	step.Grant.Permission = level
	return call{access.Loss{Scope: scope, Steps: []access.Step{step}}, want}
}

// allowed is a plan that may lock out.
func allowed(c call) call {
	c.Allowed = true
	return c
}

// and adds what somebody gets.
func (c call) and(g access.Grant, before access.Permission) call {
	g = at(c.Scope, g)
	c.Steps = append(c.Steps, access.Step{Grant: g, From: before, To: g.Permission})
	return c
}

// run checks the plans of one run, one after the other.
func run(t *testing.T, d *access.Directory, calls ...call) {
	t.Helper()
	for i, c := range calls {
		err := d.CheckLockout(t.Context(), c.Loss)
		if c.want == nil && err != nil || !errors.Is(err, c.want) {
			t.Errorf("plan %d of %d: error is %v, want %v", i+1, len(calls), err, c.want)
		}
		for _, other := range []error{access.ErrLockout, access.ErrMayLockOut, access.ErrNoAdministrator} {
			if !errors.Is(c.want, other) && errors.Is(err, other) {
				t.Errorf("plan %d of %d: the error says both: %v", i+1, len(calls), err)
			}
		}
	}
}
