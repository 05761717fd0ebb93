package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestUsagesAreTakenOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "usage")
	noted := []usage{{cpu: 1_500 * time.Millisecond, peak: 30_000_000}, {cpu: time.Millisecond, peak: 1024}}
	for _, u := range noted {
		for _, line := range []string{started, u.String()} {
			if err := note(path, line); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, want := range [][]usage{noted, nil} {
		got, err := takeUsages(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(usage{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestADamagedUsageIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"started\n12\n", "started\n12 many\n", "started\nstarted\n12 13\n", "12 13\n"} {
		if _, err := parseUsages(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestOnlyTheNameOfAProviderMakesAStandIn(t *testing.T) {
	t.Parallel()
	if _, ok := standIn([]string{"/tmp/bench"}, func(string) string { return "" }); ok {
		t.Error("the program stands in for a provider under its own name")
	}
}
