package provider_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// example is the folder of one example; its name is that of a type.
type example struct{ folder string }

// examplesOf returns the examples of a kind of thing: resources or data-sources.
func examplesOf(t *testing.T, kind string) []example {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(root, "examples", kind, "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no examples of %s: %v", kind, err)
	}
	examples := make([]example, len(folders))
	for i, folder := range folders {
		examples[i] = example{folder}
	}
	return examples
}

func (e example) name() string { return filepath.Base(e.folder) }

// read returns a file of the example.
func (e example) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(e.folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	importBlock   = regexp.MustCompile(`to = (\S+)\s+id = "([^"]+)"`)
	identityBlock = regexp.MustCompile(`(?s)to = (\S+)\s+identity = {(.+?)\n  }`)
	spaces        = regexp.MustCompile(`\s+`)
	importCommand = regexp.MustCompile(`terraform import (\S+) '?([^'\n]+)'?`)
)

// imported returns the address and the id that a file of the example imports.
func (e example) imported(t *testing.T, name string, form *regexp.Regexp) (address, id string) {
	t.Helper()
	found := form.FindStringSubmatch(e.read(t, name))
	if found == nil {
		t.Fatalf("%s: %s imports nothing", e.name(), name)
	}
	return found[1], found[2]
}

func TestEveryExampleOfAResourceAppliesImportsAndIsDestroyed(t *testing.T) {
	t.Parallel()
	for _, e := range examplesOf(t, "resources") {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			address, id := e.imported(t, "import-by-string-id.tf", importBlock)
			if a, i := e.imported(t, "import.sh", importCommand); a != address || i != id {
				t.Errorf("import.sh imports %s into %s, the block %s into %s", i, a, id, address)
			}
			if !strings.HasPrefix(address, e.name()+".") {
				t.Errorf("the example of %s imports %s", e.name(), address)
			}
			before := w.Snapshot()
			acctest.Test(t,
				resource.TestStep{
					Config: w.Config(e.read(t, "resource.tf")),
					ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate)},
						PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					},
				},
				resource.TestStep{ResourceName: address, ImportState: true, ImportStateId: id, ImportStateKind: resource.ImportBlockWithID},
			)
			if strings.HasSuffix(e.name(), "_invitation") { // Bitbucket cannot withdraw one to a repository
				w.CancelInvitation("acme", "barbara@partner.example")
			}
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

func TestEveryExampleOfAnImportByIdentityNamesWhatTheIDNames(t *testing.T) {
	t.Parallel()
	var found int
	for _, e := range examplesOf(t, "resources") {
		if _, err := os.Stat(filepath.Join(e.folder, "import-by-identity.tf")); err != nil {
			continue
		}
		found++
		wantAddress, id := e.imported(t, "import-by-string-id.tf", importBlock)
		address, identity := e.imported(t, "import-by-identity.tf", identityBlock)
		var parts []string
		for i, part := range strings.Split(id, "/") {
			parts = append(parts, fmt.Sprintf("%s = %q", importIDs[e.name()][i], part))
		}
		want := strings.Join(parts, " ")
		if got := spaces.ReplaceAllString(strings.TrimSpace(identity), " "); address != wantAddress || got != want {
			t.Errorf("%s imports %s into %s, by id %s into %s", e.name(), got, address, want, wantAddress)
		}
	}
	if found == 0 {
		t.Error("no example imports by identity")
	}
}

func TestEveryExampleOfADataSourceApplies(t *testing.T) {
	t.Parallel()
	for _, e := range examplesOf(t, "data-sources") {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			config := w.Config(e.read(t, "data-source.tf"))
			if !strings.Contains(config, `data "`+e.name()+`"`) {
				t.Errorf("the example of %s does not show it", e.name())
			}
			acctest.Test(t, resource.TestStep{Config: config})
			for _, request := range w.Journal() {
				if request.Method != http.MethodGet {
					t.Errorf("a data source sent %s %s", request.Method, request.Path)
				}
			}
		})
	}
}

func TestTheProviderExampleTakesItsCredentialFromTheEnvironment(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	c := w.Command(t, "")
	text := example{folder: filepath.Join(filepath.Dir(filepath.Dir(examplesOf(t, "resources")[0].folder)), "provider")}.read(t, "provider.tf")
	c.Write(t, withoutHeader(text)+"data \"bitbucket_current_user\" \"me\" {}\noutput \"me\" {\n  value = data.bitbucket_current_user.me.display_name\n}\n")
	if output := c.Run(t, 0, "apply", "-auto-approve"); !strings.Contains(output, `me = "Ada"`) {
		t.Errorf("the provider is not signed in as Ada:\n%s", output)
	}
}

func TestTheGuideShowsTheOrganizationExampleAsItIs(t *testing.T) {
	t.Parallel()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	text := example{filepath.Join(root, "examples", "organization-managed")}.read(t, "main.tf") // the demo runs it
	guide := guidePage(t, "organization-managed-workspaces")
	if !strings.Contains(guide, "```terraform\n"+text+"```") {
		t.Error("the guide shows something else: copy the example into its template")
	}
}

// withoutHeader leaves out the terraform block of an example, which the test writes itself.
func withoutHeader(text string) string {
	_, rest, ok := strings.Cut(text, "\n}\n")
	if !ok {
		return text
	}
	return rest
}

// expectSameWorld demands that nothing of the world has changed.
func expectSameWorld(t *testing.T, before, after simulator.Seed) {
	t.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the world has changed (-before +after):\n%s", diff)
	}
}
