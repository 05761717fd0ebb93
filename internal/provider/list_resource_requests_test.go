package provider_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// What the tests of lists count.
const (
	repositoryLists = "/2.0/repositories/acme"
	projectLists    = "/2.0/workspaces/acme/projects"
	userGrants      = "/2.0/**/permissions-config/users"
	groupGrants     = "/2.0/**/permissions-config/groups"
)

// expectAsked demands how often was asked for each of the paths, and for nothing else, and forgets it.
func (l lister) expectAsked(t *testing.T, about string, want map[string]int) {
	t.Helper()
	total := 0
	for path, times := range want {
		total += times
		if got := l.world.Count("", path); got != times {
			t.Errorf("%s: %s is asked for %d times, not %d", about, path, got, times)
		}
	}
	if all := l.world.Journal(); len(all) != total {
		var paths []string
		for _, r := range all {
			paths = append(paths, r.Method+" "+r.Path)
		}
		t.Errorf("%s: %d requests, not %d:\n%s", about, len(all), total, strings.Join(paths, "\n"))
	}
	l.world.ResetJournal()
}

func TestListingAWorkspaceCostsItsPagesOfRepositoriesAndOneRequestForEachAndKindOfPrincipal(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	for i := range 119 { // with api, two pages of 100
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: fmt.Sprintf("r%d", i)})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: fmt.Sprintf("r%d", i), User: w.Grace.UUID, Permission: simulator.Read})
	}
	for i := range 150 { // two pages on one repository
		u := w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember)
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: u.UUID, Permission: simulator.Write})
	}
	l := listing(t, w)
	if got := len(l.found(t, listedRepoUsers, inAcme, listBlock{objects: true})); got != 269 {
		t.Errorf("%d permissions are listed, not 269", got)
	}
	l.expectAsked(t, "users", map[string]int{repositoryLists: 2, userGrants: 121})
	l.found(t, listedRepoGroups, inAcme, listBlock{objects: true})
	l.expectAsked(t, "groups in the same run", map[string]int{groupGrants: 120})
	l.found(t, listedRepoUsers, inAcme, listBlock{objects: true})
	l.expectAsked(t, "users once more", nil)
	l.found(t, listedRepoUsers, inAcme.with("repo_slug", "r7"), listBlock{})
	l.expectAsked(t, "one repository that was listed", nil)
	l.found(t, listedRepoUsers, inAcme.with("project_key", "PLAT"), listBlock{})
	l.expectAsked(t, "the repositories of a project", map[string]int{repositoryLists: 2}) // their users are known
	l.found(t, listedRepoUsers, listArguments{"workspace": workspaceUUID(w)}, listBlock{})
	l.expectAsked(t, "the workspace by UUID", map[string]int{"/2.0/workspaces/*": 1})
}

func TestListingOneObjectCostsOneRequest(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	for kind, c := range map[string]struct{ attribute, object, path string }{
		listedMembers:       {"group_slug", "developers", groupListings},
		listedRepoUsers:     {"repo_slug", "api", userGrants},
		listedRepoGroups:    {"repo_slug", "api", groupGrants},
		listedProjectUsers:  {"project_key", "PLAT", userGrants},
		listedProjectGroups: {"project_key", "PLAT", groupGrants},
		listedGroupLists:    {"group_slug", "developers", groupListings},
	} {
		l := listing(t, w)
		l.found(t, kind, inAcme.with(c.attribute, c.object), listBlock{objects: true})
		l.expectAsked(t, kind, map[string]int{c.path: 1})
	}
}

func TestListingProjectsOfAWorkspaceCostsOneRequestForEachAndKindOfPrincipal(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	l.found(t, listedProjectUsers, inAcme, listBlock{})
	l.expectAsked(t, "users", map[string]int{projectLists: 1, userGrants: 3})
	l.found(t, listedProjectGroups, inAcme, listBlock{})
	l.expectAsked(t, "groups", map[string]int{groupGrants: 3})
}

// TestListingWholeListsReadsTheirContentOnlyWhereItIsWanted holds it too that what one list has read no other reads.
func TestListingWholeListsReadsTheirContentOnlyWhereItIsWanted(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	l.found(t, listedRepoLists, inAcme, listBlock{})
	l.expectAsked(t, "repositories", map[string]int{repositoryLists: 1})
	l.found(t, listedRepoLists, inAcme, listBlock{objects: true})
	l.expectAsked(t, "repositories as a whole", map[string]int{userGrants: 4, groupGrants: 4})
	l.found(t, listedRepoUsers, inAcme, listBlock{objects: true})
	l.expectAsked(t, "users of repositories", nil)
	l.found(t, listedProjectLists, inAcme, listBlock{})
	l.expectAsked(t, "projects", map[string]int{projectLists: 1})
	l.found(t, listedProjectLists, inAcme, listBlock{objects: true})
	l.expectAsked(t, "projects as a whole", map[string]int{userGrants: 3, groupGrants: 3})
	l.found(t, listedGroupLists, inAcme, listBlock{objects: true})
	l.found(t, listedMembers, inAcme, listBlock{objects: true})
	l.expectAsked(t, "groups as a whole", map[string]int{groupListings: 1})
}

