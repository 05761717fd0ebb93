package access_test

import (
	"slices"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

func TestPermissionsAreOrderedByWhatTheyAllow(t *testing.T) {
	t.Parallel()
	order := []access.Permission{"nonsense", access.None, access.Read, access.Write, access.CreateRepo, access.Admin}
	for i, p := range order {
		for j, q := range order {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got := p.Compare(q); got != want {
				t.Errorf("%s.Compare(%s) = %d, want %d", p, q, got, want)
			}
		}
	}
	if access.Permission("a").Compare("b") != 0 {
		t.Error("unknown permissions differ")
	}
}

func TestWhatCanBeGranted(t *testing.T) {
	t.Parallel()
	for kind, want := range map[access.ScopeKind][]access.Permission{
		access.RepositoryScope: {"read", "write", "admin"},
		access.ProjectScope:    {"read", "write", "create-repo", "admin"},
	} {
		got := kind.Permissions()
		equal(t, string(kind), want, got)
		if !slices.IsSortedFunc(got, access.Permission.Compare) {
			t.Errorf("%s: %q is not in order", kind, got)
		}
		got[0] = "changed"
		equal(t, string(kind)+" after a caller changed its copy", want, kind.Permissions())
	}
}

func TestScopesAndPrincipalsAreNamedAsAPersonWould(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"repository acme/api": api.String(), "project acme/PLAT": plat.String(), "user {1}": user("{1}").String(), "group web": group("web").String(),
	} {
		equal(t, "name", want, got)
	}
}

func TestWhatEachCredentialMayWrite(t *testing.T) {
	t.Parallel()
	for kind, want := range map[access.CredentialKind][2]bool{
		access.APIToken: {true, true}, access.AccessToken: {false, false}, access.OAuthConsumer: {false, true},
	} {
		equal(t, string(kind), want, [2]bool{kind.MayWritePermissions(), kind.MayWriteGroups()})
	}
}
