package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// A single address that is searched for names the person whom the answer holds.
func TestPeopleOfTheOrganizationAreFoundWhereItHidesAddresses(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{HiddenEmails: true})
	linda := addColleague(w, "Linda")
	reading(t, w, usersByEmail("", w.Grace.Email, linda.Email), map[string]map[string]knownvalue.Check{
		"bitbucket_users.people": {"users": list(object(person(w.Grace, "")), object(person(unseen(linda), "")))},
	}, nil)
}

// A workspace that Bitbucket administers has no organization, whatever the provider has access to.
func TestPeopleOfAWorkspaceThatBitbucketAdministersAreNotSaidToBeLookedForInAnOrganization(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	w.AddWorkspace(simulator.Workspace{Slug: "own"})
	w.AddMember("own", w.Ada.UUID, simulator.RoleOwner)
	w.AddGroup("own", simulator.Group{Name: "Crew"})
	linda := addColleague(w, "Linda")
	checkErrors(t, w.Config(strings.Replace(usersByEmail("", linda.Email), `"acme"`, `"own"`, 1)), map[string][]string{
		"data.bitbucket_users.people": {"no member of workspace own has the e-mail address " + linda.Email},
	})
	count(t, w, "", "/admin/**", 0)
}

const (
	membersByEmail = "/2.0/workspaces/acme/members"
	peopleSearch   = "/admin/v2/orgs/*/directories/-/users/search"
)

// addColleague adds somebody who is in the organization and in no workspace.
func addColleague(w *acctest.World, name string) simulator.User {
	u := w.AddUser(simulator.User{DisplayName: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@acme.example"})
	w.AddToOrganization(w.Organization, u.UUID)
	return u
}

// unseen is somebody whom Bitbucket does not show.
func unseen(u simulator.User) simulator.User {
	u.UUID = ""
	return u
}

// usersByEmail is the data source of people by address.
func usersByEmail(arguments string, emails ...string) string {
	return fmt.Sprintf("\ndata \"bitbucket_users\" \"people\" {\n  workspace = \"acme\"\n  emails = [\"%s\"]\n%s\n}\n", strings.Join(emails, `", "`), arguments)
}

func byEmail(rows map[string]knownvalue.Check) knownvalue.Check { return knownvalue.MapExact(rows) }

func TestPeopleOfAnOrganizationAreFoundThroughTheWorkspaceAsFarAsTheyAreInIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		members, colleagues int
		pages, searches     int
		kind                int // requests that tell who administers the workspace
	}{
		"two hundred members":                        {200, 0, 3, 0, 0},
		"ninety members":                             {90, 0, 1, 0, 0},
		"members and people of the organization":     {150, 150, 4, 2, 1},
		"a hundred who are in the organization only": {0, 100, 2, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewManaged(t, simulator.Options{})
			var emails []string
			for i := range c.members {
				emails = append(emails, w.AddPerson(fmt.Sprintf("Member %d", i), simulator.RoleMember).Email)
			}
			for i := range c.colleagues {
				emails = append(emails, addColleague(w, fmt.Sprintf("Colleague %d", i)).Email)
			}
			command := w.Command(t, usersByEmail("", emails...)+"output \"found\" { value = length(data.bitbucket_users.people.by_email) }\n")
			if output := command.Run(t, 0, "plan"); !strings.Contains(output, fmt.Sprintf("found = %d", c.members+c.colleagues)) {
				t.Errorf("not everybody was found:\n%s", output)
			}
			expectRequests(t, w, http.MethodGet, membersByEmail, c.pages)
			expectRequests(t, w, http.MethodPost, peopleSearch, c.searches)
			expectRequests(t, w, http.MethodGet, groupListings, c.kind)
			expectRequests(t, w, "", "", c.pages+c.searches+c.kind)
		})
	}
}

func TestPeopleWhoAreOnlyInTheOrganizationHaveAnAccountIdAndNothingOfTheWorkspace(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	linda := addColleague(w, "Linda")
	margaret := w.AddUser(simulator.User{DisplayName: "Margaret", Email: newcomer, Invited: true})
	w.AddToOrganization(w.Organization, margaret.UUID)
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.SuspendInOrganization(w.Organization, w.Grace.UUID)
	shouted := strings.ToUpper(linda.Email)
	reading(t, w, fmt.Sprintf(`
data "bitbucket_user" "colleague" {
  workspace = "acme"
  email     = %q
}
data "bitbucket_user" "member" {
  workspace = "acme"
  email     = %q
}
data "bitbucket_users" "group" {
  workspace  = "acme"
  emails     = [%[3]q, %[4]q]
  group_slug = %[5]q
}
data "bitbucket_users" "role" {
  workspace = "acme"
  emails    = [%[2]q, %[4]q]
  role      = "member"
}
`, shouted, w.Linus.Email, w.Grace.Email, linda.Email, w.Developers)+usersByEmail("", w.Linus.Email, shouted, newcomer),
		map[string]map[string]knownvalue.Check{
			"bitbucket_user.colleague": found(unseen(linda), "", linda.AccountID, shouted),
			"bitbucket_user.member":    found(w.Linus, "member", w.Linus.UUID, w.Linus.Email),
			"bitbucket_users.people": {
				"users": list(object(person(unseen(linda), "")), object(person(w.Linus, "")), object(person(unseen(margaret), ""))),
				"by_email": byEmail(map[string]knownvalue.Check{
					w.Linus.Email: object(person(w.Linus, "")), shouted: object(person(unseen(linda), "")), newcomer: object(person(unseen(margaret), "")),
				}),
			},
			"bitbucket_users.group": { // who is suspended is in no workspace, and stays in the groups
				"users":    list(object(person(unseen(w.Grace), ""))),
				"by_email": byEmail(map[string]knownvalue.Check{w.Grace.Email: object(person(unseen(w.Grace), ""))}),
			},
			"bitbucket_users.role": { // who is in no workspace has no role there
				"users":    list(object(person(w.Linus, "member"))),
				"by_email": byEmail(map[string]knownvalue.Check{w.Linus.Email: object(person(w.Linus, "member"))}),
			},
		},
		nil,
	)
}

