package provider_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// question is what changes nothing: a list block, or a data source.
type question struct {
	name string
	// ask returns the whole answer in words, or the failure.
	ask func(*testing.T, *acctest.World) (answer string, failure error)
}

// questions are all that can be asked of the provider.
func questions() []question {
	var all []question
	for _, kind := range listedTypes {
		all = append(all, question{"list " + kind, func(t *testing.T, w *acctest.World) (answer string, failure error) {
			t.Helper()
			p := chaosProcess(t, w)
			lists, _ := p.ProviderServer.(tfprotov6.ListResourceServer)
			return told(lister{p, lists, w}.rows(t, kind, inAcme, listBlock{objects: true}))
		}})
	}
	for _, name := range dataSourceTypes {
		all = append(all, question{"data " + name, func(t *testing.T, w *acctest.World) (answer string, failure error) {
			t.Helper()
			p := chaosProcess(t, w)
			schema := p.schemas.DataSourceSchemas[name]
			settings := sample(w, schema)
			if _, by := settings["group_slug"]; by {
				settings["group_slug"] = str(w.Developers)
			}
			read, err := p.ReadDataSource(t.Context(), dataSource(t, p, name, settings))
			if failure := refusal(err, read.Diagnostics); failure != nil {
				return "", failure
			}
			value, err := read.State.Unmarshal(schema.ValueType())
			return value.String(), err
		}})
	}
	return all
}

// told are the results of a list in words, and its failure.
func told(rows []listedRow) (answer string, failure error) {
	var words []string
	for _, r := range rows {
		if r.failure != "" {
			return "", errors.New(r.failure)
		}
		words = append(words, fmt.Sprint(r.name, r.identity))
	}
	slices.Sort(words)
	return strings.Join(words, "\n"), nil
}

// TestNoFaultOfBitbucketMakesAQuestionAnsweredWrongly asks everything that can be asked while Bitbucket, or the administration of the
// organization, answers with every fault. Each either has the whole answer, or a clear error: never a part that looks like all.
func TestNoFaultOfBitbucketMakesAQuestionAnsweredWrongly(t *testing.T) {
	t.Parallel()
	for name, managed := range bothAdministrations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := newChaosTable(name)
			t.Cleanup(func() { t.Log(table.String()) })
			for _, q := range questions() {
				t.Run(q.name, func(t *testing.T) {
					t.Parallel()
					q.run(t, managed, table)
				})
			}
		})
	}
}

// run asks without a fault, to learn what is asked for and what the answer is, and then with each fault.
func (q question) run(t *testing.T, managed bool, table *chaosTable) {
	t.Helper()
	var (
		asked []simulator.Request
		whole string
	)
	synctest.Test(t, func(t *testing.T) {
		w := chaosWorld(managed)
		var failure error
		if whole, failure = q.ask(t, w); failure != nil || whole == "" {
			t.Fatalf("%s fails without any fault: %v", q.name, failure)
		}
		asked = w.Journal()
	})
	for _, f := range chaosFaults {
		if f.lag > 0 {
			continue // nothing is written
		}
		for _, c := range chosen(f.cases(asked), managed, q.name, f.name) {
			var verdict, reason string
			synctest.Test(t, func(t *testing.T) { verdict, reason = q.try(t, managed, c, whole) })
			table.note(q.name, f.name, verdict)
			if reason != "" {
				t.Errorf("%s, %s %s: %s", q.name, c.name, c.how, reason)
			}
		}
	}
}

// try asks with a fault, and once more without.
func (q question) try(t *testing.T, managed bool, c chaosCase, whole string) (verdict, reason string) {
	t.Helper()
	w := chaosWorld(managed)
	before := liveFacts(w)
	remove := w.Inject(c.inject)
	answer, failure := q.ask(t, w)
	remove()
	time.Sleep(time.Hour)
	again, after := q.ask(t, w)
	switch {
	case after != nil || again != whole:
		return bad, fmt.Sprintf("the next answer is %q, %v", again, after)
	case !maps.Equal(before, liveFacts(w)):
		return bad, "it has changed the world"
	case c.name == "403" && strings.Contains(answer, `"administered_by":tftypes.String<null>`): // so it is documented
		return succeeded, ""
	case failure == nil && answer != whole:
		return bad, fmt.Sprintf("the answer is %q instead of %q", answer, whole)
	case failure == nil:
		return succeeded, ""
	case c.passes:
		return bad, "it gives up: " + failure.Error()
	case unclear(failure, c) != "":
		return bad, "the error does not say " + unclear(failure, c) + ":\n" + failure.Error()
	}
	return clearError, ""
}
