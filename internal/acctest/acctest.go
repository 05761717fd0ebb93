// Package acctest is what tests share that run the provider through the Terraform CLI against the simulator. Only _test files
// use it.
package acctest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator/conformance"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// World is a simulated Bitbucket with the cast of the examples: workspace acme with project PLAT, repository api and group
// developers; Ada, who owns the workspace and whose API token the provider uses, Grace and Linus.
type World struct {
	*simulator.Simulator
	// URL is where the simulator listens.
	URL string
	// Username and Token are Ada's.
	Username, Token   string
	Ada, Grace, Linus simulator.User
}

// New starts a world that ends with the test. Every answer of Bitbucket's API 2.0 in it is checked against the official OpenAPI
// file where that is at hand.
func New(tb testing.TB, opts simulator.Options) *World {
	tb.Helper()
	s := simulator.New(opts)
	w := &World{Simulator: s}
	s.AddWorkspace(simulator.Workspace{Slug: "acme", Name: "Acme"})
	w.Ada = w.AddPerson("Ada", simulator.RoleOwner)
	w.Grace = w.AddPerson("Grace", simulator.RoleMember)
	w.Linus = w.AddPerson("Linus", simulator.RoleMember)
	w.Username, w.Token = s.AddAPIToken(w.Ada.UUID)
	s.AddProject(simulator.Project{Workspace: "acme", Key: "PLAT", Name: "Platform"})
	s.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "api", Name: "api"})
	s.AddGroup("acme", simulator.Group{Name: "Developers"})
	w.URL = Serve(tb, s)
	return w
}

// Serve serves a simulator until the test ends and returns its address.
func Serve(tb testing.TB, s *simulator.Simulator) string {
	tb.Helper()
	server := httptest.NewServer(conformance.Middleware(tb, s.Bitbucket()))
	tb.Cleanup(server.Close)
	return server.URL
}

// castUUIDs are the UUIDs that the examples show.
var castUUIDs = map[string]string{"Grace": "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"}

// AddPerson adds a member of workspace acme.
func (w *World) AddPerson(name, role string) simulator.User {
	u := w.AddUser(simulator.User{UUID: castUUIDs[name], DisplayName: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@acme.example"})
	w.AddMember("acme", u.UUID, role)
	return u
}

// Config puts a provider block with Ada's API token before a configuration.
func (w *World) Config(body string) string {
	return fmt.Sprintf("provider \"bitbucket\" {\n  base_url  = %q\n  username  = %q\n  api_token = %q\n}\n%s", w.URL, w.Username, w.Token, body)
}

// Test runs steps through the Terraform CLI.
func Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	RequireCLI(t)
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: Factories(), Steps: steps})
}

// Factories make the provider in this process. It reads no environment variable and does not wait.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"bitbucket": providerserver.NewProtocol6WithError(provider.New("test", provider.Options{
			Getenv: func(string) string { return "" },
			Clock:  &Clock{now: time.Now()},
		})()),
	}
}

// RequireCLI ends the test when there is neither Terraform nor OpenTofu to run it with.
func RequireCLI(tb testing.TB) {
	tb.Helper()
	if err := findCLI(); err != nil {
		tb.Fatal(err)
	}
}

// findCLI points the test harness at the CLI that is there; left alone, the harness would download one.
var findCLI = sync.OnceValue(func() error {
	path, err := terraform.Find()
	if err != nil {
		return err
	}
	if err := os.Unsetenv("TF_CLI_CONFIG_FILE"); err != nil { // what the user has set up is not for tests
		return err
	}
	if strings.HasPrefix(filepath.Base(path), "tofu") { // OpenTofu refuses the harness's own default, "-"
		if err := os.Setenv("TF_ACC_PROVIDER_NAMESPACE", "hashicorp"); err != nil {
			return err
		}
	}
	return os.Setenv("TF_ACC_TERRAFORM_PATH", path)
})

// Clock is a clock that does not wait: sleeping moves it on.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time that the clock has been moved to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on by d and returns at once.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(0, d))
	return ctx.Err()
}
