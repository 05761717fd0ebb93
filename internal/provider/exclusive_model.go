package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// The modes of a resource that owns a list.
const (
	revokeUnmanaged = "revoke"
	reportUnmanaged = "report"
)

// exclusiveModel is all the access to an object in Terraform.
type exclusiveModel struct {
	Workspace, Object, Unmanaged types.String
	AllowSelfLockout             types.Bool
	IgnoreGroups                 types.Set // null where groups have no access
	Columns                      []attr.Value
	Revokes, Lowers, Extras      types.List
}

// field is an attribute, where the model holds it, and what it holds.
type field struct {
	attribute string
	target    any
	value     attr.Value
}

func (k exclusiveKind) fields(m *exclusiveModel) []field {
	fields := []field{
		{"workspace", &m.Workspace, m.Workspace},
		{k.scope.attribute, &m.Object, m.Object},
		{"unmanaged", &m.Unmanaged, m.Unmanaged},
		{"allow_self_lockout", &m.AllowSelfLockout, m.AllowSelfLockout},
		{"revokes", &m.Revokes, m.Revokes},
		{"extras", &m.Extras, m.Extras},
	}
	if k.hasGroups() {
		fields = append(fields, field{"ignore_groups", &m.IgnoreGroups, m.IgnoreGroups})
	}
	if k.leveled() {
		fields = append(fields, field{"lowers", &m.Lowers, m.Lowers})
	}
	return fields
}

// read reads the model from a configuration, plan or state.
func (k exclusiveKind) read(ctx context.Context, from attributeGetter) (exclusiveModel, diag.Diagnostics) {
	m := exclusiveModel{Columns: make([]attr.Value, len(k.columns)), IgnoreGroups: types.SetNull(types.StringType)}
	var diags diag.Diagnostics
	for _, f := range k.fields(&m) {
		diags.Append(from.GetAttribute(ctx, path.Root(f.attribute), f.target)...)
	}
	for i, c := range k.columns {
		diags.Append(from.GetAttribute(ctx, path.Root(c.attribute), &m.Columns[i])...)
	}
	return m, diags
}

// write writes the model to a plan or state.
func (k exclusiveKind) write(ctx context.Context, to objectSetter, m exclusiveModel) diag.Diagnostics {
	values := map[string]attr.Value{}
	for _, f := range k.fields(&m) {
		values[f.attribute] = f.value
	}
	for i, c := range k.columns {
		values[c.attribute] = m.Columns[i]
	}
	return setAll(ctx, to, values)
}

func (k exclusiveKind) scopeOf(m exclusiveModel) access.Scope {
	return access.Scope{Kind: k.scope.kind, Workspace: m.Workspace.ValueString(), Name: m.Object.ValueString()}
}

// named is one entry of a column as it is written there.
type named struct {
	column int
	key    string
	level  types.String // unknown where it is known only after apply
}

// knowsUnmanaged tells whether it is known what is done about access that the configuration does not name.
func (m exclusiveModel) knowsUnmanaged() bool {
	return !m.Unmanaged.IsUnknown() && !m.IgnoreGroups.IsUnknown() && !slices.ContainsFunc(m.IgnoreGroups.Elements(), attr.Value.IsUnknown)
}

// entries are what the columns of a model say. They are not known while a whole column is not.
func (k exclusiveKind) entries(m exclusiveModel) (entries []named, known bool) {
	known = true
	for i, value := range m.Columns {
		switch column := value.(type) {
		case types.Map:
			known = known && !column.IsUnknown()
			levels := column.Elements()
			for _, key := range slices.Sorted(maps.Keys(levels)) {
				level, _ := levels[key].(types.String)
				entries = append(entries, named{i, key, level})
			}
		case idSet:
			known = known && !column.IsUnknown()
			for _, element := range column.Elements() {
				key, _ := element.(types.String)
				if known = known && !key.IsUnknown(); !key.IsUnknown() {
					entries = append(entries, named{i, key.ValueString(), types.StringValue(string(access.Member))})
				}
			}
		}
	}
	return entries, known
}

// column makes a column of levels by principals as they are to be written.
func (k exclusiveKind) column(levels map[string]attr.Value) attr.Value {
	if k.leveled() {
		return types.MapValueMust(types.StringType, levels)
	}
	keys := make([]attr.Value, 0, len(levels))
	for _, key := range slices.Sorted(maps.Keys(levels)) {
		keys = append(keys, types.StringValue(key))
	}
	return idSet{types.SetValueMust(types.StringType, keys)}
}

// grants are the entries of a model, in their order, as the directory knows them. A level that is not known yet is "".
func (k exclusiveKind) grants(m exclusiveModel) []access.Grant {
	entries, _ := k.entries(m)
	return each(entries, func(n named) access.Grant {
		return access.Grant{
			Scope:      k.scopeOf(m),
			Principal:  access.Principal{Kind: k.columns[n.column].principal.kind, ID: n.key},
			Permission: access.Permission(n.level.ValueString()),
		}
	})
}

// at is where an entry stands.
func (k exclusiveKind) at(n named) path.Path {
	p := path.Root(k.columns[n.column].attribute)
	if k.leveled() {
		return p.AtMapKey(n.key)
	}
	return p.AtSetValue(types.StringValue(n.key))
}

// withoutIgnored leaves out what groups have that are to be left alone.
func (m exclusiveModel) withoutIgnored(grants []access.Grant) []access.Grant {
	ignored := map[string]bool{}
	for _, element := range m.IgnoreGroups.Elements() {
		if group, ok := element.(types.String); ok {
			ignored[group.ValueString()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(grants), func(g access.Grant) bool {
		return g.Principal.Kind == access.GroupPrincipal && (ignored[g.Principal.ID] || ignored[g.Name])
	})
}
