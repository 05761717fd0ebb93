package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/bitbucket-access/terraform-provider-bitbucket"

// arrows are the packages of the module and what each may import of the module; tests may import more, see testArrows. The tools
// in internal/tools are modules of their own.
var arrows = map[string][]string{
	"":                   {"internal/provider"},
	"internal/provider":  {"internal/access", "internal/atlassian", "internal/bitbucket", "internal/rest", "internal/review"},
	"internal/review":    {"internal/access", "internal/bitbucket"},
	"internal/access":    {"internal/atlassian", "internal/bitbucket", "internal/rest"},
	"internal/atlassian": {"internal/rest"},
	"internal/bitbucket": {"internal/rest"},
	"internal/rest":      {},

	"internal/simulator":             {},
	"internal/simulator/conformance": {"internal/simulator"},
	"internal/terraform":             {},
	"internal/testclock":             {},
	"internal/acctest":               {"internal/provider", "internal/simulator", "internal/simulator/conformance", "internal/terraform"},
	"internal/cmd/simulator":         {"internal/simulator"},
	"internal/cmd/demo":              {"internal/simulator", "internal/terraform"},
	"internal/cmd/bench":             {"internal/simulator", "internal/terraform"},
	"internal/cmd/bench/trivial":     {},
}

// testArrows are what the tests of a package may import besides itself and what it imports. The simulator's tests, too, know
// nothing of a client: a mistake must not be right on both sides.
var testArrows = map[string][]string{
	"":                   {"internal/acctest", "internal/simulator", "internal/terraform"},
	"internal/provider":  {"internal/acctest", "internal/simulator"},
	"internal/review":    {},
	"internal/access":    {"internal/simulator", "internal/testclock"},
	"internal/atlassian": {"internal/simulator", "internal/simulator/conformance", "internal/testclock"},
	"internal/bitbucket": {"internal/simulator", "internal/simulator/conformance"},
	"internal/simulator": {"internal/simulator/conformance"},
	"internal/acctest":   {},
	"internal/cmd/demo":  {"internal/acctest"},
	"internal/cmd/bench": {"internal/acctest"},
	"internal/rest":      {"internal/testclock"},
}

// goPackage is what "go list" tells of a package.
type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func TestPackagesImportOnlyWhatTheArchitectureAllows(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range listPackages(t) {
		name := local(p.ImportPath)
		seen[name] = true
		allowed, ok := arrows[name]
		if !ok {
			t.Errorf("package %q is not in the table of arrows", name)
			continue
		}
		for _, imported := range ours(p.Imports) {
			if !slices.Contains(allowed, imported) {
				t.Errorf("%q must not import %q", name, imported)
			}
		}
		allowedInTests := slices.Concat(allowed, testArrows[name], []string{name})
		for _, imported := range ours(slices.Concat(p.TestImports, p.XTestImports)) {
			if !slices.Contains(allowedInTests, imported) {
				t.Errorf("the tests of %q must not import %q", name, imported)
			}
		}
	}
	for name := range arrows {
		if !seen[name] {
			t.Errorf("package %q is in the table of arrows but does not exist", name)
		}
	}
}

func TestOnlyTestsImportTheTestPackages(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		for _, imported := range ours(p.Imports) {
			if local(p.ImportPath) != "internal/acctest" && slices.Contains([]string{"internal/acctest", "internal/simulator/conformance", "internal/testclock"}, imported) {
				t.Errorf("%q imports %q outside of its tests", local(p.ImportPath), imported)
			}
		}
	}
}

// listPackages asks the Go command for the packages of the module.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	decoder := json.NewDecoder(strings.NewReader(string(output)))
	for {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// ours are the imports that belong to the module, without its path.
func ours(imports []string) []string {
	var names []string
	for _, path := range imports {
		if path == module || strings.HasPrefix(path, module+"/") {
			names = append(names, local(path))
		}
	}
	return names
}

func local(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }
