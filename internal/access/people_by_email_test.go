package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

const (
	callerRole = "GET /2.0/user/workspaces/acme/permission"
	members    = "/2.0/workspaces/acme/members"
)

// nobodyThere is what Bitbucket may answer a credential that it shows no addresses.
var nobodyThere = simulator.Fault{Path: members, Status: 200, Body: `{"pagelen":100,"size":0,"page":1,"values":[]}`}

func TestWhoIsMissingIsToldToAnAdministrator(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	shouted := strings.ToUpper(grace.Email)
	got := must(d.KnownByEmail(t.Context(), "acme", []string{"zoe@acme.example", shouted, "Beatrix@acme.example"}))(t)
	equal(t, "missing", []string{"Beatrix@acme.example", "zoe@acme.example"}, got.Missing)
	equal(t, "found", 1, len(got.Found))
	equal(t, "UUID", grace.UUID, got.Found[shouted].UUID)
	w.requests(t, "GET "+members, callerRole)
}

func TestTheRoleIsNotAskedForWhereNobodyIsMissing(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	got := must(d.KnownByEmail(t.Context(), "acme", []string{grace.Email, linus.Email}))(t)
	equal(t, "missing", 0, len(got.Missing))
	equal(t, "found", 2, len(got.Found))
	w.requests(t, "GET "+members)
}

// TestNobodyIsSaidToBeMissingBySomebodyWhoMayNotSeeAddresses holds the difference between somebody who is gone and somebody who is hidden:
// whoever took the second for the first would remove everybody.
func TestNobodyIsSaidToBeMissingBySomebodyWhoMayNotSeeAddresses(t *testing.T) {
	t.Parallel()
	own := simulator.Fault{Path: members, Status: 200, Body: `{"values":[{"user":{"uuid":"` + grace.UUID + `","email":"` + grace.Email + `"}}]}`}
	for name, fault := range map[string]simulator.Fault{"nobody is found": nobodyThere, "the user alone is found": own} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := acme(t)
			username, token := w.AddAPIToken(grace.UUID)
			d := w.directory(t, rest.Basic{Username: username, Token: token}, access.Options{Credential: access.APIToken})
			w.Inject(fault)
			got, err := d.KnownByEmail(t.Context(), "acme", []string{grace.Email, linus.Email})
			if !errors.Is(err, access.ErrUnseen) {
				t.Errorf("%v, error %v, want ErrUnseen", got, err)
			}
			w.requests(t, "GET "+members, callerRole)
		})
	}
}

// TestWhoActsForTheWorkspaceHasToFindSomebody holds that of credentials without a role it is known that they see addresses when they see one.
func TestWhoActsForTheWorkspaceHasToFindSomebody(t *testing.T) {
	t.Parallel()
	w, _ := acme(t)
	token := w.AddAccessToken(simulator.AccessToken{Workspace: "acme"})
	d := w.directory(t, rest.Bearer{Token: token}, access.Options{Credential: access.AccessToken})
	got := must(d.KnownByEmail(t.Context(), "acme", []string{grace.Email, "zoe@acme.example"}))(t)
	equal(t, "missing", []string{"zoe@acme.example"}, got.Missing)
	w.requests(t, "GET "+members)
	got, err := d.KnownByEmail(t.Context(), "acme", []string{"beatrix@acme.example", "zoe@acme.example"})
	if !errors.Is(err, access.ErrUnseen) {
		t.Errorf("%v, error %v, want ErrUnseen", got, err)
	}
	w.requests(t, "GET "+members)
}

// TestAnAnswerWithoutAddressesDoesNotMakePeopleMissing holds that Bitbucket has to name whom it has found.
func TestAnAnswerWithoutAddressesDoesNotMakePeopleMissing(t *testing.T) {
	t.Parallel()
	for name, named := range map[string]string{"no address": `"mail"`, "another address": `"email":"other@acme.example","mail"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			w.Inject(simulator.Fault{Path: members, Rewrite: func(body []byte) []byte {
				return []byte(strings.ReplaceAll(string(body), `"email"`, named))
			}})
			got, err := d.KnownByEmail(t.Context(), "acme", []string{grace.Email, linus.Email})
			if !errors.Is(err, rest.ErrBadAnswer) {
				t.Errorf("%v, error %v, want ErrBadAnswer", got, err)
			}
		})
	}
}

func TestACredentialThatFailsFindsNobodyMissing(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: "/2.0/user/workspaces/acme/permission", Status: 401})
	if got, err := d.KnownByEmail(t.Context(), "acme", []string{"zoe@acme.example"}); !rest.Is(err, 401) {
		t.Errorf("%v, error %v, want a 401", got, err)
	}
}

func TestPeopleOfTheOrganizationAreNotMissingAndTellWhoIsInvited(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]simulator.Options{"addresses are shown": {}, "addresses are hidden": {HiddenEmails: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newManagedWorld(t, o, testclock.New())
			var emails []string
			for who, invited := range map[string]bool{"lisbeth": false, "newcomer": true, "suspended": true} {
				u := w.AddUser(simulator.User{DisplayName: who, Email: who + "@acme.example", Invited: invited})
				w.AddToOrganization(simulator.AcmeOrganizationID, u.UUID)
				if who == "suspended" {
					w.SuspendInOrganization(simulator.AcmeOrganizationID, u.UUID)
				}
				emails = append(emails, u.Email)
			}
			got := must(w.directory(t).KnownByEmail(t.Context(), simulator.AcmeManagedWorkspace, append(emails, "zoe@acme.example")))(t)
			equal(t, "missing", []string{"zoe@acme.example"}, got.Missing)
			slices.Sort(emails)
			for _, email := range emails {
				person := got.Found[email]
				if person.AccountID == "" || person.UUID != "" || person.Invited != strings.HasPrefix(email, "newcomer") {
					t.Errorf("%s is %+v", email, person)
				}
			}
		})
	}
}
