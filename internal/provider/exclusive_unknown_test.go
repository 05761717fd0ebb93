package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// later is a value that is known only after apply.
func later(name, value string) string {
	return fmt.Sprintf("\nresource \"terraform_data\" %q {\n  input = %q\n}\n", name, value)
}

// becomesKnown writes output of a terraform_data for a text of a configuration.
func becomesKnown(configuration, text, name string) string {
	return strings.ReplaceAll(configuration, fmt.Sprintf("%q", text), fmt.Sprintf("(terraform_data.%s.output)", name))
}

// expectUnknown demands that a plan does not claim to know computed lists.
func (r reviewed) expectUnknown(t *testing.T, o owned, attributes ...string) {
	t.Helper()
	for _, attribute := range attributes {
		if r.changes[o.address()].Change.AfterUnknown[attribute] != true {
			t.Errorf("%s: the plan claims to know %s: %v", o.address(), attribute, r.changes[o.address()].Change.After[attribute])
		}
	}
}

// TestUnknownPeopleAreWarnedOfAndNobodyElseIsRevoked holds that a plan that cannot know yet who is to have access warns of everybody who
// may lose it, and that the apply revokes nobody else's.
func TestUnknownPeopleAreWarnedOfAndNobodyElseIsRevoked(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Grace": "write", "Linus": "read", "Dennis": "write", "Developers": "read", "Ops": "read"})
	}
	want := who{"Grace": "write", "Barbara": "read", "Ops": "read"}
	barbara, _ := personNamed(w, "Barbara")
	config := becomesKnown(blocksOf(w, objects, want), barbara.UUID, "barbara") + later("barbara", barbara.UUID)
	c := w.Command(t, config)
	// A map with a key that is not known is not known at all; of a set, the other elements are.
	may := map[string]who{"group": {"Linus": "member", "Dennis": "member"}}
	takes := map[string][]string{"group": {"Linus", "Dennis"}}
	for _, kind := range []string{"repository", "project"} {
		may[kind] = who{"Grace": "write", "Linus": "read", "Dennis": "write", "Developers": "read"}
		takes[kind] = []string{"Linus", "Dennis", "Developers"}
	}
	r := review(t, w, c)
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		r.expectUnknown(t, o, "revokes", "extras")
		expectWarned(t, w, r.output, o, "may be taken away", may[o.kind])
		expectChanges(t, w, o, []string{"Barbara"}, takes[o.kind])
		expectAccess(t, w, o, want)
	}

	// The same on update: who has access is known from the state, who is to have it is not.
	c.Write(t, strings.Replace(config, `input = "`+barbara.UUID, "triggers_replace = 1\n  input = \""+w.Linus.UUID, 1))
	output := applied(t, c)
	may = map[string]who{"group": {"Barbara": "member"}, "repository": {"Grace": "write", "Barbara": "read"}, "project": {"Grace": "write", "Barbara": "read"}}
	for _, o := range objects {
		expectWarned(t, w, output, o, "may be taken away", may[o.kind])
		expectChanges(t, w, o, []string{"Linus"}, []string{"Barbara"})
		expectAccess(t, w, o, who{"Grace": "write", "Linus": "read", "Ops": "read"})
	}
	expectNothingToDo(t, c)
}

// TestWhoLosesAccessIsKnownWhereOnlyLevelsAreUnknown holds that who loses access is known where only levels are not.
func TestWhoLosesAccessIsKnownWhereOnlyLevelsAreUnknown(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)[:2]
	for _, o := range objects {
		o.become(w, who{"Grace": "admin", "Linus": "write", "Ops": "admin"})
	}
	config := blocksOf(w, objects, who{"Grace": "read", "Barbara": "read", "Ops": "write"})
	c := w.Command(t, becomesKnown(config, "read", "level")+later("level", "read"))
	r := review(t, w, c)
	for _, o := range objects {
		r.expectUnknown(t, o, "lowers")
		if got := r.rows(t, w, o, "revokes"); len(got) != 1 || got["Linus"] != "write" {
			t.Errorf("%s: the plan revokes %v, want of Linus", o.address(), got)
		}
		expectWarned(t, w, r.output, o, "taken away", who{"Linus": "write", "Ops": "admin"})
		expectWarned(t, w, r.output, o, "may become lower", who{"Grace": "admin"})
	}
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		expectAccess(t, w, o, who{"Grace": "read", "Barbara": "read", "Ops": "write"})
	}
	expectNothingToDo(t, c)
}

