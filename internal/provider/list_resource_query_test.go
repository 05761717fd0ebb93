package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestEveryListIsOfAManagedResourceAndDescribed holds what Terraform and the documentation take from the schemas.
func TestEveryListIsOfAManagedResourceAndDescribed(t *testing.T) {
	t.Parallel()
	l := newLister(t, acctest.New(t, simulator.Options{}))
	if diff := cmp.Diff(sortedTexts(listedTypes), slices.Sorted(maps.Keys(l.schemas.ListResourceSchemas))); diff != "" {
		t.Fatalf("what can be listed (-want +got):\n%s", diff)
	}
	for _, kind := range listedTypes {
		identity := slices.Sorted(maps.Keys(identifiedBy(t, l.server, owned{resource: kind}).identity.AttributeTypes))
		if l.schemas.ResourceSchemas[kind] == nil || len(identity) < 2 {
			t.Errorf("%s: there is no resource with an identity: %v", kind, identity)
		}
		for _, a := range l.schemas.ListResourceSchemas[kind].Block.Attributes {
			if a.Required != (a.Name == "workspace") || !slices.Contains(append(identity, "project_key"), a.Name) {
				t.Errorf("%s: %s is no part of the identity %v, or not required as it should be", kind, a.Name, identity)
			}
		}
		for _, d := range inventory(kind, l.schemas.ListResourceSchemas[kind].Block) {
			text := strings.TrimSpace(d.description)
			if !regexp.MustCompile(`(?s)^[A-Z].*\.$`).MatchString(text) || regexp.MustCompile(`TODO|%!|  `).MatchString(text) {
				t.Errorf("%s: the description is no full sentence: %q", d.path, d.description)
			}
		}
		about := l.schemas.ListResourceSchemas[kind].Block.Description
		mention(t, about, ":bitbucket`", "administers")
	}
}

// listExample is a list block of an example.
type listExample struct {
	kind, name string
	settings   map[string]string // of the block itself, as they are written
	arguments  listArguments
}

var (
	listOpens  = regexp.MustCompile(`^list "(\w+)" "(\w+)" {$`)
	assignment = regexp.MustCompile(`^(\w+)\s+= (.*?)( #.*)?$`)
)

// listExamples reads the blocks of a query file, which is written plainly: one thing in a line.
func listExamples(t *testing.T, text string) []listExample {
	t.Helper()
	var (
		found []listExample
		depth int
	)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		opens, set := listOpens.FindStringSubmatch(line), assignment.FindStringSubmatch(line)
		switch {
		case line == "", strings.HasPrefix(line, "#"):
		case opens != nil && depth == 0:
			found, depth = append(found, listExample{opens[1], opens[2], map[string]string{}, listArguments{}}), 1
		case line == "config {" && depth == 1:
			depth = 2
		case line == "}" && depth > 0:
			depth--
		case set != nil && depth == 1:
			found[len(found)-1].settings[set[1]] = set[2]
		case set != nil && depth == 2:
			value, err := strconv.Unquote(set[2])
			if err != nil {
				t.Errorf("%q: %s", line, err)
			}
			found[len(found)-1].arguments[set[1]] = value
		default:
			t.Errorf("%q does not belong here", line)
		}
	}
	if depth != 0 {
		t.Error("a block is not closed")
	}
	return found
}

func TestEveryListHasExamplesThatFindSomethingAndSetALimit(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	var shown []string
	for _, e := range examplesOf(t, "list-resources") {
		blocks := listExamples(t, e.read(t, "list-resource.tfquery.hcl"))
		if len(blocks) == 0 {
			t.Errorf("%s shows nothing", e.name())
		}
		shown = append(shown, e.name())
		for _, b := range blocks {
			if limit, err := strconv.Atoi(b.settings["limit"]); b.kind != e.name() || err != nil || limit <= 100 || b.settings["provider"] != "bitbucket" {
				t.Errorf("%s: block %+v is of another type, or has no limit beyond Terraform's own", e.name(), b)
			}
			// An attribute that the schema does not have ends the test.
			if rows := l.found(t, b.kind, b.arguments, listBlock{limit: 10000, objects: b.settings["include_resource"] == "true"}); len(rows) == 0 {
				t.Errorf("%s: %+v finds nothing", e.name(), b)
			}
		}
	}
	if diff := cmp.Diff(sortedTexts(listedTypes), sortedTexts(shown)); diff != "" {
		t.Errorf("types with examples (-want +got):\n%s", diff)
	}
}

// querying is a folder with a query file. Where the CLI has no query command, the test ends.
func querying(t *testing.T, w *acctest.World, files map[string]string) *acctest.Command {
	t.Helper()
	acctest.Require(t, acctest.Query)
	c := w.Command(t, "")
	for name, text := range files {
		save(t, c, name+".tfquery.hcl", text)
	}
	return c
}

