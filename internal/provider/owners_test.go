package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// managedTwice is what the summaries of the errors about two owners say.
const managedTwice = "manage the same access twice"

// handedOver is what the summaries of the errors about a handover say.
const handedOver = "hand access from one resource to another"

// repository and project make a place of their own.
func repository(w *acctest.World, slug string) place {
	return place{"repo_slug", w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: slug}).Slug}
}

func project(w *acctest.World, key string) place {
	return place{"project_key", w.AddProject(simulator.Project{Workspace: "acme", Key: key, Name: key}).Key}
}

// byUUID names workspace acme by its UUID in a configuration.
func byUUID(w *acctest.World, config string) string {
	return strings.ReplaceAll(config, `workspace = "acme"`, fmt.Sprintf("workspace = %q", workspaceUUID(w)))
}

// several makes one block several by a for_each over names; each.key stands where KEY does.
func several(config, names string) string {
	return strings.Replace(strings.ReplaceAll(config, `"KEY"`, "each.key"), "\n  workspace", "\n  for_each = toset(["+names+"])\n  workspace", 1)
}

// TestAListHasOneOwnerInAConfiguration holds that a list has one owner in a configuration, whichever two resources manage it and whatever
// they are called, and that resources of different objects do not matter to each other.
func TestAListHasOneOwnerInAConfiguration(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	grace, linus := w.Grace.UUID, w.Linus.UUID
	all := []string{grace, "write"}
	var (
		config []string
		want   [][]string
	)
	twice := func(p place, first, second string, types ...string) {
		config = append(config, first, second)
		want = append(want, append([]string{managedTwice, p.String()}, types...))
	}
	const list, members = "bitbucket_repository_permissions_exclusive", "bitbucket_group_members_exclusive"

	p := repository(w, "entry-user")
	twice(p, p.list("u", all, nil), p.entry("u", "user", grace, "write"))
	p = repository(w, "entry-group")
	twice(p, p.list("g", all, nil), p.entry("g", "group", "developers", "write")) // not in the list
	p = repository(w, "by-uuid")
	twice(p, p.list("by_uuid", all, nil), byUUID(w, p.entry("by_uuid", "user", linus, "write")))
	p = repository(w, "report")
	twice(p, p.list("report", all, nil, `unmanaged = "report"`), p.entry("report", "user", linus, "write"))
	p = repository(w, "two-lists")
	twice(p, p.list("one", all, nil), byUUID(w, p.list("two", nil, []string{"developers", "read"})), "another "+list)
	p = repository(w, "each")
	twice(p, several(strings.ReplaceAll(p.list("them", all, nil), p.name, "KEY"), `"each", "each-other"`), p.entry("them", "user", w.Grace.AccountID, "write"))
	repository(w, "each-other")
	p = repository(w, "later") // whose entry only the apply will know
	twice(p, p.list("later", all, nil), "resource \"terraform_data\" \"later\" {\n  input = \""+linus+"\"\n}\n"+
		strings.Replace(p.entry("later", "user", "LATER", "read"), `"LATER"`, "terraform_data.later.output", 1))
	p = project(w, "ONE")
	twice(p, p.list("p", all, nil), p.entry("p", "group", "developers", "create-repo"))
	p = project(w, "TWO")
	twice(p, p.list("p1", nil, nil), p.list("p2", nil, nil, `unmanaged = "report"`))
	slug := w.AddGroup("acme", simulator.Group{Name: "Crew"}).Slug
	config = append(config, crewOf("crew", "acme", slug, w.Grace), byUUID(w, crewIn("crew", "acme", slug, w.Linus)))
	want = append(want, []string{managedTwice, "group acme/crew", "bitbucket_group_member"})
	slug = w.AddGroup("acme", simulator.Group{Name: "Team"}).Slug
	config = append(config, crewOf("team", "acme", slug, w.Grace), crewOf("team2", "acme", slug))
	want = append(want, []string{managedTwice, "group acme/team", "another " + members})

	// What is near, and not the same.
	p = repository(w, "plat") // as the project, but for the case
	w.AddGroup("acme", simulator.Group{Name: "Plat"})
	config = append(config, p.list("near", all, nil), place{"project_key", "PLAT"}.entry("near", "user", grace, "admin"),
		repository(w, "near").entry("near", "user", grace, "write"), crewIn("near", "acme", "plat", w.Grace))

	c := w.Command(t, strings.Join(config, ""))
	said := about(remarks(t, c, 1, "plan"), "error", "")
	expectRemarks(t, said, want...)
	expectNoWrites(t, w)
	for _, text := range said {
		if !strings.Contains(text, "removed block") || !strings.Contains(text, "terraform state rm") {
			t.Errorf("it does not say what to do:\n%s", text)
		}
	}
}

