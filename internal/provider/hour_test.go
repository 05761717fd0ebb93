package provider_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// paced are the settings of a provider that waits for the end of limits as long as it takes, and keeps to so many requests an hour; 0 is any
// number.
func paced(requestsPerHour int) map[string]tftypes.Value {
	settings := map[string]tftypes.Value{"max_rate_limit_wait": str("720h")}
	if requestsPerHour > 0 {
		settings["requests_per_hour"] = tftypes.NewValue(tftypes.Number, requestsPerHour)
	}
	return settings
}

// eachWriting runs a test in a bubble of its own for each way to write access down.
func eachWriting(t *testing.T, test func(t *testing.T, as writing)) {
	t.Helper()
	for _, as := range writings {
		t.Run(as.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { test(t, as) })
		})
	}
}

// held is the access that the states hold.
func (s *stack) held(t *testing.T) []simulator.Grant {
	t.Helper()
	schemas := s.process(t, nil).schemas.ResourceSchemas
	var all []simulator.Grant
	for _, r := range s.resources {
		value, attributes, err := decode(schemas[r.resource], r.state)
		if err != nil {
			t.Fatal(err)
		}
		if value.IsNull() {
			continue
		}
		text := func(v tftypes.Value) (text string) {
			if err := v.As(&text); err != nil {
				t.Fatal(err)
			}
			return text
		}
		g := simulator.Grant{Workspace: "acme", Repository: text(attributes["repo_slug"])}
		if !isExclusive(r.resource) {
			g.Permission = text(attributes["permission"])
			if user, is := attributes["user_id"]; is {
				g.User = text(user)
			} else {
				g.Group = text(attributes["group_slug"])
			}
			all = append(all, g)
			continue
		}
		var users, groups map[string]tftypes.Value
		if err := cmp.Or(attributes["users"].As(&users), attributes["groups"].As(&groups)); err != nil {
			t.Fatal(err)
		}
		for id, level := range users {
			g.User, g.Group, g.Permission = id, "", text(level)
			all = append(all, g)
		}
		for slug, level := range groups {
			g.User, g.Group, g.Permission = "", slug, text(level)
			all = append(all, g)
		}
	}
	return all
}

// expectTruth demands that the states hold the access that there is.
func (s *stack) expectTruth(t *testing.T) {
	t.Helper()
	byText := func(a, b simulator.Grant) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	live := slices.SortedFunc(slices.Values(s.Grants("acme")), byText)
	if diff := gocmp.Diff(live, slices.SortedFunc(slices.Values(s.held(t)), byText)); diff != "" {
		t.Errorf("the state is not what is granted (-granted +state):\n%s", diff)
	}
}

// step is a command in the life of a configuration, and the requests that it needs at least.
type step struct {
	name  string
	floor int
	run   func()
}

// life is the commands from the first plan to changes, each to begin when the one before is done. Each is a process of its own.
func (s *stack) life(t *testing.T) []step {
	t.Helper()
	const people = 1 // to see that a person is in the workspace, each process lists its people
	listings := 2 * len(s.repositories)
	return []step{
		{"the first plan", people + s.compares/2*listings, func() { s.plan(t, true) }},
		{"the first apply", people + s.compares/2*listings + listings, func() { s.apply(t) }},
		{"a refresh", listings, func() { s.plan(t, true) }},
		{"the plan of a change", listings, func() { s.edit(simulator.Read); s.plan(t, true) }},
		{"the apply of a change", 1, func() { s.apply(t) }},
		{"the plan of a change with -refresh=false", 0, func() { s.edit(simulator.Admin); s.plan(t, false) }},
		{"the apply of a change that was not refreshed", 1, func() { s.apply(t) }},
	}
}

// expectSuccess demands that the last command did everything, with the requests that it needs and no other.
func (s *stack) expectSuccess(t *testing.T, of step, cost spent) {
	t.Helper()
	if failures := s.failures(); len(failures) > 0 {
		t.Fatalf("%s: %d resources failed, such as: %s", of.name, len(failures), failures[0])
	}
	if cost.requests != of.floor {
		t.Errorf("%s: %d requests, want %d", of.name, cost.requests, of.floor)
	}
}

func TestNothingButBitbucketHoldsAProcessUp(t *testing.T) {
	t.Parallel()
	eachWriting(t, func(t *testing.T, as writing) {
		t.Helper()
		h := newBitbucketHour(50, 0)
		s := h.stack(as, h.repositories, nil)
		for _, step := range s.life(t) {
			cost := h.measure(step.run)
			s.expectSuccess(t, step, cost)
			// The two listings of a whole list run side by side; looking up people, and the last requests of all, may leave workers without work.
			if atMost := time.Duration(step.floor)*latency/parallelism + 2*latency; cost.took > atMost {
				t.Errorf("%s takes %s, want at most %s", step.name, cost.took, atMost)
			}
		}
		s.expectTruth(t)
	})
}

