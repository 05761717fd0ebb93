package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// installed is what the tests install a release for.
const installed = `terraform {
  required_providers {
    bitbucket = {
      source  = "bitbucket-access/bitbucket"
      version = "CONSTRAINT"
    }
  }
}

provider "bitbucket" {
  workspaces = ["acme"]
}

resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "write"
}
`

// refused is what the CLI says of an archive that is not the one in the lock file, in one line.
const refused = "doesn't match any of the checksums previously recorded in the dependency lock file"

func TestAReleaseInstallsAndWorks(t *testing.T) {
	t.Parallel()
	testInstallation(t, buildRelease(t, "1.2.3"), "~> 1.0")
}

// testInstallation does what a user does who puts an archive into a filesystem mirror, from the first "init" to "destroy".
func testInstallation(t *testing.T, r release, constraint string) {
	t.Helper()
	user := newInstallation(t, r, constraint)
	grant := simulator.Grant{Workspace: "acme", Repository: "api", Group: "developers"}

	user.expect(0, "Installed bitbucket-access/bitbucket v"+r.version, "init")
	if got := user.lock(); got.version != r.version || got.constraint != constraint || len(got.hashes) != 1 || !strings.HasPrefix(got.hashes[0], "h1:") {
		t.Errorf("the lock file has %+v, want version %s for %q with the hash of what was installed", got, r.version, constraint)
	}
	if got, want := user.ask(r.binary(), "-version"), "terraform-provider-bitbucket "+r.version+"\n"; got != want {
		t.Errorf("the installed binary says %q, want %q", got, want)
	}
	user.expect(0, "provider "+acctest.Registry(t)+"/bitbucket-access/bitbucket v"+r.version, "version")
	user.expect(0, "found no need for changes", "providers", "lock", "-fs-mirror="+user.mirror, "-platform="+runtime.GOOS+"_"+runtime.GOARCH)
	user.expect(0, "Plan: 1 to add, 0 to change, 0 to destroy.", "plan")
	user.expect(0, "Resources: 1 added, 0 changed, 0 destroyed.", "apply", "-auto-approve")
	if got := user.world.Permission(grant); got != "write" {
		t.Errorf("after the apply the group has %q", got)
	}
	user.expect(0, "No changes.", "plan", "-detailed-exitcode")
	user.reinstall(0, "Installed bitbucket-access/bitbucket v"+r.version)
	user.expect(0, "Resources: 1 destroyed.", "destroy", "-auto-approve")
	if got := user.world.Permission(grant); got != simulator.None {
		t.Errorf("after the destroy the group has %q", got)
	}

	// What "init" wrote down is the hash of the files in the archive; what SHA256SUMS says of the archive itself will do as well.
	files, archive := user.lock().hashes[0], "zh:"+r.checksum(t)
	user.write(".terraform.lock.hcl", lockFile(user.lock(), archive))
	user.reinstall(0, "Installed bitbucket-access/bitbucket v"+r.version)
	user.falsify()
	user.reinstall(1, refused)
	user.write(".terraform.lock.hcl", lockFile(user.lock(), files))
	user.reinstall(1, refused)
}

// installation is a folder in which a user works with what a mirror offers.
type installation struct {
	t       *testing.T
	world   *acctest.World
	folder  *terraform.Folder
	mirror  string
	archive string // in the mirror
}

