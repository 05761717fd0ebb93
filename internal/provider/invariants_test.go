package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// importIDs are the resource types, with the attributes that their import id is made of.
var importIDs = map[string][]string{
	"bitbucket_group":                       {"workspace", "slug"},
	"bitbucket_group_membership":            {"workspace", "group_slug", "user_id"},
	"bitbucket_workspace_invitation":        {"workspace", "email"},
	"bitbucket_repository_user_permission":  {"workspace", "repo_slug", "user_id"},
	"bitbucket_repository_group_permission": {"workspace", "repo_slug", "group_slug"},
	"bitbucket_project_user_permission":     {"workspace", "project_key", "user_id"},
	"bitbucket_project_group_permission":    {"workspace", "project_key", "group_slug"},

	"bitbucket_repository_permissions_exclusive": {"workspace", "repo_slug"},
	"bitbucket_project_permissions_exclusive":    {"workspace", "project_key"},
	"bitbucket_group_members_exclusive":          {"workspace", "group_slug"},
}

var dataSourceTypes = []string{
	"bitbucket_access_review", "bitbucket_current_user", "bitbucket_effective_access", "bitbucket_group", "bitbucket_groups", "bitbucket_project",
	"bitbucket_project_permissions",
	"bitbucket_projects", "bitbucket_repositories", "bitbucket_repository", "bitbucket_repository_permissions", "bitbucket_user", "bitbucket_users",
	"bitbucket_workspace", "bitbucket_workspaces",
}

func TestTheTypesOfTheProviderAreTheKnownOnes(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	got, want := slices.Sorted(maps.Keys(s.schemas.ResourceSchemas)), slices.Sorted(maps.Keys(importIDs))
	if !slices.Equal(got, want) {
		t.Errorf("resources are %q, want %q", got, want)
	}
	if got := slices.Sorted(maps.Keys(s.schemas.DataSourceSchemas)); !slices.Equal(got, dataSourceTypes) {
		t.Errorf("data sources are %q, want %q", got, dataSourceTypes)
	}
}

func TestAllTypesCanBeConfiguredAndAllResourcesImported(t *testing.T) {
	t.Parallel()
	p := provider.New("test", provider.Options{})()
	for _, construct := range p.Resources(t.Context()) {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "bitbucket"}, &meta)
		if _, ok := r.(resource.ResourceWithConfigure); !ok {
			t.Errorf("%s cannot be configured", meta.TypeName)
		}
		if _, ok := r.(resource.ResourceWithImportState); !ok {
			t.Errorf("%s cannot be imported", meta.TypeName)
		}
		if _, ok := r.(resource.ResourceWithModifyPlan); !ok {
			t.Errorf("%s refuses nothing at plan time", meta.TypeName)
		}
	}
	for _, construct := range p.DataSources(t.Context()) {
		if _, ok := construct().(datasource.DataSourceWithConfigure); !ok {
			t.Errorf("%T cannot be configured", construct())
		}
	}
	var meta fwprovider.MetadataResponse
	if p.Metadata(t.Context(), fwprovider.MetadataRequest{}, &meta); meta.TypeName != "bitbucket" || meta.Version != "test" {
		t.Errorf("the provider is %s %s", meta.TypeName, meta.Version)
	}
}

// isExclusive tells whether a type owns a whole list.
func isExclusive(name string) bool { return strings.HasSuffix(name, "_exclusive") }

// sample fills in what a type requires, and one of the arguments that it can be looked up by, from the cast of the examples.
func sample(w *acctest.World, s *tfprotov6.Schema) map[string]tftypes.Value {
	cast := map[string]string{
		"workspace": "acme", "project_key": "PLAT", "repo_slug": "api", "group_slug": "developers", "user_id": w.Grace.AccountID,
		"permission": "read", "name": "Ops", "email": "edsger@partner.example",
	}
	values := map[string]tftypes.Value{}
	for _, a := range s.Block.Attributes {
		if a.Required && a.Type.Is(tftypes.String) || a.Name == "user_id" || a.Name == "group_slug" {
			values[a.Name] = str(cast[a.Name])
		}
		switch a.Name {
		case "group_slugs":
			values[a.Name] = tftypes.NewValue(a.Type, []tftypes.Value{str("developers")})
		case "user_ids":
			values[a.Name] = tftypes.NewValue(a.Type, []tftypes.Value{str(w.Grace.UUID)})
		case "users", "groups":
			if a.Required {
				who := map[string]string{"users": w.Grace.UUID, "groups": "developers"}[a.Name]
				values[a.Name] = tftypes.NewValue(a.Type, map[string]tftypes.Value{who: str("read")})
			}
		}
	}
	return values
}

// TestAllDataSourcesTellEverythingTheyDescribe holds that schema and model of every data source agree: all can be read, and tell everything.
func TestAllDataSourcesTellEverythingTheyDescribe(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	s := connected(t, w)
	for name, schema := range s.schemas.DataSourceSchemas {
		config := configOf(t, schema, sample(w, schema))
		valid, err := s.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
		mustPass(t, name, err, valid.Diagnostics)
		answer, err := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
		mustPass(t, name, err, answer.Diagnostics)
		state, err := answer.State.Unmarshal(schema.ValueType())
		if err != nil || state.IsNull() || !state.IsFullyKnown() {
			t.Errorf("%s: the state is %s, %v", name, state, err)
		}
	}
}

// TestAllResourcesLiveAndAreImportedAsTheyWereCreated takes every resource through its life, and holds that what is imported by its id is
// what was created.
func TestAllResourcesLiveAndAreImportedAsTheyWereCreated(t *testing.T) {
	t.Parallel()
	for name := range importIDs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			s := connected(t, w)
			before := len(w.Journal())
			schema := s.schemas.ResourceSchemas[name]
			config := configOf(t, schema, sample(w, schema))
			valid, err := s.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: config})
			mustPass(t, "ValidateResourceConfig", err, valid.Diagnostics)
			if len(w.Journal()) != before {
				t.Error("validating asks Bitbucket")
			}
			created := s.change(t, name, nil, config)
			read, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: created})
			mustPass(t, "ReadResource", err, read.Diagnostics)
			want, got := unmarshal(t, schema, created), unmarshal(t, schema, read.NewState)
			if !want.Equal(got) {
				t.Errorf("read %s, want %s", got, want)
			}
			if imported := s.imported(t, name, importID(t, want, importIDs[name])); !want.Equal(imported) {
				t.Errorf("imported %s, want %s", imported, want)
			}
			s = connected(t, w) // another run: what a run has made it does not take away
			s.change(t, name, created, nil)
			gone, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: created})
			mustPass(t, "ReadResource", err, gone.Diagnostics)
			if got := unmarshal(t, schema, gone.NewState); !got.IsNull() && !isExclusive(name) { // a list without entries is a list
				t.Errorf("after it was destroyed it is %s", got)
			}
		})
	}
}
