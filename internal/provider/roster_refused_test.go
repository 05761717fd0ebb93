package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// refused demands that a plan fails with one error, says why, and that nothing was written. It returns what the plan printed.
func (r roster) refused(t *testing.T, args []string, phrases ...string) (output string) {
	t.Helper()
	output = r.Run(t, 1, append([]string{"plan"}, args...)...)
	if !says(phrases...).MatchString(output) {
		t.Errorf("it does not say %q:\n%s", phrases, output)
	}
	if n := strings.Count(output, "Error:"); n != 1 {
		t.Errorf("%d errors, want 1:\n%s", n, output)
	}
	if strings.Contains(output, "taken away") {
		t.Errorf("something was planned:\n%s", output)
	}
	expectNoWrites(t, r.world)
	return output
}

// TestAnExportThatCannotBeReadIsRefusedInWords holds too that no error prints what people have in their rows: logs of CI are read by many.
func TestAnExportThatCannotBeReadIsRefusedInWords(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r := newRoster(t, w)
	const header, secret = "Name,Email,Team,Role,Active\n", "Ada,ada@acme.example,Platform,Lead,"
	for name, c := range map[string]struct{ file, phrase string }{
		"an empty file":     {"", `roster.csv cannot be right: - it has no column active, email, role, team; its columns, between commas, are ""`},
		"nobody active":     {header + secret + "no\n", "- none of its 1 rows is of somebody active"},
		"semicolons":        {"Email;Team;Role;Active\nada@acme.example;Platform;Lead;TRUE\n", `its columns, between commas, are "email;team;role;active"`},
		"a column less":     {"Email,Team,Role\n" + "ada@acme.example,Platform,Lead\n", `it has no column active; its columns, between commas, are "email", "team", "role"`},
		"JSON in one line":  {"[" + strings.Repeat(`{"Team":"Platform","Active":true},`, 9) + `{"Email":"ada@acme.example"}]`, `its columns, between commas, are "[{"team":`},
		"a row cut off":     {header + secret + "TRUE\nGrace,grace@acme", "a row has more or fewer cells than the header, or a quotation mark is missing: look at line 3"},
		"a stray quote":     {header + "Grace,\"grace,Platform,Lead,TRUE\n" + secret + "TRUE\n", "look at line 2"},
		"a column twice":    {"Email,Team,Role,Active,Name,Name\n" + "ada@acme.example,Platform,Lead,TRUE,Ada,Ada\n", `it has the column "name" more than once`},
		"an address twice":  {"Email,EMAIL,Team,Role,Active\n" + "ada@acme.example,ada@acme.example,Platform,Lead,TRUE\n", `it has the column "email" more than once`},
		"nobody in a group": {header + "Ada,ada@acme.example,Kitchen,Lead,TRUE\n", "nobody active is in a team that groups names: nobody would be left in any group"},
		"not in UTF-8":      {header + secret + "TRUE\nGr\xe4ce,,,,no\n", `contents of "roster.csv" are not valid UTF-8`},
	} {
		save(t, r.Command, "roster.csv", c.file)
		t.Log(name)
		output := r.refused(t, nil, c.phrase)
		if name == "a row cut off" {
			shows(t, output, "## The file", 1)
		}
		if strings.Contains(output, "ada@acme") {
			t.Errorf("it prints the row of somebody:\n%s", output)
		}
		expectRequests(t, w, "", membersByEmail, 0)
	}
}

func TestEverythingThatIsWrongWithAnExportIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r := newRoster(t, w, adasRow, "Grace,grace@acme.exampel,Platform,Engineer,TRUE", "Linus,linus@acme.example,Operations,Boss,1")
	shows(t, r.Run(t, 1, "plan"), "## The file", 0)
	r.export(t, "Grace,Grace Hopper,Platform,Engineer,TRUE", adasRow, "Linus,,Platform,Engineer,TRUE", linusRow+"?", "Linus,ADA@acme.example,,,FALSE")
	r.refused(t, nil, `- row 2, "grace hopper": this is no e-mail address`, `- row 4, "": this is no e-mail address`,
		`- row 5, "linus@acme.example": active is neither true nor false`, "- ada@acme.example is both active and not")
	expectRequests(t, w, "", membersByEmail, 0)
}

// crowded is a workspace with many in group Developers, and the rows of all of them.
func crowded(t *testing.T, w *acctest.World, n int) (r roster, rows []string) {
	t.Helper()
	rows = []string{adasRow, gracesRow, linusRow}
	for i := range n {
		u := w.AddPerson(fmt.Sprintf("Person %02d", i), simulator.RoleMember)
		rows = append(rows, u.DisplayName+","+u.Email+",Platform,Engineer,1")
	}
	return newRoster(t, w, rows...), rows
}

// TestAnExportThatFailedHalfWayRemovesNobody is the reason for max_removals.
func TestAnExportThatFailedHalfWayRemovesNobody(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r, rows := crowded(t, w, 12)
	r.change(t)
	r.export(t, rows[:3]...)
	output := r.refused(t, nil, "This would take 24 memberships away, and max_removals is 5. Is roster.csv complete? If so, plan with -var "+
		"max_removals=24. It would remove:",
		"- Person 00 from Developers", "- Person 00 from Staff", "- and 4 more")
	shows(t, output, "## In CI", 0)
	r.export(t, append(rows[:3:3], strings.ReplaceAll(strings.Join(rows[3:], "\n"), "Platform", "Plattform"))...) // a team that has no groups
	r.refused(t, nil, "This would take 24 memberships away")
	r.export(t, rows[:13]...) // 2 people, 4 memberships
	r.change(t)
	r.export(t, rows[:3]...)
	mention(t, r.change(t, "-var", "max_removals=20"), "Plan: 0 to add, 2 to change, 0 to destroy.")
	r.members(t, team())
}

func TestAnExportMakesNoAdministrators(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroup("acme", simulator.Group{Name: "Administrators"})
	r := newRoster(t, w)
	r.refused(t, []string{"-var", `everyone=["Administrators"]`}, "No export makes administrators: take Administrators out of groups, everyone and others.")
}

// TestARosterIsRefusedWhereBitbucketMayHidePeople holds what would be the end of all memberships: whoever may not see addresses may be
// answered that nobody has them. Not even a high max_removals lets that pass.
func TestARosterIsRefusedWhereBitbucketMayHidePeople(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		r := newRoster(t, w)
		r.staffed(t)
		w.Inject(simulator.Fault{Path: "/2.0/user/workspaces/acme/permission", Rewrite: func(body []byte) []byte {
			return []byte(strings.ReplaceAll(string(body), simulator.RoleOwner, simulator.RoleMember))
		}})
		w.Inject(simulator.Fault{Path: membersByEmail, Status: 200, Body: `{"values":[]}`})
		r.refused(t, []string{"-var", "max_removals=100"}, "no administrator of workspace acme")
	})
}

// TestARosterIsRefusedWhereBitbucketFindsNobody holds that an administrator to whom Bitbucket shows nobody, by a mistake of its own, is kept
// from removing everybody.
func TestARosterIsRefusedWhereBitbucketFindsNobody(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	r := newRoster(t, w)
	r.staffed(t)
	w.Inject(simulator.Fault{Path: membersByEmail, Status: 200, Body: `{"values":[]}`})
	r.refused(t, nil, "This would take 7 memberships away, and max_removals is 5.", "- Grace from Developers")
}
