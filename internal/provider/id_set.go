package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// idSetType is a set of texts that can be large. The framework compares each element of its own set with every other, twice, at each
// step: a set of 1,000 costs seconds so, and one of 5,000 minutes (terraform-plugin-framework#775).
type idSetType struct{ basetypes.SetType }

var _ basetypes.SetTypable = idSetType{}

// Equal tells whether two types are the same.
func (t idSetType) Equal(o attr.Type) bool {
	other, ok := o.(idSetType)
	return ok && t.SetType.Equal(other.SetType)
}

func (t idSetType) String() string { return "idSetType" }

// ValueType returns an empty value of the type.
func (t idSetType) ValueType(context.Context) attr.Value { return idSet{} }

// ValueFromSet makes a value of a plain set.
func (t idSetType) ValueFromSet(_ context.Context, set basetypes.SetValue) (basetypes.SetValuable, diag.Diagnostics) {
	return idSet{set}, nil
}

// ValueFromTerraform makes a value of one of Terraform's.
func (t idSetType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.SetType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	set, ok := value.(basetypes.SetValue)
	if !ok {
		return nil, fmt.Errorf("a set is a %T", value)
	}
	return idSet{set}, nil
}

// Validate looks for nothing: Terraform has made a set of it already.
func (t idSetType) Validate(context.Context, tftypes.Value, path.Path) diag.Diagnostics { return nil }

// idSet is a value of idSetType.
type idSet struct{ basetypes.SetValue }

// Type returns the type of the value.
func (s idSet) Type(context.Context) attr.Type { return newIDSetType() }

// Equal tells whether two values are the same.
func (s idSet) Equal(o attr.Value) bool {
	other, ok := o.(idSet)
	return ok && s.SetValue.Equal(other.SetValue)
}

// ToListValue has the framework compare elements by position: none of them has a meaning of its own that could make two equal.
func (s idSet) ToListValue(context.Context) (basetypes.ListValue, diag.Diagnostics) {
	return basetypes.NewListValue(basetypes.StringType{}, s.Elements())
}

func newIDSetType() idSetType { return idSetType{basetypes.SetType{ElemType: basetypes.StringType{}}} }
