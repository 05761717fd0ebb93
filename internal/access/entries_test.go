package access_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

var (
	margaret = people[3]
	alan     = people[4]
)

// holds is the grant of api to a user with everything that is known of one.
func holds(u simulator.User, level access.Permission) access.Grant {
	return access.Grant{Scope: api, Principal: user(u.UUID), Permission: level, AccountID: u.AccountID, Name: u.DisplayName}
}

// groupHolds is the grant of api to a group.
func groupHolds(slug, name string, level access.Permission) access.Grant {
	return access.Grant{Scope: api, Principal: group(slug), Permission: level, Name: name}
}

// called is a grant of api as a configuration names it: by one id.
func called(p access.Principal, level access.Permission) access.Grant {
	return access.Grant{Scope: api, Principal: p, Permission: level}
}

// withoutUUID is a grant to somebody whom only an organization knows.
func withoutUUID(g access.Grant) access.Grant {
	g.Principal.ID = ""
	return g
}

// withoutAccountID is a grant of which Bitbucket does not say the account id.
func withoutAccountID(g access.Grant) access.Grant {
	g.AccountID = ""
	return g
}

// spellings are the ways to write the id of a user.
func spellings(u simulator.User) []string {
	bare := strings.Trim(u.UUID, "{}")
	return []string{u.UUID, bare, strings.ToUpper(bare), strings.ToUpper(u.UUID), u.AccountID}
}

func TestAPrincipalIsFoundInARosterByWhateverIsKnown(t *testing.T) {
	t.Parallel()
	r := access.NewRoster([]access.Grant{
		holds(grace, access.Read), withoutUUID(holds(linus, access.Write)), withoutAccountID(holds(margaret, access.Admin)),
		groupHolds("web", "Web", access.Read), groupHolds(strings.Trim(alan.UUID, "{}"), "Team", access.Write),
	})
	found := map[access.Principal]access.Permission{
		user(linus.AccountID): access.Write, group("web"): access.Read, group(strings.Trim(alan.UUID, "{}")): access.Write,
	}
	for i, id := range append(spellings(grace), spellings(margaret)[:4]...) {
		found[user(id)] = access.Read
		if i >= len(spellings(grace)) {
			found[user(id)] = access.Admin
		}
	}
	for p, want := range found {
		if g, ok := r.Find(p); !ok || g.Permission != want {
			t.Errorf("%s: found %t, %+v, want the one with %s", p, ok, g, want)
		}
	}
	for name, p := range map[string]access.Principal{
		"an id that is not known":                    user(linus.UUID),
		"an account id that is not known":            user(margaret.AccountID),
		"the id of a group, as a user":               user(alan.UUID),
		"the id of a group in other words":           group(alan.UUID),
		"the slug of a group, as a user":             user("web"),
		"the slug of a group in another case":        group("Web"),
		"a user as a group":                          group(grace.UUID),
		"a user without an id":                       user(""),
		"a group without a slug":                     group(""),
		"nobody":                                     {},
		"an account id in another case":              user(strings.ToUpper(linus.AccountID)),
		"an account id that only starts like that":   user(linus.AccountID + "0"),
		"what is no id":                              user("grace"),
		"a UUID with the prefix of an account id":    user("557058:" + grace.UUID),
		"the name of somebody":                       user(grace.DisplayName),
		"somebody else":                              user(alan.AccountID),
		"a group of another name, which is a user's": group(grace.AccountID),
	} {
		if g, ok := r.Find(p); ok {
			t.Errorf("%s: found %+v", name, g)
		}
	}
}

func TestAHolderIsMatchedByEitherID(t *testing.T) {
	t.Parallel()
	r := access.NewRoster([]access.Grant{withoutUUID(holds(grace, access.Read)), withoutAccountID(holds(linus, access.Write))})
	for name, tt := range map[string]struct {
		grant access.Grant
		want  bool
	}{
		"both ids, of which the UUID is not known":       {holds(grace, access.Admin), true},
		"both ids, of which the account id is not known": {holds(linus, access.Admin), true},
		"only the id that is not known":                  {withoutAccountID(holds(grace, access.Admin)), false},
		"no id":                                          {withoutUUID(withoutAccountID(holds(grace, access.Admin))), false},
		"a group of that slug":                           {groupHolds(linus.UUID, linus.DisplayName, access.Write), false},
	} {
		if _, ok := r.Match(tt.grant); ok != tt.want {
			t.Errorf("%s: matched %t, want %t", name, ok, tt.want)
		}
	}
}

