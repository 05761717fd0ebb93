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

// Feature is something that tests need and older CLIs lack, named as in the table of the first page of the documentation.
type Feature string

// The features, oldest first.
const (
	ModuleTests        Feature = "`terraform test`"
	ImportExpressions  Feature = "`import` blocks whose ids are expressions"
	GeneratedLists     Feature = "`import` of exclusive resources with generated configuration"
	ImportForEach      Feature = "`import` blocks with `for_each`"
	Removed            Feature = "`removed` blocks"
	MovedFromOthers    Feature = "`moved` blocks that take over the resources of other providers"
	EphemeralVariables Feature = "ephemeral variables"
	Identity           Feature = "`import` blocks by identity"
	Query              Feature = "`terraform query`"
)

// Since are the versions, "major.minor", from which Terraform and OpenTofu have a feature; "" means never.
var Since = map[Feature]struct{ Terraform, OpenTofu string }{
	ModuleTests:        {"1.6", "1.6"},
	ImportExpressions:  {"1.6", "1.6"},
	GeneratedLists:     {"1.6", "1.6"}, // Terraform 1.5 crashes
	ImportForEach:      {"1.7", "1.7"},
	Removed:            {"1.7", "1.10"},
	MovedFromOthers:    {"1.8", "1.10"},
	EphemeralVariables: {"1.10", "1.11"},
	Identity:           {"1.12", "1.12"},
	Query:              {"1.14", ""},
}

// Require skips a test that needs a feature which the CLI lacks.
func Require(tb testing.TB, f Feature) {
	tb.Helper()
	RequireCLI(tb)
	cli, err := version()
	if err != nil {
		tb.Fatal(err)
	}
	versions, known := Since[f]
	if !known {
		tb.Fatalf("nobody has said which CLI has %s", f)
	}
	since := versions.Terraform
	if cli.opentofu {
		since = versions.OpenTofu
	}
	if since == "" {
		tb.Skipf("the CLI lacks %s, which takes Terraform %s", f, versions.Terraform)
	}
	major, minor, err := numbers(since)
	if err != nil {
		tb.Fatal(err)
	}
	if cli.major < major || cli.major == major && cli.minor < minor {
		tb.Skipf("the CLI lacks %s, which it has from %s on", f, since)
	}
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
