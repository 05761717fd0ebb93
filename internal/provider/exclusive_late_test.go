package provider_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAnApplyDoesWhatItsPlanHasShown holds that an apply does what its plan has shown, whatever has happened meanwhile, and that the next
// plan shows what has.
func TestAnApplyDoesWhatItsPlanHasShown(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write", "Ops": "read"}))
	applied(t, c)
	for _, o := range objects {
		o.become(w, who{"Grace": "write", "Ops": "read", "Linus": "write", "Barbara": "read"})
	}
	c.Run(t, 2, "plan", "-detailed-exitcode", "-out=saved")
	newcomers := who{"Dennis": "admin", "Developers": "admin"}
	for _, o := range objects { // Barbara, Grace and Ops are out by now, Linus has more, and there are newcomers
		o.become(w, together(newcomers, who{"Linus": "admin"}))
	}
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		expectChanges(t, w, o, nil, keysOf(o.fits(w, who{"Linus": "", "Barbara": ""})))
		expectAccess(t, w, o, newcomers)
	}
	output := c.Run(t, 2, "plan", "-detailed-exitcode")
	for _, o := range objects {
		expectTaken(t, w, output, o, newcomers)
		o.become(w, who{"Grace": "write"})
	}
	c.Run(t, 2, "plan", "-detailed-exitcode", "-destroy", "-out=saved") // the same while a destruction is planned
	for _, o := range objects {
		o.become(w, together(newcomers, who{"Grace": "write"}))
	}
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		expectAccess(t, w, o, newcomers)
	}
}

// TestACreationDoesNothingWhereAccessIsNotAsPlanned holds that nothing is changed when access is not what the plan of a creation has shown,
// and that the next plan creates the resource.
func TestACreationDoesNothingWhereAccessIsNotAsPlanned(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Linus": "write"})
	}
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write"}))
	c.Run(t, 0, "plan", "-out=saved")
	for _, o := range objects {
		o.change(w, "Dennis", "read")
	}
	output := unframed(c.Run(t, 1, "apply", "saved"))
	expectNoWrites(t, w)
	for _, o := range objects {
		if !says("inconsistent final plan", o.address()).MatchString(output) {
			t.Errorf("%s: the apply says\n%s", o.address(), output)
		}
	}
	output = applied(t, c)
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Linus": "write", "Dennis": "read"})
		expectAccess(t, w, o, who{"Grace": "write"})
	}
	expectNothingToDo(t, c)
}

// TestAPlanWithoutRefreshWorksOnWhatTheLastRefreshHasFound holds that -refresh=false asks nothing and works on what the last refresh has found.
func TestAPlanWithoutRefreshWorksOnWhatTheLastRefreshHasFound(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	c := w.Command(t, spelled(w, who{"Grace": "write", "Linus": "read"}, accountID))
	for _, o := range objects {
		o.become(w, who{"Barbara": "read"})
	}
	applied(t, c)
	for _, o := range objects {
		o.change(w, "Dennis", "admin") // which nobody has seen yet
	}
	for _, spell := range []func(simulator.User) string{accountID, func(u simulator.User) string { return u.UUID }} {
		c.Write(t, spelled(w, who{"Grace": "write", "Linus": "read"}, spell))
		expectNothingToDo(t, c, "-refresh=false")
		count(t, w, "", "/2.0/**/permissions-config/**", 0)
		count(t, w, "", "/admin/**", 0)
	}
	c.Write(t, blocksOf(w, objects, who{"Linus": "write"}))
	r := review(t, w, c, "-refresh=false")
	c.Run(t, 0, "apply", "saved")
	for _, o := range objects {
		if diff := cmp.Diff(o.fits(w, who{"Grace": "write"}), r.rows(t, w, o, "revokes")); diff != "" {
			t.Errorf("%s: revokes (-want +planned):\n%s", o.address(), diff)
		}
		expectAccess(t, w, o, who{"Linus": "write", "Dennis": "admin"})
	}
	c.Run(t, 0, "destroy", "-auto-approve", "-refresh=false")
	for _, o := range objects {
		expectAccess(t, w, o, who{"Dennis": "admin"})
	}
}

// TestARefreshChangesTheStateAndNoAccess holds that a refresh by itself changes what the state says, and no access.
func TestARefreshChangesTheStateAndNoAccess(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	objects := ownedObjects(w)
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write"}))
	applied(t, c)
	for _, o := range objects {
		o.become(w, who{"Linus": "read"})
	}
	c.Run(t, 0, "apply", "-refresh-only", "-auto-approve")
	expectNoWrites(t, w)
	output := applied(t, c, "-refresh=false")
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Linus": "read"})
		expectAccess(t, w, o, who{"Grace": "write"})
	}
}
