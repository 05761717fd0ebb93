package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// part is one of the attributes of a resource that together say which thing it is: those of its import id, and of its identity.
type part struct {
	attribute, about string
	rule             textRule
}

var inWorkspace = part{"workspace", aboutWorkspace, workspaceRef}

// check says what is wrong with the text of a part.
func (p part) check(text string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("its %s is empty", p.attribute)
	}
	if err := p.rule.check(text); err != nil {
		return fmt.Errorf("its %s is wrong: %w", p.attribute, err)
	}
	return nil
}

// identityOf is the identity of a resource. Not every such thing has the optional parts.
func identityOf(parts []part, optional ...part) identityschema.Schema {
	attributes := map[string]identityschema.Attribute{}
	for _, p := range parts {
		attributes[p.attribute] = identityschema.StringAttribute{Description: p.about, RequiredForImport: true}
	}
	for _, p := range optional {
		attributes[p.attribute] = identityschema.StringAttribute{Description: p.about, OptionalForImport: true}
	}
	return identityschema.Schema{Attributes: attributes}
}

// identify writes the identity of a resource, which its state holds too. Terraform before 1.12 and OpenTofu before 1.12 know of none, and
// what they wrote has none until it is read.
func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, state tfsdk.State) diag.Diagnostics {
	var diags diag.Diagnostics
	if identity == nil || state.Raw.IsNull() {
		return diags
	}
	values := map[string]attr.Value{}
	for name := range identity.Schema.GetAttributes() {
		var value types.String
		diags.Append(state.GetAttribute(ctx, path.Root(name), &value)...)
		values[name] = value
	}
	diags.Append(setAll(ctx, identity, values)...)
	return diags
}

// importParts returns the texts of the parts in an import id or, where the import names the resource by its identity, in that.
func importParts(ctx context.Context, req resource.ImportStateRequest, thing string, parts []part) ([]string, diag.Diagnostics) {
	var diags diag.Diagnostics
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsNull() {
		texts, err := parseImportID(req.ID, parts)
		if err != nil {
			diags.AddError("Unable to import "+thing, sentence(err.Error()))
		}
		return texts, diags
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		var text types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root(p.attribute), &text)...)
		texts[i] = text.ValueString()
		if err := p.check(texts[i]); err != nil && !diags.HasError() {
			diags.AddError("Unable to import "+thing, sentence("the identity to import names nothing: "+err.Error()))
		}
	}
	return texts, diags
}
