package access_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// joining are the steps that give a place to people.
func joining(p place, users ...simulator.User) []access.Step {
	return each(users, func(u simulator.User) access.Step {
		g := at(p.scope, holds(u, access.Write))
		return access.Step{Grant: g, From: access.None, To: g.Permission}
	})
}

// TestWhereOneIsRefusedTheOthersAreTried holds that one wrong entry does not keep the others from what they get. Nobody loses anything then.
func TestWhereOneIsRefusedTheOthersAreTried(t *testing.T) {
	t.Parallel()
	outsider := simulator.User{DisplayName: "Outsider", UUID: braced, AccountID: "557058:outsider"}
	for name, tt := range map[string]struct {
		refused access.Grant
		places  []func(*testing.T) place
	}{
		"somebody outside":                {holds(outsider, access.Read), allPlaces},
		"somebody outside by UUID":        {called(user(outsider.UUID), access.Read), allPlaces},
		"somebody outside by account id":  {called(user(outsider.AccountID), access.Read), allPlaces},
		"an account id that nobody has":   {called(user("557058:nobody"), access.Read), allPlaces},
		"a UUID that nobody has":          {called(user("{00000000-0000-4000-8000-000000000000}"), access.Read), allPlaces},
		"the workspace's administrator":   {holds(ada, access.Write), grantPlaces[:1]},
		"a group that does not exist":     {groupHolds("nothing", "", access.Read), grantPlaces},
		"a level that only projects have": {holds(people[39], access.CreateRepo), grantPlaces[:1]},
	} {
		for _, open := range tt.places {
			p := open(t)
			t.Run(name+" on a "+p.name, func(t *testing.T) {
				t.Parallel()
				p.AddUser(outsider)
				arrange(p.Simulator, p.scope, holds(people[11], access.Read))
				before, steps := p.plan(t)
				g := at(p.scope, tt.refused).Settled()
				steps = append(steps, access.Step{Grant: g, From: access.None, To: g.Permission})
				crowd := slices.Concat(people[1:11], people[12:16]) // all of whom are in the organization
				if p.scope.Workspace == "acme" {
					crowd = append(crowd, people[16:39]...)
				}
				steps = append(steps, joining(p, crowd...)...)
				results := p.d.Carry(t.Context(), steps)
				if r := results[0]; r.Done || r.Err != nil {
					t.Errorf("%s, although not everybody got what they were to: done %t, error %v", r, r.Done, r.Err)
				}
				if r := results[1]; r.Done || r.Err == nil {
					t.Errorf("%s: done %t, error %v", r, r.Done, r.Err)
				}
				others := outcome(results[2:])
				if len(others["done"]) != len(crowd) {
					t.Errorf("of %d others, %d are done, %d failed and %d were not tried", len(crowd), len(others["done"]), len(others["failed"]), len(others["not tried"]))
				}
				p.honest(t, before, steps, results)
			})
		}
	}
}

// TestWhatIsNotAboutOnePersonEndsTheRest holds that a failure of the credential, of the limit or of the connection stops the change: what
// was done before stays and is told, and what was not tried is not asked for a thousand times.
func TestWhatIsNotAboutOnePersonEndsTheRest(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		fault simulator.Fault
		is    func(error) bool
	}{
		"401":                  {simulator.Fault{Status: 401}, func(err error) bool { return rest.Is(err, 401) }},
		"403":                  {simulator.Fault{Status: 403, Body: "Forbidden"}, func(err error) bool { return rest.Is(err, 403) }},
		"429 beyond the wait":  {simulator.RateLimited(0), func(err error) bool { return rest.Is(err, 429) }},
		"503":                  {simulator.ServerError(503, 0), func(err error) bool { return rest.Is(err, 503) }},
		"500 with a page":      {simulator.HTMLErrorPage(500, 0), func(err error) bool { return rest.Is(err, 500) }},
		"a connection cut off": {simulator.Fault{CutBefore: true}, func(err error) bool { return errors.Is(err, rest.ErrNoAnswer) }},
	} {
		for _, open := range allPlaces {
			p := open(t)
			t.Run(name+" on a "+p.name, func(t *testing.T) {
				t.Parallel()
				crowd := people[1:12]
				if p.scope.Workspace == "acme" {
					crowd = people[1:39]
				}
				arrange(p.Simulator, p.scope, holds(crowd[0], access.Write))
				before, steps := p.plan(t)
				steps = append(steps, joining(p, crowd[1:]...)...)
				const good = 2
				fault := broken.fault
				fault.Method, fault.Path, fault.After = p.give.Method, p.give.Path, good
				heal := p.Inject(fault)
				results := p.d.Carry(t.Context(), steps)
				heal()

				became := outcome(results)
				equal(t, "done", good, len(became["done"]))
				if len(became["failed"]) == 0 || slices.ContainsFunc(results, func(r access.Result) bool { return r.Err != nil && !broken.is(r.Err) }) {
					t.Errorf("failed: %v", results)
				}
				if p.scope.Workspace == "acme" && len(became["not tried"]) < len(steps)/2 {
					t.Errorf("%d steps were not tried, of %d", len(became["not tried"]), len(steps))
				}
				equal(t, "requests to take", 0, p.Count(p.take.Method, p.take.Path))
				equal(t, "the revocation", access.Result{Step: steps[0]}, results[0])
				p.honest(t, before, steps, results)
			})
		}
	}
}

