package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// vulnerability is an entry of a database that says: path.Clean is vulnerable in all versions of Go.
const vulnerability = `{"schema_version": "1.3.1", "id": "GO-2000-0001", "modified": "2000-01-01T00:00:00Z", "published": "2000-01-01T00:00:00Z",
	"details": "Cleaning soils.", "database_specific": {"url": "https://example.org"}, "affected": [{"package": {"name": "stdlib", "ecosystem": "Go"},
	"ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
	"ecosystem_specific": {"imports": [{"path": "path", "symbols": ["Clean"]}]}}]}`

func TestAVulnerableFunctionIsReportedWhereItIsCalled(t *testing.T) {
	t.Parallel()
	database := "file://" + filepath.ToSlash(writeFiles(t, map[string]string{
		"index/db.json":        `{"modified": "2000-01-01T00:00:00Z"}`,
		"index/modules.json":   `[{"path": "stdlib", "vulns": [{"id": "GO-2000-0001", "modified": "2000-01-01T00:00:00Z"}]}]`,
		"index/vulns.json":     `[{"id": "GO-2000-0001", "modified": "2000-01-01T00:00:00Z"}]`,
		"ID/GO-2000-0001.json": vulnerability,
	}))
	for _, test := range []struct {
		name, call string
		code       int
		says       string
	}{
		{"a program that calls it", "path.Clean", 3, "GO-2000-0001"},
		{"a program that calls its neighbour", "path.IsAbs", 0, "No vulnerabilities found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := writeFiles(t, map[string]string{
				"go.mod":  "module example.org/program\n\ngo 1.26\n",
				"main.go": "package main\n\nimport \"path\"\n\nfunc main() { _ = " + test.call + "(\"/a\") }\n",
			})
			code, stdout, stderr := run(t, check{dir: dir, database: database, required: true})
			if code != test.code {
				t.Errorf("the exit code is %d, want %d", code, test.code)
			}
			if !strings.Contains(stdout, test.says) {
				t.Errorf("the report does not say %q:\n%s%s", test.says, stdout, stderr)
			}
		})
	}
}

func TestADatabaseThatDoesNotAnswerIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	failing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(failing.Close)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, test := range []struct{ name, database string }{
		{"a database that is not there", gone.URL},
		{"a database that answers with an error", failing.URL},
		{"a database that does not answer", silent.URL},
		{"a folder that is not there", "file:///nowhere"},
		{"a text that is not a URL", "nowhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for required, want := range map[bool]int{false: 0, true: 1} {
				code, stdout, stderr := run(t, check{dir: t.TempDir(), database: test.database, required: required, patience: 200 * time.Millisecond})
				if code != want {
					t.Errorf("with required=%v the exit code is %d, want %d", required, code, want)
				}
				if !strings.HasPrefix(stderr, "Vulnerabilities were not checked: ") || strings.Count(stderr, "\n") != 1 || stdout != "" {
					t.Errorf("what is said is not one line: %q, %q", stdout, stderr)
				}
			}
		})
	}
}

func run(t *testing.T, c check) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = c.run(t.Context(), &out, &err)
	return code, out.String(), err.String()
}

// writeFiles writes files by their paths into a new folder.
func writeFiles(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
