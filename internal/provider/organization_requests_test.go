package provider_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// teams adds groups of workspace acme, and people of it, and is the configuration of groups with these names.
func teams(w *acctest.World, groups, people int) (slugs, accounts []string, config string) {
	var names []string
	for i := range groups {
		names = append(names, fmt.Sprintf("Team %d", i))
		slugs = append(slugs, w.AddGroup("acme", simulator.Group{Name: names[i]}).Slug)
	}
	for i := range people {
		accounts = append(accounts, w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).AccountID)
	}
	return slugs, accounts, blocks(names, func(i int, name string) string {
		return fmt.Sprintf("\nresource \"bitbucket_group\" \"g%d\" {\n  workspace = \"acme\"\n  name      = %q\n}\n", i, name)
	})
}

// TestAPlanCostsNothingForEachGroupOrMemberOfAnOrganization holds what plans cost: nothing for each group or each member but what is deleted.
func TestAPlanCostsNothingForEachGroupOrMemberOfAnOrganization(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	slugs, accounts, groups := teams(w, 5, 50)
	members := membershipsConfig(slugs, accounts)
	c := w.Command(t, members)

	c.Run(t, 2, "plan", "-detailed-exitcode")
	expectRequests(t, w, http.MethodGet, groupListings, 1)
	expectRequests(t, w, http.MethodGet, workspaceReads, 1)
	expectRequests(t, w, http.MethodGet, peopleListings, 1)
	expectRequests(t, w, http.MethodPost, groupSearches, 1)
	expectRequests(t, w, "", "", 4)

	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodPost, orgMembers, 50)
	expectRequests(t, w, http.MethodPost, userSearches, 50) // each is looked at once
	expectRequests(t, w, http.MethodPost, groupSearches, 2)
	expectRequests(t, w, http.MethodGet, workspaceReads, 2)
	expectRequests(t, w, http.MethodGet, peopleListings, 2) // Terraform plans a resource again before it applies it
	if got := w.Count(http.MethodGet, groupListings); got > 2+50 {
		t.Errorf("Bitbucket's groups were listed %d times", got)
	}

	c.Write(t, groups+members)
	for i, slug := range slugs {
		c.Run(t, 0, "import", fmt.Sprintf("bitbucket_group.g%d", i), "acme/"+slug)
	}
	expectRequests(t, w, http.MethodGet, groupListings, 1)
	expectRequests(t, w, http.MethodPost, groupSearches, 1)
	expectRequests(t, w, http.MethodGet, workspaceReads, 1)
	expectRequests(t, w, "", "", 3)

	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectRequests(t, w, http.MethodGet, groupListings, 1)
	expectRequests(t, w, http.MethodGet, workspaceReads, 1)
	expectRequests(t, w, http.MethodPost, groupSearches, 1)
	expectRequests(t, w, http.MethodPost, userSearches, 5)
	expectRequests(t, w, "", "", 8)

	c.Run(t, 2, "plan", "-destroy", "-detailed-exitcode")
	expectRequests(t, w, http.MethodGet, orgRoles, 5) // what each group opens, and whether it administers the workspace that nobody is left in
	expectRequests(t, w, http.MethodGet, "/2.0/user/workspaces/*/permission", 1)
	expectRequests(t, w, "", "", 8+5+1+3+5) // the refresh is a process of its own

	c.Run(t, 0, "state", "rm", "bitbucket_group_membership.n0")
	c.Run(t, 0, "import", "bitbucket_group_membership.n0", "acme/"+slugs[0]+"/"+accounts[0])
	expectRequests(t, w, http.MethodPost, userSearches, 1)
	expectRequests(t, w, "", "", 4)

	c.Write(t, groups)
	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodDelete, orgMember, 50)
	expectRequests(t, w, http.MethodPost, userSearches, 5+50)
	expectRequests(t, w, http.MethodGet, orgRoles, 5)

	c.Run(t, 0, "destroy", "-auto-approve")
	expectRequests(t, w, http.MethodDelete, orgGroup, 5)
	expectRequests(t, w, http.MethodGet, orgRoles, 2*5)
}

func TestCreatingAGroupOfAnOrganizationCostsTenRequests(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	c := w.Command(t, platformGroup("Platform", ""))
	c.Run(t, 0, "apply", "-auto-approve")
	expectRequests(t, w, http.MethodPost, orgGroups, 1)
	expectRequests(t, w, http.MethodPost, orgRoleAssign, 1)
	expectRequests(t, w, http.MethodGet, orgRoles, 1)
	expectRequests(t, w, http.MethodPost, groupSearches, 3) // the groups of the workspace, the name before and the id after
	expectRequests(t, w, http.MethodGet, workspaceReads, 1)
	expectRequests(t, w, http.MethodGet, groupListings, 3) // of the plan and of the apply, and to see that Bitbucket has followed
	expectRequests(t, w, "", "", 10)
}

