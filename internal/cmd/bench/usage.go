package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// Terraform starts a provider by its file name. Under the names of the providers lies this program, which runs the real one, waits for it
// and notes what it has used. These variables tell it where both are.
const (
	providerPrefix = "terraform-provider-"
	usageVariable  = "BENCH_USAGE"
	realVariable   = "BENCH_PROVIDER_" // and the name of the provider
)

// usage is what one process of a provider has used.
type usage struct {
	cpu  time.Duration // user and system
	peak int64         // bytes of memory
}

// standIn runs a provider if this program was started under the name of one, and returns its exit code.
func standIn(args []string, getenv func(string) string) (code int, ok bool) {
	name, ok := strings.CutPrefix(filepath.Base(args[0]), providerPrefix)
	if !ok {
		return 0, false
	}
	if err := note(getenv(usageVariable), started); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1, true
	}
	// An interrupt from the terminal reaches the provider too, which knows when to end.
	signal.Ignore(os.Interrupt)
	provider := exec.CommandContext(context.Background(), getenv(realVariable+name), args[1:]...) // #nosec G204 G702 -- the binary that is measured
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := provider.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1, true
	}
	state := provider.ProcessState
	if err := note(getenv(usageVariable), usage{state.UserTime() + state.SystemTime(), peakMemory(state)}.String()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1, true
	}
	return state.ExitCode(), true
}

// started is the line of a process that begins; one that ends has its usage.
const started = "started"

// String is a line of the file.
func (u usage) String() string { return fmt.Sprintf("%d %d", u.cpu, u.peak) }

// note appends a line to the file.
func note(path, line string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // #nosec G304 -- the folder of this run
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, line)
	return errors.Join(err, file.Close())
}

// takeUsages reads what the processes of one command have used and removes the file.
func takeUsages(path string) ([]usage, error) {
	text, err := os.ReadFile(path) // #nosec G304 G703 -- the folder of this run
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // a command without a provider
	}
	if err != nil {
		return nil, err
	}
	usages, err := parseUsages(string(text))
	return usages, errors.Join(err, os.Remove(path)) // #nosec G703 -- the same
}

// parseUsages reads the lines of the file. A process that was killed before its end could be noted is an error: what it has used would be
// missing.
func parseUsages(text string) ([]usage, error) {
	var usages []usage
	begun := 0
	for line := range strings.Lines(text) {
		var u usage
		if strings.TrimSpace(line) == started {
			begun++
			continue
		}
		if _, err := fmt.Sscanf(line, "%d %d\n", &u.cpu, &u.peak); err != nil {
			return nil, fmt.Errorf("usage %q: %w", line, err)
		}
		usages = append(usages, u)
	}
	if len(usages) != begun {
		return nil, fmt.Errorf("%d processes of a provider began and %d ended", begun, len(usages))
	}
	return usages, nil
}
