package bitbucket_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// account is a person as lists show one.
func account(u simulator.User) bitbucket.Account {
	return bitbucket.Account{UUID: u.UUID, AccountID: u.AccountID, DisplayName: u.DisplayName, Nickname: u.Nickname}
}

// must returns the value of a call that may not fail.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func equal(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestReadingAWorkspaceOfTheSimulator(t *testing.T) {
	t.Parallel()
	s, c := acme(t)
	seed, ctx := simulator.Acme(), t.Context()
	ws := seed.Workspaces[0]

	user := must(c.GetCurrentUser(ctx))(t)
	equal(t, "own account", account(seed.Users[0]), user.Account)
	if len(user.Scopes) == 0 {
		t.Errorf("the scopes are %q", user.Scopes)
	}
	equal(t, "own workspaces", []bitbucket.WorkspaceAccess{
		{Administrator: true, Workspace: bitbucket.Workspace{UUID: ws.UUID, Slug: "acme"}},
		{Administrator: true, Workspace: bitbucket.Workspace{UUID: seed.Workspaces[1].UUID, Slug: simulator.AcmeManagedWorkspace}},
	}, must(all(c.ListWorkspaces(ctx)))(t))
	for _, id := range []string{"acme", ws.UUID} {
		equal(t, "workspace", bitbucket.Workspace{UUID: ws.UUID, Slug: "acme", Name: "Acme"}, must(c.GetWorkspace(ctx, id))(t))
	}
	equal(t, "own permission", "owner", must(c.GetOwnMembership(ctx, "acme"))(t).Permission)

	var members []bitbucket.Membership
	for i, u := range seed.Users {
		members = append(members, bitbucket.Membership{Permission: ws.Members[i].Role, User: account(u)})
	}
	equal(t, "people", members, must(all(c.ListMemberships(ctx, "acme")))(t))

	found := must(all(c.ListMembersByEmail(ctx, "acme", []string{"grace@acme.example", "nobody@acme.example"})))(t)
	grace := account(seed.Users[1])
	grace.Email = "grace@acme.example"
	equal(t, "people by address", []bitbucket.Membership{{User: grace}}, found)
	if n := len(s.Journal()); n != 7 {
		t.Errorf("%d requests, want 7", n)
	}
}

func TestReadingTheObjectsOfTheSimulator(t *testing.T) {
	t.Parallel()
	s, c := acme(t)
	ctx, ws := t.Context(), simulator.Acme().Workspaces[0]
	for i := range 200 {
		s.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "many-" + string(rune('a'+i/26)) + string(rune('a'+i%26))})
	}
	projects := must(all(c.ListProjects(ctx, "acme")))(t)
	if len(projects) != len(ws.Projects) {
		t.Errorf("%d projects, want %d", len(projects), len(ws.Projects))
	}
	plat := must(c.GetProject(ctx, "acme", "PLAT"))(t)
	equal(t, "project", bitbucket.Project{
		UUID: ws.Projects[0].UUID, Key: "PLAT", Name: "Platform", Description: "Everything of the Platform team", IsPrivate: true,
	}, plat)
	if !slices.Contains(projects, plat) {
		t.Errorf("the list of projects lacks %v", plat)
	}
	s.ResetJournal()
	repositories := must(all(c.ListRepositories(ctx, "acme", "")))(t)
	if len(repositories) != len(ws.Repositories)+200 || s.Count("GET", "/2.0/repositories/acme") != 3 {
		t.Errorf("%d repositories in %d requests, want %d in 3", len(repositories), s.Count("GET", "/2.0/repositories/acme"), len(ws.Repositories)+200)
	}
	api := must(c.GetRepository(ctx, "acme", "api"))(t)
	if !slices.Contains(repositories, api) || api.Project.Key != "PLAT" || api.FullName != "acme/api" || !api.IsPrivate {
		t.Errorf("repository is %+v", api)
	}
	web := must(all(c.ListRepositories(ctx, "acme", `project.key="WEB"`)))(t)
	if len(web) != 10 {
		t.Errorf("%d repositories of project WEB, want 10", len(web))
	}
	if _, err := all(c.ListRepositories(ctx, "acme", `project.key=`)); !rest.Is(err, http.StatusBadRequest) {
		t.Errorf("a query that cannot be read: %v", err)
	}
	if _, err := c.GetProject(ctx, "acme", "NONE"); !rest.Is(err, http.StatusNotFound) {
		t.Errorf("a project that does not exist: %v", err)
	}
	if _, err := c.GetRepository(ctx, "acme", "none"); !rest.Is(err, http.StatusNotFound) {
		t.Errorf("a repository that does not exist: %v", err)
	}
}

