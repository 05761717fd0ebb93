package main_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/template"
)

// release is what a release holds for this platform.
type release struct {
	version string
	archive string // its path
}

// binary is the name of the binary in the archive.
func (r release) binary() string { return "terraform-provider-bitbucket_v" + r.version }

// checksum is what SHA256SUMS says of the archive.
func (r release) checksum(t *testing.T) string {
	t.Helper()
	sum := sha256.Sum256([]byte(readFile(t, r.archive)))
	return hex.EncodeToString(sum[:])
}

// recipe is what .goreleaser.yml says of one build and its archive.
type recipe struct {
	ProjectName string `yaml:"project_name"`
	Builds      []struct {
		Env, Flags, Ldflags, Goarm []string
		Binary                     string
	}
	Archives []struct {
		NameTemplate string `yaml:"name_template"`
		Formats      []string
		Files        []struct{ Src string }
	}
}

// followed are the keys of the recipe that buildRelease follows, or that say what to build for and how old it is.
var followed = map[string][]string{
	"builds.0":   {"env", "flags", "ldflags", "binary", "goarm", "goos", "goarch", "ignore", "mod_timestamp"},
	"archives.0": {"id", "formats", "name_template", "files"},
}

// buildRelease makes what GoReleaser makes of a tag for this platform, by the same recipe.
func buildRelease(t *testing.T, version string) release {
	t.Helper()
	requireFollowed(t)
	config := decode[recipe](t, ".goreleaser.yml")
	expand := expander(t, map[string]string{"ProjectName": config.ProjectName, "Version": version, "Os": runtime.GOOS, "Arch": runtime.GOARCH})
	build, archive, folder := config.Builds[0], config.Archives[0], t.TempDir()

	binary := expand(build.Binary)
	args := slices.Concat([]string{"build"}, build.Flags, []string{"-ldflags", expand(strings.Join(build.Ldflags, " ")), "-o", filepath.Join(folder, binary), "."})
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Env = slices.Concat(os.Environ(), build.Env, []string{"GOARM=" + build.Goarm[0]})
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, output)
	}

	files := []archived{{name: binary, mode: 0o755, content: []byte(readFile(t, filepath.Join(folder, binary)))}}
	for _, file := range archive.Files {
		files = append(files, archived{name: file.Src, mode: 0o644, content: []byte(readFile(t, file.Src))})
	}
	r := release{version: version, archive: filepath.Join(folder, expand(archive.NameTemplate)+"."+archive.Formats[0])}
	writeArchive(t, r.archive, files)
	return r
}

// requireFollowed ends the test when the recipe says something that buildRelease would not do.
func requireFollowed(t *testing.T) {
	t.Helper()
	config := decode[any](t, ".goreleaser.yml")
	for path, keys := range followed {
		said, _ := dig(config, path).(map[string]any)
		for key := range said {
			if !slices.Contains(keys, key) {
				t.Fatalf("%s of .goreleaser.yml has %q, which is not done here", path, key)
			}
		}
	}
}

// expander expands the templates of GoReleaser in which these values are.
func expander(t *testing.T, values map[string]string) func(text string) string {
	t.Helper()
	return func(text string) string {
		t.Helper()
		parsed, err := template.New("").Option("missingkey=error").Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var expanded strings.Builder
		if err := parsed.Execute(&expanded, values); err != nil {
			t.Fatal(err)
		}
		return expanded.String()
	}
}

// archived is a file in an archive.
type archived struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// readArchive reads a zip.
func readArchive(t *testing.T, path string) (files []archived) {
	t.Helper()
	reader, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for _, file := range reader.File {
		opened, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, archived{name: file.Name, mode: file.Mode(), content: content})
	}
	return files
}

// writeArchive writes a zip.
func writeArchive(t *testing.T, path string, files []archived) {
	t.Helper()
	created, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer created.Close()
	writer := zip.NewWriter(created)
	for _, file := range files {
		header := &zip.FileHeader{Name: file.name, Method: zip.Deflate}
		header.SetMode(file.mode)
		entry, err := writer.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(file.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
}
