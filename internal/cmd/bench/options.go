package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// options are the flags of the program.
type options struct {
	sizes     []int
	latencies []time.Duration
	shapes    []shape
	provider  string
	check     bool

	largestApply int
}

// parse reads the flags.
func parse(args []string, stderr io.Writer) (options, error) {
	o := options{sizes: []int{100, 1_000, 10_000}, latencies: []time.Duration{0, 80 * time.Millisecond}, shapes: shapes}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Func("sizes", "how many grants to measure with, as a `list` with commas (default 100,1000,10000)", into(&o.sizes, parseSize))
	flags.Func("latencies", "how long every request waits, as a `list` with commas (default 0s,80ms)", into(&o.latencies, parseLatency))
	flags.Func("shapes", "which shapes to measure, as a `list` with commas (default "+strings.Join(shapeNames(), ",")+")", into(&o.shapes, parseShape))
	flags.StringVar(&o.provider, "provider", "bin/terraform-provider-bitbucket", "the built provider")
	flags.IntVar(&o.largestApply, "largest-apply", 1_250, "measure the apply of at most this `number` of resources; of more, the plan of additive ones only")
	flags.BoolVar(&o.check, "check", true, "fail when something that should hold does not")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	slices.Sort(o.sizes)
	slices.Sort(o.latencies)
	o.sizes, o.latencies = slices.Compact(o.sizes), slices.Compact(o.latencies)
	return o, nil
}

// into reads a list with commas in place of the default.
func into[T any](list *[]T, parseItem func(string) (T, error)) func(string) error {
	return func(text string) error {
		var items []T
		for part := range strings.SplitSeq(text, ",") {
			item, err := parseItem(strings.TrimSpace(part))
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		*list = items
		return nil
	}
}

func parseSize(text string) (int, error) {
	size, err := strconv.Atoi(text)
	if err != nil || size < 1 {
		return 0, fmt.Errorf("%q is not a number of grants", text)
	}
	return size, nil
}

func parseLatency(text string) (time.Duration, error) {
	latency, err := time.ParseDuration(text)
	if err != nil || latency < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 80ms", text)
	}
	return latency, nil
}

func parseShape(text string) (shape, error) {
	i := slices.IndexFunc(shapes, func(s shape) bool { return s.name == text })
	if i < 0 {
		return shape{}, fmt.Errorf("%q is none of %s", text, strings.Join(shapeNames(), ", "))
	}
	return shapes[i], nil
}

func shapeNames() []string {
	var names []string
	for _, s := range shapes {
		names = append(names, s.name)
	}
	return names
}
