package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// table is a table in Markdown.
type table struct{ strings.Builder }

func newTable(columns ...string) *table {
	t := &table{}
	t.row(columns...)
	t.row(slices.Repeat([]string{"---"}, len(columns))...)
	return t
}

func (t *table) row(values ...string) { fmt.Fprintf(t, "| %s |\n", strings.Join(values, " | ")) }

// cellTable shows what was measured of a shape.
func cellTable(cells []cell, known baselines) string {
	t := newTable("grants", "written as", "latency", "command", "requests (floor)", "wall (a, b)", "CPU (a, b)", "CPU of the provider (b)",
		"peak memory of the provider (b)", "connections")
	for _, c := range cells {
		a, b := known[baselineKey{terraformData, c.grants, c.command}], known[baselineKey{trivialGrant, c.grants, c.command}]
		t.row(
			count(c.grants), fmt.Sprintf("%s × %s", count(c.instances), c.writing), c.latency.String(), string(c.command),
			fmt.Sprintf("%s (%s)", count(c.requests), count(c.floor)),
			fmt.Sprintf("%s (%s, %s)", seconds(c.wall), ratio(c.wall, a.wall), ratio(c.wall, b.wall)),
			fmt.Sprintf("%s (%s, %s)", seconds(c.cpu), ratio(c.cpu, a.cpu), ratio(c.cpu, b.cpu)),
			fmt.Sprintf("%s (%s)", seconds(c.providerCPU), ratio(c.providerCPU, b.providerCPU)),
			fmt.Sprintf("%s (%s)", megabytes(c.peak), ratio(c.peak, b.peak)),
			strconv.FormatInt(c.connections, 10),
		)
	}
	return t.String()
}

// baselineTable shows what the others were compared with.
func baselineTable(known baselines) string {
	t := newTable("instances", "of", "command", "wall", "CPU", "CPU of the provider", "peak memory of the provider")
	keys := slices.SortedFunc(maps.Keys(known), func(a, b baselineKey) int {
		return cmp.Or(cmp.Compare(a.instances, b.instances), cmp.Compare(a.kind, b.kind), cmp.Compare(a.command, b.command))
	})
	for _, key := range keys {
		m := known[key]
		t.row(count(key.instances), key.kind, string(key.command), seconds(m.wall), seconds(m.cpu), seconds(m.providerCPU), megabytes(m.peak))
	}
	return t.String()
}

// growthList says by what factors the figures of a command grow from one size to the next. cells are those of one shape; growth is the same
// at every latency.
func growthList(cells []cell) string {
	var text strings.Builder
	for _, w := range writings {
		for _, run := range commands {
			same := slices.DeleteFunc(slices.Clone(cells), func(c cell) bool {
				return c.writing != w || c.command != run.name || c.latency != cells[0].latency
			})
			if len(same) < 2 {
				continue
			}
			var sizes, requests, wall, cpu, peak, connections []string
			for i, c := range same {
				sizes = append(sizes, count(c.grants))
				if i > 0 {
					before := same[i-1]
					requests, wall = append(requests, ratio(c.requests, before.requests)), append(wall, ratio(c.wall, before.wall))
					cpu, peak = append(cpu, ratio(c.cpu, before.cpu)), append(peak, ratio(c.peak, before.peak))
					connections = append(connections, ratio(c.connections, before.connections))
				}
			}
			fmt.Fprintf(&text, "- %s, %s, %s grants: requests %s; wall %s; CPU %s; peak memory of the provider %s; connections %s\n",
				w, run.name, strings.Join(sizes, " → "), strings.Join(requests, ", "), strings.Join(wall, ", "), strings.Join(cpu, ", "),
				strings.Join(peak, ", "), strings.Join(connections, ", "))
		}
	}
	return text.String()
}

// ratio is a factor, or a dash where there is nothing to divide by.
func ratio[N int | int64 | time.Duration](of, to N) string {
	if to == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f×", float64(of)/float64(to))
}

// seconds is a duration, or a dash for none.
func seconds(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// megabytes is a size in units of a million bytes, or a dash for none.
func megabytes(bytes int64) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%d MB", (bytes+500_000)/1_000_000)
}

// count is a number with a comma before each three digits.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
