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

// TestTheReadmeLeadsANewUserToAccess does what the section "Use it" says, as somebody does who has nothing yet.
func TestTheReadmeLeadsANewUserToAccess(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	blocks := blocksOf(t, readFile(t, "README.md"), "## Use it")
	if len(blocks) != 3 {
		t.Fatalf("the section has %d blocks, want a configuration, the commands in the clone, and those of the CLI", len(blocks))
	}
	install, simulator, _ := strings.Cut(blocks[1], "\n")
	home := t.TempDir()
	output, err := exec.CommandContext(t.Context(), "sh", "-c", install+` PLUGINS="$0"`, filepath.Join(home, ".terraform.d", "plugins")).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s\n%s", install, err, output)
	}
	folder, err := terraform.NewFolder(t.TempDir(), home, append(announced(t, simulator), "HOME="+home)...)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"main.tf": blocks[0], "cli.tfrc": ""} { // who has no settings takes what the CLI does by itself
		if err := os.WriteFile(filepath.Join(folder.Path, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
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
		output, code, err := folder.Run(t.Context(), strings.Fields(step.command)...)
		if err != nil || code != 0 || !strings.Contains(output, step.said) {
			t.Fatalf("%s ended with %d, %v, want %q in:\n%s", step.command, code, err, step.said, output)
		}
		if step.command != "init" && strings.Contains(output, "Warning:") {
			t.Errorf("%s warns:\n%s", step.command, output)
		}
	}
}

// blocksOf are the blocks of code in the section of a text that begins with a heading.
func blocksOf(t *testing.T, text, heading string) []string {
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
	return blocks
}

// announced starts the simulator as a command line "go run <package>" does, at a free port, and returns the variables that it prints.
func announced(t *testing.T, command string) (variables []string) {
	t.Helper()
	folder, found := strings.CutPrefix(strings.TrimSpace(command), "go run ")
	if !found {
		t.Fatalf("the command is %q", command)
	}
	binary := filepath.Join(t.TempDir(), "simulator")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, folder).CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	program := exec.CommandContext(t.Context(), binary, "-addr", "127.0.0.1:0")
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
