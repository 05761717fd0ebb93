package main

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFlagsSayWhatToMeasure(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		args      []string
		sizes     []int
		latencies []time.Duration
		shapes    int
		wrong     string
	}{
		{name: "everything", sizes: []int{100, 1_000, 10_000}, latencies: []time.Duration{0, 80 * time.Millisecond}, shapes: len(shapes)},
		{
			name: "a choice, smallest first", args: []string{"-sizes", "1000, 8,8", "-latencies", "1s", "-shapes", "memberships"},
			sizes: []int{8, 1_000}, latencies: []time.Duration{time.Second}, shapes: 1,
		},
		{name: "no number", args: []string{"-sizes", "8,many"}, wrong: `"many" is not a number of grants`},
		{name: "no grants", args: []string{"-sizes", "0"}, wrong: `"0" is not a number of grants`},
		{name: "no unit", args: []string{"-latencies", "80"}, wrong: `"80" is not a duration such as 80ms`},
		{name: "back in time", args: []string{"-latencies", "-1s"}, wrong: `"-1s" is not a duration`},
		{name: "no shape", args: []string{"-shapes", "round"}, wrong: `"round" is none of one-repository, 1-per-repository`},
		{name: "a word too many", args: []string{"now"}, wrong: `unexpected argument "now"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o, err := parse(test.args, io.Discard)
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("the error is %v, want %s", err, test.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(o.sizes, test.sizes) || !slices.Equal(o.latencies, test.latencies) || len(o.shapes) != test.shapes {
				t.Errorf("sizes %v, latencies %v, %d shapes", o.sizes, o.latencies, len(o.shapes))
			}
		})
	}
}
