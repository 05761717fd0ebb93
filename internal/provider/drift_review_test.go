package provider_test

import (
	"encoding/json"
	"errors"
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
	var before, after map[string]string
	tables := readPlan(t, c).Outputs["tables"]
	if err := errors.Join(json.Unmarshal(tables.Before, &before), json.Unmarshal(tables.After, &after)); err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(after))
	if len(names) == 0 {
		t.Fatal("the plan has no tables")
	}
	return slices.DeleteFunc(names, func(name string) bool { return before[name] == after[name] })
}
