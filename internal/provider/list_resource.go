package provider

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

var _ list.ListResourceWithConfigure = (*listResource)(nil)

// listResource lists the things that a resource of the same type could manage, managed or not: terraform query shows them, and writes the
// configuration to adopt them.
type listResource struct {
	shared
	name  string // the type name without the provider's prefix
	thing string // what is listed, in messages
	about string
	// attributes say where to look.
	attributes map[string]schema.Attribute
	// find yields what is there; given are the attributes that are not null, and whole tells whether all attributes of what is found are
	// wanted, not only those that identify it. The first error ends it.
	find func(ctx context.Context, d *access.Directory, given map[string]string, whole bool) iter.Seq2[found, error]
}

// found is one thing that was found.
type found struct {
	// name is what a person calls it.
	name string
	// attributes are what the resource would hold; those that are left out are null.
	attributes map[string]attr.Value
}

func (l *listResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName + "_" + l.name
}

// ListResourceConfigSchema describes the arguments.
func (l *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: l.about, Attributes: l.attributes}
}

// Configure takes the directory.
func (l *listResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	l.directory, _ = req.ProviderData.(*access.Directory)
}

// List streams what is found, at most as much as Terraform takes. Terraform drops all results of a list that has an error, so that the
// first one ends it.
func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	given, diags := l.given(ctx, req)
	if !l.ready("list "+l.thing, &diags) || diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		next, stop := iter.Pull2(l.find(ctx, l.directory, given, req.IncludeResource))
		defer stop()
		row, err, more := next()
		for n := int64(1); more && err == nil; n++ {
			result := row.result(ctx, req)
			row, err, more = next()
			last := n == req.Limit
			if last && more { // Terraform says nothing of what it leaves out
				result.Diagnostics.Append(l.beyond(n, err))
			}
			if !push(result) || last {
				return
			}
		}
		if err != nil {
			push(list.ListResult{Diagnostics: diag.Diagnostics{unable("list "+l.thing, l.directory, err)}})
		}
	}
}

// beyond warns that a list ends at its limit; err is why what comes next could not be read, if it could not.
func (l *listResource) beyond(limit int64, err error) diag.Diagnostic {
	summary, reason := "There is more than was listed", ""
	if err != nil {
		summary, reason = "There may be more than was listed", " What comes next could not be read: "+err.Error()+"."
	}
	return diag.NewWarningDiagnostic(summary, fmt.Sprintf("The list of %s ends at its limit of %d.%s Set limit in the list block to see more; its default is 100.",
		l.thing, limit, reason))
}

// given are the attributes that are not null.
func (l *listResource) given(ctx context.Context, req list.ListRequest) (map[string]string, diag.Diagnostics) {
	var diags diag.Diagnostics
	given := map[string]string{}
	for name := range l.attributes {
		var value types.String
		diags.Append(req.Config.GetAttribute(ctx, path.Root(name), &value)...)
		switch {
		case value.IsUnknown(): // which must not be taken for all
			diags.AddAttributeError(path.Root(name), "Unable to list "+l.thing, name+" is known only after apply. Give it a value that is known before.")
		case !value.IsNull():
			given[name] = value.ValueString()
		}
	}
	return given, diags
}

// result is what Terraform is told of a thing.
func (f found) result(ctx context.Context, req list.ListRequest) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = f.name
	for name := range req.ResourceIdentitySchema.GetAttributes() {
		result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root(name), f.attributes[name])...)
	}
	for name, value := range f.attributes {
		if req.IncludeResource {
			result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
	return result
}

// where is an argument that says where to look.
func where(about string, required bool, rules ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: about, Required: required, Optional: !required, Validators: rules}
}
