// Command schema prints the schemas of the provider in the form of "terraform providers schema -json", asked from the provider
// itself. The documentation is made from it, so that it does not depend on what the installed CLI knows of.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
)

// address is the key that tfplugindocs looks for.
const address = "registry.terraform.io/hashicorp/bitbucket"

// object is a JSON object.
type object = map[string]any

func main() {
	if err := printSchemas(); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func printSchemas() error {
	server := provider.Server("dev", provider.Options{})()
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	for _, d := range schemas.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	identities, err := server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	return encoder.Encode(object{
		"format_version": "1.0",
		"provider_schemas": object{address: object{
			"provider":              schema(schemas.Provider),
			"resource_schemas":      each(schemas.ResourceSchemas),
			"data_source_schemas":   each(schemas.DataSourceSchemas),
			"list_resource_schemas": each(schemas.ListResourceSchemas),

			"resource_identity_schemas": identity(identities.IdentitySchemas),
		}},
	})
}

func each(schemas map[string]*tfprotov6.Schema) object {
	all := object{}
	for name, s := range schemas {
		all[name] = schema(s)
	}
	return all
}

// identity is what identifies resources, by type.
func identity(schemas map[string]*tfprotov6.ResourceIdentitySchema) object {
	all := object{}
	for name, s := range schemas {
		parts := object{}
		for _, a := range s.IdentityAttributes {
			parts[a.Name] = object{"type": a.Type, "description": a.Description, "required_for_import": a.RequiredForImport, "optional_for_import": a.OptionalForImport}
		}
		all[name] = object{"version": s.Version, "attributes": parts}
	}
	return all
}

func schema(s *tfprotov6.Schema) object {
	return object{"version": s.Version, "block": block(s.Block)}
}

func block(b *tfprotov6.SchemaBlock) object {
	blocks := object{}
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = object{"nesting_mode": strings.ToLower(nested.Nesting.String()), "block": block(nested.Block)}
	}
	return describe(object{"attributes": attributes(b.Attributes), "block_types": blocks, "deprecated": b.Deprecated}, b.Description, b.DescriptionKind)
}

func attributes(list []*tfprotov6.SchemaAttribute) object {
	all := object{}
	for _, a := range list {
		one := object{
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive, "deprecated": a.Deprecated,
			"write_only": a.WriteOnly,
		}
		if a.NestedType == nil {
			one["type"] = a.Type
		} else {
			one["nested_type"] = object{"attributes": attributes(a.NestedType.Attributes), "nesting_mode": strings.ToLower(a.NestedType.Nesting.String())}
		}
		all[a.Name] = describe(one, a.Description, a.DescriptionKind)
	}
	return all
}

// describe adds a description in the words of the JSON form.
func describe(o object, text string, kind tfprotov6.StringKind) object {
	o["description"] = text
	o["description_kind"] = "plain"
	if kind == tfprotov6.StringKindMarkdown {
		o["description_kind"] = "markdown"
	}
	return o
}