// TestAStepWithoutAnAnswerIsDecidedByReading holds that the results tell the truth where the connection breaks: what was carried out is done.
func TestAStepWithoutAnAnswerIsDecidedByReading(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cut  simulator.Fault
		want string
	}{
		"cut once, before it was carried out":       {simulator.Fault{CutBefore: true, Times: 1}, "done"},
		"cut once, after it was carried out":        {simulator.Fault{CutAfter: true, Times: 1}, "done"},
		"cut every time, after it was carried out":  {simulator.Fault{CutAfter: true}, "done"},
		"cut every time, before it was carried out": {simulator.Fault{CutBefore: true}, "failed"},
		"an answer that breaks off":                 {simulator.Fault{Truncate: 5}, "done"},
	} {
		for _, open := range allPlaces {
			for _, gives := range []bool{true, false} {
				p := open(t)
				request, verb := p.take, "taking"
				if gives {
					request, verb = p.give, "giving"
				}
				t.Run(verb+" on a "+p.name+", "+name, func(t *testing.T) {
					t.Parallel()
					arrange(p.Simulator, p.scope, holds(grace, access.Write))
					before, steps := p.plan(t)
					if gives {
						steps = joining(p, linus)
					}
					cut := tt.cut
					cut.Method, cut.Path = request.Method, request.Path
					want := tt.want
					if p.scope.Workspace == cloudWorkspace && gives && cut.CutBefore {
						want = "failed" // a POST is not sent again
					}
					p.Inject(cut)
					results := p.d.Carry(t.Context(), steps)
					equal(t, "results", []string{want}, keys(outcome(results)))
					if want == "failed" && !errors.Is(results[0].Err, rest.ErrNoAnswer) {
						t.Errorf("error is %v, want ErrNoAnswer", results[0].Err)
					}
					p.honest(t, before, steps, results)
				})
			}
		}
	}
}

// TestWhatIsGoneAlreadyIsNoFailure holds that a revocation of what somebody else has revoked meanwhile is done.
func TestWhatIsGoneAlreadyIsNoFailure(t *testing.T) {
	t.Parallel()
	for _, p := range open(t, allPlaces) {
		arrange(p.Simulator, p.scope, holds(grace, access.Write), holds(linus, access.Write))
		before, steps := p.plan(t)
		arrange(p.Simulator, p.scope, holds(linus, access.Write))
		results := p.d.Carry(t.Context(), steps)
		equal(t, p.name, []string{"done"}, keys(outcome(results)))
		p.honest(t, before, steps, results)
	}
}

// TestAChangeThatDoesNotShowYetIsDone holds that a slow organization keeps nobody from getting in, nor the others from being taken out.
func TestAChangeThatDoesNotShowYetIsDone(t *testing.T) {
	t.Parallel()
	clock := testclock.New()
	w := newManagedWorld(t, simulator.Options{}, clock)
	p := place{w.Simulator, "group", access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: w.group}, w.directory(t), simulator.Fault{}, simulator.Fault{}}
	arrange(p.Simulator, p.scope, holds(grace, access.Write), holds(linus, access.Write))
	_, steps := p.plan(t, holds(linus, access.Write), holds(margaret, access.Write), holds(alan, access.Write))
	p.Inject(simulator.Fault{Method: http.MethodGet, Path: cloudGroups, Status: http.StatusServiceUnavailable})
	results := p.d.Carry(t.Context(), steps)
	equal(t, "results", []string{"done, with an error"}, keys(outcome(results)))
	for _, r := range results {
		if !errors.Is(r.Err, access.ErrNotShown) {
			t.Errorf("%s: error is %v, want ErrNotShown", r, r.Err)
		}
	}
	equal(t, "who is in the group", truthOf(p.scope, holds(linus, access.Write), holds(margaret, access.Write), holds(alan, access.Write)), truth(p.Simulator, p.scope))
}
