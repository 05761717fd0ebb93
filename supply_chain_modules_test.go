package main_test

import (
	"encoding/json"
	"go/version"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// replacements are the modules that are taken from elsewhere than where they are published, and why.
var replacements = map[string]string{
	"internal/tools: github.com/bitbucket-access/terraform-provider-bitbucket => ../..":                                    "the provider itself",
	"internal/tools/tofu: github.com/hashicorp/hcl/v2 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828": "as in OpenTofu's own go.mod",
}

// goVersions are the modules that do not name the version of Go that the provider names, and why.
var goVersions = map[string]string{
	"internal/tools/release": "1.26.3", // which Syft asks for
	"internal/tools/tofu":    "1.26.6", // which OpenTofu asks for
}

func TestModulesComeFromWhereTheyArePublished(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, folder := range modules(t) {
		for _, r := range readGoMod(t, folder).Replace {
			text := folder + ": " + r.Old.Path + " => " + strings.TrimSpace(r.New.Path+" "+r.New.Version)
			seen[text] = true
			if replacements[text] == "" {
				t.Errorf("%s: nobody has said why", text)
			}
		}
	}
	for text := range replacements {
		if !seen[text] {
			t.Errorf("%s: it is explained but not there", text)
		}
	}
}

func TestAllModulesNameOneVersionOfGo(t *testing.T) {
	t.Parallel()
	release := "go" + strings.TrimSpace(readFile(t, ".go-version"))
	provider := readGoMod(t, ".").Go
	for _, folder := range modules(t) {
		m, want := readGoMod(t, folder), provider
		if other := goVersions[folder]; other != "" {
			want = other
		}
		if m.Go != want || m.Toolchain != "" {
			t.Errorf("%s: go.mod names Go %s and the toolchain %q, want Go %s alone", folder, m.Go, m.Toolchain, want)
		}
		if strings.Count(release, ".") != 2 || version.Compare(release, "go"+m.Go) < 0 {
			t.Errorf("%s: releases are built by %s, which is not a release of Go %s or newer", folder, release, m.Go)
		}
	}
}

func TestAllModulesAreChecked(t *testing.T) {
	t.Parallel()
	_, after, _ := strings.Cut(readFile(t, "GNUmakefile"), "\nMODULES := ")
	list, _, _ := strings.Cut(after, "\n")
	if diff := cmp.Diff(modules(t), strings.Fields(list)); diff != "" {
		t.Errorf("MODULES in GNUmakefile (-want +got):\n%s", diff)
	}
}

func TestModulesThatAreNotCheckedAreVerifiedWhereTheyAreUsed(t *testing.T) {
	t.Parallel()
	makefile := readFile(t, "GNUmakefile")
	_, after, _ := strings.Cut(makefile, "\nHEAVY = ")
	list, _, _ := strings.Cut(after, "\n")
	if !strings.Contains(makefile, "\n\tgo -C $(<D) mod verify\n") {
		t.Error("tools are built from modules that nobody has verified")
	}
	for folder := range strings.FieldsSeq(list) {
		for _, tool := range readGoMod(t, folder).Tool {
			_, after, _ := strings.Cut(makefile, ": TOOL = "+tool.Path+"\n")
			if after == "" || !strings.Contains(makefile, ": "+folder+"/go.mod "+folder+"/go.sum\n") {
				t.Errorf("%s is not built, or not when %s has changed", tool.Path, folder)
			}
		}
	}
}

func TestNewVersionsOfEverythingAreLookedFor(t *testing.T) {
	t.Parallel()
	config := decode[struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}](t, ".github/dependabot.yml")
	got := map[string][]string{}
	for _, u := range config.Updates {
		got[u.Ecosystem] = append(u.Directories, u.Directory)
	}
	want := map[string][]string{"github-actions": {"/"}, "gomod": {""}}
	for _, m := range modules(t) {
		want["gomod"] = append(want["gomod"], "/"+strings.TrimPrefix(m, "."))
	}
	for _, folders := range got {
		slices.Sort(folders)
	}
	slices.Sort(want["gomod"])
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Dependabot looks elsewhere (-want +got):\n%s", diff)
	}
}

// modules are the folders of the modules of the repository.
func modules(t *testing.T) []string {
	t.Helper()
	var folders []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && slices.Contains([]string{".git", "bin", "dist"}, path) {
			return fs.SkipDir
		}
		if err == nil && d.Name() == "go.mod" {
			folders = append(folders, filepath.ToSlash(filepath.Dir(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// goMod is what is checked of a go.mod file, as "go mod edit -json" prints it.
type goMod struct {
	Go, Toolchain string
	Tool          []struct{ Path string }
	Require       []struct{ Path, Version string }
	Replace       []struct {
		Old, New struct{ Path, Version string }
	}
}

func readGoMod(t *testing.T, folder string) (m goMod) {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json", filepath.Join(folder, "go.mod")).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(output, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
