package access_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// FuzzUserIDs holds that a text is refused, or is one of the two ids in the one form that paths and comparisons take.
func FuzzUserIDs(f *testing.F) {
	for _, text := range []string{
		"", "{}", "{", "}", "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}", "6B9E9B3C-0D52-4C8E-9E2B-6A1D6F2F6A10", "{{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}}",
		"6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10\n", "557058:6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10", "5b10ac8d82e05b22cc7d4ef5", "5b10ac8d82e05b22cc7d4ef5\n", "a:b", "a:.", "a:..",
		"qm:a:b", "a:b/c", "a:%2e", "a:\u212a", "\u212a:b", "a:\x00", "ada@acme.example", "6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a1\u0660",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		uuid, isUUID := access.ParseUUID(text)
		if again, ok := access.ParseUUID(uuid); isUUID && (!ok || again != uuid || len(uuid) != 38 || uuid != strings.ToLower(uuid)) {
			t.Errorf("%q is the UUID %q, which is the UUID %q: %t", text, uuid, again, ok)
		}
		id, err := access.ParseUserID(text)
		if err != nil {
			if isUUID || id != (access.UserID{}) || strings.ContainsAny(err.Error(), "\n\x00\u202e") {
				t.Errorf("%q is %v with the error %s", text, id, err)
			}
			return
		}
		if (id.UUID == "") == (id.AccountID == "") || isUUID != (id.UUID != "") {
			t.Errorf("%q is %#v", text, id)
		}
		if again, err := access.ParseUserID(id.String()); err != nil || again != id {
			t.Errorf("%q is %#v, whose text is %#v (%v)", text, id, again, err)
		}
		if inPath := strings.NewReplacer("{", "%7B", "}", "%7D").Replace(id.String()); url.PathEscape(id.String()) != inPath {
			t.Errorf("%q goes into paths as %s", text, url.PathEscape(id.String()))
		}
		if id.AccountID != "" && id.AccountID != text {
			t.Errorf("%q is the account id %q", text, id.AccountID)
		}
	})
}
