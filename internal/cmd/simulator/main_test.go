package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestTheProgramServesUntilItIsAskedToEnd(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-addr", "127.0.0.1:0", "-log"}, in, io.Discard)
		_ = in.Close()
		ended <- err
	}()

	environment := map[string]string{}
	lines := lineReader(out)
	for len(environment) < 7 {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines(t), "export "), "=")
		environment[name] = value
	}
	if environment["BITBUCKET_WORKSPACES"] != "acme,acme-cloud" {
		t.Errorf("the environment is %v", environment)
	}
	user, err := http.NewRequestWithContext(t.Context(), http.MethodGet, environment["BITBUCKET_BASE_URL"]+"/2.0/user", nil)
	if err != nil {
		t.Fatal(err)
	}
	user.SetBasicAuth(environment["BITBUCKET_USERNAME"], environment["BITBUCKET_API_TOKEN"])
	organization, err := http.NewRequestWithContext(
		t.Context(), http.MethodGet, environment["ATLASSIAN_ADMIN_BASE_URL"]+"/v1/orgs/"+environment["ATLASSIAN_ORG_ID"], nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	organization.Header.Set("Authorization", "Bearer "+environment["ATLASSIAN_ADMIN_API_KEY"])
	for _, r := range []*http.Request{user, organization} {
		logLine := make(chan string, 1)
		go func() { logLine <- lines(t) }()
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := <-logLine; resp.StatusCode != http.StatusOK || got != "GET "+r.URL.Path+" 200" {
			t.Errorf("the answer is %d, the log says %q", resp.StatusCode, got)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the program ends with %v", err)
	}
}

// lineReader returns a function that reads one line after the other.
func lineReader(r io.Reader) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		var line []byte
		for one := make([]byte, 1); ; {
			if _, err := r.Read(one); err != nil {
				t.Errorf("read a line: %v", err)
				return ""
			}
			if one[0] == '\n' {
				return string(line)
			}
			line = append(line, one[0])
		}
	}
}

func TestDumpIsASeed(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	if err := run(t.Context(), []string{"-dump"}, &first, io.Discard); err != nil {
		t.Fatal(err)
	}
	var seed simulator.Seed
	if err := json.Unmarshal(first.Bytes(), &seed); err != nil || len(seed.Users) != 40 {
		t.Errorf("the dump holds %d people (%v)", len(seed.Users), err)
	}
	file := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(file, first.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"-dump", "-seed", file}, &second, io.Discard); err != nil || first.String() != second.String() {
		t.Errorf("the dump of a dump differs (%v)", err)
	}
}

func TestWhatTheProgramRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(file, []byte(`{"people":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"0.0.0.0:7990 is not a loopback address": {"-addr", "0.0.0.0:7990"},
		":7990 is not a loopback address":        {"-addr", ":7990"},
		"missing port":                           {"-addr", "127.0.0.1"},
		"no such file":                           {"-seed", filepath.Join(t.TempDir(), "none.json")},
		`unknown field "people"`:                 {"-seed", file},
		`unexpected argument "now"`:              {"now"},
		"flag provided but not defined":          {"-nonsense"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v ends with %v, want %s", args, err, want)
		}
	}
}

func TestTheAnnouncedCredentialsAreNotThoseThatWereRevoked(t *testing.T) {
	t.Parallel()
	const organization = "0c9a1f4e-6f0f-4d52-9a86-0d8c2f3b7e15"
	seed := simulator.Seed{
		Users: []simulator.User{{UUID: "{1}", Email: "gone@acme.example", Inactive: true}, {UUID: "{2}", Email: "ada@acme.example"}},
		Credentials: []simulator.SeedCredential{
			{Kind: "api-token", Secret: "of-the-inactive", User: "{1}"},
			{Kind: "api-token", Secret: "old", User: "{2}", Revoked: true},
			{Kind: "organization-key", Secret: "old", Organization: organization, Revoked: true},
			{Kind: "api-token", Secret: "new-token", User: "{2}"},
			{Kind: "organization-key", Secret: "new-key", Organization: organization},
		},
	}
	var printed bytes.Buffer
	announce(&printed, "127.0.0.1:7990", seed)
	for _, want := range []string{"BITBUCKET_USERNAME=ada@acme.example\n", "BITBUCKET_API_TOKEN=new-token\n", "ATLASSIAN_ADMIN_API_KEY=new-key\n"} {
		if !strings.Contains(printed.String(), want) {
			t.Errorf("the environment lacks %q:\n%s", want, &printed)
		}
	}
}
