package provider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// The environment variables that stand in for attributes.
const (
	envUsername          = "BITBUCKET_USERNAME"
	envAPIToken          = "BITBUCKET_API_TOKEN"
	envPassword          = "BITBUCKET_PASSWORD"
	envAccessToken       = "BITBUCKET_ACCESS_TOKEN"
	envOAuthToken        = "BITBUCKET_OAUTH_TOKEN"
	envOAuthClientID     = "BITBUCKET_OAUTH_CLIENT_ID"
	envOAuthClientSecret = "BITBUCKET_OAUTH_CLIENT_SECRET"
	envWorkspaces        = "BITBUCKET_WORKSPACES"
	envOrganizationID    = "ATLASSIAN_ORG_ID"
	envAdminAPIKey       = "ATLASSIAN_ADMIN_API_KEY"
	envBaseURL           = "BITBUCKET_BASE_URL"
	envAdminBaseURL      = "ATLASSIAN_ADMIN_BASE_URL"
	envOAuthTokenURL     = "BITBUCKET_OAUTH_TOKEN_URL"
)

const defaultMaxRateLimitWait = 15 * time.Minute

// providerModel is the configuration of the provider.
type providerModel struct {
	Username          types.String `tfsdk:"username"`
	APIToken          types.String `tfsdk:"api_token"`
	Password          types.String `tfsdk:"password"`
	AccessToken       types.String `tfsdk:"access_token"`
	OAuthToken        types.String `tfsdk:"oauth_token"`
	OAuthClientID     types.String `tfsdk:"oauth_client_id"`
	OAuthClientSecret types.String `tfsdk:"oauth_client_secret"`
	Workspaces        types.List   `tfsdk:"workspaces"`
	BaseURL           types.String `tfsdk:"base_url"`
	AdminBaseURL      types.String `tfsdk:"admin_base_url"`
	OAuthTokenURL     types.String `tfsdk:"oauth_token_url"`
	MaxRateLimitWait  types.String `tfsdk:"max_rate_limit_wait"`
	RequestsPerHour   types.Int64  `tfsdk:"requests_per_hour"`
	Organization      types.Object `tfsdk:"organization"`
}

// Format keeps the secrets of the configuration out of whatever prints it.
func (providerModel) Format(s fmt.State, verb rune) { rest.Hidden{}.Format(s, verb) }

// organizationModel is the organization block.
type organizationModel struct {
	ID          types.String `tfsdk:"id"`
	APIKey      types.String `tfsdk:"api_key"`
	DirectoryID types.String `tfsdk:"directory_id"`
}

// Format keeps the key out of whatever prints the block.
func (organizationModel) Format(s fmt.State, verb rune) { rest.Hidden{}.Format(s, verb) }

// setting is one text of the configuration and the environment variables that stand in for it, the first that is set.
type setting struct {
	attribute string
	value     types.String
	env       []string
}

// orNamed is the setting under another name that the configuration gives it by, if it does.
func (s setting) orNamed(attribute string, value types.String) setting {
	if !value.IsNull() {
		s.attribute, s.value = attribute, value
	}
	return s
}

// read returns the text, "" when it is given nowhere.
func (s setting) read(getenv func(string) string) string {
	if !s.value.IsNull() {
		return s.value.ValueString()
	}
	for _, name := range s.env {
		if text := getenv(name); text != "" {
			return text
		}
	}
	return ""
}

// credential is one way to present the provider: all its settings are needed.
type credential struct {
	kind     access.CredentialKind
	settings []setting
}

// credentials are the ways, as the configuration gives them. Deprecated names stand in for those that came after them.
func (m providerModel) credentials() []credential {
	return []credential{
		{access.APIToken, []setting{
			{"username", m.Username, []string{envUsername}},
			setting{"api_token", m.APIToken, []string{envAPIToken, envPassword}}.orNamed("password", m.Password),
		}},
		{access.AccessToken, []setting{setting{"access_token", m.AccessToken, []string{envAccessToken, envOAuthToken}}.orNamed("oauth_token", m.OAuthToken)}},
		{access.OAuthConsumer, []setting{
			{"oauth_client_id", m.OAuthClientID, []string{envOAuthClientID}},
			{"oauth_client_secret", m.OAuthClientSecret, []string{envOAuthClientSecret}},
		}},
	}
}

