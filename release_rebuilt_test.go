package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAReleaseThatIsBuiltAgainTwiceHasTheSameBytes runs the commands of the security policy in one clone, as somebody does who tries them again.
func TestAReleaseThatIsBuiltAgainTwiceHasTheSameBytes(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(".git"); err != nil {
		t.Skip("this is no clone")
	}
	clone := filepath.Join(t.TempDir(), "clone")
	commands := "set -eu\ngit clone --quiet . \"$0\"\ncd \"$0\"\n" + policy(t, 1, "1.2.3") + "mv ../rebuilt ../first\n" + policy(t, 1, "1.2.3") + "cmp ../rebuilt ../first\n"
	command := exec.CommandContext(t.Context(), "bash", "-c", commands, clone)
	command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false") // what somebody has set makes no difference
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s", err, output)
	}
}