func TestChangingPermissionsOfTheSimulator(t *testing.T) {
	t.Parallel()
	users := simulator.Acme().Users
	for name, tt := range map[string]struct {
		object     bitbucket.PermissionsConfig
		kind       bitbucket.PrincipalKind
		principal  string
		permission string
		grant      simulator.Grant
	}{
		"a user on a repository": {
			bitbucket.RepositoryPermissions("acme", "api"), bitbucket.Users, users[1].UUID, "write",
			simulator.Grant{Workspace: "acme", Repository: "api", User: users[1].UUID},
		},
		"a user by account id": {
			bitbucket.RepositoryPermissions("acme", "api"), bitbucket.Users, users[2].AccountID, "admin",
			simulator.Grant{Workspace: "acme", Repository: "api", User: users[2].UUID},
		},
		"a group on a repository": {
			bitbucket.RepositoryPermissions("acme", "api"), bitbucket.Groups, "web", "read",
			simulator.Grant{Workspace: "acme", Repository: "api", Group: "web"},
		},
		"a user on a project": {
			bitbucket.ProjectPermissions("acme", "PLAT"), bitbucket.Users, users[3].UUID, "create-repo",
			simulator.Grant{Workspace: "acme", Project: "PLAT", User: users[3].UUID},
		},
		"a group on a project": {
			bitbucket.ProjectPermissions("acme", "PLAT"), bitbucket.Groups, "web", "admin",
			simulator.Grant{Workspace: "acme", Project: "PLAT", Group: "web"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, c := acme(t)
			ctx := t.Context()
			row := must(c.PutPermission(ctx, tt.object, tt.kind, tt.principal, tt.permission))(t)
			if row.Permission != tt.permission || (row.User == nil) != (tt.kind == bitbucket.Groups) || (row.Group == nil) != (tt.kind == bitbucket.Users) {
				t.Errorf("row is %+v", row)
			}
			equal(t, "permission in the world", tt.permission, s.Permission(tt.grant))
			if row.User != nil {
				row.User.Nickname = "" // which the list leaves out
			}
			rows := must(all(c.ListPermissions(ctx, tt.object, tt.kind)))(t)
			if !slices.ContainsFunc(rows, func(r bitbucket.Permission) bool { return cmp.Equal(r, row) }) {
				t.Errorf("the list lacks %+v", row)
			}
			if _, err := c.PutPermission(ctx, tt.object, tt.kind, tt.principal, "none"); !rest.Is(err, http.StatusBadRequest) {
				t.Errorf("PUT of none: %v", err)
			}
			if err := c.DeletePermission(ctx, tt.object, tt.kind, tt.principal); err != nil {
				t.Fatal(err)
			}
			equal(t, "permission in the world", simulator.None, s.Permission(tt.grant))
		})
	}
}

func TestChangingGroupsOfTheSimulator(t *testing.T) {
	t.Parallel()
	s, c := acme(t)
	ctx, users := t.Context(), simulator.Acme().Users
	groups := must(c.ListGroups(ctx, "acme"))(t)
	if len(groups) != 8 || len(groups[1].Members) != 25 || *groups[1].Permission != "write" || groups[2].Permission != nil {
		t.Errorf("groups are %+v", groups)
	}
	created := must(c.CreateGroup(ctx, "acme", "Night Watch & Co"))(t)
	if created.Name != "Night Watch & Co" || created.Permission != nil || len(created.Members) != 0 {
		t.Errorf("created %+v", created)
	}
	changed := must(c.UpdateGroup(ctx, "acme", created.Slug, bitbucket.GroupSettings{
		Name: "Day Watch", Permission: new("read"), AutoAdd: new(true), EmailForwardingDisabled: new(true),
	}))(t)
	want := simulator.Group{Name: "Day Watch", Slug: "day-watch", Permission: "read", AutoAdd: true, EmailForwardingDisabled: true}
	got, _ := s.Group("acme", changed.Slug)
	got.Members = nil
	equal(t, "group in the world", want, got)
	equal(t, "member", account(users[5]), must(c.PutGroupMember(ctx, "acme", "day-watch", users[5].UUID))(t))
	got, _ = s.Group("acme", "day-watch")
	equal(t, "members in the world", []string{users[5].UUID}, got.Members)
	if err := c.DeleteGroupMember(ctx, "acme", "day-watch", users[5].UUID); err != nil {
		t.Error(err)
	}
	if err := c.DeleteGroupMember(ctx, "acme", "day-watch", users[5].UUID); !rest.Is(err, http.StatusNotFound) {
		t.Errorf("removing who is no member: %v", err)
	}
	must(c.UpdateGroup(ctx, "acme", "day-watch", bitbucket.GroupSettings{Name: "Day Watch"}))(t)
	got, _ = s.Group("acme", "day-watch")
	if got.Permission != "" || !got.AutoAdd || !got.EmailForwardingDisabled {
		t.Errorf("group is %+v, want no permission and the rest unchanged", got)
	}
	if err := c.DeleteGroup(ctx, "acme", "day-watch"); err != nil {
		t.Error(err)
	}
	if _, ok := s.Group("acme", "day-watch"); ok {
		t.Error("the group is still there")
	}
}

func TestGroupsOfAWorkspaceThatAnOrganizationManages(t *testing.T) {
	t.Parallel()
	s, c := acme(t)
	users := simulator.Acme().Users
	s.AddWorkspace(simulator.Workspace{Slug: "org", OrganizationManaged: true})
	s.AddMember("org", users[0].UUID, simulator.RoleOwner)
	group := s.AddGroup("org", simulator.Group{Name: "Developers", Members: []string{users[0].UUID}})
	ctx := t.Context()
	groups := must(c.ListGroups(ctx, "org"))(t)
	if len(groups) != 1 || groups[0].Slug != group.UUID {
		t.Errorf("groups are %+v", groups)
	}
	_, create := c.CreateGroup(ctx, "org", "X")
	_, update := c.UpdateGroup(ctx, "org", group.Slug, bitbucket.GroupSettings{Name: "X"})
	_, put := c.PutGroupMember(ctx, "org", group.Slug, users[0].UUID)
	for name, err := range map[string]error{
		"create": create, "update": update, "put member": put,
		"delete": c.DeleteGroup(ctx, "org", group.Slug), "remove member": c.DeleteGroupMember(ctx, "org", group.Slug, users[0].UUID),
	} {
		if !rest.Is(err, http.StatusMethodNotAllowed) {
			t.Errorf("%s: %v, want 405", name, err)
		}
	}
}
