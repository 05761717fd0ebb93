package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// factoriesIn make the provider in an environment of these variables.
func factoriesIn(env map[string]string) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"bitbucket": acctest.Server(provider.Options{Getenv: func(name string) string { return env[name] }, Clock: &acctest.Clock{}}),
	}
}

// configured validates and configures the provider as Terraform does and returns what it says.
func configured(t *testing.T, env map[string]string, attributes map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	s := newServer(t, factoriesIn(env))
	config := configOf(t, s.schemas.Provider, attributes)
	valid, err := s.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	diags := valid.Diagnostics
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return diags
		}
	}
	answer, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return append(diags, answer.Diagnostics...)
}

// providerBlock makes the attributes of a provider block: texts, lists of texts, numbers, and organization.* for its block.
func providerBlock(given map[string]any) map[string]tftypes.Value {
	block := map[string]tftypes.Value{}
	organization := map[string]tftypes.Value{}
	for _, name := range []string{"id", "api_key", "directory_id"} {
		organization[name] = tftypes.NewValue(tftypes.String, nil)
	}
	hasOrganization := false
	for name, value := range given {
		if inner, ok := strings.CutPrefix(name, "organization."); ok {
			hasOrganization = true
			organization[inner] = str(value.(string))
			continue
		}
		switch value := value.(type) {
		case string:
			block[name] = str(value)
		case int:
			block[name] = tftypes.NewValue(tftypes.Number, value)
		case []string:
			items := make([]tftypes.Value, len(value))
			for i, item := range value {
				items[i] = str(item)
			}
			block[name] = tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, items)
		}
	}
	if hasOrganization {
		shape := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "api_key": tftypes.String, "directory_id": tftypes.String}}
		block["organization"] = tftypes.NewValue(shape, organization)
	}
	return block
}

const organizationID = "6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"

// token is a complete credential, and tokenIn the same in the environment.
var (
	token   = map[string]any{"username": "ada@example.com", "api_token": "ATATT3xSecret"}
	tokenIn = map[string]string{"BITBUCKET_USERNAME": "ada@example.com", "BITBUCKET_API_TOKEN": "ATATT3xSecret"}
)

// more adds settings to others.
func more[V any](settings, added map[string]V) map[string]V {
	all := maps.Clone(settings)
	maps.Copy(all, added)
	return all
}

