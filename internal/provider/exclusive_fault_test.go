package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const badRequest = `{"type":"error","error":{"message":"The selected user is not a valid user to update"}}`

// changesOf are the paths of the requests that change the access of people to an object; of one of them when a UUID is given.
func (o owned) changesOf(w *acctest.World, uuid string) string {
	switch {
	case o.kind == "repository":
		return "/2.0/repositories/acme/" + o.object + "/permissions-config/users/" + uuid
	case o.kind == "project":
		return "/2.0/workspaces/acme/projects/" + o.object + "/permissions-config/users/" + uuid
	case w.Organization != "":
		return "/admin/**/groups/" + o.object + "/memberships**"
	}
	return "/1.0/groups/acme/" + o.object + "/members/" + uuid
}

// refuse makes Bitbucket refuse a change of somebody's access to objects, for that person only, until the returned function is called.
func refuse(w *acctest.World, objects []owned, method, name string) (remove func()) {
	u, _ := personNamed(w, name)
	var removes []func()
	for _, o := range objects {
		removes = append(removes, w.Inject(simulator.Fault{Method: method, Path: o.changesOf(w, u.UUID), Status: http.StatusBadRequest, Body: badRequest}))
	}
	return func() {
		for _, remove := range removes {
			remove()
		}
	}
}

// expectTold demands an error for each object that says whose change failed and why, whose was not tried because of that, and whose was done.
func expectTold(t *testing.T, w *acctest.World, output string, objects []owned, failed, left, done []string) {
	t.Helper()
	idOf := func(name string) string {
		u, _ := personNamed(w, name)
		return u.UUID
	}
	for _, o := range objects {
		_, told, found := strings.Cut(output, fmt.Sprintf("%d of %d changes of access to %s acme/%s failed", len(failed), len(failed)+len(left)+len(done), o.kind, o.object))
		told, _, _ = strings.Cut(told, "\nError: ")
		told, didOf, _ := strings.Cut(told, "Done:")
		failedOf, leftOf, _ := strings.Cut(told, "Not tried")
		for _, part := range []struct {
			text  string
			names []string
		}{{failedOf, failed}, {leftOf, left}, {didOf, done}} {
			for _, name := range slices.Concat(failed, left, done) {
				if found = found && strings.Contains(part.text, idOf(name)) == slices.Contains(part.names, name); !found {
					t.Fatalf("%s: the error does not tell that the change of %v failed, of %v was not tried and of %v was done: see %s\n%s",
						o.address(), failed, left, done, name, output)
				}
			}
		}
		if !says("400 Bad Request", "not a valid user").MatchString(failedOf) {
			t.Errorf("%s: the error does not say what Bitbucket answered:\n%s", o.address(), failedOf)
		}
	}
}

func TestARefusedGrantIsToldWhenAListIsCreated(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	there := who{"Linus": "write", "Dennis": "read"}
	for _, o := range objects {
		o.become(w, there)
	}
	want := who{"Grace": "write", "Barbara": "read"}
	c := w.Command(t, blocksOf(w, objects, want))
	heal := refuse(w, objects, http.MethodPut, "Barbara")
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	expectTold(t, w, output, objects, []string{"Barbara"}, []string{"Dennis", "Linus"}, []string{"Grace"})
	for _, o := range objects {
		expectAccess(t, w, o, together(there, who{"Grace": "write"}))
	}
	if output := c.Run(t, 0, "show"); strings.Contains(output, "_exclusive") {
		t.Errorf("what was not done is in the state:\n%s", output)
	}

	heal()
	output = applied(t, c)
	for _, o := range objects {
		expectTaken(t, w, output, o, there)
		expectChanges(t, w, o, []string{"Barbara"}, []string{"Dennis", "Linus"})
		expectAccess(t, w, o, want)
	}
	expectNothingToDo(t, c)
}

