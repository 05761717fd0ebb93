package main_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yaml "github.com/oasdiff/yaml3"
)

// purposes are the commands that each job is there for, by the names of its workflow and its own.
var purposes = map[string][]string{
	"build.yml build":                     {"go build ./...", "go vet ./..."},
	"build.yml docs":                      {"make check-docs"},
	"snapshot.yml snapshot":               {"make snapshot"},
	"check.yml check":                     {".ci/run"},
	"test.yml opentofu":                   {"make test-tofu"},
	"test.yml terraform":                  {"make test"},
	"vulnerabilities.yml vulnerabilities": {"make vuln VULNFLAGS=-required"},
}

// fullWorkflow is all of a workflow, as it is written.
type fullWorkflow struct {
	On          map[string]any
	Concurrency struct {
		Group  string
		Cancel any `yaml:"cancel-in-progress"`
	}
	Jobs map[string]map[string]any
}

// fullWorkflows are the workflows by the names of their files.
func fullWorkflows(t *testing.T) map[string]fullWorkflow {
	t.Helper()
	all := map[string]fullWorkflow{}
	for name := range workflows(t) {
		all[name] = decode[fullWorkflow](t, ".github/workflows/"+name)
	}
	return all
}

func TestEveryJobRunsWhatItIsFor(t *testing.T) {
	t.Parallel()
	got := map[string][]string{}
	for name, w := range workflows(t) {
		for key, j := range w.Jobs {
			for _, s := range j.Steps {
				if s.Run != "" && name != "release.yml" {
					got[name+" "+key] = append(got[name+" "+key], s.Run)
				}
			}
		}
	}
	if diff := cmp.Diff(purposes, got); diff != "" {
		t.Errorf("what jobs run (-want +got):\n%s", diff)
	}
	if !strings.HasSuffix(strings.TrimSpace(readFile(t, ".ci/run")), "\nexec make check") {
		t.Error(".ci/run does not end with the check")
	}
}

func TestNoJobPassesWithoutHavingRun(t *testing.T) {
	t.Parallel()
	for name, w := range fullWorkflows(t) {
		for key, j := range w.Jobs {
			steps, _ := j["steps"].([]any)
			for _, s := range append(steps, any(j)) {
				one, _ := s.(map[string]any)
				for _, escape := range []string{"if", "continue-on-error"} {
					if one[escape] != nil {
						t.Errorf("%s %s: it has %q: %v", name, key, escape, one[escape])
					}
				}
			}
		}
	}
}

// TestEveryVersionOfTheMatrixIsTheOneThatIsInstalled holds that the rows of a matrix differ.
func TestEveryVersionOfTheMatrixIsTheOneThatIsInstalled(t *testing.T) {
	t.Parallel()
	for _, s := range workflows(t)["test.yml"].Jobs["terraform"].Steps {
		if strings.HasPrefix(s.Uses.Value, "hashicorp/setup-terraform@") {
			if s.With["terraform_version"] != "${{ matrix.terraform }}" || s.With["terraform_wrapper"] != false {
				t.Errorf("it installs %v, with a wrapper: %v", s.With["terraform_version"], s.With["terraform_wrapper"])
			}
			return
		}
	}
	t.Error("it installs no Terraform")
}

func TestEveryMatrixNamesRunnersWithAVersion(t *testing.T) {
	t.Parallel()
	var got []string
	for name, w := range fullWorkflows(t) {
		for key := range w.Jobs {
			runners, _ := dig(w.Jobs[key], "strategy.matrix.runner").([]any)
			for _, runner := range runners {
				system, version, _ := strings.Cut(runner.(string), "-")
				if version == "" || version == "latest" {
					t.Errorf("%s %s: it runs on %v", name, key, runner)
				}
				got = append(got, system)
			}
		}
	}
	if diff := cmp.Diff([]string{"ubuntu", "macos", "windows"}, got); diff != "" {
		t.Errorf("systems that it is built on (-want +got):\n%s", diff)
	}
}

// TestWorkflowsRunWhenTheyAreNeeded holds besides that a release can call what it waits for, without waiting for itself or being cancelled.
func TestWorkflowsRunWhenTheyAreNeeded(t *testing.T) {
	t.Parallel()
	all := fullWorkflows(t)
	called := map[string]bool{}
	for _, j := range all["release.yml"].Jobs {
		if uses, ok := j["uses"].(string); ok {
			called[path.Base(uses)] = true
		}
	}
	groups := map[string]string{}
	for name, w := range all {
		if other := groups[w.Concurrency.Group]; other != "" {
			t.Errorf("%s and %s share %q: one ends or waits for the other", name, other, w.Concurrency.Group)
		}
		groups[w.Concurrency.Group] = name
		_, callable := w.On["workflow_call"]
		if callable != called[name] {
			t.Errorf("%s: a release calls it: %t; it can be called: %t", name, called[name], callable)
		}
		if name == "release.yml" {
			if diff := cmp.Diff(map[string]any{"push": map[string]any{"tags": []any{"v*"}}}, w.On); diff != "" || w.Concurrency.Cancel != false {
				t.Errorf("a release begins otherwise, or is cancelled by another (-want +got):\n%s", diff)
			}
			continue
		}
		if _, found := w.On["pull_request"]; !found || cmp.Diff([]any{"main"}, dig(w.On, "push.branches")) != "" {
			t.Errorf("%s: it does not run for pull requests and for main: %v", name, w.On)
		}
		if !strings.HasSuffix(w.Concurrency.Group, "-${{ github.ref }}") || w.Concurrency.Cancel != "${{ github.event_name == 'pull_request' }}" {
			t.Errorf("%s: the concurrency is %+v, which could end the run of another branch or of a release", name, w.Concurrency)
		}
	}
	for _, name := range []string{"test.yml", "vulnerabilities.yml"} {
		if all[name].On["schedule"] == nil {
			t.Errorf("%s: what is new outside is not met without a change here", name)
		}
	}
}

