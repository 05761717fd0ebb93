package access_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestAStepSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	named, unnamed, team := holds(grace, access.Write), called(user(grace.UUID), access.Write), webWrites
	gone := access.Revoke(withoutUUID(named))
	for want, tt := range map[string]struct {
		step  access.Step
		takes bool
	}{
		"grant write to user Grace Hopper (" + grace.UUID + ")":           {access.Step{Grant: named, From: access.None, To: access.Write}, false},
		"grant write to user " + grace.UUID:                               {access.Step{Grant: unnamed, From: access.None, To: access.Write}, false},
		"change read of group Web (web) to write":                         {access.Step{Grant: team, From: access.Read, To: access.Write}, false},
		"change admin of group Web (web) to write":                        {access.Step{Grant: team, From: access.Admin, To: access.Write}, true},
		"change admin of user Grace Hopper (" + grace.UUID + ") to write": {access.Step{Grant: named, From: access.Admin, To: access.Write}, true},
		"change create-repo of group Web (web) to write":                  {access.Step{Grant: team, From: access.CreateRepo, To: access.Write}, true},
		"revoke write from group Web (web)":                               {access.Revoke(team), true},
		"revoke write from user Grace Hopper (" + grace.AccountID + ")":   {gone, true},
		"add user Grace Hopper (" + grace.UUID + ")":                      {access.Step{Grant: at(web, named), From: access.None, To: access.Member}, false},
		"remove user Grace Hopper (" + grace.UUID + ")":                   {access.Revoke(at(web, named)), true},
		"change a-level-of-tomorrow of user " + grace.UUID + " to write":  {access.Step{Grant: unnamed, From: "a-level-of-tomorrow", To: access.Write}, false},
		"change write of user " + grace.UUID + " to a-level-of-tomorrow":  {access.Step{Grant: unnamed, From: access.Write, To: "a-level-of-tomorrow"}, true},
		"grant write to group web":                                        {access.Step{Grant: called(group("web"), access.Write), From: access.None, To: access.Write}, false},
		"grant write to user Grace Hopper (" + grace.AccountID + ")":      {access.Step{Grant: withoutUUID(named), From: access.None, To: access.Write}, false},
		"revoke a-level-of-tomorrow from group Web (web)":                 {access.Revoke(groupHolds("web", "Web", "a-level-of-tomorrow")), true},
	} {
		equal(t, "text", want, tt.step.String())
		equal(t, "takes: "+want, tt.takes, tt.step.Takes())
	}
}

// TestWhatGivesComesBeforeWhatTakes holds that a change of a whole list is one request for each difference, in an order in which nobody is
// out in between, that admin, which may be what the user of the credential does all this by, goes last, and that what is equal is left alone.
func TestWhatGivesComesBeforeWhatTakes(t *testing.T) {
	t.Parallel()
	for _, p := range open(t, allPlaces) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			live := []access.Grant{
				holds(grace, access.Read), holds(linus, access.Admin), holds(margaret, access.Write), holds(alan, access.Write), holds(people[7], access.Write),
			}
			wanted := []access.Grant{
				holds(grace, access.Admin), holds(linus, access.Read), holds(margaret, access.Write), called(user(people[5].AccountID), access.Write), holds(people[6], access.Read),
			}
			gives, takes, admins := []string{people[5].UUID, people[6].UUID}, []string{alan.UUID, people[7].UUID}, []string(nil)
			if p.scope.Kind != access.GroupScope {
				live = append(live, groupHolds("web", "Web", access.Admin), groupHolds("data", "Data", access.Read), groupHolds("mobile", "Mobile", access.Read))
				wanted = append(wanted, groupHolds("web", "Web", access.Write), groupHolds("data", "Data", access.Admin), groupHolds("security", "Security", access.Read))
				gives, takes, admins = append(gives, grace.UUID, "data", "security"), append(takes, "mobile"), []string{linus.UUID, "web"}
			}
			arrange(p.Simulator, p.scope, live...)
			before, steps := p.plan(t, wanted...)
			slices.Reverse(steps) // the order in which they come does not matter
			results := p.d.Carry(t.Context(), steps)

			changes := p.changes(t)
			if len(changes) != len(steps) || len(steps) != len(gives)+len(takes)+len(admins) {
				t.Fatalf("%d steps are %d requests, want %d each:\n%s", len(steps), len(changes), len(gives)+len(takes)+len(admins), strings.Join(changes, "\n"))
			}
			equal(t, "first", gives, namedIn(changes[:len(gives)], gives))
			equal(t, "then", takes, namedIn(changes[len(gives):len(gives)+len(takes)], takes))
			equal(t, "last", admins, namedIn(changes[len(gives)+len(takes):], admins))
			equal(t, "results", []string{"done"}, keys(outcome(results)))
			if g, ok := before.After(results).Find(user(people[5].UUID)); !ok || g.Name != people[5].DisplayName {
				t.Errorf("whom the change has named by the account id is known as %+v", g)
			}
			wanted[3] = holds(people[5], access.Write)
			equal(t, "who has access", truthOf(p.scope, wanted...), truth(p.Simulator, p.scope))
			p.honest(t, before, steps, results)
			if _, more := p.plan(t, wanted...); len(more) > 0 {
				t.Errorf("there is more to do: %v", more)
			}
		})
	}
}

