package access_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestALookAtWhoIsLeftAsksNoMoreThanItTakes holds what the guard costs: nothing for the plans of every day.
func TestALookAtWhoIsLeftAsksNoMoreThanItTakes(t *testing.T) {
	t.Parallel()
	everything := []access.Grant{mine, ofWeb, ofLinus}
	for name, tt := range map[string]struct {
		role     string
		plans    []call
		requests []string
	}{
		"no steps":                           {simulator.RoleMember, []call{revoking(api, nil)}, nil},
		"a grant":                            {simulator.RoleMember, []call{revoking(api, nil).and(ofMobile, access.None)}, nil},
		"a raise":                            {simulator.RoleMember, []call{revoking(api, nil).and(ofMobile, access.Read)}, nil},
		"no change":                          {simulator.RoleMember, []call{revoking(api, nil).and(mine, access.Admin)}, nil},
		"write goes":                         {simulator.RoleMember, []call{revoking(api, nil, webWrites, holds(operator, access.Write))}, nil},
		"create-repo goes":                   {simulator.RoleMember, []call{revoking(plat, nil, holds(operator, access.CreateRepo))}, nil},
		"somebody else's admin goes":         {simulator.RoleMember, []call{revoking(api, nil, ofLinus), revoking(plat, nil, ofLinus)}, ownRole},
		"an owner loses everything":          {simulator.RoleOwner, []call{revoking(api, nil, everything...), revoking(plat, nil, everything...)}, ownRole},
		"a member loses the project's admin": {simulator.RoleMember, []call{revoking(plat, access.ErrMayLockOut, mine)}, append(ownRole, listsOfPlat...)},
		"a member loses one's own admin":     {simulator.RoleMember, []call{revoking(api, nil, mine)}, append(ownRole, readsOfAPI...)},
		"a member loses all, in two plans": {simulator.RoleMember, []call{
			revoking(api, nil, mine), revoking(api, nil, ofWeb), revoking(plat, access.ErrMayLockOut, mine), revoking(plat, access.ErrLockout, ofWeb),
		}, append(ownRole, readsOfAPI...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := operated(t, tt.role, everything, everything)
			run(t, w.operator(t), tt.plans...)
			w.requests(t, slices.Clone(tt.requests)...)
		})
	}
}

// TestOnlyAPersonIsLockedOut holds that other credentials, which are no person's, and which cannot change permissions anyway, ask nothing.
func TestOnlyAPersonIsLockedOut(t *testing.T) {
	t.Parallel()
	w, _ := acme(t)
	token := rest.Bearer{Token: w.AddAccessToken(simulator.AccessToken{Workspace: "acme"})}
	for _, kind := range []access.CredentialKind{access.AccessToken, access.OAuthConsumer} {
		d := w.directory(t, token, access.Options{Credential: kind})
		run(t, d, revoking(api, nil, mine, ofWeb), revoking(plat, nil, ofLinus), revoking(admins, nil, in(ada)...))
	}
	w.requests(t)
}

// TestWhatTheCredentialCannotSeeIsSaid holds that a token that may not look is no reason to refuse, nor to say nothing: everything but the
// scope in question is as in a plan that is not refused.
func TestWhatTheCredentialCannotSeeIsSaid(t *testing.T) {
	t.Parallel()
	all := []string{
		"read:user:bitbucket", "read:workspace:bitbucket", "read:project:bitbucket", "admin:project:bitbucket", "read:repository:bitbucket",
		"admin:repository:bitbucket", "read:permission:bitbucket", "write:permission:bitbucket", "delete:permission:bitbucket",
	}
	for name, tt := range map[string]struct {
		without string
		plans   []call
	}{
		"with all scopes":        {"", []call{revoking(api, nil, mine), revoking(plat, access.ErrLockout, mine)}},
		"without the workspace":  {"read:workspace:bitbucket", []call{revoking(api, access.ErrMayLockOut, mine), revoking(plat, access.ErrMayLockOut, mine)}},
		"without the project":    {"read:project:bitbucket", []call{revoking(api, access.ErrMayLockOut, mine)}},
		"without the repository": {"read:repository:bitbucket", []call{revoking(api, access.ErrMayLockOut, mine)}},
		"where nothing is lost":  {"read:workspace:bitbucket", []call{revoking(api, nil).and(ofMobile, access.None), revoking(api, nil, webWrites)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := operated(t, simulator.RoleMember, []access.Grant{mine}, []access.Grant{mine})
			scopes := slices.DeleteFunc(slices.Clone(all), func(scope string) bool { return scope == tt.without })
			run(t, w.operator(t, scopes...), tt.plans...)
			for _, c := range tt.plans {
				if n := w.Count("GET", standing); c.want != nil && n != 1 {
					t.Errorf("asked %d times for the role, want once", n)
				}
			}
		})
	}
}

