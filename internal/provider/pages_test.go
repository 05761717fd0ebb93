package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
