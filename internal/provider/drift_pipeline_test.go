package provider_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// pipeline is the example of drift detection in a folder as a job of a CI finds it, with secret variables and a place that keeps the state.
type pipeline struct {
	world *acctest.World
	path  string
	env   map[string]string
}

// requireTools ends the test where a tool is missing that the pipelines use. A CI must have them.
func requireTools(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		_, err := exec.LookPath(tool)
		switch {
		case err == nil:
		case os.Getenv("CI") == "true":
			t.Fatalf("%s is missing: the example of drift detection needs it", tool)
		default:
			t.Skipf("%s is missing: the example of drift detection needs it", tool)
		}
	}
}

// driftFile returns a file of the example.
func driftFile(t *testing.T, name string) string {
	t.Helper()
	return guideFile(t, "drift-detection", ".", name)
}

// newPipeline arranges what the example watches and applies it, by the script.
func newPipeline(t *testing.T, w *acctest.World) pipeline {
	t.Helper()
	p := unapplied(t, w)
	p.expect(t, 0, "sh drift.sh apply")
	return p
}

// unapplied arranges what the example watches, as the example says it but for the permissions, and does not apply it.
func unapplied(t *testing.T, w *acctest.World) pipeline {
	t.Helper()
	requireTools(t, "sh", "jq")
	acctest.RequireCLI(t)
	platform := w.AddGroup("acme", simulator.Group{Name: "Platform"}).Slug
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.AddGroupMember("acme", w.Developers, w.Linus.UUID)
	p := pipeline{w, t.TempDir(), map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": t.TempDir(), "TERRAFORM": os.Getenv("TF_ACC_TERRAFORM_PATH"), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1",
		"BITBUCKET_BASE_URL": w.URL, "BITBUCKET_USERNAME": w.Username, "BITBUCKET_API_TOKEN": w.Token,
		"TF_HTTP_ADDRESS": keepState(t), "TF_HTTP_USERNAME": "state", "TF_HTTP_PASSWORD": "keeps",
	}}
	if w.Organization != "" {
		maps.Copy(p.env, map[string]string{"ATLASSIAN_ADMIN_BASE_URL": w.AdminURL, "ATLASSIAN_ORG_ID": w.Organization, "ATLASSIAN_ADMIN_API_KEY": w.Key})
	}
	p.env["TF_CLI_CONFIG_FILE"] = mirror(t)
	slugs := strings.NewReplacer()
	if w.Organization != "" { // where slugs are UUIDs
		slugs = strings.NewReplacer(
			"developers = \"", `"`+w.Developers+`" = "`, "platform   = \"", `"`+platform+`" = "`,
			`= "developers"`, `= "`+w.Developers+`"`, `= "platform"`, `= "`+platform+`"`, `"platform"]`, `"`+platform+`"]`)
	}
	for _, name := range []string{"main.tf", "platform.json", "access.jq", "summary.jq", "policy.jq", "drift.sh"} {
		p.save(t, name, slugs.Replace(driftFile(t, name)))
	}
	return p
}

// mirror returns the settings of a CLI that finds the built provider as if it were published, so that "init" installs it.
func mirror(t *testing.T) string {
	t.Helper()
	built, err := acctest.ProviderFolder()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	folder := filepath.Join(root, acctest.Registry(t), acctest.Source, "1.0.0", runtime.GOOS+"_"+runtime.GOARCH)
	settings := filepath.Join(root, "cli.tfrc")
	err = errors.Join(
		os.MkdirAll(folder, 0o700),
		os.Symlink(filepath.Join(built, "terraform-provider-bitbucket"), filepath.Join(folder, "terraform-provider-bitbucket_v1.0.0")),
		os.WriteFile(settings, []byte("provider_installation {\n  filesystem_mirror {\n    path = \""+root+"\"\n  }\n}\n"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

// keepState keeps a state as Terraform's http backend wants it, for whoever has the password, and returns where. Nobody gets a lock.
func keepState(t *testing.T) string {
	t.Helper()
	var (
		mu    sync.Mutex
		state []byte
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_, password, _ := r.BasicAuth()
		switch {
		case password != "keeps":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == "LOCK": // somebody else has it
			w.WriteHeader(http.StatusLocked)
		case r.Method == http.MethodPost:
			state, _ = io.ReadAll(r.Body) // what is cut short, Terraform does not read again
		case state == nil:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(state) // whoever does not listen asks again
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// save writes a file of the folder.
func (p pipeline) save(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.path, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// edit replaces a text in a file of the folder, which must be there.
func (p pipeline) edit(t *testing.T, name, old, now string) {
	t.Helper()
	text := readFile(t, filepath.Join(p.path, name))
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not say %q", name, old)
	}
	p.save(t, name, strings.Replace(text, old, now, 1))
}

// with is the pipeline with another variable.
func (p pipeline) with(name, value string) pipeline {
	p.env = maps.Clone(p.env)
	p.env[name] = value
	return p
}

// run runs a command as a job does, in a shell that stops at the first failure, with no variables but those of the job.
func (p pipeline) run(t *testing.T, command string) (output string, code int) {
	t.Helper()
	p.world.ResetJournal()
	shell := exec.CommandContext(t.Context(), "sh", "-e", "-c", command)
	shell.Dir = p.path
	for _, name := range slices.Sorted(maps.Keys(p.env)) {
		shell.Env = append(shell.Env, name+"="+p.env[name])
	}
	printed, err := shell.CombinedOutput()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return string(printed), shell.ProcessState.ExitCode()
}

// expect runs a command that must end with an exit code, and returns what it printed and the summary that it left.
func (p pipeline) expect(t *testing.T, code int, command string) (output, summary string) {
	t.Helper()
	output, got := p.run(t, command)
	if got != code {
		t.Fatalf("%q ended with %d, want %d:\n%s", command, got, code, output)
	}
	return output, readFile(t, filepath.Join(p.path, "drift.md"))
}
