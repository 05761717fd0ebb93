package provider_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// expectAll demands the same access to all objects.
func expectAll(t *testing.T, w *acctest.World, want who) func() {
	t.Helper()
	return func() {
		t.Helper()
		for _, o := range ownedObjects(w) {
			expectAccess(t, w, o, want)
		}
	}
}

// breakWrites returns a function that lets something go wrong with requests of some methods that change the access of people, instead of what
// went wrong before.
func breakWrites(w *acctest.World) func(f simulator.Fault, methods ...string) func() {
	var removes []func()
	return func(f simulator.Fault, methods ...string) func() {
		return func() {
			for _, remove := range removes {
				remove()
			}
			removes = nil
			for _, o := range ownedObjects(w) {
				for _, method := range methods {
					f.Method, f.Path = method, o.changesOf(w, "*")
					removes = append(removes, w.Inject(f))
				}
			}
		}
	}
}

// TestWhatAListDidWithoutAnAnswerIsFound holds that what was carried out without an answer is found, and that what was not is not believed.
func TestWhatAListDidWithoutAnAnswerIsFound(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	for _, o := range ownedObjects(w) {
		o.become(w, who{"Linus": "write"})
	}
	lose, write := breakWrites(w), []string{http.MethodPut, http.MethodPost, http.MethodDelete}
	config := func(want who) string { return w.Config(blocksOf(w, ownedObjects(w), want)) }
	graceAndBarbara, linusAndBarbara := who{"Grace": "write", "Barbara": "read"}, who{"Linus": "read", "Barbara": "write"}
	w.Test(t,
		resource.TestStep{ // one answer is lost, of each kind of request
			PreConfig: lose(simulator.Fault{CutAfter: true, Times: 1}, write...), Config: config(graceAndBarbara), PostApplyFunc: expectAll(t, w, graceAndBarbara),
		},
		resource.TestStep{ // no answer ever comes
			PreConfig: lose(simulator.Fault{CutAfter: true}, write...), Config: config(linusAndBarbara), PostApplyFunc: expectAll(t, w, linusAndBarbara),
		},
		resource.TestStep{ // nothing arrives
			PreConfig: lose(simulator.Fault{CutBefore: true}, write...), Config: config(graceAndBarbara),
			ExpectError: says("Unable to change", "failed", "no answer", "Not tried", "Linus", "repeating the operation is safe"),
		},
		resource.TestStep{
			PreConfig: func() {
				expectAll(t, w, linusAndBarbara)()
				lose(simulator.Fault{})()
			},
			Config: config(graceAndBarbara), PostApplyFunc: expectAll(t, w, graceAndBarbara),
		},
		resource.TestStep{Config: config(graceAndBarbara), ConfigPlanChecks: nothingPlanned()},
	)
}

// TestAnAnswerOfAnotherLevelIsNoSuccess holds that an answer that tells of another level, which the list confirms, is not taken for success.
func TestAnAnswerOfAnotherLevelIsNoSuccess(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	repository := ownedRepository(w)
	c := w.Command(t, repository.block(w, who{"Grace": "read"}))
	applied(t, c)
	c.Write(t, repository.block(w, who{"Grace": "admin"}))
	remove := w.Inject(simulator.Fault{Path: "/2.0/repositories/acme/api/permissions-config/**", Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"permission":"admin"`), []byte(`"permission":"write"`))
	}})
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	if !says("Unable to change repository permissions", "asked to grant admin", "write is granted now").MatchString(output) {
		t.Errorf("the apply says\n%s", output)
	}
	remove()
	expectNothingToDo(t, c) // it was only said, and the access was read again
}

// TestAListThatCannotBeReadIsNotEmpty holds that a list that cannot be read is an error and not an empty list.
func TestAListThatCannotBeReadIsNotEmpty(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	objects := ownedObjects(w)
	c := w.Command(t, "")
	body := blocksOf(w, objects, who{"Grace": "write"})
	breakLists := func(times int) {
		for _, list := range []string{
			"/2.0/repositories/acme/api/permissions-config/groups", "/2.0/workspaces/acme/projects/PLAT/permissions-config/users", "/1.0/groups/acme",
		} {
			w.Inject(simulator.Fault{Method: http.MethodGet, Path: list, Times: times, Status: http.StatusBadRequest, Body: badRequest})
		}
	}
	breakLists(2)
	c.Write(t, body)
	unread := func(args ...string) {
		t.Helper()
		output := unframed(c.Run(t, 1, args...))
		for _, what := range []string{"repository permissions", "project permissions", "group members"} {
			if !says("Unable to read "+what, "400").MatchString(output) {
				t.Errorf("%v does not say that it cannot read %s:\n%s", args, what, output)
			}
		}
		expectNoWrites(t, w)
	}
	unread("plan")
	c.Run(t, 1, "apply", "-auto-approve")
	applied(t, c)
	expectAll(t, w, who{"Grace": "write"})()
	breakLists(1)
	unread("plan")
	expectNothingToDo(t, c)
}

// TestARefusalOfTheCredentialEndsTheApplyAtOnce holds that a refusal that is about the credential ends the apply at once, and that the
// state is what is known of the live access when even that cannot be read any more.
func TestARefusalOfTheCredentialEndsTheApplyAtOnce(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	all := who{}
	for i := range 30 {
		u := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
		all[u.DisplayName] = "read"
	}
	repository := ownedRepository(w)
	repository.become(w, who{"Linus": "write"})
	c := w.Command(t, repository.block(w, who{"Linus": "write"}))
	applied(t, c)
	c.Write(t, repository.block(w, all))
	forbid := func(method, path string, after int) func() {
		return w.Inject(simulator.Fault{Method: method, Path: path, After: after, Status: http.StatusForbidden, Body: "Forbidden"})
	}
	put := forbid(http.MethodPut, repository.changesOf(w, "*"), 10)
	get := forbid(http.MethodGet, "/2.0/repositories/acme/api/permissions-config/users", 1) // the refresh may read
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	sent := w.Count(http.MethodPut, repository.changesOf(w, "*"))
	if !says("Unable to change repository permissions", "403 Forbidden", "Not tried", "Linus", "Done", "administrator").MatchString(output) || sent >= 30 {
		t.Errorf("%d requests for 30 grants that are refused after the tenth, and the error says\n%s", sent, output)
	}
	put()
	if diff := cmp.Diff(repository.live(w), columnsOf(w, stateOfOwner(t, c, repository))); diff != "" {
		t.Errorf("the state is not as the live access (-live +state):\n%s", diff)
	}
	get()
	applied(t, c)
	expectAccess(t, w, repository, all)
}
