package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// The rows of the roster that the tests begin with, as the example has them, and the address of somebody who joins.
const (
	adasRow   = "Ada,ada@acme.example,Platform,Lead,TRUE"
	gracesRow = "Grace,Grace@acme.example ,Platform,Engineer,TRUE"
	linusRow  = "Linus,linus@acme.example,Operations,Engineer,TRUE"
	joinerRow = "Margaret,Margaret@acme.example,Platform,Engineer,yes"
	joiner    = "margaret@acme.example"
)

// roster is the example of joiners, movers and leavers in a folder where commands run.
type roster struct {
	*acctest.Command

	world *acctest.World
}

// newRoster makes the groups of the example in a world, which has one of them already.
func newRoster(t *testing.T, w *acctest.World, rows ...string) roster {
	t.Helper()
	for _, name := range []string{"Release Managers", "Operators", "Staff"} {
		w.AddGroup("acme", simulator.Group{Name: name})
	}
	c := w.Command(t, "")
	files, err := os.ReadDir(filepath.Dir(rosterFile(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !file.IsDir() { // its tests are not part of what runs
			save(t, c, file.Name(), guideFile(t, "roster", "", file.Name()))
		}
	}
	r := roster{c, w}
	if len(rows) > 0 {
		r.export(t, rows...)
	}
	return r
}

// rosterFile is the path of the file that the example reads.
func rosterFile(t *testing.T) string {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "examples", "roster", "roster.csv")
}

// export writes the rows of the file, under the header of the example.
func (r roster) export(t *testing.T, rows ...string) {
	t.Helper()
	save(t, r.Command, "roster.csv", strings.Join(append([]string{"Name,Email,Team,Role,Active"}, rows...), "\n")+"\n")
}

// change applies.
func (r roster) change(t *testing.T, args ...string) (output string) {
	t.Helper()
	return r.Run(t, 0, append([]string{"apply", "-auto-approve"}, args...)...)
}

// apply applies, and demands that the next plan is empty.
func (r roster) apply(t *testing.T) (output string) {
	t.Helper()
	output = r.change(t)
	r.settled(t)
	return output
}

// settled demands that nothing is left to do, and returns what the plan printed.
func (r roster) settled(t *testing.T, args ...string) (output string) {
	t.Helper()
	output = r.Run(t, 0, append([]string{"plan", "-detailed-exitcode"}, args...)...)
	if strings.Contains(output, "taken away") {
		t.Errorf("an empty plan warns:\n%s", output)
	}
	return output
}

// staffed puts everybody into the groups that the example wants them in, by hand.
func (r roster) staffed(t *testing.T) {
	t.Helper()
	for name, people := range team() {
		g, _ := groupNamed(r.world, name)
		for _, person := range people {
			if u, _ := personNamed(r.world, person); !slices.Contains(g.Members, u.UUID) {
				r.world.AddGroupMember("acme", g.Slug, u.UUID)
			}
		}
	}
}

// members demands who is in which group, by display name. Groups that are not named are empty.
func (r roster) members(t *testing.T, want map[string][]string) {
	t.Helper()
	names := map[string]string{}
	for _, u := range r.world.Snapshot().Users {
		names[u.UUID] = u.DisplayName
	}
	for _, g := range r.world.Groups("acme") {
		if g.Slug == "administrators" || strings.HasPrefix(g.Name, "bitbucket-") {
			continue
		}
		var got []string
		for _, uuid := range g.Members {
			got = append(got, names[uuid])
		}
		slices.Sort(got)
		if !slices.Equal(got, want[g.Name]) {
			t.Errorf("group %s has the members %v, want %v", g.Name, got, want[g.Name])
		}
	}
}

// team is who is in which group at first.
func team() map[string][]string {
	return map[string][]string{
		"Developers": {"Ada", "Grace"}, "Release Managers": {"Ada"}, "Operators": {"Linus"}, "Staff": {"Ada", "Grace", "Linus"},
	}
}