func TestConfiguration_accepted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block map[string]any
		env   map[string]string
	}{
		"an API token":                       {block: token},
		"an API token in the environment":    {env: tokenIn},
		"half of it in the environment":      {block: map[string]any{"username": "ada@example.com"}, env: map[string]string{"BITBUCKET_API_TOKEN": "ATATT3x"}},
		"the deprecated name of the token":   {env: map[string]string{"BITBUCKET_USERNAME": "ada@example.com", "BITBUCKET_PASSWORD": "ATATT3x"}},
		"an access token":                    {block: map[string]any{"access_token": "ATCTT3x"}},
		"an access token in the environment": {env: map[string]string{"BITBUCKET_ACCESS_TOKEN": "ATCTT3x"}},
		"an OAuth consumer":                  {block: map[string]any{"oauth_client_id": "key", "oauth_client_secret": "secret"}},
		"the configuration wins over the environment": {
			block: map[string]any{"access_token": "ATCTT3x"}, env: tokenIn,
		},
		"an organization": {block: more(token, map[string]any{"organization.id": organizationID, "organization.api_key": "key"})},
		"an organization, in part and wholly in the environment": {
			block: more(token, map[string]any{"organization.id": organizationID}),
			env:   map[string]string{"ATLASSIAN_ADMIN_API_KEY": "key", "ATLASSIAN_ORG_ID": organizationID},
		},
		"everything else": {block: more(token, map[string]any{
			"workspaces": []string{"acme", "{" + organizationID + "}", strings.ToUpper(organizationID)}, "base_url": "http://127.0.0.1:1/", "admin_base_url": "http://localhost:1",
			"oauth_token_url": "https://example.com/token", "max_rate_limit_wait": "1h30m", "requests_per_hour": 900,
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range configured(t, test.env, providerBlock(test.block)) {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
		})
	}
}

// TestConfiguration_refused holds that what is wrong with the provider's configuration is said at the attribute at fault, whether
// it comes from the block or from the environment, and that no secret is repeated.
func TestConfiguration_refused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		block map[string]any
		env   map[string]string
		at    string // the attribute; "" is the block
		want  []string
	}{
		{"nothing", nil, nil, "", []string{"No credential", "username", "api_token", "BITBUCKET_USERNAME and BITBUCKET_API_TOKEN"}},
		{"a name without a token", map[string]any{"username": "ada@example.com"}, nil, "api_token", []string{
			"Missing api_token", "api_token is needed together with username", "BITBUCKET_API_TOKEN",
		}},
		{"a token without a name", map[string]any{"api_token": "ATATT3xSecret"}, nil, "username", []string{
			"Missing username", "username is needed together with api_token", "BITBUCKET_USERNAME",
		}},
		{"the deprecated name alone", map[string]any{"password": "ATATT3xSecret"}, nil, "username", []string{
			"Missing username", "username is needed together with password",
		}},
		{"half of an OAuth consumer", map[string]any{"oauth_client_id": "key"}, nil, "oauth_client_secret", []string{
			"Missing oauth_client_secret", "oauth_client_secret is needed together with oauth_client_id", "BITBUCKET_OAUTH_CLIENT_SECRET",
		}},
		{"the other half of an OAuth consumer", map[string]any{"oauth_client_secret": "ATATT3xSecret"}, nil, "oauth_client_id", []string{
			"Missing oauth_client_id", "BITBUCKET_OAUTH_CLIENT_ID",
		}},
		{"half of a credential in the environment", nil, map[string]string{"BITBUCKET_USERNAME": "ada@example.com"}, "api_token", []string{
			"Missing api_token", "api_token is needed together with username", "BITBUCKET_API_TOKEN",
		}},
		{"two credentials", more(token, map[string]any{"access_token": "ATATT3xSecret"}), nil, "", []string{
			"More than one credential", "username, api_token, access_token", "Keep exactly one",
		}},
		{"one and a half", map[string]any{"access_token": "ATATT3xSecret", "oauth_client_id": "key"}, nil, "", []string{
			"More than one credential", "access_token, oauth_client_id",
		}},
		{"both names of the token", more(token, map[string]any{"password": "ATATT3xSecret"}), nil, "", []string{
			"Invalid Attribute Combination", "password", "api_token",
		}},
		{"two credentials in the environment", nil, more(tokenIn, map[string]string{"BITBUCKET_ACCESS_TOKEN": "ATCTT3xSecret"}), "", []string{
			"More than one credential", "The environment has BITBUCKET_USERNAME, BITBUCKET_API_TOKEN, BITBUCKET_ACCESS_TOKEN", "Keep exactly one",
		}},
		{"an empty text", map[string]any{"username": "", "api_token": "ATATT3xSecret"}, nil, "", []string{"Invalid username", "the text is empty"}},
		{"plain http", more(token, map[string]any{"base_url": "http://api.bitbucket.org"}), nil, "", []string{
			"Invalid base_url", "must start with https://", "loopback",
		}},
		{"plain http in the environment", nil, more(tokenIn, map[string]string{"BITBUCKET_BASE_URL": "http://api.bitbucket.org"}), "base_url", []string{
			"Invalid base_url", "BITBUCKET_BASE_URL", "must start with https://",
		}},
		{"a secret in an address", more(token, map[string]any{"base_url": "https://ada:ATATT3xSecret@api.bitbucket.org"}), nil, "", []string{
			"Invalid base_url", "must hold a scheme, a host and at most a path",
		}},
		{"plain http to the administration", more(token, map[string]any{"admin_base_url": "http://example.com"}), nil, "", []string{
			"Invalid admin_base_url", "must start with https://",
		}},
		{
			"plain http to the administration in the environment", more(token, map[string]any{"organization.id": organizationID, "organization.api_key": "key"}),
			map[string]string{"ATLASSIAN_ADMIN_BASE_URL": "http://example.com"},
			"admin_base_url",
			[]string{"ATLASSIAN_ADMIN_BASE_URL", "must start with https://"},
		},
		{
			"plain http for tokens in the environment",
			map[string]any{"oauth_client_id": "key", "oauth_client_secret": "ATATT3xSecret"},
			map[string]string{"BITBUCKET_OAUTH_TOKEN_URL": "http://example.com"},
			"oauth_token_url",
			[]string{"Invalid oauth_token_url", "BITBUCKET_OAUTH_TOKEN_URL", "must start with https://"},
		},
		{"a wait that is no duration", more(token, map[string]any{"max_rate_limit_wait": "soon"}), nil, "max_rate_limit_wait", []string{
			"Invalid max_rate_limit_wait", `"soon" is not a duration such as 90s, 15m or 1h`,
		}},
		{"a wait into the past", more(token, map[string]any{"max_rate_limit_wait": "-1s"}), nil, "max_rate_limit_wait", []string{`"-1s" is not a duration`}},
		{"no requests at all", more(token, map[string]any{"requests_per_hour": 0}), nil, "requests_per_hour", []string{"requests_per_hour", "between 1 and 100000"}},
		{"more requests than memory", more(token, map[string]any{"requests_per_hour": 100_001}), nil, "requests_per_hour", []string{"between 1 and 100000"}},
		{"a filter that admits nothing", more(token, map[string]any{"workspaces": []string{}}), nil, "workspaces", []string{"workspaces", "at least 1"}},
		{"the address of a workspace", more(token, map[string]any{"workspaces": []string{"https://bitbucket.org/acme"}}), nil, "workspaces[0]", []string{
			`"https://bitbucket.org/acme" is not the slug of a workspace`,
		}},
		{"an organization without a key", more(token, map[string]any{"organization.id": organizationID}), nil, "organization.api_key", []string{
			"Missing organization.api_key", "organization.api_key is needed together with organization.id", "ATLASSIAN_ADMIN_API_KEY",
		}},
		{"a key without an organization", token, map[string]string{"ATLASSIAN_ADMIN_API_KEY": "ATATT3xSecret"}, "organization.id", []string{
			"Missing organization.id", "ATLASSIAN_ORG_ID",
		}},
		{"an organization by name", more(token, map[string]any{"organization.id": "acme", "organization.api_key": "ATATT3xSecret"}), nil, "", []string{
			"Invalid organization.id", "not the id of an organization, which is a UUID",
		}},
		{
			"an organization by name in the environment", token,
			map[string]string{"ATLASSIAN_ORG_ID": "acme", "ATLASSIAN_ADMIN_API_KEY": "ATATT3xSecret"},
			"organization.id",
			[]string{"Invalid organization.id", "ATLASSIAN_ORG_ID", "not the id of an organization"},
		},
		{
			"the organization's id and its key in each other's place", token,
			map[string]string{"ATLASSIAN_ORG_ID": "ATCTT3xSecret", "ATLASSIAN_ADMIN_API_KEY": "6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"},
			"organization.id",
			[]string{"Invalid organization.id", "ATLASSIAN_ORG_ID", "not the id of an organization"},
		},
		{
			"the key as the organization's id", more(token, map[string]any{"organization.id": "ATCTT3xSecret", "organization.api_key": "ATATT3xSecret"}), nil, "",
			[]string{"Invalid organization.id", "not the id of an organization"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diags := configured(t, test.env, providerBlock(test.block))
			found := false
			for _, d := range diags {
				text := d.Summary + "\n" + d.Detail
				found = found || says(test.want...).MatchString(text) && attributeName(d.Attribute) == shownAt(test.at)
				if strings.Contains(text, "Secret") && !strings.Contains(text, "oauth_client_secret") {
					t.Errorf("a secret is repeated: %s", text)
				}
			}
			if !found {
				for _, d := range diags {
					t.Errorf("at %q: %s: %s", attributeName(d.Attribute), d.Summary, d.Detail)
				}
				t.Errorf("nothing at %q says %q", shownAt(test.at), test.want)
			}
		})
	}
}

