package provider_test

import (
	"cmp"
	"maps"
	"regexp"
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
	"bitbucket_access_review", "bitbucket_current_user", "bitbucket_effective_access", "bitbucket_group", "bitbucket_groups", "bitbucket_project", "bitbucket_project_permissions",
	"bitbucket_projects", "bitbucket_repositories", "bitbucket_repository", "bitbucket_repository_permissions", "bitbucket_user", "bitbucket_users",
	"bitbucket_workspace", "bitbucket_workspaces",
}

// server is the provider behind Terraform's protocol, driven without Terraform.
type server struct {
	tfprotov6.ProviderServer

	schemas *tfprotov6.GetProviderSchemaResponse
}

func newServer(t *testing.T, factories map[string]func() (tfprotov6.ProviderServer, error)) *server {
	t.Helper()
	s, err := factories["bitbucket"]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	mustPass(t, "GetProviderSchema", err, schemas.Diagnostics)
	return &server{s, schemas}
}

// mustPass ends the test when a call failed or answered with an error.
func mustPass(t *testing.T, call string, err error, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %s", call, err)
	}
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s: %s (%s)", call, d.Summary, d.Detail, d.Attribute)
		}
	}
}

// configOf makes a configuration of the attributes given; the others are null. The organization block is null unless given.
func configOf(t *testing.T, s *tfprotov6.Schema, given map[string]tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	shape, ok := s.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("the schema is a %s", s.ValueType())
	}
	all := map[string]tftypes.Value{}
	for name, kind := range shape.AttributeTypes {
		all[name] = tftypes.NewValue(kind, nil)
	}
	maps.Copy(all, given)
	return dynamic(t, tftypes.NewValue(shape, all))
}

func dynamic(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

func str(text string) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }

// described is a name in a schema and what is said about it.
type described struct {
	path, description string
	sensitive         bool
}

// inventory lists a block and everything in it.
func inventory(path string, b *tfprotov6.SchemaBlock) []described {
	all := []described{{path: path, description: b.Description}}
	for _, a := range b.Attributes {
		all = append(all, attributes(path, a)...)
	}
	for _, nested := range b.BlockTypes {
		all = append(all, inventory(path+"."+nested.TypeName, nested.Block)...)
	}
	return all
}

func attributes(path string, a *tfprotov6.SchemaAttribute) []described {
	path += "." + a.Name
	all := []described{{path: path, description: a.Description, sensitive: a.Sensitive}}
	if a.NestedType != nil {
		for _, inner := range a.NestedType.Attributes {
			all = append(all, attributes(path, inner)...)
		}
	}
	return all
}

// everything lists the provider's configuration, all resources and all data sources.
func (s *server) everything() []described {
	all := inventory("provider", s.schemas.Provider.Block)
	for name, schema := range s.schemas.ResourceSchemas {
		all = append(all, inventory("resource."+name, schema.Block)...)
	}
	for name, schema := range s.schemas.DataSourceSchemas {
		all = append(all, inventory("data."+name, schema.Block)...)
	}
	slices.SortFunc(all, func(a, b described) int { return cmp.Compare(a.path, b.path) })
	return all
}

