package acctest

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// Feature is something that Terraform and OpenTofu have from a version on, "major.minor"; "" means never. Its name is as in the table of the
// first page of the documentation.
type Feature struct{ Name, Terraform, OpenTofu string }

// What tests need and older CLIs lack, oldest first.
var (
	ModuleTests        = Feature{"`terraform test`", "1.6", "1.6"}
	ImportExpressions  = Feature{"`import` blocks whose ids are expressions", "1.6", "1.6"}
	GeneratedLists     = Feature{"`import` of exclusive resources with generated configuration", "1.6", "1.6"} // Terraform 1.5 crashes
	ImportForEach      = Feature{"`import` blocks with `for_each`", "1.7", "1.7"}
	Removed            = Feature{"`removed` blocks", "1.7", "1.10"}
	MovedFromOthers    = Feature{"`moved` blocks that take over the resources of other providers", "1.8", "1.10"}
	EphemeralVariables = Feature{"ephemeral variables", "1.10", "1.11"}
	Identity           = Feature{"`import` blocks by identity", "1.12", "1.12"}
	Query              = Feature{"`terraform query`", "1.14", ""}
)

// Features are all of them.
var Features = []Feature{ModuleTests, ImportExpressions, GeneratedLists, ImportForEach, Removed, MovedFromOthers, EphemeralVariables, Identity, Query}

// Require skips a test that needs a feature which the CLI lacks.
func Require(tb testing.TB, f Feature) {
	tb.Helper()
	if Has(tb, f) {
		return
	}
	opentofu := "from " + f.OpenTofu + " on"
	if f.OpenTofu == "" {
		opentofu = "not at all"
	}
	tb.Skipf("the CLI lacks %s: Terraform has it from %s on, OpenTofu %s", f.Name, f.Terraform, opentofu)
}

// Has tells whether the CLI has a feature.
func Has(tb testing.TB, f Feature) bool {
	tb.Helper()
	RequireCLI(tb)
	cli, err := version()
	if err != nil {
		tb.Fatal(err)
	}
	since := f.Terraform
	if cli.opentofu {
		since = f.OpenTofu
	}
	major, minor, err := numbers(since)
	if err != nil && since != "" {
		tb.Fatal(err)
	}
	return since != "" && (cli.major > major || cli.major == major && cli.minor >= minor)
}

// release is what the CLI is.
type release struct {
	opentofu     bool
	major, minor int
}

// version asks the CLI which it is, once for all tests of a package.
var version = sync.OnceValues(func() (release, error) {
	cli, err := terraform.Find()
	if err != nil {
		return release{}, err
	}
	output, err := exec.Command(cli, "version", "-json").Output() // #nosec G204 -- the CLI that the tests are for
	if err != nil {
		return release{}, fmt.Errorf("ask %s for its version: %w", cli, err)
	}
	var answer struct {
		Version string `json:"terraform_version"` // that of OpenTofu, too
	}
	if err := json.Unmarshal(output, &answer); err != nil {
		return release{}, fmt.Errorf("read the version of %s: %w", cli, err)
	}
	major, minor, err := numbers(answer.Version)
	return release{isOpenTofu(cli), major, minor}, err
})

// numbers reads the first two numbers of a version.
func numbers(text string) (major, minor int, err error) {
	first, rest, _ := strings.Cut(text, ".")
	second, _, _ := strings.Cut(rest, ".")
	if major, err = strconv.Atoi(first); err == nil {
		minor, err = strconv.Atoi(second)
	}
	if err != nil {
		err = fmt.Errorf("%q is no version: %w", text, err)
	}
	return major, minor, err
}
