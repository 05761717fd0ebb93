package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestIgnoredGroupsAreLeftAlone holds that groups that get access by themselves can be left alone, by slug or by name, and that leaving alone
// begins and ends without a change of access that the plan does not show.
func TestIgnoredGroupsAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	const byDefault = "bitbucket-users-acme" // what every repository starts with
	g, _ := groupNamed(w, byDefault)
	g.Permission = simulator.Write
	w.UpdateGroup("acme", g.Slug, g)
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "fresh"})
	objects := []owned{ownedRepository(w).named("fresh"), ownedObjects(w)[1]}
	objects[1].become(w, who{byDefault: "write"})
	ignoring := func(ids ...string) string {
		return blocksOf(w, objects, who{"Grace": "read"}, "ignore_groups = ["+strings.Join(quoted(ids), ", ")+"]")
	}

	c := w.Command(t, ignoring(byDefault))
	expectSilence(t, applied(t, c))
	for _, o := range objects {
		expectChanges(t, w, o, []string{"Grace"}, nil)
		expectAccess(t, w, o, who{"Grace": "read", byDefault: "write"})
		o.change(w, byDefault, "admin") // whatever it has
	}
	expectNothingToDo(t, c)
	for _, o := range objects {
		o.change(w, "Developers", "read")
	}
	c.Write(t, ignoring(g.Slug)) // the same group
	output := applied(t, c)
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Developers": "read"})
		expectAccess(t, w, o, who{"Grace": "read", byDefault: "admin"})
	}

	c.Write(t, blocksOf(w, objects, who{"Grace": "read"})) // no longer left alone
	output = applied(t, c, "-refresh=false")
	for _, o := range objects {
		expectTaken(t, w, output, o, who{byDefault: "admin"})
		expectChanges(t, w, o, nil, []string{byDefault})
		o.change(w, byDefault, "read")
	}
	c.Write(t, ignoring(byDefault, "nobody is called this")) // left alone again, instead of revoked
	applied(t, c)
	expectNoWrites(t, w)

	managed := who{"Grace": "read", byDefault: "write"}
	c.Write(t, blocksOf(w, objects, managed, `ignore_groups = ["Developers"]`)) // managed instead
	applied(t, c)
	for _, o := range objects {
		expectAccess(t, w, o, managed)
	}
	c.Write(t, ignoring(byDefault)) // left alone after it was managed: it keeps what it has
	expectSilence(t, applied(t, c))
	expectNoWrites(t, w)
	expectNothingToDo(t, c)
	c.Run(t, 0, "destroy", "-auto-approve")
	for _, o := range objects {
		expectAccess(t, w, o, who{byDefault: "write"})
	}
}

// TestAGroupThatIsIgnoredAndNamedIsRefused holds that a group that is both ignored and named by its slug is refused, whether or not it has
// access yet; and that one that is ignored by its name, which can be that of several groups, and named is managed.
func TestAGroupThatIsIgnoredAndNamedIsRefused(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	has, hasNot := ownedRepository(w).named("web"), ownedObjects(w)[1]
	refusal := []string{"Named and left alone", "ops", "ignore_groups"}
	config := func(ignored string) string {
		settings := fmt.Sprintf("ignore_groups = [%q]", ignored)
		return has.block(w, who{"Ops": "read"}, settings) + hasNot.block(w, who{"Ops": "read"}, settings)
	}
	checkErrors(t, w.Config(config("ops")), map[string][]string{has.address(): refusal, hasNot.address(): refusal})
	expectNoWrites(t, w)
	c := w.Command(t, config("Ops"))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan", "-detailed-exitcode")
}
