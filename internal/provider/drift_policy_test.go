package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// ownWords are the words in cases of the policy that stand for something that each case has of its own, so that one plan can hold them all.
var ownWords = regexp.MustCompile(`\b(it|infra|OPS|WEB|Leads|team|keepers|Keepers|edsger)\b`)

// labeled puts the label of a case behind its own words.
func labeled(label, text string) string { return ownWords.ReplaceAllString(text, "${1}"+label) }

// policed is the pipeline of the example in a world in which each label has two projects, a repository, a team and a group of the platform.
func policed(t *testing.T, labels []string) pipeline {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	p := unapplied(t, w)
	var keepers strings.Builder
	for _, label := range labels {
		for _, key := range []string{"OPS", "WEB"} {
			w.AddProject(simulator.Project{Workspace: "acme", Key: key + label, Name: key + label})
		}
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: "OPS" + label, Slug: "infra" + label, Name: "infra" + label})
		w.AddGroup("acme", simulator.Group{Name: "team" + label})
		w.AddGroup("acme", simulator.Group{Name: "Keepers" + label})
		fmt.Fprintf(&keepers, `, "keepers%[1]s", "new-keepers%[1]s"`, label)
	}
	p.edit(t, "platform.json", `"platform"`, `"platform"`+keepers.String())
	return p
}

// labelsOf numbers the cases.
func labelsOf[c any](cases map[string]c) (names, labels []string) {
	names = slices.Sorted(maps.Keys(cases))
	for i := range names {
		labels = append(labels, fmt.Sprintf("n%02d", i))
	}
	return names, labels
}

// verdictsOf are what the policy says of a plan with these resources, by the label of the resource, without ids.
func verdictsOf(t *testing.T, p pipeline, resources string) map[string][]string {
	t.Helper()
	account := strings.NewReplacer(linusAccount, p.world.Linus.AccountID, graceAccount, p.world.Grace.AccountID)
	p.save(t, "more.tf", notYet+account.Replace(resources))
	_, summary := p.expect(t, 2, "sh drift.sh detect")
	_, verdict, _ := strings.Cut(summary, "\n## Policy\n\n")
	if strings.TrimSpace(verdict) == allowedPlan {
		return nil
	}
	listed, refused := strings.CutPrefix(verdict, refusedPlan)
	if !refused || listed == "" {
		t.Fatalf("the policy says %q", verdict)
	}
	reasons := map[string][]string{}
	for line := range strings.Lines(ids.ReplaceAllString(listed, "")) {
		address, reason, _ := strings.Cut(strings.TrimSpace(line), ": ")
		label := strings.TrimPrefix(strings.Trim(filepath.Ext(address), "`"), ".it")
		reasons[label] = append(reasons[label], reason)
	}
	return reasons
}

// expectVerdicts demands what the policy says of each of the cases in one plan, and of nothing else.
func expectVerdicts(t *testing.T, p pipeline, cases policyCases) {
	t.Helper()
	names, labels := labelsOf(cases)
	var all strings.Builder
	for i, name := range names {
		all.WriteString(labeled(labels[i], cases[name].resources))
	}
	said := verdictsOf(t, p, all.String())
	for i, name := range names {
		var want []string
		for _, reason := range cases[name].want {
			want = append(want, labeled(labels[i], reason))
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(said[labels[i]]))); diff != "" {
			t.Errorf("%s: the policy says (-want +got):\n%s", name, diff)
		}
		delete(said, labels[i])
	}
	if len(said) > 0 {
		t.Errorf("the policy also refuses %v", said)
	}
}

// TestThePolicyRefusesWhoeverWouldBecomeAdmin tries the policy on a plan that Terraform makes, of whatever can give admin.
func TestThePolicyRefusesWhoeverWouldBecomeAdmin(t *testing.T) {
	t.Parallel()
	_, labels := labelsOf(refusals())
	expectVerdicts(t, policed(t, labels), refusals())
}

// TestThePolicyAllowsWhatGivesNobodyAdmin tries the policy on a plan of what only looks like it. A module finds out who is who.
func TestThePolicyAllowsWhatGivesNobodyAdmin(t *testing.T) {
	t.Parallel()
	_, labels := labelsOf(allowances())
	p := policed(t, labels)
	const people = "data \"bitbucket_users\" \"all\" {\n  workspace = \"acme\"\n}\n"
	p.edit(t, "main.tf", people, "module \"people\" {\n  source = \"./people\"\n}\n")
	if err := os.Mkdir(filepath.Join(p.path, "people"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.save(t, "people/main.tf", "terraform {\n  required_providers {\n    bitbucket = {\n      source = \"bitbucket-access/bitbucket\"\n    }\n  }\n}\n"+people)
	expectVerdicts(t, p, allowances())
}

// TestThePolicyLooksAtWhoBecomesAdminAndNotAtWhoWas holds that what a plan leaves, lowers or takes away is allowed, and what it raises is not.
func TestThePolicyLooksAtWhoBecomesAdminAndNotAtWhoWas(t *testing.T) {
	t.Parallel()
	list := func(linus, team string) string {
		return gives("repository_permissions_exclusive", infra, `users = { "`+linusUUID+`" = "`+linus+`" }`, `groups = { team = "`+team+`" }`)
	}
	grant := func(project, level string) string {
		return gives("project_user_permission", `project_key = "`+project+`"`, `user_id = "`+linusUUID+`"`, `permission = "`+level+`"`)
	}
	cases := policyCases{
		"a list with an old admin":      {list("admin", "read"), nil},
		"lower levels":                  {list("read", "write") + grant("OPS", "write"), nil},
		"a new admin on a list":         {list("admin", "admin"), []string{"group `team` would become admin of repository `acme/infra`"}},
		"a permission that is gone":     {list("admin", "write"), nil},
		"a list that is gone":           {grant("OPS", "admin"), nil},
		"a permission on something new": {grant("WEB", "admin"), []string{"user `Linus` would become admin of project `acme/WEB`"}}, // replaced
	}
	_, labels := labelsOf(cases)
	p := policed(t, labels)
	var before strings.Builder
	for _, label := range labels {
		before.WriteString(labeled(label, list("admin", "write")+grant("OPS", "admin")))
	}
	p.save(t, "more.tf", before.String())
	for _, command := range []string{"init", "apply -auto-approve"} {
		if output, code := p.run(t, `"$TERRAFORM" `+command); code != 0 {
			t.Fatal(output)
		}
	}
	expectVerdicts(t, p, cases)
}