// shownAt is where errors about an attribute point: nowhere where Terraform would print a secret, or what somebody took for one.
func shownAt(attribute string) string {
	printable := []string{"max_rate_limit_wait", "requests_per_hour", "workspaces", "workspaces[0]"}
	if slices.Contains(printable, attribute) {
		return attribute
	}
	return ""
}

// attributeName writes a path as a person would: organization.id, workspaces[0].
func attributeName(p *tftypes.AttributePath) string {
	var text strings.Builder
	for _, step := range p.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			text.WriteString("." + string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&text, "[%d]", step)
		}
	}
	return strings.TrimPrefix(text.String(), ".")
}

// TestConfiguration_variables holds that credentials from variables are no conflict when only one of them has a value: Terraform
// validates before it knows the values of variables.
func TestConfiguration_variables(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	acctest.Test(t, resource.TestStep{
		Config: fmt.Sprintf(`
variable "username" { default = %q }
variable "api_token" { default = %q }
variable "access_token" { default = null }
provider "bitbucket" {
  base_url     = %q
  username     = var.username
  api_token    = var.api_token
  access_token = var.access_token
}
data "bitbucket_current_user" "ada" {}`, w.Username, w.Token, w.URL),
		ConfigPlanChecks:  nothingPlanned(),
		ConfigStateChecks: values("data.bitbucket_current_user.ada", map[string]knownvalue.Check{"uuid": knownvalue.StringExact(w.Ada.UUID)}),
	})
}

