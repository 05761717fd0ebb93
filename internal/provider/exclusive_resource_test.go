package provider_test

import (
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// populate gives the world more people and a group, and access to other objects that nothing may change.
func populate(w *acctest.World) {
	for _, name := range []string{"Barbara", "Dennis"} {
		w.AddPerson(name, simulator.RoleMember)
	}
	ops := w.AddGroup("acme", simulator.Group{Name: "Ops"}).Slug
	w.AddGroupMember("acme", ops, w.Linus.UUID)
	w.AddProject(simulator.Project{Workspace: "acme", Key: "WEB", Name: "Web"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "WEB", Slug: "web"})
	for _, o := range []owned{ownedRepository(w).named("web"), ownedObjects(w)[1].named("WEB")} {
		o.become(w, who{"Linus": "write", "Ops": "admin"})
	}
}

// TestAListIsTakenOverChangedAndDestroyed takes the three resources from creation over access that is there to destruction.
func TestAListIsTakenOverChangedAndDestroyed(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		populate(w)
		before := w.Snapshot()
		objects := ownedObjects(w)
		for _, o := range objects {
			o.become(w, who{"Linus": "write", "Dennis": "read", "Barbara": "admin", "Developers": "admin", "Ops": "write"})
		}

		want := who{"Grace": "write", "Barbara": "admin", "Linus": "read", "Developers": "write"}
		c := w.Command(t, blocksOf(w, objects, want))
		r := review(t, w, c)
		for _, o := range objects {
			r.expect(t, w, o, "create", who{"Dennis": "read", "Ops": "write"}, who{"Linus": "write to read", "Developers": "admin to write"})
		}
		c.Run(t, 0, "apply", "saved")
		for _, o := range objects {
			takes := []string{"Linus", "Developers", "Dennis", "Ops"}
			if o.kind == "group" {
				takes = []string{"Dennis"}
			}
			expectChanges(t, w, o, []string{"Grace"}, takes)
			expectAccess(t, w, o, want)
		}
		expectNothingToDo(t, c)

		for _, o := range objects { // by hand: one is taken out, one has less, one has more, one is new
			o.become(w, who{"Barbara": "read", "Linus": "admin", "Developers": "write", "Dennis": "admin", "Ops": "read"})
		}
		output := applied(t, c)
		for _, o := range objects {
			loses, gives, takes := who{"Linus": "admin", "Dennis": "admin", "Ops": "read"}, []string{"Grace", "Barbara"}, []string{"Linus", "Dennis", "Ops"}
			if o.kind == "group" {
				loses, gives, takes = who{"Dennis": "member"}, []string{"Grace"}, []string{"Dennis"}
			}
			expectTaken(t, w, output, o, loses)
			expectChanges(t, w, o, gives, takes)
			expectAccess(t, w, o, want)
		}

		want = who{"Grace": "admin", "Barbara": "admin", "Dennis": "write", "Ops": "read"} // another configuration
		c.Write(t, blocksOf(w, objects, want))
		r = review(t, w, c)
		for _, o := range objects {
			r.expect(t, w, o, "update", who{"Linus": "read", "Developers": "write"}, nil)
		}
		c.Run(t, 0, "apply", "saved")
		for _, o := range objects {
			expectAccess(t, w, o, want)
		}
		expectNothingToDo(t, c)

		c.Run(t, 0, "destroy", "-auto-approve")
		for _, o := range objects {
			expectAccess(t, w, o, nil)
		}
		expectSameWorld(t, before, w.Snapshot())
	})
}

// TestAnEmptyListLetsNobodyIn holds that an empty configuration is one: nobody has access, and somebody who gets it shows.
func TestAnEmptyListLetsNobodyIn(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Linus": "write"})
	}
	c := w.Command(t, blocksOf(w, objects, nil))
	output := applied(t, c)
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Linus": "write"})
		expectAccess(t, w, o, nil)
		o.become(w, who{"Grace": "read"})
	}
	output = c.Run(t, 2, "plan", "-detailed-exitcode")
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Grace": "read"})
	}
}