// TestAListMayBeOwnedByTheApplyThatCreatesItsGroup holds that the list of a group may be owned by the apply that creates the group, and
// what depends on it.
func TestAListMayBeOwnedByTheApplyThatCreatesItsGroup(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	before := w.Snapshot()
	team, repository := ownedObjects(w)[2].named("later"), ownedRepository(w)
	c := w.Command(t, strings.NewReplacer(`"later"`, "bitbucket_group.platform.slug", `"its slug"`, "(bitbucket_group.platform.slug)").Replace(
		platformGroup("Platform", "")+team.block(w, who{"Grace": "", "Linus": ""})+repository.blockOf(nil, who{"its slug": "write"})))
	r := review(t, w, c)
	r.expectUnknown(t, team, "revokes", "extras", "group_slug")
	r.expectUnknown(t, repository, "revokes", "lowers", "extras", "groups")
	if !says("Who loses access to the group is not known", "Which group that is becomes known only after apply").MatchString(r.output) {
		t.Errorf("the plan does not warn:\n%s", r.output)
	}
	c.Run(t, 0, "apply", "saved")
	g, _ := groupNamed(w, "Platform")
	expectAccess(t, w, team.named(g.Slug), who{"Grace": "", "Linus": ""})
	expectAccess(t, w, repository, who{"Platform": "write"})
	expectNothingToDo(t, c)
	c.Run(t, 0, "destroy", "-auto-approve")
	expectSameWorld(t, before, w.Snapshot())
}

// TestAListMayBePlannedBeforeItsObjectIsThere holds that a plan over an object that somebody else has yet to create is possible, and that the apply
// then revokes what came with the object.
func TestAListMayBePlannedBeforeItsObjectIsThere(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	ops, _ := groupNamed(w, "Ops")
	w.UpdateGroup("acme", ops.Slug, simulator.Group{Name: "Ops", Permission: simulator.Write})
	fresh, missing := ownedRepository(w).named("fresh"), ownedObjects(w)[1].named("NONE")
	c := w.Command(t, fresh.block(w, who{"Grace": "write"})+missing.block(w, who{"Grace": "write"}))
	r := review(t, w, c)
	for _, o := range []owned{fresh, missing} {
		r.expectUnknown(t, o, "revokes", "lowers", "extras")
	}
	if !says("Who loses access to", "is not known", "whoever gets access with its creation").MatchString(r.output) {
		t.Errorf("the plan does not warn:\n%s", r.output)
	}
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "fresh"})
	fresh.change(w, "Dennis", "read")
	expectAccess(t, w, fresh, who{"Ops": "write", "Dennis": "read"})
	output := unframed(c.Run(t, 1, "apply", "saved"))
	expectAccess(t, w, fresh, who{"Grace": "write"})
	if !says("Unable to set project permissions", "acme/NONE").MatchString(output) || says("Unable to set repository").MatchString(output) {
		t.Errorf("the apply says\n%s", output)
	}
	c.Write(t, fresh.block(w, who{"Grace": "write"}))
	expectNothingToDo(t, c)
}

// TestNobodyLosesAccessWhileTheModeIsUnknown holds that nobody loses access before it is known whether anybody shall.
func TestNobodyLosesAccessWhileTheModeIsUnknown(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)[:2]
	for _, o := range objects {
		o.become(w, who{"Linus": "write", "Ops": "read"})
	}
	want := who{"Grace": "write"}
	body := objects[0].block(w, want, reporting) + objects[1].block(w, want, `ignore_groups = ["Ops"]`)
	c := w.Command(t, becomesKnown(becomesKnown(body, "report", "mode"), "Ops", "ops")+later("mode", "report")+later("ops", "Ops"))
	r := review(t, w, c)
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		r.expectUnknown(t, o, "revokes")
		expectWarned(t, w, r.output, o, "may be taken away", who{"Linus": "write", "Ops": "read"})
	}
	expectAccess(t, w, objects[0], who{"Grace": "write", "Linus": "write", "Ops": "read"})
	expectAccess(t, w, objects[1], who{"Grace": "write", "Ops": "read"})
	c.Run(t, 0, "plan", "-detailed-exitcode")
}

// TestAnUnknownProviderClaimsToKnowNothingOfAList holds that a provider whose configuration is not known yet claims to know nothing, and
// that the apply does what the configuration says.
func TestAnUnknownProviderClaimsToKnowNothingOfAList(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Linus": "write"})
	}
	c := w.Command(t, providerFromResource(w, "first")+blocksOf(w, objects, who{"Grace": "write"}))
	r := review(t, w, c)
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		r.expectUnknown(t, o, "revokes", "extras")
		expectAccess(t, w, o, who{"Grace": "write"})
	}
	c.Write(t, providerFromResource(w, "second")+blocksOf(w, objects, who{"Grace": "read", "Linus": "read"}))
	applied(t, c)
	for _, o := range objects {
		expectAccess(t, w, o, who{"Grace": "read", "Linus": "read"})
	}
	expectNothingToDo(t, c)
}
