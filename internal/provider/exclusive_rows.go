package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// rowKind says what the rows of a computed list tell.
type rowKind struct {
	attribute, about string
	becomes          bool // whether they tell a level that comes
}

// rowKinds are the computed lists of a kind.
func (k exclusiveKind) rowKinds() []rowKind {
	kinds := []rowKind{
		{"revokes", "Who loses access when the plan is applied. After the apply it shows who has lost it, until the next refresh.", false},
		{"extras", "Who has access although the configuration does not say so; always empty unless `unmanaged` is `report`.", false},
	}
	if k.leveled() {
		kinds = append(kinds, rowKind{"lowers", "Who keeps access but gets a lower level when the plan is applied.", true})
	}
	return kinds
}

// rowType is the type of the rows of a computed list.
func (k exclusiveKind) rowType(becomes bool) types.ObjectType {
	shape := map[string]attr.Type{"user_id": types.StringType, "name": types.StringType}
	if k.hasGroups() {
		shape["group_slug"] = types.StringType
	}
	if k.leveled() {
		shape["permission"] = types.StringType
	}
	if becomes {
		shape["becomes"] = types.StringType
	}
	return types.ObjectType{AttrTypes: shape}
}

// rowHolders are the kinds of principals that a row can name, and by which attribute.
var rowHolders = []principalPart{toUser, toGroup}

// rows makes a computed list of steps: of what the principals have before and, where becomes, after.
func (k exclusiveKind) rows(steps []access.Step, becomes bool) types.List {
	of := k.rowType(becomes)
	rows := make([]attr.Value, len(steps))
	for i, s := range steps {
		holder := s.Grant.Holder()
		all := map[string]attr.Value{
			"user_id": types.StringNull(), "group_slug": types.StringNull(), "name": orNull(s.Grant.Name),
			"permission": types.StringValue(string(s.From)), "becomes": types.StringValue(string(s.To)),
		}
		for _, p := range rowHolders {
			if holder.Kind == p.kind {
				all[p.attribute] = types.StringValue(holder.ID)
			}
		}
		maps.DeleteFunc(all, func(attribute string, _ attr.Value) bool { return of.AttrTypes[attribute] == nil })
		rows[i] = types.ObjectValueMust(of.AttrTypes, all)
	}
	return types.ListValueMust(of, rows)
}

// filled is a model whose computed lists are known: those that a plan could not know are empty.
func (k exclusiveKind) filled(m exclusiveModel) exclusiveModel {
	for list, becomes := range map[*types.List]bool{&m.Revokes: false, &m.Lowers: true, &m.Extras: false} {
		if list.IsNull() || list.IsUnknown() {
			*list = k.rows(nil, becomes)
		}
	}
	return m
}

// rowPrincipals are the principals that the rows of a computed list name.
func rowPrincipals(rows types.List) []access.Principal {
	var principals []access.Principal
	for _, element := range rows.Elements() {
		row, _ := element.(types.Object)
		for _, p := range rowHolders {
			if id, ok := row.Attributes()[p.attribute].(types.String); ok && !id.IsNull() {
				principals = append(principals, access.Principal{Kind: p.kind, ID: id.ValueString()})
			}
		}
	}
	return principals
}

// rowsAttribute is a computed list of who is concerned by something.
func (k exclusiveKind) rowsAttribute(rows rowKind) schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for attribute := range k.rowType(rows.becomes).AttrTypes {
		attributes[attribute] = schema.StringAttribute{MarkdownDescription: rowAbout[attribute], Computed: true}
	}
	return schema.ListNestedAttribute{
		MarkdownDescription: rows.about,
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}

// rowAbout says what the attributes of a row are.
var rowAbout = map[string]string{
	"user_id":    "The UUID of the user in braces; the account id of somebody whom only the organization knows; null for a group.",
	"group_slug": "The slug of the group; null for a user.",
	"name":       "The name that Bitbucket shows; null where it is not known.",
	"permission": "What the user or group has at the time of the plan.",
	"becomes":    "What the user or group has after the apply.",
}