// newInstallation offers a release in a mirror, for the host that the CLI takes when a source address names none. Beside it lie versions
// that nobody has asked for, which are no archives.
func newInstallation(t *testing.T, r release, constraint string) *installation {
	t.Helper()
	acctest.RequireCLI(t)
	w := acctest.New(t, simulator.Options{})
	mirror := t.TempDir()
	offers := filepath.Join(mirror, acctest.Registry(t), "bitbucket-access", "bitbucket")
	folder, err := terraform.NewFolder(t.TempDir(), mirror,
		"BITBUCKET_BASE_URL="+w.URL, "BITBUCKET_USERNAME="+w.Username, "BITBUCKET_API_TOKEN="+w.Token)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.InstallFrom(mirror); err != nil {
		t.Fatal(err)
	}
	i := &installation{t: t, world: w, folder: folder, mirror: mirror, archive: filepath.Join(offers, filepath.Base(r.archive))}
	i.write("main.tf", strings.Replace(installed, "CONSTRAINT", constraint, 1))
	i.writeFile(i.archive, readFile(t, r.archive))
	for _, other := range []string{"0.9.0", "2.0.0"} {
		i.writeFile(strings.Replace(i.archive, r.version, other, 1), "")
	}
	return i
}

// expect runs a command that must end with an exit code and say something, wherever the CLI breaks its lines.
func (i *installation) expect(code int, text string, args ...string) {
	i.t.Helper()
	output, got, err := i.folder.Run(i.t.Context(), args...)
	if err != nil {
		i.t.Fatalf("run %v: %v\n%s", args, err, output)
	}
	if got != code || !strings.Contains(strings.Join(strings.Fields(output), " "), text) {
		i.t.Fatalf("%v ended with exit code %d, want %d and %q in:\n%s", args, got, code, text, output)
	}
}

// ask runs the provider that was installed.
func (i *installation) ask(binary string, args ...string) string {
	i.t.Helper()
	path, err := filepath.Glob(filepath.Join(i.folder.Path, ".terraform", "providers", "*", "*", "*", "*", "*", binary))
	if err != nil || len(path) != 1 {
		i.t.Fatalf("%s is installed as %v: %v", binary, path, err)
	}
	output, err := exec.CommandContext(i.t.Context(), path[0], args...).Output()
	if err != nil {
		i.t.Fatal(err)
	}
	return string(output)
}

// reinstall installs again what the lock file names, and nothing else.
func (i *installation) reinstall(code int, text string) {
	i.t.Helper()
	if err := os.RemoveAll(filepath.Join(i.folder.Path, ".terraform")); err != nil {
		i.t.Fatal(err)
	}
	i.expect(code, text, "init", "-lockfile=readonly")
}

// falsify changes one byte of one file in the archive that the mirror offers.
func (i *installation) falsify() {
	i.t.Helper()
	files := readArchive(i.t, i.archive)
	files[0].content[0] ^= 1
	writeArchive(i.t, i.archive, files)
}

func (i *installation) write(name, content string) {
	i.t.Helper()
	i.writeFile(filepath.Join(i.folder.Path, name), content)
}

func (i *installation) writeFile(path, content string) {
	i.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		i.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		i.t.Fatal(err)
	}
}

// locked is what a lock file says of one provider.
type locked struct {
	source, version, constraint string
	hashes                      []string
}

var (
	lockedLines  = regexp.MustCompile(`provider "(.+)" \{\n  version     = "(.+)"\n  constraints = "(.+)"\n`)
	lockedHashes = regexp.MustCompile(`"((?:h1|zh):[^"]+)"`)
)

func (i *installation) lock() (l locked) {
	i.t.Helper()
	text := readFile(i.t, filepath.Join(i.folder.Path, ".terraform.lock.hcl"))
	match := lockedLines.FindStringSubmatch(text)
	if match == nil {
		i.t.Fatalf("the lock file names no provider:\n%s", text)
	}
	l.source, l.version, l.constraint = match[1], match[2], match[3]
	for _, hash := range lockedHashes.FindAllStringSubmatch(text, -1) {
		l.hashes = append(l.hashes, hash[1])
	}
	return l
}

// lockFile is the lock file of one provider with one hash.
func lockFile(l locked, hash string) string {
	return "provider \"" + l.source + "\" {\n  version     = \"" + l.version + "\"\n  constraints = \"" + l.constraint + "\"\n  hashes = [\n    \"" +
		hash + "\",\n  ]\n}\n"
}
