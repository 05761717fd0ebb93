package access_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// ownPlaces are lists that the user of the credential is on: the operator, who administers only by them, and Ada.
func ownPlaces(t *testing.T) map[simulator.User][]place {
	t.Helper()
	held := append([]access.Grant{mine}, each(people[1:12], func(u simulator.User) access.Grant { return holds(u, access.Write) })...)
	w := operated(t, simulator.RoleMember, held, held)
	owned, d := acme(t)
	arrange(owned.Simulator, admins, in(people[:12]...)...)
	return map[simulator.User][]place{
		operator: {
			{w.Simulator, "repository", api, w.operator(t), fault(http.MethodPut, apiConfig+"**"), fault(http.MethodDelete, apiConfig+"**")},
			{w.Simulator, "project", plat, w.operator(t), fault(http.MethodPut, platConfig+"**"), fault(http.MethodDelete, platConfig+"**")},
		},
		ada: {{owned.Simulator, "group", admins, d, fault(http.MethodPut, groupList+"/**"), fault(http.MethodDelete, groupList+"/**")}},
	}
}

// leave are the steps that take everybody off a list and put one on it, the user of the credential first.
func (p place) leave(t *testing.T, self simulator.User) (before access.Roster, steps []access.Step) {
	t.Helper()
	before, steps = p.plan(t, holds(people[20], access.Read))
	slices.SortStableFunc(steps, func(a, b access.Step) int {
		isSelf := func(s access.Step) int { return map[bool]int{true: 1}[s.Grant.Principal.ID == self.UUID] }
		return isSelf(b) - isSelf(a)
	})
	p.d.OwnLast(t.Context(), p.scope, steps)
	return before, steps
}

// TestTheUsersOwnAccessIsTakenLast holds that nothing is left undone because the user of the credential has taken the own access away before.
func TestTheUsersOwnAccessIsTakenLast(t *testing.T) {
	t.Parallel()
	for self, places := range ownPlaces(t) {
		for _, p := range places {
			before, steps := p.leave(t, self)
			equal(t, p.name+": requests to know who the user is", ownRole, asked(p))
			p.ResetJournal()
			results := p.d.Carry(t.Context(), steps)
			equal(t, p.name, []string{"done"}, keys(outcome(results)))
			changes := p.changes(t)
			if last := changes[len(changes)-1]; len(changes) != len(steps) || !strings.HasPrefix(last, http.MethodDelete) || !strings.HasSuffix(last, self.UUID) {
				t.Errorf("%s: the last of %d changes is %s, want that of %s", p.name, len(changes), last, self.UUID)
			}
			equal(t, p.name+": who has access", truthOf(p.scope, holds(people[20], access.Read)), truth(p.Simulator, p.scope))
			equal(t, p.name+": who has access, by the results", truth(p.Simulator, p.scope), shown(before.After(results)))
		}
	}
}

func asked(p place) []string {
	return each(p.Journal(), func(r simulator.Request) string { return r.Method + " " + r.Path })
}

// TestTheUsersOwnAccessStaysWhereSomethingFails holds that who cannot finish a change can still repair it.
func TestTheUsersOwnAccessStaysWhereSomethingFails(t *testing.T) {
	t.Parallel()
	for self, places := range ownPlaces(t) {
		for _, p := range places {
			before, steps := p.leave(t, self)
			broken := p.take
			broken.Path = strings.TrimSuffix(broken.Path, "**") + "**" + people[5].UUID
			broken.Status = http.StatusConflict
			p.Inject(broken)
			results := p.d.Carry(t.Context(), steps)
			equal(t, p.name+": the own step", access.Result{Step: steps[0]}, results[0])
			if has := truth(p.Simulator, p.scope); has[self.UUID] == "" || has[people[5].UUID] == "" || len(has) != 3 {
				t.Errorf("%s: access have %v, want the user, who was refused and who is new", p.name, has)
			}
			p.honest(t, before, steps, results)
		}
	}
}

// TestWhoTheUserIsNeedNotBeKnown holds that a change goes on where Bitbucket does not tell.
func TestWhoTheUserIsNeedNotBeKnown(t *testing.T) {
	t.Parallel()
	for self, places := range ownPlaces(t) {
		for _, p := range places[:1] {
			p.Inject(simulator.Fault{Path: standing, Status: http.StatusForbidden})
			_, steps := p.leave(t, self)
			p.d.OwnLast(t.Context(), access.Scope{Kind: p.scope.Kind, Workspace: braced, Name: "nothing"}, slices.Clone(steps))
			equal(t, p.name, len(steps), len(p.d.Carry(t.Context(), steps)))
			if p.Count(p.take.Method, p.take.Path) == 0 {
				t.Errorf("%s: nothing was taken", p.name)
			}
		}
	}
}

// TestWhatTheUserGetsComesFirst holds that only what is taken from the user waits.
func TestWhatTheUserGetsComesFirst(t *testing.T) {
	t.Parallel()
	w := operated(t, simulator.RoleMember, []access.Grant{ofWeb, holds(operator, access.Read), holds(grace, access.Write)}, nil)
	p := place{w.Simulator, "repository", api, w.operator(t), simulator.Fault{}, simulator.Fault{}}
	before, steps := p.plan(t, mine)
	p.d.OwnLast(t.Context(), p.scope, steps)
	results := p.d.Carry(t.Context(), steps)
	equal(t, "results", []string{"done"}, keys(outcome(results)))
	if changes := p.changes(t); !strings.HasPrefix(changes[0], http.MethodPut) || !strings.Contains(changes[0], operator.UUID) {
		t.Errorf("the first of the changes is %s, want what the user gets", changes[0])
	}
	p.honest(t, before, steps, results)
}
