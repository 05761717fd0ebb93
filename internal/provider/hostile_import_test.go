package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestHostileTextsInImportsReachNoOtherPath(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := newAttack(t, w)
		for name, parts := range importIDs {
			kind := identifiedBy(t, a.server, owned{resource: name}).identity
			given := map[string]string{
				"workspace": "acme", "repo_slug": "api", "project_key": "PLAT", "group_slug": w.Developers, "slug": w.Developers, "user_id": w.Grace.UUID, "email": "ada@b",
			}
			for _, part := range parts {
				for _, text := range hostileTexts {
					what, named := "the import of "+name+" by "+part, more(given, map[string]string{part: text})
					texts := make([]string, len(parts))
					identity := map[string]tftypes.Value{}
					for name := range kind.AttributeTypes {
						identity[name] = tftypes.NewValue(tftypes.String, nil)
					}
					for i, other := range parts {
						texts[i], identity[other] = named[other], str(named[other])
					}
					data := dynamic(t, tftypes.NewValue(kind, identity))
					for form, req := range map[string]*tfprotov6.ImportResourceStateRequest{
						"a path": {ID: strings.Join(texts, "/")}, "colons": {ID: strings.Join(texts, ":")}, "its identity": {Identity: &tfprotov6.ResourceIdentityData{IdentityData: data}},
					} {
						req.TypeName = name
						a.importing(t, what+" as "+form, part, text, req)
					}
				}
			}
		}
	})
}

// importing imports and, where something is found, reads it.
func (a *attack) importing(t *testing.T, what, part, text string, req *tfprotov6.ImportResourceStateRequest) {
	t.Helper()
	answer, err := a.ImportResourceState(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if !expectSaid(t, what, part, text, answer.Diagnostics) {
		for _, found := range answer.ImportedResources {
			read, err := a.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
				TypeName: req.TypeName, CurrentState: found.State, CurrentIdentity: found.Identity, Private: found.Private,
			})
			if err != nil {
				t.Fatal(err)
			}
			expectSaid(t, what, part, text, read.Diagnostics)
		}
	}
	a.expectPaths(t, what, text)
}

func TestHostileTextsInTheProviderBlockReachNoOtherPath(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	a := newAttack(t, w)
	shape, _ := a.schemas.Provider.ValueType().(tftypes.Object)
	for _, text := range hostileTexts {
		a.configuring(t, "id", text, map[string]tftypes.Value{"organization": organizationBlock(shape, text, w.Key, nil)})
		a.configuring(t, "workspaces", text, map[string]tftypes.Value{
			"workspaces": tftypes.NewValue(shape.AttributeTypes["workspaces"], []tftypes.Value{str(text)}), "organization": organizationBlock(shape, w.Organization, w.Key, nil),
		})
	}
}

// configuring configures a provider and, where that is accepted, makes a group with it.
func (a *attack) configuring(t *testing.T, attribute, text string, settings map[string]tftypes.Value) {
	t.Helper()
	p := newServer(t, acctest.Factories())
	config := configOf(t, p.schemas.Provider, more(map[string]tftypes.Value{
		"base_url": str(a.w.URL), "username": str(a.w.Username), "api_token": str(a.w.Token), "admin_base_url": str(a.w.AdminURL),
	}, settings))
	valid, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	shown := text
	if attribute == "id" {
		shown = "not the id of an organization" // the text is not repeated, because it may be the key
	}
	if expectSaid(t, attribute, attribute, shown, valid.Diagnostics) {
		return
	}
	answer, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	r := managedResource{written: written{"bitbucket_group", map[string]tftypes.Value{"workspace": str("acme"), "name": str("Ops")}}}
	heard := &diagnosed{server: p}
	if err := r.propose(t.Context(), &server{heard, p.schemas}); err == nil {
		_ = r.carryOut(t.Context(), &server{heard, p.schemas})
	}
	expectSaid(t, attribute, attribute, strings.Trim(text, "{}"), heard.said)
	a.expectPaths(t, attribute, text)
}

func organizationBlock(shape tftypes.Object, id, key string, directory any) tftypes.Value {
	return tftypes.NewValue(shape.AttributeTypes["organization"], map[string]tftypes.Value{
		"id": str(id), "api_key": str(key), "directory_id": tftypes.NewValue(tftypes.String, directory),
	})
}
