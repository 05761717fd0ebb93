package access_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestTheEffectiveAccessOfAcmeIsExactAndCostsTheFloor(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme"}))(t)
	want := []string{"GET /2.0/repositories/acme", "GET /2.0/workspaces/acme/projects", "GET /2.0/workspaces/acme/permissions", "GET " + groupList}
	for _, r := range seed.Workspaces[0].Repositories {
		config := "GET /2.0/repositories/acme/" + r.Slug + "/permissions-config/"
		want = append(want, config+"users", config+"groups")
	}
	for _, p := range seed.Workspaces[0].Projects {
		config := "GET /2.0/workspaces/acme/projects/" + p.Key + "/permissions-config/"
		want = append(want, config+"users", config+"groups")
	}
	if len(want) != 136 {
		t.Errorf("the floor is %d requests", len(want))
	}
	w.requests(t, want...)
	said := asBitbucketSays(t, w.Simulator)
	equal(t, "access", said, asFound(e))
	if len(said) < 1000 {
		t.Errorf("Acme has only %d rows", len(said))
	}
	naive{w.Snapshot().Workspaces[0]}.checkRedundant(t, e)

	w.ResetJournal()
	must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: acmeUUID, UserIDs: []string{grace.UUID}}))(t)
	w.requests(t, "GET /2.0/workspaces/"+url.PathEscape(acmeUUID)) // the listings are shared
}

// pathsToAPI are those of one person to the repository api.
func pathsToAPI(e *access.Effective, who simulator.User) []string {
	var texts []string
	for _, a := range e.Access {
		if a.Person.UUID == who.UUID && a.Repository.Slug == "api" {
			texts = append(texts, string(a.Permission)+":")
			for _, p := range a.Paths {
				texts = append(texts, p.String())
			}
		}
	}
	return texts
}

func TestEffectiveAccessNamesEveryPath(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID, Permission: simulator.Admin})
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api"}}))(t)
	w.requests(t, "GET /2.0/repositories/acme/api", "GET /2.0/workspaces/acme/permissions", "GET "+groupList,
		"GET "+apiUsers, "GET "+apiGroups, "GET /2.0/workspaces/acme/projects/PLAT/permissions-config/users",
		"GET /2.0/workspaces/acme/projects/PLAT/permissions-config/groups")
	equal(t, "Grace's paths", []string{
		"admin:", "admin on repository acme/api", "admin on project acme/PLAT", "write on repository acme/api through group Developers",
		"read on project acme/PLAT through group Security",
	}, pathsToAPI(e, grace))
	equal(t, "Ada's paths", []string{
		"admin:", "admin on repository acme/api through group Administrators", "admin on project acme/PLAT through group Administrators",
		"administrator of the workspace", "write on repository acme/api through group Developers",
	}, pathsToAPI(e, ada))
	equal(t, "Linus's paths", []string{
		"write:", "write on repository acme/api through group Developers", "create-repo on project acme/PLAT through group Platform",
	}, pathsToAPI(e, linus))
}

func TestEffectiveAccessIsFiltered(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	ask := func(q access.EffectiveQuery) (people, repositories, grants int, rows []access.EffectiveAccess) {
		q.Workspace = "acme"
		e := must(d.Effective(t.Context(), q))(t)
		return len(e.People), len(e.Repositories), len(e.Grants), e.Access
	}
	_, repositories, _, rows := ask(access.EffectiveQuery{ProjectKeys: []string{"PLAT", "WEB"}})
	if repositories != 22 || slices.ContainsFunc(rows, func(a access.EffectiveAccess) bool { return a.Repository.Project.Key == "DATA" }) {
		t.Errorf("two projects have %d repositories", repositories)
	}
	if _, repositories, _, _ := ask(access.EffectiveQuery{ProjectKeys: []string{"PLAT"}, RepoSlugs: []string{"api", "storefront"}}); repositories != 1 {
		t.Errorf("of two repositories, %d are in the project", repositories)
	}
	if _, repositories, _, rows := ask(access.EffectiveQuery{RepoSlugs: []string{}}); repositories+len(rows) > 0 {
		t.Errorf("no repository is asked for, %d are answered", repositories)
	}
	_, _, all, _ := ask(access.EffectiveQuery{})
	people, repositories, grants, rows := ask(access.EffectiveQuery{UserIDs: []string{strings.Trim(grace.UUID, "{}"), linus.AccountID}})
	if people != 2 || repositories != 60 || grants >= all || len(rows) == 0 {
		t.Errorf("two people: %d people, %d repositories, %d grants, %d rows", people, repositories, grants, len(rows))
	}
	for _, a := range rows {
		if a.Person.UUID != grace.UUID && a.Person.UUID != linus.UUID {
			t.Errorf("%s was not asked for", a.Person.DisplayName)
		}
	}
}

