package main_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// TestTheReadmeLeadsANewUserToAccess does what the README says, as somebody does who has nothing yet.
func TestTheReadmeLeadsANewUserToAccess(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	home, readme := t.TempDir(), readFile(t, "README.md")
	blocks := blocksOf(t, readme, "## Use it", 3)
	install, simulator, _ := strings.Cut(blocks[1], "\n")
	output, err := exec.CommandContext(t.Context(), "sh", "-c", install+` PLUGINS="$0/.terraform.d/plugins" BIN="$0/provider"`, home).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s\n%s", install, err, output)
	}
	t.Run("use it", func(t *testing.T) {
		t.Parallel()
		folder := newcomer(t, home, simulator)
		write(t, filepath.Join(folder.Path, "main.tf"), blocks[0])
		if want := "terraform init\nterraform plan\nterraform apply\n"; blocks[2] != want {
			t.Fatalf("the commands are %q, want %q", blocks[2], want)
		}
		for _, step := range []struct{ command, said string }{
			{"init", "Installed bitbucket-access/bitbucket"},
			{"plan", "Plan: 4 to add, 0 to change, 0 to destroy."},
			{"apply -auto-approve", "4 added, 0 changed, 0 destroyed."},
			{"plan", "No changes."},
			{"destroy -auto-approve", "4 destroyed."},
		} {
			output := succeed(t, folder, step.said, strings.Fields(step.command)...)
			if step.command != "init" && strings.Contains(output, "Warning:") {
				t.Errorf("%s warns:\n%s", step.command, output)
			}
		}
	})
	t.Run("try the examples", func(t *testing.T) {
		t.Parallel()
		acctest.Require(t, acctest.ModuleTests)
		blocks := blocksOf(t, readme, "## Try the examples", 2)
		path, found := strings.CutPrefix(strings.TrimSuffix(blocks[1], "\nterraform init\nterraform test\n"), "cd ")
		if !found || strings.Contains(path, "\n") {
			t.Fatalf("the commands are %q", blocks[1])
		}
		folder := newcomer(t, home, blocks[0])
		if err := os.CopyFS(folder.Path, os.DirFS(path)); err != nil {
			t.Fatal(err)
		}
		succeed(t, folder, "Installed bitbucket-access/bitbucket", "init")
		succeed(t, folder, ", 0 failed.", "test")
	})
}

// newcomer is a folder of somebody who has no settings of the CLI, and pastes what the simulator prints.
func newcomer(t *testing.T, home, simulator string) *terraform.Folder {
	t.Helper()
	folder, err := terraform.NewFolder(t.TempDir(), home, append(announced(t, simulator), "HOME="+home)...)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder.Path, "cli.tfrc"), "")
	return folder
}

// succeed runs a command that must end well and say something.
func succeed(t *testing.T, folder *terraform.Folder, said string, args ...string) string {
	t.Helper()
	output, code, err := folder.Run(t.Context(), args...)
	if err != nil || code != 0 || !strings.Contains(output, said) {
		t.Fatalf("%v ended with %d, %v, want %q in:\n%s", args, code, err, said, output)
	}
	return output
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// blocksOf are the blocks of code, so many, in the section of a text that begins with a heading.
func blocksOf(t *testing.T, text, heading string, want int) []string {
	t.Helper()
	_, section, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		t.Fatalf("there is no %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for _, block := range regexp.MustCompile("(?s)```[a-z]+\n(.*?)```").FindAllStringSubmatch(section, -1) {
		blocks = append(blocks, block[1])
	}
	if len(blocks) != want {
		t.Fatalf("%s has %d blocks, want %d", heading, len(blocks), want)
	}
	return blocks
}

// announced starts the simulator as a command line "go run <package>" does, at a free port, and returns the variables that it prints.
func announced(t *testing.T, command string) (variables []string) {
	t.Helper()
	args := strings.Fields(command)
	if len(args) < 3 || args[0] != "go" || args[1] != "run" {
		t.Fatalf("the command is %q", command)
	}
	binary := filepath.Join(t.TempDir(), "simulator")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, args[2]).CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	program := exec.CommandContext(t.Context(), binary, append(args[3:], "-addr", "127.0.0.1:0")...)
	stdout, err := program.StdoutPipe()
	if err == nil {
		err = program.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		variable, isExport := strings.CutPrefix(lines.Text(), "export ")
		if !isExport {
			t.Fatalf("the simulator prints %q, which is no export", lines.Text())
		}
		variables = append(variables, variable)
		if strings.HasPrefix(variable, "ATLASSIAN_ADMIN_API_KEY=") {
			return variables
		}
	}
	t.Fatalf("the simulator has announced %q: %v", variables, lines.Err())
	return nil
}
