package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const noDrift = "No drift: Bitbucket has what the configuration says.\n"

func TestWithoutDriftThePipelineEndsWith0AndSaysSo(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		p := newPipeline(t, w)
		if _, summary := p.expect(t, 0, "sh drift.sh detect"); summary != noDrift {
			t.Errorf("it says %s", summary)
		}
		expectNoWrites(t, w)
	})
}

var ids = regexp.MustCompile(" \\(`[^`]*`\\)")

// rowsOf are the rows of a summary without ids and addresses, each after the first word of its section.
func rowsOf(summary string) []string {
	var rows []string
	section := ""
	for line := range strings.Lines(summary) {
		line = strings.TrimSpace(line)
		title, isTitle := strings.CutPrefix(line, "## ")
		switch {
		case isTitle:
			section, _, _ = strings.Cut(title, " ")
		case strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| Wh"):
			cells := strings.Split(ids.ReplaceAllString(line, ""), " | ")
			rows = append(rows, section+strings.TrimPrefix(strings.Join(cells[:len(cells)-1], " | "), "|"))
		}
	}
	return rows
}

// moreWatched is what the example does not watch: a group with all its settings, whoever is in it, and an invitation.
const moreWatched = `
resource "bitbucket_group" "auditors" {
  workspace  = "acme"
  name       = "Auditors"
  permission = "read"
}

resource "bitbucket_group_membership" "linus" {
  workspace  = "acme"
  group_slug = "auditors" # of the group itself it would be known only after apply, which the policy refuses
  user_id    = "{571778ae-b73c-40d2-87be-88edffa4ecc7}"
  depends_on = [bitbucket_group.auditors]
}

resource "bitbucket_workspace_invitation" "edsger" {
  workspace   = "acme"
  email       = "edsger@partner.example"
  group_slugs = ["developers"]
}

resource "bitbucket_project_permissions_exclusive" "ops" {
  workspace   = "acme"
  project_key = "OPS"
  users       = { "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}" = "write" }
  groups      = {}
  unmanaged   = "report"
}

resource "bitbucket_repository_user_permission" "linus" {
  workspace  = "acme"
  repo_slug  = "infra"
  user_id    = "{571778ae-b73c-40d2-87be-88edffa4ecc7}"
  permission = "read"
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "infra"
  group_slug = "developers"
  permission = "write"
}
`

// watchingMore is the pipeline of the example with moreWatched.
func watchingMore(t *testing.T) pipeline {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OPS", Name: "Operations"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "OPS", Slug: "infra", Name: "infra"})
	p := unapplied(t, w)
	p.save(t, "more.tf", moreWatched)
	p.expect(t, 0, "sh drift.sh apply")
	return p
}

