package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

const (
	exclusive = "bitbucket_repository_permissions_exclusive"
	additive  = "bitbucket_repository_user_permission"
)

// whole is a claim to a whole list.
func whole(instance string, wanted ...access.Grant) access.Claim {
	return access.Claim{Scope: api, By: exclusive, Instance: instance, Wanted: access.NewRoster(wanted)}
}

// part is a claim to the access of one principal.
func part(p access.Principal) access.Claim {
	return access.Claim{Scope: api, By: additive, Entry: p}
}

// leaving is a claim of a resource that is planned to be destroyed.
func leaving(c access.Claim) access.Claim {
	c.Leaves = true
	return c
}

// first is a claim of the owner of a list that is not in the state yet.
func first(c access.Claim) access.Claim {
	c.New = true
	return c
}

// to is a claim to another scope.
func to(kind access.ScopeKind, workspace, name string, c access.Claim) access.Claim {
	c.Scope = access.Scope{Kind: kind, Workspace: workspace, Name: name}
	return c
}

// by is a claim of a resource of another type.
func by(resource string, c access.Claim) access.Claim {
	c.By = resource
	return c
}

// TestWhatTwoResourcesMayPlanWithOneList is a table of two claims, whose order does not matter.
func TestWhatTwoResourcesMayPlanWithOneList(t *testing.T) {
	t.Parallel()
	both := []access.Grant{holds(grace, access.Read), groupHolds("web", "Web", access.Write)}
	byUUID := "/2.0/workspaces/" + acmeUUID
	for name, tt := range map[string]struct {
		one, other access.Claim
		want       error
	}{
		"one resource, planned twice":                   {whole("1", both...), whole("1", both...), nil},
		"one resource, replaced":                        {leaving(whole("1", both...)), whole("1", both...), nil},
		"two owners":                                    {whole("1", both...), whole("2", both...), access.ErrTwoOwners},
		"two owners of different people":                {whole("1", both[0]), whole("2", both[1]), access.ErrTwoOwners},
		"two owners of nobody":                          {whole("1"), whole("2"), access.ErrTwoOwners},
		"two owners of different types":                 {whole("1"), by("bitbucket_something_else", whole("1")), access.ErrTwoOwners},
		"two owners, by slug and UUID of the workspace": {whole("1"), to(access.RepositoryScope, acmeUUID, "api", whole("2")), access.ErrTwoOwners},
		"two owners, by UUIDs of the workspace": {
			to(access.RepositoryScope, acmeUUID, "api", whole("1")),
			to(access.RepositoryScope, strings.ToUpper(strings.Trim(acmeUUID, "{}")), "api", whole("2")), access.ErrTwoOwners,
		},
		"an owner each":                                  {whole("1", both...), to(access.RepositoryScope, "acme", "gateway", whole("2", both...)), nil},
		"a repository and a project of one name":         {whole("1", both...), to(access.ProjectScope, "acme", "api", whole("2", both...)), nil},
		"one name in two workspaces":                     {whole("1", both...), to(access.RepositoryScope, "other", "api", whole("2", both...)), nil},
		"an owner that leaves to another":                {leaving(whole("1", both...)), whole("2", both...), access.ErrHandover},
		"an owner that leaves a part to another":         {leaving(whole("1", both...)), whole("2", both[1], holds(linus, access.Read)), access.ErrHandover},
		"an owner that leaves others than another keeps": {leaving(whole("1", both...)), whole("2", holds(linus, access.Read)), nil},
		"an owner that leaves nothing to another":        {leaving(whole("1")), whole("2", both...), nil},
		"an owner that leaves to one who keeps nobody":   {leaving(whole("1", both...)), whole("2"), nil},
		"two owners that leave":                          {leaving(whole("1", both...)), leaving(whole("2", both...)), nil},

		"an owner and an entry of it":                     {whole("1", both...), part(user(grace.UUID)), access.ErrTwoOwners},
		"an owner and somebody else's entry":              {whole("1", both...), part(user(linus.UUID)), access.ErrTwoOwners},
		"an owner of nobody and an entry":                 {whole("1"), part(user(linus.UUID)), access.ErrTwoOwners},
		"an owner and an entry, by slug and UUID":         {whole("1"), to(access.RepositoryScope, acmeUUID, "api", part(user(linus.UUID))), access.ErrTwoOwners},
		"an owner and an entry of another repository":     {whole("1", both...), to(access.RepositoryScope, "acme", "gateway", part(user(grace.UUID))), nil},
		"an owner and an entry that is not known yet":     {whole("1", both...), part(user("")), access.ErrTwoOwners},
		"an owner that leaves and an entry that stays":    {leaving(whole("1", both...)), part(user(grace.UUID)), access.ErrHandover},
		"a group's entry that stays":                      {leaving(whole("1", both...)), part(group("web")), access.ErrHandover},
		"an entry that stays, in capitals":                {leaving(whole("1", both...)), part(user(strings.ToUpper(strings.Trim(grace.UUID, "{}")))), access.ErrHandover},
		"an entry that stays, by account id":              {leaving(whole("1", both...)), part(user(grace.AccountID)), access.ErrHandover},
		"an entry that stays of somebody else":            {leaving(whole("1", both...)), part(user(linus.UUID)), nil},
		"an entry of a group of a user's id":              {leaving(whole("1", both...)), part(group(grace.UUID)), nil},
		"an entry that leaves and an owner that keeps it": {whole("1", both...), leaving(part(user(grace.UUID))), access.ErrHandover},
		"an entry that leaves by account id":              {whole("1", both...), leaving(part(user(grace.AccountID))), access.ErrHandover},
		"an entry that leaves, and that nobody keeps":     {whole("1", both...), leaving(part(user(linus.UUID))), nil},
		"an entry that leaves, and a list without it":     {whole("1"), leaving(part(user(grace.UUID))), nil},
		"an entry that leaves, and a new list":            {first(whole("1")), leaving(part(user(grace.UUID))), access.ErrHandover},
		"an entry that leaves elsewhere":                  {first(whole("1")), to(access.RepositoryScope, "acme", "gateway", leaving(part(user(grace.UUID)))), nil},
		"an entry that stays, and a new list":             {first(whole("1")), part(user(grace.UUID)), access.ErrTwoOwners},
		"both leave":                                      {leaving(whole("1", both...)), leaving(part(user(grace.UUID))), nil},

		"two entries":                       {part(user(grace.UUID)), part(user(linus.UUID)), nil},
		"two entries of one person":         {part(user(grace.UUID)), part(user(grace.UUID)), nil},
		"an entry that leaves to its equal": {leaving(part(user(grace.UUID))), part(user(grace.AccountID)), nil},
	} {
		for order, claims := range map[string][]access.Claim{"": {tt.one, tt.other}, ", the other way round": {tt.other, tt.one}} {
			t.Run(name+order, func(t *testing.T) {
				t.Parallel()
				w, d := acme(t)
				if err := d.Claim(t.Context(), claims[0]); err != nil {
					t.Errorf("the first: %v", err)
				}
				err := d.Claim(t.Context(), claims[1])
				if tt.want == nil && err != nil || !errors.Is(err, tt.want) {
					t.Errorf("the second: error is %v, want %v", err, tt.want)
				}
				if err != nil {
					for _, part := range []string{claims[0].String(), claims[1].String(), "repository acme/api"} {
						if !strings.Contains(err.Error(), part) {
							t.Errorf("the error does not say %q: %v", part, err)
						}
					}
				}
				if asked, known := w.Count("", ""), w.Count("GET", byUUID); asked != known || known > 1 {
					t.Errorf("%d requests, of which %d are for the workspace; want at most that one", asked, known)
				}
			})
		}
	}
}

