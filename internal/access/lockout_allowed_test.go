package access_test

import (
	"net/http"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// TestWhatIsAllowedLocksOut is a table of plans that may take the user's own administration away: all that take it have to be allowed.
func TestWhatIsAllowedLocksOut(t *testing.T) {
	t.Parallel()
	lockout, may := access.ErrLockout, access.ErrMayLockOut
	for name, tt := range map[string]struct {
		onAPI, onPlat []access.Grant
		plans         []call
	}{
		"one plan":                        {[]access.Grant{mine}, nil, []call{allowed(revoking(api, nil, mine))}},
		"a plan that may":                 {[]access.Grant{mine, ofWeb}, nil, []call{allowed(revoking(api, nil, mine))}},
		"two plans, both allowed":         {[]access.Grant{mine, ofWeb}, nil, []call{allowed(revoking(api, nil, ofWeb)), allowed(revoking(api, nil, mine))}},
		"two plans, the second allowed":   {[]access.Grant{mine, ofWeb}, nil, []call{revoking(api, nil, ofWeb), allowed(revoking(api, lockout, mine))}},
		"two plans, the first allowed":    {[]access.Grant{mine, ofWeb}, nil, []call{allowed(revoking(api, nil, mine)), revoking(api, lockout, ofWeb)}},
		"two plans, the harmless allowed": {[]access.Grant{mine, ofLinus}, nil, []call{allowed(revoking(api, nil, ofLinus)), revoking(api, lockout, mine)}},
		"only on the repository":          {[]access.Grant{mine}, []access.Grant{mine}, []call{allowed(revoking(api, nil, mine)), revoking(plat, lockout, mine)}},
		"only on the project":             {[]access.Grant{mine}, []access.Grant{mine}, []call{revoking(api, nil, mine), allowed(revoking(plat, lockout, mine))}},
		"only on the project, first":      {[]access.Grant{mine}, []access.Grant{mine}, []call{allowed(revoking(plat, nil, mine)), revoking(api, lockout, mine)}},
		"on the project, with a group":    {[]access.Grant{mine}, []access.Grant{mine, ofWeb}, []call{revoking(api, nil, mine), allowed(revoking(plat, may, mine))}},
		"on both":                         {[]access.Grant{mine}, []access.Grant{mine}, []call{allowed(revoking(api, nil, mine)), allowed(revoking(plat, nil, mine))}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, operated(t, simulator.RoleMember, tt.onAPI, tt.onPlat).operator(t), tt.plans...)
		})
	}
	t.Run("where the credential cannot see", func(t *testing.T) {
		t.Parallel()
		w := operated(t, simulator.RoleMember, []access.Grant{mine}, []access.Grant{mine})
		run(t, w.operator(t, "read:repository:bitbucket"), allowed(revoking(api, nil, mine)))
		run(t, w.operator(t, "read:workspace:bitbucket", "read:repository:bitbucket"), allowed(revoking(api, nil, mine)))
		run(t, w.operator(t, "read:workspace:bitbucket", "read:repository:bitbucket"), revoking(api, may, mine))
	})
}

// TestWhatIsAllowedTakesAdministratorsAway is the same for the group that administers the workspace.
func TestWhatIsAllowedTakesAdministratorsAway(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		members []simulator.User
		unseen  bool // the user's role in the workspace
		plans   []call
	}{
		"oneself":                   {[]simulator.User{ada, grace}, false, []call{allowed(revoking(admins, nil, in(ada)...))}},
		"the last of the others":    {[]simulator.User{grace}, false, []call{allowed(revoking(admins, nil, in(grace)...))}},
		"a role that does not come": {[]simulator.User{ada, grace}, true, []call{allowed(revoking(admins, nil, in(ada)...))}},
		"oneself, where only another plan is allowed": {
			[]simulator.User{ada, grace}, false, []call{allowed(revoking(admins, nil, in(grace)...)), revoking(admins, access.ErrLockout, in(ada)...)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			arrange(w.Simulator, admins, in(tt.members...)...)
			if tt.unseen {
				w.Inject(simulator.Fault{Path: standing, Status: http.StatusForbidden})
			}
			run(t, d, tt.plans...)
		})
	}
}

// TestWhatARunHasMadeIsNotLost holds that the earlier copy of a resource, which Terraform plans to remove once more after the new one is made,
// takes nothing from the user of the credential.
func TestWhatARunHasMadeIsNotLost(t *testing.T) {
	t.Parallel()
	d := operated(t, simulator.RoleMember, []access.Grant{mine}, nil).operator(t)
	d.Keep(t.Context(), api, access.NewRoster([]access.Grant{mine}))
	run(t, d, revoking(api, nil, mine), revoking(api, nil, mineByID), revoking(api, nil, ofLinus))
	_, owner := acme(t)
	must(owner.AddMember(t.Context(), "acme", "administrators", ada.UUID))(t)
	run(t, owner, revoking(admins, nil, in(ada)...))
}

// TestAnAdministratorByTwoGroupsMayLeaveOne holds that the role which another group of the organization gives counts, unless plans of the run
// take the user out of that as well.
func TestAnAdministratorByTwoGroupsMayLeaveOne(t *testing.T) {
	t.Parallel()
	w := newManagedWorld(t, simulator.Options{}, testclock.New())
	one := cloudGroup(t, w, "bitbucket-admins-"+cloudWorkspace)
	other := access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: w.group}
	g, _ := w.OrganizationGroup(simulator.AcmeOrganizationID, w.group)
	g.Roles = map[string]string{simulator.WorkspaceARI(seed.Workspaces[1].UUID): "atlassian/admin"}
	w.UpdateOrganizationGroup(simulator.AcmeOrganizationID, w.group, g)
	for _, scope := range []access.Scope{one, other} {
		arrange(w.Simulator, scope, in(ada, grace)...)
	}
	run(t, w.directory(t), revoking(one, nil, in(ada)...))
	run(t, w.directory(t), revoking(other, nil, in(ada)...))
	run(t, w.directory(t), revoking(other, nil, in(ada)...), revoking(one, access.ErrLockout, in(ada)...))
	run(t, w.directory(t), revoking(one, nil, in(ada)...), revoking(other, access.ErrLockout, called(user(ada.AccountID), access.Member).Settled()))
	w.RemoveGroupMember(cloudWorkspace, other.Name, ada.UUID)
	run(t, w.directory(t), revoking(one, access.ErrLockout, in(ada)...))
}
