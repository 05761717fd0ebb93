package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// stub puts a program of its own before all others of the same name.
func (p pipeline) stub(t *testing.T, name, script string) pipeline {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return p.with("PATH", bin+":"+p.env["PATH"])
}

// instead lets a script stand in for Terraform, where a plan ends with the given code and its JSON is the given text.
func (p pipeline) instead(t *testing.T, code int, text string) pipeline {
	t.Helper()
	script := fmt.Sprintf("case $1 in plan) exit %d ;; show) cat <<'END'\n%s\nEND\n;; esac\n", code, text)
	return p.stub(t, "instead", script).with("TERRAFORM", "instead")
}

// without hides a program.
func (p pipeline) without(t *testing.T, hidden string) pipeline {
	t.Helper()
	bin := t.TempDir()
	for _, name := range []string{"sh", "cat", "dirname", "mv", "rm", "jq"} {
		if path := p.find(name); name != hidden {
			if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p.with("PATH", bin)
}

// find returns where a program is.
func (p pipeline) find(name string) string {
	for _, folder := range filepath.SplitList(p.env["PATH"]) {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			return filepath.Join(folder, name)
		}
	}
	return ""
}

// TestARunThatFailsIsNeitherDriftNorNoDrift holds that whatever fails ends with 1, and with a summary that says no more than that.
func TestARunThatFailsIsNeitherDriftNorNoDrift(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(t *testing.T, p pipeline) pipeline{
		"the credential is wrong": func(_ *testing.T, p pipeline) pipeline { return p.with("BITBUCKET_API_TOKEN", "wrong") },
		"the credential is gone":  func(_ *testing.T, p pipeline) pipeline { return p.with("BITBUCKET_API_TOKEN", "") },
		"Bitbucket refuses to list": func(_ *testing.T, p pipeline) pipeline {
			p.world.Inject(simulator.Fault{Path: "/2.0/repositories/acme/api/permissions-config/**", Status: 403, Body: `{"type":"error","error":{"message":"no"}}`})
			return p
		},
		"Bitbucket answers something else": func(_ *testing.T, p pipeline) pipeline {
			p.world.Inject(simulator.Fault{Path: "/1.0/groups/acme", Status: 200, Body: "<html>maintenance</html>"})
			return p
		},
		"the state is out of reach": func(_ *testing.T, p pipeline) pipeline { return p.with("TF_HTTP_PASSWORD", "wrong") },
		"the configuration is wrong": func(t *testing.T, p pipeline) pipeline {
			t.Helper()
			p.save(t, "more.tf", "resource {")
			return p
		},
		"Terraform is missing": func(_ *testing.T, p pipeline) pipeline { return p.with("TERRAFORM", "nowhere") },
		"jq is missing": func(t *testing.T, p pipeline) pipeline {
			t.Helper()
			return p.without(t, "jq")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken(t, unapplied(t, acctest.New(t, simulator.Options{}))).expectFailure(t)
		})
	}
}

// TestAPlanThatCannotBeBelievedIsNeitherDriftNorNoDrift lets something else stand in for Terraform and for jq, which have their own reasons to
// end with 2 and 3.
func TestAPlanThatCannotBeBelievedIsNeitherDriftNorNoDrift(t *testing.T) {
	t.Parallel()
	const planned = `{"format_version":"1.2","planned_values":{},"resource_changes":[]}`
	for name, test := range map[string]struct {
		code       int
		plan       string
		jq, people string // what stands in for jq, and for platform.json
		policy     string // what stands in for policy.jq
	}{
		"Terraform dies with the code 2":     {code: 2},
		"Terraform dies with the code 3":     {code: 3, plan: planned},
		"Terraform is killed":                {code: 137, plan: planned},
		"the plan is empty":                  {code: 0},
		"the plan is no plan":                {code: 0, plan: `{"format_version":"1.0","values":{}}`},
		"the plan is cut short":              {code: 0, plan: planned[:40]},
		"the plan is of a format to come":    {code: 0, plan: strings.Replace(planned, "1.2", "2.0", 1)},
		"the plan has errors":                {code: 2, plan: strings.Replace(planned, "{", `{"errored":true,`, 1)},
		"jq fails as if it were drift":       {code: 2, plan: planned, jq: "exit 2\n"},
		"jq fails as if the policy refused":  {code: 2, plan: planned, jq: "exit 3\n"},
		"the people of the policy are wrong": {code: 2, plan: planned, people: "[]"},
		"the policy is no program":           {code: 2, plan: planned, policy: "input |"},
		"the policy says nothing":            {code: 2, plan: planned, policy: "empty"},
		"the policy says something else":     {code: 2, plan: planned, policy: "input | .format_version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := unapplied(t, acctest.New(t, simulator.Options{})).instead(t, test.code, test.plan)
			if test.jq != "" {
				p = p.stub(t, "jq", test.jq)
			}
			if test.people != "" {
				p.save(t, "platform.json", test.people)
			}
			if test.policy != "" {
				p.save(t, "policy.jq", test.policy)
			}
			p.expectFailure(t)
		})
	}
}

