package provider_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// left is a folder with the state that DrFaust92/bitbucket has left of the access that adopted arranges, and the configuration for it.
func left(t *testing.T) (*acctest.World, *acctest.Command) {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	adopted(w)
	states, config := drfaust(w)
	c := w.Command(t, config)
	c.Install(t, "drfaust92/bitbucket")
	writeState(t, c, "drfaust92/bitbucket", states...)
	return w, c
}

func TestTheOtherProviderCanStayBesideThisOneUnderItsOwnName(t *testing.T) {
	t.Parallel()
	w, c := left(t)
	_, config := drfaust(w)
	config = fmt.Sprintf(`
terraform {
  required_providers {
    bitbucket = { source = "DrFaust92/bitbucket" }
    access    = { source = %q }
  }
}
data "bitbucket_current_user" "theirs" {}
data "bitbucket_current_user" "ours" { provider = access }
`, acctest.Source) + strings.ReplaceAll(config, "  workspace ", "  provider = access\n  workspace ")
	save(t, c, "main.tf", config)
	before := w.Snapshot()
	c.Run(t, 0, "plan", "-detailed-exitcode")
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "0 added, 0 changed, 0 destroyed")
	state := readFile(t, filepath.Join(c.Path(), "terraform.tfstate"))
	if got := strings.Count(strings.ToLower(state), "drfaust92/bitbucket"); got != 1 { // the data source
		t.Errorf("%d objects of the state belong to the other provider, want 1:\n%s", got, state)
	}
	expectSameWorld(t, before, w.Snapshot())
}

func TestAnOldStateHealsWithOneRequestForEachThingThatHasChanged(t *testing.T) {
	t.Parallel()
	w, c := left(t)
	before := w.Snapshot()
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Admin})
	w.Revoke(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: w.Developers})
	w.RemoveGroupMember("acme", w.Developers, w.Grace.UUID)

	mention(t, c.Run(t, 2, "plan", "-detailed-exitcode"), "2 to add, 1 to change, 0 to destroy")
	mention(t, c.Run(t, 0, "apply", "-auto-approve"), "2 added, 1 changed, 0 destroyed")
	for _, path := range []string{
		"/2.0/repositories/acme/api/permissions-config/users/" + w.Grace.UUID, "/2.0/workspaces/acme/projects/PLAT/permissions-config/groups/developers",
		"/1.0/groups/acme/developers/members/" + w.Grace.UUID,
	} {
		expectRequests(t, w, http.MethodPut, path, 1)
	}
	for _, kind := range []string{"users", "groups"} {
		expectRequests(t, w, http.MethodGet, "/2.0/repositories/acme/api/permissions-config/"+kind, 1)
		expectRequests(t, w, http.MethodGet, "/2.0/workspaces/acme/projects/PLAT/permissions-config/"+kind, 1)
	}
	// What the plan and the apply, which are two processes, both look at: the groups, the people, and what the user of the credential is.
	expectRequests(t, w, http.MethodGet, groupListings, 2)
	expectRequests(t, w, http.MethodGet, peopleListings, 2)
	expectRequests(t, w, http.MethodGet, "/2.0/user/workspaces/acme/permission", 2)
	expectRequests(t, w, "", "", 3+4+6)
	c.Install(t)
	c.Run(t, 0, "plan", "-detailed-exitcode")
	expectSameWorld(t, before, w.Snapshot())
}

func TestAPersonWhoHasLeftDoesNotHideFromThePlanOfAnOldStateWhatElseHasChanged(t *testing.T) {
	t.Parallel()
	w, c := left(t)
	w.RemoveMember("acme", w.Grace.UUID)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: w.Developers, Permission: simulator.Admin})
	plan := c.Run(t, 2, "plan", "-detailed-exitcode")
	mention(t, plan, "3 to add, 1 to change, 0 to destroy", "User has left the workspace", "bitbucket_repository_group_permission.r2 will be updated in-place")
}

