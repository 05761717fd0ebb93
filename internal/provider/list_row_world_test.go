package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// listedRow is one result of a list.
type listedRow struct {
	name             string
	identity         map[string]string
	object           *tfprotov6.DynamicValue // nil where there is none
	raw              *tfprotov6.ResourceIdentityData
	failure, warning string
}

// row reads a result.
func (l lister) row(t *testing.T, kind string, result tfprotov6.ListResourceResult) listedRow {
	t.Helper()
	r := listedRow{name: result.DisplayName, object: result.Resource, raw: result.Identity, identity: map[string]string{}}
	for _, d := range result.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			r.failure += d.Summary + ": " + d.Detail
		} else {
			r.warning += d.Summary + ": " + d.Detail
		}
	}
	if r.failure != "" {
		return r
	}
	if result.Identity == nil || result.Identity.IdentityData == nil {
		t.Fatalf("%s: %q has no identity", kind, r.name)
	}
	value, err := result.Identity.IdentityData.Unmarshal(identifiedBy(t, l.server, owned{resource: kind}).identity)
	if err != nil {
		t.Fatal(err)
	}
	r.identity = texts(t, value)
	return r
}

// texts are the attributes of an object of texts; null is left out.
func texts(t *testing.T, value tftypes.Value) map[string]string {
	t.Helper()
	var all map[string]tftypes.Value
	if err := value.As(&all); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for name, part := range all {
		var text string
		if part.IsNull() || !part.IsKnown() || !part.Type().Is(tftypes.String) {
			continue
		}
		if err := part.As(&text); err != nil {
			t.Fatal(err)
		}
		found[name] = text
	}
	return found
}

// who names what a result identifies, without the workspace, people and groups by name: as "api Grace".
func (r listedRow) who(w *acctest.World) string {
	var words []string
	for _, name := range []string{"repo_slug", "project_key", "group_slug", "slug", "user_id"} {
		word, ok := r.identity[name]
		if !ok {
			continue
		}
		if called, known := nameOf(w, word); known {
			word = called
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// listedWho names all results, sorted.
func listedWho(w *acctest.World, rows []listedRow) []string {
	var all []string
	for _, row := range rows {
		all = append(all, row.who(w))
	}
	return slices.Sorted(slices.Values(all))
}

func sortedTexts(all []string) []string { return slices.Sorted(slices.Values(all)) }
