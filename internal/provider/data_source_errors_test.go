package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// dataSourceCase is a data source that cannot be read, and what Terraform says of it.
type dataSourceCase struct {
	address   string // without "data."
	arguments string
	want      []string
}

// checkDataSources reads all cases in one run. Every one names workspace acme unless it names another itself.
func checkDataSources(t *testing.T, w *acctest.World, cases []dataSourceCase) {
	t.Helper()
	var config strings.Builder
	want := map[string][]string{}
	for _, c := range cases {
		kind, name, _ := strings.Cut(c.address, ".")
		config.WriteString("\ndata \"" + kind + "\" \"" + name + "\" {\n" + c.arguments)
		if !strings.Contains(c.arguments, "workspace ") {
			config.WriteString("\n  workspace = \"acme\"")
		}
		config.WriteString("\n}")
		want["data."+c.address] = c.want
	}
	checkErrors(t, w.Config(config.String()), want)
}

func TestDataSourcesSayWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	twin := w.AddUser(simulator.User{DisplayName: "Grace Two", Nickname: w.Grace.Nickname})
	w.AddMember("acme", twin.UUID, simulator.RoleMember)
	checkDataSources(t, w, []dataSourceCase{
		{"bitbucket_user.id", `user_id = "` + nobodyUUID + `"`, []string{
			"Unable to read bitbucket_user", "user " + nobodyUUID + " is not a member of workspace acme",
		}},
		{"bitbucket_user.email", `email = "nobody@example.com"`, []string{
			"Unable to read bitbucket_user", "no member of workspace acme has the e-mail address nobody@example.com",
		}},
		{"bitbucket_user.nickname", `nickname = "nobody"`, []string{
			"Unable to read bitbucket_user", `no member of workspace acme has the nickname "nobody"`,
		}},
		{"bitbucket_user.twins", `nickname = "` + w.Grace.Nickname + `"`, []string{
			"Unable to read bitbucket_user", "2 members of workspace acme have the nickname", "use user_id for one of them",
			"Grace (user_id " + w.Grace.UUID + "), Grace Two (user_id " + twin.UUID + ")",
		}},
		{"bitbucket_users.emails", `emails = ["x@example.com", "` + w.Ada.Email + `", "y@example.com"]`, []string{
			"Unable to read bitbucket_users", "no member of workspace acme has the e-mail address x@example.com, y@example.com",
		}},
		{"bitbucket_users.group", `group_slug = "nobody"`, []string{
			"Unable to read bitbucket_users", "workspace acme has no group with slug nobody",
		}},
		{"bitbucket_workspace.nowhere", `workspace = "nowhere"`, []string{
			"Unable to read bitbucket_workspace", "read workspace nowhere", "404 Not Found", "Check the spelling of the workspace",
		}},
		{"bitbucket_group.slug", `group_slug = "nobody"`, []string{"Unable to read bitbucket_group", "workspace acme has no group with slug nobody"}},
		{"bitbucket_group.name", `name = "Nobody"`, []string{"Unable to read bitbucket_group", `workspace acme has no group named "Nobody"`}},
		{"bitbucket_groups.nowhere", `workspace = "nowhere"`, []string{
			"Unable to read bitbucket_groups", "list the groups of workspace nowhere", "Check the spelling of the workspace",
		}},
		{"bitbucket_project.none", `project_key = "NONE"`, []string{
			"Unable to read bitbucket_project", "read project acme/NONE", `404 Not Found: "Project acme/NONE not found"`, "spelled as in Bitbucket",
		}},
		{"bitbucket_projects.nowhere", `workspace = "nowhere"`, []string{
			"Unable to read bitbucket_projects", "list the projects of workspace nowhere", "Check the spelling of the workspace",
		}},
		{"bitbucket_repository.none", `repo_slug = "none"`, []string{
			"Unable to read bitbucket_repository", "read repository acme/none", `404 Not Found: "Repository acme/none not found"`, "spelled as in Bitbucket",
		}},
		{"bitbucket_repositories.query", `query = "color = 1"`, []string{
			"Unable to read bitbucket_repositories", "list the repositories of workspace acme", `400 Bad Request: "Invalid query`, "color",
		}},
		{"bitbucket_repository_permissions.none", `repo_slug = "none"`, []string{
			"Unable to read repository permissions", "list the user permissions of repository acme/none", "404 Not Found", "spelled as in Bitbucket",
		}},
		{"bitbucket_project_permissions.none", `project_key = "NONE"`, []string{
			"Unable to read project permissions", "list the user permissions of project acme/NONE", "404 Not Found", "spelled as in Bitbucket",
		}},
	})
}