func TestAnOldStateIsDestroyedOnceItsProviderWasReplaced(t *testing.T) {
	t.Parallel()
	for what, keeps := range map[string]bool{"with its configuration": true, "without": false} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w, c := left(t)
			c.Install(t)
			if !keeps {
				c.Write(t, "")
			}
			c.Run(t, 0, "state", "replace-provider", "-auto-approve", "drfaust92/bitbucket", acctest.Source)
			mention(t, c.Run(t, 0, "destroy", "-auto-approve"), "6 destroyed")
			if _, there := w.Group("acme", "developers"); there || len(w.Grants("acme")) > 0 {
				t.Errorf("the group is there is %t, and the grants are %v", there, w.Grants("acme"))
			}
		})
	}
}

func TestAMovedBlockCanLeadToAnotherMovedBlock(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.MovedFromOthers)
	w := acctest.New(t, simulator.Options{})
	adopted(w)
	old := kept{"bitbucket_group_member", document{"id": "x", "workspace": workspaceUUID(w), "group": "developers", "user": w.Grace.UUID}}
	const last = "bitbucket_group_membership.b"
	for name, steps := range map[string][]string{
		"another type, then another label":     {"bitbucket_group_member.r0", "bitbucket_group_membership.a", last},
		"another label, then another type":     {"bitbucket_group_member.r0", "bitbucket_group_member.a", last},
		"another type, then one of a for_each": {"bitbucket_group_member.r0", "bitbucket_group_membership.a", `bitbucket_group_membership.b["grace"]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each := ""
			if strings.Contains(steps[2], "[") {
				each = `for_each = toset(["grace"])`
			}
			var config strings.Builder
			fmt.Fprintf(&config, "resource \"bitbucket_group_membership\" \"b\" {\n%s\nworkspace = \"acme\"\ngroup_slug = \"developers\"\nuser_id = %q\n}\n", each, w.Grace.UUID)
			for i := range steps[1:] {
				fmt.Fprintf(&config, "moved {\n  from = %s\n  to = %s\n}\n", steps[i], steps[i+1])
			}
			c := w.Command(t, config.String())
			c.Install(t, "zahiar/bitbucket")
			writeState(t, c, "zahiar/bitbucket", old)
			mention(t, c.Run(t, 2, "plan", "-detailed-exitcode"), "bitbucket_group_member.r0 has moved to "+steps[2], "0 to add, 0 to change, 0 to destroy")
			c.Run(t, 0, "apply", "-auto-approve")
			c.Install(t)
			c.Run(t, 0, "plan", "-detailed-exitcode")
		})
	}
}

// presented is a credential as the configuration or the environment of another provider has it.
type presented struct {
	about  string
	block  string
	env    []string
	by     string // who sends the requests; "" where the plan fails
	advice string // to the user of a deprecated name
	says   []string
}

func presentations(w *acctest.World) []presented {
	const ada, consumer, access = "api-token ada@acme.example", "oauth2 acme", "workspace-access-token acme"
	key, secret := w.AddOAuthConsumer("acme")
	token := w.AddAccessToken(simulator.AccessToken{Workspace: "acme"})
	tokens := "BITBUCKET_OAUTH_TOKEN_URL=" + w.URL + "/site/oauth2/access_token"
	name, password := "BITBUCKET_USERNAME="+w.Username, "BITBUCKET_PASSWORD="+w.Token
	return []presented{
		{about: "username and password", block: fmt.Sprintf("username = %q\n  password = %q", w.Username, w.Token), by: ada, advice: "Use api_token instead"},
		{about: "username, and password in the environment", block: fmt.Sprintf("username = %q", w.Username), env: []string{password}, by: ada},
		{about: "both in the environment", env: []string{name, password}, by: ada},
		{about: "an OAuth consumer", block: fmt.Sprintf("oauth_client_id = %q\n  oauth_client_secret = %q", key, secret), env: []string{tokens}, by: consumer},
		{about: "an OAuth consumer in the environment", env: []string{tokens, "BITBUCKET_OAUTH_CLIENT_ID=" + key, "BITBUCKET_OAUTH_CLIENT_SECRET=" + secret}, by: consumer},
		{about: "a token", block: fmt.Sprintf("oauth_token = %q", token), by: access, advice: "Use access_token instead"},
		{about: "a token in the environment", env: []string{"BITBUCKET_OAUTH_TOKEN=" + token}, by: access},
		{
			about: "two credentials in the environment", env: []string{name, password, "BITBUCKET_OAUTH_TOKEN=" + token},
			says: []string{"More than one credential", "BITBUCKET_USERNAME, BITBUCKET_PASSWORD, BITBUCKET_OAUTH_TOKEN"},
		},
	}
}

func TestTheCredentialsOfOtherProvidersWorkAndWarnOfDeprecatedNamesOnly(t *testing.T) {
	t.Parallel()
	for i := range presentations(acctest.New(t, simulator.Options{})) {
		w := acctest.New(t, simulator.Options{})
		test := presentations(w)[i]
		t.Run(test.about, func(t *testing.T) {
			t.Parallel()
			c := w.Command(t, fmt.Sprintf("provider \"bitbucket\" {\n  %s\n}\ndata \"bitbucket_workspace\" \"it\" {\n  workspace = \"acme\"\n}\n", test.block),
				append([]string{"BITBUCKET_USERNAME=", "BITBUCKET_API_TOKEN="}, test.env...)...)
			if test.by == "" {
				if output := c.Run(t, 1, "plan"); !says(test.says...).MatchString(output) {
					t.Errorf("it does not say %q:\n%s", test.says, output)
				}
				expectRequests(t, w, "", "", 0)
				return
			}
			output := c.Run(t, 0, "plan")
			if strings.Contains(output, "Deprecated") != (test.advice != "") || !strings.Contains(output, test.advice) {
				t.Errorf("it does not warn with %q:\n%s", test.advice, output)
			}
			expectRequests(t, w, http.MethodGet, "/2.0/workspaces/acme", 1)
			for _, r := range w.Journal() {
				if r.Credential != test.by && r.Path != "/site/oauth2/access_token" {
					t.Errorf("%s %s is sent by %q, not by %q", r.Method, r.Path, r.Credential, test.by)
				}
			}
		})
	}
}

// expectRefusal demands one error, and no state with it.
func expectRefusal(t *testing.T, state *tfprotov6.DynamicValue, diags []*tfprotov6.Diagnostic, phrases ...string) {
	t.Helper()
	if state != nil {
		t.Error("there is a state in spite of the error")
	}
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityError || !says(phrases...).MatchString(diags[0].Summary+"\n"+diags[0].Detail) {
		t.Errorf("there are %d diagnostics, want one that says %q", len(diags), phrases)
		for _, d := range diags {
			t.Logf("%s: %s", d.Summary, d.Detail)
		}
	}
}

func TestAPermissionThatOnlyTheOtherProviderHasIsRefusedAtItsAttribute(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	s := newServer(t, acctest.Factories())
	for name, schema := range s.schemas.ResourceSchemas {
		settings := sample(w, schema)
		if schema.Version == 0 || settings["permission"].IsNull() {
			continue
		}
		settings["permission"] = str("none")
		answer, err := s.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: configOf(t, schema, settings)})
		if err != nil {
			t.Fatal(err)
		}
		expectRefusal(t, nil, answer.Diagnostics, "permission", `"read"`, "none")
		if at := attributeName(answer.Diagnostics[0].Attribute); at != "permission" {
			t.Errorf("%s: the error is at %q", name, at)
		}
	}
}

func TestTheGuideNamesEveryTypeThatIsTakenOver(t *testing.T) {
	t.Parallel()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	guide := readFile(t, filepath.Join(root, "templates", "guides", "move-from-another-provider.md.tmpl"))
	for target, types := range movable(t, newServer(t, acctest.Factories())) {
		for _, name := range append(types, target) {
			if !regexp.MustCompile(`\b` + name + `\b`).MatchString(guide) {
				t.Errorf("the guide does not name %s", name)
			}
		}
	}
}
