package provider_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const allGroups = `
data "bitbucket_groups" "all" {
  workspace = "acme"
}
`

const projectPlat = `
data "bitbucket_project" "plat" {
  workspace   = "acme"
  project_key = "PLAT"
}
`

// secretCase is one kind of credential in whole commands.
type secretCase struct {
	env      []string
	settings string // lines of the provider block
	more     string // what else the configuration holds
	secrets  map[string]string
	path     string // where answers repeat the secret, in the place of name
	name     string
	imports  []string // an address and its id
	changes  bool     // the credential may change what more describes
	literal  []string
}

// TestWholeCommandsShowNoSecrets runs the program with every kind of credential and a server that repeats it, and looks into all
// that is left behind: output, log, protocol data, state, plan files.
func TestWholeCommandsShowNoSecrets(t *testing.T) {
	t.Parallel()
	const project = "/2.0/workspaces/acme/projects/PLAT"
	for name, prepare := range map[string]func(*testing.T, *acctest.World) secretCase{
		"an API token from the environment": func(_ *testing.T, w *acctest.World) secretCase {
			return secretCase{
				more: developersGrant, secrets: map[string]string{w.Username: w.Token}, path: project, name: "Platform", changes: true,
				imports: []string{"bitbucket_repository_group_permission.developers", "acme/api/developers"},
			}
		},
		"a password as an ephemeral variable": func(_ *testing.T, w *acctest.World) secretCase {
			return secretCase{
				env:      []string{"TF_VAR_secret=" + w.Token},
				settings: "  username = \"" + w.Username + "\"\n  password = var.secret\n", more: "variable \"secret\" {\n  ephemeral = true\n}\n",
				secrets: map[string]string{w.Username: w.Token}, path: project, name: "Platform", changes: true,
			}
		},
		"an access token in the configuration": func(_ *testing.T, w *acctest.World) secretCase {
			secret := w.AddAccessToken(simulator.AccessToken{Workspace: "acme"})
			return secretCase{
				settings: "  access_token = \"" + secret + "\"\n", secrets: map[string]string{"": secret}, path: project, name: "Platform",
				literal: []string{"/main.tf", "!tfconfig/m-/main.tf", "show-jsonsaved.tfplan"},
			}
		},
		"an OAuth consumer from ephemeral variables": func(_ *testing.T, w *acctest.World) secretCase {
			key, secret := w.AddOAuthConsumer("acme")
			return secretCase{
				env:      []string{"TF_VAR_key=" + key, "TF_VAR_secret=" + secret, "BITBUCKET_OAUTH_TOKEN_URL=" + w.URL + "/site/oauth2/access_token"},
				settings: "  oauth_client_id = var.key\n  oauth_client_secret = var.secret\n",
				more:     "variable \"key\" {\n  ephemeral = true\n}\nvariable \"secret\" {\n  ephemeral = true\n}\n" + fmt.Sprintf(groupOps, "acme"),
				secrets:  map[string]string{key: secret}, path: project, name: "Platform", changes: true,
			}
		},
		"the key of an organization from the environment": func(_ *testing.T, w *acctest.World) secretCase {
			return secretCase{
				more: allGroups + fmt.Sprintf(groupOps, "acme"), secrets: map[string]string{w.Username: w.Token, "": w.Key},
				path: "/admin/**", name: "Developers", changes: true,
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.New
			if strings.Contains(name, "organization") {
				world = acctest.NewManaged
			}
			w := world(t, simulator.Options{})
			runSecretCase(t, w, prepare(t, w))
		})
	}
}

func runSecretCase(t *testing.T, w *acctest.World, c secretCase) {
	t.Helper()
	if strings.Contains(c.more, "ephemeral = true") {
		acctest.Require(t, acctest.EphemeralVariables)
	}
	v, logs := &vault{}, t.TempDir()
	secret := ""
	for user, s := range c.secrets {
		v.add(user, s)
		if secret == "" || user == "" {
			secret = s
		}
	}
	v.learn(w)
	config := "provider \"bitbucket\" {\n" + c.settings + "}\n" + projectPlat + c.more
	x := w.Command(t, config, append(c.env,
		"TF_LOG=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_SDK_PROTO=TRACE", "TF_LOG_PATH="+filepath.Join(logs, "log"), "TF_LOG_SDK_PROTO_DATA_DIR="+logs)...)
	commands := 0
	run := func(code int, args ...string) string {
		printed := x.Run(t, code, args...)
		commands++
		if err := os.WriteFile(filepath.Join(logs, fmt.Sprint("output", commands)+strings.ReplaceAll(strings.Join(args, ""), "/", "")), []byte(printed), 0o600); err != nil {
			t.Fatal(err)
		}
		return printed
	}
	run(0, "validate")
	remove := v.hostile(w, c.path, c.name, secret, http.StatusForbidden)
	if printed := run(1, "plan"); !says("403", "***").MatchString(printed) {
		t.Errorf("the refusal is not shown:\n%s", printed)
	}
	remove()
	remove = v.hostile(w, c.path, c.name, secret, 0)
	run(0, "plan", "-out=saved.tfplan")
	run(0, "show", "saved.tfplan")
	run(0, "show", "-json", "saved.tfplan")
	run(0, "apply", "saved.tfplan")
	if printed := run(0, "show"); !strings.Contains(printed, `"***"`) {
		t.Errorf("the name is not masked:\n%s", printed)
	}
	remove()
	if c.imports != nil {
		run(0, "state", "rm", c.imports[0])
		run(0, "import", c.imports[0], c.imports[1])
	}
	if c.changes {
		run(0, "destroy", "-auto-approve")
	}
	if traced := readFile(t, filepath.Join(logs, "log")); !says("request answered").MatchString(traced) || !says("Sending request downstream").MatchString(traced) {
		t.Error("the log does not hold the requests")
	}
	v.search(t, logs, c.literal...)
	v.search(t, x.Path(), c.literal...)
}
