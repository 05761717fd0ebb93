package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFiguresAreReadable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, got, want string }{
		{"a small number", count(999), "999"},
		{"a large number", count(1_234_567), "1,234,567"},
		{"a time", seconds(1_234 * time.Millisecond), "1.23 s"},
		{"no time", seconds(0), "–"},
		{"memory, rounded", megabytes(41_500_000), "42 MB"},
		{"no memory", megabytes(0), "–"},
		{"a ratio", ratio(3*time.Second, 2*time.Second), "1.50×"},
		{"nothing to compare with", ratio(3, 0), "–"},
	} {
		if test.got != test.want {
			t.Errorf("%s is %q, want %q", test.name, test.got, test.want)
		}
	}
}

// measured makes two sizes of a plan; the larger one has the given figures.
func measured(w writing, latency time.Duration, large measurement, requests int) []cell {
	small := cell{shape: shapes[2], size: 100, grants: 100, objects: 13, instances: 100, writing: w, latency: latency, command: plan, requests: 25, floor: 25}
	small.measurement = measurement{wall: time.Second, cpu: time.Second, peak: 30_000_000}
	big := small
	big.measurement, big.size, big.grants, big.objects, big.requests, big.floor = large, 1_000, 1_000, 125, requests, 250
	big.instances = big.objects
	if w == additive {
		big.instances = big.grants
	}
	return []cell{small, big}
}

func TestGrowthIsSaidFromSizeToSize(t *testing.T) {
	t.Parallel()
	cells := measured(additive, 0, measurement{wall: 3 * time.Second, cpu: 5 * time.Second, peak: 60_000_000}, 250)
	want := "- additive, plan, 100 → 1,000 grants: requests 10.00×; wall 3.00×; CPU 5.00×; peak memory of the provider 2.00×; connections –\n"
	if diff := cmp.Diff(want, growthList(cells)); diff != "" {
		t.Error(diff)
	}
	if got := growthList(cells[:1]); got != "" {
		t.Errorf("one size grows: %s", got)
	}
}

func TestWhatShouldHoldIsJudgedByTheLargestSize(t *testing.T) {
	t.Parallel()
	known := baselines{
		{trivialGrant, 1_000, plan}: {cpu: 8 * time.Second},
	}
	quick := measured(additive, 0, measurement{wall: 4 * time.Second}, 250)
	cheap := measured(additive, 0, measurement{cpu: 7 * time.Second}, 250)
	for _, test := range []struct {
		name  string
		cells []cell
		want  []bool // that of the requests first
	}{
		{"fewer requests than needed are wrong too", measured(additive, 0, measurement{cpu: time.Second}, 249), []bool{false, true}},
		{"additive grants cost less than trivial resources", cheap, []bool{true, true}},
		{"additive grants cost more", measured(additive, 0, measurement{cpu: 9 * time.Second}, 250), []bool{true, false}},
		{"maps cost a quarter", slices.Concat(cheap, measured(exclusive, 0, measurement{cpu: 2 * time.Second}, 250)), []bool{true, true, true}},
		{"maps cost more", slices.Concat(cheap, measured(exclusive, 0, measurement{cpu: 2_100 * time.Millisecond}, 250)), []bool{true, true, false}},
		// 1.3 × 250 × 80 ms ÷ 10 = 2.6 s
		{"waiting is shared", slices.Concat(quick, measured(additive, 80*time.Millisecond, measurement{wall: 6_600 * time.Millisecond}, 250)), []bool{true, true, true}},
		{"waiting is not shared", slices.Concat(quick, measured(additive, 80*time.Millisecond, measurement{wall: 6_700 * time.Millisecond}, 250)), []bool{true, true, false}},
		{
			"of maps, what they take by themselves is that of maps",
			slices.Concat(
				quick, measured(exclusive, 0, measurement{wall: time.Second}, 250),
				measured(exclusive, 80*time.Millisecond, measurement{wall: 3_700 * time.Millisecond}, 250),
			),
			[]bool{true, true, true, false},
		},
		{"without a measurement of that, nothing is asked of waiting", measured(additive, 80*time.Millisecond, measurement{wall: time.Hour}, 250), []bool{true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []bool
			for _, h := range judge(test.cells, known) {
				got = append(got, h.ok)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s\n%s", diff, holdList(judge(test.cells, known)))
			}
		})
	}
}
