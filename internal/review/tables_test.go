package review_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/review"
)

func TestTablesSayWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	const ada, grace, linus = "{00000000-0000-4000-8000-000000000000}", "{00000000-0000-4000-8000-000000000001}", "{00000000-0000-4000-8000-000000000002}"
	account := func(id string) string {
		return "557058:" + strings.Replace(strings.Trim(id, "{}"), "-8000-", "-9000-", 1)
	}
	for table, want := range map[string][][]string{
		"access": {
			{
				"Grace Hopper", "write on acme/api", "create-repo on project acme/PLAT through group Developers; read on repository acme/api",
				grace, account(grace), "Grace Hopper", "PLAT", "api", "write",
			},
			{"Ada Lovelace", "admin on acme/checkout", "administrator of the workspace", ada, account(ada), "Ada Lovelace", "WEB", "checkout", "admin"},
		},
		"users": {
			{ada, account(ada), "Ada Lovelace", "person-0", "owner", "true"},
			{"{00000000-0000-4000-8000-000000000005}", account("{00000000-0000-4000-8000-000000000005}"), "Dennis Ritchie", "person-5", "", "false"},
		},
		"groups":      {{"developers", "Developers", "3"}},
		"memberships": {{"developers", "Developers", linus, account(linus), "Linus Torvalds"}, {"security", "Security", grace, account(grace), "Grace Hopper"}},
		"grants": {
			{"project", "PLAT", "", "group", "developers", "Developers", "create-repo"},
			{"repository", "PLAT", "api", "user", grace, "Grace Hopper", "read"},
		},
		"findings": {
			{
				"redundant_grant", "repository acme/api", "Grace Hopper", "user", grace, "read", "The grant of read on repository acme/api to Grace Hopper " +
					"changes nothing: create-repo on project acme/PLAT through group Developers gives as much.",
				"create-repo on project acme/PLAT through group Developers",
			},
			{"public_repository", "repository acme/storefront", "", "", "", "read", "Everybody may read repository acme/storefront: it is public.", ""},
		},
	} {
		rows := readCSV(t, table, small())
		for _, row := range want {
			if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) }) {
				t.Errorf("%s: there is no row %q in\n%s", table, row, cmp.Diff([][]string{}, rows))
			}
		}
	}
}

func TestEveryTableHasOneRowForEachThing(t *testing.T) {
	t.Parallel()
	e := small()
	want := map[string]int{
		"access": len(e.Access), "users": len(e.People), "groups": len(e.Groups), "memberships": 6, "grants": len(e.Grants), "findings": len(e.Findings),
	}
	for _, table := range review.Tables {
		rows := readCSV(t, table.Name, e)
		if diff := cmp.Diff(table.Columns, rows[0]); diff != "" {
			t.Errorf("%s: header (-want +got):\n%s", table.Name, diff)
		}
		if got := len(rows) - 1; got != want[table.Name] {
			t.Errorf("%s has %d rows, want %d", table.Name, got, want[table.Name])
		}
		if table.Description == "" {
			t.Errorf("%s has no description", table.Name)
		}
	}
	if len(want) != len(review.Tables) {
		t.Errorf("there are %d tables, want %d", len(review.Tables), len(want))
	}
}

func TestTablesOfNothingHaveAHeader(t *testing.T) {
	t.Parallel()
	for _, table := range review.Tables {
		if rows := readCSV(t, table.Name, &access.Effective{Workspace: "acme"}); len(rows) != 1 {
			t.Errorf("%s has the rows %q, want the header alone", table.Name, rows)
		}
	}
}

func TestThereIsNoOtherTable(t *testing.T) {
	t.Parallel()
	if text, err := review.CSV("secrets", small()); err == nil || text != "" {
		t.Errorf("there is a table of secrets: %q", text)
	}
}

func TestTablesDoNotDependOnTheOrderInWhichBitbucketLists(t *testing.T) {
	t.Parallel()
	e := small()
	for _, table := range review.Tables {
		want, got := csvOf(t, table.Name, e), csvOf(t, table.Name, reversed(e))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", table.Name, diff)
		}
	}
}

