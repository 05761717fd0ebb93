package review

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// assets are what the page is made of. The folder regular-table holds a library as it was published, see its file README.md.
//
//go:embed page
var assets embed.FS

// scripts are the files of the page's own script, in the order in which they are put together.
var scripts = []string{"data.js", "filters.js", "matrix.js", "panel.js", "findings.js", "print.js", "page.js"}

// libraryNotice stands before the library in every page, as its licence asks for.
const libraryNotice = "// regular-table, copyright the Regular Table Authors, Apache License 2.0: https://www.apache.org/licenses/LICENSE-2.0\n"

// page is what the template shows.
type page struct {
	Title         string
	Policy        string
	Style         template.CSS
	Library, Code template.JS
	Data          pageData
	Counts        []count
	Kinds         []pageKind
	Groups        []pageGroup
	Projects      []pageProject
}

// count is how many there are of something.
type count struct{ Number, What string }

// Page is a web page with a title that shows access: who may do what, by which paths, and what a reviewer should look at. It is one file that
// loads nothing, and it does not depend on the order in which Bitbucket lists things.
func Page(title string, e *access.Effective) (string, error) {
	t, err := template.ParseFS(assets, "page/page.html.tmpl")
	if err != nil {
		return "", err
	}
	style, err := read("page.css", "regular-table/sub-cell-scrolling.css")
	if err != nil {
		return "", err
	}
	library, err := read("regular-table/regular-table.js")
	if err != nil {
		return "", err
	}
	code, err := read(scripts...)
	if err != nil {
		return "", err
	}
	library, _, _ = strings.Cut(library, "\n//# sourceMappingURL=") // a browser would look for a file beside the page
	library = libraryNotice + library
	data := newPageData(indexed(e))
	var text bytes.Buffer
	err = t.Execute(&text, page{
		Title: visible(title), Policy: policy(style, library, code),
		Style: template.CSS(style), Library: template.JS(library), Code: template.JS(code), //nolint:gosec // these are our own files
		Data: data, Counts: counts(data), Kinds: data.Kinds, Groups: data.Groups, Projects: data.Projects,
	})
	return text.String(), err
}

// counts are how many there are of what the page shows.
func counts(d pageData) []count {
	return []count{
		counted(len(d.People), "person", "people"),
		counted(len(d.Repositories), "repository", "repositories"),
		counted(len(d.Groups), "group", "groups"),
		counted(d.grants, "grant", "grants"),
		counted(len(d.Findings), "finding", "findings"),
	}
}

func counted(n int, one, many string) count {
	if n == 1 {
		return count{"1", one}
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return count{digits, many}
}

// read puts files of the page together.
func read(names ...string) (string, error) {
	var text strings.Builder
	for _, name := range names {
		content, err := assets.ReadFile("page/" + name)
		if err != nil {
			return "", err
		}
		text.Write(content)
	}
	return text.String(), nil
}

// policy lets a page use one style and some scripts, and load nothing at all: even if a name got into the page as markup, it could do nothing.
func policy(style string, scripts ...string) string {
	allowed := make([]string, len(scripts))
	for i, script := range scripts {
		allowed[i] = hash(script)
	}
	return fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; img-src data:; base-uri 'none'; form-action 'none'",
		hash(style), strings.Join(allowed, " "))
}

// hash names a text in a content security policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:]))
}
