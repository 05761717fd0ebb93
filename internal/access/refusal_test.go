package access_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestARefusalIsRememberedUntilAWriteSucceeds(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"401": 401, "403": 403, "404": 404, "405": 405, "410": 410} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			ctx := t.Context()
			heal := w.Inject(simulator.Fault{Method: "GET", Path: apiUsers, Status: status, Body: `{"error":{"message":"No"}}`})
			for range 5 {
				if _, err := d.Grant(ctx, api, user(grace.UUID)); !rest.Is(err, status) {
					t.Errorf("error is %v, want the %d", err, status)
				}
			}
			if n := w.Count("GET", apiUsers); n != 1 {
				t.Errorf("asked %d times, want once", n)
			}
			heal()
			if _, err := d.PutGrant(ctx, api, user(grace.UUID), "nonsense"); !rest.Is(err, http.StatusBadRequest) {
				t.Errorf("error is %v, want a 400", err)
			}
			if _, err := d.Grant(ctx, api, user(grace.UUID)); !rest.Is(err, status) {
				t.Errorf("after a write that failed: error is %v, want the %d", err, status)
			}
			must(d.PutGrant(ctx, api, user(grace.UUID), access.Write))(t)
			equal(t, "permission", access.Write, must(d.Grant(ctx, api, user(grace.UUID)))(t).Permission)
			if n := w.Count("GET", apiUsers); n != 2 {
				t.Errorf("asked %d times, want twice", n)
			}
		})
	}
}

func TestWhatIsMissingIsNotFoundForACredentialThatWorks(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	nothing := access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: "nothing"}
	_, err := d.Grants(ctx, nothing, access.UserPrincipal)
	absent(t, err)
	_, err = d.Grant(ctx, access.Scope{Kind: access.ProjectScope, Workspace: "acme", Name: "NO"}, group("web"))
	absent(t, err)
	_, err = d.Repository(ctx, "acme", "nothing")
	absent(t, err)
	_, err = d.Project(ctx, "acme", "NO")
	absent(t, err)
	_, err = d.Group(ctx, "acme", "nothing")
	absent(t, err)
	_, err = d.GroupByName(ctx, "acme", "nothing")
	absent(t, err)
	_, err = d.Person(ctx, "acme", "557058:nobody")
	absent(t, err)
	_, err = d.Member(ctx, "acme", "nothing", grace.UUID)
	absent(t, err)
	if err := d.DeleteGrant(ctx, nothing, user(grace.UUID)); err != nil {
		t.Errorf("revoking what is gone: %v", err)
	}
	if err := d.DeleteGroup(ctx, "acme", "nothing"); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
	if n := w.Count("GET", standing); n != 2 {
		t.Errorf("checked the credential %d times, want once for each of two objects that were missing", n)
	}
}

func TestA404OfACredentialThatFailsIsItsFailure(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*world){
		"revoked":             func(w *world) { w.RevokeCredential(simulator.AcmeAPIToken) },
		"without its scope":   func(w *world) { w.SetScopes(simulator.AcmeAPIToken, "read:repository:bitbucket") },
		"out of the company":  func(w *world) { w.AddMember("acme", grace.UUID, simulator.RoleOwner); w.RemoveMember("acme", ada.UUID) },
		"refused by a server": func(w *world) { w.Inject(simulator.Fault{Path: standing, Status: 503}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			ctx := t.Context()
			must(d.Grants(ctx, api, access.GroupPrincipal))(t) // it worked before
			w.Inject(simulator.Fault{Path: "/2.0/**/permissions-config/users**", Status: 404, Body: `{"error":{"message":"Not found"}}`})
			w.Inject(simulator.Fault{Path: "/2.0/repositories/acme/api", Status: 404})
			w.Inject(simulator.Fault{Path: "/2.0/workspaces/acme/projects/PLAT", Status: 404})
			w.Inject(simulator.Fault{Path: "/1.0/**", Status: 404})
			fail(w)
			_, err := d.Grant(ctx, api, user(grace.UUID))
			failure(t, err)
			_, err = d.Grants(ctx, plat, access.UserPrincipal)
			failure(t, err)
			_, err = d.Repository(ctx, "acme", "api")
			failure(t, err)
			_, err = d.Project(ctx, "acme", "PLAT")
			failure(t, err)
			_, err = d.Group(ctx, "acme", "web")
			failure(t, err)
			failure(t, d.DeleteGrant(ctx, api, user(grace.UUID)))
			failure(t, d.DeleteGroup(ctx, "acme", "web"))
			failure(t, d.RemoveMember(ctx, "acme", "web", grace.UUID))
		})
	}
}

func TestAWorkspaceThatTheCredentialHasLeftIsNotGone(t *testing.T) {
	t.Parallel()
	for name, workspace := range map[string]string{"named by slug": "acme", "named by UUID": acmeUUID} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			w.AddMember("acme", grace.UUID, simulator.RoleOwner)
			w.RemoveMember("acme", ada.UUID)
			scope := access.Scope{Kind: access.RepositoryScope, Workspace: workspace, Name: "api"}
			_, err := d.Grant(t.Context(), scope, group("developers"))
			failure(t, err)
			failure(t, d.DeleteGrant(t.Context(), scope, group("developers")))
			_, err = d.Member(t.Context(), workspace, "web", grace.UUID)
			failure(t, err)
			failure(t, d.RemoveMember(t.Context(), workspace, "web", grace.UUID))
		})
	}
}

func TestOtherCredentialsAreCheckedByTheirWorkspace(t *testing.T) {
	t.Parallel()
	w, _ := acme(t)
	token := w.AddAccessToken(simulator.AccessToken{Workspace: "acme", ReadsPermissions: true})
	d := w.directory(t, rest.Bearer{Token: token}, access.Options{Credential: access.AccessToken})
	_, err := d.Repository(t.Context(), "acme", "nothing")
	if !errors.Is(err, access.ErrHidden) || errors.Is(err, access.ErrNotFound) {
		t.Errorf("error is %v, want ErrHidden: to a token, things may be hidden", err)
	}
	w.requests(t, "GET /2.0/repositories/acme/nothing", "GET /2.0/workspaces/acme")
}
