// Package acctest is what tests share that run the provider through the Terraform CLI against the simulator. Only _test files
// use it.
package acctest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

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
	// Network leads to the simulator where it does not listen on the loopback interface; nil where it does.
	Network http.RoundTripper
	// Username and Token are Ada's.
	Username, Token   string
	Ada, Grace, Linus simulator.User
	// Developers is the slug of the group.
	Developers string
	// Clock is the clock of the simulator, unless the test has set another, and of the provider in Test.
	Clock *Clock

	// Organization is the id of the organization that administers the workspace; "" where Bitbucket does. Key is a key of it without
	// scopes, and AdminURL is where its administration is.
	Organization, Key, AdminURL string
}

// New starts a world that ends with the test. Every answer in it is checked against the official OpenAPI files where they are at
// hand.
func New(tb testing.TB, opts simulator.Options) *World {
	tb.Helper()
	return listening(tb, opts, false)
}

// NewManaged starts the same world with the one difference that the workspace is administered at admin.atlassian.com.
func NewManaged(tb testing.TB, opts simulator.Options) *World {
	tb.Helper()
	return listening(tb, opts, true)
}

func listening(tb testing.TB, opts simulator.Options, managed bool) *World {
	tb.Helper()
	w := newWorld(opts, managed)
	w.URL = Serve(tb, w.Simulator)
	if managed {
		w.AdminURL = serve(tb, w.Atlassian()) + "/admin"
	}
	return w
}

// NewInMemory makes the world of New or NewManaged behind a network in memory. Answers are not checked against the OpenAPI files.
func NewInMemory(opts simulator.Options, managed bool) *World {
	w := newWorld(opts, managed)
	w.Network, w.URL = NewNetwork(w.Simulator), "https://api.bitbucket.org"
	if managed {
		w.AdminURL = "https://api.atlassian.com/admin"
	}
	return w
}

func newWorld(opts simulator.Options, managed bool) *World {
	w := &World{Clock: &Clock{}}
	if opts.Now == nil {
		opts.Now = w.Clock.Now
	}
	s := simulator.New(opts)
	w.Simulator = s
	workspace := simulator.Workspace{Slug: "acme", Name: "Acme"}
	if managed {
		w.Organization = s.AddOrganization(simulator.Organization{Name: "Acme"}).ID
		w.Key = s.AddOrganizationKey(w.Organization)
		workspace.Organization, workspace.OrganizationManaged = w.Organization, true
	}
	s.AddWorkspace(workspace)
	w.Ada = w.AddPerson("Ada", simulator.RoleOwner)
	w.Grace = w.AddPerson("Grace", simulator.RoleMember)
	w.Linus = w.AddPerson("Linus", simulator.RoleMember)
	w.Username, w.Token = s.AddAPIToken(w.Ada.UUID)
	s.AddProject(simulator.Project{Workspace: "acme", Key: "PLAT", Name: "Platform"})
	s.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "api", Name: "api"})
	w.Developers = s.AddGroup("acme", simulator.Group{Name: "Developers"}).Slug
	return w
}

// Serve serves the Bitbucket of a simulator until the test ends and returns its address.
func Serve(tb testing.TB, s *simulator.Simulator) string {
	tb.Helper()
	return serve(tb, s.Bitbucket())
}

func serve(tb testing.TB, handler http.Handler) string {
	tb.Helper()
	server := httptest.NewServer(conformance.Middleware(tb, handler))
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

// Config puts a provider block with Ada's API token, and the access to the organization if there is one, before a configuration.
func (w *World) Config(body string) string {
	organization := ""
	if w.Organization != "" {
		organization = fmt.Sprintf("\n  admin_base_url = %q\n  organization {\n    id      = %q\n    api_key = %q\n  }\n", w.AdminURL, w.Organization, w.Key)
	}
	return fmt.Sprintf("provider \"bitbucket\" {\n  base_url  = %q\n  username  = %q\n  api_token = %q\n%s}\n%s", w.URL, w.Username, w.Token, organization, body)
}

// Test runs steps through the Terraform CLI with a provider that has the clock of the world, so that it does not wait and the
// simulator's lags pass.
func (w *World) Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	RequireCLI(t)
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories(w.Clock), Steps: steps})
}

// Test runs steps through the Terraform CLI.
func Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	RequireCLI(t)
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: Factories(), Steps: steps})
}

// Factories make the provider in this process. It reads no environment variable and does not wait.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return factories(&Clock{})
}

func factories(clock *Clock) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"bitbucket": Server(provider.Options{Getenv: func(string) string { return "" }, Clock: clock}),
	}
}

// Server makes the provider as the test harness wants it.
func Server(o provider.Options) func() (tfprotov6.ProviderServer, error) {
	return func() (tfprotov6.ProviderServer, error) { return provider.Server("test", o)(), nil }
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
	if isOpenTofu(path) { // it refuses the harness's own default, "-"
		if err := os.Setenv("TF_ACC_PROVIDER_NAMESPACE", "hashicorp"); err != nil {
			return err
		}
	}
	return os.Setenv("TF_ACC_TERRAFORM_PATH", path)
})

func isOpenTofu(cli string) bool { return strings.HasPrefix(filepath.Base(cli), "tofu") }

// Registry is the host that the CLI puts before source addresses.
func Registry(tb testing.TB) string {
	tb.Helper()
	cli, err := terraform.Find()
	if err != nil {
		tb.Fatal(err)
	}
	if isOpenTofu(cli) {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// Clock is a clock that does not wait: sleeping moves it on, ahead of the clock of the machine.
type Clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

// Now returns the time that the clock has been moved to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Sleep moves the clock on by d and returns at once.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += max(0, d)
	return ctx.Err()
}
