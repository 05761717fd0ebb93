package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identityOf is the identity of a resource: texts that together say which thing it is, by name, with what they are.
func identityOf(parts map[string]string) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{}
	for name, about := range parts {
		attributes[name] = identityschema.StringAttribute{Description: about, RequiredForImport: true}
	}
	return identityschema.Schema{Attributes: attributes}
}

// identify writes the identity of a resource. Terraform before 1.12 and OpenTofu before 1.12 know of none.
func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, parts map[string]types.String) diag.Diagnostics {
	var diags diag.Diagnostics
	if identity == nil {
		return diags
	}
	for name, value := range parts {
		diags.Append(identity.SetAttribute(ctx, path.Root(name), value)...)
	}
	return diags
}

// importParts returns the parts of an import id or, where the import names the resource by its identity, of that.
func importParts(ctx context.Context, req resource.ImportStateRequest, thing string, names ...string) ([]string, diag.Diagnostics) {
	var diags diag.Diagnostics
	parts := make([]string, len(names))
	named := false
	for i, name := range names {
		var part types.String
		if req.ID == "" && req.Identity != nil {
			diags.Append(req.Identity.GetAttribute(ctx, path.Root(name), &part)...)
		}
		parts[i], named = part.ValueString(), named || !part.IsNull()
	}
	if !named {
		parts, err := parseImportID(req.ID, names...)
		if err != nil {
			diags.AddError("Unable to import "+thing, sentence(err.Error()))
		}
		return parts, diags
	}
	for i, name := range names {
		if strings.TrimSpace(parts[i]) == "" && !diags.HasError() {
			diags.AddError("Unable to import "+thing, "The identity to import has an empty "+name+".")
		}
	}
	return parts, diags
}
