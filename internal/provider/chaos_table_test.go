package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// chaosTable is the matrix: how often each verdict was given, by row and column.
type chaosTable struct {
	title string

	mu    sync.Mutex
	cells map[string]map[string]map[string]int
}

func newChaosTable(title string) *chaosTable {
	return &chaosTable{title: title, cells: map[string]map[string]map[string]int{}}
}

func (c *chaosTable) note(row, column, verdict string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cells[row] == nil {
		c.cells[row] = map[string]map[string]int{}
	}
	if c.cells[row][column] == nil {
		c.cells[row][column] = map[string]int{}
	}
	c.cells[row][column][verdict]++
}

// String is the table in Markdown, with the counts of all verdicts.
func (c *chaosTable) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var text strings.Builder
	counts := map[string]int{}
	fmt.Fprintf(&text, "%s\n| operation |", c.title)
	for _, f := range chaosFaults {
		fmt.Fprintf(&text, " %s |", f.name)
	}
	fmt.Fprintf(&text, "\n|%s", strings.Repeat("---|", len(chaosFaults)+1))
	for _, row := range slices.Sorted(maps.Keys(c.cells)) {
		fmt.Fprintf(&text, "\n| %s |", row)
		for _, f := range chaosFaults {
			cell := c.cells[row][f.name]
			if cell == nil {
				text.WriteString(" – |")
				continue
			}
			var parts []string
			for _, verdict := range slices.Sorted(maps.Keys(cell)) {
				counts[verdict] += cell[verdict]
				parts = append(parts, fmt.Sprintf("%d %s", cell[verdict], verdict))
			}
			fmt.Fprintf(&text, " %s |", strings.Join(parts, ", "))
		}
	}
	fmt.Fprintf(&text, "\n%d succeeded, %d with a warning of what cannot be looked at, %d ended in a clear error and a true state (error), %d in a clear "+
		"error where nobody can tell what was done (error?), %d are bad",
		counts[succeeded], counts[warned], counts[clearError], counts[untold], counts[bad])
	return text.String()
}
