package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestSummaryAndPolicyKnowEveryTypeOfTheProvider holds that a type which is added to the provider is added to them, and that each, when nothing of
// it is known, is told about and refused.
func TestSummaryAndPolicyKnowEveryTypeOfTheProvider(t *testing.T) {
	t.Parallel()
	requireTools(t, "sh", "jq")
	w := acctest.New(t, simulator.Options{})
	p := unapplied(t, w)
	known, _ := p.run(t, `jq -nr -L . 'include "access"; scopes + others | keys[]'`)
	schemas := newServer(t, acctest.Factories()).schemas.ResourceSchemas
	if diff := cmp.Diff(slices.Sorted(maps.Keys(schemas)), strings.Fields(known)); diff != "" {
		t.Fatalf("types (-registered +known to access.jq):\n%s", diff)
	}
	for name, schema := range schemas {
		p := p.instead(t, 2, unknownPlan(name, schema))
		_, summary := p.expect(t, 2, "sh drift.sh detect")
		rows := rowsOf(summary)
		if len(rows) != 1 || !strings.HasPrefix(rows[0], "Waiting ") || strings.Contains(rows[0], "managed") {
			t.Errorf("%s: the summary says\n%s", name, summary)
		}
		if !strings.Contains(summary, refusedPlan+"- `"+name+".it`: ") {
			t.Errorf("%s: the policy says\n%s", name, summary)
		}
	}
	_, summary := p.instead(t, 2, unknownPlan("bitbucket_new", schemas["bitbucket_group"])).expect(t, 2, "sh drift.sh detect")
	mention(t, summary, refusedPlan+"- `bitbucket_new.it`: the policy does not know what bitbucket_new gives")
}

// unknownPlan is a plan to create a resource of which nothing is known.
func unknownPlan(name string, schema *tfprotov6.Schema) string {
	var unknown []string
	for _, a := range schema.Block.Attributes {
		unknown = append(unknown, fmt.Sprintf("%q:true", a.Name))
	}
	change := `{"actions":["create"],"before":null,"after":{},"after_unknown":{` + strings.Join(unknown, ",") + `}}`
	return `{"format_version":"1.2","planned_values":{},"resource_changes":[{"mode":"managed","address":"` + name + `.it","type":"` + name +
		`","change":` + change + `}]}`
}
