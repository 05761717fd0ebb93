package provider_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// Ids that are well formed, and of nobody.
const (
	nobodysUUID    = "{00000000-0000-4000-8000-000000000000}"
	nobodysAccount = "557058:00000000-0000-4000-8000-000000000000"
)

// ways are how an import names what it imports.
var ways = []string{"by id", "by identity"}

// found imports what parts name.
func (i thing) found(t *testing.T, way string, parts map[string]string) *tfprotov6.ImportResourceStateResponse {
	t.Helper()
	if way == "by identity" {
		return i.importing(t, &tfprotov6.ImportResourceStateRequest{Identity: i.of(t, parts)})
	}
	var id []string
	for _, name := range importIDs[i.name] {
		id = append(id, parts[name])
	}
	between := map[string]string{"by id": "/", "by the id of other providers": ":"}[way]
	return i.importing(t, &tfprotov6.ImportResourceStateRequest{ID: strings.Join(id, between)})
}

func (i thing) importing(t *testing.T, req *tfprotov6.ImportResourceStateRequest) *tfprotov6.ImportResourceStateResponse {
	t.Helper()
	req.TypeName = i.name
	found, err := i.ImportResourceState(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// expectUnable demands that an import has failed with one error, which says what is meant.
func (i thing) expectUnable(t *testing.T, when string, found *tfprotov6.ImportResourceStateResponse, mentions ...string) {
	t.Helper()
	expectOneError(t, fmt.Sprintf("%s: %s", i.name, when), found.Diagnostics, "Unable to import ")
	for _, d := range found.Diagnostics {
		for _, text := range mentions {
			if !strings.Contains(d.Detail, text) {
				t.Errorf("%s: %s: it does not say %q: %s", i.name, when, text, d.Detail)
			}
		}
		if strings.Contains(d.Detail, "%!") || strings.Contains(d.Detail, "  ") || strings.Contains(d.Detail, "nil") {
			t.Errorf("%s: %s: it says %q", i.name, when, d.Detail)
		}
	}
}

// present makes the thing, which lists are already, and returns what identifies it.
func (i thing) present(t *testing.T) map[string]string {
	t.Helper()
	if !isExclusive(i.name) {
		return i.parts(t, i.create(t).NewState)
	}
	parts := map[string]string{}
	for _, name := range importIDs[i.name] {
		var text string
		if err := i.settings[name].As(&text); err != nil {
			t.Fatal(err)
		}
		parts[name] = text
	}
	return parts
}

// eachImport runs a test for each type and each way to import it; where an organization administers the workspace, for what it administers.
func eachImport(t *testing.T, test func(t *testing.T, i thing, way string)) {
	t.Helper()
	for name := range importIDs {
		for _, way := range ways {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				test(t, thingOf(t, acctest.New(t, simulator.Options{}), name), way)
			})
			if strings.Contains(name, "permission") {
				continue
			}
			t.Run(name+" of an organization "+way, func(t *testing.T) {
				t.Parallel()
				test(t, thingOf(t, acctest.NewManaged(t, simulator.Options{}), name), way)
			})
		}
	}
}

func TestAnImportByIdentityIsThatByID(t *testing.T) {
	t.Parallel()
	for name, say := range words {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachThing(t, func(t *testing.T, i thing) {
				t.Helper()
				i = i.inWords(say(i.w))
				created := i.create(t)
				want, parts := unmarshal(t, i.schema(), created.NewState), i.parts(t, created.NewState)
				for _, way := range append([]string{"by the id of other providers"}, ways...) {
					again := i.again(t)
					found := again.found(t, way, parts)
					mustPass(t, "ImportResourceState "+way, nil, found.Diagnostics)
					imported := found.ImportedResources[0]
					i.expect(t, "imported "+way, imported.Identity, parts)
					for _, identity := range []*tfprotov6.ResourceIdentityData{imported.Identity, nil} {
						read, err := again.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
							TypeName: i.name, CurrentState: imported.State, Private: imported.Private, CurrentIdentity: identity,
						})
						mustPass(t, "ReadResource", err, read.Diagnostics)
						i.expect(t, "imported "+way+" and read", read.NewIdentity, parts)
						if got := unmarshal(t, i.schema(), read.NewState); !got.Equal(want) {
							t.Errorf("imported %s the state is %s, want %s", way, got, want)
						}
					}
				}
			})
		})
	}
}

func TestAnImportOfWhatIsNotThereSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	eachImport(t, func(t *testing.T, i thing, way string) {
		t.Helper()
		parts := i.present(t)
		if found := i.again(t).found(t, way, parts); len(found.Diagnostics) > 0 {
			t.Fatalf("%s: what is there cannot be imported: %v", i.name, found.Diagnostics[0])
		}
		missing := map[string][]string{
			"workspace":   {"nowhere", nobodysUUID, "Ac me", ".", ".."},
			"repo_slug":   {"nothing", "..", "api?x=1", "api#x", "a b", nobodysUUID},
			"project_key": {"NOTHING", "..", "PLAT?x=1", "%50LAT"},
			"group_slug":  {"nobodies", "..", "Developers", "%64evelopers", nobodysUUID},
			"slug":        {"nobodies", "..", "Ops", nobodysUUID},
			"user_id":     {nobodysUUID, nobodysAccount, bare(nobodysUUID), i.w.Linus.UUID, i.w.Linus.AccountID},
			"email":       {"nobody@partner.example", "edsger", "edsger@partner.example.org"},
		}
		for part := range parts {
			for _, wrong := range missing[part] {
				named := maps.Clone(parts)
				named[part] = wrong
				i.expectUnable(t, fmt.Sprintf("%s %q", part, wrong), i.again(t).found(t, way, named), wrong)
			}
		}
	})
}
