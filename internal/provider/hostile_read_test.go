package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestHostileTextsInDataSourcesReachNoOtherPath(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := newAttack(t, w)
		for name, schema := range a.schemas.DataSourceSchemas {
			a.eachHostile(schema, func(attribute, text string, settings map[string]tftypes.Value) {
				what, config := name+"."+attribute, configOf(t, schema, settings)
				valid, err := a.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
				if err != nil {
					t.Fatal(err)
				}
				if !expectSaid(t, what, attribute, text, valid.Diagnostics) {
					answer, err := a.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
					if err != nil {
						t.Fatal(err)
					}
					expectSaid(t, what, attribute, text, answer.Diagnostics)
				}
				a.expectPaths(t, what, text)
			})
		}
	})
}

func TestHostileTextsInListsReachNoOtherPath(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := newAttack(t, w)
		for name, schema := range a.schemas.ListResourceSchemas {
			for _, attribute := range schema.Block.Attributes {
				for _, text := range hostileTexts {
					what, config := name+"."+attribute.Name, configOf(t, schema,
						more(map[string]tftypes.Value{"workspace": str("acme")}, map[string]tftypes.Value{attribute.Name: str(text)}))
					valid, err := a.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: config})
					if err != nil {
						t.Fatal(err)
					}
					if !expectSaid(t, what, attribute.Name, text, valid.Diagnostics) {
						answer, err := a.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: name, Config: config, Limit: 10})
						if err != nil {
							t.Fatal(err)
						}
						for result := range answer.Results {
							expectSaid(t, what, attribute.Name, text, result.Diagnostics)
						}
					}
					a.expectPaths(t, what, text)
				}
			}
		}
	})
}
