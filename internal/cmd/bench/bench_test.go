package main

import (
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

func TestTheSmallestBenchmarkMeasuresEverything(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the benchmark runs on Linux only")
	}
	acctest.RequireCLI(t)
	folder, err := acctest.ProviderFolder()
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	args := []string{
		"-provider", filepath.Join(folder, "terraform-provider-bitbucket"), "-sizes", "8", "-latencies", "0s", "-shapes", "8-per-repository",
		"-largest-apply", "4", "-check=false",
	}
	if err := run(t.Context(), args, &printed, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"### Four users and four groups on each repository",
		"| 8 | 8 × additive | 0s | plan | 2 (2) |",
		"| 8 | 1 × exclusive | 0s | apply | 14 (14) |",
		"| 8 | 1 × exclusive | 0s | plan | 2 (2) |",
		"| 8 | (a) terraform_data | plan |",
		"| 8 | (b) trivial resource | plan |",
		"- holds: the requests are the floor in all 3 cells",
	} {
		if !strings.Contains(printed.String(), want) {
			t.Errorf("%q was not printed", want)
		}
	}
	if strings.Contains(printed.String(), "| – (") {
		t.Error("of a command, nothing of the provider was measured")
	}
	if t.Failed() {
		t.Log(printed.String())
	}
}