// listOf is a list block named "all" of workspace acme.
func listOf(kind string, more ...string) string {
	return fmt.Sprintf("list %q \"all\" {\n  provider = bitbucket\n  %s\n  config {\n    workspace = \"acme\"\n  }\n}\n", kind, strings.Join(more, "\n  "))
}

// discovered are the results of a query, as lines of who they are about, and what else it said.
func discovered(t *testing.T, w *acctest.World, c *acctest.Command, code int) (found []string, said []remark) {
	t.Helper()
	for line := range strings.SplitSeq(c.Run(t, code, "query", "-json"), "\n") {
		var message struct {
			Diagnostic remark
			Found      *struct {
				Type     string            `json:"resource_type"`
				Identity map[string]string `json:"identity"`
			} `json:"list_resource_found"`
		}
		if json.Unmarshal([]byte(line), &message) != nil {
			continue
		}
		if f := message.Found; f != nil {
			found = append(found, f.Type+" "+listedRow{identity: f.Identity}.who(w))
		}
		if message.Diagnostic.Summary != "" {
			said = append(said, message.Diagnostic)
		}
	}
	return sortedTexts(found), said
}

func TestTerraformQueryRunsTheExamplesAndFindsWhatTheProtocolFinds(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	files := map[string]string{}
	for _, e := range examplesOf(t, "list-resources") {
		files[e.name()] = e.read(t, "list-resource.tfquery.hcl")
	}
	c := querying(t, w, files)
	found, said := discovered(t, w, c, 0)
	if len(about(said, "error", ""))+len(about(said, "warning", "more")) > 0 {
		t.Errorf("it says %+v", said)
	}
	l := listing(t, w)
	for _, kind := range listedTypes {
		for _, who := range listedWho(w, l.found(t, kind, inAcme, listBlock{})) {
			if !slices.Contains(found, kind+" "+who) {
				t.Errorf("%s %s is not found among %q", kind, who, found)
			}
		}
	}
	c.Run(t, 0, "fmt", "-check", "-diff") // since Terraform 1.15 of query files too
}

func TestTerraformQueryTellsThatThereIsMoreAndWhatFailed(t *testing.T) {
	t.Parallel()
	w := threeRepositories(t)
	c := querying(t, w, map[string]string{"some": listOf(listedRepoUsers, "limit = 3")})
	found, said := discovered(t, w, c, 0)
	if len(found) != 3 || len(about(said, "warning", "There is more than was listed")) != 1 {
		t.Errorf("%q is found, and it says %+v", found, said)
	}
	w.Inject(simulator.Fault{Path: "/2.0/repositories/acme/b/**", Status: 403, Body: `{"type":"error","error":{"message":"no"}}`})
	if _, said = discovered(t, w, c, 1); len(about(said, "error", "Unable to list repository permissions")) != 1 {
		t.Errorf("it says %+v", said)
	}
}

// TestEverythingIsAdoptedWithGeneratedConfiguration goes the whole way from an unmanaged workspace to an empty plan, once for single things
// and once for whole lists.
func TestEverythingIsAdoptedWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		inhabit(w)
		if w.Organization != "" {
			w.AddOrganizationGroupMember(w.Organization, syncedGroup(w), w.Grace.UUID)
		}
		before := w.Snapshot()
		// Terraform includes the resource when it generates configuration. Each object that users, or groups, have permissions on is read once for
		// them, and for whole lists those on which nobody has any, too.
		floor := []struct{ users, groups int }{{5, 4}, {7, 7}}
		for i, kinds := range [][]string{listedThings, listedLists} {
			var lists strings.Builder
			for _, kind := range kinds {
				lists.WriteString(listOf(kind, "limit = 1000"))
			}
			c := querying(t, w, map[string]string{"all": lists.String()})
			c.Run(t, 0, "query", "-generate-config-out=generated.tf")
			generated := readFile(t, filepath.Join(c.Path(), "generated.tf"))
			things := strings.Count(generated, "\nimport {")
			if things < 9 {
				t.Fatalf("%d things are found:\n%s", things, generated)
			}
			mention(t, c.Run(t, 2, "plan", "-detailed-exitcode", "-out=saved"), fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", things))
			expectRequests(t, w, "", userGrants, floor[i].users)
			expectRequests(t, w, "", groupGrants, floor[i].groups)
			expectRequests(t, w, "", peopleListings, 0)
			mention(t, c.Run(t, 0, "apply", "saved"), fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", things))
			expectNoWrites(t, w)
			expectNothingToDo(t, c)
			expectSameWorld(t, before, w.Snapshot())
		}
	})
}
