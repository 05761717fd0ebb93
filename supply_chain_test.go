package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yaml "github.com/oasdiff/yaml3"
)

// workflow is what is checked of a workflow of GitHub Actions.
type workflow struct {
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]job
}

// job is one job of a workflow.
type job struct {
	Uses           yaml.Node
	RunsOn         string `yaml:"runs-on"`
	Environment    string
	TimeoutMinutes int `yaml:"timeout-minutes"`
	Permissions    map[string]string
	Steps          []step
}

// step is one step of a job.
type step struct {
	Uses yaml.Node
	Run  string
	With map[string]any
}

// writers are the jobs that may write, and what. All others only read the repository.
var writers = map[string]map[string]string{
	"release.yml release": {"contents": "write"},
	"release.yml attest":  {"attestations": "write", "id-token": "write"},
}

var (
	pinned = regexp.MustCompile(`^[\w-]+(/[\w-]+)+@[0-9a-f]{40}$`)
	tagged = regexp.MustCompile(`^# v\d+\.\d+\.\d+$`)
)

func TestEveryActionIsPinnedToOneCommit(t *testing.T) {
	t.Parallel()
	commits := map[string]string{}
	for name, w := range workflows(t) {
		for _, uses := range w.actions() {
			action, commit, _ := strings.Cut(uses.Value, "@")
			switch {
			case strings.HasPrefix(action, "./"):
				readFile(t, action)
			case !pinned.MatchString(uses.Value):
				t.Errorf("%s:%d: %q is not pinned to a commit", name, uses.Line, uses.Value)
			case !tagged.MatchString(uses.LineComment):
				t.Errorf("%s:%d: %q does not say which version its commit is, but %q", name, uses.Line, action, uses.LineComment)
			case commits[action] != "" && commits[action] != commit+uses.LineComment:
				t.Errorf("%s:%d: %q is another one elsewhere", name, uses.Line, action)
			}
			commits[action] = commit + uses.LineComment
		}
	}
}

func TestWorkflowsCanDoNoMoreThanTheyMust(t *testing.T) {
	t.Parallel()
	for name, w := range workflows(t) {
		text := readFile(t, ".github/workflows/"+name)
		for _, trigger := range []string{"pull_request_target", "workflow_run"} {
			if strings.Contains(text, trigger) {
				t.Errorf("%s: %s gives the code of strangers the rights of the repository", name, trigger)
			}
		}
		if diff := cmp.Diff(map[string]string{"contents": "read"}, w.Permissions); diff != "" {
			t.Errorf("%s: the permissions of all jobs (-want +got):\n%s", name, diff)
		}
		if w.Concurrency["group"] == nil {
			t.Errorf("%s: runs do not know of each other: it has no concurrency", name)
		}
		for key, j := range w.Jobs {
			key = name + " " + key
			if diff := cmp.Diff(writers[key], j.Permissions); diff != "" {
				t.Errorf("%s: permissions (-want +got):\n%s", key, diff)
			}
			if j.Uses.Value == "" && (j.TimeoutMinutes == 0 || j.RunsOn == "" || strings.HasSuffix(j.RunsOn, "-latest")) {
				t.Errorf("%s: it runs on %q for %d minutes: name a version, and a limit", key, j.RunsOn, j.TimeoutMinutes)
			}
			for _, s := range j.Steps {
				checkStep(t, key, j, s)
			}
		}
	}
}

// checkStep checks what a step is given.
func checkStep(t *testing.T, key string, j job, s step) {
	t.Helper()
	with := func(action, input string, want any) {
		if strings.HasPrefix(s.Uses.Value, action+"@") && s.With[input] != want {
			t.Errorf("%s: %s has %s %v, want %v", key, action, input, s.With[input], want)
		}
	}
	with("actions/checkout", "persist-credentials", false)
	with("actions/setup-go", "go-version-file", ".go-version")
	if strings.HasPrefix(key, "release.yml") {
		with("actions/setup-go", "cache", false)
	}
	if strings.Contains(s.Run, "${{") {
		t.Errorf("%s: a script has an expression in its text, which whoever chose the value could extend: pass it by env", key)
	}
	for _, value := range s.With {
		if text, ok := value.(string); ok && strings.Contains(text, "secrets.") && j.Environment == "" {
			t.Errorf("%s: it takes a secret outside of an environment", key)
		}
	}
}

func TestTheReleaseWorkflowWaitsForTheChecksAndVerifiesWhatItSigned(t *testing.T) {
	t.Parallel()
	release := decode[struct {
		Jobs map[string]struct {
			Needs yaml.Node
			Uses  string
		}
	}](t, ".github/workflows/release.yml")
	var needs []string
	if err := new(release.Jobs["release"].Needs).Decode(&needs); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"check", "test", "build", "vulnerabilities"} {
		if !slices.Contains(needs, name) || release.Jobs[name].Uses != "./.github/workflows/"+name+".yml" {
			t.Errorf("the release does not wait for %s.yml", name)
		}
	}
	if !strings.Contains(readFile(t, ".github/workflows/release.yml"), "gpg --verify ./*_SHA256SUMS.sig ./*_SHA256SUMS\n") {
		t.Error("nobody looks whether the signature is one of the checksums")
	}
}

// workflows are the workflows by the names of their files.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	paths, err := filepath.Glob(".github/workflows/*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no workflows: %v", err)
	}
	all := map[string]workflow{}
	for _, path := range paths {
		all[filepath.Base(path)] = decode[workflow](t, path)
	}
	return all
}

// actions are the texts after "uses:".
func (w workflow) actions() []yaml.Node {
	var nodes []yaml.Node
	for _, j := range w.Jobs {
		nodes = append(nodes, j.Uses)
		for _, s := range j.Steps {
			nodes = append(nodes, s.Uses)
		}
	}
	return slices.DeleteFunc(nodes, func(n yaml.Node) bool { return n.IsZero() })
}

// decode reads a YAML file.
func decode[T any](t *testing.T, path string) T {
	t.Helper()
	var value T
	if err := yaml.Unmarshal([]byte(readFile(t, path)), &value); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return value
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
