package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// spelled writes the resources with each person in one of the spellings that there are.
func spelled(w *acctest.World, all who, spell func(simulator.User) string) string {
	var text strings.Builder
	for _, o := range ownedObjects(w) {
		users, groups := who{}, who{}
		for name, level := range all {
			if u, ok := personNamed(w, name); ok {
				users[spell(u)] = level
			} else if g, ok := groupNamed(w, name); ok {
				groups[g.Slug] = level
			}
		}
		text.WriteString(o.blockOf(users, groups))
	}
	return text.String()
}

func accountID(u simulator.User) string { return u.AccountID }

// TestSpellingsAreNoDifferenceInAList holds that how people and the workspace are named never makes a difference by itself, from the start and later.
func TestSpellingsAreNoDifferenceInAList(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		populate(w)
		objects := ownedObjects(w)
		for _, o := range objects {
			o.become(w, who{"Grace": "write", "Linus": "read", "Barbara": "read"})
		}
		both := who{"Grace": "write", "Linus": "read"}
		inUUID := func(configuration string) string {
			return strings.ReplaceAll(configuration, `"acme"`, fmt.Sprintf("%q", workspaceUUID(w)))
		}
		c := w.Command(t, inUUID(spelled(w, both, accountID)))
		applied(t, c)
		for _, o := range objects {
			expectChanges(t, w, o, nil, []string{"Barbara"})
			expectAccess(t, w, o, both)
		}
		for _, configuration := range []string{
			spelled(w, both, func(u simulator.User) string { return bare(u.UUID) }),
			spelled(w, both, func(u simulator.User) string { return strings.ToUpper(u.UUID) }),
			inUUID(spelled(w, both, func(u simulator.User) string { return map[bool]string{true: u.AccountID, false: u.UUID}[u == w.Linus] })), // one of two
		} {
			c.Write(t, configuration)
			expectNothingToDo(t, c)
		}

		three := who{"Grace": "write", "Linus": "write", "Dennis": "read"} // spellings change together with access
		for _, o := range objects {
			o.change(w, "Barbara", "admin")
		}
		c.Write(t, spelled(w, three, func(u simulator.User) string { return bare(u.UUID) }))
		applied(t, c)
		for _, o := range objects {
			gives := []string{"Linus", "Dennis"}
			if o.kind == "group" {
				gives = []string{"Dennis"}
			}
			expectChanges(t, w, o, gives, []string{"Barbara"})
			expectAccess(t, w, o, three)
		}
		c.Write(t, spelled(w, three, accountID))
		expectNothingToDo(t, c)
		c.Run(t, 0, "destroy", "-auto-approve")
		for _, o := range objects {
			expectAccess(t, w, o, nil)
		}
	})
}

// TestTheListOfAnotherObjectIsOwnedInstead holds that the list of another object is owned instead: what was granted on the first is revoked.
func TestTheListOfAnotherObjectIsOwnedInstead(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	others := []owned{objects[0].named("web"), objects[1].named("WEB"), objects[2].named("ops")} // Linus has access to all of them
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write"}))
	applied(t, c)
	c.Write(t, blocksOf(w, others, who{"Grace": "read"}))
	r := review(t, w, c)
	for i, o := range others {
		if diff := cmp.Diff(o.fits(w, who{"Linus": "write", "Ops": "admin"}), r.rows(t, w, o, "revokes")); diff != "" {
			t.Errorf("%s: revokes (-want +planned):\n%s", o.address(), diff)
		}
		expectTaken(t, w, r.output, objects[i], who{"Grace": "write"})
		objects[i].change(w, "Dennis", "read") // after the plan: no business of it
	}
	c.Run(t, 0, "apply", "saved")
	for i, o := range others {
		expectAccess(t, w, o, who{"Grace": "read"})
		expectAccess(t, w, objects[i], who{"Dennis": "read"})
	}
	expectNothingToDo(t, c)
}

// TestReplacingAListWarnsOfWhoLosesAccess holds that a plan that replaces a list by that of another object also warns of those who lose access there.
func TestReplacingAListWarnsOfWhoLosesAccess(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	api := ownedRepository(w)
	c := w.Command(t, api.block(w, who{"Grace": "write"}))
	applied(t, c)
	c.Write(t, api.named("web").block(w, who{"Grace": "write"}))
	expectTaken(t, w, c.Run(t, 0, "plan"), api.named("web"), who{"Linus": "write", "Ops": "admin"})
}

// TestSuspendedPeopleKeepAndLoseWhatTheyHave holds that people of an organization keep and lose what they have although Bitbucket does not show them.
func TestSuspendedPeopleKeepAndLoseWhatTheyHave(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	team := ownedObjects(w)[2]
	team.become(w, who{"Grace": "", "Linus": "", "Dennis": ""})
	for _, u := range []string{"Linus", "Dennis"} {
		person, _ := personNamed(w, u)
		w.SuspendInOrganization(w.Organization, person.UUID)
	}
	dennis, _ := personNamed(w, "Dennis")
	byUUID := team.blockOf(who{w.Grace.UUID: "", w.Linus.UUID: ""}, nil)
	c := w.Command(t, byUUID)
	r := review(t, w, c)
	rows, _ := r.changes[team.address()].Change.After["revokes"].([]any)
	if len(rows) != 1 || !strings.Contains(fmt.Sprint(rows[0]), dennis.AccountID) && !strings.Contains(fmt.Sprint(rows[0]), dennis.UUID) {
		t.Errorf("the plan removes %v, want Dennis", rows)
	}
	c.Run(t, 0, "apply", "saved")
	expectAccess(t, w, team, who{"Grace": "", "Linus": ""})
	expectNothingToDo(t, c)
	c.Write(t, team.blockOf(who{w.Grace.UUID: "", w.Linus.AccountID: ""}, nil))
	expectNothingToDo(t, c)
	w.RestoreInOrganization(w.Organization, w.Linus.UUID)
	c.Write(t, byUUID)
	expectNothingToDo(t, c)
}