func TestListingAllGroupsAndMembershipsOfAWorkspaceCostsOneRequest(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	slugs, _, _ := teams(w, 30, 150)
	for i, u := range w.Snapshot().Users {
		w.AddGroupMember("acme", slugs[i%len(slugs)], u.UUID)
	}
	l := listing(t, w)
	groups := l.found(t, listedGroups, inAcme, listBlock{objects: true})
	members := l.found(t, listedMembers, inAcme, listBlock{objects: true})
	if len(groups) < 30 || len(members) < 150 {
		t.Errorf("%d groups and %d members are listed", len(groups), len(members))
	}
	l.expectAsked(t, "groups and members", map[string]int{groupListings: 1})
}

func TestListingMembershipsOfAnOrganizationCostsPagesOfGroupsAndOfMembers(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	slugs, _, _ := teams(w, 120, 2) // with the two default groups and the developers, 123 groups: two pages
	for i := range 110 {
		w.AddGroupMember("acme", slugs[0], w.AddPerson(fmt.Sprintf("Member %d", i), simulator.RoleMember).UUID)
	}
	l := listing(t, w)
	l.found(t, listedGroups, inAcme, listBlock{objects: true})
	l.expectAsked(t, "groups", map[string]int{groupSearches: 2, groupListings: 1, workspaceReads: 1})
	l.found(t, listedMembers, inAcme, listBlock{objects: true})
	l.expectAsked(t, "members", map[string]int{userSearches: 124}) // one of the 123 groups takes two pages
	l.found(t, listedMembers, inAcme.with("group_slug", slugs[0]), listBlock{})
	l.expectAsked(t, "members of one group", nil)
}

// TestListsThatRunAtTheSameTimeShareWhatTheyRead holds it for list blocks of one query, which Terraform runs side by side.
func TestListsThatRunAtTheSameTimeShareWhatTheyRead(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	var running sync.WaitGroup
	for _, kind := range slices.Repeat(listedTypes, 3) {
		results := l.stream(t.Context(), t, kind, l.config(t, kind, inAcme), listBlock{objects: true})
		running.Go(func() {
			for result := range results {
				if len(result.Diagnostics) > 0 {
					t.Errorf("%s: %s", kind, result.Diagnostics[0].Detail)
				}
			}
		})
	}
	running.Wait()
	l.expectAsked(t, "all lists", map[string]int{groupListings: 1, repositoryLists: 1, projectLists: 1, userGrants: 7, groupGrants: 7})
}

func TestALimitIsKeptAndToldOf(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	for kind, total := range map[string]int{
		listedGroups: 2, listedMembers: 3, listedRepoUsers: 4, listedRepoGroups: 2, listedProjectUsers: 2, listedProjectGroups: 2,
		listedGroupLists: 2, listedRepoLists: 4, listedProjectLists: 3,
	} {
		for limit := range total + 3 {
			rows := listing(t, w).found(t, kind, inAcme, listBlock{limit: int64(limit)})
			want := min(limit, total)
			if limit == 0 {
				want = total // no limit
			}
			if len(rows) != want {
				t.Errorf("%s with limit %d: %d results, not %d", kind, limit, len(rows), want)
				continue
			}
			for i, row := range rows {
				if told := row.warning != ""; told != (i == limit-1 && limit < total) {
					t.Errorf("%s with limit %d of %d: result %d warns %q", kind, limit, total, i+1, row.warning)
				}
			}
			if limit > 0 && limit < total {
				mention(t, rows[limit-1].warning, "There is more", fmt.Sprintf("limit of %d", limit))
			}
		}
	}
}

// threeRepositories is a world of the repositories a, b and c: Grace and Linus have permissions on a, and Grace on the others.
func threeRepositories(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	w.RemoveRepository("acme", "api")
	for _, slug := range []string{"a", "b", "c"} {
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: slug, Name: slug})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: slug, User: w.Grace.UUID, Permission: simulator.Read})
	}
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "a", User: w.Linus.UUID, Permission: simulator.Write})
	return w
}

// read are those of the three repositories whose users were asked for.
func (l lister) read(t *testing.T) []string {
	t.Helper()
	var read []string
	for _, slug := range []string{"a", "b", "c"} {
		if l.world.Count(http.MethodGet, "/2.0/repositories/acme/"+slug+"/permissions-config/users") > 0 {
			read = append(read, slug)
		}
	}
	return read
}

// expectRead demands which repositories were read. The one after them may have been begun, too.
func (l lister) expectRead(t *testing.T, about string, want ...string) {
	t.Helper()
	read := l.read(t)
	if ahead := len(want) + 1; len(read) == ahead {
		read = read[:len(want)]
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("%s: repositories (-want +read):\n%s", about, diff)
	}
}

func TestLittleIsReadBeyondTheLimit(t *testing.T) {
	t.Parallel()
	w := threeRepositories(t)
	all := []string{"a", "b", "c"}
	for limit, want := range map[int64][]string{1: all[:1], 2: all[:2], 3: all, 4: all, 0: all} {
		l := listing(t, w)
		l.found(t, listedRepoUsers, inAcme, listBlock{limit: limit})
		l.expectRead(t, fmt.Sprintf("limit %d", limit), want...)
	}
}
