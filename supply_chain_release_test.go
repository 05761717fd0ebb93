package main_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAReleaseHoldsWhatTheRegistryAndItsUsersNeed(t *testing.T) {
	t.Parallel()
	config := decode[any](t, ".goreleaser.yml")
	manifest := []any{map[string]any{
		"glob":          "terraform-registry-manifest.json",
		"name_template": "{{ .ProjectName }}_{{ .Version }}_manifest.json",
	}}
	for _, test := range []struct {
		name, path string
		want       any
	}{
		{"the configuration is of version 2", "version", 2},
		{"files have the registry's name", "project_name", "terraform-provider-bitbucket"},
		{"nothing is run that could change the sources", "before", nil},
		{"there is one build", "builds.1", nil},
		{"it needs no C library", "builds.0.env", []any{"CGO_ENABLED=0"}},
		{"it holds no path of the machine", "builds.0.flags", []any{"-trimpath"}},
		{"it knows its version", "builds.0.ldflags", []any{"-s -w -X main.version={{ .Version }}"}},
		{"it is as old as its commit", "builds.0.mod_timestamp", "{{ .CommitTimestamp }}"},
		{"the binary has the registry's name", "builds.0.binary", "{{ .ProjectName }}_v{{ .Version }}"},
		{"archives have a name", "archives.0.id", "archives"},
		{"they are zips", "archives.0.formats", []any{"zip"}},
		{"they have the registry's names", "archives.0.name_template", "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}"},
		{"they hold the licence", "archives.0.files.0.src", "LICENSE"},
		{"which is as old as the commit", "archives.0.files.0.info.mtime", "{{ .CommitDate }}"},
		{"and nothing else", "archives.0.files.1", nil},
		{"every archive has a list of its contents", "sboms.0.artifacts", "archive"},
		{"in a format of its own", "sboms.0.args", []any{"$artifact", "--output", "spdx-json=$document"}},
		{"the registry refuses checksums of other files than these", "checksum.ids", []any{"archives"}},
		{"such as those lists, which have another name", "sboms.0.id", "sboms"},
		{"checksums are SHA-256", "checksum.algorithm", "sha256"},
		{"in the registry's file", "checksum.name_template", "{{ .ProjectName }}_{{ .Version }}_SHA256SUMS"},
		{"the manifest has one", "checksum.extra_files", manifest},
		{"and is part of the release", "release.extra_files", manifest},
		{"the checksums are signed", "signs.0.artifacts", "checksum"},
		{"apart from them, in binary", "signs.0.args", []any{
			"--batch", "--local-user", "{{ .Env.GPG_FINGERPRINT }}", "--output", "${signature}", "--detach-sign", "${artifact}",
		}},
		{"a snapshot has a version that Terraform finds", "snapshot.version_template", "{{ incpatch .Version }}-snapshot-{{ .ShortCommit }}"},
		{"somebody looks at a release before it is out", "release.draft", true},
		{"a candidate is no release", "release.prerelease", "auto"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, dig(config, test.path)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.path, diff)
			}
		})
	}
}

func TestAReleaseIsBuiltForThePlatformsOfTheRegistry(t *testing.T) {
	t.Parallel()
	config := decode[struct {
		Builds []struct {
			Goos, Goarch, Goarm []string
			Ignore              []struct{ Goos, Goarch string }
		}
	}](t, ".goreleaser.yml").Builds[0]
	var got []string
	for _, os := range config.Goos {
		for _, arch := range config.Goarch {
			if !slices.Contains(config.Ignore, struct{ Goos, Goarch string }{os, arch}) {
				got = append(got, os+"_"+arch)
			}
		}
	}
	want := strings.Fields(`darwin_amd64 darwin_arm64 freebsd_386 freebsd_amd64 freebsd_arm freebsd_arm64
		linux_386 linux_amd64 linux_arm linux_arm64 windows_386 windows_amd64 windows_arm64`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("platforms (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"6"}, config.Goarm); diff != "" {
		t.Errorf("one archive of the registry is for all ARM processors (-want +got):\n%s", diff)
	}
}

func TestASnapshotIsMadeAsAReleaseIs(t *testing.T) {
	t.Parallel()
	released := map[string]string{}
	for _, s := range workflows(t)["release.yml"].Jobs["release"].Steps {
		for action, input := range map[string]string{"goreleaser/goreleaser-action": "version", "anchore/sbom-action/download-syft": "syft-version"} {
			if strings.HasPrefix(s.Uses.Value, action+"@") {
				released[action], _ = s.With[input].(string)
			}
		}
	}
	snapshot := map[string]string{}
	for _, r := range readGoMod(t, "internal/tools/release").Require {
		switch r.Path {
		case "github.com/goreleaser/goreleaser/v2":
			snapshot["goreleaser/goreleaser-action"] = r.Version
		case "github.com/anchore/syft":
			snapshot["anchore/sbom-action/download-syft"] = r.Version
		}
	}
	if diff := cmp.Diff(released, snapshot); diff != "" || len(released) != 2 {
		t.Errorf("versions of the tools in release.yml (-) and in internal/tools/release (+):\n%s", diff)
	}
	for _, key := range []string{"goos", "goarch"} {
		if found := regexp.MustCompile(`(?m)^    `+key+`: \[.*\]$`).FindAllString(readFile(t, ".goreleaser.yml"), -1); len(found) != 1 {
			t.Errorf("snapshot.sh replaces one line of .goreleaser.yml by this machine's %s, and finds %q", key, found)
		}
	}
}

func TestTheManifestNamesTheProtocolThatIsServed(t *testing.T) {
	t.Parallel()
	var got any
	if err := json.Unmarshal([]byte(readFile(t, "terraform-registry-manifest.json")), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"version": 1.0, "metadata": map[string]any{"protocol_versions": []any{"6.0"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the manifest (-want +got):\n%s", diff)
	}
	if !strings.Contains(readFile(t, "main.go"), "tf6server.Serve(") {
		t.Error("main.go does not serve protocol 6")
	}
}

func TestTheSecurityPolicySaysHowToReportAndHowToVerify(t *testing.T) {
	t.Parallel()
	text := readFile(t, ".github/SECURITY.md")
	for _, want := range []string{
		"https://github.com/bitbucket-access/terraform-provider-bitbucket/security/advisories/new",
		"sha256sum --check", "gpg --verify", "_SHA256SUMS.sig", ".spdx.json",
		"gh attestation verify", "bitbucket-access/terraform-provider-bitbucket/.github/workflows/release.yml",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not name %s", want)
		}
	}
	if address := regexp.MustCompile(`[\w.+-]+@[\w-]+\.[a-z]{2,}`).FindString(text); address != "" {
		t.Errorf("it names the address %s, which nobody reads", address)
	}
}

// dig returns what lies at a path of keys and indexes, or nil.
func dig(value any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}
