package provider_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// exception is an example that the test command does not apply. Where it is planned it has tests all the same.
type exception struct {
	planned bool
	why     string
}

// exceptions are the examples that the test command does not apply, by folder below examples.
var exceptions = map[string]exception{
	"adopt/lists":                   {why: "is a query, which the test command does not run"},
	"adopt/query":                   {why: "is a query, which the test command does not run"},
	"moving-over/fabianschurig":     {why: "starts from the state of another provider"},
	"moving-over/forget-and-import": {why: "starts from the state of another provider"},
	"moving-over/side-by-side":      {why: "starts from the state of another provider, and needs that provider"},
	"moving-over/zahiar":            {why: "starts from the state of another provider"},
	"provider":                      {why: "has nothing that uses the provider, so that Terraform does not even configure it"},
	"roster":                        {planned: true, why: "empties groups when it is destroyed, which its prevent_destroy forbids"},
}

// needs are what examples take that is newer than the test command.
var needs = map[string]acctest.Feature{"adopt/object": acctest.ImportForEach}

// examplesFolder is the folder with all examples.
func examplesFolder(t *testing.T) string {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "examples")
}

// exampleModules are the examples that are configurations of their own, by folder below examples, and the files of each for the test
// command. Pages about one resource, data source or list are not among them: other tests apply these.
func exampleModules(t *testing.T) map[string][]string {
	t.Helper()
	examples := os.DirFS(examplesFolder(t))
	modules := map[string][]string{}
	err := fs.WalkDir(examples, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if slices.Contains([]string{"resources", "data-sources", "list-resources", "tests"}, entry.Name()) {
			return fs.SkipDir
		}
		configuration, err := fs.Glob(examples, path+"/*.tf")
		if err != nil || len(configuration) == 0 {
			return err
		}
		modules[path], err = fs.Glob(examples, path+"/tests/*.tftest.hcl")
		return err
	})
	if err != nil || len(modules) == 0 {
		t.Fatalf("%d examples, %v", len(modules), err)
	}
	return modules
}

func TestEveryExampleModuleHasTestsOrAReasonToHaveNone(t *testing.T) {
	t.Parallel()
	modules := exampleModules(t)
	for name, tests := range modules {
		exception, excepted := exceptions[name]
		switch want := !excepted || exception.planned; {
		case want && len(tests) == 0:
			t.Errorf("examples/%s has no tests/*.tftest.hcl", name)
		case !want && len(tests) > 0:
			t.Errorf("examples/%s has %v, although it %s", name, tests, exception.why)
		}
	}
	for name, exception := range exceptions {
		if _, found := modules[name]; !found || exception.why == "" {
			t.Errorf("the exception of %s is not needed, or has no reason", name)
		}
	}
}

// newCastWorld is the world that the tests of examples run in, as the simulator serves it to whoever runs them by hand.
func newCastWorld(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.NewManaged(t, simulator.Options{})
	var seed simulator.Seed
	decoder := json.NewDecoder(strings.NewReader(readFile(t, filepath.Join(examplesFolder(t), "acme.json"))))
	decoder.DisallowUnknownFields()
	if err := errors.Join(decoder.Decode(&seed), w.Load(seed)); err != nil {
		t.Fatal(err)
	}
	w.Username, w.Token = simulator.AcmeUsername, simulator.AcmeAPIToken
	w.Organization, w.Key = simulator.AcmeOrganizationID, simulator.AcmeOrganizationKey
	return w
}

// runTests runs the test command in a copy of an example. The test ends where the CLI has no such command.
func runTests(t *testing.T, w *acctest.World, name string, code int) (output string) {
	t.Helper()
	acctest.Require(t, cmp.Or(needs[name], acctest.ModuleTests))
	c := w.Command(t, "")
	top, _, _ := strings.Cut(name, "/") // an example may use another one beside it
	if err := os.CopyFS(filepath.Join(c.Path(), "examples", top), os.DirFS(filepath.Join(examplesFolder(t), top))); err != nil {
		t.Fatal(err)
	}
	folder := "-chdir=" + filepath.Join("examples", filepath.FromSlash(name))
	c.Run(t, 0, folder, "get")
	return c.Run(t, code, folder, "test")
}

