package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// stage is where the demo plays: a simulated Bitbucket with its organization, and the folder in which Terraform works.
type stage struct {
	world    *simulator.Simulator
	server   *http.Server
	dir      string
	examples string
	// provider is the folder of the provider's binary; env points the provider at the simulator.
	provider string
	env      []string
	folder   *terraform.Folder
	// page is the file that the page of the access review is written into.
	page string
}

// newStage sets the stage up.
func newStage(ctx context.Context, binary, examples string) (*stage, error) {
	if _, err := os.Stat(binary); err != nil {
		return nil, fmt.Errorf("build the provider first: %w", err)
	}
	s := &stage{world: simulator.New(simulator.Options{}), examples: examples, provider: filepath.Dir(binary)}
	if err := s.world.Load(simulator.Acme()); err != nil {
		return nil, err
	}
	var err error
	if s.dir, err = os.MkdirTemp("", "bitbucket-demo-"); err != nil {
		return nil, err
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// open starts the simulator.
func (s *stage) open(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	hosts := http.NewServeMux()
	hosts.Handle("/", s.world.Bitbucket())
	hosts.Handle("/admin/", s.world.Atlassian())
	s.server = &http.Server{Handler: hosts, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(listener) }() // it ends with ErrServerClosed when the stage closes
	address := "http://" + listener.Addr().String()
	s.env = []string{
		"BITBUCKET_BASE_URL=" + address, "BITBUCKET_USERNAME=" + simulator.AcmeUsername, "BITBUCKET_API_TOKEN=" + simulator.AcmeAPIToken,
		"ATLASSIAN_ADMIN_BASE_URL=" + address + "/admin", "ATLASSIAN_ORG_ID=" + simulator.AcmeOrganizationID,
		"ATLASSIAN_ADMIN_API_KEY=" + simulator.AcmeOrganizationKey,
	}
	return nil
}

// enter has Terraform work with another example from now on.
func (s *stage) enter(example string) error {
	dir := filepath.Join(s.dir, example)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(s.examples, example))); err != nil {
		return err
	}
	var err error
	s.folder, err = terraform.NewFolder(dir, s.provider, s.env...)
	return err
}

// close ends the simulator and removes the folder.
func (s *stage) close() error {
	var err error
	if s.server != nil {
		err = s.server.Close()
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// terraform runs the CLI, prints what matters of what it says, and returns it all with the exit code.
func (s *stage) terraform(ctx context.Context, args ...string) (output string, code int, err error) {
	fmt.Printf("$ %s %s\n", filepath.Base(s.folder.CLI), strings.Join(args, " "))
	output, code, err = s.folder.Run(ctx, args...)
	for line := range strings.Lines(shorten(args[0], output)) {
		fmt.Print("  │ ", line)
	}
	return output, code, err
}

// expect runs the CLI and demands an exit code and some texts in what it says.
func (s *stage) expect(ctx context.Context, code int, texts []string, args ...string) error {
	output, got, err := s.terraform(ctx, args...)
	if err != nil {
		return err
	}
	if got != code {
		return fmt.Errorf("%s ended with exit code %d, not %d", args[0], got, code)
	}
	for _, text := range texts {
		if !strings.Contains(output, text) {
			return fmt.Errorf("%s did not say %q", args[0], text)
		}
	}
	return nil
}

// reportRequests prints what the scene cost and starts counting anew.
func (s *stage) reportRequests() {
	apis := []struct {
		name          string
		reads, writes int
	}{{name: "Bitbucket"}, {name: "Atlassian Administration"}}
	for _, request := range s.world.Journal() {
		api := &apis[0]
		if strings.HasPrefix(request.Path, "/admin/") {
			api = &apis[1]
		}
		if request.Method == http.MethodGet || strings.HasSuffix(request.Path, "/search") {
			api.reads++
		} else {
			api.writes++
		}
	}
	s.world.ResetJournal()
	var costs []string
	for _, api := range apis {
		if api.reads+api.writes > 0 {
			costs = append(costs, fmt.Sprintf("%s %d to read, %d to write", api.name, api.reads, api.writes))
		}
	}
	fmt.Println("\n  API requests:", strings.Join(costs, "; "))
}

var (
	// overrideNotice is what Terraform prints at every command because the provider is one under development.
	overrideNotice = regexp.MustCompile(`(?s)\nWarning: Provider development overrides.*?\breleases\.\n`)
	// progress are the lines that tell that something begins.
	progress = regexp.MustCompile(`(?m)^.*(?:\.\.\.|: Read complete after).*\n`)
)

// shorten leaves out what distracts from the story: the notice, what begins, and, of an apply, the plan that was shown before.
func shorten(command, output string) string {
	output = progress.ReplaceAllString(overrideNotice.ReplaceAllString(output, ""), "")
	if _, after, ok := strings.Cut(output, "\nPlan: "); ok && command != "plan" {
		output = "Plan: " + after
	}
	return strings.TrimLeft(output, "\n")
}
