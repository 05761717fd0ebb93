package provider_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// diagnosed is a process of the provider that keeps what it says.
type diagnosed struct {
	*server

	mu   sync.Mutex
	said []*tfprotov6.Diagnostic
}

func (d *diagnosed) keep(said []*tfprotov6.Diagnostic) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said = append(d.said, said...)
}

// ReadResource refreshes a resource and listens.
func (d *diagnosed) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := d.server.ReadResource(ctx, req)
	d.keep(resp.Diagnostics)
	return resp, err
}

// PlanResourceChange plans a resource and listens.
func (d *diagnosed) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := d.server.PlanResourceChange(ctx, req)
	d.keep(resp.Diagnostics)
	return resp, err
}

// ApplyResourceChange applies a plan and listens.
func (d *diagnosed) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := d.server.ApplyResourceChange(ctx, req)
	d.keep(resp.Diagnostics)
	return resp, err
}

// ImportResourceState imports a resource and listens.
func (d *diagnosed) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := d.server.ImportResourceState(ctx, req)
	d.keep(resp.Diagnostics)
	return resp, err
}

// ReadDataSource reads a data source and listens.
func (d *diagnosed) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := d.server.ReadDataSource(ctx, req)
	d.keep(resp.Diagnostics)
	return resp, err
}

// warnings are what was said about requests that were held back.
func (d *diagnosed) warnings() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []string
	for _, one := range d.said {
		if one.Severity == tfprotov6.DiagnosticSeverityWarning && strings.HasPrefix(one.Summary, "Requests were held back") {
			found = append(found, one.Summary+"\n"+one.Detail)
		}
	}
	return found
}

// expectWarnings demands one warning for each list of phrases, in this order.
func (d *diagnosed) expectWarnings(t *testing.T, want ...[]string) {
	t.Helper()
	found := d.warnings()
	if len(found) != len(want) {
		t.Fatalf("%d warnings, want %d:\n%s", len(found), len(want), strings.Join(found, "\n"))
	}
	for i, phrases := range want {
		if !says(phrases...).MatchString(found[i]) {
			t.Errorf("the warning does not say %q:\n%s", phrases, found[i])
		}
	}
}

// dataSource asks for a data source.
func dataSource(t *testing.T, s *server, name string, settings map[string]tftypes.Value) *tfprotov6.ReadDataSourceRequest {
	t.Helper()
	return &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: configOf(t, s.schemas.DataSourceSchemas[name], settings)}
}

// read reads a data source, which must pass.
func (d *diagnosed) read(t *testing.T, name string, settings map[string]tftypes.Value) {
	t.Helper()
	answer, err := d.ReadDataSource(t.Context(), dataSource(t, d.server, name, settings))
	mustPassOrWarn(t, name, err, answer.Diagnostics)
}