// TestTwoOwnersInTheStateAreRefusedAndCanBeDestroyed holds that two owners that are in the state already are refused as well, and can be destroyed.
func TestTwoOwnersInTheStateAreRefusedAndCanBeDestroyed(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	all := []string{w.Grace.UUID, "write"}
	r, s := repository(w, "both"), repository(w, "lists")
	lists := r.list("it", all, nil) + s.list("one", all, nil)
	both := lists + r.entry("it", "user", w.Grace.UUID, "write") + s.list("two", all, nil)
	c := w.Command(t, lists)
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, both)
	c.Run(t, 0, "import", "bitbucket_repository_user_permission.it", "acme/both/"+w.Grace.UUID)
	c.Run(t, 0, "import", "bitbucket_repository_permissions_exclusive.two", "acme/lists")
	for _, args := range [][]string{{"plan"}, {"plan", "-refresh=false"}, {"apply", "-auto-approve"}} {
		expectRemarks(t, about(remarks(t, c, 1, args...), "error", ""),
			[]string{managedTwice, r.String(), "_exclusive", "_user_permission"}, []string{managedTwice, s.String()})
		expectNoWrites(t, w)
	}
	c.Run(t, 0, "destroy", "-auto-approve", "-refresh=false")
	if left := sortedGrants(w); len(left) > 0 {
		t.Errorf("it is left that %v", left)
	}
}

