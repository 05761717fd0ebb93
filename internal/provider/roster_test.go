package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestTheExampleOfARosterMakesTheGroupsWhatTheFileSays(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		r := newRoster(t, w)
		w.AddGroupMember("acme", w.Developers, w.Linus.UUID) // by hand
		mention(t, r.apply(t), "remove user Linus")
		r.members(t, team())
		w.AddGroupMember("acme", w.Developers, w.Linus.UUID)
		mention(t, r.Run(t, 2, "plan", "-detailed-exitcode"), "remove user Linus", "Plan: 0 to add, 1 to change, 0 to destroy.")
	})
}

func TestAJoinerIsInvitedAndThenAMemberOfTheGroupsOfTheRole(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		r := newRoster(t, w)
		r.change(t)
		r.export(t, adasRow, gracesRow, linusRow, joinerRow)
		output := r.apply(t)
		mention(t, output, `bitbucket_workspace_invitation.joiner["`+joiner+`"] will be created`, `+ "`+joiner+`",`, "Plan: 1 to add, 0 to change, 0 to destroy.")
		staff, _ := groupNamed(w, "Staff")
		checkInvited(t, w, joiner, w.Developers, staff.Slug)
		if w.Organization == "" {
			shows(t, output, "## Joiner", 0)
		}

		w.AcceptInvitation(joiner)
		output = r.change(t)
		shows(t, output, "## Joiner", 1)
		mention(t, output, `bitbucket_workspace_invitation.joiner["`+joiner+`"] will be destroyed`, "Plan: 0 to add, 0 to change, 1 to destroy.", `- "`+joiner+`",`)
		want := team()
		want["Developers"] = []string{"Ada", "Grace", "margaret"}
		want["Staff"] = []string{"Ada", "Grace", "Linus", "margaret"}
		r.members(t, want)
	})
}

// insider adds somebody who is in the workspace and, where an organization administers it, only through groups.
func insider(w *acctest.World, name string) simulator.User {
	if w.Organization == "" {
		return w.AddPerson(name, simulator.RoleMember)
	}
	return addColleague(w, name)
}

// TestAMoverChangesGroupsInOneApply holds too that nobody is without a group on the way: who leaves the last one leaves the workspace of an
// organization, and loses every explicit permission.
func TestAMoverChangesGroupsInOneApply(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		linda := insider(w, "Linda")
		row := "Linda,linda@acme.example,%s,Engineer,TRUE"
		r := newRoster(t, w, adasRow, gracesRow, linusRow, fmt.Sprintf(row, "Platform"))
		if output := r.change(t); sent(w) > 0 || strings.Contains(output, "bitbucket_workspace_invitation") {
			t.Errorf("somebody in the organization needs no invitation:\n%s", output)
		}
		grant := simulator.Grant{Workspace: "acme", Repository: "api", User: linda.UUID, Permission: simulator.Write}
		w.Grant(grant)
		teams := []string{"Operations"}
		if w.Organization != "" {
			teams = append(teams, "Platform") // whichever group comes first
		}
		for _, to := range teams {
			r.export(t, adasRow, gracesRow, linusRow, fmt.Sprintf(row, to))
			output := r.Run(t, 0, "apply", "-auto-approve", "-parallelism=1")
			mention(t, output, "Plan: 0 to add, 2 to change, 0 to destroy.", "remove user Linda")
			if to == "Operations" {
				shows(t, output, "## Mover", 0)
			}
			want := team()
			group := map[string]string{"Operations": "Operators", "Platform": "Developers"}[to]
			want[group] = slices.Sorted(slices.Values(append(want[group], "Linda")))
			want["Staff"] = []string{"Ada", "Grace", "Linda", "Linus"}
			r.members(t, want)
			if got := w.Permission(grant); got != simulator.Write {
				t.Errorf("Linda has %s on the repository after the move to %s, want write", got, to)
			}
		}
		r.settled(t)
	})
}

func TestALeaverIsRemovedFromEveryGroup(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		leaves(t, w, "Linda,linda@acme.example,,,FALSE")
	})
}

func TestALeaverWhoseRowIsGoneIsRemovedFromEveryGroup(t *testing.T) {
	t.Parallel()
	leaves(t, acctest.New(t, simulator.Options{}))
}

// leaves lets Linda leave, of whom the export says the rows then.
func leaves(t *testing.T, w *acctest.World, rows ...string) {
	t.Helper()
	linda := insider(w, "Linda")
	r := newRoster(t, w, adasRow, gracesRow, linusRow, "Linda,linda@acme.example,Platform,Engineer,TRUE")
	r.change(t)
	grant := simulator.Grant{Workspace: "acme", Repository: "api", User: linda.UUID, Permission: simulator.Write}
	w.Grant(grant)
	r.export(t, append([]string{adasRow, gracesRow, linusRow}, rows...)...)
	output := r.change(t)
	mention(t, output, "remove user Linda", "Plan: 0 to add, 2 to change, 0 to destroy.")
	if w.Organization == "" {
		shows(t, output, "## Leaver", 0)
	}
	r.members(t, team())

	// Out of the groups is not out of the workspace, unless the groups were what let the leaver in. Only a row can tell who has left.
	output = r.settled(t)
	still := says("Check block assertion failed", shown(t, "## Leaver", 1)+" "+linda.UUID+").")
	if want := w.Organization == "" && len(rows) > 0; still.MatchString(output) != want {
		t.Errorf("it says that Linda is still there: %t, want %t:\n%s", !want, want, output)
	}
	if in := inWorkspace(w, linda); in != (w.Organization == "") {
		t.Errorf("Linda is in the workspace: %t", in)
	}
	if w.Organization == "" && w.Permission(grant) != simulator.Write {
		t.Error("the roster has revoked what is none of its business")
	}
}

