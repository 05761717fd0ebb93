package provider_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// halfMade is a group that a run for workspace acme has made, and not given its role.
func halfMade(w *acctest.World) simulator.OrganizationGroup {
	return simulator.OrganizationGroup{Name: "Platform", Description: "Made by Terraform for the Bitbucket workspace " + simulator.WorkspaceARI(workspaceUUID(w))}
}

// TestAGroupLeftHalfMadeIsFinishedByTheNextRun holds that a group which a run has made and not given its role is finished by the next.
func TestAGroupLeftHalfMadeIsFinishedByTheNextRun(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	left := w.AddOrganizationGroup(w.Organization, halfMade(w)).ID
	body := w.Config(platformGroup("Platform", ""))
	w.Inject(simulator.Fault{Method: http.MethodPost, Path: orgRoleAssign, Times: 1, Status: http.StatusForbidden, Body: `{}`})
	checkErrors(t, body, map[string][]string{platform: {"Unable to create group", `give group "Platform" its role`, "403"}})
	w.Test(t, // it is still there
		resource.TestStep{Config: body, ConfigStateChecks: values(platform, map[string]knownvalue.Check{"slug": knownvalue.StringExact(left)})},
		resource.TestStep{Config: body, ConfigPlanChecks: nothingPlanned()},
	)
	count(t, w, http.MethodPost, "/admin/v2/orgs/*/directories/*/groups", 0)
}

// TestNoGroupOfOthersIsTakenOver holds that no group is taken over that is not what a run for this workspace has left, however empty it is,
// and that two resources never get one.
func TestNoGroupOfOthersIsTakenOver(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*acctest.World, *simulator.OrganizationGroup){
		"made by hand": func(_ *acctest.World, g *simulator.OrganizationGroup) { g.Description = "" },
		"made for another workspace": func(_ *acctest.World, g *simulator.OrganizationGroup) {
			g.Description = strings.Replace(g.Description, "::workspace/", "::workspace/0", 1)
		},
		"with a member": func(w *acctest.World, g *simulator.OrganizationGroup) { g.Members = []string{w.Grace.UUID} },
		"with a role": func(_ *acctest.World, g *simulator.OrganizationGroup) {
			g.Roles = map[string]string{"ari:cloud:jira::site/1": "atlassian/user"}
		},
		"of an identity provider": func(_ *acctest.World, g *simulator.OrganizationGroup) { g.ExternallySynced = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			g := halfMade(w)
			change(w, &g)
			w.AddOrganizationGroup(w.Organization, g)
			before := w.Snapshot()
			checkErrors(t, w.Config(platformGroup("Platform", "")), map[string][]string{platform: {"Unable to create group", "is no group of the " +
				"workspace", "It is not taken over"}})
			expectSameWorld(t, before, w.Snapshot())
		})
	}
	w := acctest.NewManaged(t, simulator.Options{})
	w.Inject(simulator.Fault{Method: http.MethodPost, Path: "/admin/v2/orgs/*/directories/*/groups", Delay: 2 * time.Second})
	twice := platformGroup("Platform", "") + strings.Replace(platformGroup("Platform", ""), `"platform"`, `"another"`, 1)
	errs := errorsOf(t, w.Config(twice))
	if all := errs[platform] + errs["bitbucket_group.another"]; !says("Unable to "+
		"create group").MatchString(all) || errs[platform] != "" && errs["bitbucket_group.another"] != "" {
		t.Errorf("two resources of one name end with %q", errs)
	}
}
