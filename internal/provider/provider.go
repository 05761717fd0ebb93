// Package provider is the Terraform surface: the provider's configuration, its resources and its data sources. What they know
// and do goes through access.Directory.
package provider

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// typeName is the prefix of all type names.
const typeName = "bitbucket"

var (
	_ provider.Provider                   = (*bitbucketProvider)(nil)
	_ provider.ProviderWithValidateConfig = (*bitbucketProvider)(nil)
	_ provider.ProviderWithListResources  = (*bitbucketProvider)(nil)
)

// Options change what a provider takes from its surroundings. The zero value is what users get.
type Options struct {
	// Getenv reads an environment variable; nil means that of the process.
	Getenv func(string) string
	// Clock is what waiting for Bitbucket is measured with; nil means the clock of the machine.
	Clock rest.Clock
	// Transport sends requests; nil means the network.
	Transport http.RoundTripper
}

// New returns a constructor of the provider as the framework serves it; Terraform is served what Server returns. version is the released
// version, or "dev".
func New(version string, o Options) func() provider.Provider {
	return func() provider.Provider { return newProvider(version, o) }
}

func newProvider(version string, o Options) *bitbucketProvider {
	return &bitbucketProvider{version: version, options: o, delays: &rest.Delays{}}
}

// bitbucketProvider manages who may do what in Bitbucket Cloud.
type bitbucketProvider struct {
	version string
	options Options
	delays  *rest.Delays
}

func (p *bitbucketProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = typeName, p.version
}

func (p *bitbucketProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Keeps who may do what in Bitbucket Cloud as code: groups and their members, and the permissions of users and " +
			"groups on projects and repositories.\n\nGive exactly one credential: `username` with `api_token`, `access_token`, or " +
			"`oauth_client_id` with `oauth_client_secret`. Only an API token may change permissions. What the configuration does not " +
			"give is read from the environment. Give secrets through the environment or through variables: where Terraform reports an attribute, it prints its line.",
		Attributes: map[string]schema.Attribute{
			"username": textSetting(envUsername, "The e-mail address of the Atlassian account that the API token belongs to."),
			"api_token": secretSetting(envAPIToken, "An API token with scopes, made at id.atlassian.com for the app Bitbucket. The only credential "+
				"that may change permissions.", stringvalidator.ConflictsWith(path.MatchRoot("password"))),
			"password": deprecated(secretSetting(envPassword, "The former name of `api_token`."), "Use api_token instead: Bitbucket ended app passwords on "+
				"28 July 2026, and what is given here must be an API token."),
			"access_token": secretSetting(envAccessToken, "The access token of a workspace, a project or a repository. It reads; it cannot change permissions.",
				stringvalidator.ConflictsWith(path.MatchRoot("oauth_token"))),
			"oauth_token": deprecated(secretSetting(envOAuthToken, "An access token that OAuth gave, as other providers call it."), "Use access_token instead, "+
				"which takes the same value, or oauth_client_id with oauth_client_secret, with which tokens are renewed."),
			"oauth_client_id": textSetting(envOAuthClientID, "The key of an OAuth consumer that is marked as private."),
			"oauth_client_secret": secretSetting(envOAuthClientSecret, "The secret of the OAuth consumer. It reads, and changes groups whose workspace is administered in "+
				"Bitbucket; it cannot change permissions."),
			"workspaces": schema.ListAttribute{
				MarkdownDescription: "The slugs, or UUIDs, of the workspaces that this configuration is about: data sources list these only, and naming any " +
					"other is an error. By default every workspace that the credential sees. Environment variable: `" + envWorkspaces + "` (separated by commas).",
				ElementType: types.StringType,
				Optional:    true,
				Validators: []validator.List{
					listvalidator.SizeAtLeast(1), listvalidator.NoNullValues(), listvalidator.UniqueValues(),
					listvalidator.ValueStringsAre(workspaceRef),
				},
			},
			"base_url":       textSetting(envBaseURL, "The address of the Bitbucket API. Default: `https://api.bitbucket.org`.", apiAddress),
			"admin_base_url": textSetting(envAdminBaseURL, "The address of the Atlassian administration API. Default: `https://api.atlassian.com/admin`.", apiAddress),
			"oauth_token_url": textSetting(envOAuthTokenURL, "The address that OAuth tokens are asked for at. Default: "+
				"`https://bitbucket.org/site/oauth2/access_token`.", apiAddress),
			"max_rate_limit_wait": schema.StringAttribute{
				MarkdownDescription: "The longest time that one plan, or one apply, waits in all because a limit of requests is reached, such as `90s` or `4h`. Beyond it, what is " +
					"left fails; what is done is in the state. Default: `15m`; with `0s` it does not wait. See the guide [Large workspaces](guides/large-workspaces).",
				Optional:   true,
				Validators: []validator.String{duration},
			},
			"requests_per_hour": schema.Int64Attribute{
				MarkdownDescription: "Never send more requests than this in any hour, up to 100,000. Bitbucket allows 1,000 an hour for a user; leave room here for other " +
					"programs that use the same account. Half of them may go at once, the others follow evenly. Each plan and each apply counts for itself: give those that " +
					"run at the same time a part each. By default requests are not paced, which is faster for what fits into the limit.",
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 100_000)},
			},
		},
		Blocks: map[string]schema.Block{"organization": organizationBlock()},
	}
}

