package provider_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// pageLink is a link from one page of the documentation to another.
var pageLink = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestPagesAreFinishedAndLeadToPages(t *testing.T) {
	t.Parallel()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text := readFile(t, path)
		if strings.Contains(text, "TODO") || strings.Contains(text, "TBD") {
			t.Errorf("%s is not finished", path)
		}
		for _, link := range pageLink.FindAllStringSubmatch(text, -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), strings.TrimSuffix(link[1], ".md")+".md")); err != nil {
				t.Errorf("%s leads to %s: %s", path, link[1], err)
			}
		}
		return nil
	})
	if err != nil || links == 0 {
		t.Errorf("%d links, %v", links, err)
	}
}

// TestEverythingThatTheProviderHasIsOnAPageWithItsExamples holds that a new type gets a page, and that a page shows the examples that tests run.
func TestEverythingThatTheProviderHasIsOnAPageWithItsExamples(t *testing.T) {
	t.Parallel()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for folder, names := range map[string][]string{
		"resources":           slices.Collect(maps.Keys(schemas.ResourceSchemas)),
		"data-sources":        slices.Collect(maps.Keys(schemas.DataSourceSchemas)),
		"list-resources":      slices.Collect(maps.Keys(schemas.ListResourceSchemas)),
		"functions":           slices.Collect(maps.Keys(schemas.Functions)),
		"ephemeral-resources": slices.Collect(maps.Keys(schemas.EphemeralResourceSchemas)),
		"actions":             slices.Collect(maps.Keys(schemas.ActionSchemas)),
	} {
		for _, name := range names {
			page := filepath.Join("docs", folder, strings.TrimPrefix(name, "bitbucket_")+".md")
			want = append(want, page)
			examples, err := filepath.Glob(filepath.Join(root, "examples", folder, name, "*.*"))
			if err != nil || len(examples) == 0 {
				t.Errorf("%s has no example: %v", page, err)
			}
			text := readFile(t, filepath.Join(root, page))
			for _, file := range examples {
				if !strings.Contains(text, "\n"+strings.TrimSpace(readFile(t, file))+"\n```\n") {
					t.Errorf("%s does not show %s as it is", page, file)
				}
			}
		}
	}
	got, err := filepath.Glob(filepath.Join(root, "docs", "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i], err = filepath.Rel(root, got[i]); err != nil {
			t.Fatal(err)
		}
	}
	got = slices.DeleteFunc(got, func(page string) bool { return filepath.Dir(page) == filepath.Join("docs", "guides") })
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the pages (-want +got):\n%s", diff)
	}
}

// TestTheFirstPageSaysWhichCLIHasWhat holds that the tests which an older CLI skips are about what its users are told.
func TestTheFirstPageSaysWhichCLIHasWhat(t *testing.T) {
	t.Parallel()
	page := readPage(t, "index")
	for feature, since := range acctest.Since {
		opentofu := since.OpenTofu + " |"
		if since.OpenTofu == "" {
			opentofu = "no: "
		}
		if row := cut(t, page, "\n| "+string(feature), "\n"); !strings.Contains(row+"\n", "| "+since.Terraform+" | "+opentofu) {
			t.Errorf("the row of %s says %q, and tests need Terraform %s or OpenTofu %q", feature, row, since.Terraform, since.OpenTofu)
		}
	}
}
