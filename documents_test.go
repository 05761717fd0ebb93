package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are what a visitor of the repository reads first.
var documents = []string{"README.md", "ARCHITECTURE.md", "CHANGELOG.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"}

var (
	inlineLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	reference  = regexp.MustCompile(`(?m)^\[([\w-]+)\]: (\S+)(?: "(\w+)")?$`)
	referred   = regexp.MustCompile(`\]\[([\w-]+)\]`)
	heading    = regexp.MustCompile(`(?m)^#+ (.+)$`)
	ticked     = regexp.MustCompile("`([^`\n]+)`")
	edge       = regexp.MustCompile(`(?m)^ *([a-z]+)(?:\["[^"]*"\])? --> ([a-z]+)`)
	node       = regexp.MustCompile(`\b([a-z]+)\["([a-z]+(?:/[a-z]+)?)[:,"]`)
)

func TestDocumentsLeadToWhatExists(t *testing.T) {
	t.Parallel()
	for _, name := range documents {
		text := readFile(t, name)
		for _, link := range inlineLink.FindAllStringSubmatch(text, -1) {
			checkLink(t, name, text, link[1])
		}
		defined := map[string]bool{}
		for _, r := range reference.FindAllStringSubmatch(text, -1) {
			defined[r[1]] = true
			checkLink(t, name, text, r[2])
			if r[3] != "" && !strings.Contains(readFile(t, r[2]), "\nfunc "+r[3]+"(t *testing.T)") {
				t.Errorf("%s: %s has no %s", name, r[2], r[3])
			}
			if !strings.Contains(text, "]["+r[1]+"]") {
				t.Errorf("%s: nothing leads to %s", name, r[1])
			}
		}
		for _, r := range referred.FindAllStringSubmatch(text, -1) {
			if !defined[r[1]] {
				t.Errorf("%s: [%s] leads nowhere", name, r[1])
			}
		}
	}
}

// checkLink checks a link to a file, or a heading of one. Links to other sites are not followed.
func checkLink(t *testing.T, document, text, link string) {
	t.Helper()
	if strings.HasPrefix(link, "https://") {
		return
	}
	path, anchor, _ := strings.Cut(link, "#")
	if path != "" {
		path = filepath.Join(filepath.Dir(document), path)
		info, err := os.Stat(path)
		if err != nil {
			t.Errorf("%s leads to %s: %s", document, link, err)
			return
		}
		if info.IsDir() || anchor == "" {
			return
		}
		text = readFile(t, path)
	}
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		if strings.ReplaceAll(strings.ToLower(h[1]), " ", "-") == anchor {
			return
		}
	}
	t.Errorf("%s leads to %s, and there is no such heading", document, link)
}

func TestTheReadmeCountsWhatThereIs(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "README.md")
	for _, folder := range []string{"resources", "data-sources", "guides"} {
		pages, err := filepath.Glob(filepath.Join("docs", folder, "*.md"))
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages in %s: %v", folder, err)
		}
		for _, page := range pages {
			if !strings.Contains(readme, "("+filepath.ToSlash(page)+")") {
				t.Errorf("the README does not lead to %s", page)
			}
		}
		if folder == "resources" && (len(pages) != 10 || !strings.Contains(readme, "[10 resources](docs/resources)")) {
			t.Errorf("there are %d resources, and the README says otherwise", len(pages))
		}
	}
}

// TestThePictureOfTheArchitectureIsTrue holds that every package is in the picture, and that every arrow is an import that is allowed.
func TestThePictureOfTheArchitectureIsTrue(t *testing.T) {
	t.Parallel()
	text := readFile(t, "ARCHITECTURE.md")
	_, picture, _ := strings.Cut(text, "```mermaid\n")
	picture, _, _ = strings.Cut(picture, "```")
	packages := map[string]string{"main": ""}
	for _, n := range node.FindAllStringSubmatch(picture, -1) {
		packages[n[1]] = "internal/" + n[2]
	}
	drawn := edge.FindAllStringSubmatch(picture, -1)
	if len(drawn) < len(packages) {
		t.Fatalf("the picture has %d packages and %d arrows", len(packages), len(drawn))
	}
	for _, e := range drawn {
		from, known := packages[e[1]]
		if to := packages[e[2]]; !known || !slices.Contains(arrows[from], to) {
			t.Errorf("the picture draws an arrow from %q to %q, which is no import", e[1], e[2])
		}
	}
	for name := range arrows {
		if !strings.Contains(picture, strings.TrimPrefix(name, "internal/")) && name != "internal/cmd/bench/trivial" {
			t.Errorf("package %q is not in the picture", name)
		}
	}
}

// TestTheArchitectureNamesFilesThatExist holds that the table of behaviours leads to files.
func TestTheArchitectureNamesFilesThatExist(t *testing.T) {
	t.Parallel()
	text := readFile(t, "ARCHITECTURE.md")
	folder, found := ".", 0
	for _, name := range ticked.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(name[1], "internal/") {
			folder = strings.TrimSuffix(name[1], "/"+filepath.Base(name[1]))
			if !strings.Contains(name[1], ".") {
				folder = name[1]
			}
		}
		if !strings.HasSuffix(name[1], ".go") {
			continue
		}
		found++
		path := name[1]
		if !strings.Contains(path, "/") {
			path = filepath.Join(folder, path)
		}
		if files, err := filepath.Glob(path); err != nil || len(files) == 0 {
			if _, err := os.Stat(name[1]); err != nil {
				t.Errorf("there is no %s in %s", name[1], folder)
			}
		}
	}
	if found < 20 {
		t.Errorf("it names %d files only", found)
	}
}