func TestAClaimIsNamed(t *testing.T) {
	t.Parallel()
	equal(t, "a list", exclusive, whole("1").String())
	equal(t, "an entry", additive+" for user "+grace.UUID, part(user(grace.UUID)).String())
	if unknown := part(group("")).String(); !strings.HasPrefix(unknown, additive+" for a group") || strings.Contains(unknown, "for group ") {
		t.Errorf("an entry that is not known yet is %q", unknown)
	}
}

// TestTheErrorNamesThoseWhoCollide holds that of many resources the error names some and counts the others.
func TestTheErrorNamesThoseWhoCollide(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	for _, u := range people[1:6] {
		if err := d.Claim(t.Context(), part(user(u.UUID))); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Claim(t.Context(), whole("1"))
	if !errors.Is(err, access.ErrTwoOwners) {
		t.Fatalf("error is %v, want ErrTwoOwners", err)
	}
	named := 0
	for _, u := range people[1:6] {
		if strings.Contains(err.Error(), u.UUID) {
			named++
		}
	}
	if named == 0 || named == 5 || !strings.Contains(err.Error(), fmt.Sprintf("%d more", 5-named)) {
		t.Errorf("the error names %d of 5: %v", named, err)
	}
}

// TestTheErrorSaysWhoLeavesAndWhoKeeps holds that the way out can be told from the text.
func TestTheErrorSaysWhoLeavesAndWhoKeeps(t *testing.T) {
	t.Parallel()
	wanted := holds(grace, access.Read)
	for name, claims := range map[string][]access.Claim{
		"the entry leaves": {whole("1", wanted), leaving(part(user(grace.UUID)))},
		"the list leaves":  {leaving(whole("1", wanted)), part(user(grace.UUID))},
	} {
		for _, order := range [][]access.Claim{{claims[0], claims[1]}, {claims[1], claims[0]}} {
			_, d := acme(t)
			if err := d.Claim(t.Context(), order[0]); err != nil {
				t.Fatal(err)
			}
			err := d.Claim(t.Context(), order[1])
			if err == nil {
				t.Fatalf("%s: no error", name)
			}
			takes, keeps := claims[1].String(), claims[0].String()
			if claims[0].Leaves {
				takes, keeps = keeps, takes
			}
			if text := err.Error(); !strings.Contains(text, "destroys "+takes) || !strings.HasSuffix(text, "has "+keeps) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}
