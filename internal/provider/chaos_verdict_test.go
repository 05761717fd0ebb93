package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// The verdicts on a case.
const (
	succeeded  = "ok"
	warned     = "warning" // of what cannot be looked at
	clearError = "error"   // a clear error, and a state that is the live access
	untold     = "error?"  // a clear error; what was done cannot be known, because nothing was heard from then on
	bad        = "BAD"
)

// try does the operation with a fault, and then what a user would do: the same again, without the fault.
func (r chaosRow) try(t *testing.T, c chaosCase, goal facts) (verdict, reason string) {
	t.Helper()
	w, resource := r.begin(t)
	before := liveFacts(w)
	remove := func() {}
	if c.fault != nil {
		remove = w.Inject(c.inject)
	}
	w.SetVisibleAfter(c.lag)
	w.SetOrganizationLag(c.lag, c.lag)
	failure := r.do(t.Context(), chaosProcess(t, w), resource)
	remove()
	live := liveFacts(w).named(goal)
	held, _ := resource.says(t)
	for line := range linesOf(before, goal, live) {
		possible := append([]string{before[line], goal[line], held.facts[line]}, r.halfway[line]...)
		if !slices.Contains(possible, live[line]) {
			return bad, fmt.Sprintf("%q became %q, from %q, and not %q", line, live[line], before[line], goal[line])
		}
	}
	time.Sleep(time.Hour) // so that all lags and limits are over
	w.SetVisibleAfter(0)
	w.SetOrganizationLag(0, 0)
	difference := r.differs(t, resource, before, live)
	if difference != "" && failure != nil && strings.Contains(failure.Error(), "The resource is not in the state.") {
		difference = r.undone(resource, failure, before, live)
	}
	switch {
	case failure != nil && c.passes:
		return bad, "it gives up: " + failure.Error()
	case failure == nil && r.unlisted && r.operation.name == "create" && resource.warned: // what Bitbucket says cannot be looked at
		return warned, ""
	case failure == nil && difference != "":
		return bad, "it succeeds, but the state is not the live access (-state +live):\n" + difference
	case failure == nil && !maps.Equal(live, goal):
		return bad, "it succeeds, but what was asked for is not so (-asked +live):\n" + cmp.Diff(goal, live)
	case failure == nil:
		verdict = succeeded
	case unclear(failure, c) != "":
		return bad, "the error does not say " + unclear(failure, c) + ":\n" + failure.Error()
	case difference == "":
		verdict = clearError
	case c.unheard && strings.Contains(failure.Error(), "repeating the operation is safe"):
		verdict = untold
	default:
		return bad, fmt.Sprintf("after the error the state is not the live access (-state +live):\n%s\n%s", difference, failure)
	}
	if reason := r.again(t, w, resource, failure, goal); reason != "" {
		return bad, reason
	}
	return verdict, ""
}

// linesOf are the lines of several facts.
func linesOf(several ...facts) facts {
	lines := facts{}
	for _, one := range several {
		maps.Copy(lines, one)
	}
	return lines
}

// differs compares what the state says with what is so; "" when it is the same. Where the resource is not in the state, nothing must have
// been made that was not there before, and after a destruction nothing must be left of it.
func (r chaosRow) differs(t *testing.T, resource *managedResource, before, live facts) string {
	t.Helper()
	c, there := resource.says(t)
	switch {
	case there:
		return cmp.Diff(c.facts, c.of(live))
	case r.gone, r.operation.name == "import":
		return ""
	}
	return cmp.Diff(before, live)
}

// undone compares what an error says to be done, of a list that is not in the state, with what is so; "" when it is the same.
func (r chaosRow) undone(resource *managedResource, failure error, before, live facts) string {
	_, done, _ := strings.Cut(failure.Error(), "\n\nDone:\n")
	done, _, _ = strings.Cut(done, "\n\n")
	list := claimOf(resource.resource, resource.settings)
	for line := range linesOf(list.of(before), list.of(live)) {
		id := line[strings.LastIndex(line, " ")+1:]
		if said := strings.Contains(done, id); said != (before[line] != live[line]) {
			return fmt.Sprintf("%s was %q and is %q, and that it was done is said: %t", line, before[line], live[line], said)
		}
	}
	return ""
}

// again does what is left to do, without a fault.
func (r chaosRow) again(t *testing.T, w *acctest.World, resource *managedResource, failure error, goal facts) string {
	t.Helper()
	var changed bool
	var err error
	switch {
	case r.gone:
		err = resource.dispose(t, w)
	case r.operation.name == "import" && failure != nil:
		err = resource.takeOver(t.Context(), chaosProcess(t, w))
	default:
		changed, err = resource.settle(t, w)
		if err != nil && failure != nil && strings.Contains(err.Error(), "exists already") {
			_, resource.id, _ = strings.Cut(err.Error(), "import it with the id ")
			resource.id, _, _ = strings.Cut(resource.id, ". ")
			if err = resource.takeOver(t.Context(), chaosProcess(t, w)); err == nil {
				_, err = resource.settle(t, w)
			}
		}
	}
	switch live := liveFacts(w).named(goal); {
	case err != nil:
		return "the next run fails: " + err.Error()
	case changed && failure == nil:
		return "it succeeds, but the next plan is not empty"
	case !maps.Equal(live, goal):
		return "the next run does not lead to what was asked for (-asked +live):\n" + cmp.Diff(goal, live)
	case r.gone:
		return ""
	}
	changed, err = resource.settle(t, w)
	if changed || err != nil || resource.state == nil {
		return fmt.Sprintf("there is something to do after the next run: %v", err)
	}
	return ""
}

// unclear tells what an error does not say; "" when it is clear. Each says what could not be done and about which object, what was answered,
// and what to do.
func unclear(failure error, c chaosCase) string {
	errs := []error{failure}
	if joined, is := failure.(interface{ Unwrap() []error }); is {
		errs = joined.Unwrap()
	}
	for _, err := range errs {
		text := err.Error()
		switch _, advice, _ := strings.Cut(text, "\n\n"); {
		case !strings.HasPrefix(text, "Unable to ") && !strings.HasPrefix(text, "Bitbucket "):
			return "what could not be done"
		case !slices.ContainsFunc([]string{"acme", "list workspaces", "the account of the credential"}, func(what string) bool { return strings.Contains(text, what) }):
			return "what it is about"
		case !slices.ContainsFunc(c.says, func(word string) bool { return strings.Contains(text, word) }):
			return fmt.Sprintf("what was answered (%q)", c.says)
		case len(strings.Fields(advice)) < 5 && !strings.Contains(text, "next apply"):
			return "what to do"
		}
	}
	return ""
}
