package access_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const peopleList = "GET /2.0/workspaces/acme/permissions"

// personOf is a person as the list of a workspace shows one.
func personOf(u simulator.User, role string) access.Person {
	return access.Person{UUID: u.UUID, AccountID: u.AccountID, DisplayName: u.DisplayName, Nickname: u.Nickname, Role: role}
}

func TestAPersonIsFoundByEveryId(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	for _, id := range []string{grace.UUID, strings.Trim(grace.UUID, "{}"), strings.ToUpper(grace.UUID), grace.AccountID} {
		equal(t, "person", personOf(grace, "member"), must(d.Person(t.Context(), "acme", id))(t))
	}
	equal(t, "person", personOf(ada, "owner"), must(d.Person(t.Context(), "acme", ada.UUID))(t))
	for _, id := range []string{braced, "557058:" + bare, "623316f53fbb880068413f6b"} {
		_, err := d.Person(t.Context(), "acme", id)
		absent(t, err)
	}
	_, err := d.Person(t.Context(), "acme", "grace")
	failure(t, err)
	w.requests(t, peopleList)
}

func TestWhoIsMalformedIsNotAskedFor(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	_, err := d.Person(ctx, "acme", "grace@acme.example")
	failure(t, err)
	_, err = d.SamePerson(ctx, "acme", "grace", grace.UUID)
	failure(t, err)
	_, err = d.Member(ctx, "acme", "web", "grace")
	failure(t, err)
	_, err = d.AddMember(ctx, "acme", "web", "grace")
	failure(t, err)
	failure(t, d.RemoveMember(ctx, "acme", "web", "grace"))
	_, err = d.Grant(ctx, api, user("grace"))
	failure(t, err)
	w.requests(t)
}

func TestTwoIdsOfAPerson(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a, b string
		want bool
		asks bool
	}{
		"one UUID":                         {grace.UUID, grace.UUID, true, false},
		"one UUID, spelt anew":             {grace.UUID, strings.ToUpper(strings.Trim(grace.UUID, "{}")), true, false},
		"one account id":                   {grace.AccountID, grace.AccountID, true, false},
		"two UUIDs":                        {grace.UUID, linus.UUID, false, false},
		"two account ids":                  {grace.AccountID, linus.AccountID, false, false},
		"UUID and account id":              {grace.UUID, grace.AccountID, true, true},
		"account id and UUID":              {grace.AccountID, grace.UUID, true, true},
		"of two people":                    {grace.UUID, linus.AccountID, false, true},
		"of two people, the other way":     {grace.AccountID, linus.UUID, false, true},
		"of somebody who is not there":     {braced, grace.AccountID, false, true},
		"of somebody and an unknown other": {grace.UUID, "557058:nobody", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			equal(t, "same", tt.want, must(d.SamePerson(t.Context(), "acme", tt.a, tt.b))(t))
			var want []string
			if tt.asks {
				want = []string{peopleList}
			}
			w.requests(t, want...)
		})
	}
}

func TestPeopleAreFoundByAddressNinetyAtATime(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	var emails []string
	want := map[string]string{}
	for i := range 200 {
		u := w.AddUser(simulator.User{DisplayName: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("person-%d@acme.example", i)})
		email := u.Email
		if i%2 == 0 {
			email = strings.ToUpper(email)
		}
		emails = append(emails, email)
		if i%50 != 7 { // these are not in the workspace
			w.AddMember("acme", u.UUID, simulator.RoleMember)
			want[email] = u.UUID
		}
	}
	w.ResetJournal()
	const members = "GET /2.0/workspaces/acme/members"
	_, err := d.PeopleByEmail(t.Context(), "acme", emails)
	missing := strings.Join([]string{emails[7], emails[57], emails[107], emails[157]}, ", ")
	if !errors.Is(err, access.ErrNotFound) || !strings.Contains(err.Error(), "e-mail address "+missing+",") {
		t.Errorf("error is %v, want that nobody has %s", err, missing)
	}
	w.requests(t, members, members, members)

	present := slices.DeleteFunc(slices.Clone(emails), func(email string) bool { return want[email] == "" })
	found := must(d.PeopleByEmail(t.Context(), "acme", present))(t)
	got := map[string]string{}
	for email, person := range found {
		got[email] = person.UUID
	}
	equal(t, "found", want, got)
	w.requests(t, members, members, members)
}

func TestAQuestionForNobodyIsNotAsked(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	if found, err := d.PeopleByEmail(t.Context(), "acme", nil); err != nil || len(found) > 0 {
		t.Errorf("found %v, error %v", found, err)
	}
	w.requests(t)
}

func TestTheAccountOfTheCredentialIsReadOnce(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	together(t, 20, func(int) error {
		u, err := d.CurrentUser(t.Context())
		if u.UUID != ada.UUID {
			t.Errorf("user is %+v", u)
		}
		return err
	})
	w.requests(t, "GET /2.0/user")
}

func TestAGrantByAccountIdIsFoundWhereTheListingDoesNotNameIt(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID, Permission: "read"})
	w.Inject(simulator.Fault{Path: apiUsers, Rewrite: func(body []byte) []byte {
		return []byte(strings.ReplaceAll(string(body), `"account_id"`, `"account_ix"`))
	}})
	equal(t, "permission", access.Read, must(d.Grant(t.Context(), api, user(grace.AccountID)))(t).Permission)
	_, err := d.Grant(t.Context(), api, user("557058:nobody"))
	absent(t, err)
	w.requests(t, "GET "+apiUsers, peopleList)
}
