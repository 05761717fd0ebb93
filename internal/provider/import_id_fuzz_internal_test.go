package provider

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// importable are the parts of the import ids of all types, in the order of the type names.
func importable() map[string][]part {
	all := map[string][]part{"group": groupParts, "group_membership": membershipParts, "workspace_invitation": invitationParts}
	for _, kind := range grantKinds {
		all[kind.name()] = kind.parts()
	}
	for _, kind := range exclusiveKinds {
		all[kind.name] = kind.parts()
	}
	return all
}

func TestTheImportIDsOfAllTypesAreFuzzed(t *testing.T) {
	t.Parallel()
	var types []string
	for _, construct := range (&bitbucketProvider{}).Resources(t.Context()) {
		var metadata resource.MetadataResponse
		construct().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: typeName}, &metadata)
		types = append(types, strings.TrimPrefix(metadata.TypeName, typeName+"_"))
	}
	slices.Sort(types)
	if diff := cmp.Diff(types, typesOf(importable())); diff != "" {
		t.Errorf("types (-of the provider +fuzzed):\n%s", diff)
	}
}

func typesOf(all map[string][]part) []string {
	var types []string
	for name := range all {
		types = append(types, name)
	}
	slices.Sort(types)
	return types
}

// pathTaker takes down the path of each request.
type pathTaker struct{ paths []string }

func (p *pathTaker) RoundTrip(req *http.Request) (*http.Response, error) {
	p.paths = append(p.paths, req.URL.EscapedPath())
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

const anyUUID, anyAccount = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}", "557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10"

// knownIDs are import ids, and texts that look like some.
var knownIDs = []string{
	"", "/", ":", "acme", "acme/api", "acme:api", "acme/api/" + anyUUID, "acme:api:" + anyAccount, "acme/PLAT/developers", "acme/PLAT",
	"acme/ada@acme.example", "acme:a/b@c", "acme/a/b@c",
	"acme/../x", "acme/./x", "acme/%2e%2e/x", "acme/a%2Fb/x", "acme/a?b/x", "acme/a#b/x", `acme/a\b/x`, "acme/ /x", "acme/api/x\n", "\u212a/api",
	"acme/api/\u202e", "acme/api/a:..",
	"acme//x", anyUUID + "/api/" + anyUUID, anyUUID + ":api:" + anyUUID, "acme/\x00@x", "acme/" + strings.Repeat("a", 300), "acme/\"@x\"",
	"acme/a@b/../c", "acme/a:b@c", "acme:a:b@c", "acme/\xff@c",
}

// imports are the import ids of all types, and what takes down the paths that they lead to.
type imports struct {
	all    map[string][]part
	types  []string
	taker  *pathTaker
	client *rest.Client
}

func newImports(tb testing.TB) *imports {
	tb.Helper()
	i := &imports{all: importable(), taker: &pathTaker{}}
	i.types = typesOf(i.all)
	client, err := rest.New(rest.Options{BaseURL: "http://localhost", Transport: i.taker})
	if err != nil {
		tb.Fatal(err)
	}
	i.client = client
	return i
}

// check holds that an import id is refused with its form, or is one way to write the parts that the path of the type is made of.
func (i *imports) check(t *testing.T, which uint8, id string) {
	t.Helper()
	parts := i.all[i.types[int(which)%len(i.types)]]
	form := strings.Join(each(parts, func(p part) string { return p.attribute }), "/")
	texts, err := parseImportID(id, parts)
	if err != nil {
		if texts != nil || !strings.Contains(err.Error(), "is not of the form "+form) || strings.ContainsAny(err.Error(), "\n\r\x00\x1b\u202e") {
			t.Errorf("%q: parts %q with the error %q, which should name the form %s", id, texts, err, form)
		}
		return
	}
	if len(texts) != len(parts) {
		t.Fatalf("%q: parts %q, want %s", id, texts, form)
	}
	for n, p := range parts {
		if err := p.rule.check(texts[n]); err != nil || !strings.Contains(id, texts[n]) {
			t.Errorf("%q: the %s %q: %v", id, p.attribute, texts[n], err)
		}
	}
	joined := importID(texts...)
	if again, err := parseImportID(joined.ValueString(), parts); err != nil || !slices.Equal(again, texts) {
		t.Errorf("%q is %q, joined %s, and that is %q (%v)", id, texts, joined, again, err)
	}
	i.taker.paths = nil
	if _, err := i.client.Send(t.Context(), rest.Request{Method: http.MethodGet, Path: texts}); err != nil {
		t.Errorf("%q: %s", id, err)
	}
	var sent []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(strings.Join(i.taker.paths, "|"), "/"), "/") {
		element, _ := url.PathUnescape(segment)
		sent = append(sent, element)
	}
	if !slices.Equal(sent, texts) {
		t.Errorf("%q: the parts are %q, and the path is made of %q", id, texts, sent)
	}
}

func FuzzImportIDs(f *testing.F) {
	i := newImports(f)
	for n, id := range knownIDs {
		f.Add(uint8(n), id) // each for one type, because running all for all takes longer than the rest
	}
	f.Fuzz(i.check)
}

// TestImportIDsOfAnyFormAreRefusedOrMeanTheirParts does what FuzzImportIDs does, without its help to find what is new: building this package
// for fuzzing takes minutes.
func TestImportIDsOfAnyFormAreRefusedOrMeanTheirParts(t *testing.T) {
	t.Parallel()
	i, dice := newImports(t), rand.New(rand.NewPCG(1, 2))
	pieces := strings.Split("acme|api|PLAT|developers|a@b.c|/|//|:|..|.|%2F|%|?|#|\\|\"| |\n|\x00|\u202e|\xff|{|}|"+anyUUID+"|"+anyAccount, "|")
	for range 20_000 {
		id := knownIDs[dice.IntN(len(knownIDs))]
		for range dice.IntN(4) {
			at := dice.IntN(len(id) + 1)
			id = id[:at] + pieces[dice.IntN(len(pieces))] + id[min(len(id), at+dice.IntN(2)*dice.IntN(4)):]
		}
		i.check(t, uint8(dice.IntN(256)), id)
	}
}
