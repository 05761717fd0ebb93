package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// whatToSet is what somebody reads who has not given access to the organization.
var whatToSet = []string{
	"Unable to change group", `Workspace "acme" is administered at admin.atlassian.com; set organization { id, api_key } in the provider block`,
	"key, without scopes, at admin.atlassian.com", "ATLASSIAN_ORG_ID", "ATLASSIAN_ADMIN_API_KEY", `guide "Organization-managed workspaces"`,
}

func TestWithoutTheOrganizationTheFirstPlanSaysWhatToSet(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	checkErrors(t, withoutOrganization(w).Config(platformGroup("Platform", "")+in(w.Developers, w.Grace.UUID)), map[string][]string{
		platform: whatToSet, membership: whatToSet,
	})
	expectNoWrites(t, w)
}

func TestWithoutTheOrganizationNothingIsTakenAway(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	both := platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID)
	w.Test(t,
		resource.TestStep{Config: w.Config(both), ConfigPlanChecks: planned(membership, plancheck.ResourceActionCreate)},
		// What exists is read through Bitbucket and shows no difference.
		resource.TestStep{Config: withoutOrganization(w).Config(both), ConfigPlanChecks: nothingPlanned()},
		refused(w, nil, withoutOrganization(w).Config(platformGroup("Platform", "")), whatToSet...),
		settledWith(t, w, nil, w.Config(both)),
		refused(w, nil, withoutOrganization(w).Config(in(w.Developers, w.Grace.UUID)), whatToSet...),
		settledWith(t, w, nil, w.Config(both)),
	)
}

// TestAKeyThatReadsPlansAndTheApplySaysWhatItTakes holds that a key that reads is enough to plan, and that the apply says what it takes.
func TestAKeyThatReadsPlansAndTheApplySaysWhatItTakes(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	full := *w
	w.Key = w.AddOrganizationKey(w.Organization, "read:groups:admin", "read:directories:admin")
	lacks := []string{"The organization's API key lacks a scope", "The scopes of a key cannot be changed: make a key without scopes"}
	body := platformGroup("Platform", "") + in(w.Developers, w.Grace.AccountID)
	full.Test(t,
		resource.TestStep{Config: w.Config(body), PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			Config: w.Config(platformGroup("Platform", "")),
			ExpectError: says(append([]string{"Unable to create group", `Could not create group "Platform" of workspace acme in the organization`, "403"},
				lacks...)...),
		},
		resource.TestStep{
			Config: w.Config(in(w.Developers, w.Grace.AccountID)),
			ExpectError: says(append([]string{"Unable to add group member", "Could not add user " + w.Grace.AccountID + " to group " + w.Developers +
				" of workspace acme in the organization", "403"}, lacks...)...),
		},
		resource.TestStep{Config: full.Config(body), ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate)},
		resource.TestStep{Config: w.Config(body), ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{
			Config: w.Config(platformGroup("Platform", "")), ConfigPlanChecks: planned(membership, plancheck.ResourceActionDestroy),
			ExpectError: says(append([]string{"Unable to remove group member", "Could not remove user " + w.Grace.AccountID + " from group " + w.Developers}, lacks...)...),
		},
		resource.TestStep{
			PreConfig: expectMembers(t, w, w.Developers, w.Grace), Config: w.Config(in(w.Developers, w.Grace.AccountID)),
			ConfigPlanChecks: planned(platform, plancheck.ResourceActionDestroy),
			ExpectError:      says(append([]string{"Unable to delete group", "Could not delete group", "of workspace acme in the organization"}, lacks...)...),
		},
		resource.TestStep{Config: full.Config(body), ConfigPlanChecks: nothingPlanned()},
	)
}

