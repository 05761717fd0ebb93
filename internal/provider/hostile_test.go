package provider_test

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// hostileTexts are texts that, where they become part of an address, would make it another one, and texts that look like others.
var hostileTexts = []string{
	"a/b", "/", "..", ".", "%2e%2e", "%2F", "a%2Fb", "..%2f..", "a?b", "a#b", "a;b", `a\b`, " a", "a ", "a\nb", "a\r\nHost: evil", "a\x00b", "a\u202eb",
	"a\u2028b", "\u00e9", "e\u0301", "\u212a",
	"\u00df", "\U0001f600", strings.Repeat("a", 300), "{}", "{uuid}", "a:b", "a:..", "//evil.example", "a@b", "a/../b@c", `"@b`, "a\u202e@b", "A", "-",
	"a\") OR (name != \"",
	"{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a11}", "557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a11", "5b10ac8d82e05b22cc7d4ef5",
}

// routeWords are the words of the addresses of both APIs.
var routeWords = strings.Fields(`1.0 2.0 admin v1 v2 orgs directories - groups users members memberships search workspaces role-assignments assign revoke invite
	user permission permissions permissions-config projects repositories invitations managed-accounts default-reviewers count emails`)

// attack is a provider in a world, whose requests are looked at.
type attack struct {
	*server
	tfprotov6.ListResourceServer

	w     *acctest.World
	known map[string]bool // what paths in this world are made of
}

func newAttack(t *testing.T, w *acctest.World) *attack {
	t.Helper()
	l := listing(t, w)
	a := &attack{l.server, l.ListResourceServer, w, map[string]bool{}}
	for _, word := range routeWords {
		a.known[word] = true
	}
	for _, text := range hostileTexts { // each, because a request can come when its caller has gone
		a.known[text], a.known[strings.Trim(text, "{}")] = true, true
	}
	a.learn()
	return a
}

// learn makes known what there is in the world now.
func (a *attack) learn() {
	seed := a.w.Snapshot()
	for _, u := range seed.Users {
		a.known[u.UUID], a.known[u.AccountID] = true, true
	}
	for _, o := range seed.Organizations {
		a.known[o.ID] = true
		for _, d := range o.Directories {
			a.known[d.ID] = true
		}
		for _, g := range o.Groups {
			a.known[g.ID] = true
		}
	}
	for _, ws := range seed.Workspaces {
		a.known[ws.Slug], a.known[ws.UUID] = true, true
		for _, g := range ws.Groups {
			a.known[g.Slug] = true
		}
		for _, p := range ws.Projects {
			a.known[p.Key] = true
		}
		for _, r := range ws.Repositories {
			a.known[r.Slug] = true
		}
	}
}

// expectPaths demands that all requests so far had paths that are made of what is known and of hostile texts, each whole.
func (a *attack) expectPaths(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range a.w.Journal() {
		for element := range strings.SplitSeq(strings.Trim(r.Path, "/"), "/") {
			decoded, err := url.PathUnescape(element)
			if !a.known[decoded] {
				a.learn() // somebody may have been invited
			}
			if err != nil || !a.known[decoded] || decoded == "." || decoded == ".." || decoded == "" {
				t.Errorf("%s %q: %s %s has the element %q", what, text, r.Method, r.Path, decoded)
			}
		}
	}
	a.w.ResetJournal()
}

// asShown is a text as an error shows it.
func asShown(text string) string { return strings.Trim(strconv.Quote(text), `"`) }

// spoken are the words that errors name an attribute with.
func spoken(attribute string) []string {
	words := strings.Split(strings.TrimSuffix(attribute, "s"), "_")
	return append(words, cmp.Or(map[string]string{"email": "address", "uuid": "user"}[words[0]], words[0]))
}

// expectSaid demands that diagnostics show everything that is in them, and that one of the errors, if there are any, names the attribute and
// the text. It returns whether there are errors.
func expectSaid(t *testing.T, what, attribute, text string, diags []*tfprotov6.Diagnostic) bool {
	t.Helper()
	var refused []string
	named := false
	for _, d := range diags {
		said := d.Summary + "\n" + d.Detail
		if strings.ContainsFunc(said, func(r rune) bool { return r != '\n' && !strconv.IsPrint(r) }) || strings.Contains(text, "\n") && strings.Contains(said, text) {
			t.Errorf("%s %q: it cannot be seen what this says: %q", what, text, said)
		}
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			refused = append(refused, said)
			names := d.Attribute != nil && strings.Contains(d.Attribute.String(), attribute) ||
				slices.ContainsFunc(spoken(attribute), func(word string) bool { return strings.Contains(strings.ToLower(said), word) })
			shows := strings.Contains(said, asShown(text)) || strings.Contains(said, text) ||
				attribute == "query" || // what is wrong with it, only Bitbucket knows
				strings.Contains(said, "nobody can be invited to a single repository")
			named = named || names && shows
		}
	}
	if len(refused) > 0 && !named {
		t.Errorf("%s %q: no error names %s and the text: %q", what, text, attribute, refused)
	}
	return len(refused) > 0
}

