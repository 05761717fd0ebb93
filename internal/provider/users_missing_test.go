package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// addresses is a list of addresses that a data source tells.
func addresses(emails ...string) knownvalue.Check {
	var rows []knownvalue.Check
	for _, email := range emails {
		rows = append(rows, exact(email))
	}
	return list(rows...)
}

func TestAddressesThatNobodyHasAreMissingWhereTheyMayBe(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		emails := []string{"zoe@acme.example", strings.ToUpper(w.Grace.Email), "beatrix@acme.example"}
		reading(t, w, strings.ReplaceAll(usersByEmail("allow_missing = true", emails...), `"people"`, `"some"`)+
			strings.ReplaceAll(usersByEmail("allow_missing = true", w.Linus.Email), `"people"`, `"nobody"`)+
			strings.ReplaceAll(usersByEmail("", w.Linus.Email), `"people"`, `"strict"`)+
			strings.ReplaceAll(usersByEmail("allow_missing = true\nrole = \"owner\"", emails...), `"people"`, `"owners"`)+
			"data \"bitbucket_users\" \"all\" {\n  workspace = \"acme\"\n}\n",
			map[string]map[string]knownvalue.Check{
				"bitbucket_users.some": {
					"missing": addresses("beatrix@acme.example", "zoe@acme.example"), "invited": addresses(), "users": list(object(person(w.Grace, ""))),
					"by_email": byEmail(map[string]knownvalue.Check{emails[1]: object(person(w.Grace, ""))}),
				},
				"bitbucket_users.nobody": {"missing": addresses(), "invited": addresses(), "users": list(object(person(w.Linus, "")))},
				"bitbucket_users.strict": {"missing": addresses(), "invited": addresses()},
				"bitbucket_users.owners": {"missing": addresses("beatrix@acme.example", "zoe@acme.example"), "users": list(), "by_email": byEmail(nil)},
				"bitbucket_users.all":    {"missing": knownvalue.Null(), "invited": knownvalue.Null()},
			},
			map[string]int{membersByEmail: 4, "/2.0/user/workspaces/acme/permission": 2},
		)
	})
}

func TestWhoIsOnlyInTheOrganizationIsNotMissing(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	linda := addColleague(w, "Linda")
	margaret := w.AddUser(simulator.User{DisplayName: "Margaret", Email: newcomer, Invited: true})
	w.AddToOrganization(w.Organization, margaret.UUID)
	reading(t, w, usersByEmail("allow_missing = true", newcomer, linda.Email, "zoe@acme.example"), map[string]map[string]knownvalue.Check{
		"bitbucket_users.people": {
			"missing": addresses("zoe@acme.example"), "invited": addresses(newcomer),
			"by_email": byEmail(map[string]knownvalue.Check{newcomer: object(person(unseen(margaret), "")), linda.Email: object(person(unseen(linda), ""))}),
		},
	}, nil)
}

// TestNobodyIsMissingForACredentialThatMayNotSee holds the error where Bitbucket answers that there is nobody, without saying that it hides
// everybody.
func TestNobodyIsMissingForACredentialThatMayNotSee(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		w.Username, w.Token = w.AddAPIToken(w.Grace.UUID)
		w.Inject(simulator.Fault{Path: membersByEmail, Status: http.StatusOK, Body: `{"values":[]}`})
		checkErrors(t, w.Config(usersByEmail("allow_missing = true", w.Grace.Email, w.Linus.Email)), map[string][]string{
			"data.bitbucket_users.people": {
				"Unable to read bitbucket_users", "it cannot be told who is missing: the user of the credential is no administrator of workspace acme",
				"Use the API token of a workspace administrator",
			},
		})
	})
}

func TestNobodyMayBeMissingAmongAll(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	checkDataSources(t, w, []dataSourceCase{{"bitbucket_users.all", "allow_missing = true", []string{"emails", "allow_missing"}}})
	count(t, w, "", "", 0)
}
