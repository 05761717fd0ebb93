package provider_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// TestTheGuideOnWhatDetectsWhatSaysWhatReviewsShow applies a review, lets each event happen, and compares which tables are others, and what the
// plan ends with, with the table of the guide.
func TestTheGuideOnWhatDetectsWhatSaysWhatReviewsShow(t *testing.T) {
	t.Parallel()
	table := guideTable(t)
	d := detecting(t)
	d.world.Command(t, oneByOne(d.world)).Run(t, 0, "apply", "-auto-approve")
	c := d.world.Command(t, `
data "bitbucket_access_review" "acme" {
  workspace = "acme"
}
output "tables" {
  value = data.bitbucket_access_review.acme.csv
}
`)
	c.Run(t, 0, "apply", "-auto-approve")
	d.each(t, func(event string) {
		if cells := table[event]; len(cells) > 5 && cells[columnOf(t, "review")] == "0" {
			c.Run(t, 0, "plan", "-detailed-exitcode")
			return
		}
		c.Run(t, 2, "plan", "-detailed-exitcode", "-out=plan.out")
		expectCell(t, table, event, "review", "**2**: "+strings.Join(changedTables(t, c), ", "))
	})
}

// changedTables are those that the saved plan of a review would write anew.
func changedTables(t *testing.T, c *acctest.Command) []string {
	t.Helper()
	text := []byte(c.Run(t, 0, "show", "-json", "plan.out"))
	var plan struct {
		Outputs map[string]struct{ Before, After map[string]string } `json:"output_changes"`
	}
	start := bytes.Index(text, []byte(`{"format_version"`)) // the CLI may warn before
	if err := json.NewDecoder(bytes.NewReader(text[max(0, start):])).Decode(&plan); err != nil {
		t.Fatal(err)
	}
	tables := plan.Outputs["tables"]
	names := slices.Sorted(maps.Keys(tables.After))
	if len(names) == 0 {
		t.Fatalf("the plan has no tables: %s", text)
	}
	return slices.DeleteFunc(names, func(name string) bool { return tables.Before[name] == tables.After[name] })
}
