package provider_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// shape returns the configuration of an example of exclusive access.
func shape(t *testing.T, name string) string {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return withoutHeader(example{filepath.Join(root, "examples", "exclusive-access", name)}.read(t, "main.tf"))
}

// mention demands that an output holds texts.
func mention(t *testing.T, output string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(output, text) {
			t.Errorf("it does not say %q:\n%s", text, output)
		}
	}
}

// expectPermission demands what a user or group has live on repository api.
func expectPermission(t *testing.T, w *acctest.World, of simulator.Grant, want string) {
	t.Helper()
	of.Workspace, of.Repository = "acme", "api"
	if got := w.Permission(of); got != want {
		t.Errorf("%+v has %s on the repository, want %s", of, got, want)
	}
}

func TestTheExampleOfATeamsRepositoryOwnsItsLists(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
	barbara := w.AddPerson("Barbara", simulator.RoleMember)
	w.AddGroupMember("acme", w.Developers, barbara.UUID)
	c := w.Command(t, shape(t, "team-repository"))

	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "revoke admin from user Linus", "remove user Barbara", "2 added")
	expectPermission(t, w, simulator.Grant{User: w.Grace.UUID}, simulator.Admin)
	expectPermission(t, w, simulator.Grant{User: w.Linus.UUID}, simulator.None)
	expectPermission(t, w, simulator.Grant{Group: w.Developers}, simulator.Write)
	c.Run(t, 0, "plan", "-detailed-exitcode")
}

func TestTheExampleOfAProjectOwnsTheListsOfAllItsRepositories(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	users := w.AddGroup("acme", simulator.Group{Name: "bitbucket-users-acme", Permission: simulator.Read}).Slug
	w.AddGroup("acme", simulator.Group{Name: "Everyone", Permission: simulator.Write})
	c := w.Command(t, shape(t, "project"))
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "2 added")
	expectPermission(t, w, simulator.Grant{Group: w.Developers}, simulator.Admin)

	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "web", Name: "web"}) // with the groups that have a default permission
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "revoke write from group Everyone", "1 added")
	web := simulator.Grant{Workspace: "acme", Repository: "web", Group: users}
	if got := w.Permission(web); got != simulator.Read {
		t.Errorf("the group that is to be left alone has %s", got)
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")
}

func TestTheExampleOfARolloutReportsFirstAndEnforcesLater(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	linus := simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin}
	w.Grant(linus)
	c := w.Command(t, shape(t, "rollout"))

	mention(t, c.Run(t, 0, "apply", "-auto-approve"), `unmanaged is "report"`, "user Linus", `"permission" = "admin"`)
	expectPermission(t, w, linus, simulator.Admin)
	mention(t, c.Run(t, 2, "plan", "-detailed-exitcode", "-var", "enforce=true"), "revoke admin from user Linus", `unmanaged = "report" -> "revoke"`)
	c.Run(t, 0, "apply", "-auto-approve", "-var", "enforce=true")
	expectPermission(t, w, linus, simulator.None)
	c.Run(t, 0, "plan", "-detailed-exitcode", "-var", "enforce=true")
}
