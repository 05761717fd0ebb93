package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// What the tests of organizations count.
const (
	groupSearches  = "/admin/v2/orgs/*/directories/-/groups/search"
	userSearches   = "/admin/v2/orgs/*/directories/-/users/search"
	orgGroups      = "/admin/v2/orgs/*/directories/*/groups"
	orgGroup       = "/admin/v2/orgs/*/directories/*/groups/*"
	orgMembers     = "/admin/v2/orgs/*/directories/*/groups/*/memberships"
	orgMember      = "/admin/v2/orgs/*/directories/*/groups/*/memberships/*"
	orgRoles       = "/admin/v2/orgs/*/directories/*/groups/*/role-assignments"
	orgRoleAssign  = "/admin/v2/orgs/*/directories/*/groups/*/role-assignments/assign"
	workspaceReads = "/2.0/workspaces/acme"
	platform       = "bitbucket_group.platform"
)

// writes are the requests of the journal that may change something. The searches of the organization are POST as well.
func writes(w *acctest.World) []string {
	var found []string
	for _, r := range w.Journal() {
		if r.Method != http.MethodGet && !strings.HasSuffix(r.Path, "/search") && !strings.HasSuffix(r.Path, "/workspaces") {
			found = append(found, fmt.Sprintf("%s %s: %d", r.Method, r.Path, r.Status))
		}
	}
	return found
}

func expectNoWrites(t *testing.T, w *acctest.World) {
	t.Helper()
	if found := writes(w); len(found) > 0 {
		t.Errorf("something was written:\n%s", strings.Join(found, "\n"))
	}
}

// in is a membership of workspace acme.
func in(group, userID string) string {
	return fmt.Sprintf(`
resource "bitbucket_group_membership" "someone" {
  workspace  = "acme"
  group_slug = %q
  user_id    = %q
}`, group, userID)
}

// platformGroup is a group of workspace acme with further settings.
func platformGroup(name, settings string) string {
	return fmt.Sprintf(`
resource "bitbucket_group" "platform" {
  workspace = "acme"
  name      = %q
  %s
}`, name, settings)
}

// reset makes the journal hold the requests of a step only.
func reset(w *acctest.World, more ...func()) func() {
	return func() {
		for _, f := range more {
			f()
		}
		w.ResetJournal()
	}
}

// refused is a step that must fail without a write.
func refused(w *acctest.World, before func(), config string, phrases ...string) resource.TestStep {
	if before == nil {
		before = func() {}
	}
	return resource.TestStep{PreConfig: reset(w, before), Config: config, ExpectError: says(phrases...)}
}

// settledWith is a step that must find nothing to do, after one that must not have written anything.
func settledWith(t *testing.T, w *acctest.World, before func(), config string) resource.TestStep {
	t.Helper()
	return resource.TestStep{
		PreConfig: func() {
			t.Helper()
			expectNoWrites(t, w)
			if before != nil {
				before()
			}
		},
		Config: config, ConfigPlanChecks: nothingPlanned(),
	}
}

// withoutOrganization is the same world without access to the organization.
func withoutOrganization(w *acctest.World) *acctest.World {
	twin := *w
	twin.Organization = ""
	return &twin
}

// changeGroup changes a group of the organization behind everybody's back.
func changeGroup(w *acctest.World, id string, change func(*simulator.OrganizationGroup)) func() {
	return func() {
		g, _ := w.OrganizationGroup(w.Organization, id)
		change(&g)
		w.UpdateOrganizationGroup(w.Organization, id, g)
	}
}

// expectMembers compares the members of a group of the organization, by UUID.
func expectMembers(t *testing.T, w *acctest.World, group string, want ...simulator.User) func() {
	t.Helper()
	return func() {
		t.Helper()
		g, ok := w.OrganizationGroup(w.Organization, group)
		var uuids []string
		for _, u := range want {
			uuids = append(uuids, u.UUID)
		}
		slices.Sort(uuids)
		slices.Sort(g.Members)
		if !ok || !slices.Equal(g.Members, uuids) {
			t.Errorf("group %s has the members %v, want %v", group, g.Members, uuids)
		}
	}
}

// inWorkspace tells whether Bitbucket counts somebody as a member of workspace acme.
func inWorkspace(w *acctest.World, u simulator.User) bool {
	for _, ws := range w.Snapshot().Workspaces {
		if ws.Slug == "acme" && slices.ContainsFunc(ws.Members, func(m simulator.SeedMember) bool { return m.User == u.UUID }) {
			return true
		}
	}
	return false
}

// stranger adds somebody who is in the organization only.
func stranger(w *acctest.World, name string) simulator.User {
	u := w.AddUser(simulator.User{DisplayName: name, Email: strings.ToLower(name) + "@acme.example"})
	w.AddToOrganization(w.Organization, u.UUID)
	return u
}

// adopting is an import block. The import command of the test harness needs an installed provider with OpenTofu.
func adopting(address, id string) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, id)
}
