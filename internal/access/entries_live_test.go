package access_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

var web = access.Scope{Kind: access.GroupScope, Workspace: "acme", Name: "web"}

// truth is who has access to a scope in the world, whatever the API says: levels by the UUID of a user or the slug of a group.
func truth(s *simulator.Simulator, scope access.Scope) map[string]access.Permission {
	has := map[string]access.Permission{}
	if scope.Kind == access.GroupScope {
		g, _ := s.Group(scope.Workspace, scope.Name)
		if scope.Workspace == cloudWorkspace {
			in, _ := s.OrganizationGroup(simulator.AcmeOrganizationID, scope.Name)
			g.Members = in.Members
		}
		for _, uuid := range g.Members {
			has[uuid] = access.Member
		}
	}
	for _, g := range s.Grants(scope.Workspace) {
		if scope.Kind == access.RepositoryScope && g.Repository == scope.Name || scope.Kind == access.ProjectScope && g.Project == scope.Name {
			has[g.User+g.Group] = access.Permission(g.Permission)
		}
	}
	return has
}

// shown is the same by a roster.
func shown(r access.Roster) map[string]access.Permission {
	has := map[string]access.Permission{}
	for _, g := range r.All() {
		id := g.Principal.ID
		for _, u := range people {
			if id == "" && u.AccountID == g.AccountID {
				id = u.UUID
			}
		}
		has[id] = g.Permission
	}
	return has
}

func TestTheEntriesOfAScopeAreWhoHasAccess(t *testing.T) {
	t.Parallel()
	clock := newTurnClock()
	managed := newManagedWorld(t, simulator.Options{}, clock)
	w, d := acme(t)
	admins := cloudGroup(t, managed, "bitbucket-users-"+cloudWorkspace)
	for name, tt := range map[string]struct {
		world    *simulator.Simulator
		d        *access.Directory
		scope    access.Scope
		requests int
	}{
		"repository":               {w.Simulator, d, api, 2},
		"project":                  {w.Simulator, d, plat, 2},
		"group":                    {w.Simulator, d, web, 1},
		"group of an organization": {managed.Simulator, managed.directory(t), admins, 4},
	} {
		tt.world.ResetJournal()
		r := must(tt.d.Entries(t.Context(), tt.scope))(t)
		equal(t, name, truth(tt.world, tt.scope), shown(r))
		if len(r.All()) < 3 {
			t.Errorf("%s: %d entries test nothing", name, len(r.All()))
		}
		for _, g := range r.All() {
			if g.Scope != tt.scope || g.Name == "" || g.Principal.Kind == access.UserPrincipal && g.AccountID == "" {
				t.Errorf("%s: an entry is %+v", name, g)
			}
		}
		equal(t, name+": requests", tt.requests, len(tt.world.Journal()))
		equal(t, name+": again", shown(r), shown(must(tt.d.Entries(t.Context(), tt.scope))(t)))
		equal(t, name+": requests after a second look", tt.requests, len(tt.world.Journal()))
	}
	w.ResetJournal()
	byUUID := must(w.ada(t).Entries(t.Context(), access.Scope{Kind: access.ProjectScope, Workspace: acmeUUID, Name: "PLAT"}))(t)
	equal(t, "by the UUID of the workspace", truth(w.Simulator, plat), shown(byUUID))
	const project = "GET /2.0/workspaces/acme/projects/PLAT/permissions-config/"
	w.requests(t, "GET /2.0/workspaces/"+escaped(acmeUUID), project+"users", project+"groups")
}

// cloudGroup is a group of the workspace that an organization administers.
func cloudGroup(t *testing.T, w *managedWorld, name string) access.Scope {
	t.Helper()
	for _, g := range w.Groups(cloudWorkspace) {
		if g.Name == name {
			return access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: g.Slug}
		}
	}
	t.Fatalf("no group %s", name)
	return access.Scope{}
}

func TestAScopeThatIsMissingHasNoEntries(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	for _, kind := range []access.ScopeKind{access.RepositoryScope, access.ProjectScope, access.GroupScope} {
		r, err := d.Entries(t.Context(), access.Scope{Kind: kind, Workspace: "acme", Name: "nothing"})
		absent(t, err)
		equal(t, string(kind), 0, len(r.All()))
	}
}

