package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// TestNamesOfGroupsWithoutASlugAreRefused holds that no group is made whose slug is "." or "..", which no path can name, or nothing.
func TestNamesOfGroupsWithoutASlugAreRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	for name, refused := range map[string]bool{
		".": true, "..": true, "/": true, "{}": true, "\u202edev": true, "a\u2028b": true, "a\u2066b": true, "\U0001f600": true,
		"Caf\u00e9": false, "e\u0301quipe": false, "\u958b\u767a": false, "R&D": false, "3": false, "\U0001f469\u200d\U0001f4bb devs": false,
	} {
		config := configOf(t, s.schemas.ResourceSchemas["bitbucket_group"], map[string]tftypes.Value{"workspace": str("acme"), "name": str(name)})
		valid, err := s.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "bitbucket_group", Config: config})
		if err != nil {
			t.Fatal(err)
		}
		if got := expectSaid(t, "bitbucket_group.name", "name", name, valid.Diagnostics); got != refused {
			t.Errorf("the name %q is refused: %t, want %t", name, got, refused)
		}
	}
}
