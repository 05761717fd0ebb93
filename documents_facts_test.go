package main_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

var (
	makeTarget  = regexp.MustCompile("(?m)(?:`|^)make ([a-z][a-z-]*)")
	tableFolder = regexp.MustCompile("`((?:internal/[a-z/]+)|examples|templates|docs)`")
)

func TestDocumentsNameTargetsThatExist(t *testing.T) {
	t.Parallel()
	makefile, found := readFile(t, "GNUmakefile"), 0
	for _, name := range documents {
		for _, target := range makeTarget.FindAllStringSubmatch(readFile(t, name), -1) {
			found++
			if !strings.Contains(makefile, "\n"+target[1]+":") {
				t.Errorf("%s: there is no make %s", name, target[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("they name %d targets only", found)
	}
}

func TestTheArchitectureNamesFoldersThatExist(t *testing.T) {
	t.Parallel()
	for _, folder := range tableFolder.FindAllStringSubmatch(readFile(t, "ARCHITECTURE.md"), -1) {
		if info, err := os.Stat(folder[1]); err != nil || !info.IsDir() {
			t.Errorf("there is no folder %s: %v", folder[1], err)
		}
	}
}

// TestTheReadmeSaysWhatIsNeededAndWhatIsServed compares versions and numbers in the README with where they come from.
func TestTheReadmeSaysWhatIsNeededAndWhatIsServed(t *testing.T) {
	t.Parallel()
	oldest := decode[struct {
		Jobs map[string]struct {
			Strategy struct{ Matrix struct{ Terraform []string } }
		}
	}](t, ".github/workflows/test.yml").Jobs["terraform"].Strategy.Matrix.Terraform[0]
	served := ""
	for _, w := range simulator.Acme().Workspaces {
		if w.Slug == "acme" {
			served = fmt.Sprintf("a simulated workspace `acme` of %d people and %d repositories", len(w.Members), len(w.Repositories))
		}
	}
	readme := readFile(t, "README.md")
	for _, want := range []string{
		served,
		"[Go](https://go.dev/dl/) " + patch.ReplaceAllString(readGoMod(t, ".").Go, "$1"),
		"[Terraform](https://developer.hashicorp.com/terraform/install) " + patch.ReplaceAllString(oldest, "$1") + " or newer",
		"for Terraform " + acctest.Since[acctest.ModuleTests].Terraform + " or newer and OpenTofu",
	} {
		if !strings.Contains(strings.ReplaceAll(readme, "\n", " "), want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