func TestGroupsAndMembershipsOfAnOrganizationAreImported(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	missing := "00000000-0000-4000-8000-000000000000"
	finance := w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: "Finance"}).ID
	imports := func(address, id string) resource.TestStep {
		return resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true,
			ImportStateVerifyIdentifierAttribute: map[string]string{platform: "slug", membership: "user_id"}[address],
		}
	}
	fails := func(address, id string, phrases ...string) resource.TestStep {
		return resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ExpectError: says(phrases...)}
	}
	team := w.AddGroup("acme", simulator.Group{Name: "Platform", Members: []string{w.Grace.UUID}}).Slug
	body := func(id string) string { return w.Config(platformGroup("Platform", "") + in(team, id)) }
	w.Test(t,
		resource.TestStep{
			Config:           w.Config(adopting(platform, "acme/"+team) + platformGroup("Platform", "")),
			ConfigPlanChecks: planned(platform, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: body(w.Grace.UUID), ConfigPlanChecks: planned(platform, plancheck.ResourceActionNoop)},
		imports(platform, "acme/"+team),
		imports(membership, "acme/"+team+"/"+w.Grace.UUID),
		fails(platform, "acme/"+missing, "Unable to import group", "workspace acme has no group with slug "+missing),
		fails(platform, "acme/"+finance, "Unable to import group", "workspace acme has no group with slug "+finance),
		fails(membership, "acme/"+missing+"/"+w.Grace.UUID, "Unable to import group member", "workspace acme has no group with slug "+missing),
		fails(membership, "acme/"+team+"/"+w.Linus.UUID, "Unable to import group member", w.Linus.UUID+" is not a member of group "+team+" of workspace acme"),
		fails(membership, "acme/"+team+"/"+w.Linus.AccountID, "Unable to import group member", "is not a member of group "+team),
		fails(membership, "acme/"+team+"/"+nobodyUUID, "Unable to import group member", "is not a member of group "+team),
		resource.TestStep{ // the workspace's UUID and the account id are other words for the same
			Config: strings.ReplaceAll(body(w.Grace.AccountID), `"acme"`, fmt.Sprintf("%q", workspaceUUID(w))), ConfigPlanChecks: nothingPlanned(),
		},
	)
}

// TestNothingShowsTheCredentialsOfAnOrganization holds that neither credential is in anything that is shown, logged or kept, also where one
// is refused.
func TestNothingShowsTheCredentialsOfAnOrganization(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	refusedKey := w.AddOrganizationKey(w.Organization)
	w.RevokeCredential(refusedKey)
	log := filepath.Join(t.TempDir(), "trace.log")
	body := platformGroup("Platform", "") + in(w.Developers, w.Grace.UUID)
	c := w.Command(t, body, "TF_LOG=TRACE", "TF_LOG_PATH="+log, "TF_VAR_key="+w.Key, "TF_VAR_refused="+refusedKey)
	shown := c.Run(t, 0, "plan", "-out=saved.tfplan")
	shown += c.Run(t, 0, "show", "-json", "saved.tfplan")
	shown += c.Run(t, 0, "apply", "saved.tfplan")
	shown += c.Run(t, 0, "show", "-json")

	// The key in the configuration instead of the environment, and then one that is refused.
	block := func(variable string) string {
		return fmt.Sprintf("variable %[1]q {\n  sensitive = true\n}\nprovider \"bitbucket\" {\n  organization {\n    id      = %[2]q\n    api_key = var.%[1]s\n  }\n}\n",
			variable, w.Organization)
	}
	c.Write(t, block("key")+body)
	shown += c.Run(t, 0, "plan") // not saved: Terraform itself writes its variables into a plan
	c.Write(t, block("refused")+body)
	refusal := c.Run(t, 1, "plan")
	if !says("does not accept organization.api_key").MatchString(unframed(refusal)) {
		t.Errorf("the key was not refused:\n%s", refusal)
	}
	c.Write(t, "")
	shown += refusal + c.Run(t, 0, "destroy", "-auto-approve")

	traced := readFile(t, log)
	if !strings.Contains(traced, "request answered") || !strings.Contains(traced, "/groups/search") {
		t.Error("the log does not hold the requests")
	}
	basic := base64.StdEncoding.EncodeToString([]byte(w.Username + ":" + w.Token))
	state := readFile(t, filepath.Join(c.Path(), "terraform.tfstate")) + readFile(t, filepath.Join(c.Path(), "terraform.tfstate.backup"))
	for where, text := range map[string]string{"output": shown, "log": traced, "state": state} {
		for line := range strings.SplitSeq(text, "\n") {
			for _, secret := range []string{w.Token, w.Key, refusedKey, basic, "Bearer "} {
				if strings.Contains(line, secret) {
					t.Errorf("a secret is in the %s: %s", where, line)
				}
			}
		}
	}
}
