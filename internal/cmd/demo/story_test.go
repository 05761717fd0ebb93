package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

func TestTheStoryHolds(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	folder, err := acctest.ProviderFolder()
	if err != nil {
		t.Fatal(err)
	}
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(t.TempDir(), "review.html")
	if err := run(filepath.Join(folder, "terraform-provider-bitbucket"), filepath.Join(root, "examples"), page); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "Grace Hopper") {
		t.Errorf("the page of the access review has %d bytes, %v", len(text), err)
	}
}
