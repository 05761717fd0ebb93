package acctest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// Source is the source address of the provider.
const Source = terraform.Source

// Command is a folder with a configuration in which whole Terraform commands run with the built provider, as a user runs them.
type Command struct {
	folder *terraform.Folder
	world  *World
}

// Command prepares a folder with the given configuration. The provider gets Ada's credential and the address of the world from
// its environment; env are more variables of the form NAME=value.
func (w *World) Command(tb testing.TB, configuration string, env ...string) *Command {
	tb.Helper()
	binaries, err := ProviderFolder()
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	env = append([]string{"BITBUCKET_BASE_URL=" + w.URL, "BITBUCKET_USERNAME=" + w.Username, "BITBUCKET_API_TOKEN=" + w.Token}, env...)
	if w.Organization != "" {
		env = append([]string{"ATLASSIAN_ADMIN_BASE_URL=" + w.AdminURL, "ATLASSIAN_ORG_ID=" + w.Organization, "ATLASSIAN_ADMIN_API_KEY=" + w.Key}, env...)
	}
	folder, err := terraform.NewFolder(dir, binaries, env...)
	if err != nil {
		tb.Fatal(err)
	}
	c := &Command{folder: folder, world: w}
	c.Write(tb, configuration)
	return c
}

// Path is the folder.
func (c *Command) Path() string { return c.folder.Path }

// Write replaces the configuration.
func (c *Command) Write(tb testing.TB, configuration string) {
	tb.Helper()
	header := fmt.Sprintf("terraform {\n  required_providers {\n    bitbucket = {\n      source = %q\n    }\n  }\n}\n", Source)
	if err := os.WriteFile(filepath.Join(c.folder.Path, "main.tf"), []byte(header+configuration), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// Install lets the CLI find the provider at its own source address and, to stand in for them, at those of other providers.
func (c *Command) Install(tb testing.TB, others ...string) {
	tb.Helper()
	if err := c.folder.Install(append(others, Source)...); err != nil {
		tb.Fatal(err)
	}
}

// Run runs a command that must end with the given exit code, and returns what it printed. The journal of the world holds the
// requests of this command only.
func (c *Command) Run(tb testing.TB, code int, args ...string) string {
	tb.Helper()
	c.world.ResetJournal()
	output, got, err := c.folder.Run(tb.Context(), args...)
	if err != nil {
		tb.Fatalf("run %v: %v\n%s", args, err, output)
	}
	if got != code {
		tb.Fatalf("%v ended with exit code %d, not %d:\n%s", args, got, code, output)
	}
	return output
}

// ProviderFolder builds the provider once for all tests of a package and returns the folder that it lies in, which the build
// cache of Go makes cheap. The folder is that of the module, so that nothing is left elsewhere.
var ProviderFolder = sync.OnceValues(func() (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(root, "bin", "test")
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "terraform-provider-bitbucket"), ".") // #nosec G204 -- the module's own folder
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider: %w\n%s", err, output)
	}
	return folder, nil
})

// Root returns the folder of the module.
func Root() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod above the working folder")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}
