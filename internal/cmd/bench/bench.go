package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

const (
	bitbucketSource = terraform.Source
	trivialSource   = "bitbucket-access/trivial"
	// trivialPackage is built for the baseline.
	trivialPackage = "github.com/bitbucket-access/terraform-provider-bitbucket/internal/cmd/bench/trivial"
)

// bench is what all measurements share.
type bench struct {
	dir, binaries string
	certificate   tls.Certificate
	env           []string
	states        *stateServer
	baselines     baselines
	progress      io.Writer
	// largestApply is with how many instances an apply is measured at most; of more, only the plan of additive ones is.
	largestApply int
}

// newBench prepares a folder with the stand-ins of the providers and the certificate.
func newBench(ctx context.Context, o options, progress io.Writer) (*bench, error) {
	if runtime.GOOS != "linux" {
		return nil, errors.New("it runs on Linux only, where SSL_CERT_FILE makes the provider trust the certificate of the simulator")
	}
	provider, err := filepath.Abs(o.provider)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(provider); err != nil {
		return nil, fmt.Errorf("build the provider first: %w", err)
	}
	b := &bench{baselines: baselines{}, progress: progress, largestApply: o.largestApply}
	if b.dir, err = os.MkdirTemp("", "bitbucket-bench-"); err != nil {
		return nil, err
	}
	if err := b.prepare(ctx, provider); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) prepare(ctx context.Context, provider string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if b.states, err = serveStates(ctx); err != nil {
		return err
	}
	b.binaries = filepath.Join(b.dir, "providers")
	if err := os.Mkdir(b.binaries, 0o700); err != nil {
		return err
	}
	trivial, authority := filepath.Join(b.dir, "trivial"), filepath.Join(b.dir, "authority.pem")
	for name, binary := range map[string]string{"bitbucket": provider, "trivial": trivial} {
		if err := os.Symlink(self, filepath.Join(b.binaries, providerPrefix+name)); err != nil {
			return err
		}
		b.env = append(b.env, realVariable+name+"="+binary)
	}
	b.env = append(b.env, usageVariable+"="+b.usageFile(), "SSL_CERT_FILE="+authority)
	if b.certificate, err = newCertificate(authority); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", trivial, trivialPackage) // #nosec G204 -- a path of ours
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the trivial provider: %w\n%s", err, output)
	}
	return nil
}

func (b *bench) usageFile() string { return filepath.Join(b.dir, "usage") }

// cli is the name of the CLI.
func (b *bench) cli() string {
	path, _ := terraform.Find() // whoever measures hears of the error
	return filepath.Base(path)
}

// close ends what was started and removes the folder.
func (b *bench) close() error {
	var err error
	if b.states != nil {
		err = b.states.http.Close()
	}
	return errors.Join(err, os.RemoveAll(b.dir)) // #nosec G703 -- the folder of this run
}

// inFolder does something in a folder with a configuration, which is gone afterwards.
func (b *bench) inFolder(ctx context.Context, configuration string, env []string, do func(*terraform.Folder) error) (err error) {
	dir, err := os.MkdirTemp(b.dir, "folder-")
	if err != nil {
		return err
	}
	name := filepath.Base(dir)
	defer func() {
		b.states.forget(name)
		err = errors.Join(err, os.RemoveAll(dir))
	}()
	f, err := terraform.NewFolder(dir, b.binaries, slices.Concat(env, b.env)...)
	if err != nil {
		return err
	}
	if err := f.Install(bitbucketSource, trivialSource); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "backend.tf"), []byte(b.states.backend(name)), 0o600); err != nil {
		return err
	}
	// As long as there is nothing but the backend, init does not look for providers in a registry.
	if _, err := b.execute(ctx, f, []string{"init", "-input=false"}); err != nil {
		return err
	}
	if err := configure(f, configuration); err != nil {
		return err
	}
	return do(f)
}

// configure writes the configuration of a folder.
func configure(f *terraform.Folder, configuration string) error {
	return os.WriteFile(filepath.Join(f.Path, "main.tf"), []byte(configuration), 0o600)
}

// measurement is what a command has used.
type measurement struct {
	wall time.Duration
	// cpu is of the CLI and the provider together, user and system; providerCPU of the provider's processes alone.
	cpu, providerCPU time.Duration
	// peak is the most memory in bytes that a process of the provider has held.
	peak int64
}

// command is a Terraform command that is measured.
type command string

const (
	// apply makes all grants, from nothing.
	apply command = "apply"
	// plan finds that nothing has changed.
	plan command = "plan"
)

var applyArgs = []string{"apply", "-auto-approve", "-input=false"}

// commands are what is measured, one after the other in the same folder, with their arguments.
var commands = []struct {
	name command
	args []string
}{
	{apply, applyArgs},
	{plan, []string{"plan", "-detailed-exitcode", "-input=false"}}, // it fails if there is anything to change
}

// execute runs a command to its end. Whatever else than success is an error.
func (b *bench) execute(ctx context.Context, f *terraform.Folder, args []string) (measurement, error) {
	var output bytes.Buffer
	run := f.Command(ctx, args...)
	run.Stdout, run.Stderr = &output, &output
	start := time.Now()
	err := run.Run()
	if ctx.Err() != nil {
		return measurement{}, ctx.Err() // what an interrupted command has said helps nobody
	}
	if err != nil {
		return measurement{}, fmt.Errorf("%s: %w\n%s", args[0], err, tail(output.Bytes()))
	}
	m := measurement{wall: time.Since(start), cpu: run.ProcessState.UserTime() + run.ProcessState.SystemTime()}
	usages, err := takeUsages(b.usageFile())
	for _, u := range usages {
		m.providerCPU += u.cpu
		m.peak = max(m.peak, u.peak)
	}
	return m, err
}

// tail is the end of what a command has said.
func tail(output []byte) []byte { return output[max(0, len(output)-4_000):] }