// TestConfiguration_environment holds that a provider without a block works, and that its filter decides what is listed and what
// may be named.
func TestConfiguration_environment(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	w := acctest.New(t, simulator.Options{})
	umbrella := otherWorkspace(w, "umbrella")
	otherWorkspace(w, "initech")
	workspaces := knownvalue.ListExact([]knownvalue.Check{
		knownvalue.ObjectPartial(map[string]knownvalue.Check{"slug": knownvalue.StringExact("acme")}),
		knownvalue.ObjectPartial(map[string]knownvalue.Check{"slug": knownvalue.StringExact("umbrella")}),
	})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factoriesIn(map[string]string{
			"BITBUCKET_BASE_URL": w.URL, "BITBUCKET_USERNAME": w.Username, "BITBUCKET_PASSWORD": w.Token, "BITBUCKET_WORKSPACES": "acme, " + umbrella.UUID + ",",
		}),
		Steps: []resource.TestStep{
			{
				Config:            `data "bitbucket_workspaces" "all" {}`,
				ConfigPlanChecks:  nothingPlanned(),
				ConfigStateChecks: values("data.bitbucket_workspaces.all", map[string]knownvalue.Check{"workspaces": workspaces}),
				PostApplyFunc:     func() { count(t, w, "", "/2.0/workspaces/initech", 0) },
			},
			{
				Config:      `data "bitbucket_projects" "all" { workspace = "initech" }`,
				ExpectError: says("Unable to read bitbucket_projects", "workspace initech is outside the provider's workspaces filter", "acme, "+umbrella.UUID, "BITBUCKET_WORKSPACES"),
			},
		},
	})
	count(t, w, "", "/2.0/workspaces/initech/projects", 0)
}

// otherWorkspace adds a workspace that Ada owns.
func otherWorkspace(w *acctest.World, slug string) simulator.Workspace {
	ws := w.AddWorkspace(simulator.Workspace{Slug: slug})
	w.AddMember(slug, w.Ada.UUID, simulator.RoleOwner)
	return ws
}

// TestConfiguration_filter holds that resources and data sources may not name a workspace outside the filter, by whatever name,
// and are told so while Terraform plans.
func TestConfiguration_filter(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	initech := otherWorkspace(w, "initech")
	checkErrors(t, strings.Replace(w.Config(fmt.Sprintf(`
resource "bitbucket_group" "ops" {
  workspace = "initech"
  name      = "Ops"
}
resource "bitbucket_project_group_permission" "ops" {
  workspace   = %[1]q
  project_key = "PLAT"
  group_slug  = "ops"
  permission  = "read"
}
data "bitbucket_workspace" "initech" {
  workspace = %[1]q
}
data "bitbucket_workspace" "acme" {
  workspace = %[2]q
}`, initech.UUID, workspaceUUID(w))), "base_url", "workspaces = [\"acme\"]\n  base_url", 1), map[string][]string{
		"bitbucket_group.ops": {
			"Unable to use the workspace", "workspace initech is outside the provider's workspaces filter (acme)", "provider's workspaces attribute",
		},
		"bitbucket_project_group_permission.ops": {"Unable to use the workspace", "workspace initech is outside the provider's workspaces filter (acme)"},
		"data.bitbucket_workspace.initech":       {"Unable to read bitbucket_workspace", "workspace initech is outside the provider's workspaces filter (acme)"},
	})
	for _, r := range w.Journal() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was asked for", r.Method, r.Path)
		}
	}
}