// TestAKeyOfNoUseIsNoReasonToLoseAState holds that a key that has expired or was revoked is an error, and never a reason to lose a state.
func TestAKeyOfNoUseIsNoReasonToLoseAState(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	full := *w
	revoked := *w
	revoked.Key = w.AddOrganizationKey(w.Organization)
	w.RevokeCredential(revoked.Key)
	apiToken := *w // of id.atlassian.com, which is what people try first
	apiToken.Key = w.Token
	advice := []string{
		"401", "does not accept organization.api_key", "has expired (keys last a year at most), was revoked",
		"A token of id.atlassian.com is none", "without scopes",
	}
	body := platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID)
	for name, of := range map[string]*acctest.World{"revoked": &revoked, "a token of a user": &apiToken} {
		checkErrors(t, of.Config(body), map[string][]string{membership: append([]string{"Unable to", "acme"}, advice...)})
		checkErrors(t, of.Config(platformGroup("Platform", "")), map[string][]string{platform: append([]string{"Unable to create group", "acme"}, advice...)})
		if t.Failed() {
			t.Fatalf("with a key that is %s", name)
		}
	}
	expectNoWrites(t, w)
	full.Test(t,
		resource.TestStep{Config: full.Config(body), ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate)},
		refused(w, nil, revoked.Config(body), append([]string{"Unable to read group"}, advice...)...),
		refused(w, nil, revoked.Config(""), advice...),
		settledWith(t, w, nil, full.Config(body)),
	)
}

// TestAnotherOrganizationMakesNothingLookGone holds that the id of another organization never makes what is there look as if it were gone.
func TestAnotherOrganizationMakesNothingLookGone(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	body := platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID)
	umbrella := w.AddOrganization(simulator.Organization{Name: "Umbrella"}).ID
	w.AddWorkspace(simulator.Workspace{Slug: "umbrella", Name: "Umbrella", Organization: umbrella, OrganizationManaged: true})
	ourKey, theirs := *w, *w
	ourKey.Organization = umbrella
	theirs.Organization, theirs.Key = umbrella, w.AddOrganizationKey(umbrella)
	nowhere := *w
	nowhere.Organization = "00000000-0000-4000-8000-000000000000"
	for name, tt := range map[string]struct { //nolint:paralleltest // they share one journal
		of      *acctest.World
		phrases []string
	}{
		"one that our key is not of": {&ourKey, []string{
			"acme", "403",
			"The organization's API key has no right to do this", "in the organization that organization.id names",
		}},
		"one that does not exist": {&nowhere, []string{"acme", "404", "Check organization.id in the provider block"}},
		"one without the workspace": {&theirs, []string{
			`None of the groups of workspace "acme" is one of those of organization ` + umbrella, "Umbrella",
			"Check organization.id in the provider block", "A key can only see its own organization",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			checkErrors(t, tt.of.Config(in(w.Developers, w.Grace.UUID)), map[string][]string{membership: append([]string{"Unable to change group"}, tt.phrases...)})
			checkErrors(t, tt.of.Config(platformGroup("Platform", "")), map[string][]string{platform: append([]string{"Unable to create group"}, tt.phrases...)})
			expectNoWrites(t, w)
			w.Test(t,
				resource.TestStep{Config: w.Config(body), ConfigPlanChecks: planned(platform, plancheck.ResourceActionCreate)},
				refused(w, nil, tt.of.Config(body), tt.phrases...),
				refused(w, nil, tt.of.Config(""), tt.phrases...),
				settledWith(t, w, nil, w.Config(body)),
			)
			w.ResetJournal()
		})
	}
}

// TestAGroupMadeInTheWrongOrganizationDoesNotStay holds that a group that was made in the wrong organization does not stay there: without
// groups there is nothing to tell by whose workspace it is.
func TestAGroupMadeInTheWrongOrganizationDoesNotStay(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.AddWorkspace(simulator.Workspace{Slug: "bare", OrganizationManaged: true})
	w.AddMember("bare", w.Ada.UUID, simulator.RoleOwner)
	before := w.Snapshot()
	checkErrors(t, w.Config(strings.Replace(platformGroup("Platform", ""), `"acme"`, `"bare"`, 1)), map[string][]string{
		platform: {"Unable to create group", `Could not give group "Platform" its role on workspace bare`, "404", "Check organization.id in the provider block"},
	})
	expectSameWorld(t, before, w.Snapshot())
}

func TestADirectoryThatIsNoneIsAnError(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	before := w.Snapshot()
	config := strings.Replace(w.Config(platformGroup("Platform", "")), "organization {", fmt.Sprintf("organization {\n    directory_id = %q", nobodyUUID), 1)
	checkErrors(t, config, map[string][]string{platform: {"Unable to create group", `"Platform" of workspace acme`, "404"}})
	expectSameWorld(t, before, w.Snapshot())
}
