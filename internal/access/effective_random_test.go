package access_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// randomWorkspaces is how many worlds the property test of effective access tries.
const randomWorkspaces = 300

// randomSeed makes a small workspace acme in which anybody may hold anything. The first user owns it.
func randomSeed(r *rand.Rand) simulator.Seed {
	var seed simulator.Seed
	ws := simulator.SeedWorkspace{Workspace: simulator.Workspace{Slug: "acme", Name: "Acme", UUID: acmeUUID}}
	var holders []simulator.Grant
	for i := range 1 + r.IntN(7) {
		u := simulator.User{UUID: fmt.Sprintf("{00000000-0000-4000-8000-%012x}", i), AccountID: fmt.Sprintf("557058:person-%d", i), DisplayName: fmt.Sprintf("Person %d", i)}
		role := simulator.RoleMember
		if i == 0 || r.IntN(6) == 0 {
			role = simulator.RoleOwner
		}
		seed.Users = append(seed.Users, u)
		ws.Members = append(ws.Members, simulator.SeedMember{User: u.UUID, Role: role})
		holders = append(holders, simulator.Grant{User: u.UUID})
	}
	for i := range r.IntN(4) {
		g := simulator.Group{Name: fmt.Sprintf("Group %d", i), Slug: fmt.Sprintf("group-%d", i)}
		for _, u := range seed.Users {
			if r.IntN(2) == 0 {
				g.Members = append(g.Members, u.UUID)
			}
		}
		ws.Groups = append(ws.Groups, g)
		holders = append(holders, simulator.Grant{Group: g.Slug})
	}
	grant := func(on simulator.Grant, levels ...string) {
		for _, g := range holders {
			if r.IntN(3) == 0 {
				g.Project, g.Repository, g.Permission = on.Project, on.Repository, levels[r.IntN(len(levels))]
				ws.Grants = append(ws.Grants, g)
			}
		}
	}
	for i := range 1 + r.IntN(3) {
		p := simulator.Project{Key: fmt.Sprintf("P%d", i), Name: fmt.Sprintf("Project %d", i)}
		ws.Projects = append(ws.Projects, p)
		grant(simulator.Grant{Project: p.Key}, simulator.Read, simulator.Write, simulator.CreateRepo, simulator.Admin)
	}
	for i := range r.IntN(6) {
		repository := simulator.Repository{Project: ws.Projects[r.IntN(len(ws.Projects))].Key, Slug: fmt.Sprintf("r%d", i), Name: fmt.Sprintf("R%d", i), Public: r.IntN(5) == 0}
		ws.Repositories = append(ws.Repositories, repository)
		grant(simulator.Grant{Repository: repository.Slug}, simulator.Read, simulator.Write, simulator.Admin)
	}
	seed.Workspaces = []simulator.SeedWorkspace{ws}
	return seed
}

// grantIn is a grant of a finding as the simulator's seed has it.
func grantIn(f access.Finding) simulator.Grant {
	g := simulator.Grant{Permission: string(f.Permission)}
	name := map[access.ScopeKind]string{f.Scope.Kind: f.Scope.Name}
	g.Project, g.Repository = name[access.ProjectScope], name[access.RepositoryScope]
	id := map[access.PrincipalKind]string{f.Principal.Kind: f.Principal.ID}
	g.User, g.Group = id[access.UserPrincipal], id[access.GroupPrincipal]
	return g
}

// effective reads a world as its first user.
func effective(t *testing.T, s *simulator.Simulator, q access.EffectiveQuery) *access.Effective {
	t.Helper()
	server := httptest.NewServer(s.Bitbucket())
	defer server.Close()
	username, token := s.AddAPIToken(s.Snapshot().Users[0].UUID)
	w := &world{Simulator: s, url: server.URL}
	d := w.directory(t, rest.Basic{Username: username, Token: token}, access.Options{Credential: access.APIToken})
	return must(d.Effective(t.Context(), q))(t)
}

// asBitbucketSays are the rows of Bitbucket's own list of effective permissions, as "user on repository: level".
func asBitbucketSays(t *testing.T, s *simulator.Simulator) []string {
	t.Helper()
	username, token := s.AddAPIToken(s.Snapshot().Users[0].UUID)
	var rows []string
	for path := "/2.0/workspaces/acme/permissions/repositories?pagelen=100"; path != ""; {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.SetBasicAuth(username, token)
		answer := httptest.NewRecorder()
		s.Bitbucket().ServeHTTP(answer, r)
		var page struct {
			Next   string
			Values []struct {
				Permission string
				User       struct{ UUID string }
				Repository struct{ Name string }
			}
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%s is answered %d %s", path, answer.Code, answer.Body)
		}
		for _, row := range page.Values {
			rows = append(rows, fmt.Sprintf("%s on %s: %s", row.User.UUID, row.Repository.Name, row.Permission))
		}
		path = page.Next
	}
	return rows
}