// TestAFailureToLookIsSaid holds the same where Bitbucket fails.
func TestAFailureToLookIsSaid(t *testing.T) {
	t.Parallel()
	for _, path := range []string{standing, apiConfig + "users", apiConfig + "groups", "/2.0/repositories/acme/api", platConfig + "users", platConfig + "groups"} {
		for _, broken := range []simulator.Fault{{Status: 401}, simulator.ServerError(503, 0), simulator.RateLimited(0), {CutBefore: true}} {
			t.Run(fmt.Sprintf("%s: %d", path, broken.Status), func(t *testing.T) {
				t.Parallel()
				w := operated(t, simulator.RoleMember, []access.Grant{mine}, []access.Grant{mine})
				broken.Path = path
				w.Inject(broken)
				run(t, w.operator(t), revoking(api, access.ErrMayLockOut, mine))
			})
		}
	}
}

// TestWhoTheUserIsIsAskedForWhereTheRoleDoesNotSay holds it for an answer that Bitbucket's OpenAPI file allows.
func TestWhoTheUserIsIsAskedForWhereTheRoleDoesNotSay(t *testing.T) {
	t.Parallel()
	nameless := regexp.MustCompile(`"user":\{`)
	for name, held := range map[string][]access.Grant{"the only admin": {mine}, "somebody else's": {ofLinus}} {
		w := operated(t, simulator.RoleMember, append(held, webWrites), nil)
		w.Inject(simulator.Fault{Method: http.MethodGet, Path: standing, Rewrite: func(body []byte) []byte {
			if !bytes.Contains(body, []byte(operator.UUID)) {
				t.Errorf("the answer does not say who the user is: %s", body)
			}
			return nameless.ReplaceAll(body, []byte(`"somebody":{`))
		}})
		want := access.ErrLockout
		if name != "the only admin" {
			want = nil
		}
		run(t, w.operator(t), revoking(api, want, held...))
		equal(t, name+": requests for the user", 1, w.Count(http.MethodGet, "/2.0/user"))
	}
}

// TestPlansAtTheSameTimeCountWhatTheOthersTake holds that Terraform, which plans ten resources at a time, hears of it when the last admin
// permissions go one by one.
func TestPlansAtTheSameTimeCountWhatTheOthersTake(t *testing.T) {
	t.Parallel()
	held := []access.Grant{mine, ofWeb, ofMobile, ofPlatform, ofLinus}
	for range 20 {
		d := operated(t, simulator.RoleMember, held, nil).operator(t)
		errs := make([]error, len(held))
		together(t, len(held), func(i int) error {
			errs[i] = d.CheckLockout(t.Context(), access.Loss{Scope: api, Steps: []access.Step{access.Revoke(held[i])}})
			return nil
		})
		if !slices.ContainsFunc(errs, isLockout) {
			t.Fatalf("nobody was told: %v", errs)
		}
	}
}

// TestAWorkspaceThatIsNotSeenIsSaid holds that nothing is planned for a workspace that the credential cannot find.
func TestAWorkspaceThatIsNotSeenIsSaid(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	nowhere := access.Scope{Kind: access.RepositoryScope, Workspace: braced, Name: "api"}
	for what, err := range map[string]error{
		"the guard": d.CheckLockout(t.Context(), access.Loss{Scope: nowhere, Steps: []access.Step{access.Revoke(at(nowhere, mine))}}),
		"a claim":   d.Claim(t.Context(), to(nowhere.Kind, nowhere.Workspace, nowhere.Name, whole("1"))),
	} {
		if !errors.Is(err, access.ErrNoMember) || isLockout(err) {
			t.Errorf("%s: error is %v, want ErrNoMember", what, err)
		}
	}
}