func TestARefusedRevocationIsToldWhenAListIsCreated(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	for _, o := range objects {
		o.become(w, who{"Linus": "write", "Dennis": "read"})
	}
	c := w.Command(t, blocksOf(w, objects, who{"Grace": "write"}))
	heal := refuse(w, objects, http.MethodDelete, "Linus")
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	expectTold(t, w, output, objects, []string{"Linus"}, nil, []string{"Dennis", "Grace"})
	heal()
	applied(t, c)
	for _, o := range objects {
		expectChanges(t, w, o, nil, []string{"Linus"})
		expectAccess(t, w, o, who{"Grace": "write"})
	}
	expectNothingToDo(t, c)
}

func TestARefusedStepIsToldWhenAListIsUpdated(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	c := w.Command(t, blocksOf(w, objects, who{"Linus": "write", "Dennis": "read"}))
	applied(t, c)
	want := who{"Grace": "write", "Barbara": "read"}
	c.Write(t, blocksOf(w, objects, want))

	heal := refuse(w, objects, http.MethodPut, "Barbara")
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	expectTold(t, w, output, objects, []string{"Barbara"}, []string{"Dennis", "Linus"}, []string{"Grace"})
	heal()
	r := review(t, w, c, "-refresh=false") // the state is as the live access is
	count(t, w, http.MethodGet, "/2.0/**/permissions-config/**", 0)
	for _, o := range objects {
		r.expect(t, w, o, "update", who{"Linus": "write", "Dennis": "read"}, nil)
		expectAccess(t, w, o, who{"Linus": "write", "Dennis": "read", "Grace": "write"})
	}

	heal = refuse(w, objects, http.MethodDelete, "Linus")
	output = unframed(c.Run(t, 1, "apply", "saved"))
	expectTold(t, w, output, objects, []string{"Linus"}, nil, []string{"Barbara", "Dennis"})
	heal()
	output = applied(t, c, "-refresh=false")
	for _, o := range objects {
		expectTaken(t, w, output, o, who{"Linus": "write"})
		expectChanges(t, w, o, nil, []string{"Linus"})
		expectAccess(t, w, o, want)
	}
	expectNothingToDo(t, c)
}

func TestARefusedRevocationIsToldWhenAListIsDestroyed(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	populate(w)
	objects := ownedObjects(w)
	body := blocksOf(w, objects, who{"Linus": "write", "Dennis": "read", "Grace": "write"})
	c := w.Command(t, body)
	applied(t, c)
	heal := refuse(w, objects, http.MethodDelete, "Linus")
	output := unframed(c.Run(t, 1, "destroy", "-auto-approve"))
	expectTold(t, w, output, objects, []string{"Linus"}, nil, []string{"Dennis", "Grace"})
	heal()
	for _, o := range objects {
		expectAccess(t, w, o, who{"Linus": "write"})
	}
	c.Run(t, 0, "destroy", "-auto-approve", "-refresh=false")
	for _, o := range objects {
		expectChanges(t, w, o, nil, []string{"Linus"})
		expectAccess(t, w, o, nil)
	}
}

// TestAStepThatTheOrganizationRefusesIsTold holds the same of a group of an organization.
func TestAStepThatTheOrganizationRefusesIsTold(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	populate(w)
	team := ownedObjects(w)[2]
	c := w.Command(t, team.block(w, who{"Linus": "", "Dennis": ""}))
	applied(t, c)
	c.Write(t, team.block(w, who{"Grace": "", "Barbara": ""}))
	for _, method := range []string{http.MethodPost, http.MethodDelete} {
		w.Inject(simulator.Fault{Method: method, Path: team.changesOf(w, ""), Times: 1, Status: http.StatusBadRequest, Body: `{"message":"no"}`})
		output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
		if !says("Unable to change group members", "1 of", "changes of access to group acme/"+team.object+" failed", "400 Bad Request").MatchString(output) {
			t.Errorf("the error says\n%s", output)
		}
		if method == http.MethodPost {
			count(t, w, http.MethodDelete, "", 0)
		}
		if diff := cmp.Diff(team.live(w), columnsOf(w, stateOfOwner(t, c, team))); diff != "" {
			t.Errorf("the state is not as the group (-live +state):\n%s", diff)
		}
	}
	applied(t, c)
	expectAccess(t, w, team, who{"Grace": "", "Barbara": ""})
	expectNothingToDo(t, c)
}