// runsOf returns how many runs a file for the test command has, and how many of them apply the example itself: a run with a module
// arranges or looks at something beside it.
func runsOf(t *testing.T, file string) (all, applies int) {
	t.Helper()
	for _, run := range strings.Split("\n"+readFile(t, filepath.Join(examplesFolder(t), file)), "\nrun ")[1:] {
		all++
		switch {
		case strings.Contains(run, "\n  command = apply\n"):
			if !strings.Contains(run, "\n  module {\n") {
				applies++
			}
		case !strings.Contains(run, "\n  command = plan\n"):
			t.Errorf("%s has a run that does not say whether it plans or applies: %s", file, run)
		}
	}
	return all, applies
}

// TestTheTestsOfExampleModulesPassAndLeaveNothing holds besides that one simulator is enough for whoever tries all of them by hand.
func TestTheTestsOfExampleModulesPassAndLeaveNothing(t *testing.T) {
	t.Parallel()
	for name, files := range exampleModules(t) {
		if len(files) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCastWorld(t)
			before := w.Snapshot()
			var runs, applied int
			for _, file := range files {
				all, applies := runsOf(t, file)
				runs, applied = runs+all, applied+applies
			}
			if exceptions[name].planned != (applied == 0) {
				t.Errorf("%d runs apply the example, and the exception for it is %+v", applied, exceptions[name])
			}
			mention(t, runTests(t, w, name, 0), fmt.Sprintf("Success! %d passed, 0 failed.", runs))
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

// wrongAccess is what somebody did by hand before the tests of an example, and what these say then.
var wrongAccess = map[string]struct {
	given simulator.Grant // its user is an e-mail address, and without a permission becomes a member of its group
	want  string
}{
	"access-review": {
		simulator.Grant{Repository: "ledger", User: "radia@acme.example", Permission: simulator.Admin},
		"Others have been given access in person:",
	},
	"access-review/rules": {
		simulator.Grant{Repository: "api", User: "linus@acme.example", Permission: simulator.Write},
		"Only developers may write to the repository api. These people may too: Linus (write).",
	},
	"adopt/inventory": {
		simulator.Grant{Repository: "api", User: "linus@acme.example", Permission: simulator.Write},
		"Other people have access in person: acme/",
	},
	"drift-detection": {simulator.Grant{Group: "developers", User: "radia@acme.example"}, "Nobody has written down: Radia."},
	"exclusive-access/project": {
		simulator.Grant{Repository: "web", Group: "staff", Permission: simulator.Read},
		"An apply takes access to repositories from Staff.",
	},
	"exclusive-access/rollout": {simulator.Grant{Repository: "api", User: "radia@acme.example", Permission: simulator.Read}, "instead of Linus."},
	"exclusive-access/team-repository": {
		simulator.Grant{Repository: "api", User: "linus@acme.example", Permission: simulator.Admin},
		"An apply takes access to the repository api from Linus.",
	},
	"roster": {simulator.Grant{Group: "operators", User: "frances@acme.example"}, "The operators lose Frances, Radia."},
}

func TestTheTestsOfExampleModulesFailWhereSomebodyHasTheWrongAccess(t *testing.T) {
	t.Parallel()
	for name, wrong := range wrongAccess {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCastWorld(t)
			given := wrong.given
			given.Workspace = "acme"
			for _, u := range w.Snapshot().Users {
				if u.Email == given.User {
					given.User = u.UUID
				}
			}
			if given.Permission == "" {
				w.AddGroupMember(given.Workspace, given.Group, given.User)
			} else {
				w.Grant(given)
			}
			mention(t, spaces.ReplaceAllString(runTests(t, w, name, 1), " "), wrong.want) // the CLI breaks lines
		})
	}
}
