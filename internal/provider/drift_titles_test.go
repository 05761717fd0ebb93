package provider_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// expectTitled demands the title and the rows of a summary.
func expectTitled(t *testing.T, summary, title string, rows ...string) {
	t.Helper()
	if got, _, _ := strings.Cut(summary, "\n"); got != title {
		t.Errorf("the title is %q, want %q", got, title)
	}
	if diff := cmp.Diff(rows, rowsOf(summary)); diff != "" {
		t.Errorf("the summary (-want +got):\n%s\n%s", diff, summary)
	}
}

// TestTheTitleSaysDriftOnlyWhereBitbucketHasChanged detects, one after the other on one state, what is no drift, and what is beside it.
func TestTheTitleSaysDriftOnlyWhereBitbucketHasChanged(t *testing.T) {
	t.Parallel()
	const (
		drifted, waits, fails, changes = "# Access has drifted", "# Configuration waits to be applied", "# A check fails", "# The plan has changes"

		review   = "output \"people\" {\n  value = data.bitbucket_users.all.users[*].display_name\n}\n"
		constant = "output \"cast\" {\n  value = \"Ada\"\n}\n"
		foreign  = "resource \"terraform_data\" \"it\" {\n  input = 1\n}\n"
		check    = "check \"alone\" {\n  assert {\n    condition = length(data.bitbucket_users.all.users) == 0\n    error_message = \"Somebody is there.\"\n  }\n}\n"
	)
	w := acctest.New(t, simulator.Options{})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OPS", Name: "Operations"})
	p := unapplied(t, w)
	main := driftFile(t, "main.tf")
	main, output, _ := strings.Cut(main, "# With this output")
	output, rest, _ := strings.Cut(output, "# Additive")
	output = "#" + output
	p.save(t, "main.tf", main+"# Additive"+rest)
	p.save(t, "more.tf", review+constant)
	p.expect(t, 0, "sh drift.sh apply")

	p.save(t, "output.tf", output)
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, waits, "Waiting output `unmanaged` |  |  | create")

	w.AddGroupMember("acme", w.Developers, w.Ada.UUID)
	_, summary = p.expect(t, 2, "sh drift.sh detect") // the list is only reported, and the output of it is new
	expectTitled(t, summary, waits, "Unmanaged group `acme/developers` | user `Ada` | member | new", "Waiting output `unmanaged` |  |  | create")
	p.expect(t, 0, "sh drift.sh apply")

	w.RemoveGroupMember("acme", w.Developers, w.Ada.UUID)
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, drifted, "Other output `unmanaged` |  | update")
	p.expect(t, 0, "sh drift.sh apply")

	p.save(t, "more.tf", strings.Replace(review, "].display_name", "].nickname", 1)+strings.Replace(constant, "Ada", "Ada, Grace", 1)+foreign)
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, waits,
		"Other output `people` |  | update", "Waiting managed `terraform_data` |  |  | create", "Waiting output `cast` |  |  | update")

	p.save(t, "more.tf", constant+strings.Replace(review, "].display_name", "].nickname", 1))
	_, summary = p.expect(t, 2, "sh drift.sh detect") // which an output of data cannot tell from people who are new
	expectTitled(t, summary, changes, "Other output `people` |  | update")

	p.save(t, "more.tf", constant+review+check)
	_, summary = p.expect(t, 0, "sh drift.sh detect")
	expectTitled(t, summary, fails, "Checks `check.alone`")
	mention(t, summary, "\n\n1 failing.\n\n## Checks\n", "\n| `check.alone` | fail |\n")

	p.save(t, "more.tf", constant+review+check+foreign)
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, fails, "Checks `check.alone`", "Waiting managed `terraform_data` |  |  | create")

	w.Revoke(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID})
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, drifted, "Lost project `acme/PLAT` | user `Linus` | none | create-repo", "Checks `check.alone`",
		"Waiting managed `terraform_data` |  |  | create")
}

// TestTheSummaryTellsNoLossesThatAreNone replaces resources, also those of which Bitbucket has changed what they were, and names people in other words.
func TestTheSummaryTellsNoLossesThatAreNone(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OPS", Name: "Operations"})
	p := unapplied(t, w)
	p.edit(t, "main.tf", "data \"bitbucket_users\" \"all\" {\n  workspace = \"acme\"\n}\n", "") // which would tell that both are one user
	p.edit(t, "main.tf", "users = {}", `users = { "`+w.Grace.AccountID+`" = "read" }`)
	p.save(t, "platform.json", `{"groups":["platform"],"people":{"`+w.Grace.UUID+`":"Grace"}}`)
	p.expect(t, 0, "sh drift.sh apply")

	p.edit(t, "main.tf", `"`+w.Grace.AccountID+`"`, `"`+w.Linus.UUID+`" = "read", "`+w.Grace.UUID+`"`)
	p.edit(t, "main.tf", "project_key = \"PLAT\"\n  user_id", "project_key = \"OPS\"\n  user_id")
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	users := []string{
		"Waiting repository `acme/api` | user `" + linusUUID + "` | none, or by another id | read",
		"Waiting repository `acme/api` | user `" + graceUUID + "` | none, or by another id | read",
	}
	moves := "Waiting project `acme/OPS` | user `" + linusUUID + "` | not in the state | create-repo"
	from := "project `acme/PLAT` | user `" + linusUUID + "` | "
	const waits, drifted = "# Configuration waits to be applied", "# Access has drifted"
	expectTitled(t, summary, waits, append([]string{moves, "Waiting " + from + "create-repo | none"}, users...)...)

	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID, Permission: simulator.Admin})
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, drifted, append([]string{"Gained " + from + "admin | none", moves}, users...)...)

	w.Revoke(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID})
	_, summary = p.expect(t, 2, "sh drift.sh detect")
	expectTitled(t, summary, waits, append([]string{moves}, users...)...)
}
