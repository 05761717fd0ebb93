package provider_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// fewLimited is how many requests of a run may be answered 429 where it may not wait: all that are under way when the limit is reached, and as
// many again for the pauses without a length from the server, which may be so short that they are over before the run is.
const fewLimited = 2 * parallelism

// Beyond the allowed wait a run ends, and says what to know: what it could not do and why, and that the rest is done and known.
func TestBeyondTheAllowedWaitARunFailsAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		longest, retryAfter, waited string
	}{
		"no wait at all":                     {"0s", "", "has not waited for its end"},
		"a pause that is longer":             {"1m", "3600", "has not waited for its end"},
		"a pause that fits once":             {"1m", "40", "has waited 40s for its end"},
		"pauses as long as they are allowed": {"1m", "", "has waited 1m0s for its end"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			a := limitedTo(w, test.longest, only(false, everyKind(w, 20)))
			f := simulator.RateLimited(0)
			f.Method, f.After = http.MethodPut, 30
			if test.retryAfter != "" {
				f.Header.Set("Retry-After", test.retryAfter)
			}
			heal := w.Inject(f)
			failures := a.apply(t)
			if done := len(a.resources) - len(failures); done != 30 {
				t.Errorf("%d of %d were done, want 30", done, len(a.resources))
			}
			if n := a.limitedRequests(); n == 0 || n > fewLimited {
				t.Errorf("%d requests were limited, want %d at most", n, fewLimited)
			}
			for _, r := range a.resources {
				if (r.failure == nil) != (r.state != nil) {
					t.Errorf("%s %v: in the state: %t, error: %v", r.resource, r.settings, r.state != nil, r.failure)
				}
			}
			said := 0
			for _, err := range failures {
				if strings.Contains(err.Error(), `"Rate limit for this resource has been exceeded"`) {
					said++
				}
				if !says("Unable to", "429 Too Many Requests", test.waited, "max_rate_limit_wait", "complete is done, and in the state").MatchString(err.Error()) {
					t.Errorf("the error is %v", err)
				}
			}
			if said == 0 {
				t.Error("no error quotes Bitbucket")
			}
			a.expectInState(t, limitedObjects(w)[:3])

			heal()
			noFailures(t, a.apply(t))
			if n := len(writes(w)); n != len(failures) {
				t.Errorf("%d writes, want %d", n, len(failures))
			}
			a.expectInState(t, limitedObjects(w)[:3])
			a.expectSettled(t)
		})
	}
}

// What could not be read or taken away stays in the state.
func TestBeyondTheAllowedWaitARefreshAndADestroyLoseNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	a := limitedTo(w, "0s", only(false, everyKind(w, 8)))
	noFailures(t, a.apply(t))
	heal := w.Inject(simulator.RateLimited(0))
	failures := a.plan(t)
	if len(failures) != len(a.resources) || a.limitedRequests() > fewLimited {
		t.Errorf("%d of %d could not be read, and %d requests were limited", len(failures), len(a.resources), a.limitedRequests())
	}
	for _, err := range failures {
		if !says("Unable to read", "acme", "429 Too Many Requests", "has not waited for its end").MatchString(err.Error()) {
			t.Errorf("the error is %v", err)
		}
	}
	a.expectInState(t, limitedObjects(w)[:3])
	heal()

	f := simulator.RateLimited(0)
	f.Method, f.After = http.MethodDelete, 10
	heal = w.Inject(f)
	if failures = a.destroy(t); len(failures) != len(a.resources)-10 || a.limitedRequests() > fewLimited {
		t.Errorf("%d of %d could not be destroyed, and %d requests were limited", len(failures), len(a.resources), a.limitedRequests())
	}
	a.expectInState(t, limitedObjects(w)[:3])
	heal()
	noFailures(t, a.destroy(t))
	a.expectInState(t, nil)
	if left := w.Grants("acme"); slices.ContainsFunc(left, func(g simulator.Grant) bool { return g.Repository == "api" || g.Project == "PLAT" }) {
		t.Errorf("there are still %v", left)
	}
}

