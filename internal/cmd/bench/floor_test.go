package main

import "testing"

func TestTheFloorFollowsFromTheShape(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		shape       string
		size        int
		writing     writing
		apply, plan int
	}{
		// 5,000 users and 5,000 groups are 50 pages each; 5,001 people are 51 pages, for two processes.
		{"a list of each kind on one repository", "one-repository", 10_000, additive, 10_000 + 2*51, 100},
		{"whoever owns the lists looks at them before, when they are empty", "one-repository", 10_000, exclusive, 10_000 + 2*(2+51), 100},
		{"a single grant is in one list", "one-repository", 1, additive, 1 + 2, 1},
		{"groups are looked up nowhere", "1-per-repository", 10_000, additive, 10_000, 10_000},
		{"both lists of a repository, of which one is empty", "1-per-repository", 10_000, exclusive, 10_000 + 2*20_000, 20_000},
		{"both lists of each repository", "8-per-repository", 10_000, additive, 10_000 + 2*11, 2_500},
		{"the same with maps", "8-per-repository", 10_000, exclusive, 10_000 + 2*(2_500+11), 2_500},
		{"the last repository has users only", "8-per-repository", 100, additive, 100 + 2, 25},
		{"its owner looks for groups too", "8-per-repository", 100, exclusive, 100 + 2*(26+1), 26},
		{"all groups are one list", "memberships", 10_000, additive, 5_000 + 2*(1+11), 1},
		{"all groups are one list for their owners too", "memberships", 10_000, exclusive, 5_000 + 2*(1+11), 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := parseShape(test.shape)
			if err != nil {
				t.Fatal(err)
			}
			grants := s.grants(test.size)
			if got := s.floor(grants, test.writing, apply); got != test.apply {
				t.Errorf("apply takes %d requests, want %d", got, test.apply)
			}
			if got := s.floor(grants, test.writing, plan); got != test.plan {
				t.Errorf("plan takes %d requests, want %d", got, test.plan)
			}
		})
	}
}

func TestNoShapeGrantsTwice(t *testing.T) {
	t.Parallel()
	for _, s := range shapes {
		for _, size := range []int{1, 8, 100, 1_000, 10_000} {
			seen := map[grant]bool{}
			for _, g := range s.grants(size) {
				if seen[g] {
					t.Errorf("%s, %d: %v stands there twice", s.name, size, g)
				}
				seen[g] = true
			}
		}
	}
}