func TestNoNameIsAFormulaToASpreadsheet(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`=HYPERLINK("https://evil.example","Ada")`: `'=HYPERLINK("https://evil.example","Ada")`,
		"+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "  =1": "  '=1", "\u00a0=1": "\u00a0'=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠1": "'＠1",
		"\t=1": `\t=1`, "\r=1": `\r=1`, "\n=1": `\n=1`, "\ufeff=1": `\ufeff=1`,
		"Ada;=1+1": "Ada;'=1+1", `Ada",=1`: `Ada",'=1`, "Ada, @Turing": "Ada, '@Turing", "Ada|-1": "Ada|'-1",
		"Ada-Maria = @home": "Ada-Maria = @home", "O'Brien": "O'Brien", `"Linus"`: `"Linus"`, "张伟": "张伟", "Zoë": "Zoë",
		"a\u202eb\u2066c\u200bd\x00e\u2028f\x1b[31m": `a\u202eb\u2066c\u200bd\x00e\u2028f\x1b[31m`, "\xff\ufffd": "\\xff\ufffd",
	} {
		w := newWorld()
		p := w.person(name, "member")
		w.group("g", name, p)
		w.project("PLAT", name, "api")
		w.grant(access.RepositoryScope, "api", "g", access.Admin)
		w.find(access.NoMember, nil)
		e := w.complete()
		for _, table := range review.Tables {
			for _, row := range readCSV(t, table.Name, e)[1:] {
				if table.Name != "findings" && !slices.Contains(row, want) {
					t.Errorf("%s: %q is not the name %q in %q", table.Name, want, name, row)
				}
				for _, cell := range row {
					if strings.ContainsAny(cell, "\t\r\n\x00\u202e") || strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
						t.Errorf("%s: cell %q", table.Name, cell)
					}
				}
			}
		}
	}
}

func TestTablesOfALargeWorkspaceTakeSeconds(t *testing.T) {
	t.Parallel()
	e := everywhere(500, 500)
	start := time.Now()
	if rows := strings.Count(csvOf(t, "access", e), "\r\n"); rows != 250_001 {
		t.Errorf("there are %d rows, want 250,001", rows)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("250,000 rows took %s", took)
	} else {
		t.Logf("250,000 rows took %s", took)
	}
}

// everywhere is a workspace in which everybody may do something everywhere.
func everywhere(people, repositories int) *access.Effective {
	e := large(people, repositories)
	e.Access = nil
	for r := range e.Repositories {
		path := &access.Path{
			Scope: access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: e.Repositories[r].Slug}, Permission: access.Read, GroupSlug: "g",
		}
		for p := range e.People {
			e.Access = append(e.Access, access.EffectiveAccess{
				Person: &e.People[p], Repository: &e.Repositories[r], Permission: access.Read, Paths: []*access.Path{path},
			})
		}
	}
	return e
}

// reversed is the same access in reverse order.
func reversed(e *access.Effective) *access.Effective {
	r := *e
	r.Projects, r.Repositories, r.People = slices.Clone(e.Projects), slices.Clone(e.Repositories), slices.Clone(e.People)
	r.Groups, r.Grants, r.Access, r.Findings = slices.Clone(e.Groups), slices.Clone(e.Grants), slices.Clone(e.Access), slices.Clone(e.Findings)
	for i, a := range r.Access {
		n := slices.IndexFunc(e.Repositories, func(o bitbucket.Repository) bool { return o.Slug == a.Repository.Slug })
		m := slices.IndexFunc(e.People, a.Person.Is)
		r.Access[i].Repository, r.Access[i].Person = &r.Repositories[len(r.Repositories)-1-n], &r.People[len(r.People)-1-m]
	}
	for i := range r.Groups {
		r.Groups[i].Members = slices.Clone(r.Groups[i].Members)
		slices.Reverse(r.Groups[i].Members)
	}
	slices.Reverse(r.Projects)
	slices.Reverse(r.Repositories)
	slices.Reverse(r.People)
	slices.Reverse(r.Groups)
	slices.Reverse(r.Grants)
	slices.Reverse(r.Access)
	slices.Reverse(r.Findings)
	return &r
}

func csvOf(t *testing.T, table string, e *access.Effective) string {
	t.Helper()
	text, err := review.CSV(table, e)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readCSV are the rows of a table.
func readCSV(t *testing.T, table string, e *access.Effective) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(csvOf(t, table, e))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
