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
	if err := note(getenv(usageVariable), usage{state.UserTime() + state.SystemTime(), peakMemory(state)}); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1, true
	}
	return state.ExitCode(), true
}

// note appends a line to the file.
func note(path string, u usage) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // #nosec G304 -- the folder of this run
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%d %d\n", u.cpu, u.peak)
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

// parseUsages reads the lines of the file.
func parseUsages(text string) ([]usage, error) {
	var usages []usage
	for line := range strings.Lines(text) {
		var u usage
		if _, err := fmt.Sscanf(line, "%d %d\n", &u.cpu, &u.peak); err != nil {
			return nil, fmt.Errorf("usage %q: %w", line, err)
		}
		usages = append(usages, u)
	}
	return usages, nil
}