// TestArgumentsThatCannotBeRightAreRefusedUnasked holds that arguments that cannot be right are refused before anything is asked for.
func TestArgumentsThatCannotBeRightAreRefusedUnasked(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	checkDataSources(t, w, []dataSourceCase{
		{"bitbucket_user.none", "", []string{"one", "user_id", "email", "nickname"}},
		{"bitbucket_user.id_and_email", "user_id = \"" + nobodyUUID + "\"\nemail = \"a@example.com\"", []string{"one", "user_id", "email", "nickname"}},
		{"bitbucket_user.email_and_nickname", "email = \"a@example.com\"\nnickname = \"a\"", []string{"one", "email", "nickname"}},
		{"bitbucket_user.id", `user_id = "grace"`, []string{"Invalid user_id", `"grace" is neither a UUID such as`}},
		{"bitbucket_user.email", `email = "grace"`, []string{"Invalid email", `"grace" is not an e-mail address`}},
		{"bitbucket_user.nickname", `nickname = ""`, []string{"Invalid nickname", "the text is empty"}},
		{"bitbucket_users.emails", `emails = ["grace"]`, []string{`"grace" is not an e-mail address`}},
		{"bitbucket_users.no_emails", `emails = []`, []string{"emails", "at least 1"}},
		{"bitbucket_users.role", `role = "boss"`, []string{"role", "member", "owner", "boss"}},
		{"bitbucket_workspace.url", `workspace = "https://bitbucket.org/acme"`, []string{
			"Invalid workspace", `"https://bitbucket.org/acme" is not the slug of a workspace`, "nor its UUID",
		}},
		{"bitbucket_group.none", "", []string{"one", "group_slug", "name"}},
		{"bitbucket_group.both", "group_slug = \"a\"\nname = \"A\"", []string{"one", "name"}},
		{"bitbucket_group.slug", `group_slug = "Code Owners"`, []string{"Invalid group_slug", `"Code Owners" is not the slug of a group`}},
		{"bitbucket_project.key", `project_key = "PL AT"`, []string{"Invalid project_key", `"PL AT" is not the key of a project`}},
		{"bitbucket_repository.slug", `repo_slug = "acme/api"`, []string{"Invalid repo_slug", `"acme/api" is not the slug of a repository`}},
		{"bitbucket_repositories.query", `query = ""`, []string{"Invalid query", "the text is empty"}},
	})
	count(t, w, "", "", 0)
}

// TestWhatOnlyAdministratorsMayReadIsRefusedWithTheRemedy holds that what only administrators may read is refused with the remedy.
func TestWhatOnlyAdministratorsMayReadIsRefusedWithTheRemedy(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.Username, w.Token = w.AddAPIToken(w.Grace.UUID)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Read})
	remedy := "needs to be an administrator of the object, or of its workspace"
	checkDataSources(t, w, []dataSourceCase{
		{"bitbucket_groups.all", "", []string{"Unable to read bitbucket_groups", "list the groups of workspace acme", "403 Forbidden", remedy}},
		{"bitbucket_user.email", `email = "` + w.Linus.Email + `"`, []string{
			"Unable to read bitbucket_user", "find people of workspace acme by e-mail address", "403 Forbidden", remedy,
		}},
		{"bitbucket_repository_permissions.api", `repo_slug = "api"`, []string{
			"Unable to read repository permissions", "list the user permissions of repository acme/api", "403 Forbidden", remedy,
		}},
	})
	count(t, w, http.MethodGet, "/1.0/groups/acme", 1)
}