// Of a whole list it is told what was done, and the state holds that.
func TestBeyondTheAllowedWaitAWholeListTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		all := only(true, everyKind(w, 3))
		for i, o := range limitedObjects(w)[3:] {
			a := limitedTo(w, "0s", all[i:i+1])
			noFailures(t, a.apply(t))
			list, before := a.resources[0], len(o.live(w))
			list.settings = swapped(w, o, list.settings)
			heal := limitAfterOne(w, o)
			failures := a.apply(t)
			if len(failures) != 1 || !says("1 of", "changes of access to "+o.kind+" acme/"+o.object+" failed", "429 Too Many Requests", "Not tried", "Done:",
				"max_rate_limit_wait").MatchString(failures[0].Error()) {
				t.Errorf("the errors are %v", failures)
			}
			if n := a.limitedRequests(); n != 1 {
				t.Errorf("%d requests were limited, want 1", n)
			}
			if now := len(o.live(w)); now != before+1 {
				t.Errorf("%s: %d have access, want %d and one more", o.object, now, before)
			}
			if diff := cmp.Diff(sortedTexts(o.lines(w)), list.lines(t, w, a.heard.server, o)); diff != "" {
				t.Errorf("the state is not as the %s (-live +state):\n%s", o.kind, diff)
			}
			heal()
			noFailures(t, a.apply(t))
			a.expectSettled(t)
			if diff := cmp.Diff(sortedTexts(o.lines(w)), list.lines(t, w, a.heard.server, o)); diff != "" {
				t.Errorf("in the end the state is not as the %s (-live +state):\n%s", o.kind, diff)
			}
		}
	})
}

// limitAfterOne lets one more person or group get access to an object, and limits the rest.
func limitAfterOne(w *acctest.World, o owned) (remove func()) {
	f := simulator.RateLimited(0)
	f.Method, f.Path, f.After = http.MethodPut, strings.TrimSuffix(o.changesOf(w, ""), "users/")+"**", 1
	if strings.HasPrefix(f.Path, "/admin") {
		f.Method = http.MethodPost
	}
	return w.Inject(f)
}

// swapped are the settings of a list with two more people in it, and one less.
func swapped(w *acctest.World, o owned, settings map[string]tftypes.Value) map[string]tftypes.Value {
	barbara, _ := personNamed(w, "Barbara")
	dennis, _ := personNamed(w, "Dennis")
	if o.kind == "group" {
		var ids []tftypes.Value
		_ = settings["user_ids"].As(&ids)
		ids = append(ids[1:len(ids):len(ids)], str(barbara.UUID), str(dennis.UUID))
		return more(settings, map[string]tftypes.Value{"user_ids": tftypes.NewValue(settings["user_ids"].Type(), ids)})
	}
	var column map[string]tftypes.Value
	_ = settings["users"].As(&column)
	delete(column, slices.Sorted(maps.Keys(column))[0])
	column = more(column, map[string]tftypes.Value{barbara.UUID: str("read"), dennis.UUID: str("read")})
	return more(settings, map[string]tftypes.Value{"users": tftypes.NewValue(settings["users"].Type(), column)})
}

// lines are the access that the state of a list holds, a line for each.
func (r *limitedResource) lines(t *testing.T, w *acctest.World, s *server, o owned) []string {
	t.Helper()
	_, attributes, err := decode(s.schemas.ResourceSchemas[r.resource], r.state)
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]tftypes.Value{}
	if ids := []tftypes.Value(nil); o.kind == "group" && attributes["user_ids"].As(&ids) == nil {
		for _, id := range ids {
			var text string
			_ = id.As(&text)
			columns[text] = str("member")
		}
	}
	for _, name := range []string{"users", "groups"} {
		var column map[string]tftypes.Value
		if value, has := attributes[name]; has && value.As(&column) == nil {
			columns = more(columns, column)
		}
	}
	var lines []string
	for id, value := range columns {
		var level string
		_ = value.As(&level)
		named, _ := nameOf(w, id)
		lines = append(lines, o.object+": "+named+" "+level)
	}
	return sortedTexts(lines)
}
