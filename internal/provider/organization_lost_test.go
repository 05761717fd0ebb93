package provider_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhatAnOrganizationDidWithoutAnAnswerIsNotDoneTwice holds that what was carried out without an answer is found and not done twice.
func TestWhatAnOrganizationDidWithoutAnAnswerIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]struct{ method, path string }{
		"of the creation of a group":     {http.MethodPost, orgGroups},
		"of the role of a group":         {http.MethodPost, orgRoleAssign},
		"of the adding of a member":      {http.MethodPost, orgMembers},
		"of the removal of a member":     {http.MethodDelete, orgMember},
		"of the deletion of a group":     {http.MethodDelete, orgGroup},
		"of every search that came once": {http.MethodPost, "/admin/**/search"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{BitbucketFollowsAfter: 5 * time.Second})
			before := w.Snapshot()
			body := w.Config(strings.Replace(everything("Platform", w.Grace.UUID), "DEVELOPERS", w.Developers, 1))
			w.Inject(simulator.Fault{Method: lost.method, Path: lost.path, Times: 1, CutAfter: true})
			h := hear(w.Clock)
			h.test(t,
				resource.TestStep{
					Config: body, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate),
					PostApplyFunc: func() {
						count(t, w, http.MethodPost, orgGroups, 1)
						count(t, w, http.MethodPost, orgRoleAssign, 1)
						expectMembers(t, w, teamOf(w).Slug, w.Grace)()
					},
				},
				resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
				resource.TestStep{Config: w.Config("# nothing"), ConfigPlanChecks: planned(platform, plancheck.ResourceActionDestroy)},
			)
			h.expect(t)
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

// TestAFailedWriteToAnOrganizationLeavesNothingHalfDone holds what is left after a write that was not carried out: nothing half done, and a
// state that tells so.
func TestAFailedWriteToAnOrganizationLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault   simulator.Fault
		phrases []string
		missing string // what is not there after
	}{
		"the creation of a group, 500": {
			simulator.Fault{Method: http.MethodPost, Path: orgGroups, Times: 1, Status: 500}, []string{"Unable to create group", `"Platform" of workspace acme`, "500"}, platform,
		},
		"the creation of a group, no answer": {
			simulator.Fault{Method: http.MethodPost, Path: orgGroups, Times: 1, CutBefore: true},
			[]string{"Unable to create group", `"Platform" of workspace acme`, "again"},
			platform,
		},
		"the creation of a group, 400": {
			simulator.Fault{
				Method: http.MethodPost, Path: orgGroups, Times: 1, Status: 400,
				Body: `{"errors":[{"code":"ADMIN-400-24","title":"Invalid request body"}]}`,
			},
			[]string{"Unable to create group", `"Platform" of workspace acme`, "400", "Invalid request body"},
			platform,
		},
		"the role of a group, 403": {
			simulator.Fault{Method: http.MethodPost, Path: orgRoleAssign, Times: 1, Status: 403, Body: `{"message":"User has no permission"}`},
			[]string{"Unable to create group", `give group "Platform" its role on workspace acme`, "403", "User has no permission"},
			platform,
		},
		"the role of a group, 500": {
			simulator.Fault{Method: http.MethodPost, Path: orgRoleAssign, Times: 1, Status: 500},
			[]string{"Unable to create group", `give group "Platform" its role on workspace acme`, "500"},
			platform,
		},
		"a membership, 500": {
			simulator.Fault{Method: http.MethodPost, Path: orgMembers, Times: 1, Status: 500}, []string{"Unable to add group member", "500"}, membership,
		},
		"a membership, no answer": {
			simulator.Fault{Method: http.MethodPost, Path: orgMembers, Times: 1, CutBefore: true}, []string{"Unable to add group member"}, membership,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			before := w.Snapshot()
			after := strings.Replace(in(w.Developers, w.Grace.UUID), "\n}", "\n  depends_on = [bitbucket_group.platform]\n}", 1)
			body := w.Config(platformGroup("Platform", "") + after)
			w.Inject(tt.fault)
			w.Test(t,
				resource.TestStep{Config: body, ExpectError: says(tt.phrases...)},
				resource.TestStep{
					PreConfig: func() {
						if team := teamOf(w); team != nil && tt.missing == platform {
							t.Errorf("the group is there: %+v", team)
						}
						for _, g := range w.OrganizationGroups(w.Organization) {
							if g.Name == "Platform" && tt.missing == platform {
								t.Errorf("the group is in the organization: %+v", g)
							}
						}
						expectMembers(t, w, w.Developers)()
					},
					Config: body, ConfigPlanChecks: planned(tt.missing, plancheck.ResourceActionCreate),
				},
				resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
			)
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

// TestAGroupThatIsLeftOverIsTold holds that somebody is told about a group that is left over.
func TestAGroupThatIsLeftOverIsTold(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.Inject(simulator.Fault{
		Method: http.MethodPost, Path: orgRoleAssign, Times: 1, Status: 409,
		Body: `{"errors":[{"code":"ADMIN-UAM-409-3","title":"Product License Limit Exceeded"}]}`,
	})
	w.Inject(simulator.Fault{Method: http.MethodDelete, Path: orgGroup, Times: 1, Status: 403})
	checkErrors(t, w.Config(platformGroup("Platform", "")), map[string][]string{platform: {
		"Unable to create group", `give group "Platform" its role on workspace acme`, "Product License Limit Exceeded", "stays in the organization without a role",
	}})
}

func TestFailedReadsOfAnOrganizationAreRetried(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	for _, path := range []string{groupSearches, userSearches} {
		w.Inject(simulator.Fault{Method: http.MethodPost, Path: path, Times: 2, Status: 500})
		w.Inject(simulator.Fault{Method: http.MethodPost, Path: path, Times: 1, Status: 503, Body: "<html>"})
	}
	body := w.Config(strings.Replace(everything("Platform", w.Grace.UUID), "DEVELOPERS", w.Developers, 1))
	remove := func() {}
	w.Test(t,
		resource.TestStep{Config: body, ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate)},
		resource.TestStep{ // for good: an error, and nothing counts as gone
			PreConfig:   func() { remove = w.Inject(simulator.Fault{Method: http.MethodPost, Path: userSearches, Status: 500}) },
			Config:      body,
			ExpectError: says("Unable to read group member", "list the members of group", "of workspace acme in the organization", "500"),
		},
		resource.TestStep{PreConfig: func() { remove() }, Config: body, ConfigPlanChecks: nothingPlanned()},
	)
}

// patientClock lets whoever waits for the administration wait until Bitbucket has got everything it is to get.
type patientClock struct {
	acctest.Clock

	until func() bool
}

// Sleep waits for Bitbucket and then lets the time pass.
func (c *patientClock) Sleep(ctx context.Context, d time.Duration) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	guard := time.After(20 * time.Second)
	for d > 10*time.Second && !c.until() {
		select {
		case <-tick.C:
		case <-guard:
			return errors.New("the client of Bitbucket waits too")
		}
	}
	return c.Clock.Sleep(ctx, d)
}