func TestEntriesAreReadAgainWhenTheyMayHaveChanged(t *testing.T) {
	t.Parallel()
	managed := newManagedWorld(t, simulator.Options{}, newTurnClock())
	team := access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: managed.group}
	w, d := acme(t)
	for name, tt := range map[string]struct {
		world  *simulator.Simulator
		d      *access.Directory
		scope  access.Scope
		change func()
	}{
		"repository": {w.Simulator, d, api, func() {
			w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: people[39].UUID, Permission: simulator.Admin})
			w.Revoke(simulator.Grant{Workspace: "acme", Repository: "api", Group: "developers"})
		}},
		"repository, by the UUID of its workspace": {w.Simulator, d, access.Scope{Kind: access.RepositoryScope, Workspace: acmeUUID, Name: "gateway"}, func() {
			w.Grant(simulator.Grant{Workspace: "acme", Repository: "gateway", User: people[39].UUID, Permission: simulator.Admin})
		}},
		"project": {w.Simulator, d, plat, func() {
			w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: "mobile", Permission: simulator.Admin})
		}},
		"group":                    {w.Simulator, d, web, func() { w.AddGroupMember("acme", "web", people[39].UUID) }},
		"group of an organization": {managed.Simulator, managed.directory(t), team, func() { managed.AddGroupMember(cloudWorkspace, managed.group, grace.UUID) }},
	} {
		before := shown(must(tt.d.Entries(t.Context(), tt.scope))(t))
		tt.change()
		equal(t, name+": what is known", before, shown(must(tt.d.Entries(t.Context(), tt.scope))(t)))
		named := tt.scope
		if named.Workspace == acmeUUID {
			named.Workspace = "acme"
		}
		after := shown(must(tt.d.EntriesNow(t.Context(), tt.scope))(t))
		equal(t, name+": who has access now", truth(tt.world, named), after)
		equal(t, name+": what is known after", after, shown(must(tt.d.Entries(t.Context(), tt.scope))(t)))
		if maps.Equal(before, after) {
			t.Errorf("%s: the change changed nothing", name)
		}
	}
}

// TestAGroupWhoseSlugBitbucketHasKeptIsReadAgain holds the same where the slug of a group is not the id that the organization knows it by.
func TestAGroupWhoseSlugBitbucketHasKeptIsReadAgain(t *testing.T) {
	t.Parallel()
	w := newManagedWorld(t, simulator.Options{}, testclock.New())
	w.Inject(simulator.Fault{Method: http.MethodGet, Path: cloudGroups, Rewrite: func(body []byte) []byte {
		return []byte(strings.ReplaceAll(string(body), fmt.Sprintf(`"slug":%q`, w.group), `"slug":"team"`))
	}})
	d, team := w.directory(t), access.Scope{Kind: access.GroupScope, Workspace: cloudWorkspace, Name: "team"}
	if _, err := d.AddMember(t.Context(), cloudWorkspace, "team", grace.AccountID); err != nil && !errors.Is(err, access.ErrNotShown) {
		t.Fatal(err) // the first change tells where the groups are administered
	}
	equal(t, "before", 1, len(must(d.Entries(t.Context(), team))(t).All()))
	w.AddGroupMember(cloudWorkspace, w.group, linus.UUID)
	equal(t, "after", 2, len(must(d.EntriesNow(t.Context(), team))(t).All()))
}

// TestWhatARunKeepsItDoesNotTakeAway holds that the earlier copy of a resource, which Terraform removes after it made the new one, takes
// nothing away from those who stay, also where lists leave one of the ids out.
func TestWhatARunKeepsItDoesNotTakeAway(t *testing.T) {
	t.Parallel()
	all := func(g access.Grant) access.Grant { return g }
	for name, tt := range map[string]struct {
		known  func(access.Grant) access.Grant
		places []func(*testing.T) place
	}{
		"by both ids":    {all, allPlaces},
		"by UUIDs":       {withoutAccountID, append(grantPlaces[:2:2], inGroup)},
		"by account ids": {withoutUUID, []func(*testing.T) place{inOrganization}},
	} {
		for _, p := range open(t, tt.places) {
			stay := []access.Grant{at(p.scope, holds(grace, access.Read)), at(p.scope, holds(linus, access.Read))}
			arrange(p.Simulator, p.scope, append(stay, holds(margaret, access.Read))...)
			live := must(p.d.Entries(t.Context(), p.scope))(t)
			p.d.Keep(t.Context(), p.scope, access.NewRoster(each(stay, tt.known)))
			results := p.d.Carry(t.Context(), each(each(live.All(), tt.known), access.Revoke))
			equal(t, "results", []string{"done"}, keys(outcome(results)))
			equal(t, p.name+" "+name, truthOf(p.scope, stay...), truth(p.Simulator, p.scope))
		}
	}
}
