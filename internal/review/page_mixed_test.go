package review_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// mixed is a workspace with levels that nobody knows, findings about projects and groups, and names within names.
func mixed() *access.Effective {
	w := newWorld()
	ada, nevada, linus := w.person("Ada", "member"), w.person("Nevada Smith", "member"), w.person("Linus", "member")
	ken, grace, katherine := w.person("Ken Thompson", "member"), w.person("Grace Hopper", "member"), w.person("Katherine Johnson", "member")
	w.People[3].Nickname = "linus2"
	w.group("developers", "Developers", ada, katherine)
	w.project("OPS", "Operations", "alerts", "backups")
	w.project("PLAT", "Platform", "api", "ledger")
	w.grant(access.RepositoryScope, "alerts", katherine, "maintain")
	w.grant(access.RepositoryScope, "backups", katherine, `x" onclick=y admin`)
	w.grant(access.RepositoryScope, "alerts", ada, access.Read)
	w.find(access.Redundant, nil)
	w.grant(access.RepositoryScope, "ledger", nevada, access.Read)
	w.find(access.Redundant, nil)
	w.grant(access.RepositoryScope, "alerts", nevada, access.Write)
	w.find(access.DirectBesideGroup, nil)
	w.grant(access.ProjectScope, "PLAT", linus, access.Admin)
	w.find(access.AdminOutsideGroups, nil)
	w.grant(access.RepositoryScope, "alerts", linus, access.Admin)
	w.grant(access.RepositoryScope, "ledger", grace, access.Read)
	w.find(access.Redundant, nil)
	w.Findings = append(w.Findings, access.Finding{
		Kind: access.NoMember, Scope: access.Scope{Kind: access.GroupScope, Workspace: "acme", Name: "developers"}, Permission: access.Member,
		Principal: access.Principal{Kind: access.UserPrincipal, ID: ken.UUID}, Name: ken.DisplayName,
	})
	return w.complete()
}

// levelsNobodyKnowsAreShown looks at levels that Bitbucket has and the page does not know.
func levelsNobodyKnowsAreShown(t *testing.T, b *tab) {
	t.Helper()
	all := b.shown()
	if want := "6 people × 4 repositories: 9 permissions"; all != want {
		t.Errorf("the page says %q, want %q", all, want)
	}
	want := [][]string{
		{"Katherine Johnson on alerts: maintain", "?", "unknown"},
		{`Katherine Johnson on backups: x" onclick=y admin`, "?", "unknown"},
	}
	const cells = `[...document.querySelectorAll("regular-table td.unknown")].map((cell) => [cell.title, cell.textContent, cell.className])`
	if diff := cmp.Diff(want, value[[][]string](b, cells)); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if legend := value[string](b, `document.querySelector(".legend").textContent`); !strings.Contains(legend, "? maintain (unknown)") {
		t.Errorf("the legend does not explain maintain:\n%s", legend)
	}
	b.click(want[0][0])
	b.says("maintain", "1 path", "maintain on repository acme/alerts")
	b.click("Katherine Johnson: everything that this person has")
	b.says("maintain: 1 repository", "alerts")
	b.click("alerts in project OPS: everybody who has access")
	b.says("maintain: 1 person", "Katherine Johnson")
	for level, want := range map[string]string{
		"":     all,
		"read": "4 of 6 people × 3 of 4 repositories: 7 permissions",
	} {
		if shown := b.set("level", level); shown != want {
			t.Errorf("with level %q the page says %q, want %q", level, shown, want)
		}
	}
	b.set("level", "")
}

