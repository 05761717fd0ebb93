package main_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	makeCall        = regexp.MustCompile(`\bmake ((?:[a-z]+(?:-[a-z]+)* ?)+)`)
	describedTarget = regexp.MustCompile(`(?m)^([^\s:#]+):.* ## `)
	localCall       = regexp.MustCompile(`(?m)^\s*(?:\./)?(\.ci/\S+)`)
)

func TestWorkflowsCallOnlyWhatExists(t *testing.T) {
	t.Parallel()
	calls := 0
	for name, w := range workflows(t) {
		for _, j := range w.Jobs {
			for _, s := range j.Steps {
				calls += checkTargets(t, name, s.Run)
				for _, call := range localCall.FindAllStringSubmatch(s.Run, -1) {
					calls++
					if info, err := os.Stat(call[1]); err != nil || info.Mode()&0o100 == 0 {
						t.Errorf("%s: %s is no program: %v", name, call[1], err)
					}
					checkTargets(t, call[1], readFile(t, call[1]))
				}
			}
		}
	}
	if calls < 2 {
		t.Errorf("the workflows call %d targets and programs, want make vuln and .ci/run at least", calls)
	}
}

// checkTargets checks that the targets which a script makes exist, and counts them.
func checkTargets(t *testing.T, name, script string) (calls int) {
	t.Helper()
	makefile := readFile(t, "GNUmakefile")
	for _, call := range makeCall.FindAllStringSubmatch(script, -1) {
		for target := range strings.FieldsSeq(call[1]) {
			calls++
			if !strings.Contains(makefile, "\n"+target+":") {
				t.Errorf("%s: there is no target %q", name, target)
			}
		}
	}
	return calls
}

func TestHelpListsEveryTargetThatIsForUsers(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	output, err := exec.CommandContext(t.Context(), "make", "--no-print-directory", "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	var listed, described []string
	for line := range strings.Lines(string(output)) {
		listed = append(listed, strings.Fields(line)[0])
	}
	makefile := readFile(t, "GNUmakefile")
	for _, match := range describedTarget.FindAllStringSubmatch(makefile, -1) {
		described = append(described, match[1])
	}
	if diff := cmp.Diff(described, listed); diff != "" {
		t.Errorf("targets that are described (-want) and listed (+got):\n%s", diff)
	}
	_, phony, _ := strings.Cut(makefile, "\n.PHONY: ")
	for _, target := range described {
		if !slices.Contains(strings.Fields(phony), target) {
			t.Errorf("a file that is called %q would keep the target from being made: it is not in .PHONY", target)
		}
	}
}
