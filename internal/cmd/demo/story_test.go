package main

import (
	"path/filepath"
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
	if err := run(filepath.Join(folder, "terraform-provider-bitbucket"), filepath.Join(root, "examples")); err != nil {
		t.Error(err)
	}
}
