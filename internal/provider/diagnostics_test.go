package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	developersGrant = `
resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = "write"
}`
	groupOps = `
resource "bitbucket_group" "ops" {
  workspace = %q
  name      = "Ops"
}`
	toDevelopers = "/2.0/repositories/acme/api/permissions-config/groups/developers"
)

// TestRefusalsNameTheObjectTheAnswerAndWhatToDo holds that whatever Bitbucket refuses, the text names the object, what Bitbucket answered
// and what to do.
func TestRefusalsNameTheObjectTheAnswerAndWhatToDo(t *testing.T) {
	t.Parallel()
	const granted, grantOn = "bitbucket_repository_group_permission.developers", "grant write on repository acme/api to group developers"
	put := func(f simulator.Fault) func(*acctest.World) string {
		return func(w *acctest.World) string {
			f.Method, f.Path = http.MethodPut, toDevelopers
			w.Inject(f)
			return w.Config(developersGrant)
		}
	}
	for _, test := range []struct {
		name    string
		prepare func(*acctest.World) string
		at      string
		want    []string
	}{
		{
			"a token that Bitbucket does not know is named with what a credential must be",
			func(w *acctest.World) string {
				w.Token = "ATATT3xWrong"
				return w.Config(developersGrant)
			},
			granted,
			[]string{
				"Unable to grant repository permission", grantOn, "401 Unauthorized", "Token is invalid", "username must be the Atlassian account e-mail address",
				"api_token", "has not expired",
			},
		},
		{
			"missing scopes are named, and those that the token has",
			func(w *acctest.World) string {
				w.SetScopes(w.Token, "read:repository:bitbucket", "write:permission:bitbucket")
				return w.Config(developersGrant)
			},
			granted,
			[]string{
				"Unable to grant repository permission", grantOn, "403 Forbidden", "lacks the scope admin:repository:bitbucket; it has",
				"read:repository:bitbucket", "write:permission:bitbucket", "make a new one",
			},
		},
		{
			"someone who is no administrator is told to be one",
			func(w *acctest.World) string {
				w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Read})
				w.Username, w.Token = w.AddAPIToken(w.Grace.UUID)
				return w.Config(developersGrant)
			},
			granted,
			[]string{"Unable to grant repository permission", grantOn, "403 Forbidden", "needs to be an administrator of the object, or of its workspace"},
		},
		{
			"a plan without seats is named",
			func(w *acctest.World) string {
				w.AddWorkspace(simulator.Workspace{Slug: "small", SeatLimit: 1})
				w.AddMember("small", w.Ada.UUID, simulator.RoleOwner)
				w.AddMember("small", w.Grace.UUID, simulator.RoleMember)
				w.AddProject(simulator.Project{Workspace: "small", Key: "PLAT"})
				return w.Config(fmt.Sprintf(`
resource "bitbucket_project_user_permission" "grace" {
  workspace   = "small"
  project_key = "PLAT"
  user_id     = %q
  permission  = "read"
}`, w.Grace.UUID))
			},
			"bitbucket_project_user_permission.grace",
			[]string{
				"Unable to grant project permission", "grant read on project small/PLAT to user", "402 Payment Required",
				"You have reached your plan's user limit", "Every seat of the workspace's plan is taken", "upgrade the plan",
			},
		},
		{
			"groups that an organization manages are changed at admin.atlassian.com",
			func(w *acctest.World) string {
				w.AddWorkspace(simulator.Workspace{Slug: "corp", OrganizationManaged: true})
				w.AddMember("corp", w.Ada.UUID, simulator.RoleOwner)
				return w.Config(fmt.Sprintf(groupOps, "corp"))
			},
			"bitbucket_group.ops",
			[]string{`Unable to create group`, `create group "Ops" in workspace corp`, "405 Method Not Allowed", "workspace \"corp\" is administered at " +
				"admin.atlassian.com; set organization { id, api_key }", "ATLASSIAN_ADMIN_API_KEY"},
		},
		{
			"a part of the API that is gone is named",
			func(w *acctest.World) string {
				w.Inject(simulator.Fault{Path: "/1.0/groups/acme", Status: http.StatusGone, Body: `{"error":{"message":"CHANGE-2770"}}`})
				return w.Config(fmt.Sprintf(groupOps, "acme"))
			},
			"bitbucket_group.ops",
			[]string{"Unable to change group", "list the groups of workspace acme", `410 Gone: "CHANGE-2770"`, "newer version of the provider"},
		},
		{
			"a used-up limit of requests is named with the settings for it",
			func(w *acctest.World) string {
				f := simulator.RateLimited(0)
				f.Path = toDevelopers
				w.Inject(f)
				return strings.Replace(w.Config(developersGrant), "base_url", "max_rate_limit_wait = \"0s\"\n  base_url", 1)
			},
			granted,
			[]string{
				"Unable to grant repository permission", grantOn, `429 Too Many Requests: "Rate limit for this resource has been exceeded"`, "has not waited for its end",
				"max_rate_limit_wait", "run Terraform again later",
			},
		},
		{
			"a failure of Bitbucket is told with where to look", put(simulator.ServerError(http.StatusInternalServerError, 0)), granted,
			[]string{"Unable to grant repository permission", grantOn, `500 Internal Server Error: "Something went wrong"`, "repeating the operation " +
				"is safe", "status.atlassian.com"},
		},
		{
			"of an HTML page only the title is told", put(simulator.HTMLErrorPage(http.StatusBadGateway, 0)), granted,
			[]string{"Unable to grant repository permission", grantOn, `502 Bad Gateway: "Bitbucket"`, "Bitbucket failed", "Run Terraform again later"},
		},
		{
			"a connection that breaks every time is told with what is safe", put(simulator.Fault{CutBefore: true}), granted,
			[]string{"Unable to grant repository permission", grantOn, "no answer from 127.0.0.1", "Check the connection", "repeating the operation is safe"},
		},
		{
			"what does not exist may be hidden",
			func(w *acctest.World) string {
				return w.Config(strings.ReplaceAll(developersGrant, `"api"`, `"apo"`))
			},
			granted,
			[]string{
				"Unable to grant repository permission", "on repository acme/apo to group developers", `404 Not Found: "Repository acme/apo not found"`,
				"spelled as in Bitbucket", "hidden from the credential",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			checkErrors(t, test.prepare(w), map[string][]string{test.at: test.want})
			for _, r := range w.Journal() {
				if r.Method != http.MethodGet && r.Status >= 200 && r.Status < 300 {
					t.Errorf("%s %s was carried out", r.Method, r.Path)
				}
			}
		})
	}
}
