package access_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// admins is the group that makes its members administrators of the workspace.
var admins = access.Scope{Kind: access.GroupScope, Workspace: "acme", Name: "administrators"}

func isLockout(err error) bool { return errors.Is(err, access.ErrLockout) }

// in are memberships.
func in(users ...simulator.User) []access.Grant {
	return each(users, func(u simulator.User) access.Grant { return holds(u, access.Member) })
}

// TestTheAdministratorsOfAWorkspaceDoNotLockThemselvesOut is a table of who is in the group administrators, and who leaves it. Ada, who owns
// the workspace, is the user of the credential.
func TestTheAdministratorsOfAWorkspaceDoNotLockThemselvesOut(t *testing.T) {
	t.Parallel()
	look := append([]string{"GET " + groupList}, ownRole...)
	byAccount := called(user(ada.AccountID), access.Member).Settled()
	for name, tt := range map[string]struct {
		members  []simulator.User
		plans    []call
		requests []string
	}{
		"oneself":                {[]simulator.User{ada, grace}, []call{revoking(admins, access.ErrLockout, in(ada)...)}, look},
		"oneself, by account id": {[]simulator.User{ada, grace}, []call{revoking(admins, access.ErrLockout, byAccount)}, look},
		"everybody":              {[]simulator.User{ada, grace}, []call{revoking(admins, access.ErrLockout, in(ada, grace)...)}, look},
		"oneself, and somebody else joins": {
			[]simulator.User{ada}, []call{revoking(admins, access.ErrLockout, in(ada)...).and(in(linus)[0], access.None)}, look,
		},
		"somebody else":                  {[]simulator.User{ada, grace}, []call{revoking(admins, nil, in(grace)...)}, look},
		"nobody, and somebody joins":     {[]simulator.User{ada}, []call{revoking(admins, nil).and(holds(linus, access.Member), access.None)}, nil},
		"all others, and nobody is left": {[]simulator.User{grace, linus}, []call{revoking(admins, access.ErrNoAdministrator, in(grace, linus)...)}, look},
		"all others, in two plans": {[]simulator.User{grace, linus}, []call{
			revoking(admins, nil, in(grace)...), revoking(admins, access.ErrNoAdministrator, in(linus)...),
		}, look},
		"all others, and somebody joins": {[]simulator.User{grace}, []call{revoking(admins, nil, in(grace)...).and(holds(linus, access.Member), access.None)}, look},
		"one of the others":              {[]simulator.User{grace, linus}, []call{revoking(admins, nil, in(grace)...)}, look},
		"oneself from another group":     {[]simulator.User{ada}, []call{revoking(web, nil, in(ada, grace)...)}, nil},
		"everybody from another group":   {[]simulator.User{ada}, []call{revoking(web, nil, in(people...)...)}, nil},
		"oneself, by the workspace's UUID": {[]simulator.User{ada, grace}, []call{
			revoking(access.Scope{Kind: access.GroupScope, Workspace: acmeUUID, Name: "administrators"}, access.ErrLockout, in(ada)...),
		}, append(look, "GET /2.0/workspaces/"+escaped(acmeUUID))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			arrange(w.Simulator, admins, in(tt.members...)...)
			run(t, d, tt.plans...)
			w.requests(t, slices.Clone(tt.requests)...)
		})
	}
}

// TestAnAdministratorWhoMayNotLookIsWarned holds that a guard that cannot see says so.
func TestAnAdministratorWhoMayNotLookIsWarned(t *testing.T) {
	t.Parallel()
	without := func(w *world) {
		w.SetScopes(simulator.AcmeAPIToken, "admin:workspace:bitbucket", "read:permission:bitbucket", "write:permission:bitbucket", "read:user:bitbucket")
	}
	for name, prepare := range map[string]func(*world){
		"a token without read:workspace": without,
		"a role that does not come":      func(w *world) { w.Inject(simulator.Fault{Path: standing, Status: http.StatusServiceUnavailable}) },
		"groups that do not come":        func(w *world) { w.Inject(simulator.Fault{Path: groupList, Status: http.StatusServiceUnavailable}) },
	} {
		w, d := acme(t)
		prepare(w)
		err := d.CheckLockout(t.Context(), access.Loss{Scope: admins, Steps: each(in(ada), func(g access.Grant) access.Step { return access.Revoke(at(admins, g)) })})
		if !errors.Is(err, access.ErrMayLockOut) {
			t.Errorf("%s: error is %v, want ErrMayLockOut", name, err)
		}
	}
}

// TestTheErrorsOfTheGuardNameWhatIsAtStake holds that the text says which object it is about.
func TestTheErrorsOfTheGuardNameWhatIsAtStake(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	err := d.CheckLockout(t.Context(), access.Loss{Scope: admins, Steps: []access.Step{access.Revoke(at(admins, holds(ada, access.Member)))}})
	if err == nil || !strings.Contains(err.Error(), "acme") || !strings.Contains(err.Error(), `"Administrators"`) {
		t.Errorf("error is %v, want one that names the workspace and the group", err)
	}
	member := operated(t, simulator.RoleMember, []access.Grant{mine}, nil).operator(t)
	err = member.CheckLockout(t.Context(), access.Loss{Scope: api, Steps: []access.Step{access.Revoke(mine)}})
	if err == nil || !strings.Contains(err.Error(), api.String()) {
		t.Errorf("error is %v, want one that names %s", err, api)
	}
}

// inCloud are the groups of the workspace that an organization administers.
type inCloud struct {
	*managedWorld

	admins, users, team access.Scope
}

