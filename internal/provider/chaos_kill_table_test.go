//go:build linux

package provider_test

import (
	"fmt"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// chaosCounts is what happened in all stories.
type chaosCounts struct {
	started time.Time

	mu     sync.Mutex // guards everything below
	deaths map[[2]string]int
	counts map[string]int
}

func newChaosCounts() *chaosCounts {
	return &chaosCounts{started: time.Now(), deaths: map[[2]string]int{}, counts: map[string]int{}}
}

func (c *chaosCounts) add(what string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what] += n
}

// killed counts a death.
func (c *chaosCounts) killed(r ran) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaths[[2]string{r.death.way, r.death.moment}]++
	c.counts["kills"]++
	if r.forced {
		c.counts["forced"]++
	}
}

// table shows what was counted.
func (c *chaosCounts) table(seed int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	moments := []string{beforeWrite, whileWrite, afterWrite, whileRead, whileSaved}
	fmt.Fprintf(table, "killed\t%s\tin all\t\n", strings.Join(moments, "\t"))
	for _, way := range []string{killsProvider, killsBoth, interrupts} {
		fmt.Fprintf(table, "%s\t", way)
		sum := 0
		for _, moment := range moments {
			n := c.deaths[[2]string{way, moment}]
			sum += n
			fmt.Fprintf(table, "%d\t", n)
		}
		fmt.Fprintf(table, "%d\t\n", sum)
	}
	_ = table.Flush() // a strings.Builder takes all
	n := c.counts
	return fmt.Sprintf("seed %d: %d kills in %s\n%s%d applies brought %d configurations with %d changes to their end\n"+
		"%d writes were sent, %d of them were repeated by a later run without effect\n%d groups had to be imported, %d of them were renamed and %d new\n"+
		"%d states were cut off, %d of them empty, and taken from the backup\n%d interrupts had to be followed by the kill",
		seed, n["kills"], time.Since(c.started).Round(100*time.Millisecond), &text, n["applies"], n["journeys"], n["changes"],
		n["writes"], n["repeated"], n["imported"], n["renamed"], n["imported"]-n["renamed"], n["cut"], n["empty"], n["forced"])
}
