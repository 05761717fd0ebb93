package provider_test

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"testing"
	"testing/synctest"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestNoFaultOfBitbucketLosesOrInventsAccess does every operation on every kind of resource while Bitbucket, or the administration of the
// organization, answers with every fault: once, on one path for good, and on all paths for good. It fails unless each either succeeds and
// leaves nothing to plan, or gives a clear error and a state that is the live access. CHAOS_MATRIX=all tries all requests of an operation;
// otherwise one case of each cell is tried.
func TestNoFaultOfBitbucketLosesOrInventsAccess(t *testing.T) {
	t.Parallel()
	for name, managed := range bothAdministrations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := newChaosTable(name)
			t.Cleanup(func() { t.Log(table.String()) })
			for i, s := range subjects(chaosWorld(managed)) {
				if s.bitbucketOnly && managed {
					continue
				}
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					for _, o := range operations {
						if o.possible(s) {
							chaosRow{managed, i, s, o, table}.run(t)
						}
					}
				})
			}
		})
	}
}

// bothAdministrations are where the groups of a workspace can be administered, and whether that is an organization.
var bothAdministrations = map[string]bool{"Bitbucket's groups": false, "an organization's groups": true}

// chaosRow is an operation on a subject.
type chaosRow struct {
	managed bool
	at      int // of the subject
	subject
	operation
	table *chaosTable
}

func (r chaosRow) String() string { return r.operation.name + " " + r.subject.name }

// chaosCase is what goes wrong in one run of an operation.
type chaosCase struct {
	chaosFault

	how    string
	inject simulator.Fault
	passes bool // it is no reason to fail
}

// run does the operation without a fault, to learn what it asks for and makes so, and then with each fault.
func (r chaosRow) run(t *testing.T) {
	t.Helper()
	var (
		asked []simulator.Request
		goal  facts
	)
	synctest.Test(t, func(t *testing.T) {
		w, resource := r.begin(t)
		if err := r.do(t.Context(), chaosProcess(t, w), resource); err != nil {
			t.Fatalf("%s fails without any fault: %s", r, err)
		}
		asked, goal = w.Journal(), liveFacts(w)
	})
	for _, f := range chaosFaults {
		for _, c := range chosen(f.cases(asked), r.managed, r.String(), f.name) {
			var verdict, reason string
			synctest.Test(t, func(t *testing.T) { verdict, reason = r.try(t, c, goal) })
			r.table.note(r.String(), f.name, verdict)
			if reason != "" {
				t.Errorf("%s, %s %s: %s", r, c.name, c.how, reason)
			}
		}
	}
}

// chosen are the cases that are tried of those of a cell: all, or one that is always the same.
func chosen(cases []chaosCase, managed bool, row, column string) []chaosCase {
	if len(cases) == 0 || os.Getenv("CHAOS_MATRIX") == "all" {
		return cases
	}
	hash := fnv.New32a()
	fmt.Fprint(hash, managed, row, column)
	i := int(hash.Sum32()) % len(cases)
	return cases[i : i+1]
}

// begin makes the world of the operation. The journal is empty then.
func (r chaosRow) begin(t *testing.T) (*acctest.World, *managedResource) {
	t.Helper()
	w := chaosWorld(r.managed)
	s := subjects(w)[r.at]
	resource := &managedResource{written: written{s.resource, s.first}}
	if err := r.before(t, w, resource, s); err != nil {
		t.Fatalf("before %s: %s", r, err)
	}
	w.ResetJournal()
	return w, resource
}

// cases are the runs in which a fault hits one of the requests.
func (f chaosFault) cases(asked []simulator.Request) []chaosCase {
	if f.fault == nil {
		return []chaosCase{{chaosFault: f}}
	}
	var all []chaosCase
	times := map[string]int{} // that a path was asked for
	for i, seen := range asked {
		path := seen.DecodedPath()
		if f.hits != nil && !f.hits(seen.Method, path) {
			continue
		}
		name := seen.Method + " " + path
		once, always, onwards := f.fault(), f.fault(), f.fault()
		once.Method, once.Path, once.After, once.Times = seen.Method, path, times[name], 1
		repeatable := seen.Method != http.MethodPost || !writesOnly(seen.Method, path) || f.name == "429"
		all = append(all, chaosCase{f, fmt.Sprintf("once in answer to %s (%d)", name, times[name]+1), once, f.passes && repeatable})
		if times[name] == 0 {
			always.Method, always.Path, always.Times = seen.Method, path, 0
			all = append(all, chaosCase{f, "in every answer to " + name, always, false})
		}
		if !f.apart {
			onwards.After, onwards.Times = i, 0
			all = append(all, chaosCase{f, fmt.Sprintf("in every answer from number %d on", i+1), onwards, false})
		}
		times[name]++
	}
	return all
}
