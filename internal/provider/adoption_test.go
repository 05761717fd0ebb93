package provider_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// guideFile returns a file of an example that a guide shows.
func guideFile(t *testing.T, guide, name, file string) string {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return example{filepath.Join(root, "examples", guide, name)}.read(t, file)
}

// guided is the configuration of an example that a guide shows.
func guided(t *testing.T, guide, name string) string {
	t.Helper()
	return withoutHeader(guideFile(t, guide, name, "main.tf"))
}

// clickedTogether arranges what a workspace has after some years: 60 repositories with 400 permissions on them, 3 groups with 3 members
// besides the one that all worlds have, and 2 permissions on the project. All together are 412 things.
func clickedTogether(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	barbara := w.AddPerson("Barbara", simulator.RoleMember)
	groups := []string{w.Developers}
	for i, u := range []simulator.User{w.Grace, w.Linus, barbara} {
		slug := w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Team %d", i), Permission: simulator.Read, AutoAdd: i == 1}).Slug
		w.AddGroupMember("acme", slug, u.UUID)
		groups = append(groups, slug)
	}
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", User: w.Linus.UUID, Permission: "create-repo"})
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: w.Developers, Permission: simulator.Write})
	levels := []string{simulator.Read, simulator.Write, simulator.Admin}
	for i := range 60 {
		grant := simulator.Grant{Workspace: "acme", Repository: "api", Permission: levels[i%3]}
		if i > 0 {
			grant.Repository = []string{"service.%d", "service_%d"}[i%2]
			grant.Repository = fmt.Sprintf(grant.Repository, (i+1)/2) // service_1 and service.1 are two
			w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: grant.Repository, Name: grant.Repository})
		}
		for _, slug := range groups {
			grant.Group = slug
			w.Grant(grant)
		}
		grant.Group = ""
		for _, u := range []simulator.User{w.Grace, w.Linus, barbara} {
			if grant.User = u.UUID; i < 40 || u != barbara {
				w.Grant(grant)
			}
		}
	}
	if got := len(w.Grants("acme")); got != 402 {
		t.Fatalf("the workspace has %d permissions, want 402", got)
	}
	return w
}

// expectFloor demands exactly the listings that reading the access of clickedTogether takes, and as many other requests as given.
func expectFloor(t *testing.T, w *acctest.World, others int) {
	t.Helper()
	expectRequests(t, w, "GET", "/1.0/groups/acme", 1)
	for _, kind := range []string{"users", "groups"} {
		expectRequests(t, w, "GET", "/2.0/workspaces/acme/projects/PLAT/permissions-config/"+kind, 1)
		expectRequests(t, w, "GET", "/2.0/repositories/acme/*/permissions-config/"+kind, 60)
	}
	if got, want := len(w.Journal()), 1+2+120+others; got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
}

func TestAWorkspaceIsAdoptedWithGeneratedConfigurationAndPlansEmpty(t *testing.T) {
	t.Parallel()
	w := clickedTogether(t)
	before := w.Snapshot()
	inventory := w.Command(t, guided(t, "adopt", "inventory"))
	inventory.Run(t, 0, "apply", "-auto-approve")
	expectFloor(t, w, 2) // the projects and the repositories
	imports := inventory.Run(t, 0, "output", "-raw", "imports")

	c := w.Command(t, "")
	save(t, c, "imports.tf", imports)
	mention(t, c.Run(t, 0, "plan", "-generate-config-out=generated.tf"), "Plan: 409 to import, 0 to add, 0 to change, 0 to destroy.")
	expectFloor(t, w, 0)
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "409 imported, 0 added, 0 changed, 0 destroyed")
	expectFloor(t, w, 0)
	save(t, c, "imports.tf", "")
	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectFloor(t, w, 0)
	expectSameWorld(t, before, w.Snapshot())
}

// guideQueries are how many things the queries of the guide find in the workspace of clickedTogether, one by one and as whole lists.
var guideQueries = map[string]int{"query": 409, "lists": 60 + 1 + 4}

