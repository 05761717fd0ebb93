//go:build linux

package provider_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestAnApplyThatIsKilledIsBroughtToItsEndByTheNext kills the provider, and Terraform with it, at random points of applies of 200 changes.
// CHAOS_KILLS says how often; CHAOS_SEED chooses other worlds, configurations and moments.
func TestAnApplyThatIsKilledIsBroughtToItsEndByTheNext(t *testing.T) {
	t.Parallel()
	kills, seed, counts := howOften(t, "CHAOS_KILLS", 4), howOften(t, "CHAOS_SEED", 1), newChaosCounts()
	t.Run("on a workspace", func(t *testing.T) {
		bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
			t.Helper()
			kind := uint64(len(w.Organization))
			server := newChaosServer(t, w)
			s := &chaosStory{chaosServer: server, cast: newChaosCast(w, rand.New(rand.NewPCG(uint64(seed), kind))), counts: counts, left: kills / 2}
			if w.Organization == "" {
				s.left = kills - kills/2
			}
			s.most, s.command = max(1, s.left/5), w.Command(t, "")
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("CHAOS_SEED=%d CHAOS_KILLS=%d, kill %d: %+v", seed, kills, s.killed, s.last)
				}
			})
			for from := (wish{}); s.left > 0 && !t.Failed(); {
				from = s.travel(t, from)
			}
		})
	})
	t.Log(counts.table(seed))
}

// chaosStory is a world that goes from one configuration to the next while Terraform is killed.
type chaosStory struct {
	*chaosServer
	cast    *chaosCast
	command *acctest.Command
	counts  *chaosCounts

	left, most, killed int // kills that are to come, at most so many in one journey, and that were
	last               death
	seen               map[string]allAccess // what the writes of a journey have changed
	states             [][]byte             // before each run; nil where there was none
}

// travel applies a new wish until that gets through, and returns it.
func (s *chaosStory) travel(t *testing.T, from wish) wish {
	t.Helper()
	before := accessIn(s.world.Snapshot())
	j := newJourney(before, from, s.cast.wish())
	for len(before.differences(j.want)) < chaosChanges {
		j = newJourney(before, from, s.cast.wish())
	}
	s.counts.add("changes", len(before.differences(j.want)))
	s.command.Write(t, j.to.configuration)
	s.seen = map[string]allAccess{}
	for through, kills, failures := false, 0, 0; !through && !t.Failed(); {
		r := s.apply(t, s.choose(j, kills))
		s.check(t, j, r)
		remedied := s.remedy(t, j, r)
		switch {
		case r.death != nil:
			kills, failures = kills+1, 0
			s.mend(t)
		case r.code == 0:
			through = true
		case remedied == 0 || failures > 0: // what an error advises helps at once
			t.Fatalf("the apply ends with exit code %d, and these errors:\n%s", r.code, r.errors())
		default:
			failures++
		}
	}
	if t.Failed() {
		return j.to
	}
	s.arrive(t, j)
	return j.to
}

// choose chooses how the next run dies; nil when it lives.
func (s *chaosStory) choose(j journey, kills int) *death {
	open := len(accessIn(s.world.Snapshot()).differences(j.want))
	if s.left == 0 || kills >= s.most || open == 0 {
		return nil
	}
	c := s.cast
	d := &death{way: killsProvider, moment: whileWrite, at: 1 + c.IntN(open), delay: time.Duration(c.IntN(5)) * time.Millisecond}
	switch chance := c.IntN(100); {
	case chance < 20:
		d.moment = beforeWrite
	case chance < 40:
		d.moment = afterWrite
	case chance < 50:
		d.moment, d.at = whileRead, 1+c.IntN(20)
	case chance < 60:
		d.moment = whileSaved
	}
	if d.moment != whileRead && d.moment != whileSaved && c.IntN(100) < 40 {
		d.ofGroups, d.at = true, 1+c.IntN(8)
	}
	switch chance := c.IntN(3); {
	case d.moment == whileSaved || chance == 0:
		d.way = killsBoth
	case chance == 1:
		d.way, d.delay = interrupts, time.Duration(c.IntN(1000))*time.Millisecond
	}
	return d
}

// apply applies the configuration.
func (s *chaosStory) apply(t *testing.T, d *death) ran {
	t.Helper()
	s.states = append(s.states, s.file(t, "terraform.tfstate"))
	if d != nil {
		s.last = *d
	}
	r := s.run(t, s.command, d, "apply", "-json", "-auto-approve")
	s.counts.add("applies", 1)
	if r.death != nil {
		s.left, s.killed = s.left-1, s.killed+1
		s.counts.killed(r)
	}
	return r
}

// arrive holds that all is as it is wanted, that the state has every resource once, and that there is nothing left to do.
func (s *chaosStory) arrive(t *testing.T, j journey) {
	t.Helper()
	if diff := cmp.Diff(j.want, accessIn(s.world.Snapshot())); diff != "" {
		t.Errorf("who has access (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(j.to.addresses(), held(t, s.file(t, "terraform.tfstate"))); diff != "" {
		t.Errorf("the resources of the state (-want +got):\n%s", diff)
	}
	save(t, s.command, "imports.tf", "")
	expectNothingToDo(t, s.command)
	s.counts.add("journeys", 1)
}
