package provider_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	fieldpath "github.com/hashicorp/terraform-plugin-framework/path"
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	managed "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// safe is another provider, which hands out a secret as an ephemeral resource.
type safe struct{ secret string }

func (safe) Metadata(_ context.Context, _ framework.MetadataRequest, resp *framework.MetadataResponse) {
	resp.TypeName = "safe"
}
func (safe) Schema(context.Context, framework.SchemaRequest, *framework.SchemaResponse)          {}
func (safe) Configure(context.Context, framework.ConfigureRequest, *framework.ConfigureResponse) {}
func (safe) Resources(context.Context) []func() managed.Resource                                 { return nil }

func (safe) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (s safe) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return safeSecret(s) }}
}

// safeSecret is what the safe hands out.
type safeSecret struct{ secret string }

func (safeSecret) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "safe_secret"
}

func (safeSecret) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"value": schema.StringAttribute{Computed: true, Sensitive: true}}}
}

func (s safeSecret) Open(ctx context.Context, _ ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	resp.Diagnostics.Append(resp.Result.SetAttribute(ctx, fieldpath.Root("value"), s.secret)...)
}

// TestACredentialFromAnEphemeralResource holds that a credential may come from an ephemeral resource of another provider.
func TestACredentialFromAnEphemeralResource(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.EphemeralVariables)
	w := acctest.New(t, simulator.Options{})
	factories := acctest.Factories()
	factories["safe"] = providerserver.NewProtocol6WithError(safe{w.Token})
	config := fmt.Sprintf(`
ephemeral "safe_secret" "token" {}
provider "bitbucket" {
  base_url  = %q
  username  = %q
  api_token = ephemeral.safe_secret.token.value
}
%s%s`, w.URL, w.Username, projectPlat, developersGrant)
	v, folder := &vault{}, t.TempDir()
	v.add(w.Username, w.Token)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories, WorkingDir: folder,
		Steps: []resource.TestStep{
			{
				Config: config,
				PostApplyFunc: func() {
					if found, _ := filepath.Glob(filepath.Join(folder, "*", "terraform.tfstate")); len(found) == 0 {
						t.Errorf("there is no state in %s", folder)
					}
					v.search(t, folder)
				},
			},
		},
	})
}
