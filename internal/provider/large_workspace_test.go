package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestTheExampleOfALargeWorkspacePlansOneProjectAtATime holds what the guide says that each of its commands costs.
func TestTheExampleOfALargeWorkspacePlansOneProjectAtATime(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "web", Name: "web"})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OPS", Name: "Operations"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "OPS", Slug: "runbooks", Name: "runbooks"})
	c := w.Command(t, "")
	if err := os.Remove(filepath.Join(c.Path(), "main.tf")); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"project", "plat"} {
		if err := os.Mkdir(filepath.Join(c.Path(), folder), 0o700); err != nil {
			t.Fatal(err)
		}
		save(t, c, filepath.Join(folder, "main.tf"), guideFile(t, "large-workspace", folder, "main.tf"))
	}
	c.Run(t, 0, "-chdir=plat", "get")
	mention(t, c.Run(t, 0, "-chdir=plat", "apply", "-auto-approve"), "3 added")

	lists := "/2.0/**/permissions-config/*"
	c.Run(t, 0, "-chdir=plat", "plan", "-detailed-exitcode")
	expectRequests(t, w, http.MethodGet, lists, 6)
	expectRequests(t, w, "", "", 6)

	w.Grant(simulator.Grant{Workspace: "acme", Repository: "runbooks", User: w.Linus.UUID, Permission: simulator.Admin}) // of another project
	changed := strings.Replace(guideFile(t, "large-workspace", "plat", "main.tf"), `developers = "write"`, `developers = "read"`, 1)
	save(t, c, filepath.Join("plat", "main.tf"), changed)
	mention(t, c.Run(t, 2, "-chdir=plat", "plan", "-refresh=false", "-detailed-exitcode"), "1 to change")
	expectRequests(t, w, "", "", 0)
	mention(t, c.Run(t, 0, "-chdir=plat", "apply", "-auto-approve"), "1 changed")
	expectRequests(t, w, http.MethodPut, lists+"/*", 1)
	expectRequests(t, w, "", "", 7)
}
