package access_test

import (
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// What there is to lose: the operator is in web and mobile, not in platform.
var (
	mine       = holds(operator, access.Admin)
	mineByID   = called(user(operator.AccountID), access.Admin).Settled()
	ofLinus    = holds(linus, access.Admin)
	ofWeb      = groupHolds("web", "Web", access.Admin)
	ofMobile   = groupHolds("mobile", "Mobile", access.Admin)
	ofPlatform = groupHolds("platform", "Platform", access.Admin)
	webWrites  = groupHolds("web", "Web", access.Write)
)

// planner makes a plan for any scope.
type planner func(access.Scope) call

func taking(want error, held ...access.Grant) planner {
	return func(s access.Scope) call { return revoking(s, want, held...) }
}

func cutting(want error, g access.Grant, level access.Permission) planner {
	return func(s access.Scope) call { return lowering(s, want, g, level) }
}

func (p planner) and(g access.Grant, before access.Permission) planner {
	return func(s access.Scope) call { return p(s).and(g, before) }
}

// byUUID names the workspace by its UUID.
func (p planner) byUUID() planner {
	return func(s access.Scope) call {
		s.Workspace = acmeUUID
		return p(s)
	}
}

// TestWhoAdministersARepositoryOrAProjectIsNotLockedOut is a table of what a member of the workspace holds on one of the two, and what plans
// take away from it. It holds for both alike; on the repository, nobody but Linus administers the project.
func TestWhoAdministersARepositoryOrAProjectIsNotLockedOut(t *testing.T) {
	t.Parallel()
	type list = []access.Grant
	none, lockout, may := error(nil), access.ErrLockout, access.ErrMayLockOut
	for name, tt := range map[string]struct {
		held  list
		plans []planner
	}{
		"the only admin":                          {list{mine}, []planner{taking(lockout, mine)}},
		"the only admin, named by account id":     {list{mine}, []planner{taking(lockout, mineByID)}},
		"a level that goes down":                  {list{mine}, []planner{cutting(lockout, mine, access.Write)}},
		"admin that others keep":                  {list{mine, ofLinus}, []planner{taking(lockout, mine)}},
		"admin that a group keeps":                {list{mine, ofPlatform}, []planner{taking(may, mine)}},
		"admin where a group only writes":         {list{mine, webWrites}, []planner{taking(lockout, mine)}},
		"admin of somebody else":                  {list{mine, ofLinus}, []planner{taking(none, ofLinus)}},
		"admin of a group, beside one's own":      {list{mine, ofWeb}, []planner{taking(none, ofWeb)}},
		"admin through a group":                   {list{ofWeb, ofLinus}, []planner{taking(lockout, ofWeb)}},
		"admin through a group that goes down":    {list{ofWeb}, []planner{cutting(lockout, ofWeb, access.Write)}},
		"admin through one group of two":          {list{ofWeb, ofMobile}, []planner{taking(may, ofWeb)}},
		"admin of somebody else, through a group": {list{ofWeb, ofLinus}, []planner{taking(none, ofLinus)}},
		"everything in one plan":                  {list{mine, ofWeb, ofLinus}, []planner{taking(lockout, mine, ofWeb, ofLinus)}},
		"both ways in one plan, a group stays":    {list{mine, ofWeb, ofMobile}, []planner{taking(may, mine, ofWeb)}},
		"first the group, then one's own":         {list{mine, ofWeb}, []planner{taking(none, ofWeb), taking(lockout, mine)}},
		"first one's own, then the group":         {list{mine, ofWeb}, []planner{taking(may, mine), taking(lockout, ofWeb)}},
		"first one group, then the other":         {list{ofWeb, ofMobile}, []planner{taking(may, ofWeb), taking(lockout, ofMobile)}},
		"a level that goes down in another plan":  {list{mine, ofWeb}, []planner{cutting(none, ofWeb, access.Read), taking(lockout, mine)}},
		"a group instead of one's own":            {list{mine}, []planner{taking(may, mine).and(ofWeb, access.None)}},
		"a group that is raised instead":          {list{mine, webWrites}, []planner{taking(may, mine).and(ofWeb, access.Write)}},
		"one's own instead of a group":            {list{ofWeb}, []planner{taking(none, ofWeb).and(mine, access.None)}},
		"somebody else instead":                   {list{mine}, []planner{taking(lockout, mine).and(ofLinus, access.None)}},
		"write to somebody else instead":          {list{mine}, []planner{taking(lockout, mine).and(webWrites, access.None)}},
		"what another plan gives does not count":  {list{mine}, []planner{taking(none).and(ofWeb, access.None), taking(lockout, mine)}},
		"a plan that is made twice":               {list{mine, ofLinus}, []planner{taking(none, ofLinus), taking(none, ofLinus), taking(lockout, mine)}},
		"write, which is no administration":       {list{mine, webWrites}, []planner{taking(none, webWrites)}},
		"the same by the UUID of the workspace":   {list{mine}, []planner{taking(lockout, mine).byUUID()}},
		"several plans, by slug and UUID":         {list{mine, ofWeb}, []planner{taking(none, ofWeb).byUUID(), taking(lockout, mine)}},
	} {
		for _, scope := range []access.Scope{api, plat} {
			t.Run(name+" on a "+string(scope.Kind), func(t *testing.T) {
				t.Parallel()
				onAPI, onPlat := tt.held, []access.Grant{ofLinus}
				if scope == plat {
					onAPI, onPlat = []access.Grant{mine}, tt.held
				}
				run(t, operated(t, simulator.RoleMember, onAPI, onPlat).operator(t), each(tt.plans, func(p planner) call { return p(scope) })...)
			})
		}
	}
}

// TestAProjectKeepsTheAdministrationOfItsRepositories is the same for what the project of a repository gives.
func TestAProjectKeepsTheAdministrationOfItsRepositories(t *testing.T) {
	t.Parallel()
	type list = []access.Grant
	lockout, may := access.ErrLockout, access.ErrMayLockOut
	for name, tt := range map[string]struct {
		onAPI, onPlat list
		plans         []call
	}{
		"one's own on the project":                {list{mine}, list{mine}, []call{revoking(api, nil, mine)}},
		"one's own, and everything else goes":     {list{mine, ofWeb}, list{mine}, []call{revoking(api, nil, mine, ofWeb)}},
		"a group's on the project":                {list{mine}, list{ofWeb}, []call{revoking(api, may, mine)}},
		"a group's that one is not in":            {list{mine}, list{ofPlatform}, []call{revoking(api, lockout, mine)}},
		"only create-repo on the project":         {list{mine}, list{holds(operator, access.CreateRepo)}, []call{revoking(api, lockout, mine)}},
		"only somebody else's":                    {list{mine}, list{ofLinus}, []call{revoking(api, lockout, mine)}},
		"nobody's":                                {list{mine}, nil, []call{revoking(api, lockout, mine)}},
		"the repository's group instead":          {list{ofWeb}, list{mine}, []call{revoking(api, nil, ofWeb)}},
		"first the repository, then the project":  {list{mine}, list{mine}, []call{revoking(api, nil, mine), revoking(plat, lockout, mine)}},
		"first the project, then the repository":  {list{mine}, list{mine}, []call{revoking(plat, lockout, mine), revoking(api, lockout, mine)}},
		"the project goes, the repository stays":  {list{mine}, list{mine, ofWeb}, []call{revoking(plat, may, mine)}},
		"one of the project's groups goes":        {list{mine}, list{ofWeb, ofMobile}, []call{revoking(plat, may, ofWeb), revoking(api, may, mine)}},
		"all of the project's groups go":          {list{mine}, list{ofWeb, ofLinus}, []call{revoking(plat, lockout, ofWeb), revoking(api, lockout, mine)}},
		"the project is lowered to create-repo":   {list{mine}, list{mine}, []call{lowering(plat, lockout, mine, access.CreateRepo)}},
		"somebody else loses it on both":          {list{mine, ofLinus}, list{mine, ofLinus}, []call{revoking(api, nil, ofLinus), revoking(plat, nil, ofLinus)}},
		"access through the project only is kept": {list{ofLinus}, list{mine}, []call{revoking(api, nil, ofLinus)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, operated(t, simulator.RoleMember, tt.onAPI, tt.onPlat).operator(t), tt.plans...)
		})
	}
}