// findingsAreLookedForInWhatIsLeft filters by findings and by something else.
func findingsAreLookedForInWhatIsLeft(t *testing.T, b *tab) {
	t.Helper()
	all := b.shown()
	for hash, want := range map[string]string{
		"finding=redundant_grant":                                  "3 of 6 people × 2 of 4 repositories: 4 permissions",
		"finding=redundant_grant&project=OPS":                      "1 of 6 people × 1 of 4 repositories: 1 permission",
		"finding=redundant_grant&repository=ledger":                "2 of 6 people × 1 of 4 repositories: 2 permissions",
		"finding=redundant_grant&person=Hopper":                    "1 of 6 people × 1 of 4 repositories: 1 permission",
		"finding=redundant_grant&level=write":                      "0 of 6 people × 0 of 4 repositories: 0 permissions",
		fmt.Sprintf("finding=%s", access.AdminOutsideGroups):       "1 of 6 people × 2 of 4 repositories: 2 permissions",
		fmt.Sprintf("finding=%s&project=OPS", access.NoMember):     "1 of 6 people × 2 of 4 repositories: 0 permissions",
		fmt.Sprintf("finding=%s&repository=alerts", access.Public): "0 of 6 people × 1 of 4 repositories: 0 permissions",
	} {
		b.link("#"+hash, want)
	}
	b.link("#", all)
	for kind, want := range map[access.FindingKind][]string{
		"":                        {"Ada on alerts", "Grace Hopper on ledger", "Linus on api", "Linus on ledger", "Nevada Smith on alerts", "Nevada Smith on ledger"},
		access.Redundant:          {"Ada on alerts", "Grace Hopper on ledger", "Nevada Smith on ledger"},
		access.AdminOutsideGroups: {"Linus on api", "Linus on ledger"},
	} {
		b.set("finding", string(kind))
		marked := value[[]string](b, `[...document.querySelectorAll("regular-table td.found")].map((cell) => cell.title.split(":")[0]).sort()`)
		if diff := cmp.Diff(want, marked); diff != "" {
			t.Errorf("cells that are marked for the kind %q (-want +got):\n%s", kind, diff)
		}
		b.set("finding", "")
	}
}

// findingsLeadToOnePerson follows the link of every finding, which calls people by their names where nobody else answers to them.
func findingsLeadToOnePerson(t *testing.T, b *tab) {
	t.Helper()
	const id = "%7B00000000-0000-4000-8000-00000000000"
	want := map[string]string{
		"#person=" + id + "0%7D&repository=alerts": "1 of 6 people × 1 of 4 repositories: 1 permission",
		"#person=Nevada+Smith&repository=alerts":   "1 of 6 people × 1 of 4 repositories: 1 permission",
		"#person=Nevada+Smith&repository=ledger":   "1 of 6 people × 1 of 4 repositories: 1 permission",
		"#person=" + id + "2%7D&project=PLAT":      "1 of 6 people × 2 of 4 repositories: 2 permissions",
		"#person=Grace+Hopper&repository=ledger":   "1 of 6 people × 1 of 4 repositories: 1 permission",
		"#person=Ken+Thompson":                     "1 of 6 people × 4 repositories: 0 permissions",
	}
	links := value[[]string](b, `[...document.querySelectorAll("table.findings a")].map((a) => a.getAttribute("href"))`)
	if len(links) != len(want) {
		t.Errorf("there are %d links, want %d", len(links), len(want))
	}
	for _, hash := range links {
		if want[hash] == "" {
			t.Errorf("a finding leads to %s", hash)
			continue
		}
		b.link(hash, want[hash])
	}
}

// projectsAreNotCutOff compares the field for projects with one as wide as the name of the project that is chosen.
func projectsAreNotCutOff(t *testing.T, b *tab) {
	t.Helper()
	b.set("project", "OPS")
	if title := value[string](b, `document.querySelector("select[name=project]").title`); title != "OPS · Operations" {
		t.Errorf("the title of the field for projects is %q", title)
	}
	room := value[[]int](b, `(() => {
		const field = document.querySelector("select[name=project]");
		const copy = document.createElement("select");
		copy.append(new Option(field.selectedOptions[0].text));
		field.after(copy);
		copy.style.width = "max-content";
		const wide = copy.offsetWidth;
		copy.remove();
		return [field.offsetWidth, wide];
	})()`)
	if room[0] < room[1] {
		t.Errorf("the field for projects is %d pixels wide, which cuts off a name that takes %d", room[0], room[1])
	}
}