// TestAReleaseIsGuarded holds what a release looks at before it is made and after.
func TestAReleaseIsGuarded(t *testing.T) {
	t.Parallel()
	jobs := decode[struct {
		Jobs map[string]struct {
			Needs yaml.Node
			Steps []step
		}
	}](t, ".github/workflows/release.yml").Jobs
	var order []string
	for _, s := range jobs["release"].Steps {
		action, _, _ := strings.Cut(s.Uses.Value, "@")
		switch {
		case action == "actions/checkout" && s.With["fetch-depth"] != 0:
			t.Error("the history, in which main is looked for, is not there")
		case action == "goreleaser/goreleaser-action" && s.With["args"] != "release --clean":
			t.Errorf("GoReleaser is told %v", s.With["args"])
		}
		for what, text := range map[string]string{
			"on main":   "git merge-base --is-ancestor HEAD origin/main",
			"version":   `[[ "$GITHUB_REF_NAME" =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.-]+)?$ ]]`,
			"made":      "goreleaser/goreleaser-action@",
			"checksums": "sha256sum --check --ignore-missing --strict ./*_SHA256SUMS\n",
			"handed on": `>> "$GITHUB_OUTPUT"`,
		} {
			if strings.Contains(s.Run+s.Uses.Value, text) {
				order = append(order, what)
			}
		}
	}
	if diff := cmp.Diff([]string{"on main", "version", "made", "checksums", "handed on"}, order); diff != "" {
		t.Errorf("the steps (-want +got):\n%s", diff)
	}
	if jobs["attest"].Needs.Value != "release" {
		t.Error("it attests what has not been made")
	}
}

// TestWhatTakesLongToBuildHasACacheOfItsOwn holds that a job which compiles more than others finds it again: actions/setup-go names a cache after
// the system, the release of Go and the hash of cache-dependency-path, and the first job that ends is the one whose cache is kept.
func TestWhatTakesLongToBuildHasACacheOfItsOwn(t *testing.T) {
	t.Parallel()
	users := map[string][]string{}
	for name, w := range workflows(t) {
		for key, j := range w.Jobs {
			for _, s := range j.Steps {
				if strings.HasPrefix(s.Uses.Value, "actions/setup-go@") {
					depends, _ := s.With["cache-dependency-path"].(string)
					cache := j.RunsOn + " " + depends
					users[cache] = append(users[cache], name+" "+key)
				}
			}
		}
	}
	for _, heavy := range []string{"test.yml opentofu", "snapshot.yml snapshot"} {
		for cache, jobs := range users {
			if slices.Contains(jobs, heavy) && len(jobs) > 1 {
				slices.Sort(jobs)
				t.Errorf("%s has the cache %q together with %v, so that whichever ends first decides what is in it", heavy, cache, jobs)
			}
		}
	}
}

// patch is a version with its three numbers.
var patch = regexp.MustCompile(`^(\d+\.\d+)\.\d+$`)

// TestTheSuiteRunsWithTheCLIsThatTheDocumentationNames compares the matrix of the tests with what the first page says.
func TestTheSuiteRunsWithTheCLIsThatTheDocumentationNames(t *testing.T) {
	t.Parallel()
	type job struct {
		Strategy struct{ Matrix struct{ Terraform []string } }
		Steps    []step
	}
	jobs := decode[struct{ Jobs map[string]job }](t, ".github/workflows/test.yml").Jobs
	var versions []string
	for _, version := range jobs["terraform"].Strategy.Matrix.Terraform {
		versions = append(versions, patch.ReplaceAllString(version, "$1"))
	}
	last := len(versions) - 1
	if last < 0 || versions[last] != "latest" {
		t.Fatalf("the suite runs with Terraform %s, and not with the latest", versions)
	}
	said := "Terraform " + strings.Join(versions[:last], ", ") + " and the latest"
	if !strings.Contains(readFile(t, "docs/index.md"), said) {
		t.Errorf("the suite runs with %s, and the first page says otherwise", said)
	}
	if steps := jobs["opentofu"].Steps; len(steps) == 0 || steps[len(steps)-1].Run != "make test-tofu" {
		t.Error("the suite does not run with OpenTofu")
	}
}
