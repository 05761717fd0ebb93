package access_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

// place is a scope in a world of its own.
type place struct {
	*simulator.Simulator

	name  string
	scope access.Scope
	d     *access.Directory
	// give and take are the requests that change who has access. Only one of them sets levels.
	give, take simulator.Fault
}

// The kinds of places.
var (
	grantPlaces = []func(*testing.T) place{inRepository, inProject}
	groupPlaces = []func(*testing.T) place{inGroup, inOrganization}
	allPlaces   = append(grantPlaces[:2:2], groupPlaces...)
)

// open makes a place of each of several kinds.
func open(t *testing.T, kinds []func(*testing.T) place) []place {
	t.Helper()
	return each(kinds, func(open func(*testing.T) place) place { return open(t) })
}

func inRepository(t *testing.T) place {
	t.Helper()
	w, d := acme(t)
	const path = "/2.0/repositories/acme/api/permissions-config/**"
	return place{w.Simulator, "repository", api, d, fault(http.MethodPut, path), fault(http.MethodDelete, path)}
}

func inProject(t *testing.T) place {
	t.Helper()
	w, d := acme(t)
	const path = "/2.0/workspaces/acme/projects/PLAT/permissions-config/**"
	return place{w.Simulator, "project", plat, d, fault(http.MethodPut, path), fault(http.MethodDelete, path)}
}

func inGroup(t *testing.T) place {
	t.Helper()
	w, d := acme(t)
	const path = groupList + "/web/members/*"
	return place{w.Simulator, "group", web, d, fault(http.MethodPut, path), fault(http.MethodDelete, path)}
}

// inOrganization is a group of an organization, which has others that open the workspace.
func inOrganization(t *testing.T) place {
	t.Helper()
	w := newManagedWorld(t, simulator.Options{}, testclock.New())
	scope := access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: w.group}
	return place{w.Simulator, "group of an organization", scope, w.directory(t), fault(http.MethodPost, cloudMembers), fault(http.MethodDelete, cloudMember)}
}

func fault(method, path string) simulator.Fault { return simulator.Fault{Method: method, Path: path} }

// arrange makes the access to a scope what is given.
func arrange(s *simulator.Simulator, scope access.Scope, entries ...access.Grant) {
	for id := range truth(s, scope) {
		if scope.Kind == access.GroupScope {
			s.RemoveGroupMember(scope.Workspace, scope.Name, id)
			continue
		}
		s.Revoke(simulated(scope, id, access.None))
	}
	for _, g := range entries {
		if scope.Kind == access.GroupScope {
			s.AddGroupMember(scope.Workspace, scope.Name, g.Principal.ID)
			continue
		}
		s.Grant(simulated(scope, g.Principal.ID, g.Permission))
	}
}

// simulated is a grant of a repository or project in the words of the simulator.
func simulated(scope access.Scope, id string, level access.Permission) simulator.Grant {
	g := simulator.Grant{Workspace: scope.Workspace, Permission: string(level)}
	if scope.Kind == access.RepositoryScope {
		g.Repository = scope.Name
	} else {
		g.Project = scope.Name
	}
	if strings.HasPrefix(id, "{") {
		g.User = id
	} else {
		g.Group = id
	}
	return g
}

// truthOf is what truth returns when exactly these have access.
func truthOf(scope access.Scope, entries ...access.Grant) map[string]access.Permission {
	has := map[string]access.Permission{}
	for _, g := range entries {
		has[g.Principal.ID] = at(scope, g).Permission
	}
	return has
}

// at is a grant of a scope; of a group, the membership.
func at(scope access.Scope, g access.Grant) access.Grant {
	g.Scope = scope
	if scope.Kind == access.GroupScope {
		g.Permission = access.Member
	}
	return g
}

// plan are the steps that make the access to a place what is given, as a resource that owns the list would carry them out.
func (p place) plan(t *testing.T, wanted ...access.Grant) (before access.Roster, steps []access.Step) {
	t.Helper()
	before = must(p.d.Entries(t.Context(), p.scope))(t)
	wanted = must(p.d.Known(t.Context(), before, each(wanted, func(g access.Grant) access.Grant { return at(p.scope, g) })))(t)
	steps, others := before.Compare(wanted)
	for _, g := range others {
		steps = append(steps, access.Revoke(g))
	}
	p.ResetJournal()
	return before, steps
}

// changes are the requests so far that change something, as "PUT path {body}"; unescaped, so that they can be read.
func (p place) changes(t *testing.T) []string {
	t.Helper()
	var changes []string
	for _, r := range p.Journal() {
		if r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/search") {
			continue
		}
		path, err := url.PathUnescape(r.Path)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, strings.TrimSpace(r.Method+" "+path+" "+r.Body))
	}
	return changes
}

// honest fails unless the results tell of every step, in order, and those that are done, and no others, were carried out.
func (p place) honest(t *testing.T, before access.Roster, steps []access.Step, results []access.Result) {
	t.Helper()
	equal(t, p.name+": number of results", len(steps), len(results))
	for i, r := range results { // which may know more of the person
		if _, same := access.NewRoster([]access.Grant{r.Grant}).Match(steps[i].Grant); !same || r.From != steps[i].From || r.To != steps[i].To {
			t.Errorf("%s: result %d is about %s, want %s", p.name, i, r, steps[i])
		}
	}
	equal(t, p.name+": who has access, by the results", truth(p.Simulator, p.scope), shown(before.After(results)))
	now, err := p.d.EntriesNow(t.Context(), p.scope)
	if rest.Is(err, http.StatusTooManyRequests) {
		return // the limit holds for reading too
	}
	equal(t, p.name+": who has access, read again", truth(p.Simulator, p.scope), shown(must(now, err)(t)))
}

// outcome is what became of steps, by what they do.
func outcome(results []access.Result) map[string][]string {
	became := map[string][]string{}
	for _, r := range results {
		key := "not tried"
		switch {
		case r.Done && r.Err != nil:
			key = "done, with an error"
		case r.Done:
			key = "done"
		case r.Err != nil:
			key = "failed"
		}
		became[key] = append(became[key], strings.SplitN(r.String(), " (", 2)[0])
	}
	for _, list := range became {
		slices.Sort(list)
	}
	return became
}