// organizationBlock is the block of the Atlassian organization.
func organizationBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "The Atlassian organization whose administration holds the groups of workspaces administered at admin.atlassian.com; needed to change " +
			"them. See the guide [Organization-managed workspaces](guides/organization-managed-workspaces).",
		Attributes: map[string]schema.Attribute{
			"id":      textSetting(envOrganizationID, "The id of the organization: the UUID after `/o/` in the address of admin.atlassian.com.", organizationID),
			"api_key": secretSetting(envAdminAPIKey, "An API key of the organization, made without scopes at admin.atlassian.com. A key with scopes can plan, not apply."),
			"directory_id": schema.StringAttribute{
				MarkdownDescription: "The id of the directory that new groups are made in. Needed only where the groups of a workspace are in several.",
				Optional:            true,
				Validators:          []validator.String{directoryID},
			},
		},
	}
}

// ValidateConfig reports what is wrong with the configuration by itself, without the environment.
func (p *bitbucketProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := config.configured()
	resp.Diagnostics.Append(diags...)
}

// Configure reads the credential and makes the directory that everything in this run shares. It sends no request.
func (p *bitbucketProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !req.Config.Raw.IsFullyKnown() {
		p.deferAll(req, resp)
		return
	}
	directory, diags := p.directory(ctx, config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData = directory, directory, directory
}

// deferAll answers a configuration that depends on what only an apply will make known. Terraform is asked to put everything off
// where it can; where it cannot, resources plan without asking Bitbucket.
func (p *bitbucketProvider) deferAll(req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		return
	}
	resp.Diagnostics.AddWarning("Bitbucket is not read in this plan",
		"The configuration of the provider holds values that are known only after apply. What exists is taken from the state, as it was last read, "+
			"and what could be checked against Bitbucket is checked on apply.")
}

// Resources are the single ones, and one for each kind of grant and of list.
func (p *bitbucketProvider) Resources(context.Context) []func() resource.Resource {
	resources := []func() resource.Resource{
		newGroupResource,
		newGroupMembershipResource,
		newWorkspaceInvitationResource,
	}
	for _, kind := range grantKinds {
		resources = append(resources, func() resource.Resource { return newGrantResource(kind) })
	}
	for _, kind := range exclusiveKinds {
		resources = append(resources, func() resource.Resource { return newExclusiveResource(kind) })
	}
	return resources
}

// DataSources are those of the table dataSources.
func (p *bitbucketProvider) DataSources(context.Context) []func() datasource.DataSource {
	return dataSources
}

// ListResources are one for each resource but the invitation.
func (p *bitbucketProvider) ListResources(context.Context) []func() list.ListResource {
	resources := []func() list.ListResource{newGroupListResource, newGroupMembershipListResource}
	for _, kind := range grantKinds {
		resources = append(resources, func() list.ListResource { return newGrantListResource(kind) })
	}
	for _, kind := range exclusiveKinds {
		resources = append(resources, func() list.ListResource { return newExclusiveListResource(kind) })
	}
	return resources
}
