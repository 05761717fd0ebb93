package provider_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// TestEveryPageSaysWhatItsSchemaSays holds that neither the printed schemas nor the templates lose anything on the way to the pages.
func TestEveryPageSaysWhatItsSchemaSays(t *testing.T) {
	t.Parallel()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	expectPage(t, "index", schemas.Provider, "## Credentials", "## Versions of Terraform and OpenTofu")
	for folder, page := range map[string]struct {
		schemas map[string]*tfprotov6.Schema
		more    []string
	}{
		"resources":      {schemas.ResourceSchemas, []string{"## Import", "### Identity Schema", "| plan and import |"}},
		"data-sources":   {schemas.DataSourceSchemas, nil},
		"list-resources": {schemas.ListResourceSchemas, []string{"terraform query"}},
	} {
		for name, schema := range page.schemas {
			expectPage(t, filepath.Join(folder, strings.TrimPrefix(name, "bitbucket_")), schema, page.more...)
		}
	}
}

// expectPage checks that a page holds the description of a schema, all of its attributes in the sections where they belong, and more.
func expectPage(t *testing.T, name string, schema *tfprotov6.Schema, more ...string) {
	t.Helper()
	page := readPage(t, name)
	_, front, _ := strings.Cut(page, "\ndescription: |-\n  ")
	if line, _, _ := strings.Cut(front, "\n"); line == "" || strings.HasPrefix(line, "---") {
		t.Errorf("%s: it has no description for those who look for it", name)
	}
	for _, text := range append(more, strings.TrimSpace(schema.Block.Description), "## Schema") {
		if !strings.Contains(page, text) {
			t.Errorf("%s does not say %q", name, text)
		}
	}
	_, section, _ := strings.Cut(page, "\n## Schema\n")
	for _, a := range schema.Block.Attributes {
		heading := "### Optional"
		switch {
		case a.Required:
			heading = "### Required"
		case !a.Optional:
			heading = "### Read-Only"
		}
		_, listed, _ := strings.Cut(section, "\n"+heading+"\n")
		listed, _, _ = strings.Cut(listed, "\n#")
		_, line, found := strings.Cut(listed, "\n- `"+a.Name+"` (")
		line, _, _ = strings.Cut(line, "\n")
		kind, _, _ := strings.Cut(line, ")")
		first, _, _ := strings.Cut(strings.TrimSpace(a.Description), "\n")
		if !found || strings.Contains(kind, "Sensitive") != a.Sensitive || strings.Contains(kind, "Deprecated") != a.Deprecated || !strings.Contains(line, first) {
			t.Errorf("%s: under %s it says %q of %s", name, heading, line, a.Name)
		}
	}
}

// TestTheSecurityPolicyNamesTheScopesOfThePages compares the table of the policy with that of the first page, which other tests hold.
func TestTheSecurityPolicyNamesTheScopesOfThePages(t *testing.T) {
	t.Parallel()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(readFile(t, filepath.Join(root, ".github", "SECURITY.md")), "\n## The least that a credential needs\n")
	section, _, _ = strings.Cut(section, "\n## ")
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	needed := func(row string, types ...string) (scopes []string) {
		for _, name := range types {
			for _, stated := range scopesTable(schemas.ResourceSchemas[name].Block.Description)[row] {
				scopes = append(scopes, stated...)
			}
		}
		return scopes
	}
	permissions := []string{"bitbucket_repository_permissions_exclusive", "bitbucket_project_permissions_exclusive"}
	groups := []string{"bitbucket_group", "bitbucket_group_membership", "bitbucket_group_members_exclusive"}
	var rows [][]string
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) == 4 && strings.Contains(line, ":bitbucket`") {
			rows = append(rows, scopesIn(cells[2]))
		}
	}
	if len(rows) != 4 {
		t.Fatalf("the policy has %d rows, not plans and applies of permissions and of groups", len(rows))
	}
	check := func(row string, got, want []string) {
		t.Helper()
		for _, scopes := range [][]string{got, want} {
			slices.Sort(scopes)
		}
		if diff := cmp.Diff(slices.Compact(want), slices.Compact(got)); diff != "" {
			t.Errorf("%s (-pages +policy):\n%s", row, diff)
		}
	}
	workspace := []string{"read:workspace:bitbucket"} // with which a plan checks people
	check("plans of permissions", slices.Clone(rows[0]), append(needed("plan and import", permissions...), workspace...))
	check("applying permissions", slices.Concat(rows[0], rows[1]),
		slices.Concat(needed("create and change", permissions...), needed("destroy", permissions...), workspace))
	check("plans of groups", slices.Clone(rows[2]), append(needed("plan and import", groups...), workspace...))
	check("applying groups", slices.Concat(rows[2], rows[3]), slices.Concat(needed("create and change", groups...), needed("destroy", groups...), workspace))
}
