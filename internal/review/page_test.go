package review_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/review"
)

func TestThePageDependsOnAccessAlone(t *testing.T) {
	t.Parallel()
	want := render(t, "Access to acme", large(40, 60))
	if diff := cmp.Diff(want, render(t, "Access to acme", large(40, 60))); diff != "" {
		t.Errorf("another page for the same access (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, render(t, "Access to acme", reversed(large(40, 60)))); diff != "" {
		t.Errorf("another page for another order (-want +got):\n%s", diff)
	}
}

func TestThePageOfALargeWorkspaceIsSmall(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]*access.Effective{
		"teams with projects":     large(500, 500),
		"everybody on everything": everywhere(500, 500),
		"a grant for every cell":  scattered(500, 500),
	} {
		start := time.Now()
		size := len(render(t, "Access to acme", e))
		t.Logf("%s: %d bytes in %s", name, size, time.Since(start))
		if size > 3_000_000 {
			t.Errorf("%s: the page has %d bytes, want at most 3 MB", name, size)
		}
	}
}

func TestNamesAreNeverMarkup(t *testing.T) {
	t.Parallel()
	plain := render(t, "Access to acme", named("Ada"))
	for _, name := range hostileNames {
		html := render(t, name, named(name))
		for _, tag := range []string{"<script", "</script", "<img", "<!--", "]]>", "<style", "</title"} {
			if got, want := strings.Count(strings.ToLower(html), tag), strings.Count(strings.ToLower(plain), tag); got != want {
				t.Errorf("the name %q: the page has %s %d times, want %d", name, tag, got, want)
			}
		}
		if strings.ContainsAny(html, "\u2028\u2029\u202e\x00") {
			t.Errorf("the name %q: the page has characters that nobody sees", name)
		}
	}
}

func TestThePageNamesNoPlaceToLoadFrom(t *testing.T) {
	t.Parallel()
	html := render(t, "Access to acme", small())
	for _, address := range regexp.MustCompile(`(?i)(?:src|href|action|url)\s*=\s*"[^"]*"|@import|url\([^)]*\)|sourceMappingURL`).FindAllString(html, -1) {
		if !strings.HasPrefix(address, `href="#`) && address != `href="data:,"` {
			t.Errorf("the page has %s", address)
		}
	}
	if !strings.Contains(html, `content="default-src &#39;none&#39;; `) {
		t.Error("the page has no policy that forbids to load anything")
	}
}

func TestTheLibraryIsThePublishedOne(t *testing.T) {
	t.Parallel()
	const folder = "page/regular-table/"
	sums := strings.Fields(read(t, folder+"SHA256SUMS"))
	for i := 0; i < len(sums); i += 2 {
		sum := sha256.Sum256([]byte(read(t, folder+sums[i+1])))
		if hex.EncodeToString(sum[:]) != sums[i] {
			t.Errorf("%s is not the file that was published", sums[i+1])
		}
	}
	if len(sums) != 2*3 {
		t.Errorf("there are %d checksums, want those of the library, its style and its licence", len(sums)/2)
	}
	for _, text := range []string{"regular-table", "Apache License 2.0"} {
		if !strings.Contains(render(t, "", small()), text) {
			t.Errorf("the page does not name %q, which the licence asks for", text)
		}
	}
}

// hostileNames are names that try to be more than names.
var hostileNames = []string{
	`</script><script>fetch("https://evil.example")</script>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, `<!--<script>`, "]]>",
	"Ada\u2028Lovelace\u2029", "\u202egnp.ecarG", "a\x00b", "</title><style>*{display:none}</style>", "${alert(1)}`", `\u003cimg src=x onerror=alert(1)\u003e`,
	"{{.Title}}", "javascript:alert(1)",
}

// named is access in which for every name everything has it.
func named(names ...string) *access.Effective {
	w := newWorld()
	for i, name := range names {
		w.person(name, "member")
		p := &w.People[i]
		p.Nickname, p.Role = name, name
		w.group(name, name, *p)
		w.project(name, name, name)
		w.grant(access.RepositoryScope, name, name, access.Admin)
		w.find(access.Redundant, &access.Path{Permission: access.Admin, GroupSlug: name, GroupName: name})
		w.grant(access.ProjectScope, name, *p, access.Write)
		w.find(access.DirectBesideGroup, nil)
		w.Findings = append(w.Findings, access.Finding{Kind: access.Public, Scope: w.Grants[0].Scope, Permission: access.Permission(name)})
	}
	return w.complete()
}

// scattered is access in which every person has another permission on every repository, some by two paths: the largest page.
func scattered(people, repositories int) *access.Effective {
	e := everywhere(people, repositories)
	for i := range e.Access {
		a := &e.Access[i]
		first := &access.Path{Scope: a.Paths[0].Scope, Permission: []access.Permission{access.Read, access.Write, access.Admin}[i*7919%3]}
		a.Permission, a.Paths = first.Permission, append([]*access.Path{first}, a.Paths[:i*104729%2]...)
	}
	return e
}

func render(t *testing.T, title string, e *access.Effective) string {
	t.Helper()
	html, err := review.Page(title, e)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
