package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// hold is something that should hold.
type hold struct {
	says string
	ok   bool
}

func allHold(holds []hold) bool {
	return !slices.ContainsFunc(holds, func(h hold) bool { return !h.ok })
}

func holdList(holds []hold) string {
	var text strings.Builder
	for _, h := range holds {
		verdict := "holds"
		if !h.ok {
			verdict = "DOES NOT HOLD"
		}
		fmt.Fprintf(&text, "- %s: %s\n", verdict, h.says)
	}
	return text.String()
}

// judge tells what holds: requests in every cell, time in the plans of the largest size.
func judge(cells []cell, known baselines) []hold {
	holds := requestHolds(cells)
	for _, c := range cells {
		switch {
		case c.command != plan || c.size != largest(cells):
		case c.latency == 0:
			holds = append(holds, cpuHolds(c, known)...)
		default:
			holds = append(holds, wallHolds(c, cells)...)
		}
	}
	return holds
}

// largest is the largest size that was measured.
func largest(cells []cell) int {
	size := 0
	for _, c := range cells {
		size = max(size, c.size)
	}
	return size
}

// requestHolds are that no command sends more requests than it must.
func requestHolds(cells []cell) []hold {
	var holds []hold
	for _, c := range cells {
		if c.requests != c.floor {
			holds = append(holds, hold{says: fmt.Sprintf("%s: %d requests are the floor of %d", c.label(), c.requests, c.floor)})
		}
	}
	if holds == nil {
		holds = append(holds, hold{fmt.Sprintf("the requests are the floor in all %d cells", len(cells)), true})
	}
	return holds
}

// exclusiveShare is how much of the CPU time of as many trivial resources the same access may cost as exclusive maps.
const exclusiveShare = 0.25

// cpuHolds are that a plan without latency costs less than a trivial resource would, and as exclusive maps a fraction. It asks the latter
// where there are fewer maps than grants.
func cpuHolds(c cell, known baselines) []hold {
	trivial := known[baselineKey{trivialGrant, c.grants, c.command}].cpu
	switch {
	case c.writing == additive:
		return []hold{atMost(c, "CPU", c.cpu, trivial, 1, "as many trivial resources")}
	case c.objects == c.grants:
		return nil
	}
	return []hold{atMost(c, "CPU", c.cpu, trivial, exclusiveShare, "as many trivial resources as grants")}
}

// atMost holds that a time is at most a share of another one.
func atMost(c cell, what string, got, of time.Duration, share float64, whose string) hold {
	return hold{
		fmt.Sprintf("%s: %s %s is at most %.2f × the %s of %s", c.label(), what, seconds(got), share, seconds(of), whose),
		float64(got) <= share*float64(of),
	}
}

// parallelism is how many instances Terraform refreshes at a time unless it is told otherwise, and wallFactor how much longer than with
// that many requests always under way the listings may take.
const (
	parallelism = 10
	wallFactor  = 1.3
)

// wallHolds are that the requests of a plan wait for Bitbucket side by side: its wall time is what it takes without latency, where that was
// measured, and hardly more than the latency of the listings divided by the parallelism. It asks that where there are as many lists as
// Terraform reads at a time: the pages of one list come one after another.
func wallHolds(c cell, cells []cell) []hold {
	same := c
	same.latency = 0
	i := slices.IndexFunc(cells, func(other cell) bool { return other.label() == same.label() })
	if i < 0 || c.shape.members || c.objects < parallelism {
		return nil
	}
	own := cells[i].wall
	waiting := time.Duration(wallFactor * float64(c.floor) * float64(c.latency) / parallelism)
	return []hold{{
		fmt.Sprintf("%s: wall time %s is at most %.1f × %d listings ÷ %d + the %s without latency = %s", c.label(), seconds(c.wall), wallFactor, c.floor, parallelism,
			seconds(own), seconds(waiting+own)),
		c.wall <= waiting+own,
	}}
}
