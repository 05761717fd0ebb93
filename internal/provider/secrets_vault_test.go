package provider_test

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// vault holds the secrets that nobody may see; a token endpoint adds to them while commands run.
type vault struct {
	mu    sync.Mutex
	forms []string
	seen  []string // processes that show one
}

// add takes a secret in, in its forms.
func (v *vault) add(name, secret string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.forms = append(v.forms, secret, url.QueryEscape(secret), base64.RawStdEncoding.EncodeToString([]byte(name+":"+secret)))
}

// shown returns the secret that a text shows; "" is none.
func (v *vault) shown(text string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, form := range v.forms {
		if strings.Contains(text, form) {
			return form
		}
	}
	return ""
}

// learn takes the tokens in that the token endpoint hands out.
func (v *vault) learn(w *acctest.World) {
	w.Inject(simulator.Fault{Path: "/site/oauth2/access_token", Rewrite: func(body []byte) []byte {
		var answer struct {
			Token string `json:"access_token"`
		}
		if json.Unmarshal(body, &answer) == nil {
			v.add("", answer.Token)
		}
		return body
	}})
}

// watch looks at the titles of all processes, while the provider waits for an answer.
func (v *vault) watch() {
	titles, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range titles {
		if title, err := os.ReadFile(path); err == nil && v.shown(string(title)) != "" {
			v.mu.Lock()
			v.seen = append(v.seen, string(title))
			v.mu.Unlock()
		}
	}
}

// hostile lets answers repeat a secret: in place of a name or, with a status, in a refusal.
func (v *vault) hostile(w *acctest.World, path, name, secret string, status int) (remove func()) {
	return w.Inject(simulator.Fault{
		Path: path, Status: status, Header: http.Header{"X-Request-Id": {secret}},
		Body: fmt.Sprintf(`{"type":"error","error":{"message":%q,"detail":"Authorization: Bearer %[1]s"}}`, secret),
		Rewrite: func(body []byte) []byte {
			v.watch()
			return []byte(strings.ReplaceAll(string(body), strconv.Quote(name), strconv.Quote(secret)))
		},
	})
}

// search looks for the secrets in all files of a folder, into the members of plan files too. literal are the files where Terraform itself
// keeps the configuration.
func (v *vault) search(t *testing.T, folder string, literal ...string) {
	t.Helper()
	check := func(name, text string) {
		for _, file := range literal {
			if strings.HasSuffix(name, file) {
				return
			}
		}
		for line := range strings.SplitSeq(text, "\n") {
			if form := v.shown(line); form != "" {
				t.Errorf("%q is in %s: %.600q", form, name, line)
			}
		}
	}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if archive, err := zip.OpenReader(path); err == nil {
			defer archive.Close()
			for _, member := range archive.File {
				r, err := member.Open()
				if err != nil {
					return err
				}
				text, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				check(path+"!"+member.Name, string(text))
			}
			return nil
		}
		check(path, readFile(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range v.seen {
		t.Errorf("a process shows a secret: %q", title)
	}
}
