package provider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// directory makes the directory that the configuration and the environment describe.
func (p *bitbucketProvider) directory(ctx context.Context, m providerModel) (*access.Directory, diag.Diagnostics) {
	getenv := p.options.Getenv
	if getenv == nil {
		getenv = os.Getenv
	}
	kind, secret, diags := m.credential(getenv)
	workspaces, more := m.filter(ctx, getenv)
	diags.Append(more...)
	options := access.Options{Credential: kind, Workspaces: workspaces, Clock: p.options.Clock}
	shared := rest.Options{
		UserAgent: "terraform-provider-bitbucket/" + p.version, MaxRateLimitWait: defaultMaxRateLimitWait,
		Clock: p.options.Clock, Transport: p.options.Transport, Delays: p.delays,
	}
	if !m.MaxRateLimitWait.IsNull() {
		shared.MaxRateLimitWait, _ = time.ParseDuration(m.MaxRateLimitWait.ValueString()) // its validator has read it
	}
	diags.Append(m.organization(ctx, getenv, shared, &options)...)
	if diags.HasError() {
		return nil, diags
	}
	address := setting{"base_url", m.BaseURL, []string{envBaseURL}}
	shared.BaseURL = cmp.Or(address.read(getenv), bitbucket.DefaultBaseURL)
	shared.Credential = secret
	shared.RequestsPerHour = int(m.RequestsPerHour.ValueInt64())
	client, err := rest.New(shared)
	if err != nil {
		diags.Append(invalid(address, err)...)
		return nil, diags
	}
	return access.NewDirectory(bitbucket.New(client), options), diags
}

// organization sets the access to the organization's administration, if there is any: its id and its key are given together or not
// at all. It has a client, and with it a rate gate, of its own.
func (m providerModel) organization(ctx context.Context, getenv func(string) string, shared rest.Options, to *access.Options) diag.Diagnostics {
	var block organizationModel
	diags := m.Organization.As(ctx, &block, basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true})
	settings := []setting{
		{"organization.id", block.ID, []string{envOrganizationID}},
		{"organization.api_key", block.APIKey, []string{envAdminAPIKey}},
	}
	if m.Organization.IsNull() && !slices.ContainsFunc(settings, func(s setting) bool { return s.read(getenv) != "" }) {
		return diags
	}
	texts, missing := complete(settings, getenv)
	diags.Append(missing...)
	if err := organizationID.check(texts[0]); texts[0] != "" && err != nil {
		diags.Append(invalid(settings[0], err)...)
	}
	address := setting{"admin_base_url", m.AdminBaseURL, []string{envAdminBaseURL}}
	shared.BaseURL = cmp.Or(address.read(getenv), atlassian.DefaultBaseURL)
	shared.Credential = rest.Bearer{Token: texts[1]}
	client, err := rest.New(shared)
	if err != nil {
		diags.Append(invalid(address, err)...)
		return diags
	}
	to.Organization, to.OrganizationDirectory = atlassian.New(client, bare(texts[0])), bare(block.DirectoryID.ValueString())
	return diags
}

// bare is a UUID as the administration's paths take it.
func bare(uuid string) string { return strings.Trim(strings.ToLower(uuid), "{}") }

// filter returns the workspaces that may be named; nil when there is no filter.
func (m providerModel) filter(ctx context.Context, getenv func(string) string) ([]string, diag.Diagnostics) {
	var workspaces []string
	if !m.Workspaces.IsNull() {
		diags := m.Workspaces.ElementsAs(ctx, &workspaces, false)
		return workspaces, diags
	}
	var diags diag.Diagnostics
	for entry := range strings.SplitSeq(getenv(envWorkspaces), ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		if err := workspaceRef.check(entry); err != nil {
			diags.AddAttributeError(path.Root("workspaces"), "Invalid workspaces", fmt.Sprintf("The environment variable %s: %s.", envWorkspaces, err))
		}
		workspaces = append(workspaces, entry)
	}
	return workspaces, diags
}

// complete reads settings that are needed together and reports those that are missing.
func complete(settings []setting, getenv func(string) string) ([]string, diag.Diagnostics) {
	var diags diag.Diagnostics
	texts := make([]string, len(settings))
	for i, s := range settings {
		if texts[i] = s.read(getenv); texts[i] == "" {
			other := settings[(i+1)%len(settings)].attribute
			diags.AddAttributeError(attributePath(s.attribute), "Missing "+s.attribute,
				fmt.Sprintf("%s is needed together with %s. Set it, or the environment variable %s.", s.attribute, other, s.env[0]))
		}
	}
	return texts, diags
}

// invalid reports a setting that cannot be used, wherever it came from.
func invalid(s setting, err error) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(attributePath(s.attribute), "Invalid "+s.attribute,
		fmt.Sprintf("The provider's %s, or the environment variable %s: %s.", s.attribute, s.env[0], err))}
}

// attributePath makes a path of an attribute's name, of which the part before a dot is its block.
func attributePath(name string) path.Path {
	if block, attribute, ok := strings.Cut(name, "."); ok {
		return path.Root(block).AtName(attribute)
	}
	return path.Root(name)
}