// expectFailure demands that both commands end with 1, and leave a summary that says no more than that.
func (p pipeline) expectFailure(t *testing.T) {
	t.Helper()
	p.save(t, "drift.md", noDrift) // of the run before
	for _, command := range []string{"sh drift.sh detect", "sh drift.sh apply"} {
		output, summary := p.expect(t, 1, command)
		if !strings.HasPrefix(summary, "# The run failed\n\n") || strings.Contains(summary, "No drift") || strings.Contains(output, "No drift: ") {
			t.Errorf("%s says\n%s\nand the summary\n%s", command, output, summary)
		}
		expectNoWrites(t, p.world)
		expectOnlySummary(t, p)
	}
}

func TestARunThatIsKilledLeavesNoSummaryOfTheRunBefore(t *testing.T) {
	t.Parallel()
	p := unapplied(t, acctest.New(t, simulator.Options{})).stub(t, "killer", "kill -9 $PPID\n").with("TERRAFORM", "killer")
	p.save(t, "drift.md", noDrift)
	if output, code := p.run(t, "sh drift.sh detect"); code == 0 || code == 2 {
		t.Errorf("it ends with %d:\n%s", code, output)
	}
	if _, err := os.Stat(filepath.Join(p.path, "drift.md")); !os.IsNotExist(err) {
		t.Errorf("the summary is still there: %v", err)
	}
}

// expectOnlySummary demands that a run leaves nothing behind that holds the plan.
func expectOnlySummary(t *testing.T, p pipeline) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(p.path, "drift.*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if diff := cmp.Diff([]string{"drift.md", "drift.sh"}, slices.Sorted(slices.Values(left))); diff != "" {
		t.Errorf("files (-want +left):\n%s", diff)
	}
}

func TestTheSummaryAndTheLogHoldNoSecretAlthoughThePlanDoes(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, acctest.New(t, simulator.Options{}))
	p.save(t, "more.tf", "variable \"key\" {\n  sensitive = true\n}\noutput \"key\" {\n  value = var.key\n  sensitive = true\n}\n")
	p = p.with("TF_VAR_key", "hunter2")
	keeps := p.stub(t, "jq", "cp drift.json kept.json\nexec '"+p.find("jq")+"' \"$@\"\n")
	output, summary := keeps.expect(t, 2, "sh drift.sh detect")
	if plan := readFile(t, filepath.Join(p.path, "kept.json")); !strings.Contains(plan, "hunter2") || strings.Contains(plan, p.world.Token) {
		t.Error("the JSON of the plan holds no value of a sensitive variable, or it holds the credential: the guide is wrong about it")
	}
	for _, secret := range []string{"hunter2", p.world.Token} {
		if strings.Contains(output+summary, secret) {
			t.Errorf("%s is in the log or in the summary", secret)
		}
	}
	expectOnlySummary(t, p)
}

func TestDetectingChangesNothingAndNeedsNoLockAndOnlyScopesToRead(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	p := newPipeline(t, w)
	w.SetScopes(w.Token, readingScopes...)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
	locked := p.with("TF_HTTP_LOCK_ADDRESS", p.env["TF_HTTP_ADDRESS"])
	locked.expect(t, 2, "sh drift.sh detect")
	locked.expect(t, 1, "sh drift.sh apply")
	expectNoWrites(t, w)
	for i := range readingScopes { // each of them is needed
		w.SetScopes(w.Token, slices.Delete(slices.Clone(readingScopes), i, i+1)...)
		if _, code := p.run(t, "sh drift.sh detect"); code != 1 {
			t.Errorf("without %s it ends with %d: the guide asks for too much", readingScopes[i], code)
		}
	}
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	mention(t, readFile(t, filepath.Join(root, "templates", "guides", "detect-drift-in-ci.md.tmpl")), quotedScopes()...)
}

// readingScopes are those that the guide on drift detection asks for.
var readingScopes = []string{
	"read:repository:bitbucket", "read:project:bitbucket", "read:workspace:bitbucket", "admin:workspace:bitbucket", "read:permission:bitbucket",
}

func quotedScopes() []string {
	written := make([]string, len(readingScopes))
	for i, scope := range readingScopes {
		written[i] = "`" + scope + "`"
	}
	return written
}

// TestThePolicyStopsAnApply holds that the plan which the policy has looked at is the one that is applied, or nothing is.
func TestThePolicyStopsAnApply(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	p := newPipeline(t, w)
	p.edit(t, "main.tf", `permission  = "create-repo"`, `permission  = "admin"`)
	_, summary := p.expect(t, 3, "sh drift.sh apply")
	mention(t, summary, "- `bitbucket_project_user_permission.linus`: user `Linus` (`"+w.Linus.UUID+"`) would become admin of project `acme/PLAT`\n")
	expectNoWrites(t, w)
	expectOnlySummary(t, p)
	p.edit(t, "platform.json", `"Grace"`, `"Grace", "`+w.Linus.UUID+`": "Linus"`)
	p.expect(t, 0, "sh drift.sh apply")
	if got := w.Permission(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID}); got != simulator.Admin {
		t.Errorf("Linus has %s", got)
	}
}
