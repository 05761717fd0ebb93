// Package review shows who may do what to those who have to judge it: as tables for spreadsheets and governance tools, and as one page. What
// it makes says nothing of when it was made, so that it changes only when access does.
package review

import (
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// Table is a kind of table that access can be written as.
type Table struct {
	// Name is what the table is asked for by.
	Name string
	// Description is a sentence that says what a row is.
	Description string
	// Columns are the cells of the first row.
	Columns []string

	rows func(*index) iter.Seq[[]string]
}

// Tables are all kinds of tables.
var Tables = []Table{
	{
		Name:        "access",
		Description: "What one person may do on one repository, and every path that gives it, the one that gives most first.",
		Columns:     []string{"entity", "entitlement", "path", "user_id", "account_id", "display_name", "project_key", "repo_slug", "permission"},
		rows:        accessRows,
	},
	{
		Name:        "users",
		Description: "One person: a member of the workspace, or somebody else who holds a grant.",
		Columns:     []string{"user_id", "account_id", "display_name", "nickname", "role", "member"},
		rows:        userRows,
	},
	{
		Name:        "groups",
		Description: "One group of the workspace, and how many people are in it.",
		Columns:     []string{"group_slug", "name", "members"},
		rows:        groupRows,
	},
	{
		Name:        "memberships",
		Description: "One person in one group.",
		Columns:     []string{"group_slug", "name", "user_id", "account_id", "display_name"},
		rows:        membershipRows,
	},
	{
		Name:        "grants",
		Description: "One explicit permission of a user or a group on a project or a repository.",
		Columns:     []string{"scope", "project_key", "repo_slug", "principal", "principal_id", "name", "permission"},
		rows:        grantRows,
	},
	{
		Name:        "findings",
		Description: "One thing that a reviewer should look at, and why.",
		Columns:     []string{"kind", "about", "who", "principal", "principal_id", "permission", "reason", "because"},
		rows:        findingRows,
	},
}

// CSV writes access as the table of a name, as RFC 4180 says. Rows are sorted, so that they do not depend on the order in which Bitbucket
// lists things, and no cell is a formula to a spreadsheet.
func CSV(table string, e *access.Effective) (string, error) {
	i := slices.IndexFunc(Tables, func(t Table) bool { return t.Name == table })
	if i < 0 {
		return "", fmt.Errorf("there is no table %q", table)
	}
	rows := slices.SortedFunc(Tables[i].rows(indexed(e)), slices.Compare)
	for _, row := range rows {
		for n, value := range row {
			row[n] = cell(value)
		}
	}
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	err := errors.Join(w.Write(Tables[i].Columns), w.WriteAll(rows))
	return text.String(), err
}

func accessRows(x *index) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		words := map[*access.Path]string{}
		for _, a := range x.Access {
			paths := make([]string, len(a.Paths))
			for i, p := range a.Paths {
				if words[p] == "" {
					words[p] = p.String()
				}
				paths[i] = words[p]
			}
			p, r := a.Person, a.Repository
			if !yield([]string{
				p.Called(), fmt.Sprintf("%s on %s/%s", a.Permission, x.Workspace, r.Slug), strings.Join(paths, "; "),
				p.UUID, p.AccountID, p.DisplayName, r.Project.Key, r.Slug, string(a.Permission),
			}) {
				return
			}
		}
	}
}

func userRows(x *index) iter.Seq[[]string] {
	return each(x.People, func(p access.Person) []string {
		return []string{p.UUID, p.AccountID, p.DisplayName, p.Nickname, p.Role, strconv.FormatBool(p.Role != "")}
	})
}

func groupRows(x *index) iter.Seq[[]string] {
	return each(x.Groups, func(g access.Group) []string { return []string{g.Slug, g.Name, strconv.Itoa(len(g.Members))} })
}

func membershipRows(x *index) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, g := range x.Groups {
			for _, m := range g.Members {
				m = x.known(m)
				if !yield([]string{g.Slug, g.Name, m.UUID, m.AccountID, m.DisplayName}) {
					return
				}
			}
		}
	}
}

func grantRows(x *index) iter.Seq[[]string] {
	return each(x.Grants, func(g access.Grant) []string {
		project, repository := x.object(g.Scope)
		return []string{string(g.Scope.Kind), project, repository, string(g.Principal.Kind), g.Holder().ID, g.Name, string(g.Permission)}
	})
}

func findingRows(x *index) iter.Seq[[]string] {
	return each(x.Findings, func(f access.Finding) []string {
		return []string{
			string(f.Kind), x.about(f), holder(f), string(f.Principal.Kind), f.Principal.ID, string(f.Permission), x.reason(f), because(f),
		}
	})
}

// each yields a row for each item.
func each[T any](items []T, row func(T) []string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, item := range items {
			if !yield(row(item)) {
				return
			}
		}
	}
}
