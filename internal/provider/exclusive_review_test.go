package provider_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// reviewed is a saved plan as its reviewer sees it.
type reviewed struct {
	output  string // of the plan
	changes map[string]plannedChange
}

// plannedChange is what a plan says of one resource.
type plannedChange struct {
	Address string
	Change  struct {
		Actions       []string
		Before, After map[string]any
		AfterUnknown  map[string]any `json:"after_unknown"`
	}
}

// review makes a plan that must have changes and must not write anything, saves it in the file "saved", and shows it.
func review(t *testing.T, w *acctest.World, c *acctest.Command, args ...string) reviewed {
	t.Helper()
	r := reviewed{unframed(c.Run(t, 2, append([]string{"plan", "-detailed-exitcode", "-out=saved"}, args...)...)), map[string]plannedChange{}}
	expectNoWrites(t, w)
	var plan struct {
		Changes []plannedChange `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(c.Run(t, 0, "show", "-json", "saved")), &plan); err != nil {
		t.Fatal(err)
	}
	for _, change := range plan.Changes {
		r.changes[change.Address] = change
	}
	return r
}

// stateOfOwner are the attributes of the owner of an object in the state.
func stateOfOwner(t *testing.T, c *acctest.Command, o owned) map[string]any {
	t.Helper()
	var state struct {
		Values struct {
			Root struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(c.Run(t, 0, "show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state.Values.Root.Resources {
		if r.Address == o.address() {
			return r.Values
		}
	}
	return nil
}

// rows are the rows of a computed list: who, by the name in the row, and the level. The id in a row must be that of the name.
func (r reviewed) rows(t *testing.T, w *acctest.World, o owned, attribute string) who {
	t.Helper()
	found, listed := who{}, r.changes[o.address()].Change.After[attribute]
	rows, ok := listed.([]any)
	if !ok {
		t.Fatalf("%s: the list is not known: %v", o.address(), listed)
	}
	for _, row := range rows {
		text := func(attribute string) string {
			value, _ := row.(map[string]any)[attribute].(string)
			return value
		}
		u, _ := personNamed(w, text("name"))
		g, _ := groupNamed(w, text("name"))
		if text("user_id") != u.UUID || text("group_slug") != g.Slug {
			t.Errorf("%s: the row %v names somebody else by id", o.address(), row)
		}
		switch {
		case o.kind == "group":
			found[text("name")] = "member"
		case text("becomes") != "":
			found[text("name")] = text("permission") + " to " + text("becomes")
		default:
			found[text("name")] = text("permission")
		}
	}
	if len(found) != len(rows) {
		t.Errorf("%s: somebody is listed twice: %v", o.address(), rows)
	}
	return found
}

// expect compares what a plan does to the owner of an object, whose access it revokes and whose it lowers, such as "admin to read".
// Everybody who loses must be named in the warning about the object too, and there must be no such warning when nobody does.
func (r reviewed) expect(t *testing.T, w *acctest.World, o owned, actions string, revokes, lowers who) {
	t.Helper()
	if got := strings.Join(r.changes[o.address()].Change.Actions, " "); got != actions {
		t.Errorf("%s: the plan is to %s, want %s", o.address(), got, actions)
	}
	if was, _ := r.changes[o.address()].Change.Before["revokes"].([]any); len(was) > 0 {
		t.Errorf("%s: what was revoked before stays listed: %v", o.address(), was)
	}
	revokes = o.fits(w, revokes)
	if diff := cmp.Diff(revokes, r.rows(t, w, o, "revokes")); diff != "" {
		t.Errorf("%s: revokes (-want +planned):\n%s", o.address(), diff)
	}
	if o.kind == "group" {
		lowers = nil
	} else if diff := cmp.Diff(together(lowers), r.rows(t, w, o, "lowers")); diff != "" {
		t.Errorf("%s: lowers (-want +planned):\n%s", o.address(), diff)
	}
	expectWarned(t, w, r.output, o, "is taken away", together(revokes, lowers))
}

// together joins several accesses of different people.
func together(all ...who) who {
	joined := who{}
	for _, some := range all {
		maps.Copy(joined, some)
	}
	return joined
}

// warningsIn are the warnings of a command: each in one line.
func warningsIn(output string) []string {
	var warnings []string
	for _, text := range strings.Split("\n"+unframed(output), "\nWarning: ")[1:] {
		text, _, _ = strings.Cut(text, "\nError: ")
		if text = strings.Join(strings.Fields(text), " "); !strings.HasPrefix(text, "Provider development overrides") {
			warnings = append(warnings, text)
		}
	}
	return warnings
}

// expectWarned demands one warning about an object with this phrase that names these people and groups, by name and id, with their level,
// and nobody else; and none when there is nobody to name.
func expectWarned(t *testing.T, w *acctest.World, output string, o owned, phrase string, want who) {
	t.Helper()
	var about []string
	for _, warning := range warningsIn(output) {
		if strings.Contains(warning, o.kind+" acme/"+o.object+" ") && strings.Contains(warning, phrase) {
			about = append(about, warning)
		}
	}
	if len(want) == 0 && len(about) == 0 {
		return
	}
	if len(about) != 1 || len(want) == 0 {
		t.Errorf("%s: warnings that say %q, want of %v:\n%s", o.address(), phrase, want, strings.Join(about, "\n"))
		return
	}
	users, groups := idsOf(w, everybody(w))
	for id := range together(users, groups) {
		named, _ := nameOf(w, id)
		_, wanted := want[named]
		if wanted != strings.Contains(about[0], named+" ("+id+")") {
			t.Errorf("%s: the warning names %s: want %t:\n%s", o.address(), named, wanted, about[0])
		}
		if level, _, _ := strings.Cut(want[named], " "); level != "member" && !strings.Contains(about[0], level) {
			t.Errorf("%s: the warning does not say that %s has %s:\n%s", o.address(), named, level, about[0])
		}
	}
}

// applied applies a configuration and returns what the command printed.
func applied(t *testing.T, c *acctest.Command, args ...string) string {
	t.Helper()
	return unframed(c.Run(t, 0, append([]string{"apply", "-auto-approve"}, args...)...))
}

// expectTaken demands the warning of a plan or an apply that takes this access away.
func expectTaken(t *testing.T, w *acctest.World, output string, o owned, want who) {
	t.Helper()
	expectWarned(t, w, output, o, "is taken away", o.fits(w, want))
}

// expectSilence demands that a command has warned of nothing.
func expectSilence(t *testing.T, output string) {
	t.Helper()
	if found := warningsIn(output); len(found) > 0 {
		t.Errorf("there are warnings:\n%s", strings.Join(found, "\n"))
	}
}

// expectNothingToDo demands that a plan finds nothing to do, and says so without a warning.
func expectNothingToDo(t *testing.T, c *acctest.Command, args ...string) {
	t.Helper()
	expectSilence(t, c.Run(t, 0, append([]string{"plan", "-detailed-exitcode"}, args...)...))
}

// expectChanges demands that the last command has sent one request for each change of an object: first those that give, in any order, then
// those that take.
func expectChanges(t *testing.T, w *acctest.World, o owned, gives, takes []string) {
	t.Helper()
	var sent []string
	for _, r := range w.Journal() {
		if !o.changedBy(w, r) {
			continue
		}
		at, err := url.PathUnescape(r.Path[strings.LastIndex(r.Path, "/")+1:])
		if err != nil {
			t.Fatal(err)
		}
		if r.Method == http.MethodPost { // of a member of an organization's group
			var body struct{ AccountID string }
			if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
				t.Fatal(err)
			}
			at = body.AccountID
		}
		named, _ := nameOf(w, at)
		sent = append(sent, named)
	}
	if len(sent) != len(gives)+len(takes) {
		t.Errorf("%s: changes of %q, want first of %q and then of %q", o.address(), sent, gives, takes)
		return
	}
	first, last := slices.Sorted(slices.Values(sent[:len(gives)])), slices.Sorted(slices.Values(sent[len(gives):]))
	if diff := cmp.Diff([][]string{slices.Sorted(slices.Values(gives)), slices.Sorted(slices.Values(takes))}, [][]string{first, last}); diff != "" {
		t.Errorf("%s: changes in another order (-want +sent):\n%s", o.address(), diff)
	}
}

// changedBy tells whether a request changes access to the object.
func (o owned) changedBy(w *acctest.World, r simulator.Request) bool {
	prefix := map[string]string{
		"repository": "/2.0/repositories/acme/" + o.object + "/permissions-config/",
		"project":    "/2.0/workspaces/acme/projects/" + o.object + "/permissions-config/",
		"group":      "/1.0/groups/acme/" + o.object + "/members/",
	}[o.kind]
	if o.kind == "group" && w.Organization != "" {
		prefix = "/groups/" + o.object + "/memberships"
	}
	return r.Method != http.MethodGet && strings.Contains(r.Path, prefix)
}
