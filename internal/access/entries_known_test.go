package access_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhoIsWantedIsKnownByEveryID is a table: of whom a roster tells both ids, nothing is asked, and nobody else is looked up unless the
// roster may hold the person by the other id.
func TestWhoIsWantedIsKnownByEveryID(t *testing.T) {
	t.Parallel()
	complete := []access.Grant{holds(grace, access.Read), holds(linus, access.Write), groupHolds("web", "Web", access.Read)}
	noAccountIDs := []access.Grant{withoutAccountID(holds(grace, access.Read)), holds(linus, access.Write)}
	noUUIDs := []access.Grant{withoutUUID(holds(grace, access.Read)), holds(linus, access.Write)}
	asked := []string{peopleList}
	alanNow, graceNow := holds(alan, access.Admin), holds(grace, access.Admin)
	nameless := func(g access.Grant) access.Grant { g.Name = ""; return g }
	for name, tt := range map[string]struct {
		live     []access.Grant
		named    access.Principal
		want     access.Grant
		requests []string
	}{
		"by the UUID":                {complete, user(grace.UUID), graceNow, nil},
		"by a bare UUID in capitals": {complete, user(strings.ToUpper(strings.Trim(grace.UUID, "{}"))), graceNow, nil},
		"by the account id":          {complete, user(grace.AccountID), graceNow, nil},
		"a group":                    {complete, group("web"), groupHolds("web", "Web", access.Admin), nil},
		"a new group":                {complete, group("mobile"), groupHolds("mobile", "", access.Admin), nil},
		"a new group, where people are not all told": {noUUIDs, group("mobile"), groupHolds("mobile", "", access.Admin), nil},
		"somebody new, by the UUID":                  {complete, user(strings.ToUpper(alan.UUID)), nameless(withoutAccountID(alanNow)), nil},
		"somebody new, by the account id":            {complete, user(alan.AccountID), nameless(withoutUUID(alanNow)), nil},
		"somebody new of an empty list":              {nil, user(alan.AccountID), nameless(withoutUUID(alanNow)), nil},
		"by an account id that is not told":          {noAccountIDs, user(grace.AccountID), graceNow, asked},
		"by a UUID that is not told":                 {noUUIDs, user(grace.UUID), graceNow, asked},
		"by the id that is told":                     {noUUIDs, user(grace.AccountID), withoutUUID(graceNow), nil},
		"by the UUID that is told":                   {noAccountIDs, user(grace.UUID), withoutAccountID(graceNow), nil},
		"somebody new, where ids are not told":       {noAccountIDs, user(alan.AccountID), alanNow, asked},
		"somebody new by the other id":               {noAccountIDs, user(alan.UUID), nameless(withoutAccountID(alanNow)), nil},
		"somebody who is nowhere":                    {noUUIDs, user(strings.ToUpper(bare)), called(user(braced), access.Admin), asked},
		"somebody who is nowhere, by account id":     {noAccountIDs, user("557058:nobody"), called(user("557058:nobody"), access.Admin).Settled(), asked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			got := must(d.Known(t.Context(), access.NewRoster(tt.live), []access.Grant{called(tt.named, access.Admin)}))(t)
			equal(t, "known", []access.Grant{tt.want}, got)
			w.requests(t, tt.requests...)
		})
	}
}

// TestManyWhoAreWantedAreKnownInOneRequest holds that people are listed once, and that each stands at the place of the word for it.
func TestManyWhoAreWantedAreKnownInOneRequest(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	live := each(people[:20], func(u simulator.User) access.Grant { return withoutAccountID(holds(u, access.Read)) })
	wanted := each(people, func(u simulator.User) access.Grant { return called(user(u.AccountID), access.Write) })
	known := must(d.Known(t.Context(), access.NewRoster(live), wanted))(t)
	equal(t, "known", each(people, func(u simulator.User) access.Grant { return holds(u, access.Write) }), known)
	w.requests(t, peopleList)
	equal(t, "words that were given", called(user(ada.AccountID), access.Write), wanted[0])
}

func TestWhoCannotBeLookedUpIsAnError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	live := access.NewRoster([]access.Grant{withoutUUID(holds(grace, access.Read))})
	_, err := d.Known(t.Context(), live, []access.Grant{called(user("grace"), access.Read)})
	failure(t, err)
	w.requests(t)
	w.Inject(simulator.Fault{Path: "/2.0/workspaces/acme/permissions", Status: http.StatusForbidden})
	_, err = d.Known(t.Context(), live, []access.Grant{called(user(grace.UUID), access.Read)})
	if !rest.Is(err, http.StatusForbidden) {
		t.Errorf("error is %v, want the 403", err)
	}
	must(d.Known(t.Context(), live, []access.Grant{called(user(grace.AccountID), access.Read), called(group("web"), access.Read)}))(t)
}

// TestWhoIsOnlyInTheOrganizationIsKnownByTheAccount holds that a UUID in a configuration finds somebody whom only the organization lists.
func TestWhoIsOnlyInTheOrganizationIsKnownByTheAccount(t *testing.T) {
	t.Parallel()
	p := inOrganization(t)
	somebody := p.AddUser(simulator.User{DisplayName: "Somebody"}) // is not in the workspace
	live := access.NewRoster([]access.Grant{withoutUUID(holds(somebody, access.Member)), holds(grace, access.Member)})
	got := must(p.d.Known(t.Context(), live, []access.Grant{called(user(somebody.UUID), access.Member)}))(t)
	equal(t, "known", []access.Grant{holds(somebody, access.Member)}, each(got, func(g access.Grant) access.Grant { g.Scope = api; return g }))
	steps, others := live.Compare(got)
	equal(t, "steps", 0, len(steps))
	equal(t, "others", 1, len(others))
}
