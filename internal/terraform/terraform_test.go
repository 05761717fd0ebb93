package terraform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

func TestTheCLIIsFoundOrItIsSaidWhatToDo(t *testing.T) {
	for _, test := range []struct {
		name     string
		binaries []string
		chosen   string // relative to the folder of binaries
		want     string // the base name of what is found, or what the error says
	}{
		{name: "Terraform before OpenTofu", binaries: []string{"terraform", "tofu"}, want: "terraform"},
		{name: "OpenTofu where there is no Terraform", binaries: []string{"tofu"}, want: "tofu"},
		{name: "what was chosen before what is on PATH", binaries: []string{"terraform", "terraform-1.5"}, chosen: "terraform-1.5", want: "terraform-1.5"},
		{name: "a choice that is not there", binaries: []string{"terraform"}, chosen: "nothing", want: "TF_ACC_TERRAFORM_PATH does not name"},
		{name: "neither", want: "install Terraform 1.5 or newer, or OpenTofu"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			for _, name := range test.binaries {
				if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", folder)
			t.Setenv("TF_ACC_TERRAFORM_PATH", "")
			if test.chosen != "" {
				t.Setenv("TF_ACC_TERRAFORM_PATH", filepath.Join(folder, test.chosen))
			}
			path, err := terraform.Find()
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("the error is %q, want %q", err, test.want)
				}
				return
			}
			if filepath.Base(path) != test.want {
				t.Errorf("found %s, want %s", path, test.want)
			}
		})
	}
}
