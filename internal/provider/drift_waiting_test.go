package provider_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestWhatIsReportedShowsInTheExitCodeUntilAnApplyConfirmsIt(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	p := newPipeline(t, w)
	w.AddGroupMember("acme", w.Developers, w.Ada.UUID)
	p.expect(t, 2, "sh drift.sh detect")
	p.expect(t, 0, "sh drift.sh apply")
	_, summary := p.expect(t, 0, "sh drift.sh detect")
	if diff := cmp.Diff([]string{"Unmanaged group `acme/developers` | user `Ada` | member | known"}, rowsOf(summary)); diff != "" {
		t.Errorf("the summary (-want +got):\n%s", diff)
	}
	mention(t, summary, "# Access that nobody manages\n\n1 unmanaged.\n")
}

func TestWhatIsMergedAndNotAppliedIsNotCalledDrift(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	p := newPipeline(t, w)
	p.edit(t, "main.tf", `permission  = "create-repo"`, `permission  = "read"`)
	p.edit(t, "main.tf", `users = {}`, `users = { "`+w.Grace.UUID+`" = "read" }`)
	p.edit(t, "main.tf", `developers = "write"`, "")
	p.save(t, "more.tf", "resource \"bitbucket_group\" \"auditors\" {\n  workspace = \"acme\"\n  name = \"Auditors\"\n}\n")
	waiting := []string{
		"Waiting group `acme/Auditors` |  | none | name `Auditors`",
		"Waiting project `acme/PLAT` | user `Linus` | create-repo | read",
		"Waiting repository `acme/api` | group `Developers` | write | none",
		"Waiting repository `acme/api` | user `Grace` | none | read",
	}
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	if diff := cmp.Diff(waiting, rowsOf(summary)); diff != "" || !strings.HasPrefix(summary, "# Configuration waits to be applied\n\n4 waiting to be applied.\n") {
		t.Errorf("the summary (-want +got):\n%s\n%s", diff, summary)
	}

	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin}) // both on one list
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	if diff := cmp.Diff(append([]string{"Gained repository `acme/api` | user `Linus` | admin | none"}, waiting...), rowsOf(summary)); diff != "" {
		t.Errorf("the summary (-want +got):\n%s\n%s", diff, summary)
	}
	if title, _, _ := strings.Cut(summary, "\n"); title != "# Access has drifted" {
		t.Errorf("the title is %q", title)
	}
}

// TestTheGuideShowsTheSummaryAsItIs holds the summary in the guide on drift detection.
func TestTheGuideShowsTheSummaryAsItIs(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	p := newPipeline(t, w)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: w.Developers, Permission: simulator.Admin})
	w.Revoke(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID})
	w.AddGroupMember("acme", w.Developers, w.Ada.UUID)
	p.edit(t, "main.tf", `developers = "write"`, `developers = "read"`)
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	guide := readFile(t, filepath.Join(root, "templates", "guides", "detect-drift-in-ci.md.tmpl"))
	if !strings.Contains(guide, "```markdown\n"+summary+"```\n") {
		t.Errorf("the guide shows something else than\n%s", summary)
	}
}
