// Package terraform runs the Terraform or OpenTofu CLI with a freshly built provider in a folder of its own, for the demo and for
// tests that need whole commands.
package terraform

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Source is the provider's source address; the CLI puts the host of its own registry before it.
const Source = "bitbucket-access/bitbucket"

// patience is how long an interrupted command may take to end by itself.
const patience = 10 * time.Second

// Find returns the path of the CLI: what TF_ACC_TERRAFORM_PATH names, or terraform, or tofu.
func Find() (string, error) {
	if chosen := os.Getenv("TF_ACC_TERRAFORM_PATH"); chosen != "" {
		path, err := exec.LookPath(chosen)
		if err != nil {
			return "", fmt.Errorf("TF_ACC_TERRAFORM_PATH does not name the Terraform or OpenTofu binary: %w", err)
		}
		return filepath.Abs(path)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", errors.New("neither terraform nor tofu is on PATH: install Terraform 1.5 or newer, or OpenTofu, " +
		"or set TF_ACC_TERRAFORM_PATH to the binary")
}

// Folder is where the CLI works: it holds the configuration and the state.
type Folder struct {
	Path string
	// CLI is the path of the CLI.
	CLI      string
	binaries string
	env      []string
}

// NewFolder prepares the folder at path for the provider whose binary lies in the folder binaries. env are variables of the form
// NAME=value; of the process's own environment the CLI sees all but what would aim it elsewhere.
func NewFolder(path, binaries string, env ...string) (*Folder, error) {
	cli, err := Find()
	if err != nil {
		return nil, err
	}
	binaries, err = filepath.Abs(binaries)
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(os.Environ(), aimsElsewhere)
	f := &Folder{Path: path, CLI: cli, binaries: binaries}
	f.env = slices.Concat(own, []string{"TF_CLI_CONFIG_FILE=" + f.settings(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1"}, env)
	return f, f.Install(Source)
}

func (f *Folder) settings() string { return filepath.Join(f.Path, "cli.tfrc") }

// Install lets the CLI find the provider at these source addresses only. At that of another provider it stands in for it: the CLI wants
// whatever provider a state names to be installed, and asks it for no more than its schemas.
func (f *Folder) Install(sources ...string) error {
	var overrides strings.Builder
	for _, address := range sources {
		fmt.Fprintf(&overrides, "    %q = %q\n", address, f.binaries)
	}
	return os.WriteFile(f.settings(), []byte("provider_installation {\n  dev_overrides {\n"+overrides.String()+"  }\n  direct {}\n}\n"), 0o600)
}

// InstallFrom lets "init" find providers in a folder only, which is laid out as the CLI's filesystem mirrors are: what lies there is
// installed, as what a registry offers would be.
func (f *Folder) InstallFrom(mirror string) error {
	return os.WriteFile(f.settings(), fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o600)
}

// aimsElsewhere tells whether a variable would change what the CLI does, or give it a credential that is not for it.
func aimsElsewhere(variable string) bool {
	return slices.ContainsFunc([]string{"TF_", "BITBUCKET_", "ATLASSIAN_"}, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
}

// Run runs a command, without colors, and returns all that it printed and its exit code. err is for a command that could not be
// run. When ctx ends the command is interrupted.
func (f *Folder) Run(ctx context.Context, args ...string) (output string, code int, err error) {
	printed, err := f.Command(ctx, args...).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil {
		return string(printed), exit.ExitCode(), nil
	}
	return string(printed), 0, errors.Join(err, ctx.Err())
}

// Command is a command, without colors, that has not been started. When ctx ends it is interrupted.
func (f *Folder) Command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, f.CLI, append(slices.Clone(args), "-no-color")...) // #nosec G204 -- the CLI that the user has chosen
	command.Dir, command.Env = f.Path, f.env
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = patience
	return command
}