// TestABudgetOfRequestsDelaysAndLosesNothing holds how long a budget of requests makes commands take that need several budgets: hours. Without
// requests_per_hour, they wait from limit to limit; with it, they never reach one, nor do others who use the room that it leaves.
func TestABudgetOfRequestsDelaysAndLosesNothing(t *testing.T) {
	t.Parallel()
	const budget = 60
	for name, requestsPerHour := range map[string]int{"without requests_per_hour": 0, "with all of it": budget, "with nine tenths of it": budget * 9 / 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachWriting(t, func(t *testing.T, as writing) {
				t.Helper()
				h := newBitbucketHour(50, budget)
				s, perHour := h.stack(as, h.repositories, paced(requestsPerHour)), cmp.Or(requestsPerHour, budget)
				for _, step := range s.life(t) {
					h.rest()
					stop := h.others(t, budget-perHour)
					cost := h.measure(step.run)
					if refused := stop(); refused > 0 {
						t.Errorf("%s: others were refused %d times", step.name, refused)
					}
					s.expectSuccess(t, step, cost)
					expectDelay(t, step, cost, perHour, requestsPerHour > 0)
				}
				s.expectTruth(t)
			})
		})
	}
}

// expectDelay demands that a command takes the hours that its requests need, and a twentieth more at most, and how often it ran into the limit.
func expectDelay(t *testing.T, of step, cost spent, perHour int, isPaced bool) {
	t.Helper()
	hours := max(0, of.floor-1) / perHour // one budget goes at once, and the next an hour later
	atLeast, atMost := time.Duration(hours)*time.Hour, time.Duration(hours)*time.Hour
	refused := hours * 120 // a pause is a minute long on average, and every request under way is refused before the first
	if isPaced {
		atMost, refused = time.Hour*time.Duration(of.floor)/time.Duration(perHour), 0
	}
	atMost += atMost/20 + time.Duration(of.floor)*latency/parallelism + 2*latency
	if cost.took < atLeast || cost.took > atMost {
		t.Errorf("%s: %d requests take %s, want from %s to %s", of.name, cost.requests, cost.took, atLeast, atMost)
	}
	if cost.limited > refused {
		t.Errorf("%s: %d requests were refused in %d hours", of.name, cost.limited, hours)
	}
}

func TestWhatTheLimitEndsIsNotLostAndGoesOnLater(t *testing.T) {
	t.Parallel()
	eachWriting(t, func(t *testing.T, as writing) {
		t.Helper()
		const budget = 60
		h := newBitbucketHour(50, budget)
		s := h.stack(as, h.repositories, paced(0))
		s.plan(t, true)

		h.rest()
		s.settings = nil // by default, a run waits a quarter of an hour
		s.expectLimit(t, h.measure(func() { s.apply(t) }), budget)
		for _, g := range s.held(t) {
			if !slices.Contains(h.Grants("acme"), g) {
				t.Errorf("the state holds %v, which was not granted", g)
			}
		}

		s.settings = paced(0)
		s.plan(t, false) // what is in the state would cost another budget
		s.apply(t)
		s.expectTruth(t)

		h.rest()
		s.settings = nil
		s.expectLimit(t, h.measure(func() { s.plan(t, true) }), budget)
		s.expectTruth(t)
	})
}

// expectLimit demands that a command has used up the budget, has waited as long as it may, and says for the rest what to do.
func (s *stack) expectLimit(t *testing.T, cost spent, budget int) {
	t.Helper()
	if cost.requests != budget || cost.took < 15*time.Minute || cost.took > 16*time.Minute {
		t.Errorf("%d requests, which take %s, want %d and 15 minutes", cost.requests, cost.took, budget)
	}
	failures := s.failures()
	if len(failures) == 0 || len(failures) == len(s.resources) {
		t.Errorf("%d of %d resources failed", len(failures), len(s.resources))
	}
	for _, failure := range failures {
		if !says("limit of requests", "waited 15m", "max_rate_limit_wait").MatchString(failure.Error()) {
			t.Errorf("this does not say what to do: %s", failure)
		}
	}
}

// TestAListReadsAheadWhileItIsTaken holds that the time of a list over a workspace is that of an eighth of its requests, and hardly more.
func TestAListReadsAheadWhileItIsTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const repositories = 80
		h := newBitbucketHour(repositories, 0)
		p := h.process(t, nil)
		lists, _ := p.ProviderServer.(tfprotov6.ListResourceServer)
		l := lister{p, lists, nil}
		began := time.Now()
		for range l.stream(t.Context(), t, listedRepoUsers, l.config(t, listedRepoUsers, inAcme), listBlock{}) {
			t.Error("there is a permission")
		}
		// The repositories are listed before, and the first few are read with ever more at a time.
		if took, most := time.Since(began), (repositories/8+5)*latency; took > most {
			t.Errorf("it took %v, want %v at most", took, most)
		}
	})
}
