package provider_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestAnInvitationThatFailsInBetweenKeepsWhatWasDone(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		second, want := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug, []string{"Could not invite " + newcomer + " into group ops", "403"}
		w.Inject(simulator.Fault{Method: http.MethodPut, Path: invitations, After: 1, Times: 1, Status: http.StatusForbidden, Body: "Forbidden"})
		heal := func() {}
		if w.Organization != "" { // the group is an identity provider's, which the organization does not tell
			second, want = syncedGroup(w), []string{"the organization did not carry the invitation out", "Group is managed externally"}
			synced := regexp.MustCompile(`"(externalSynced|externallySynced)":\s*true|"managedBy":\s*"external"|"modifiable":\s*false`)
			w.Inject(simulator.Fault{Path: "/admin/**/groups/search", Rewrite: func(body []byte) []byte { return synced.ReplaceAll(body, []byte(`"hidden":null`)) }})
			heal = func() {
				w.UpdateOrganizationGroup(w.Organization, second, simulator.OrganizationGroup{
					Name: "sso-engineering", Roles: map[string]string{simulator.WorkspaceARI(workspaceUUID(w)): "atlassian/user"},
				})
			}
		}
		c := w.Command(t, invitationBlock(newcomer, intoGroups(w.Developers, second)))
		if output := c.Run(t, 1, "apply", "-auto-approve"); !says(append([]string{"Unable to invite"}, want...)...).MatchString(output) {
			t.Errorf("the error does not say %q:\n%s", want, output)
		}
		checkInvited(t, w, newcomer, w.Developers)
		if state := c.Run(t, 0, "show"); !strings.Contains(state, w.Developers) || strings.Contains(state, second) {
			t.Errorf("the state does not hold what was done and nothing else:\n%s", state)
		}
		heal()
		c.Run(t, 0, "apply", "-auto-approve")
		checkInvited(t, w, newcomer, w.Developers, second)
		c.Run(t, 0, "plan", "-detailed-exitcode")
		c.Run(t, 0, "destroy", "-auto-approve")
		checkInvited(t, w, newcomer)
	})
}

func TestSomebodyWhoIsInvitedIntoTheGroupAlreadyIsTakenOver(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		block := invitationBlock(newcomer, intoGroups(w.Developers))
		w.Command(t, block).Run(t, 0, "apply", "-auto-approve")
		w.Test(t,
			resource.TestStep{
				Config: w.Config(block), ConfigPlanChecks: planned(invitation, plancheck.ResourceActionCreate),
				ConfigStateChecks: values(invitation, stateOf(false, w.Developers)),
			},
			resource.TestStep{Config: w.Config(block), ConfigPlanChecks: nothingPlanned()},
		)
	})
}

func TestAnAnswerThatIsLostNeitherInvitesTwiceNorLosesTheState(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
		w.Inject(simulator.Fault{Method: http.MethodPut, Path: invitations, Times: 1, CutAfter: true})
		w.Inject(simulator.Fault{Method: http.MethodPost, Path: inviteThrough, Times: 1, CutAfter: true})
		config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers, ops)))
		w.Test(t,
			resource.TestStep{Config: config, ConfigStateChecks: values(invitation, stateOf(false, w.Developers, ops))},
			resource.TestStep{
				Config: config, ConfigPlanChecks: nothingPlanned(),
				PostApplyFunc: func() {
					checkInvited(t, w, newcomer, w.Developers, ops)
					count(t, w, http.MethodPost, inviteThrough, map[bool]int{true: 1}[w.Organization != ""]) // each of these sends a mail
					w.Inject(simulator.Fault{Method: http.MethodDelete, Path: "**", Times: 1, CutAfter: true})
				},
			},
		)
		checkInvited(t, w, newcomer)
	})
}

// The organization shows a write after a second or two: an invitation that does not show yet is not one that was withdrawn.
func TestAnInvitationIsNotTakenForWithdrawnBeforeItShows(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 20 * time.Second}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))
		w.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned()},
		)
	})
}

// An organization that does not show addresses lets nobody be invited again by every apply.
func TestAnInvitationIsFoundWhereTheOrganizationHidesAddresses(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{HiddenEmails: true})
	config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))
	w.Test(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: nothingPlanned()},
	)
	checkInvited(t, w, newcomer)
}

// An invitation that fails owns nothing: what others have done for the person is theirs.
func TestAnInvitationThatFailsDoesNotTakeOverTheGroupsOfAnother(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]int{"400": 400, "402": 402, "409": 409} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
			margaret := w.AddUser(simulator.User{DisplayName: "Margaret", Email: newcomer, Invited: true})
			w.AddToOrganization(w.Organization, margaret.UUID)
			w.AddOrganizationGroupMember(w.Organization, w.Developers, margaret.UUID)
			w.Inject(simulator.Fault{Path: inviteThrough, Status: fail, Body: `{"code":"ADMIN","message":"no"}`, Times: 1})
			c := w.Command(t, invitationBlock(newcomer, intoGroups(ops)))
			c.Run(t, 1, "apply", "-auto-approve")
			c.Run(t, 0, "apply", "-auto-approve")
			checkInvited(t, w, newcomer, ops, w.Developers)
		})
	}
}

// What became of the person after the acceptance is no matter of the invitation, also when one refresh learns of both.
func TestAnInvitationIsDoneAlsoWhenThePersonHasLeftTheGroupSinceTheAcceptance(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		config := w.Config(invitationBlock(newcomer, intoGroups(w.Developers)))
		w.Test(t,
			resource.TestStep{Config: config},
			resource.TestStep{
				PreConfig: func() {
					w.AcceptInvitation(newcomer)
					u, _ := account(w, newcomer)
					w.AddMember("acme", u.UUID, simulator.RoleMember)
					w.RemoveGroupMember("acme", w.Developers, u.UUID)
				},
				Config: config, ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: values(invitation, stateOf(true, w.Developers)),
			},
		)
	})
}

// Without the organization block an invitation that is there can be neither read nor imported: the error says what is missing.
func TestReadingAnInvitationOfAnOrganizationWithoutAccessToItSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	config := invitationBlock(newcomer, intoGroups(w.Developers))
	whole := w.Config(config)
	organization := w.Organization
	w.Organization = ""
	without := w.Config(config)
	w.Organization = organization
	missing := says(`Workspace "acme" is administered at admin.atlassian.com`, "set organization { id, api_key }")
	w.Test(t,
		resource.TestStep{Config: whole},
		resource.TestStep{Config: without, ExpectError: missing},
		resource.TestStep{Config: whole, ConfigPlanChecks: nothingPlanned()},
	)
}
