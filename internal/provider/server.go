package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// noticeable is how long a run may be held back before it says so.
const noticeable = 30 * time.Second

// Server returns a constructor of the provider as Terraform talks to it, over protocol 6. version is the released version, or "dev".
func Server(version string, o Options) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		p := newProvider(version, o)
		s := &server{protocol: providerserver.NewProtocol6(p)().(protocol), provider: p, clock: o.Clock, next: noticeable}
		if s.clock == nil {
			s.clock = rest.MachineClock{}
		}
		return s
	}
}

// protocol is what Terraform calls.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// server stands around all resources and data sources. It adds a warning to what Terraform is answered when limits of requests have held
// the run back: they are those of the credential, whoever runs into them. And it lends the framework the contexts of the calls that come
// once for each resource.
type server struct {
	protocol
	provider *bitbucketProvider
	clock    rest.Clock

	mu   sync.Mutex
	next time.Duration // the delay at which the next warning is due
}

// late warns when the run has been held back noticeably, and again whenever that has doubled.
func (s *server) late() []*tfprotov6.Diagnostic {
	whole, each := s.provider.delays.Until(s.clock.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	if whole < s.next {
		return nil
	}
	s.next = 2 * whole
	var reasons []string
	for _, d := range each {
		if d.For >= time.Second {
			reasons = append(reasons, fmt.Sprintf("%s: %s, because %s", d.Host, d.For.Round(time.Second), d.Reason))
		}
	}
	advice := "The guide \"Large workspaces\" tells how to need fewer requests."
	if slices.ContainsFunc(each, func(d rest.Delay) bool { return d.Reason == rest.Limited }) {
		advice += " max_rate_limit_wait in the provider block sets how long a run may wait for limits in all."
	}
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityWarning,
		Summary:  fmt.Sprintf("Requests were held back for %s so far", whole.Round(time.Second)),
		Detail:   bullets(reasons) + "\n\n" + advice,
	}}
}

// ValidateProviderConfig validates the configuration of the provider. What is said of an attribute that may hold a secret names it and points
// at no line, which Terraform would print.
func (s *server) ValidateProviderConfig(
	ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := s.protocol.ValidateProviderConfig(ctx, req)
	if err != nil {
		return resp, err
	}
	s.hideLines(ctx, resp.Diagnostics)
	return resp, nil
}

// hideLines keeps Terraform from printing lines of the provider block that may hold a secret.
func (s *server) hideLines(ctx context.Context, diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		if name := s.provider.secretAt(ctx, d.Attribute); name != "" {
			if d.Attribute = nil; !strings.Contains(d.Summary, name) {
				d.Detail = name + ": " + d.Detail
			}
		}
	}
}

// mistakable are the attributes into which somebody may put a secret by mistake.
var mistakable = []string{"username", "oauth_client_id", "base_url", "admin_base_url", "oauth_token_url", "id"}

// secretAt returns the name of the attribute at a path of the configuration that may hold a secret, "" when none is there.
func (p *bitbucketProvider) secretAt(ctx context.Context, at *tftypes.AttributePath) string {
	if at == nil || len(at.Steps()) == 0 {
		return ""
	}
	var described provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &described)
	attribute, err := described.Schema.AttributeAtTerraformPath(ctx, at)
	name, named := at.LastStep().(tftypes.AttributeName)
	if err != nil || !named || !attribute.IsSensitive() && !slices.Contains(mistakable, string(name)) {
		return ""
	}
	return string(name)
}

// ConfigureProvider begins a run: where a debugger is attached, one process serves several.
func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	s.provider.delays.Reset()
	s.mu.Lock()
	s.next = noticeable
	s.mu.Unlock()
	resp, err := s.protocol.ConfigureProvider(ctx, req)
	if err == nil {
		s.hideLines(ctx, resp.Diagnostics)
	}
	return resp, err
}

// UpgradeResourceState reads the state of a resource.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return lent(ctx, req, s.protocol.UpgradeResourceState)
}

// UpgradeResourceIdentity reads the identity of a resource.
func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return lent(ctx, req, s.protocol.UpgradeResourceIdentity)
}

// MoveResourceState takes the state of a resource over from another type or provider.
func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return lent(ctx, req, s.protocol.MoveResourceState)
}

// GenerateResourceConfig writes the configuration of a resource that was imported.
func (s *server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return lent(ctx, req, s.protocol.GenerateResourceConfig)
}

// ValidateDataResourceConfig validates the configuration of a data source.
func (s *server) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return lent(ctx, req, s.protocol.ValidateDataResourceConfig)
}

// ValidateResourceConfig validates the configuration of a resource.
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return lent(ctx, req, s.protocol.ValidateResourceConfig)
}

// ReadResource refreshes a resource.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := lent(ctx, req, s.protocol.ReadResource)
	if err == nil {
		resp.Diagnostics = append(resp.Diagnostics, s.late()...)
	}
	return resp, err
}

// PlanResourceChange plans a resource.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := lent(ctx, req, s.protocol.PlanResourceChange)
	if err == nil {
		resp.Diagnostics = append(resp.Diagnostics, s.late()...)
	}
	return resp, err
}

// ApplyResourceChange creates, updates or destroys a resource.
func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := lent(ctx, req, s.protocol.ApplyResourceChange)
	if err == nil {
		resp.Diagnostics = append(resp.Diagnostics, s.late()...)
	}
	return resp, err
}

// ImportResourceState imports a resource.
func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := lent(ctx, req, s.protocol.ImportResourceState)
	if err == nil {
		resp.Diagnostics = append(resp.Diagnostics, s.late()...)
	}
	return resp, err
}

// ReadDataSource reads a data source.
func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := lent(ctx, req, s.protocol.ReadDataSource)
	if err == nil {
		resp.Diagnostics = append(resp.Diagnostics, s.late()...)
	}
	return resp, err
}

// ListResource lists resources.
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	lease, end := lend(ctx)
	stream, err := s.protocol.ListResource(lease, req) //nolint:contextcheck // the lease is the context
	if err != nil {
		end()
		return stream, err
	}
	results := stream.Results
	stream.Results = func(push func(tfprotov6.ListResourceResult) bool) {
		defer end()
		results(func(result tfprotov6.ListResourceResult) bool {
			result.Diagnostics = append(result.Diagnostics, s.late()...)
			return push(result)
		})
	}
	return stream, nil
}