// TestTheLimitOfTheAdministrationPausesNothingElse holds that the administration's limit pauses requests to the administration, and no others.
func TestTheLimitOfTheAdministrationPausesNothingElse(t *testing.T) {
	t.Parallel()
	for name, retryAfter := range map[string]bool{"with the time of the reset": false, "with Retry-After": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &patientClock{}
			w := acctest.NewManaged(t, simulator.Options{OrganizationRequestsPerMinute: 8, OrganizationRetryAfter: retryAfter, Now: clock.Now})
			var accounts, users []string
			for i := range 12 {
				u := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
				accounts, users = append(accounts, u.AccountID), append(users, u.UUID)
			}
			const granted = "/2.0/repositories/acme/api/permissions-config/users/*"
			clock.until = func() bool { return w.Count(http.MethodPut, granted) == 12 }
			members := membershipsConfig([]string{w.Developers}, accounts[:5]) // less than Terraform does at the same time
			grants := strings.ReplaceAll(repositoryGrants("user", "user_id", "read", users), `" "n`, `" "g`)
			h, began := hear(clock), clock.Now()
			h.test(t, resource.TestStep{Config: w.Config(members + grants), PostApplyFunc: func() {
				g, _ := w.OrganizationGroup(w.Organization, w.Developers)
				if len(g.Members) != 5 {
					t.Errorf("%d members, want 5", len(g.Members))
				}
				waited := clock.Now().Sub(began)
				if waited < time.Minute/2 {
					t.Errorf("the limit was not reached in %v", waited)
				}
			}})
			for _, said := range h.said {
				if !strings.Contains(said, "Requests were held back") {
					t.Errorf("it said %s", said)
				}
			}
		})
	}
}