// TestALeaverIsAWarningAndHidesNothingElseOfAList holds that somebody who has left the workspace is a warning, and hides nothing else from
// a plan; and that nothing is done while the configuration names the person.
func TestALeaverIsAWarningAndHidesNothingElseOfAList(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write", "Linus": "read"}))
	applied(t, c)
	w.RemoveMember("acme", w.Linus.UUID)
	for _, o := range objects {
		o.change(w, "Dennis", "write")
	}
	output := unframed(c.Run(t, 2, "plan", "-detailed-exitcode", "-out=saved"))
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Dennis": "write"})
	}
	if !says("User has left the workspace", w.Linus.UUID).MatchString(output) {
		t.Errorf("nobody says that Linus has left:\n%s", output)
	}

	if output := unframed(c.Run(t, 1, "apply", "saved")); !says("User is not in the workspace", w.Linus.UUID).MatchString(output) {
		t.Errorf("the apply does not say why it cannot be done:\n%s", output)
	}
	expectNoWrites(t, w) // nothing is taken away while something cannot be given

	c.Write(t, blocksOf(w, objects, who{"Grace": "write"}))
	output = applied(t, c)
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Dennis": "write"})
	}
	if says("User has left the workspace").MatchString(output) {
		t.Errorf("somebody whom the configuration does not name is warned of:\n%s", output)
	}
	expectNothingToDo(t, c)
}

// TestTheListOfAnObjectThatIsGoneIsPlannedAnew holds that the owner of an object that is gone is planned anew, with a warning, and
// destroyed without a request.
func TestTheListOfAnObjectThatIsGoneIsPlannedAnew(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		objects := ownedObjects(w)
		c := w.Command(t, blocksOf(w, objects, who{"Grace": "write"}))
		applied(t, c)
		w.RemoveRepository("acme", "api")
		w.RemoveProject("acme", "PLAT")
		w.RemoveGroup("acme", w.Developers)
		output := unframed(c.Run(t, 2, "plan", "-detailed-exitcode", "-out=saved"))
		for _, o := range objects {
			if !strings.Contains(output, o.address()+" will be created") {
				t.Errorf("%s is not planned anew:\n%s", o.address(), output)
			}
		}
		if !says("Who loses access to", "is not known", "If this apply creates it").MatchString(output) {
			t.Errorf("the plan does not say that there is no such object:\n%s", output)
		}
		output = unframed(c.Run(t, 1, "apply", "saved"))
		for _, o := range objects {
			if !says("Unable to set", "acme", o.object).MatchString(output) {
				t.Errorf("%s: no error names the object:\n%s", o.address(), output)
			}
		}
		c.Run(t, 0, "destroy", "-auto-approve")
		expectNoWrites(t, w)
	})
}

// TestHiddenAccessIsNotTakenForGoneAccess holds that access that is hidden from the credential is not taken for access that is gone.
func TestHiddenAccessIsNotTakenForGoneAccess(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "ELSE", Name: "Elsewhere"})
	objects := ownedObjects(w)
	body := blocksOf(w, objects, who{"Grace": "write"})
	c := w.Command(t, body)
	applied(t, c)
	linus := *w
	linus.Username, linus.Token = w.AddAPIToken(w.Linus.UUID)
	c.Write(t, linus.Config(body))
	for _, args := range [][]string{{"plan"}, {"destroy", "-auto-approve"}, {"destroy", "-auto-approve", "-refresh=false"}} {
		output := unframed(c.Run(t, 1, args...))
		for _, o := range objects {
			if !says("Unable to", "with "+o.address()).MatchString(output) && !says("Unable to", o.kind+" acme/"+o.object).MatchString(output) {
				t.Errorf("%v says nothing about %s:\n%s", args, o.address(), output)
			}
		}
	}
	c.Write(t, body)
	expectNothingToDo(t, c)
	for _, o := range objects {
		expectAccess(t, w, o, who{"Grace": "write"})
	}
}
