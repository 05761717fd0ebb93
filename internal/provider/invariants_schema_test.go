package provider_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

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

var (
	snakeCase  = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	secretName = regexp.MustCompile(`(token|password|secret|api_key)$`)
)

func TestAllNamesAreSnakeCaseWithThePrefix(t *testing.T) {
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

func TestAllDescriptionsAreFinishedSentences(t *testing.T) {
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

func TestSecretsAndOnlySecretsAreSensitive(t *testing.T) {
	t.Parallel()
	for _, d := range newServer(t, acctest.Factories()).everything() {
		if secret := secretName.MatchString(d.path); secret != d.sensitive {
			t.Errorf("%s: sensitive is %t, want %t", d.path, d.sensitive, secret)
		}
	}
}

// TestNoSchemaHasASetOfObjects holds that no set of objects is in a schema: a thousand of them cost a plan of more than a minute.
func TestNoSchemaHasASetOfObjects(t *testing.T) {
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

func TestDescriptionsOfResourcesSayWhatTheyOwnAndHowTheyEnd(t *testing.T) {
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
