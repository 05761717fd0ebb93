package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// snapshot is what GoReleaser made of the last commit.
type snapshot struct {
	release
	folder, commit string
	signed         bool
}

// readSnapshot ends the test where there is none.
func readSnapshot(t *testing.T) snapshot {
	t.Helper()
	folder := os.Getenv("SNAPSHOT")
	if folder == "" {
		t.Skip(`SNAPSHOT names no folder of a release: "make snapshot" makes one`)
	}
	var made struct {
		Name    string `json:"project_name"`
		Version string
		Commit  string
	}
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(folder, "metadata.json"))), &made); err != nil {
		t.Fatal(err)
	}
	archive := fmt.Sprintf("%s_%s_%s_%s.zip", made.Name, made.Version, runtime.GOOS, runtime.GOARCH)
	_, missing := exec.LookPath("gpg")
	return snapshot{release{made.Version, filepath.Join(folder, archive)}, folder, made.Commit, missing == nil}
}

// prefix is what the names of all files of the release begin with.
func (s snapshot) prefix() string { return "terraform-provider-bitbucket_" + s.version + "_" }

func TestASnapshotHoldsTheFilesOfTheRegistry(t *testing.T) {
	t.Parallel()
	s := readSnapshot(t)
	archive := filepath.Base(s.archive)
	want := []string{s.prefix() + "SHA256SUMS", archive, archive + ".spdx.json"} // the manifest gets its name when it is published
	if s.signed {
		want = append(want, s.prefix()+"SHA256SUMS.sig")
	}
	paths, err := filepath.Glob(filepath.Join(s.folder, s.prefix()+"*"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, path := range paths {
		got = append(got, filepath.Base(path))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files of the release (-want +got):\n%s", diff)
	}

	sums := map[string]string{}
	for line := range strings.Lines(readFile(t, filepath.Join(s.folder, s.prefix()+"SHA256SUMS"))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	manifest := release{archive: "terraform-registry-manifest.json"}
	if diff := cmp.Diff(map[string]string{archive: s.checksum(t), s.prefix() + "manifest.json": manifest.checksum(t)}, sums); diff != "" {
		t.Errorf("checksums (-want +got):\n%s", diff)
	}
}

func TestASnapshotHoldsTheBinaryAndTheLicence(t *testing.T) {
	t.Parallel()
	s := readSnapshot(t)
	modes := map[string]string{}
	for _, file := range readArchive(t, s.archive) {
		modes[file.name] = file.mode.String()
		if file.name == "LICENSE" && string(file.content) != readFile(t, "LICENSE") {
			t.Error("the licence is another one")
		}
	}
	if diff := cmp.Diff(map[string]string{"LICENSE": "-rw-r--r--", s.binary(): "-rwxr-xr-x"}, modes); diff != "" {
		t.Errorf("files in the archive (-want +got):\n%s", diff)
	}
}

func TestASnapshotListsWhatItIsMadeOf(t *testing.T) {
	t.Parallel()
	s := readSnapshot(t)
	var list struct {
		Version  string `json:"spdxVersion"`
		Packages []struct{ Name string }
	}
	if err := json.Unmarshal([]byte(readFile(t, s.archive+".spdx.json")), &list); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{module, "github.com/hashicorp/terraform-plugin-framework", "stdlib"} {
		if !slices.ContainsFunc(list.Packages, func(p struct{ Name string }) bool { return p.Name == name }) {
			t.Errorf("%s among %d packages does not name %s", list.Version, len(list.Packages), name)
		}
	}
}

func TestASnapshotInstallsAndWorks(t *testing.T) {
	t.Parallel()
	s := readSnapshot(t)
	testInstallation(t, s.release, s.version) // a version before a release has to be asked for exactly
}

func TestASnapshotIsVerifiedByWhatTheSecurityPolicySays(t *testing.T) {
	t.Parallel()
	s := readSnapshot(t)
	if _, err := exec.LookPath("jq"); err != nil || !s.signed {
		t.Skip("it takes gpg and jq")
	}
	keys, err := os.MkdirTemp("", "keys") //nolint:usetesting // a short path, for the sockets of gpg
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(keys) })

	// What is out of reach answers as it would: the registry with the key, GitHub that it attests the file.
	answer, err := json.Marshal(map[string]any{"signing_keys": map[string]any{"gpg_public_keys": []any{
		map[string]string{"ascii_armor": readFile(t, filepath.Join(s.folder, "snapshot-key.asc"))},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	commands := policy(t, 0, s.version)
	run := func(folder string) (string, error) {
		script := "set -euo pipefail\ncurl() { printf '%s' \"$ANSWER\"; }\ngh() { test -s \"$3\"; }\n" + commands
		command := exec.CommandContext(t.Context(), "bash", "-c", script)
		command.Dir, command.Env = folder, append(os.Environ(), "GNUPGHOME="+keys, "ANSWER="+string(answer))
		output, err := command.CombinedOutput()
		return string(output), err
	}
	output, err := run(s.folder)
	if err != nil || !strings.Contains(output, "Good signature") || !strings.Contains(output, filepath.Base(s.archive)+": OK") {
		t.Fatalf("%v:\n%s", err, output)
	}
	for _, name := range []string{filepath.Base(s.archive), s.prefix() + "SHA256SUMS", s.prefix() + "SHA256SUMS.sig"} {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(s.folder)); err != nil {
			t.Fatal(err)
		}
		content := []byte(readFile(t, filepath.Join(folder, name)))
		content[len(content)/2] ^= 1
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
		if output, err := run(folder); err == nil {
			t.Errorf("nothing is said of a byte that was changed in %s:\n%s", name, output)
		}
	}
}

func TestASnapshotCanBeBuiltAgain(t *testing.T) {
	t.Parallel()
	s := readSnapshot(t)
	clone := filepath.Join(t.TempDir(), "clone")
	commands := fmt.Sprintf("set -eu\ngit clone --quiet . %q\ncd %q\ngit checkout --quiet %s\n%s", clone, clone, s.commit, policy(t, 1, s.version))
	if output, err := exec.CommandContext(t.Context(), "bash", "-c", commands).CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, output)
	}
	rebuilt := []byte(readFile(t, filepath.Join(filepath.Dir(clone), "rebuilt")))
	for _, file := range readArchive(t, s.archive) {
		if file.name == s.binary() && !bytes.Equal(rebuilt, file.content) {
			t.Error("the binary has other bytes")
		}
	}
}

// policy is one of the blocks of commands by which the security policy verifies a release, for a version and this platform.
func policy(t *testing.T, block int, version string) string {
	t.Helper()
	_, text, _ := strings.Cut(readFile(t, ".github/SECURITY.md"), "\n## Verify a release\n")
	blocks := regexp.MustCompile("(?s)```shell\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) != 2 {
		t.Fatalf("the security policy has %d blocks of commands, not those that verify and those that build again", len(blocks))
	}
	text = strings.ReplaceAll(blocks[block][1], "linux_amd64", runtime.GOOS+"_"+runtime.GOARCH)
	if block == 0 && !strings.HasPrefix(text, "VERSION=1.2.3\n") {
		t.Fatal("the commands do not begin with the version")
	}
	return "VERSION=" + version + "\n" + strings.TrimPrefix(text, "VERSION=1.2.3\n")
}
