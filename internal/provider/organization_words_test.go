package provider_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAWorkspaceOfAnOrganizationMayBeNamedByItsUUID holds that everything works where the workspace is named by its UUID.
func TestAWorkspaceOfAnOrganizationMayBeNamedByItsUUID(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: time.Second, BitbucketFollowsAfter: 5 * time.Second})
	before := w.Snapshot()
	body := w.Config(strings.ReplaceAll(teamIn("acme", w.Grace.UUID), `workspace  = "acme"`, fmt.Sprintf("workspace  = %q", workspaceUUID(w))))
	body = strings.ReplaceAll(body, `workspace = "acme"`, fmt.Sprintf("workspace = %q", workspaceUUID(w)))
	w.Test(t,
		resource.TestStep{
			Config: body, ConfigPlanChecks: planned("bitbucket_group.acme", plancheck.ResourceActionCreate),
			PostApplyFunc: func() { expectTeam(t, w, "acme", "", w.Grace) },
		},
		resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
		resource.TestStep{Config: w.Config(teamIn("acme", w.Grace.AccountID)), ConfigPlanChecks: nothingPlanned()},
	)
	expectSameWorld(t, before, w.Snapshot())
}

// TestTwoResourcesForOneGroupNeverEndInTwoGroups holds that two resources for one group never end in two groups, or in one that both own.
func TestTwoResourcesForOneGroupNeverEndInTwoGroups(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: time.Second, BitbucketFollowsAfter: 5 * time.Second})
	body := w.Config(platformGroup("Platform", "") + strings.ReplaceAll(platformGroup("PLATFORM", ""), `"platform"`, `"twin"`))
	w.Test(t, resource.TestStep{Config: body, ExpectError: says("Unable to create group")})
	for _, g := range w.OrganizationGroups(w.Organization) {
		if strings.EqualFold(g.Name, "Platform") {
			t.Errorf("the group is left over: %+v", g)
		}
	}
}
