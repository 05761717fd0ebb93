package review_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// filters are what the page is asked for, by the names of its fields.
var filters = []map[string]string{
	{"person": "hopper"},
	{"person": "{00000000-0000-4000-8000-00000000002a}"},
	{"group": "team-07"},
	{"project": "P11"},
	{"repository": "-service-3"},
	{"level": "write"},
	{"level": "admin"},
	{"finding": "any"},
	{"finding": string(access.AdminOutsideGroups)},
	{"person": "Grace", "group": "everybody", "project": "P05", "repository": "service", "level": "read"},
	{"project": "P11", "finding": string(access.AdminOutsideGroups)},
	{"person": "Grace", "finding": string(access.Redundant)},
	{"group": "team-03", "finding": string(access.Redundant), "level": "write"},
	{"person": "nobody of this name"},
}

// filtersLeaveWhatTheyAskFor tries every filter, and whether its address shows the same.
func filtersLeaveWhatTheyAskFor(t *testing.T, b *tab, e *access.Effective) {
	t.Helper()
	all := b.shown()
	for _, filter := range filters {
		shown, want := "", expected(e, filter)
		for name, text := range filter {
			shown = b.set(name, text)
		}
		if shown != want {
			t.Errorf("%v: the page shows %q, want %q", filter, shown, want)
		}
		hash := value[string](b, "location.hash")
		if asked, err := url.ParseQuery(strings.TrimPrefix(hash, "#")); err != nil || len(asked) != len(filter) {
			t.Errorf("%v: the address ends with %q: %v", filter, hash, err)
		}
		b.link("#", all)
	}
	every := map[string]string{"person": "Grace", "group": "everybody", "project": "P05", "repository": "service", "level": "read", "finding": "any"}
	query := url.Values{}
	for name, text := range every {
		query.Set(name, text)
	}
	b.link("#"+query.Encode(), expected(e, every))
	b.run(chromedp.Click(chromedp.CSS("button[type=reset]")))
	if shown := b.until(func(shown string) bool { return shown == all }); shown != all {
		t.Errorf("with all filters empty the page shows %q, want %q", shown, all)
	}
}

// expected is what the page must say for a filter: how many people and repositories are left, and how much access.
func expected(e *access.Effective, filter map[string]string) string {
	members := membersOf(e)
	people, repositories := map[string]bool{}, map[string]bool{}
	for _, p := range e.People {
		people[p.UUID] = (filter["group"] == "" || members[filter["group"]][p.UUID]) &&
			slices.ContainsFunc([]string{p.DisplayName, p.Nickname, p.UUID, p.AccountID}, func(text string) bool {
				return strings.Contains(strings.ToLower(text), strings.ToLower(filter["person"]))
			})
	}
	for _, r := range e.Repositories {
		repositories[r.Slug] = strings.Contains(r.Slug, filter["repository"]) && (filter["project"] == "" || r.Project.Key == filter["project"])
	}
	cells := 0
	for before := -1; before != count(people)+count(repositories); { // each filter asks for what the others leave
		before = count(people) + count(repositories)
		holders, held := map[string]bool{}, map[string]bool{}
		cells = 0
		for _, a := range e.Access {
			if people[a.Person.UUID] && repositories[a.Repository.Slug] && a.Permission.Compare(access.Permission(filter["level"])) >= 0 {
				holders[a.Person.UUID], held[a.Repository.Slug] = true, true
				cells++
			}
		}
		if filter["level"] != "" {
			people, repositories = holders, held
		}
		if filter["finding"] != "" {
			people, repositories = foundAmong(e, members, filter["finding"], people, repositories)
		}
	}
	return fmt.Sprintf("%s × %s: %s", some(people, len(e.People), "person", "people"), some(repositories, len(e.Repositories), "repository", "repositories"),
		number(cells, "permission", "permissions"))
}

// foundAmong are the people who hold what findings of a kind are about on repositories, both among some.
func foundAmong(e *access.Effective, members map[string]map[string]bool, kind string, people, repositories map[string]bool) (who, where map[string]bool) {
	who, where = map[string]bool{}, map[string]bool{}
	for _, f := range e.Findings {
		if kind != "any" && kind != string(f.Kind) {
			continue
		}
		for _, r := range e.Repositories {
			if !repositories[r.Slug] || f.Scope.Name != r.Slug && f.Scope.Name != r.Project.Key {
				continue
			}
			for _, p := range e.People {
				if people[p.UUID] && (f.Principal.ID == p.UUID || members[f.Principal.ID][p.UUID]) {
					who[p.UUID], where[r.Slug] = true, true
				}
			}
		}
	}
	return who, where
}

// membersOf are the UUIDs of the people in each group.
func membersOf(e *access.Effective) map[string]map[string]bool {
	members := map[string]map[string]bool{}
	for _, g := range e.Groups {
		members[g.Slug] = map[string]bool{}
		for _, m := range g.Members {
			if i := slices.IndexFunc(e.People, m.Is); i >= 0 {
				members[g.Slug][e.People[i].UUID] = true
			}
		}
	}
	return members
}

// some is how the page writes a part of all.
func some(which map[string]bool, all int, one, many string) string {
	n := count(which)
	if n == all {
		return number(all, one, many)
	}
	return fmt.Sprintf("%d of %s", n, number(all, one, many))
}

// count is how many there are.
func count(which map[string]bool) int {
	n := 0
	for _, is := range which {
		if is {
			n++
		}
	}
	return n
}

// number is how the page writes a number of things.
func number(n int, one, many string) string {
	text := strconv.Itoa(n)
	if n == 1 {
		return text + " " + one
	}
	if len(text) > 3 {
		text = text[:len(text)-3] + "," + text[len(text)-3:]
	}
	return text + " " + many
}

// cellsSayWhatPeopleHave looks at every cell of a matrix that can be seen without scrolling.
func cellsSayWhatPeopleHave(t *testing.T, b *tab, e *access.Effective) {
	t.Helper()
	cells := value[map[string][]string](b, `Object.fromEntries(Array.from(document.querySelectorAll("regular-table td"), (cell) =>
		[cell.title.replace(", with a finding", "").split(": ")[0], [cell.textContent, cell.classList.contains("found") ? "found" : "",
			...["none", "read", "write", "admin"].filter((level) => cell.classList.contains(level))]]))`)
	if want := len(e.People) * len(e.Repositories); len(cells) != want {
		t.Errorf("%d cells can be seen, want %d", len(cells), want)
	}
	letters := map[access.Permission]string{access.None: "", access.Read: "R", access.Write: "W", access.Admin: "A"}
	for _, p := range e.People {
		for _, r := range e.Repositories {
			level := access.None
			if i := slices.IndexFunc(e.Access, func(a access.EffectiveAccess) bool { return a.Person.Is(p) && a.Repository.Slug == r.Slug }); i >= 0 {
				level = e.Access[i].Permission
			}
			want := []string{letters[level], map[bool]string{true: "found"}[found(e, p, r)], string(level)}
			if got := cells[p.DisplayName+" on "+r.Slug]; !slices.Equal(got, want) {
				t.Errorf("%s on %s: the cell says %q, want %q", p.DisplayName, r.Slug, got, want)
			}
		}
	}
}

// found tells whether there is a finding about what a person holds on a repository.
func found(e *access.Effective, p access.Person, r bitbucket.Repository) bool {
	return slices.ContainsFunc(e.Findings, func(f access.Finding) bool {
		return (f.Principal.ID == p.UUID || membersOf(e)[f.Principal.ID][p.UUID]) && (f.Scope.Name == r.Slug || f.Scope.Name == r.Project.Key)
	})
}
