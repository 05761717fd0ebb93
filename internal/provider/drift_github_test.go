package provider_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// githubWorkflow is what the tests look at in the workflow of the example.
type githubWorkflow struct {
	On struct {
		Schedule []struct{ Cron string }
		Dispatch map[string]any `yaml:"workflow_dispatch"`
	}
	Permissions map[string]string
	Jobs        map[string]struct {
		Environment string
		Permissions map[string]string
		Steps       []githubStep
	}
}

// githubStep is a step of a job, which runs a script or uses an action.
type githubStep struct {
	Uses, Run, If string
	Env           map[string]string
}

// runs are the steps of a job that run something.
func (g githubWorkflow) runs(job string) []githubStep {
	return slices.DeleteFunc(slices.Clone(g.Jobs[job].Steps), func(s githubStep) bool { return s.Run == "" })
}

func TestTheWorkflowOfGitHubTellsInAnIssueWhatItFinds(t *testing.T) {
	t.Parallel()
	g := parsed[githubWorkflow](t, "github-actions.yml")
	if len(g.On.Schedule) != 1 || g.On.Dispatch == nil {
		t.Error("nothing starts the workflow by the clock, or nobody can")
	}
	w := acctest.New(t, simulator.Options{})
	p := unapplied(t, w)
	p = p.with("GITHUB_STEP_SUMMARY", filepath.Join(p.path, "step.md"))
	p = p.stub(t, "gh", `echo "$*" >>calls
case $1-$2 in issue-list) cat open 2>/dev/null || true ;; *) cp issue.md said.md ;; esac
`)
	applying, detecting := g.runs("apply"), g.runs("drift")
	if len(applying) != 2 || len(detecting) != 3 || applying[0].Run != "sh drift.sh apply" || detecting[0].Run != "sh drift.sh detect" ||
		applying[1].Run != detecting[1].Run {
		t.Fatalf("the jobs run %+v and %+v", applying, detecting)
	}
	p.expect(t, 0, applying[0].Run)
	p.expect(t, 0, detecting[0].Run)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
	_, summary := p.expect(t, 2, detecting[0].Run)
	p.expect(t, 0, detecting[1].Run)
	if got := readFile(t, filepath.Join(p.path, "step.md")); got != summary {
		t.Errorf("the summary of the step is\n%s", got)
	}
	p.expect(t, 0, detecting[2].Run)
	p.save(t, "open", "7\n")
	p.expect(t, 0, detecting[2].Run)
	p.with("BITBUCKET_API_TOKEN", "wrong").expect(t, 1, detecting[0].Run)
	p.expect(t, 0, detecting[2].Run)
	want := `issue list --search in:title "Access has drifted" --json number --jq .[0].number // empty
issue create --title Access has drifted --body-file issue.md
issue list --search in:title "Access has drifted" --json number --jq .[0].number // empty
issue comment 7 --body-file issue.md
issue list --search in:title "The run failed" --json number --jq .[0].number // empty
issue comment 7 --body-file issue.md
`
	if diff := cmp.Diff(want, readFile(t, filepath.Join(p.path, "calls"))); diff != "" {
		t.Errorf("calls of gh (-want +got):\n%s", diff)
	}
	if said := readFile(t, filepath.Join(p.path, "said.md")); !strings.HasPrefix(said, "# The run failed\n") {
		t.Errorf("the issue says\n%s", said)
	}
}

var fromSecrets = regexp.MustCompile(`^\$\{\{ (secrets\.[A-Z_]+|github\.(token|repository)) \}\}$`)

// TestTheWorkflowOfGitHubCanDoNoMoreThanItMust holds that its actions are those that the project's own workflows have pinned, that it writes no
// more than issues, and that secrets come only from where GitHub keeps them.
func TestTheWorkflowOfGitHubCanDoNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	g := parsed[githubWorkflow](t, "github-actions.yml")
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	ours := readFile(t, filepath.Join(root, ".github", "workflows", "check.yml"))
	for line := range strings.Lines(driftFile(t, "github-actions.yml")) {
		if strings.Contains(line, "uses:") && !strings.Contains(ours, line) {
			t.Errorf("the project does not use %s", strings.TrimSpace(line))
		}
	}
	permissions := map[string]map[string]string{
		"": g.Permissions, "drift": g.Jobs["drift"].Permissions, "apply": g.Jobs["apply"].Permissions,
	}
	want := map[string]map[string]string{"": {"contents": "read"}, "drift": {"contents": "read", "issues": "write"}, "apply": nil}
	if diff := cmp.Diff(want, permissions); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	for name, job := range g.Jobs {
		if job.Environment == "" {
			t.Errorf("%s takes its secrets from the whole repository", name)
		}
		for _, s := range job.Steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s: a script has an expression in its text: %s", name, s.Run)
			}
			for variable, value := range s.Env {
				if !fromSecrets.MatchString(value) {
					t.Errorf("%s: %s is %q", name, variable, value)
				}
			}
		}
	}
}

// TestThePipelinesHoldNoSecret holds that the files only name the variables of credentials.
func TestThePipelinesHoldNoSecret(t *testing.T) {
	t.Parallel()
	set := regexp.MustCompile(`(?m)^\s*(?:BITBUCKET_\w+|TF_HTTP_PASSWORD|GH_TOKEN): (.*)$`)
	for _, name := range []string{"bitbucket-pipelines.yml", "github-actions.yml", "gitlab-ci.yml"} {
		text := driftFile(t, name)
		for _, found := range set.FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(found[1], "$") {
				t.Errorf("%s: %s", name, found[0])
			}
		}
		for _, leftover := range []string{"ATATT", "drift.json", "drift.tfplan", "tee "} {
			if strings.Contains(text, leftover) {
				t.Errorf("%s mentions %s", name, leftover)
			}
		}
	}
}