// namedIn are those of several ids that are named by exactly one of several requests: by the id or the account id.
func namedIn(requests, ids []string) []string {
	var named []string
	for _, id := range ids {
		account := "no account"
		for _, u := range people {
			if u.UUID == id {
				account = u.AccountID
			}
		}
		found := slices.DeleteFunc(slices.Clone(requests), func(r string) bool {
			return !strings.Contains(r, "/"+id) && !strings.Contains(r, account)
		})
		if len(found) == 1 {
			named = append(named, id)
		}
	}
	return named
}

func keys[V any](m map[string]V) []string {
	var all []string
	for key := range m {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

func TestNoStepsAreNoRequests(t *testing.T) {
	t.Parallel()
	for _, p := range open(t, allPlaces) {
		equal(t, p.name, 0, len(p.d.Carry(t.Context(), nil)))
		equal(t, p.name, 0, len(p.Journal()))
	}
}

// TestAnAnswerThatDiffersIsTold holds that an answer of another level than was asked for, which the list confirms, is an error, and that nothing
// is taken then.
func TestAnAnswerThatDiffersIsTold(t *testing.T) {
	t.Parallel()
	for _, answered := range []access.Permission{access.Read, access.Admin, access.None} {
		for _, p := range open(t, grantPlaces) {
			arrange(p.Simulator, p.scope, holds(linus, access.Read))
			_, steps := p.plan(t, holds(grace, access.Write))
			other := fault("", strings.TrimSuffix(p.give.Path, "**")+"users**")
			other.Rewrite = func(body []byte) []byte {
				return bytes.Replace(body, []byte(`"write"`), fmt.Appendf(nil, "%q", answered), 1)
			}
			p.Inject(other)
			results := p.d.Carry(t.Context(), steps)
			equal(t, p.name+" answered "+string(answered), map[string][]string{
				"done, with an error": {"grant write to user Grace Hopper"},
				"not tried":           {"revoke read from user Linus Torvalds"},
			}, outcome(results))
			for _, r := range results {
				if r.Err != nil && (!strings.Contains(r.Err.Error(), "asked to grant write on "+p.scope.String()) || !strings.Contains(r.Err.Error(), string(answered))) {
					t.Errorf("the error is %v", r.Err)
				}
			}
			equal(t, p.name+": requests to take", 0, p.Count(p.take.Method, p.take.Path))
			equal(t, p.name+": who has access", truthOf(p.scope, holds(grace, access.Write), holds(linus, access.Read)), truth(p.Simulator, p.scope))
		}
	}
}

func TestARunThatHasEndedTriesNothing(t *testing.T) {
	t.Parallel()
	for _, p := range open(t, allPlaces) {
		arrange(p.Simulator, p.scope, holds(linus, access.Read))
		before, steps := p.plan(t, holds(grace, access.Write))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		results := p.d.Carry(ctx, steps)
		equal(t, p.name+": requests", 0, len(p.Journal()))
		if r := results[0]; r.Done || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%s: %s is done %t with the error %v, want that of the run's end", p.name, r, r.Done, r.Err)
		}
		p.honest(t, before, steps, results)
	}
}

// TestARunThatIsInterruptedBeginsNothingMore holds that nothing is begun after the end of the run, and that nothing is taken.
func TestARunThatIsInterruptedBeginsNothingMore(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	arrange(w.Simulator, api, holds(people[39], access.Read))
	wanted := each(people[1:39], func(u simulator.User) access.Grant { return holds(u, access.Write) })
	steps, others := must(d.Entries(t.Context(), api))(t).Compare(wanted)
	steps = append(steps, access.Revoke(others[0]))
	w.ResetJournal()
	const free = 3 // may end before the run does
	var under <-chan struct{}
	var releases []func()
	for i, s := range steps[free : len(steps)-1] {
		acted, release := w.hold(t, http.MethodPut, apiUsers+"/"+s.Grant.Principal.ID)
		if releases = append(releases, release); i == 0 {
			under = acted
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan []access.Result, 1)
	go func() { ended <- d.Carry(ctx, steps) }()
	await(t, "a change", under)
	cancel()
	for _, release := range releases {
		release()
	}
	results, has := await(t, "the results", ended), truth(w.Simulator, api)
	equal(t, "steps", steps, each(results, func(r access.Result) access.Step { return r.Step }))
	if asked := len(w.Journal()); asked > len(steps)/2 {
		t.Errorf("%d requests for %d steps, although the run had ended", asked, len(steps))
	}
	equal(t, "requests to revoke", 0, w.Count(http.MethodDelete, ""))
	for _, r := range results[:len(steps)-1] {
		if r.Done == (r.Err != nil) || r.Err != nil && !errors.Is(r.Err, context.Canceled) || r.Done && has[r.Grant.Principal.ID] != r.To {
			t.Errorf("%s is done %t, the error is %v, and the level is %s", r, r.Done, r.Err, has[r.Grant.Principal.ID])
		}
	}
}

// TestManyStepsAtOnceLoseNoResult carries out the changes of two lists at the same time; the race detector watches.
func TestManyStepsAtOnceLoseNoResult(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	crowd := each(make([]struct{}, 60), func(struct{}) simulator.User {
		u := w.AddUser(simulator.User{DisplayName: fmt.Sprintf("Person %d", len(w.Snapshot().Users))})
		w.AddMember("acme", u.UUID, simulator.RoleMember)
		return u
	})
	places := []place{
		{w.Simulator, "repository", api, d, fault(http.MethodPut, ""), fault(http.MethodDelete, "")},
		{w.Simulator, "project", plat, d, fault(http.MethodPut, ""), fault(http.MethodDelete, "")},
	}
	var befores []access.Roster
	var plans [][]access.Step
	for _, p := range places {
		arrange(w.Simulator, p.scope, each(crowd[:30], func(u simulator.User) access.Grant { return holds(u, access.Read) })...)
		before, steps := p.plan(t, each(crowd[15:], func(u simulator.User) access.Grant { return holds(u, access.Write) })...)
		befores, plans = append(befores, before), append(plans, steps)
	}
	results := make([][]access.Result, len(places))
	together(t, len(places), func(i int) error {
		results[i] = d.Carry(t.Context(), plans[i])
		return nil
	})
	equal(t, "requests", 2*(15+15+30), len(places[0].changes(t)))
	for i, p := range places {
		equal(t, p.name, []string{"done"}, keys(outcome(results[i])))
		p.honest(t, befores[i], plans[i], results[i])
	}
}
