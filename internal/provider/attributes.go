package provider

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// What the attributes that name things are, wherever they stand.
const (
	aboutWorkspace  = "The slug of the workspace, or its UUID."
	aboutProjectKey = "The key of the project."
	aboutRepoSlug   = "The slug of the repository."
	aboutGroupSlug  = "The slug of the group."
	aboutUserID     = "The user: the UUID, with or without braces, or the Atlassian account id. The user must be a member of the workspace; a plan with anybody else fails."
)

// aboutOrganization is what resources say about workspaces whose groups are administered elsewhere.
const aboutOrganization = "On workspaces administered at admin.atlassian.com changes go to the organization, with the key of the provider's " +
	"`organization` block. See the guide [Organization-managed workspaces](../guides/organization-managed-workspaces)."

// textSetting is a text in the provider's configuration that an environment variable can stand in for.
func textSetting(env, about string, rules ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("%s Environment variable: `%s`.", about, env),
		Optional:            true,
		Validators:          append([]validator.String{notEmpty}, rules...),
	}
}

// secretSetting is a textSetting that Terraform never shows.
func secretSetting(env, about string, rules ...validator.String) schema.StringAttribute {
	a := textSetting(env, about, rules...)
	a.Sensitive = true
	return a
}

func deprecated(a schema.StringAttribute, advice string) schema.StringAttribute {
	a.DeprecationMessage = advice
	return a
}

// name is a required attribute of a resource that names something. Whether a change of it means another thing, and so a
// replacement, is decided in ModifyPlan, because one thing can be named in several ways.
func name(about string, rule validator.String) resource.StringAttribute {
	return resource.StringAttribute{MarkdownDescription: about, Required: true, Validators: []validator.String{rule}}
}

// argument is a required argument of a data source.
func argument(about string, rule validator.String) datasource.StringAttribute {
	return datasource.StringAttribute{MarkdownDescription: about, Required: true, Validators: []validator.String{rule}}
}

// optional is an optional argument of a data source.
func optional(about string, rules ...validator.String) datasource.StringAttribute {
	return datasource.StringAttribute{MarkdownDescription: about, Optional: true, Validators: rules}
}

// lookup is an argument of a data source that is filled in when another one is given instead.
func lookup(about string, rules ...validator.String) datasource.StringAttribute {
	return datasource.StringAttribute{MarkdownDescription: about, Optional: true, Computed: true, Validators: rules}
}

// text and flag are what a data source tells.
func text(about string) datasource.StringAttribute {
	return datasource.StringAttribute{MarkdownDescription: about, Computed: true}
}

func flag(about string) datasource.BoolAttribute {
	return datasource.BoolAttribute{MarkdownDescription: about, Computed: true}
}

// with joins arguments and what a data source tells; where both have an attribute, it is that of the arguments.
func with(told, arguments map[string]datasource.Attribute) map[string]datasource.Attribute {
	maps.Copy(told, arguments)
	return told
}

// rows is a list of objects that a data source tells.
func rows(about string, attributes map[string]datasource.Attribute) datasource.ListNestedAttribute {
	return datasource.ListNestedAttribute{
		MarkdownDescription: about,
		Computed:            true,
		NestedObject:        datasource.NestedAttributeObject{Attributes: attributes},
	}
}

// levels are the permissions as texts.
func levels(permissions []access.Permission) []string {
	texts := make([]string, len(permissions))
	for i, p := range permissions {
		texts[i] = string(p)
	}
	return texts
}

// oneOf writes values for a description: `a`, `b` or `c`.
func oneOf(values []string) string {
	last := len(values) - 1
	return "`" + strings.Join(values[:last], "`, `") + "` or `" + values[last] + "`"
}

// attributeGetter is a plan or a state.
type attributeGetter interface {
	Get(ctx context.Context, target any) diag.Diagnostics
	GetAttribute(ctx context.Context, p path.Path, target any) diag.Diagnostics
}

// objectSetter is a plan, a state or an identity.
type objectSetter interface {
	Set(ctx context.Context, value any) diag.Diagnostics
}

// setAll writes all attributes of a resource. At once, because one after another costs the framework a walk over all of them each.
func setAll(ctx context.Context, to objectSetter, values map[string]attr.Value) diag.Diagnostics {
	kinds := map[string]attr.Type{}
	for name, value := range values {
		kinds[name] = value.Type(ctx)
	}
	object, diags := types.ObjectValue(kinds, values)
	if !diags.HasError() {
		diags.Append(to.Set(ctx, object)...)
	}
	return diags
}

// orNull is a text, or null where there is none.
func orNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// each converts the items of a list. The result is never nil, so that Terraform shows an empty list and not null.
func each[A, B any](items []A, row func(A) B) []B {
	converted := make([]B, len(items))
	for i, item := range items {
		converted[i] = row(item)
	}
	return converted
}