func TestAJoinerWhoMovesOrLeavesBeforeAcceptingIsInvitedAnewOrNoMore(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		r := newRoster(t, w, adasRow, gracesRow, linusRow, joinerRow)
		r.change(t)
		invites := func(write string) bool { return strings.Contains(write, "invit") }
		if made := writes(w); slices.IndexFunc(made, invites) < len(made)-2 { // an organization would put the joiner into groups whose lists are not settled
			t.Errorf("somebody was invited before the groups were settled:\n%s", strings.Join(made, "\n"))
		}
		operators, _ := groupNamed(w, "Operators")
		staff, _ := groupNamed(w, "Staff")
		checkInvited(t, w, joiner, w.Developers, staff.Slug)
		r.export(t, adasRow, gracesRow, linusRow, strings.Replace(joinerRow, "Platform", "Operations", 1))
		r.change(t)
		checkInvited(t, w, joiner, operators.Slug, staff.Slug)
		r.export(t, adasRow, gracesRow, linusRow)
		r.apply(t)
		checkInvited(t, w, joiner)
		r.members(t, team())
	})
}

func TestAnUnknownAddressIsNamedWhereNobodyIsInvited(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r := newRoster(t, w, adasRow, gracesRow, linusRow, joinerRow)
	output := r.change(t, "-var", "invite=false")
	if !says("Check block assertion failed", "Nobody in workspace acme has the address "+joiner+".").MatchString(output) {
		t.Errorf("it does not name the address:\n%s", output)
	}
	if sent(w) > 0 {
		t.Error("somebody was invited")
	}
	r.members(t, team())
	r.settled(t, "-var", "invite=false")
}

// TestWordsOfAnExportMakeNoDifference holds that what exports have is read as it is meant: a byte order mark, line ends of Windows, quotes,
// blanks, capitals, columns in another order, several rows for who is in several
// teams, active people in teams without groups, and leavers whose mailbox is gone.
func TestWordsOfAnExportMakeNoDifference(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddPerson("Someone", simulator.RoleMember)
	r := newRoster(t, w)
	r.change(t)
	save(t, r.Command, "roster.csv", "\ufeff\"ACTIVE\", role ,Location, Team,EMAIL\r\n"+
		"Yes,LEAD,\"Zürich, Oerlikon\",platform , ADA@ACME.EXAMPLE\r\nactive,engineer,Basel,PLATFORM,grace@acme.example\r\n1, Engineer,Bern,Operations,Linus@acme.example\r\n"+
		"0,,,,\r\nNo,Engineer,Bern,Platform,edsger@acme.example\r\ntrue,Chef,Bern,Kitchen,someone@acme.example\r\n")
	if output := r.settled(t); strings.Contains(output, "has left") {
		t.Errorf("who is active, in a team without groups, is taken for a leaver:\n%s", output)
	}
	r.export(t, adasRow, gracesRow, linusRow, "Linus,linus@acme.example,Platform,Engineer,TRUE")
	mention(t, r.change(t), "Plan: 0 to add, 1 to change, 0 to destroy.")
	want := team()
	want["Developers"] = []string{"Ada", "Grace", "Linus"}
	r.members(t, want)
}

func TestOthersAreInGroupsBesidesTheExport(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddUser(simulator.User{DisplayName: "Build", Email: "build@partner.example"})
	build, _ := personNamed(w, "Build")
	w.AddMember("acme", build.UUID, simulator.RoleMember)
	r := newRoster(t, w)
	r.tables(t, "others = {\n  \"Build@partner.example\" = [\"Operators\"]\n}\n")
	r.change(t)
	want := team()
	want["Operators"], want["Staff"] = []string{"Build", "Linus"}, []string{"Ada", "Build", "Grace", "Linus"}
	r.members(t, want)
}

// TestARosterCostsOneRequestForNinetyAddresses holds what the guide says.
func TestARosterCostsOneRequestForNinetyAddresses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start                                                                 func(testing.TB, simulator.Options) *acctest.World
		people, pages, listings, workspaces, groups, members, others, invited int
	}{
		"administered in Bitbucket":           {acctest.New, 200, 3, 1, 0, 0, 0, 0, 4 + 2},
		"administered at admin.atlassian.com": {acctest.NewManaged, 102, 2, 1, 1, 1, 6, 1, 11 + 4}, // 101 developers and 102 of the staff: two pages each
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := c.start(t, simulator.Options{})
			r, rows := crowded(t, w, c.people-3)
			r.change(t)
			r.settled(t)
			expect := func(role, strangers int) {
				t.Helper()
				expectRequests(t, w, http.MethodGet, membersByEmail, c.pages)
				expectRequests(t, w, http.MethodGet, groupListings, c.listings)
				expectRequests(t, w, http.MethodGet, workspaceReads, c.workspaces)
				expectRequests(t, w, http.MethodPost, groupSearches, c.groups)
				expectRequests(t, w, http.MethodPost, userSearches, c.members+strangers)
				expectRequests(t, w, "", "", c.pages+c.listings+c.workspaces+c.groups+c.members+role+strangers)
			}
			expect(0, 0)
			r.export(t, append(rows, "Edsger,edsger@acme.example,,,FALSE")...) // is nobody here: is that for the credential to say?
			r.settled(t)
			expect(1, c.others)
			r.export(t, append(rows, joinerRow)...)
			r.change(t)
			r.settled(t)
			expectRequests(t, w, "", "", c.invited)
		})
	}
}
