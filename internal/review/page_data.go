package review

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// pageData is what the script of the page shows. Other things are named by their places in these lists, and -1 is none.
type pageData struct {
	// Levels are what people may have on a repository, lowest first; the first is no access.
	Levels       []pageLevel      `json:"levels"`
	People       []pagePerson     `json:"people"`
	Groups       []pageGroup      `json:"groups"`
	Projects     []pageProject    `json:"projects"`
	Repositories []pageRepository `json:"repositories"`
	// Paths are all paths that lead to anything, each once.
	Paths []string `json:"paths"`
	// Sets are what people have on repositories, each once: the level, how many of the paths give as much, and the paths, those first. The
	// first set is no access.
	Sets [][]int `json:"sets"`
	// Rows are the sets that each person has on all repositories, as runs: a set, on how many repositories in succession, the next set.
	Rows     [][]int       `json:"rows"`
	Kinds    []pageKind    `json:"kinds"`
	Findings []pageFinding `json:"findings"`

	grants int
}

// pagePerson is somebody on the page.
type pagePerson struct {
	Name     string `json:"name"`
	ID       string `json:"id"`
	Account  string `json:"account"`
	Nickname string `json:"nickname"`
	// Role is "" for somebody who is not in the workspace.
	Role   string `json:"role"`
	Groups []int  `json:"groups"`
}

// pageGroup is a group on the page.
type pageGroup struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// pageProject is a project on the page.
type pageProject struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// pageRepository is a repository on the page.
type pageRepository struct {
	Slug    string `json:"slug"`
	Project int    `json:"project"`
	Public  bool   `json:"public"`
}

// newPageData sorts people by name and repositories by project, so that the page reads well and does not depend on the order in which
// Bitbucket lists them.
func newPageData(x *index) pageData {
	people := slices.SortedFunc(slices.Values(x.People), func(p, q access.Person) int {
		return cmp.Or(strings.Compare(strings.ToLower(p.Called()), strings.ToLower(q.Called())),
			strings.Compare(p.Called(), q.Called()), strings.Compare(p.UUID, q.UUID), strings.Compare(p.AccountID, q.AccountID))
	})
	groups := slices.SortedFunc(slices.Values(x.Groups), func(g, h access.Group) int {
		return cmp.Or(strings.Compare(strings.ToLower(g.Name), strings.ToLower(h.Name)), strings.Compare(g.Slug, h.Slug))
	})
	repositories := slices.SortedFunc(slices.Values(x.Repositories), func(r, s bitbucket.Repository) int {
		return cmp.Or(strings.Compare(r.Project.Key, s.Project.Key), strings.Compare(r.Slug, s.Slug))
	})
	sorted := *x.Effective
	sorted.People, sorted.Groups, sorted.Repositories = people, groups, repositories
	y := indexed(&sorted)
	d := pageData{
		Levels: levelsOf(x.Access), Kinds: kinds(x.Findings), grants: len(x.Grants),
		People: []pagePerson{}, Groups: []pageGroup{}, Projects: []pageProject{}, Repositories: []pageRepository{}, // which are null in JSON otherwise
		Paths: []string{}, Rows: [][]int{}, Findings: []pageFinding{},
	}
	d.addObjects(y)
	d.addPeople(y)
	d.addAccess(y)
	d.addFindings(y)
	return d
}

// addObjects adds groups, and the projects that were read or that a repository is in.
func (d *pageData) addObjects(x *index) {
	for _, g := range x.Groups {
		d.Groups = append(d.Groups, pageGroup{visible(g.Slug), visible(cmp.Or(g.Name, g.Slug))})
	}
	names := map[string]string{}
	for _, r := range x.Repositories {
		names[r.Project.Key] = ""
	}
	for _, p := range x.Projects {
		names[p.Key] = p.Name
	}
	for key, name := range names {
		d.Projects = append(d.Projects, pageProject{visible(key), visible(name)})
	}
	slices.SortFunc(d.Projects, func(p, q pageProject) int { return strings.Compare(p.Key, q.Key) })
	for _, r := range x.Repositories {
		d.Repositories = append(d.Repositories, pageRepository{visible(r.Slug), d.project(r.Project.Key), !r.IsPrivate})
	}
}

// project is the place of a project; -1 for one that is not there.
func (d *pageData) project(key string) int {
	return slices.IndexFunc(d.Projects, func(p pageProject) bool { return p.Key == visible(key) })
}

func (d *pageData) addPeople(x *index) {
	for _, p := range x.People {
		d.People = append(d.People, pagePerson{
			visible(p.Called()), visible(p.UUID), visible(p.AccountID), visible(p.Nickname), visible(p.Role), []int{},
		})
	}
	for i, g := range x.Groups {
		for _, m := range g.Members {
			if n := x.person(m.UUID, m.AccountID); n >= 0 {
				d.People[n].Groups = append(d.People[n].Groups, i)
			}
		}
	}
}
