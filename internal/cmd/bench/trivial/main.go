// Command trivial is a provider whose only resource does nothing: what Terraform costs with it is what the plugin protocol costs.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return &trivial{} }, providerserver.ServeOpts{
		Address:         "registry.terraform.io/bitbucket-access/trivial",
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// trivial is the provider.
type trivial struct{}

func (*trivial) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "trivial"
}

func (*trivial) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (*trivial) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (*trivial) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &grant{} }}
}

func (*trivial) DataSources(context.Context) []func() datasource.DataSource { return nil }

// grant is the resource. It has the texts of a permission, and nothing behind them.
type grant struct{}

func (*grant) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "trivial_grant"
}

func (*grant) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"workspace":  schema.StringAttribute{Required: true},
		"repo_slug":  schema.StringAttribute{Required: true},
		"group_slug": schema.StringAttribute{Required: true},
		"permission": schema.StringAttribute{Required: true},
	}}
}

func (*grant) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Read leaves the state as it is.
func (*grant) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (*grant) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete leaves the rest to the framework.
func (*grant) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