func TestPeopleWhomNobodyKnowsAreAllListedInOneError(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	linda := addColleague(w, "Linda")
	checkErrors(t, w.Config(usersByEmail("", "x@example.com", w.Ada.Email, "y@example.com", linda.Email)+`
data "bitbucket_user" "nobody" {
  workspace = "acme"
  email     = "z@example.com"
}`), map[string][]string{
		"data.bitbucket_users.people": {
			"Unable to read bitbucket_users", "no member of workspace acme, and nobody in its organization, has the e-mail address x@example.com, y@example.com",
		},
		"data.bitbucket_user.nobody": {
			"Unable to read bitbucket_user", "no member of workspace acme, and nobody in its organization, has the e-mail address z@example.com",
		},
	})
}

func TestPeopleOfTheOrganizationAreNotLookedForWithoutIt(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	linda := addColleague(w, "Linda")
	w.Organization = ""
	checkErrors(t, w.Config(usersByEmail("", linda.Email, w.Grace.Email)), map[string][]string{
		"data.bitbucket_users.people": {"Unable to read bitbucket_users", "no member of workspace acme has the e-mail address " + linda.Email},
	})
	count(t, w, "", "/admin/**", 0)
}

func TestPeopleInTheWorkspaceAreFoundWhereTheOrganizationHidesAddresses(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{HiddenEmails: true})
	reading(t, w, usersByEmail("", w.Grace.Email, w.Linus.Email), map[string]map[string]knownvalue.Check{
		"bitbucket_users.people": {"users": list(object(person(w.Grace, "")), object(person(w.Linus, "")))},
	}, nil)
}

func TestPeopleOfTheOrganizationJoinAGroupInTheSameApply(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 20 * time.Second})
	linda := addColleague(w, "Linda")
	emails := []string{linda.Email, w.Grace.Email}
	config := w.Config(usersByEmail("", emails...) + blocks(emails, func(i int, email string) string {
		return fmt.Sprintf(`
resource "bitbucket_group_membership" "n%d" {
  workspace  = "acme"
  group_slug = %q
  user_id    = data.bitbucket_users.people.by_email[%q].account_id
}`, i, w.Developers, email)
	}))
	w.Test(t,
		resource.TestStep{
			Config: config,
			PostApplyFunc: func() {
				checkInGroup(t, w, linda.Email, w.Developers, true)
				checkInGroup(t, w, w.Grace.Email, w.Developers, true)
			},
		},
		resource.TestStep{ // who has joined is found through the workspace from now on
			Config: config, ConfigPlanChecks: nothingPlanned(),
			ConfigStateChecks: values("data.bitbucket_users.people", map[string]knownvalue.Check{
				"by_email": byEmail(map[string]knownvalue.Check{w.Grace.Email: object(person(w.Grace, "")), linda.Email: object(person(linda, ""))}),
			}),
		},
	)
	checkInGroup(t, w, linda.Email, w.Developers, false)
}

func TestPeopleWhoAreSuspendedAreMembersOfTheirGroupsForTheOrganizationAlone(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	for _, u := range []simulator.User{w.Grace, w.Linus} {
		w.AddGroupMember("acme", w.Developers, u.UUID)
	}
	w.SuspendInOrganization(w.Organization, w.Grace.UUID)
	config := fmt.Sprintf(`
data "bitbucket_group" "slug" {
  workspace  = "acme"
  group_slug = %q
}
data "bitbucket_group" "name" {
  workspace = "acme"
  name      = "developers"
}
data "bitbucket_groups" "all" {
  workspace = "acme"
}`, w.Developers)
	told := func(members ...knownvalue.Check) map[string]map[string]knownvalue.Check {
		groups := w.Groups("acme") // the two that every workspace has, whose members this world has given their roles directly, are first
		return map[string]map[string]knownvalue.Check{
			"bitbucket_group.slug": {"name": exact("Developers"), "members": list(members...)},
			"bitbucket_group.name": {"group_slug": exact(w.Developers), "members": list(members...)},
			"bitbucket_groups.all": {"groups": list(
				object(group(groups[0].Name, groups[0].Slug, "")), object(group(groups[1].Name, groups[1].Slug, "")),
				object(group("Developers", w.Developers, "", members...)),
			)},
		}
	}
	w.ResetJournal()
	reading(t, w, config, told(member(w.Developers, unseen(w.Grace)), member(w.Developers, w.Linus)), map[string]int{groupListings: 1, "/2.0/workspaces/acme": 1})

	w.Organization = "" // Bitbucket itself shows who can sign in
	w.ResetJournal()
	reading(t, w, config, told(member(w.Developers, w.Linus)), map[string]int{groupListings: 1})
	count(t, w, "", "/admin/**", 0)
}