func TestAskingAboutOnePersonLeavesTheSharedGroupsAsTheyAre(t *testing.T) {
	t.Parallel()
	_, untouched := acme(t)
	_, d := acme(t)
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api"}, UserIDs: []string{grace.UUID}}))(t)
	for _, g := range e.Groups {
		if len(g.Members) != 1 || g.Members[0].UUID != grace.UUID {
			t.Errorf("the members of %s are %v", g.Slug, g.Members)
		}
	}
	equal(t, "groups", must(untouched.Groups(t.Context(), "acme"))(t), must(d.Groups(t.Context(), "acme"))(t))
}

func TestWhatIsAskedForByNameHasToBeThere(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	for about, q := range map[string]access.EffectiveQuery{
		"repository acme/nothing": {RepoSlugs: []string{"api", "nothing"}},
		"project acme/NOTHING":    {ProjectKeys: []string{"NOTHING"}},
		"group with slug nobody":  {AdminGroups: []string{"administrators", "nobody"}},
		"557058:nobody":           {RepoSlugs: []string{"api"}, UserIDs: []string{grace.UUID, "557058:nobody"}},
	} {
		q.Workspace = "acme"
		_, err := d.Effective(t.Context(), q)
		if !errors.Is(err, access.ErrNotFound) || !strings.Contains(err.Error(), about) {
			t.Errorf("the error about %s is %v", about, err)
		}
	}
}

func TestWhatWasDeletedMeanwhileIsLeftOut(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	for path, names := range map[string][2]string{
		"/2.0/repositories/acme":        {`"slug":"api"`, `"slug":"gone"`},
		"/2.0/workspaces/acme/projects": {`"key":"OPS"`, `"key":"GONE"`},
	} {
		w.Inject(simulator.Fault{Method: http.MethodGet, Path: path, Rewrite: func(body []byte) []byte {
			return bytes.ReplaceAll(body, []byte(names[0]), []byte(names[1]))
		}})
	}
	gone := func(path string) {
		w.Inject(simulator.Fault{Method: http.MethodGet, Path: path, Status: http.StatusNotFound, Body: `{"error":{"message":"Repository acme/ingest not found"}}`})
	}
	gone("/2.0/repositories/acme/ingest") // between the listing of its groups and that of its users
	gone("/2.0/repositories/acme/ingest/permissions-config/users")
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme"}))(t)
	if slices.ContainsFunc(e.Grants, func(g access.Grant) bool { return g.Scope.Name == "api" || g.Scope.Name == "ingest" }) {
		t.Error("grants on what is gone are left")
	}
	if len(e.Repositories) != 58 || len(e.Projects) != 6 { // OPS is still that of its repositories
		t.Errorf("%d repositories and %d projects are left", len(e.Repositories), len(e.Projects))
	}
}

func TestEffectiveAccessFailsAsWhatItReadsFails(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/2.0/repositories/acme", "/2.0/workspaces/acme/projects", "/2.0/workspaces/acme/permissions", groupList, apiUsers, apiGroups} {
		w, d := acme(t)
		w.Inject(simulator.Fault{Path: path, Status: http.StatusForbidden, Body: `{"error":{"message":"Forbidden"}}`})
		if _, err := d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme"}); err == nil || errors.Is(err, access.ErrNotFound) {
			t.Errorf("%s is forbidden: %v", path, err)
		}
	}
}
