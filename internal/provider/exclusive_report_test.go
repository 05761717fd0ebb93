package provider_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	reporting = `unmanaged = "report"`
	revoking  = `unmanaged = "revoke"`
)

// expectExtras demands that a plan reports this access, in the list and in a warning, and that nobody loses any.
func (r reviewed) expectExtras(t *testing.T, w *acctest.World, o owned, extras who) {
	t.Helper()
	if diff := cmp.Diff(o.fits(w, extras), r.rows(t, w, o, "extras")); diff != "" {
		t.Errorf("%s: extras (-want +planned):\n%s", o.address(), diff)
	}
	expectReported(t, w, r.output, o, extras)
	if revokes := r.rows(t, w, o, "revokes"); len(revokes) > 0 {
		t.Errorf("%s: a report revokes %v", o.address(), revokes)
	}
}

// expectReported demands the warning about access that is not in the configuration.
func expectReported(t *testing.T, w *acctest.World, output string, o owned, extras who) {
	t.Helper()
	expectWarned(t, w, output, o, "not in the configuration", o.fits(w, extras))
}

// TestWhatIsReportedIsNotRevoked takes the three resources through a life in which they revoke nothing that the configuration has never named.
func TestWhatIsReportedIsNotRevoked(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	there := who{"Linus": "write", "Ops": "read"}
	for _, o := range objects {
		o.become(w, together(there, who{"Barbara": "admin"}))
	}
	want := who{"Grace": "write", "Barbara": "read"}
	c := w.Command(t, blocksOf(w, objects, want, reporting))
	r := review(t, w, c)
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		takes, lowers := []string{"Barbara"}, who{"Barbara": "admin to read"} // whom the configuration names has what it says
		if o.kind == "group" {
			takes, lowers = nil, nil
		}
		r.expectExtras(t, w, o, there)
		expectTaken(t, w, r.output, o, lowers)
		expectChanges(t, w, o, []string{"Grace"}, takes)
		expectAccess(t, w, o, together(want, there))
		o.become(w, who{"Linus": "admin", "Dennis": "read", "Developers": "write", "Barbara": "read"}) // Grace and Ops are out by hand
	}

	there = who{"Linus": "admin", "Dennis": "read", "Developers": "write"} // as it is now
	output := applied(t, c)
	for _, o := range objects {
		expectReported(t, w, output, o, there)
		expectTaken(t, w, output, o, nil)
		expectChanges(t, w, o, []string{"Grace"}, nil)
		o.change(w, "Linus", "")
	}
	delete(there, "Linus")
	output = c.Run(t, 0, "plan", "-detailed-exitcode") // what a report says is no difference
	for _, o := range objects {
		expectReported(t, w, output, o, there)
	}

	there["Barbara"] = "read"
	c.Write(t, blocksOf(w, objects, who{"Grace": "write"}, reporting)) // who is no longer named keeps access
	r = review(t, w, c)
	c.Run(t, 0, "apply", "saved")
	expectNoWrites(t, w)
	for _, o := range objects {
		r.expectExtras(t, w, o, there)
	}
	c.Run(t, 0, "destroy", "-auto-approve")
	for _, o := range objects {
		expectChanges(t, w, o, nil, []string{"Grace"})
		expectAccess(t, w, o, there)
	}
}

// TestEnforcingBeginsWithAPlanThatShowsWhoLosesAccess holds that enforcing begins with a plan that shows who loses access, and that
// reporting begins without a change.
func TestEnforcingBeginsWithAPlanThatShowsWhoLosesAccess(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	there, want := who{"Linus": "write", "Ops": "read"}, who{"Grace": "write"}
	for _, o := range objects {
		o.become(w, there)
	}
	c := w.Command(t, blocksOf(w, objects, want, reporting))
	applied(t, c)

	c.Write(t, blocksOf(w, objects, want))
	r := review(t, w, c)
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		r.expect(t, w, o, "update", there, nil)
		expectChanges(t, w, o, nil, keysOf(o.fits(w, there)))
		o.change(w, "Dennis", "admin")
	}

	there = who{"Grace": "write", "Dennis": "admin"}
	c.Write(t, blocksOf(w, objects, nil, reporting)) // to a report, and Grace is named no more
	output := applied(t, c)
	expectNoWrites(t, w)
	for _, o := range objects {
		expectReported(t, w, output, o, there)
		expectTaken(t, w, output, o, nil)
		expectAccess(t, w, o, there)
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")

	c.Write(t, blocksOf(w, objects, nil, revoking))
	output = applied(t, c)
	for _, o := range objects {
		expectTaken(t, w, output, o, there)
		expectAccess(t, w, o, nil)
	}
	expectNothingToDo(t, c)
}

// TestIgnoredGroupsAreNotReported holds that what is left alone is not reported.
func TestIgnoredGroupsAreNotReported(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)[:2]
	for _, o := range objects {
		o.become(w, who{"Ops": "read", "Developers": "write"})
	}
	c := w.Command(t, "")
	for ignored, extras := range map[string]who{`"Ops"`: {"Developers": "write"}, `"ops", "Developers"`: nil} {
		c.Write(t, blocksOf(w, objects, who{"Grace": "write"}, reporting, "ignore_groups = ["+ignored+"]"))
		output := applied(t, c)
		for _, o := range objects {
			expectReported(t, w, output, o, extras)
		}
	}
}