// TestOneOwnerIsNeverTakenForTwo holds that one owner is never taken for two, however Terraform comes to plan it.
func TestOneOwnerIsNeverTakenForTwo(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	all := []string{w.Grace.UUID, "write", w.Linus.UUID, "read"}
	a, b, counted := repository(w, "a"), repository(w, "b"), repository(w, "0")
	repository(w, "1")
	for _, slug := range []string{"x", "y"} {
		repository(w, slug)
	}
	trigger := func(generation int) string {
		return fmt.Sprintf("resource \"terraform_data\" \"trigger\" {\n  input = %d\n}\n", generation)
	}
	config := func(generation int, at place) string {
		return trigger(generation) + a.list("plain", all, nil) +
			b.list("triggered", all, nil, "lifecycle {\n    replace_triggered_by = [terraform_data.trigger]\n  }") +
			project(w, fmt.Sprintf("TRIGGERED%d", generation)).entry("plain", "user", w.Grace.UUID, "write") +
			at.list("elsewhere", all, nil) +
			several(place{"repo_slug", "KEY"}.list("each", all, nil), `"x", "y"`) +
			strings.Replace(strings.Replace(counted.list("counted", all, nil), `"0"`, "tostring(count.index)", 1), "\n  workspace", "\n  count = 2\n  workspace", 1) +
			crewOf("crew", "acme", "developers", w.Grace)
	}
	there, elsewhere := repository(w, "there"), repository(w, "elsewhere")
	c := w.Command(t, config(1, there))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan", "-detailed-exitcode")

	before := sortedGrants(w)
	replaced := []string{
		"-replace=bitbucket_repository_permissions_exclusive.plain", "-replace=bitbucket_group_members_exclusive.crew",
		`-replace=bitbucket_repository_permissions_exclusive.each["x"]`, "-replace=bitbucket_repository_permissions_exclusive.counted[1]",
	}
	c.Run(t, 0, append([]string{"apply", "-auto-approve"}, replaced...)...)
	if diff := cmp.Diff(before, sortedGrants(w)); diff != "" {
		t.Errorf("the access has changed (-before +after):\n%s", diff)
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")

	c.Write(t, config(2, elsewhere))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan", "-detailed-exitcode")
	c.Run(t, 0, "destroy", "-auto-approve")
	if left := sortedGrants(w); len(left) > 0 {
		t.Errorf("it is left that %+v", left)
	}
}

// TestWhatWasReplacedAlreadyIsNoSecondOwner holds that what is left of a resource that was replaced already is no second owner: it goes,
// and nobody loses access in between.
func TestWhatWasReplacedAlreadyIsNoSecondOwner(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	const first = "lifecycle {\n    create_before_destroy = true\n  }"
	r, p := repository(w, "replaced"), project(w, "REPLACED")
	all := []string{w.Grace.UUID, "write", w.Linus.UUID, "read"}
	c := w.Command(t, r.list("it", all, nil, first)+p.list("it", all, []string{"developers", "write"}, first)+
		strings.Replace(crewOf("it", "acme", "developers", w.Grace), "\n}", "\n  "+first+"\n}", 1))
	c.Run(t, 0, "apply", "-auto-approve")
	before := sortedGrants(w)
	c.Run(t, 0, "apply", "-auto-approve", "-replace=bitbucket_repository_permissions_exclusive.it", "-replace=bitbucket_project_permissions_exclusive.it",
		"-replace=bitbucket_group_members_exclusive.it")
	expectRequests(t, w, http.MethodDelete, "", 0)
	if diff := cmp.Diff(before, sortedGrants(w)); diff != "" {
		t.Errorf("the access has changed (-before +after):\n%s", diff)
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")
}

// sortedGrants are the permissions and memberships of workspace acme.
func sortedGrants(w *acctest.World) []string {
	var all []string
	for _, g := range w.Grants("acme") {
		all = append(all, fmt.Sprintf("%+v", g))
	}
	for _, g := range w.Groups("acme") {
		for _, u := range g.Members {
			all = append(all, g.Slug+": "+u)
		}
	}
	slices.Sort(all)
	return all
}

// TestObjectsOfUnknownNameAreNotTakenForTheSame holds that objects that only the apply names are not taken for the same, and that the apply
// looks again.
func TestObjectsOfUnknownNameAreNotTakenForTheSame(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	repository(w, "other")
	named := func(label, slug string) string {
		return fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n", label, slug)
	}
	unknown := place{"repo_slug", "UNKNOWN"}
	config := func(slug string) string {
		return named("one", "api") + named("two", slug) +
			strings.Replace(unknown.list("all", []string{w.Grace.UUID, "write"}, nil), `"UNKNOWN"`, "terraform_data.one.output", 1) +
			strings.Replace(unknown.entry("one", "user", w.Grace.UUID, "write"), `"UNKNOWN"`, "terraform_data.two.output", 1) +
			"resource \"bitbucket_group\" \"new\" {\n  workspace = \"acme\"\n  name = \"New\"\n}\n" +
			strings.Replace(crewOf("new", "acme", "NEW", w.Grace), `"NEW"`, "bitbucket_group.new.slug", 1) +
			crewIn("developers", "acme", "developers", w.Grace)
	}
	c := w.Command(t, config("other"))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan", "-detailed-exitcode")
	c.Run(t, 0, "destroy", "-auto-approve")

	later := place{"repo_slug", "later"} // which nobody has created yet
	c.Write(t, later.list("all", nil, []string{"developers", "read"})+later.entry("one", "user", w.Grace.UUID, "write"))
	expectRemarks(t, about(remarks(t, c, 1, "plan"), "error", ""), []string{managedTwice, "repository acme/later"})
	c.Write(t, config("api"))
	c.Run(t, 0, "plan")
	expectRemarks(t, about(remarks(t, c, 1, "apply", "-auto-approve"), "error", ""), []string{managedTwice, "repository acme/api"})
}
