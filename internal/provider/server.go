package provider

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// noticeable is how long a run may be held back before it says so.
const noticeable = 30 * time.Second

// Server returns a constructor of the provider as Terraform talks to it, over protocol 6. version is the released version, or "dev".
func Server(version string, o Options) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		p := newProvider(version, o)
		return &server{protocol: providerserver.NewProtocol6(p)().(protocol), delays: p.delays, next: noticeable}
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
	delays *rest.Delays

	mu   sync.Mutex
	next time.Duration // the delay at which the next warning is due
}

// late warns when the run has been held back noticeably, and again whenever that has doubled.
func (s *server) late() []*tfprotov6.Diagnostic {
	delays := s.delays.All()
	var (
		total   time.Duration
		reasons []string
	)
	for _, d := range delays {
		total += d.For
		reasons = append(reasons, fmt.Sprintf("%s: %s, because %s", d.Host, d.For.Round(time.Second), d.Reason))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if total < s.next {
		return nil
	}
	s.next = 2 * total
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityWarning,
		Summary:  fmt.Sprintf("Requests were held back for %s so far", total.Round(time.Second)),
		Detail: bullets(reasons) + "\n\nNothing is lost by it. The guide \"Large workspaces\" tells how to need fewer requests; max_rate_limit_wait in the provider " +
			"block sets how long a run may wait in all.",
	}}
}

// UpgradeResourceState reads the state of a resource.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return lent(ctx, req, s.protocol.UpgradeResourceState)
}

// UpgradeResourceIdentity reads the identity of a resource.
func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return lent(ctx, req, s.protocol.UpgradeResourceIdentity)
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
