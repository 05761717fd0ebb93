package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// howOften is the number that an environment variable says, or the usual one.
func howOften(t *testing.T, variable string, usually int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usually
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// TestRandomChangesAndFaultsEndInWhatIsConfigured changes the configuration, the world and what goes wrong at random, applies in between and
// compares the world with a model after each apply. Even seeds have a workspace that an organization administers. CHAOS_RUNS says how
// many runs there are, and CHAOS_SEED the seed of the first.
func TestRandomChangesAndFaultsEndInWhatIsConfigured(t *testing.T) {
	t.Parallel()
	runs, first := howOften(t, "CHAOS_RUNS", 20), howOften(t, "CHAOS_SEED", 1)
	var counts randomCounts
	t.Cleanup(func() { t.Logf("%d random runs: %s", runs, &counts) })
	var next atomic.Int64
	for worker := range 2 {
		t.Run(fmt.Sprintf("worker %d", worker+1), func(t *testing.T) {
			t.Parallel()
			for {
				seed := int(next.Add(1)) - 1 + first
				if seed >= first+runs || t.Failed() {
					return
				}
				synctest.Test(t, func(t *testing.T) { randomRun(t, seed, &counts) })
			}
		})
	}
}

// randomCounts are what happened in random runs.
type randomCounts struct {
	applies, failed, crashed, configured, meddled, faults atomic.Int64
}

func (c *randomCounts) String() string {
	return fmt.Sprintf("%d changes of the configuration, %d of the world, %d faults, %d applies, of which %d failed in part and "+
		"%d died", c.configured.Load(), c.meddled.Load(),
		c.faults.Load(), c.applies.Load(), c.failed.Load(), c.crashed.Load())
}

// randomRun is a story of some steps with an end that must be good.
func randomRun(t *testing.T, seed int, counts *randomCounts) {
	t.Helper()
	dice := rand.New(rand.NewPCG(uint64(seed), 7))
	a := newRandomAccess(chaosWorld(seed%2 == 0), dice)
	var story []string
	for step := range 12 {
		for range dice.IntN(5) {
			a.reconfigure()
			counts.configured.Add(1)
		}
		for range dice.IntN(4) {
			a.meddle()
			counts.meddled.Add(1)
		}
		if dice.IntN(3) == 0 {
			a.comeBack()
		}
		remove := func() {}
		if dice.IntN(2) == 0 {
			var what string
			what, remove = a.disturb()
			story = append(story, what)
			counts.faults.Add(1)
		}
		dies := dice.IntN(6) == 0
		reason := a.apply(t, counts, dies)
		remove()
		story = append(story, fmt.Sprintf("step %d", step+1))
		if reason != "" {
			t.Fatalf("seed %d, step %d (dies: %t): %s\nafter %s", seed, step+1, dies, reason, strings.Join(story, ", "))
		}
		time.Sleep(time.Hour)
	}
	a.comeBack()
	if reason := a.heal(t, counts); reason != "" {
		t.Fatalf("seed %d, at the end: %s\nafter %s", seed, reason, strings.Join(story, ", "))
	}
}

// disturb lets something go wrong with some of the next requests.
func (a *randomAccess) disturb() (what string, remove func()) {
	f := one(a.Rand, slices.DeleteFunc(slices.Clone(chaosFaults), func(f chaosFault) bool { return f.fault == nil || f.apart && f.hits == nil }))
	fault := f.fault()
	fault.After, fault.Times = a.IntN(30), a.IntN(4) // 0 times is for good
	if f.hits != nil {
		fault.Method = http.MethodPut
	}
	return fmt.Sprintf("%s from request %d on, %d times", f.name, fault.After+1, fault.Times), a.Inject(fault)
}

// apply runs "terraform apply" and compares the world with the model. Where the provider dies, what was not answered by then is in no state.
func (a *randomAccess) apply(t *testing.T, counts *randomCounts, dies bool) string {
	t.Helper()
	counts.applies.Add(1)
	before := a.facts()
	changes, failure := a.plan(t)
	if failure != nil {
		counts.failed.Add(1)
		return difference("a plan has changed the world", before, a.facts())
	}
	after := a.expected(t, before)
	failures := a.carryOut(t, changes, dies)
	if dies {
		counts.crashed.Add(1)
	} else if len(failures) > 0 {
		counts.failed.Add(1)
	}
	live := a.facts()
	if len(failures) == 0 && !dies {
		if reason := difference("all changes succeeded, and the world is not what was asked for", after, live); reason != "" {
			return reason
		}
	}
	for line := range linesOf(before, after, live) {
		halfway := strings.HasPrefix(line, "group named ") && live[line] == groupSettings(strings.TrimPrefix(line, "group named "), "", false)
		if live[line] != before[line] && live[line] != after[line] && !halfway {
			return fmt.Sprintf("%q became %q, from %q, and not %q: %v", line, live[line], before[line], after[line], failures)
		}
	}
	defer a.adopt(t, failures)
	if dies {
		return ""
	}
	return a.truthful(t, failures)
}

// difference tells how facts differ; "" when they do not.
func difference(what string, want, got facts) string {
	if maps.Equal(want, got) {
		return ""
	}
	return what + " (-want +got):\n" + cmp.Diff(want, got)
}

// truthful compares the states of what has not failed with the world, and of what has failed, too, unless the error says that nobody knows.
func (a *randomAccess) truthful(t *testing.T, failures map[string]error) string {
	t.Helper()
	live := liveFacts(a.World)
	for address, r := range a.resources {
		err := failures[address]
		if r.state == nil || err != nil && strings.Contains(err.Error(), "repeating the operation is safe") {
			continue
		}
		c, _ := r.says(t)
		if reason := difference("the state of "+address+" is not what is so", c.facts, c.of(live)); reason != "" {
			return fmt.Sprintf("%s\n%v", reason, err)
		}
	}
	return ""
}
