package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// burst lets a number of requests of a kind be limited after some others, in the words of Bitbucket or of the administration, unless it is
// called off before.
func burst(w *acctest.World, method, path string, after, times int) (callOff func()) {
	f := simulator.RateLimited(times)
	f.Method, f.Path, f.After = method, path, after
	if strings.HasPrefix(path, "/admin") {
		reset := w.Clock.Now().Add(5 * time.Second).UTC().Format(time.RFC3339)
		f.Header = http.Header{"X-RateLimit-Limit": {"100"}, "X-RateLimit-Remaining": {"0"}, "X-RateLimit-Reset": {reset}}
		f.Body = `{"code":429,"message":"Too many requests"}`
	}
	return w.Inject(f)
}

// burstOfWrites lets each kind of change, of each kind of principal on each of the objects, be limited twice after the first one. Where some
// kinds are left out, it is told how often that is in all.
func burstOfWrites(w *acctest.World, takes bool) (limited int) {
	for _, o := range limitedObjects(w) {
		method, paths := http.MethodPut, []string{o.changesOf(w, "*")}
		if takes {
			method = http.MethodDelete
		}
		switch {
		case o.kind != "group":
			paths = append(paths, strings.Replace(paths[0], "/users/", "/groups/", 1))
		case w.Organization != "" && takes:
			paths = []string{fmt.Sprintf("/admin/**/groups/%s/memberships/*", o.object)}
		case w.Organization != "":
			method, paths = http.MethodPost, []string{fmt.Sprintf("/admin/**/groups/%s/memberships", o.object)}
		}
		for _, path := range paths {
			burst(w, method, path, 1, 2)
			limited += 2
		}
	}
	return limited
}

// A burst in the middle of an apply and of a destroy costs time and nothing else, whatever is given and taken away.
func TestABurstOf429sInTheMiddleOfWritesLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := limitedTo(w, "15m", everyKind(w, 4))
		limited := burstOfWrites(w, false)
		noFailures(t, a.apply(t))
		a.expectSentAgain(t, limited)
		a.expectInState(t, limitedObjects(w))
		a.expectSettled(t)

		limited = burstOfWrites(w, true)
		noFailures(t, a.destroy(t))
		a.expectSentAgain(t, limited)
		a.expectInState(t, limitedObjects(w))
	})
}

// Reads that are limited are read again, and once more only.
func TestABurstOf429sInTheMiddleOfReadsLosesNothing(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := limitedTo(w, "15m", everyKind(w, 3))
		noFailures(t, a.apply(t))
		for name, command := range map[string]func(*testing.T) []error{"a refresh": a.plan, "an import": a.adopt} {
			noFailures(t, command(t))
			undisturbed := len(a.Journal())
			burst(w, "", "/2.0/**", 1, 3)
			burst(w, "", "/1.0/**", 0, 2)
			limited := 5
			if w.Organization != "" {
				burst(w, "", "/admin/**", 1, 3)
				limited += 3
			}
			noFailures(t, command(t))
			if sent := len(a.Journal()); sent != undisturbed+limited || a.limitedRequests() != limited {
				t.Errorf("%s takes %d requests, of which %d were limited, want %d and %d", name, sent, a.limitedRequests(), undisturbed+limited, limited)
			}
			for _, r := range a.resources {
				if r.state == nil || r.changes {
					t.Errorf("after %s there is a change to %s %v", name, r.resource, r.settings)
				}
			}
		}
	})
}

// What is listed and read is the same, whether a request in the middle of it was limited or not.
func TestABurstOf429sChangesNothingInListsAndDataSources(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		inhabit(w)
		a := limitedTo(w, "15m", nil)
		disturb := func() (callOff []func()) {
			a.ResetJournal()
			return []func(){burst(w, "", "/2.0/**", 1, 2), burst(w, "", "/2.0/**", 0, 1), burst(w, "", "/1.0/**", 0, 2), burst(w, "", "/admin/**", 1, 2)}
		}
		for _, kind := range listedTypes {
			want := listedWho(w, a.lister(t).found(t, kind, inAcme, listBlock{objects: true}))
			disturbed := a.lister(t)
			bursts := disturb()
			got := listedWho(w, disturbed.found(t, kind, inAcme, listBlock{objects: true}))
			for _, callOff := range bursts { // what was left of it
				callOff()
			}
			if diff := cmp.Diff(want, got); diff != "" || a.limitedRequests() == 0 {
				t.Errorf("%s, %d requests limited (-undisturbed +disturbed):\n%s", kind, a.limitedRequests(), diff)
			}
		}
		for _, name := range dataSourceTypes {
			var states []tftypes.Value
			for _, disturb := range []func() []func(){func() []func() { return nil }, disturb} {
				a.process(t)
				bursts := disturb()
				schema := a.heard.schemas.DataSourceSchemas[name]
				settings := sample(w, schema)
				if _, has := settings["group_slug"]; has {
					settings["group_slug"] = str(w.Developers)
				}
				answer, err := a.heard.ReadDataSource(t.Context(), dataSource(t, a.heard.server, name, settings))
				mustPass(t, name, err, answer.Diagnostics)
				states = append(states, unmarshal(t, schema, answer.State))
				for _, callOff := range bursts {
					callOff()
				}
			}
			if !states[0].Equal(states[1]) || a.limitedRequests() == 0 {
				t.Errorf("%s, %d requests limited: %s, want %s", name, a.limitedRequests(), states[1], states[0])
			}
		}
	})
}