// TestEachKindOfDriftEndsWith2AndTheSummaryNamesWhoAndWhat changes access by hand in each way there is, and holds all that the summary says.
func TestEachKindOfDriftEndsWith2AndTheSummaryNamesWhoAndWhat(t *testing.T) {
	t.Parallel()
	on := func(object, level string) simulator.Grant {
		g := simulator.Grant{Workspace: "acme", Permission: level}
		if object == strings.ToUpper(object) {
			g.Project = object
		} else {
			g.Repository = object
		}
		return g
	}
	of := func(g simulator.Grant, u simulator.User) simulator.Grant { g.User = u.UUID; return g }
	p := watchingMore(t)
	before := p.world.Snapshot()
	group := func(g simulator.Grant, slug string) simulator.Grant { g.Group = slug; return g }
	for _, test := range []struct {
		name  string
		drift func(w *acctest.World)
		code  int
		want  []string
	}{
		{"others have more", func(w *acctest.World) {
			w.Grant(of(on("api", simulator.Admin), w.Linus))
			w.Grant(group(on("api", simulator.Admin), "developers"))
			w.AddGroupMember("acme", "platform", w.Linus.UUID)
			w.AddGroupMember("acme", "developers", w.Ada.UUID)
			w.Grant(of(on("OPS", simulator.Admin), w.Linus))
			w.Grant(of(on("PLAT", simulator.Admin), w.Linus))
			w.Grant(group(on("infra", simulator.Admin), "developers"))
			w.UpdateGroup("acme", "auditors", simulator.Group{Name: "Auditors", Permission: simulator.Admin, AutoAdd: true})
		}, 2, []string{
			"Gained group `acme/platform` | user `Linus` | member | none", "Gained repository `acme/api` | user `Linus` | admin | none",
			"Another project `acme/PLAT` | user `Linus` | admin | create-repo", "Another repository `acme/api` | group `Developers` | admin | write",
			"Another repository `acme/infra` | group `Developers` | admin | write",
			"Unmanaged group `acme/developers` | user `Ada` | member | new", "Unmanaged project `acme/OPS` | user `Linus` | admin | new",
			"Other group `acme/auditors` | auto_add `true`, permission `admin` | auto_add `false`, permission `read`", "Other output `unmanaged` |  | update",
		}},
		{"those who are named have less", func(w *acctest.World) {
			w.Revoke(group(on("api", ""), "developers"))
			w.RemoveGroupMember("acme", "platform", w.Grace.UUID)
			w.Revoke(of(on("OPS", ""), w.Grace))
			w.Revoke(of(on("PLAT", ""), w.Linus))
			w.Revoke(group(on("PLAT", ""), "developers"))
			w.Revoke(of(on("infra", ""), w.Linus))
			w.Revoke(group(on("infra", ""), "developers"))
			w.RemoveGroupMember("acme", "auditors", w.Linus.UUID)
			w.CancelInvitation("acme", "edsger@partner.example")
		}, 2, []string{
			"Lost group `acme/auditors` | user `Linus` | none | member", "Lost group `acme/platform` | user `Grace` | none | member",
			"Lost project `acme/OPS` | user `Grace` | none | write",
			"Lost project `acme/PLAT` | group `developers` | none | write", "Lost project `acme/PLAT` | user `Linus` | none | create-repo",
			"Lost repository `acme/api` | group `developers` | none | write", "Lost repository `acme/infra` | group `developers` | none | write",
			"Lost repository `acme/infra` | user `Linus` | none | read",
			"Other invitation of `edsger@partner.example` | none | group_slugs `developers`",
		}},
		{"a level is lowered, a group deleted, an invitation accepted", func(w *acctest.World) {
			w.Grant(group(on("api", simulator.Read), "developers"))
			w.RemoveGroup("acme", "auditors")
			w.AcceptInvitation("edsger@partner.example")
		}, 2, []string{
			"Lost group `acme/auditors` | user `Linus` | none | member", "Another repository `acme/api` | group `developers` | read | write",
			"Unmanaged group `acme/developers` | user `edsger` | member | new",
			"Other group `acme/Auditors` | none | name `Auditors`, permission `read`", "Other output `unmanaged` |  | update",
		}},
		{
			"a permission is only reported, without an output", func(w *acctest.World) { w.Grant(of(on("OPS", simulator.Admin), w.Linus)) }, 0,
			[]string{"Unmanaged project `acme/OPS` | user `Linus` | admin | new"},
		},
		{"somebody leaves the workspace", func(w *acctest.World) { w.RemoveMember("acme", w.Linus.UUID) }, 2, []string{ // whose name nobody knows any more
			"Lost group `acme/auditors` | user `{571778ae-b73c-40d2-87be-88edffa4ecc7}` | none | member",
			"Lost group `acme/developers` | user `{571778ae-b73c-40d2-87be-88edffa4ecc7}` | none | member",
			"Lost project `acme/PLAT` | user `{571778ae-b73c-40d2-87be-88edffa4ecc7}` | none | create-repo",
			"Lost repository `acme/infra` | user `{571778ae-b73c-40d2-87be-88edffa4ecc7}` | none | read",
		}},
		{"nothing that is watched", func(w *acctest.World) { w.Grant(of(on("PLAT", simulator.Admin), w.Grace)) }, 0, nil},
	} {
		if err := p.world.Load(before); err != nil {
			t.Fatal(err)
		}
		test.drift(p.world)
		_, summary := p.expect(t, test.code, "sh drift.sh detect")
		expectNoWrites(t, p.world)
		if diff := cmp.Diff(test.want, rowsOf(summary)); diff != "" {
			t.Errorf("%s: the summary (-want +got):\n%s\n%s", test.name, diff, summary)
		}
		clean, drifted := summary == noDrift, strings.HasPrefix(summary, "# Access has drifted\n")
		if clean != (test.code == 0 && test.want == nil) || drifted != (test.code == 2) {
			t.Errorf("%s: the summary says:\n%s", test.name, summary)
		}
	}
}