// TestConfiguration_readingCredentials holds that OAuth consumers and access tokens refresh what an API token manages, and that
// what they cannot change is refused while Terraform plans.
func TestConfiguration_readingCredentials(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	key, secret := w.AddOAuthConsumer("acme")
	accessToken := w.AddAccessToken(simulator.AccessToken{Workspace: "acme", ReadsPermissions: true})
	const grant = "bitbucket_repository_group_permission.developers"
	managed := func(permission, groupPermission string) string {
		return fmt.Sprintf(`
resource "bitbucket_repository_group_permission" "developers" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "developers"
  permission = %q
}
resource "bitbucket_group" "owners" {
  workspace  = "acme"
  name       = "Code Owners"
  permission = %q
}`, permission, groupPermission)
	}
	oauth := fmt.Sprintf(`
provider "bitbucket" {
  base_url            = %[1]q
  oauth_token_url     = "%[1]s/site/oauth2/access_token"
  oauth_client_id     = %[2]q
  oauth_client_secret = %[3]q
}`, w.URL, key, secret)
	bearer := fmt.Sprintf(`
provider "bitbucket" {
  base_url     = %q
  access_token = %q
}`, w.URL, accessToken)
	as := func(credential string) plancheck.PlanCheck {
		return afterPlan(func() {
			for _, r := range w.Journal() {
				if r.Credential != credential && r.Path != "/site/oauth2/access_token" {
					t.Errorf("%s %s was asked for by %q, want %q", r.Method, r.Path, r.Credential, credential)
				}
			}
		})
	}
	const apiTokenOnly = "from which Bitbucket accepts no such change"
	acctest.Test(t,
		resource.TestStep{
			Config: w.Config(managed("read", "read")), ConfigPlanChecks: planned(grant, plancheck.ResourceActionCreate), PostApplyFunc: w.ResetJournal,
		},
		resource.TestStep{ // other words for the same workspace are no change, for whoever reads
			Config:           oauth + strings.ReplaceAll(managed("read", "read"), `"acme"`, strconv.Quote(workspaceUUID(w))),
			ConfigPlanChecks: nothingPlanned(as("oauth2 acme")),
		},
		resource.TestStep{
			Config:      oauth + managed("write", "read"),
			ExpectError: says("Unable to change permissions with an OAuth consumer", "with "+grant, apiTokenOnly, "Set username and api_token"),
		},
		resource.TestStep{
			Config: oauth + managed("read", "write"), ConfigPlanChecks: planned(owners, plancheck.ResourceActionUpdate, as("oauth2 acme")),
			PostApplyFunc: func() {
				checkGroup(t, w, "code-owners", &simulator.Group{Name: "Code Owners", Permission: simulator.Write})
				w.ResetJournal()
			},
		},
		resource.TestStep{
			Config:      bearer + managed("read", "read"),
			ExpectError: says("Unable to change groups with an access token", "with "+owners, "accepts no such change", "Set username and api_token"),
		},
		resource.TestStep{
			Config: bearer + managed("read", "write"), Destroy: true,
			ExpectError: says("Unable to change permissions with an access token", apiTokenOnly),
		},
		resource.TestStep{Config: w.Config(managed("read", "write")), ConfigPlanChecks: nothingPlanned()},
	)
}

// providerFromResource is a provider block whose API token becomes known only when Terraform applies: each generation anew.
func providerFromResource(w *acctest.World, generation string) string {
	return fmt.Sprintf(`
resource "terraform_data" "token" {
  input            = %q
  triggers_replace = %q
}
provider "bitbucket" {
  base_url  = %q
  username  = %q
  api_token = terraform_data.token.output
}`, w.Token, generation, w.URL, w.Username)
}

// TestConfiguration_unknown holds that a provider whose configuration is not known yet plans all the same, without a request.
func TestConfiguration_unknown(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "web"})
	const grant = "bitbucket_repository_group_permission.developers"
	onWeb := strings.Replace(developersGrant, `"api"`, `"web"`, 1)
	noRequests := afterPlan(func() { count(t, w, "", "", 0) })
	acctest.Test(t,
		resource.TestStep{
			Config:      providerFromResource(w, "first") + "\ndata \"bitbucket_current_user\" \"me\" {}",
			ExpectError: says("Unable to read bitbucket_current_user", "known only after apply", "-target"),
		},
		resource.TestStep{
			Config: providerFromResource(w, "first") + developersGrant, ConfigPlanChecks: planned(grant, plancheck.ResourceActionCreate, noRequests),
			PostApplyFunc: w.ResetJournal,
		},
		resource.TestStep{
			Config: providerFromResource(w, "second") + developersGrant, ConfigPlanChecks: planned(grant, plancheck.ResourceActionNoop, noRequests),
			PostApplyFunc: w.ResetJournal,
		},
		resource.TestStep{ // another repository is another grant, even for a provider that cannot ask
			Config: providerFromResource(w, "third") + onWeb, ConfigPlanChecks: planned(grant, plancheck.ResourceActionReplace, noRequests),
			PostApplyFunc: func() {
				for repository, want := range map[string]string{"api": simulator.None, "web": simulator.Write} {
					if got := w.Permission(simulator.Grant{Workspace: "acme", Repository: repository, Group: "developers"}); got != want {
						t.Errorf("developers hold %s on %s, want %s", got, repository, want)
					}
				}
			},
		},
	)
}
