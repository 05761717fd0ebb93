package provider_test

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// reviewOfAcme is the example of an access review, applied in the workspace of Acme.
func reviewOfAcme(t *testing.T) (*acctest.World, *acctest.Command) {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	if err := w.Load(simulator.Acme()); err != nil {
		t.Fatal(err)
	}
	c := w.Command(t, "", "BITBUCKET_USERNAME="+simulator.AcmeUsername, "BITBUCKET_API_TOKEN="+simulator.AcmeAPIToken)
	save(t, c, "main.tf", guideFile(t, "access-review", "", "main.tf"))
	return w, c
}

func TestTheExampleOfAnAccessReviewWritesAPageAndTables(t *testing.T) {
	t.Parallel()
	_, c := reviewOfAcme(t)
	c.Run(t, 0, "apply", "-auto-approve")
	page := c.Run(t, 0, "output", "-raw", "page")
	if !strings.HasPrefix(page, "<!doctype html>") {
		t.Errorf("the page begins with %.100q", page)
	}
	mention(t, page, "Access review of acme", "Grace Hopper", "billing-service")
	rows := map[string]int{}
	for _, name := range []string{"access", "findings", "users", "groups", "memberships", "grants"} {
		table, err := csv.NewReader(strings.NewReader(c.Run(t, 0, "output", "-raw", name))).ReadAll()
		if err != nil {
			t.Fatalf("%s: %s", name, err)
		}
		rows[name] = len(table) - 1
	}
	var state struct {
		Outputs map[string]struct{ Value string }
	}
	if err := json.Unmarshal([]byte(c.Run(t, 0, "output", "-json")), &state.Outputs); err != nil || len(state.Outputs) != 7 {
		t.Errorf("%d outputs, %v", len(state.Outputs), err)
	}
	seed := simulator.Acme().Workspaces[0]
	memberships := 0
	for _, g := range seed.Groups {
		memberships += len(g.Members)
	}
	if rows["users"] != len(seed.Members) || rows["groups"] != len(seed.Groups) || rows["memberships"] != memberships || rows["grants"] != len(seed.Grants) {
		t.Errorf("the tables have %v rows", rows)
	}
	if rows["access"] < 1000 || rows["findings"] == 0 {
		t.Errorf("the tables have %v rows", rows)
	}
}

func TestAnAccessReviewChangesOnlyWhenAccessDoes(t *testing.T) {
	t.Parallel()
	w, c := reviewOfAcme(t)
	c.Run(t, 0, "apply", "-auto-approve")
	mention(t, c.Run(t, 0, "plan", "-detailed-exitcode"), "No changes")
	seed := simulator.Acme()
	grace := seed.Users[1].UUID
	before := c.Run(t, 0, "output", "-raw", "access")
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "storefront", User: grace, Permission: simulator.Admin})
	mention(t, c.Run(t, 2, "plan", "-detailed-exitcode"), "Changes to Outputs")
	c.Run(t, 0, "apply", "-auto-approve")
	var added []string
	for line := range strings.Lines(c.Run(t, 0, "output", "-raw", "access")) {
		if !strings.Contains(before, line) {
			added = append(added, line)
		}
	}
	if !slices.ContainsFunc(added, func(line string) bool {
		return strings.HasPrefix(line, "Grace Hopper,admin on acme/storefront,admin on repository acme/storefront")
	}) || len(added) != 1 {
		t.Errorf("these rows are new: %q", added)
	}
}

func TestAnAccessReviewHasTheTablesThatAreAskedFor(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, `
data "bitbucket_access_review" "acme" {
  workspace = "acme"
  title     = "Review <of> \"everything\""
  tables    = ["groups", "users"]
}
output "tables" {
  value = keys(data.bitbucket_access_review.acme.csv)
}
output "page" {
  value = data.bitbucket_access_review.acme.html
}
`)
	c.Run(t, 0, "apply", "-auto-approve")
	if got := strings.Join(strings.Fields(c.Run(t, 0, "output", "-json", "tables")), ""); got != `["groups","users"]` {
		t.Errorf("the tables are %s", got)
	}
	mention(t, c.Run(t, 0, "output", "-raw", "page"), "Review &lt;of&gt; &#34;everything&#34;")
}

func TestTheExampleOfARuleFailsThePlanThatFindsSomebodyElse(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: w.Developers, Permission: simulator.Write})
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Read})
	c := w.Command(t, "")
	save(t, c, "main.tf", guideFile(t, "access-review", "rules", "main.tf"))
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), `"Ada"`, `"Grace"`)
	mention(t, c.Run(t, 0, "plan", "-detailed-exitcode"), "No changes")
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID, Permission: simulator.Admin})
	said := "Only developers may write to the repository api. These people may too: Linus (admin)."
	if output := c.Run(t, 1, "plan", "-detailed-exitcode"); !says(said).MatchString(strings.ReplaceAll(output, "│", "")) {
		t.Errorf("it does not say %q:\n%s", said, output)
	}
	mention(t, guidePage(t, "review-access"), said)
}

// guidePage is a guide as it is published.
func guidePage(t *testing.T, name string) string {
	t.Helper()
	return readPage(t, filepath.Join("guides", name))
}

// readPage is a page of the documentation.
func readPage(t *testing.T, name string) string {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return readFile(t, filepath.Join(root, "docs", name+".md"))
}