func TestOfSeveralEntriesForOnePrincipalTheLastCounts(t *testing.T) {
	t.Parallel()
	inCapitals, byAccount := called(user(strings.ToUpper(grace.UUID)), access.Write), called(user(grace.AccountID), access.Write)
	onlyUUID, onlyAccount := withoutAccountID(holds(grace, access.Read)), withoutUUID(holds(grace, access.Write))
	asGroup := called(group(grace.UUID), access.Write)
	for name, tt := range map[string]struct{ entries, want []access.Grant }{
		"of one spelling": {
			[]access.Grant{holds(grace, access.Read), holds(linus, access.Read), holds(grace, access.Admin)},
			[]access.Grant{holds(grace, access.Admin), holds(linus, access.Read)},
		},
		"of several spellings":   {[]access.Grant{holds(grace, access.Read), inCapitals}, []access.Grant{inCapitals}},
		"by another id":          {[]access.Grant{holds(grace, access.Read), byAccount}, []access.Grant{byAccount}},
		"a group and its twin":   {[]access.Grant{groupHolds("web", "Web", access.Read), webWrites}, []access.Grant{webWrites}},
		"two that a third joins": {[]access.Grant{onlyUUID, onlyAccount, holds(grace, access.Admin)}, []access.Grant{holds(grace, access.Admin)}},
		"two that nothing joins": {[]access.Grant{onlyUUID, onlyAccount}, []access.Grant{onlyUUID, onlyAccount}},
		"a user and a group":     {[]access.Grant{called(user(grace.UUID), access.Read), asGroup}, []access.Grant{called(user(grace.UUID), access.Read), asGroup}},
		"nobody":                 {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := access.NewRoster(tt.entries)
			equal(t, "entries", tt.want, r.All())
			for _, g := range tt.want {
				if found, ok := r.Match(g); !ok || cmp.Diff(g, found) != "" {
					t.Errorf("the entry of %s is %+v, %t, want %+v", g.Holder(), found, ok, g)
				}
			}
		})
	}
}

func TestARosterThatWasHandedOutDoesNotChange(t *testing.T) {
	t.Parallel()
	entries := []access.Grant{holds(grace, access.Read), holds(linus, access.Read)}
	r := access.NewRoster(entries)
	entries[0].Permission = access.Admin
	r.All()[1].Permission = access.Admin
	r.After([]access.Result{
		{Step: access.Revoke(holds(grace, access.Read)), Done: true}, {Step: access.Step{Grant: holds(linus, access.Admin), To: access.Admin}, Done: true},
	})
	equal(t, "entries", []access.Grant{holds(grace, access.Read), holds(linus, access.Read)}, r.All())
}

func TestWhoIsNamedTwiceIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		grants []access.Grant
		want   []int
	}{
		"nobody":           {nil, nil},
		"everybody once":   {[]access.Grant{holds(grace, access.Read), holds(linus, access.Read), groupHolds("web", "Web", access.Read)}, nil},
		"in two spellings": {[]access.Grant{called(user(grace.UUID), access.Read), called(user(strings.ToUpper(grace.UUID)), access.Write)}, []int{1}},
		"in all spellings": {each(spellings(grace), func(id string) access.Grant {
			return access.Grant{Principal: user(id), AccountID: grace.AccountID}
		}), []int{1, 2, 3, 4}},
		"by both ids":               {[]access.Grant{holds(linus, access.Read), holds(grace, access.Read), called(user(grace.AccountID), access.Read)}, []int{2}},
		"by both ids, joined last":  {[]access.Grant{called(user(grace.UUID), access.Read), called(user(grace.AccountID), access.Read), holds(grace, access.Read)}, []int{2}},
		"with the same level":       {[]access.Grant{holds(grace, access.Read), holds(grace, access.Read)}, []int{1}},
		"a group":                   {[]access.Grant{called(group("web"), access.Read), called(group("data"), access.Read), called(group("web"), access.Read)}, []int{2}},
		"a user and a group alike":  {[]access.Grant{called(user(grace.UUID), access.Read), called(group(grace.UUID), access.Read)}, nil},
		"two people by account ids": {[]access.Grant{called(user(grace.AccountID), access.Read), called(user(linus.AccountID), access.Read)}, nil},
	} {
		equal(t, name, tt.want, access.Repeated(tt.grants))
	}
}

// each makes a list of what f makes of each item.
func each[A, B any](items []A, f func(A) B) []B {
	made := make([]B, len(items))
	for i, item := range items {
		made[i] = f(item)
	}
	return made
}

func TestMembershipIsTheOneLevelOfGroups(t *testing.T) {
	t.Parallel()
	equal(t, "levels", []access.Permission{access.Member}, access.GroupScope.Permissions())
	if access.Member.Compare(access.None) <= 0 || access.Member.Compare(access.Read) >= 0 {
		t.Error("a membership is not more than nothing and less than a permission")
	}
}
