package provider_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// Terraform does not name the resource of an error about something that was removed from the configuration, so the text has to.
func TestTheErrorOfARemovalFromAnOrganizationNamesItsObject(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	both := w.Config(platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID))
	w.Test(t,
		resource.TestStep{Config: both},
		refused(w, nil, withoutOrganization(w).Config(platformGroup("Platform", "")), "Unable to change group", w.Developers),
		settledWith(t, w, nil, both),
	)
}

// TestAnOrganizationsGroupCannotStopAddingPeople holds that auto_add that is on and is to be off is a change that the API
// cannot make, and is only found out by the apply.
func TestAnOrganizationsGroupCannotStopAddingPeople(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	plain := w.Config(platformGroup("Platform", ""))
	w.Test(t,
		resource.TestStep{Config: plain},
		refused(w, func() { w.UpdateGroup("acme", teamOf(w).Slug, simulator.Group{Name: "Platform", AutoAdd: true}) }, plain,
			"Unable to change group", `Change auto_add of group "Platform"`, "where the API cannot change it"),
		settledWith(t, w, nil, w.Config(platformGroup("Platform", "auto_add = true"))),
	)
}

// TestASuspendedPersonIsOneByEitherID holds that somebody who is suspended is one person by either id, as everybody else is.
func TestASuspendedPersonIsOneByEitherID(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.Test(t,
		resource.TestStep{Config: w.Config(in(w.Developers, w.Grace.AccountID))},
		resource.TestStep{
			PreConfig: func() { w.SuspendInOrganization(w.Organization, w.Grace.UUID) },
			Config:    w.Config(in(w.Developers, w.Grace.UUID)), ConfigPlanChecks: nothingPlanned(),
		},
	)
}

// TestAMembershipWithoutAnAnswerIsFoundAfterALag holds that a membership that was made without an answer is found although the
// administration shows it a moment later.
func TestAMembershipWithoutAnAnswerIsFoundAfterALag(t *testing.T) {
	t.Parallel()
	for name, method := range map[string]string{"an addition": http.MethodPost, "a removal": http.MethodDelete} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second})
			path := map[string]string{http.MethodPost: orgMembers, http.MethodDelete: orgMember}[method]
			w.Inject(simulator.Fault{Method: method, Path: path, Times: 1, CutAfter: true})
			w.Test(t,
				resource.TestStep{Config: w.Config(in(w.Developers, w.Grace.UUID)), ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
				resource.TestStep{Config: w.Config("# nothing"), ConfigPlanChecks: planned(membership, plancheck.ResourceActionDestroy)},
			)
		})
	}
}

// TestAGroupIsReplacedWhileTheOldOneStillShows holds that a group that is replaced under its own name is not refused
// because the administration still shows the old one.
func TestAGroupIsReplacedWhileTheOldOneStillShows(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: 5 * time.Second})
	w.Test(t,
		resource.TestStep{Config: w.Config(platformGroup("Platform", ""))},
		resource.TestStep{Config: w.Config(platformGroup("Platform", "")), Taint: []string{platform}, ConfigPlanChecks: planned(platform, plancheck.ResourceActionReplace)},
	)
}

// TestAStrangerCanJoinTheFirstGroupOfAWorkspace holds that who is in the organization only can join a group of a
// workspace that has none yet, in the plan that makes the group.
func TestAStrangerCanJoinTheFirstGroupOfAWorkspace(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.Organization = w.AddWorkspace(simulator.Workspace{Slug: "bare", OrganizationManaged: true}).Organization
	w.Key = w.AddOrganizationKey(w.Organization)
	w.AddMember("bare", w.Ada.UUID, simulator.RoleOwner)
	barbara := stranger(w, "Barbara")
	w.Test(t, resource.TestStep{Config: w.Config(teamIn("bare", barbara.AccountID))})
}

// TestAMemberOfAMomentAgoTakesNoSecondSeat holds that somebody who has just been added elsewhere is a member and not one seat
// too many.
func TestAMemberOfAMomentAgoTakesNoSecondSeat(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second})
	added := false
	w.Test(t, resource.TestStep{
		Config: w.Config(in(w.Developers, w.Grace.UUID)),
		ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate, afterPlan(func() {
			if !added {
				added = true
				postMembership(t, w, w.Developers, w.Grace.AccountID)
			}
		})),
	})
}

// postMembership adds a member through the API, as another program does, so that the lag counts.
func postMembership(t *testing.T, w *acctest.World, group, account string) {
	t.Helper()
	g, _ := w.OrganizationGroup(w.Organization, group)
	url := w.AdminURL + "/v2/orgs/" + w.Organization + "/directories/" + g.Directory + "/groups/" + group + "/memberships"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"accountId":"`+account+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + w.Key}, "Content-Type": {"application/json"}, "Accept": {"application/json"}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

// TestTheOnlyGroupIsNotLostWhileBitbucketDoesNotShowIt holds that the only group of a workspace is not lost while
// Bitbucket does not show it.
func TestTheOnlyGroupIsNotLostWhileBitbucketDoesNotShowIt(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{BitbucketFollowsAfter: time.Hour})
	w.Organization = w.AddWorkspace(simulator.Workspace{Slug: "bare", OrganizationManaged: true}).Organization
	w.Key = w.AddOrganizationKey(w.Organization)
	w.AddMember("bare", w.Ada.UUID, simulator.RoleOwner)
	config := w.Config(strings.Replace(platformGroup("Platform", ""), "acme", "bare", 1))
	w.Test(t, resource.TestStep{Config: config}, resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned()})
}

// TestAnErrorAboutAMissingGroupOfAnOrganizationSaysWhatToDo holds that an error about a group that does not exist says what to do.
func TestAnErrorAboutAMissingGroupOfAnOrganizationSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	finance := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: "Finance"}).ID
	checkErrors(t, w.Config(in(finance, w.Grace.UUID)), map[string][]string{membership: {"no group with slug " + finance, "role on the workspace"}})
}

// TestAGroupIsKeptWhoseRoleDoesNotShow holds that a group that was given its role is kept, although its roles do not show it.
func TestAGroupIsKeptWhoseRoleDoesNotShow(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.Inject(simulator.Fault{Method: http.MethodGet, Path: orgRoles, Rewrite: func([]byte) []byte { return []byte(`{"data":[],"links":{}}`) }})
	body := w.Config(platformGroup("Platform", ""))
	w.Test(t, resource.TestStep{Config: body}, resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()})
}