// placed puts a text where a value of an attribute's type has one, nothing where it has none: a text, or the one element of a set, list or map.
func placed(kind tftypes.Type, text string) (value tftypes.Value, ok bool) {
	switch {
	case kind.Is(tftypes.String):
		return str(text), true
	case kind.Equal(tftypes.Set{ElementType: tftypes.String}), kind.Equal(tftypes.List{ElementType: tftypes.String}):
		return tftypes.NewValue(kind, []tftypes.Value{str(text)}), true
	case kind.Equal(tftypes.Map{ElementType: tftypes.String}):
		return tftypes.NewValue(kind, map[string]tftypes.Value{text: str("read")}), true
	}
	return tftypes.Value{}, false
}

// eachHostile runs a test for each attribute of a schema that can be given a text which becomes part of an address, and each text.
func (a *attack) eachHostile(schema *tfprotov6.Schema, test func(attribute, text string, settings map[string]tftypes.Value)) {
	given := sample(a.w, schema)
	for name, value := range given {
		switch name {
		case "group_slug":
			given[name] = str(a.w.Developers)
		case "group_slugs":
			given[name] = tftypes.NewValue(value.Type(), []tftypes.Value{str(a.w.Developers)})
		case "groups":
			given[name] = tftypes.NewValue(value.Type(), map[string]tftypes.Value{a.w.Developers: str("read")})
		}
	}
	for _, attribute := range schema.Block.Attributes {
		if !attribute.Required && !attribute.Optional || attribute.Name == "permission" || attribute.Name == "unmanaged" || attribute.Name == "role" {
			continue
		}
		for _, text := range hostileTexts {
			if value, ok := placed(attribute.Type, text); ok {
				settings := exclusively(more(given, map[string]tftypes.Value{attribute.Name: value}), attribute.Name)
				if attribute.Name == "repo_slug" && !attribute.Required { // an invitation
					settings["permission"] = str("read")
				}
				test(attribute.Name, text, settings)
			}
		}
	}
}

// exclusively leaves out what cannot be given together with an attribute.
func exclusively(settings map[string]tftypes.Value, attribute string) map[string]tftypes.Value {
	for _, one := range [][]string{{"user_id", "uuid", "email", "nickname"}, {"group_slug", "name"}, {"group_slugs", "repo_slug"}} {
		if _, among := settings["name"]; slices.Contains(one, attribute) && (attribute != "name" || among) {
			maps.DeleteFunc(settings, func(name string, _ tftypes.Value) bool { return name != attribute && slices.Contains(one, name) })
		}
	}
	return settings
}

func TestHostileTextsInResourcesReachNoOtherPath(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := newAttack(t, w)
		for name, schema := range a.schemas.ResourceSchemas {
			a.eachHostile(schema, func(attribute, text string, settings map[string]tftypes.Value) {
				if attribute == "name" { // which Bitbucket makes a slug of
					return
				}
				a.takeThrough(t, name+"."+attribute, attribute, text, managedResource{written: written{name, settings}})
				a.expectPaths(t, name+"."+attribute, text)
			})
		}
	})
}

// takeThrough takes a resource through its life as far as it gets.
func (a *attack) takeThrough(t *testing.T, what, attribute, text string, r managedResource) {
	t.Helper()
	config := configOf(t, a.schemas.ResourceSchemas[r.resource], r.settings)
	valid, err := a.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: r.resource, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if expectSaid(t, what, attribute, text, valid.Diagnostics) {
		return
	}
	heard := &diagnosed{server: inRun(t, a.w, nil)} // one that has not planned the same before
	said := func() bool {
		diags := heard.said
		heard.said = nil
		return expectSaid(t, what, attribute, text, diags)
	}
	p := &server{heard, a.schemas}
	for _, do := range []func(context.Context, *server) error{r.propose, r.carryOut, r.refresh} {
		if err := do(t.Context(), p); said() || err != nil {
			break
		}
	}
	if r.state == nil {
		return
	}
	if err := r.leave(t.Context(), p); said() || err != nil {
		return
	}
	if err := r.carryOut(t.Context(), p); said() || err != nil {
		t.Errorf("%s %q: what was made is not destroyed", what, text)
	}
}
