package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// former says what else a type of ours is called, by other providers for Bitbucket and by this one on other hosts.
type former struct {
	// types are type names besides ours, from which a moved block leads here. Under ours, a change of the source address is enough.
	types []string
	// names are what attributes of ours are called otherwise, in the order in which they are looked for. None of them may be missing.
	names map[string][]string
}

// formers are the types whose state a type of ours takes over, by its name without the prefix.
//
// Sources: what DrFaust92/bitbucket 2.52 (and its forks), zahiar/bitbucket and FabianSchurig/bitbucket write into a state.
var formers = map[string]former{
	"group": {names: map[string][]string{"slug": nil}},
	"group_membership": {
		[]string{"bitbucket_group_member"},
		map[string][]string{"group_slug": {"group"}, "user_id": {"uuid", "user"}},
	},
	"repository_user_permission": {
		[]string{"bitbucket_user_permission", "bitbucket_repo_user_permissions"},
		map[string][]string{"repo_slug": {"repository"}, "user_id": {"selected_user_id", "user"}},
	},
	"repository_group_permission": {
		[]string{"bitbucket_group_permission", "bitbucket_repo_group_permissions"},
		map[string][]string{"repo_slug": {"repository"}, "group_slug": {"group"}},
	},
	"project_user_permission":  {[]string{"bitbucket_project_user_permissions"}, map[string][]string{"user_id": {"selected_user_id"}}},
	"project_group_permission": {types: []string{"bitbucket_project_group_permissions"}},
}

// schemaVersion is the version of the schemas that have a namesake at another provider, whose version is 0: so Terraform asks for an upgrade.
const schemaVersion = 1

// upgraders take over the state of the type of another provider that has the same name.
func upgraders(name string) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{0: {
		StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
			resp.Diagnostics.Append(formers[name].translate(ctx, typeName+"_"+name, req.RawState, &resp.State)...)
		},
	}}
}

// movers take over the state of a type of another provider that a moved block names. The type's name tells whose it is: the host of the
// address is that of the registry in use, and its namespace may be that of a fork or of a mirror. Where one moved block leads to another,
// Terraform names the type of the last and hands over the state of the first.
func movers(name string) []resource.StateMover {
	return []resource.StateMover{{
		StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			from := formers[name]
			known := append([]string{typeName + "_" + name}, from.types...)
			if !slices.Contains(known, req.SourceTypeName) || !strings.HasSuffix(strings.ToLower(req.SourceProviderAddress), "/"+typeName) {
				resp.Diagnostics.AddError("Unable to move "+req.SourceTypeName, fmt.Sprintf("A moved block moves a %s of provider %s to a %s_%s, which takes over only these "+
					"types of providers for Bitbucket: %s. Use a removed block with destroy = false for the old resource, and an import block for the new one.",
					req.SourceTypeName, req.SourceProviderAddress, typeName, name, strings.Join(known, ", ")))
				return
			}
			resp.Diagnostics.Append(from.translate(ctx, req.SourceTypeName, req.SourceRawState, &resp.TargetState)...)
			resp.Diagnostics.Append(identify(ctx, resp.TargetIdentity, resp.TargetState)...)
		},
	}}
}

// translate writes what was kept of a thing, as a resource of another type, into a state of ours. What identifies it must be there; the rest is
// read anyway.
func (f former) translate(ctx context.Context, from string, raw *tfprotov6.RawState, to *tfsdk.State) diag.Diagnostics {
	var (
		diags diag.Diagnostics
		kept  map[string]any
		wrong []string
	)
	if raw == nil || json.Unmarshal(raw.JSON, &kept) != nil || kept == nil {
		diags.Append(unreadable(from, "is not a JSON object"))
		return diags
	}
	to.Raw = tftypes.NewValue(to.Schema.Type().TerraformType(ctx), nil)
	for name, attribute := range to.Schema.GetAttributes() {
		switch attribute.GetType() {
		case types.StringType:
			text := f.text(kept, name)
			wrong = append(wrong, f.faults(name, text, attribute.IsRequired())...)
			if !attribute.IsRequired() && name == "permission" && text == string(access.None) {
				text = "" // groups without a default permission
			}
			diags.Append(to.SetAttribute(ctx, path.Root(name), orNull(text))...)
		case types.BoolType:
			flag, is := kept[name].(bool)
			value := types.BoolValue(flag)
			if !is && !attribute.IsComputed() {
				value = types.BoolNull()
			}
			diags.Append(to.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		diags.Append(unreadable(from, strings.Join(wrong, ", and ")))
	}
	return diags
}

// faults say why a text that was kept of an attribute of ours cannot be taken over. Only a permission may be missing although it is required:
// it is read.
func (f former) faults(name, text string, required bool) []string {
	var wrong []string
	if _, needed := f.names[name]; text == "" && (needed || required && name != "permission") {
		wrong = append(wrong, "does not say what its "+f.called(name)+" is")
	}
	if _, err := access.ParseUserID(text); name == "user_id" && text != "" && err != nil {
		wrong = append(wrong, "has a "+f.called(name)+" that cannot be used: "+err.Error())
	}
	return wrong
}

// unreadable is the error for a state that cannot be taken over.
func unreadable(from, why string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to take over "+from, "Its state "+why+". Remove it with \"terraform state rm\", and import what it manages.")
}

// called is an attribute by all its names.
func (f former) called(name string) string {
	if len(f.names[name]) == 0 {
		return name
	}
	return name + " (" + strings.Join(f.names[name], ", ") + ")"
}

// text is the text that was kept of an attribute of ours, "" when there is none.
func (f former) text(kept map[string]any, name string) string {
	for _, key := range append([]string{name}, f.names[name]...) {
		if text, _ := kept[key].(string); strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}