// TestAnOrganizationsAdministratorsDoNotLockThemselvesOut is the table for a workspace whose groups an organization administers: which of them
// makes its members administrators is what the organization says.
func TestAnOrganizationsAdministratorsDoNotLockThemselvesOut(t *testing.T) {
	t.Parallel()
	const roles = "/admin/v2/orgs/*/directories/*/groups/*/role-assignments"
	give := func(w inCloud, s access.Scope, role string) {
		g, _ := w.OrganizationGroup(simulator.AcmeOrganizationID, s.Name)
		g.Roles = map[string]string{simulator.WorkspaceARI(seed.Workspaces[1].UUID): role}
		w.UpdateOrganizationGroup(simulator.AcmeOrganizationID, s.Name, g)
	}
	for name, tt := range map[string]struct {
		prepare func(inCloud)
		plans   func(inCloud) []call
		looks   int // at the roles of groups, at most
	}{
		"oneself from the administrators": {
			func(w inCloud) { arrange(w.Simulator, w.admins, in(ada, grace)...) },
			func(w inCloud) []call { return []call{revoking(w.admins, access.ErrLockout, in(ada)...)} }, 2,
		},
		"somebody else from the administrators": {
			func(w inCloud) { arrange(w.Simulator, w.admins, in(ada, grace)...) },
			func(w inCloud) []call { return []call{revoking(w.admins, nil, in(grace)...)} }, 0,
		},
		"oneself from a group that lets in": {
			func(inCloud) {},
			func(w inCloud) []call { return []call{revoking(w.users, nil, in(ada)...)} }, 1,
		},
		"everybody from a group that lets in": {
			func(w inCloud) { arrange(w.Simulator, w.team, in(grace, linus)...) },
			func(w inCloud) []call {
				return []call{revoking(w.team, nil, in(grace)...), revoking(w.team, nil, in(linus)...)}
			}, 1,
		},
		"oneself from another group with the role": {
			func(w inCloud) {
				arrange(w.Simulator, w.team, in(ada, grace)...)
				give(w, w.team, "atlassian/admin")
				arrange(w.Simulator, w.admins, in(grace)...)
			},
			func(w inCloud) []call { return []call{revoking(w.team, access.ErrLockout, in(ada)...)} }, 2,
		},
		"oneself from a group with two roles": {
			func(w inCloud) {
				arrange(w.Simulator, w.team, in(ada, grace)...)
				give(w, w.team, "atlassian/user,atlassian/admin")
				arrange(w.Simulator, w.admins, in(grace)...)
			},
			func(w inCloud) []call { return []call{revoking(w.team, access.ErrLockout, in(ada)...)} }, 2,
		},
		"oneself from an administrators' group of another workspace": {
			func(w inCloud) {
				other := w.AddWorkspace(simulator.Workspace{Slug: "other-cloud", OrganizationManaged: true, Organization: simulator.AcmeOrganizationID})
				g, _ := w.OrganizationGroup(simulator.AcmeOrganizationID, w.team.Name)
				g.Roles[simulator.WorkspaceARI(other.UUID)] = "atlassian/admin"
				w.UpdateOrganizationGroup(simulator.AcmeOrganizationID, w.team.Name, g)
				arrange(w.Simulator, w.team, in(ada, grace)...)
			},
			func(w inCloud) []call { return []call{revoking(w.team, nil, in(ada)...)} }, 1,
		},
		"the last of the administrators, which the owner is not among": {
			func(w inCloud) {
				w.AddMember(cloudWorkspace, ada.UUID, simulator.RoleOwner)
				arrange(w.Simulator, w.admins, in(grace, linus)...)
			},
			func(w inCloud) []call {
				return []call{revoking(w.admins, nil, in(grace)...), revoking(w.admins, access.ErrNoAdministrator, in(linus)...)}
			}, 1,
		},
		"the last of the administrators, and somebody joins": {
			func(w inCloud) {
				w.AddMember(cloudWorkspace, ada.UUID, simulator.RoleOwner)
				arrange(w.Simulator, w.admins, in(grace)...)
			},
			func(w inCloud) []call {
				return []call{revoking(w.admins, nil, in(grace)...).and(holds(linus, access.Member), access.None)}
			}, 0,
		},
		"roles that do not come": {
			func(w inCloud) { w.Inject(simulator.Fault{Path: roles, Status: http.StatusForbidden}) },
			func(w inCloud) []call { return []call{revoking(w.admins, access.ErrMayLockOut, in(ada)...)} }, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := inCloud{managedWorld: newManagedWorld(t, simulator.Options{}, testclock.New())}
			w.admins, w.users = cloudGroup(t, w.managedWorld, "bitbucket-admins-"+cloudWorkspace), cloudGroup(t, w.managedWorld, "bitbucket-users-"+cloudWorkspace)
			w.team = access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: w.group}
			tt.prepare(w)
			w.ResetJournal()
			run(t, w.directory(t), tt.plans(w)...)
			if looks := w.Count(http.MethodGet, roles); looks > tt.looks {
				t.Errorf("%d looks at the roles of groups, want at most %d", looks, tt.looks)
			}
		})
	}
}

// TestWithoutTheOrganizationItsGroupsAreNotLookedAt holds that a plan that is refused for another reason costs nothing here.
func TestWithoutTheOrganizationItsGroupsAreNotLookedAt(t *testing.T) {
	t.Parallel()
	w := newManagedWorld(t, simulator.Options{}, testclock.New())
	scope := cloudGroup(t, w, "bitbucket-admins-"+cloudWorkspace)
	w.ResetJournal()
	b := must(rest.New(rest.Options{BaseURL: w.bitbucketURL, Credential: adaToken, Clock: w.clock}))(t)
	run(t, access.NewDirectory(bitbucket.New(b), access.Options{Credential: access.APIToken}), revoking(scope, nil, in(ada)...))
	equal(t, "requests", 0, len(w.Journal()))
}