func TestInvariants_registeredTypes(t *testing.T) {
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

var (
	snakeCase  = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	secretName = regexp.MustCompile(`(token|password|secret|api_key)$`)
)

func TestInvariants_names(t *testing.T) {
	t.Parallel()
	for _, d := range newServer(t, acctest.Factories()).everything() {
		parts := strings.Split(d.path, ".")
		for _, part := range parts {
			if !snakeCase.MatchString(part) {
				t.Errorf("%s: %s is not snake case", d.path, part)
			}
		}
		if len(parts) > 1 && parts[0] != "provider" && !strings.HasPrefix(parts[1], "bitbucket_") {
			t.Errorf("%s lacks the prefix of the provider", d.path)
		}
	}
}

func TestInvariants_descriptions(t *testing.T) {
	t.Parallel()
	for _, d := range newServer(t, acctest.Factories()).everything() {
		text := strings.TrimSpace(d.description)
		switch {
		case text == "":
			t.Errorf("%s has no description", d.path)
		case !strings.HasSuffix(text, "."):
			t.Errorf("%s: the description is no full sentence: %q", d.path, text)
		case text[:1] != strings.ToUpper(text[:1]):
			t.Errorf("%s: the description starts in lower case: %q", d.path, text)
		case strings.Contains(text, "TODO"), strings.Contains(text, "%!"), strings.Contains(strings.ReplaceAll(text, "\n  - ", "\n- "), "  "):
			t.Errorf("%s: the description is not finished: %q", d.path, text)
		}
	}
}

func TestInvariants_secretsAreSensitive(t *testing.T) {
	t.Parallel()
	for _, d := range newServer(t, acctest.Factories()).everything() {
		if secret := secretName.MatchString(d.path); secret != d.sensitive {
			t.Errorf("%s: sensitive is %t, want %t", d.path, d.sensitive, secret)
		}
	}
}

// TestInvariants_noNestedSets holds that no set of objects is in a schema: a thousand of them cost a plan of more than a minute.
func TestInvariants_noNestedSets(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	var check func(path string, b *tfprotov6.SchemaBlock)
	check = func(path string, b *tfprotov6.SchemaBlock) {
		for _, a := range b.Attributes {
			set, isSet := a.ValueType().(tftypes.Set)
			if isSet && !set.ElementType.Is(tftypes.String) {
				t.Errorf("%s.%s is a set of %s", path, a.Name, set.ElementType)
			}
		}
		for _, nested := range b.BlockTypes {
			if nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeSet {
				t.Errorf("%s.%s is a set of blocks", path, nested.TypeName)
			}
			check(path+"."+nested.TypeName, nested.Block)
		}
	}
	check("provider", s.schemas.Provider.Block)
	for name, schema := range s.schemas.ResourceSchemas {
		check(name, schema.Block)
	}
	for name, schema := range s.schemas.DataSourceSchemas {
		check(name, schema.Block)
	}
}

func TestInvariants_interfaces(t *testing.T) {
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

func TestInvariants_resourceDescriptions(t *testing.T) {
	t.Parallel()
	for name, schema := range newServer(t, acctest.Factories()).schemas.ResourceSchemas {
		owns := "It is additive"
		switch {
		case name == "bitbucket_group":
			owns = "Its members are managed by `bitbucket_group_membership`"
		case isExclusive(name):
			owns = "It is exclusive"
		}
		for _, want := range []string{owns, "Destroying it ", ":bitbucket`", "API: [", "https://"} {
			if !strings.Contains(schema.Block.Description, want) {
				t.Errorf("%s: the description does not say %q", name, want)
			}
		}
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

// connected is a server that is configured for a world.
func connected(t *testing.T, w *acctest.World) *server {
	t.Helper()
	s := newServer(t, acctest.Factories())
	config := configOf(t, s.schemas.Provider, map[string]tftypes.Value{"base_url": str(w.URL), "username": str(w.Username), "api_token": str(w.Token)})
	answer, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: config})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	return s
}

// TestInvariants_dataSources holds that schema and model of every data source agree: all can be read, and tell everything.
func TestInvariants_dataSources(t *testing.T) {
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

// TestInvariants_resources takes every resource through its life, and holds that what is imported by its id is what was created.
func TestInvariants_resources(t *testing.T) {
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

func unmarshal(t *testing.T, s *tfprotov6.Schema, encoded *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	value, err := encoded.Unmarshal(s.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// change plans and applies a change as Terraform does; a nil prior state creates, a nil configuration destroys. Computed
// attributes without a value are proposed as unknown on create.
func (s *server) change(t *testing.T, name string, prior, config *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	t.Helper()
	schema := s.schemas.ResourceSchemas[name]
	null := dynamic(t, tftypes.NewValue(schema.ValueType(), nil))
	proposed := null
	if config != nil {
		var filled map[string]tftypes.Value
		if err := unmarshal(t, schema, config).As(&filled); err != nil {
			t.Fatal(err)
		}
		for _, a := range schema.Block.Attributes {
			if a.Computed && filled[a.Name].IsNull() {
				filled[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
			}
		}
		proposed = dynamic(t, tftypes.NewValue(schema.ValueType(), filled))
	}
	config, prior = cmp.Or(config, null), cmp.Or(prior, null)
	plan, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, PriorState: prior, ProposedNewState: proposed, Config: config,
	})
	mustPass(t, "PlanResourceChange", err, plan.Diagnostics)
	applied, err := s.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: name, PriorState: prior, PlannedState: plan.PlannedState, Config: config, PlannedPrivate: plan.PlannedPrivate,
	})
	mustPass(t, "ApplyResourceChange", err, applied.Diagnostics)
	return applied.NewState
}

// imported imports and reads an object.
func (s *server) imported(t *testing.T, name, id string) tftypes.Value {
	t.Helper()
	found, err := s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: id})
	mustPass(t, "ImportResourceState", err, found.Diagnostics)
	if len(found.ImportedResources) != 1 {
		t.Fatalf("%d objects were imported", len(found.ImportedResources))
	}
	read, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: name, CurrentState: found.ImportedResources[0].State, Private: found.ImportedResources[0].Private,
	})
	mustPass(t, "ReadResource", err, read.Diagnostics)
	return unmarshal(t, s.schemas.ResourceSchemas[name], read.NewState)
}

// importID joins attributes of a state to an import id.
func importID(t *testing.T, state tftypes.Value, attributes []string) string {
	t.Helper()
	var all map[string]tftypes.Value
	if err := state.As(&all); err != nil {
		t.Fatal(err)
	}
	parts := make([]string, len(attributes))
	for i, name := range attributes {
		if err := all[name].As(&parts[i]); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(parts, "/")
}