func TestTheQueriesOfTheGuideFindEverything(t *testing.T) {
	t.Parallel()
	l := listing(t, clickedTogether(t))
	for name, want := range guideQueries {
		count := 0
		for _, b := range listExamples(t, guideFile(t, "adopt", name, "access.tfquery.hcl")) {
			limit, err := strconv.Atoi(b.settings["limit"])
			if err != nil {
				t.Fatalf("%s: %s", name, err)
			}
			count += len(l.found(t, b.kind, b.arguments, listBlock{limit: int64(limit), objects: true}))
		}
		if count != want {
			t.Errorf("%s finds %d things, want %d", name, count, want)
		}
	}
	expectFloor(t, l.world, 2) // all of it in one run: the projects and the repositories
}

func TestTheQueriesOfTheGuideAdoptAWorkspaceWhichPlansEmpty(t *testing.T) {
	t.Parallel()
	for name, want := range guideQueries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := clickedTogether(t)
			before := w.Snapshot()
			c := querying(t, w, map[string]string{"access": guideFile(t, "adopt", name, "access.tfquery.hcl")})
			c.Run(t, 0, "query", "-generate-config-out=access.tf")
			expectFloor(t, w, 2)
			mention(t, c.Run(t, 0, "plan", "-out=adopt"), fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", want))
			expectFloor(t, w, 0)
			c.Run(t, 0, "apply", "adopt")
			expectRequests(t, w, "", "", 0)
			c.Run(t, 0, "plan", "-detailed-exitcode")
			expectFloor(t, w, 0)
			expectSameWorld(t, before, w.Snapshot())
		})
	}
}

func TestWholeListsAreAdoptedWithGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.GeneratedLists)
	w := acctest.New(t, simulator.Options{})
	adopted(w)
	before := w.Snapshot()
	c := w.Command(t, "")
	save(t, c, "imports.tf", blocks(ownedObjects(w), func(_ int, o owned) string {
		return fmt.Sprintf("import {\n  to = %s\n  id = \"acme/%s\"\n}\n", o.address(), o.object)
	}))
	mention(t, c.Run(t, 0, "plan", "-generate-config-out=generated.tf"), "Plan: 3 to import, 0 to add, 0 to change, 0 to destroy.")
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "3 imported, 0 added, 0 changed, 0 destroyed")
	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectSameWorld(t, before, w.Snapshot())
}

func TestOneObjectIsAdoptedInOnePlanAndThenWrittenDown(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.ImportForEach)
	w := acctest.New(t, simulator.Options{})
	adopted(w)
	before := w.Snapshot()
	config := guided(t, "adopt", "object")
	c := w.Command(t, config)
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "2 imported, 0 added, 0 changed, 0 destroyed")
	expectFloorOfOneRepository(t, w)
	users, groups := c.Run(t, 0, "output", "users"), c.Run(t, 0, "output", "groups")

	// What the guide says to do then: the maps in the place of the data source, and no import blocks.
	_, config, _ = strings.Cut(config, "resource ")
	resources, rest, _ := strings.Cut(config, "import {")
	_, outputs, _ := strings.Cut(rest, `output "`)
	c.Write(t, "locals {\n  users = "+users+"\n  groups = "+groups+"\n}\nresource "+resources+`output "`+outputs)
	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectFloorOfOneRepository(t, w)
	expectSameWorld(t, before, w.Snapshot())

	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Admin})
	mention(t, c.Run(t, 2, "plan", "-detailed-exitcode"), `"admin" -> "write"`)
}

func expectFloorOfOneRepository(t *testing.T, w *acctest.World) {
	t.Helper()
	expectRequests(t, w, "GET", "/2.0/repositories/acme/api/permissions-config/users", 1)
	expectRequests(t, w, "GET", "/2.0/repositories/acme/api/permissions-config/groups", 1)
	if got := len(w.Journal()); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
}
