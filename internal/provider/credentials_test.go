package provider_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// signIns are the settings of each kind of credential, by its row in the first page of the documentation.
var signIns = map[string]func(*acctest.World) map[string]tftypes.Value{
	"`username` with `api_token`": func(w *acctest.World) map[string]tftypes.Value {
		return map[string]tftypes.Value{"username": str(w.Username), "api_token": str(w.Token)}
	},
	"`oauth_client_id` with `oauth_client_secret`": func(w *acctest.World) map[string]tftypes.Value {
		key, secret := w.AddOAuthConsumer("acme")
		return map[string]tftypes.Value{"oauth_client_id": str(key), "oauth_client_secret": str(secret), "oauth_token_url": str(w.URL + "/site/oauth2/access_token")}
	},
	"`access_token`": func(w *acctest.World) map[string]tftypes.Value {
		return map[string]tftypes.Value{"access_token": str(w.AddAccessToken(simulator.AccessToken{Workspace: "acme"}))}
	},
}

// credentialTasks are the columns of that table.
var credentialTasks = []struct {
	name string
	do   func(*testing.T, *server, *acctest.World) error
}{
	{"reads objects", reads("bitbucket_repositories")},
	{"reads permissions", reads("bitbucket_repository_permissions")},
	{"changes groups", makes("group")},
	{"changes permissions", makes("repository group")},
}

// reads reads a data source.
func reads(name string) func(*testing.T, *server, *acctest.World) error {
	return func(t *testing.T, p *server, w *acctest.World) error {
		t.Helper()
		answer, err := p.ReadDataSource(t.Context(), dataSource(t, p, name, sample(w, p.schemas.DataSourceSchemas[name])))
		return refusal(err, answer.Diagnostics)
	}
}

// makes creates the subject of that name.
func makes(name string) func(*testing.T, *server, *acctest.World) error {
	return func(t *testing.T, p *server, w *acctest.World) error {
		t.Helper()
		for _, s := range subjects(w) {
			if s.name == name {
				return planAndApply(t.Context(), p, &managedResource{written: written{s.resource, s.first}})
			}
		}
		t.Fatalf("there is no subject %q", name)
		return nil
	}
}

func TestCredentialsCanDoWhatTheFirstPageSays(t *testing.T) {
	t.Parallel()
	page := readPage(t, "index")
	columns := strings.Split(cut(t, page, "| credential | ", " |\n"), " | ")
	for row, signIn := range signIns {
		t.Run(row, func(t *testing.T) {
			t.Parallel()
			said := strings.Split(cut(t, page, "\n| "+row+" | ", " |\n"), " | ")
			for i, task := range credentialTasks {
				if columns[i] != task.name {
					t.Fatalf("column %d is %q, want %q", i, columns[i], task.name)
				}
				synctest.Test(t, func(t *testing.T) {
					w := chaosWorld(false)
					if err := task.do(t, chaosProcessOf(t, w, signIn(w)), w); (err == nil) != strings.HasPrefix(said[i], "yes") {
						t.Errorf("whether it %s: the page says %q, but: %v", task.name, said[i], err)
					}
				})
			}
		})
	}
}

// cut is what lies in a text between two others.
func cut(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	inside, _, ended := strings.Cut(rest, after)
	if !found || !ended {
		t.Fatalf("nothing lies between %q and %q", before, after)
	}
	return inside
}
