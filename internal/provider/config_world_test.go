package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
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