// given are the settings of the credential that the configuration is known to give. While Terraform validates, every variable is
// unknown, also one that will turn out to be null.
func (c credential) given() []setting {
	return slices.DeleteFunc(slices.Clone(c.settings), func(s setting) bool { return s.value.IsNull() || s.value.IsUnknown() })
}

// variables are the environment variables that give settings of the credential.
func (c credential) variables(getenv func(string) string) []string {
	var names []string
	for _, s := range c.settings {
		names = append(names, slices.DeleteFunc(slices.Clone(s.env), func(name string) bool { return getenv(name) == "" })...)
	}
	return names
}

const oneCredential = "Keep exactly one: username with api_token to manage access; access_token, or oauth_client_id with oauth_client_secret, to read."

// configured returns the credentials that the configuration gives, at least in part. More than one is an error.
func (m providerModel) configured() ([]credential, diag.Diagnostics) {
	var diags diag.Diagnostics
	configured := slices.DeleteFunc(m.credentials(), func(c credential) bool { return len(c.given()) == 0 })
	if len(configured) > 1 {
		var names []string
		for _, c := range configured {
			for _, s := range c.given() {
				names = append(names, s.attribute)
			}
		}
		// No attribute is pointed at: Terraform would print its line, and with it perhaps a secret.
		diags.AddError("More than one credential", "The provider has "+strings.Join(names, ", ")+". "+oneCredential)
	}
	return configured, diags
}

// credential returns the one credential of the configuration or, when it gives none, of the environment. The half of a pair that
// the configuration leaves out may come from the environment.
func (m providerModel) credential(getenv func(string) string) (access.CredentialKind, rest.Credential, diag.Diagnostics) {
	found, diags := m.configured()
	if diags.HasError() {
		return "", nil, diags
	}
	if len(found) == 0 {
		found = slices.DeleteFunc(m.credentials(), func(c credential) bool { return len(c.variables(getenv)) == 0 })
	}
	switch len(found) {
	case 0:
		diags.AddError("No credential", "Set username (the e-mail address of an Atlassian account) and api_token in the provider block, or "+
			envUsername+" and "+envAPIToken+" in the environment. To read only, access_token, or oauth_client_id with oauth_client_secret, will do.")
		return "", nil, diags
	case 1:
	default:
		var names []string
		for _, c := range found {
			names = append(names, c.variables(getenv)...)
		}
		diags.AddError("More than one credential", "The environment has "+strings.Join(names, ", ")+". "+oneCredential)
		return "", nil, diags
	}
	texts, diags := complete(found[0].settings, getenv)
	if diags.HasError() {
		return "", nil, diags
	}
	secret, more := m.secret(found[0].kind, texts, getenv)
	diags.Append(more...)
	return found[0].kind, secret, diags
}

// secret makes of the settings of a credential what the client presents.
func (m providerModel) secret(kind access.CredentialKind, texts []string, getenv func(string) string) (rest.Credential, diag.Diagnostics) {
	switch kind {
	case access.APIToken:
		return rest.Basic{Username: texts[0], Token: texts[1]}, nil
	case access.AccessToken:
		return rest.Bearer{Token: texts[0]}, nil
	default:
		tokenURL := setting{"oauth_token_url", m.OAuthTokenURL, []string{envOAuthTokenURL}}
		secret, err := rest.NewClientCredentials(texts[0], texts[1], cmp.Or(tokenURL.read(getenv), bitbucket.DefaultTokenURL))
		if err != nil {
			return nil, invalid(tokenURL, err)
		}
		return secret, nil
	}
}
