package provider_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// scopeName is a scope of an API token in a text.
var scopeName = regexp.MustCompile("`([a-z]+:[a-z]+:bitbucket)`")

// scopesIn are the scopes that a text names, sorted.
func scopesIn(text string) []string {
	var names []string
	for _, found := range scopeName.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// rowOf is the row of a table of scopes that an operation belongs to.
var rowOf = map[string]string{"create": "create and change", "read": "plan and import", "update": "create and change", "delete": "destroy", "import": "plan and import"}

// scopesTable is the table of scopes in a text: what a row says of a place, which is "" where there is one only.
func scopesTable(text string) map[string]map[string][]string {
	table := map[string]map[string][]string{}
	var places []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			places = nil
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		switch name := strings.TrimSpace(cells[0]); {
		case name == "To":
			places = cells[1:]
		case len(places) == len(cells)-1 && !strings.HasPrefix(name, "-"):
			table[name] = map[string][]string{}
			for i, cell := range cells[1:] {
				table[name][strings.TrimSpace(places[i])] = scopesIn(cell)
			}
		}
	}
	return table
}

// placeOf is the column for a subject in a row of a table of scopes.
func placeOf(row map[string][]string, s subject, managed bool) []string {
	for place, scopes := range row {
		atOrganization, toRepository := strings.Contains(place, "at admin.atlassian.com"), strings.HasPrefix(place, "To a repository")
		if len(row) == 1 || atOrganization == managed && toRepository == s.bitbucketOnly {
			return scopes
		}
	}
	return nil
}

func TestEveryResourceTakesJustTheScopesOfItsTable(t *testing.T) {
	t.Parallel()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	for name, managed := range bothAdministrations {
		for i, s := range subjects(chaosWorld(managed)) {
			if s.bitbucketOnly && managed {
				continue
			}
			t.Run(name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				table := scopesTable(schemas.ResourceSchemas[s.resource].Block.Description)
				took := map[string][]string{}
				for _, o := range operations {
					if !o.possible(s) {
						continue
					}
					stated := placeOf(table[rowOf[o.name]], s, managed)
					took[rowOf[o.name]] = append(took[rowOf[o.name]], chaosRow{managed, i, s, o, nil}.scopes(t, stated)...)
				}
				reading := took["plan and import"]
				for row, scopes := range took { // whoever applies plans before
					scopes = slices.Concat(scopes, reading)
					slices.Sort(scopes)
					if diff := cmp.Diff(slices.Compact(scopes), placeOf(table[row], s, managed)); diff != "" {
						t.Errorf("to %s (-needed +stated):\n%s", row, diff)
					}
				}
			})
		}
	}
}

// scopes are those of the stated scopes without which the operation is refused. With all of them it must pass.
func (r chaosRow) scopes(t *testing.T, stated []string) (needed []string) {
	t.Helper()
	with := func(granted []string) (failure error) {
		synctest.Test(t, func(t *testing.T) {
			w, resource := r.begin(t)
			w.SetScopes(w.Token, granted...)
			failure = r.do(t.Context(), chaosProcess(t, w), resource)
		})
		return failure
	}
	if failure := with(stated); failure != nil {
		t.Errorf("%s fails with the stated scopes %s: %s", r, stated, failure)
	}
	for i, scope := range stated {
		if failure := with(slices.Delete(slices.Clone(stated), i, i+1)); failure != nil {
			mention(t, failure.Error(), "lacks the scope", scope)
			needed = append(needed, scope)
		}
	}
	return needed
}

// TestSomebodyOutsideOfTheWorkspaceIsFoundByUUIDWithAScopeOfItsOwn holds what the pages of memberships say of such people.
func TestSomebodyOutsideOfTheWorkspaceIsFoundByUUIDWithAScopeOfItsOwn(t *testing.T) {
	t.Parallel()
	stated := []string{"admin:workspace:bitbucket", "read:permission:bitbucket", "read:workspace:bitbucket"}
	for _, granted := range [][]string{stated, append([]string{"read:user:bitbucket"}, stated...)} {
		synctest.Test(t, func(t *testing.T) {
			w := chaosWorld(true)
			edsger := w.AddUser(simulator.User{DisplayName: "Edsger", Email: "edsger@acme.example"})
			w.AddToOrganization(w.Organization, edsger.UUID)
			w.SetScopes(w.Token, granted...)
			in := map[string]tftypes.Value{"workspace": str("acme"), "group_slug": str(w.Developers), "user_id": str(edsger.UUID)}
			failure := planAndApply(t.Context(), chaosProcess(t, w), &managedResource{written: written{listedMembers, in}})
			switch {
			case len(granted) > len(stated) && failure != nil:
				t.Errorf("with the scope it fails: %s", failure)
			case len(granted) == len(stated) && failure == nil:
				t.Error("it passes without the scope")
			case failure != nil:
				mention(t, failure.Error(), "lacks the scope read:user:bitbucket")
			}
		})
	}
}

func TestEveryQuestionTakesTheScopesThatItsPageNames(t *testing.T) {
	t.Parallel()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions() {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			kind, name, _ := strings.Cut(q.name, " ")
			page := schemas.DataSourceSchemas[name]
			if kind == "list" {
				page = schemas.ListResourceSchemas[name]
			}
			stated, needed := scopesIn(page.Block.Description), map[string]bool{}
			for _, managed := range bothAdministrations {
				with := func(granted []string) (answer string, failure error) {
					synctest.Test(t, func(t *testing.T) {
						w := chaosWorld(managed)
						if granted != nil {
							w.SetScopes(w.Token, granted...)
						}
						answer, failure = q.ask(t, w)
					})
					return answer, failure
				}
				full, _ := with(nil)
				whole, failure := with(stated)
				if failure != nil || whole != full && name != "bitbucket_current_user" { // which tells the scopes
					t.Errorf("with the stated scopes %s it is answered %q, and not %q: %v", stated, whole, full, failure)
				}
				for i, scope := range stated {
					answer, failure := with(slices.Delete(slices.Clone(stated), i, i+1))
					needed[scope] = needed[scope] || failure != nil || answer != whole
				}
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(needed)), stated); diff != "" || slices.Contains(slices.Collect(maps.Values(needed)), false) {
				t.Errorf("of the stated scopes some are not needed: %v", needed)
			}
		})
	}
}

func TestTheFirstPageNamesTheScopesOfAllPages(t *testing.T) {
	t.Parallel()
	schemas, err := chaosSchemas()
	if err != nil {
		t.Fatal(err)
	}
	var planning, applying []string
	for _, s := range schemas.ResourceSchemas {
		about := s.Block.Description
		applying = append(applying, scopesIn(about)...)
		for _, scopes := range scopesTable(about)["plan and import"] {
			planning = append(planning, scopes...)
		}
	}
	for _, pages := range []map[string]*tfprotov6.Schema{schemas.DataSourceSchemas, schemas.ListResourceSchemas} {
		for _, s := range pages {
			planning = append(planning, scopesIn(s.Block.Description)...)
		}
	}
	table := scopesTable(readPage(t, "index"))
	got := map[string][]string{}
	for row, places := range table {
		got[row] = places["Scopes of the API token"]
	}
	got["apply everything"] = append(got["apply everything"], got["plan everything"]...)
	want := map[string][]string{"plan everything": planning, "apply everything": append(applying, planning...)}
	for _, all := range []map[string][]string{got, want} {
		for row, scopes := range all {
			slices.Sort(scopes)
			all[row] = slices.Compact(scopes)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the scopes of the first page (-of all pages +of the first):\n%s", diff)
	}
}
