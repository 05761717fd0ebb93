package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// groupModel is a group in Terraform.
type groupModel struct {
	Workspace  types.String `tfsdk:"workspace"`
	Name       types.String `tfsdk:"name"`
	Slug       types.String `tfsdk:"slug"`
	Permission types.String `tfsdk:"permission"`
	AutoAdd    types.Bool   `tfsdk:"auto_add"`

	EmailForwardingDisabled types.Bool `tfsdk:"email_forwarding_disabled"`
}

// newGroupModel is a group as it stands.
func newGroupModel(workspace string, g access.Group) groupModel {
	m := groupModel{Workspace: types.StringValue(workspace), AutoAdd: types.BoolValue(false), EmailForwardingDisabled: types.BoolValue(false)}
	m.take(g)
	return m
}

// settings are what the plan chooses.
func (m groupModel) settings() access.GroupSettings {
	permission := access.None
	if !m.Permission.IsNull() {
		permission = access.Permission(m.Permission.ValueString())
	}
	settings := access.GroupSettings{Name: m.Name.ValueString(), Permission: permission, AutoAdd: m.AutoAdd.ValueBool()}
	if !m.EmailForwardingDisabled.IsUnknown() {
		settings.EmailForwardingDisabled = m.EmailForwardingDisabled.ValueBoolPointer()
	}
	return settings
}

// take takes what Bitbucket answered. Newer answers leave auto_add out; the model then keeps what it has.
func (m *groupModel) take(g access.Group) {
	m.Name, m.Slug = types.StringValue(g.Name), types.StringValue(g.Slug)
	m.Permission = types.StringNull()
	if g.Permission != access.None {
		m.Permission = types.StringValue(string(g.Permission))
	}
	if g.AutoAdd != nil {
		m.AutoAdd = types.BoolValue(*g.AutoAdd)
	}
	switch {
	case g.EmailForwardingDisabled != nil:
		m.EmailForwardingDisabled = types.BoolValue(*g.EmailForwardingDisabled)
	case m.EmailForwardingDisabled.IsUnknown(): // of a new group
		m.EmailForwardingDisabled = types.BoolValue(false)
	}
}

// takeAnswer takes the answer to a write and reports what was not done as asked.
func (m *groupModel) takeAnswer(g access.Group) diag.Diagnostics {
	var diags diag.Diagnostics
	asked := *m
	m.take(g)
	for attribute, values := range map[string][2]attr.Value{
		"name": {asked.Name, m.Name}, "permission": {asked.Permission, m.Permission}, "auto_add": {asked.AutoAdd, m.AutoAdd},
		"email_forwarding_disabled": {asked.EmailForwardingDisabled, m.EmailForwardingDisabled},
	} {
		if !values[0].IsUnknown() && !values[0].Equal(values[1]) {
			diags.AddAttributeError(path.Root(attribute), "Bitbucket did not set "+attribute+" as asked", fmt.Sprintf("Group %s of workspace %s: %s was "+
				"asked for as %s, and Bitbucket answered %s. The state holds what it answered, and the next apply asks once more; where this was the "+
				"creation of the resource, it replaces the group, unless \"terraform untaint\" is run first.", g.Slug, m.Workspace.ValueString(), attribute, values[0], values[1]))
		}
	}
	return diags
}
