//go:build linux

package acctest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long processes that were told to end may take.
const patience = 30 * time.Second

// Process is a Terraform command that runs, in a process group that it and the providers which it starts have to themselves. Tests kill it.
type Process struct {
	tb      testing.TB
	command *exec.Cmd
	printed bytes.Buffer
}

// Start starts a command. Whatever is left of it when the test ends is killed.
func (c *Command) Start(tb testing.TB, args ...string) *Process {
	tb.Helper()
	p := &Process{tb: tb, command: c.folder.Command(tb.Context(), args...)}
	p.command.Stdout, p.command.Stderr = &p.printed, &p.printed
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.command.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = syscall.Kill(-p.group(), syscall.SIGKILL) }) // it fails where nobody is left
	return p
}

// group is the id of the process group, which is that of Terraform.
func (p *Process) group() int { return p.command.Process.Pid }

// Wait waits until Terraform has ended and returns what it printed, and its exit code, which is -1 after a signal. It is an error of the
// test that a provider outlives Terraform.
func (p *Process) Wait() (output string, code int) {
	p.tb.Helper()
	_ = p.command.Wait() // the exit code tells
	if !p.gone(func(int) bool { return true }) {
		p.tb.Errorf("Terraform has ended, and %v of its processes live on", p.alive())
	}
	return p.printed.String(), p.command.ProcessState.ExitCode()
}

// Interrupt interrupts Terraform, as the terminal does, and not the provider.
func (p *Process) Interrupt() { _ = p.command.Process.Signal(os.Interrupt) } // it fails where Terraform has ended

// Kill kills Terraform and the provider, and returns when they are dead.
func (p *Process) Kill() {
	_ = syscall.Kill(-p.group(), syscall.SIGKILL) // it fails where nobody is left
	p.gone(func(int) bool { return true })
}

// KillProvider kills the provider alone, and returns when it is dead and whether there was one.
func (p *Process) KillProvider() bool {
	providers := slices.DeleteFunc(p.alive(), func(pid int) bool { return pid == p.group() }) // which is that of Terraform
	for _, pid := range providers {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it fails where it has ended meanwhile
	}
	return len(providers) > 0 && p.gone(func(pid int) bool { return slices.Contains(providers, pid) })
}

// gone waits until no process of the group lives that counts, and tells whether that is so.
func (p *Process) gone(counts func(pid int) bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if !slices.ContainsFunc(p.alive(), counts) {
			return true
		}
	}
	return false
}

// alive are the processes of the group that are not dead: the system keeps a dead one until somebody asks how it ended.
func (p *Process) alive() []int {
	var pids []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, path := range stats {
		text, err := os.ReadFile(path) // #nosec G304 -- a file of the system
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent group …; the name may hold anything.
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if len(fields) < 3 || fields[0] == "Z" || fields[0] == "X" || fields[2] != strconv.Itoa(p.group()) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
