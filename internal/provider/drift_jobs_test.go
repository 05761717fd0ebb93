package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	yaml "github.com/oasdiff/yaml3"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// jobs are what the three files of the example say that is run, with what they keep.
type jobs struct{ detect, apply, kept []string }

func parsed[file any](t *testing.T, name string) (f file) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(driftFile(t, name)), &f); err != nil {
		t.Fatalf("%s: %s", name, err)
	}
	return f
}

func jobsOfBitbucket(t *testing.T) jobs {
	t.Helper()
	type pipelines []struct {
		Step struct {
			Script    []string
			Artifacts struct {
				Upload []struct {
					Paths   []string
					Capture string `yaml:"capture-on"`
				}
			}
		}
	}
	custom := parsed[struct {
		Pipelines struct{ Custom map[string]pipelines }
	}](t, "bitbucket-pipelines.yml").Pipelines.Custom
	upload := custom["drift"][0].Step.Artifacts.Upload[0]
	if upload.Capture != "always" {
		t.Error("the summary is not kept when there is drift")
	}
	return jobs{custom["drift"][0].Step.Script, custom["apply"][0].Step.Script, upload.Paths}
}

func jobsOfGitLab(t *testing.T) jobs {
	t.Helper()
	type scripted struct{ Script []string }
	f := parsed[struct {
		Default struct {
			Before    []string `yaml:"before_script"`
			Artifacts struct {
				When  string
				Paths []string
			}
		}
		Drift, Apply scripted
	}](t, "gitlab-ci.yml")
	if f.Default.Artifacts.When != "always" {
		t.Error("the summary is not kept when there is drift")
	}
	return jobs{slices.Concat(f.Default.Before, f.Drift.Script), slices.Concat(f.Default.Before, f.Apply.Script), f.Default.Artifacts.Paths}
}

// TestThePipelinesOfBitbucketAndGitLabRunTheScriptAndKeepTheSummary runs what their files say.
func TestThePipelinesOfBitbucketAndGitLabRunTheScriptAndKeepTheSummary(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(*testing.T) jobs{"Bitbucket": jobsOfBitbucket, "GitLab": jobsOfGitLab} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := read(t)
			want := jobs{[]string{"apk add --no-cache jq", "sh drift.sh detect"}, []string{"apk add --no-cache jq", "sh drift.sh apply"}, []string{"drift.md"}}
			if diff := cmp.Diff(want, j, cmp.AllowUnexported(jobs{})); diff != "" {
				t.Fatalf("jobs (-want +got):\n%s", diff)
			}
			w := acctest.New(t, simulator.Options{})
			p := unapplied(t, w).stub(t, "apk", "")
			p.expect(t, 0, strings.Join(j.apply, "\n"))
			p.expect(t, 0, strings.Join(j.detect, "\n"))
			w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
			p.expect(t, 2, strings.Join(j.detect, "\n"))
			p.with("BITBUCKET_API_TOKEN", "wrong").expect(t, 1, strings.Join(j.detect, "\n"))
		})
	}
}