// asFound are the rows of effective access in the form of asBitbucketSays.
func asFound(e *access.Effective) []string {
	var rows []string
	for _, a := range e.Access {
		rows = append(rows, fmt.Sprintf("%s on %s: %s", a.Person.UUID, a.Repository.Name, a.Permission))
	}
	return rows
}

func TestEffectiveAccessIsWhatBruteForceAndBitbucketSay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(randomWorkspaces) {
		r := rand.New(rand.NewPCG(seed, 8))
		s := simulator.New(simulator.Options{})
		if err := s.Load(randomSeed(r)); err != nil {
			t.Fatal(err)
		}
		n := naive{s.Snapshot().Workspaces[0]}
		e := effective(t, s, access.EffectiveQuery{Workspace: "acme"})
		equal(t, "access", asBitbucketSays(t, s), asFound(e))
		n.checkPaths(t, e)
		n.checkRedundant(t, e)
		n.checkOthers(t, e)
		if t.Failed() {
			t.Fatalf("in world %d", seed)
		}
	}
}

// checkPaths demands exactly the paths of each person to each repository, the deciding one first.
func (n naive) checkPaths(t *testing.T, e *access.Effective) {
	t.Helper()
	want, got := map[string][]string{}, map[string][]string{}
	for _, m := range n.Members {
		for _, r := range n.Repositories {
			if paths, _ := n.paths(m.User, r); paths != nil {
				want[m.User+" on "+r.Slug] = paths
			}
		}
	}
	for _, a := range e.Access {
		var texts []string
		for _, p := range a.Paths {
			texts = append(texts, p.String())
		}
		if !slices.IsSortedFunc(a.Paths, func(x, y *access.Path) int {
			return cmp.Compare(rank(string(y.Permission), false), rank(string(x.Permission), false))
		}) {
			t.Errorf("the paths do not begin with what gives most: %q", texts)
		}
		slices.Sort(texts)
		got[a.Person.UUID+" on "+a.Repository.Slug] = texts
	}
	equal(t, "paths", want, got)
}

// found are the findings of a kind as grants, sorted.
func found(e *access.Effective, kind access.FindingKind) []simulator.Grant {
	var grants []simulator.Grant
	for _, f := range e.Findings {
		if f.Kind == kind {
			grants = append(grants, grantIn(f))
		}
	}
	return inOrder(grants)
}

// inOrder sorts grants in any order that is always the same.
func inOrder(grants []simulator.Grant) []simulator.Grant {
	slices.SortFunc(grants, func(a, b simulator.Grant) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return grants
}

// checkRedundant demands that the redundant grants are those to people that could be revoked alone, and those to groups that have as much on
// the project; and that all of them can be revoked at once.
func (n naive) checkRedundant(t *testing.T, e *access.Effective) {
	t.Helper()
	redundant := found(e, access.Redundant)
	equal(t, "powers without what is redundant", n.powers(), n.without(redundant...))
	want := n.grantsThat(func(g simulator.Grant) bool {
		if g.User != "" {
			return maps.Equal(n.powers(), n.without(g))
		}
		return slices.ContainsFunc(n.Grants, func(other simulator.Grant) bool {
			return g.Repository != "" && other.Group == g.Group && other.Project == n.projectOf(g) && rank(other.Permission, false) >= rank(g.Permission, false)
		})
	})
	equal(t, "redundant grants", want, redundant)
}

// checkOthers demands the findings of the other kinds. Whoever is in a group that administers anything is meant to administer.
func (n naive) checkOthers(t *testing.T, e *access.Effective) {
	t.Helper()
	equal(t, "grants beside groups", n.grantsThat(func(g simulator.Grant) bool {
		return g.User != "" && slices.ContainsFunc(n.Grants, func(other simulator.Grant) bool {
			return n.isIn(g.User, other.Group) && (other.Project == n.projectOf(g) || other.Repository == g.Repository && g.Repository != "")
		})
	}), found(e, access.DirectBesideGroup))
	inside := func(user string) bool {
		return slices.ContainsFunc(n.Grants, func(g simulator.Grant) bool { return g.Permission == simulator.Admin && n.isIn(user, g.Group) })
	}
	outside := n.grantsThat(func(g simulator.Grant) bool {
		return g.User != "" && g.Permission == simulator.Admin && !inside(g.User)
	})
	for _, m := range n.Members {
		if n.owns(m.User) && !inside(m.User) {
			outside = append(outside, simulator.Grant{User: m.User, Permission: simulator.Admin})
		}
	}
	equal(t, "administrators outside of groups", inOrder(outside), found(e, access.AdminOutsideGroups))
	var public []simulator.Grant
	for _, r := range n.Repositories {
		if r.Public {
			public = append(public, simulator.Grant{Repository: r.Slug, Permission: simulator.Read})
		}
	}
	equal(t, "public repositories", inOrder(public), found(e, access.Public))
	equal(t, "people who are no members", []simulator.Grant(nil), found(e, access.NoMember))
}
