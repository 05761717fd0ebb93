package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestAWorkspaceNamedByUUIDSharesTheListingsOfItsSlug(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	byUUID := access.Scope{Kind: access.RepositoryScope, Workspace: acmeUUID, Name: "api"}
	for range 2 {
		equal(t, "grants", must(d.Grants(ctx, api, access.GroupPrincipal))(t), must(d.Grants(ctx, byUUID, access.GroupPrincipal))(t))
		equal(t, "groups", must(d.Groups(ctx, "acme"))(t), must(d.Groups(ctx, acmeUUID))(t))
		equal(t, "people", must(d.People(ctx, "acme"))(t), must(d.People(ctx, acmeUUID))(t))
		equal(t, "repository", must(d.Repository(ctx, "acme", "api"))(t), must(d.Repository(ctx, acmeUUID, "api"))(t))
		equal(t, "project", must(d.Project(ctx, "acme", "PLAT"))(t), must(d.Project(ctx, acmeUUID, "PLAT"))(t))
		equal(t, "projects", must(d.Projects(ctx, "acme"))(t), must(d.Projects(ctx, acmeUUID))(t))
	}
	must(d.PutGrant(ctx, byUUID, group("web"), access.Read))(t)
	equal(t, "grant", access.Read, must(d.Grant(ctx, api, group("web")))(t).Permission)
	w.requests(t, "GET /2.0/workspaces/"+escaped(acmeUUID), "GET "+apiGroups, "GET "+groupList, "GET /2.0/workspaces/acme/permissions",
		"GET /2.0/repositories/acme/api", "GET /2.0/workspaces/acme/projects/PLAT", "GET /2.0/workspaces/acme/projects", "PUT "+apiGroups+"/web")
}

func TestASlugIsNotAskedFor(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	equal(t, "slug", "acme", must(d.Slug(t.Context(), "acme"))(t))
	w.requests(t)
}

func TestTheFilterOfWorkspaces(t *testing.T) {
	t.Parallel()
	const other = "{00000000-1111-2222-3333-444444444444}"
	bareUUID := strings.Trim(acmeUUID, "{}")
	for name, tt := range map[string]struct {
		filter    []string
		workspace string
		outside   bool
		requests  int
	}{
		"no filter":                        {nil, "acme", false, 0},
		"the slug":                         {[]string{"x", "acme"}, "acme", false, 0},
		"another slug":                     {[]string{"x"}, "acme", true, 0},
		"a slug that starts alike":         {[]string{"acme-2"}, "acme", true, 0},
		"the UUID":                         {[]string{acmeUUID}, "acme", false, 1},
		"the bare UUID":                    {[]string{bareUUID}, "acme", false, 1},
		"the UUID in capitals":             {[]string{strings.ToUpper(acmeUUID)}, "acme", false, 1},
		"another UUID":                     {[]string{other}, "acme", true, 1},
		"another UUID and the slug":        {[]string{other, "acme"}, "acme", false, 1},
		"the slug, named by UUID":          {[]string{"acme"}, acmeUUID, false, 1},
		"the UUID, named by UUID":          {[]string{acmeUUID}, acmeUUID, false, 1},
		"another slug, named by UUID":      {[]string{"x"}, acmeUUID, true, 1},
		"another UUID, named by UUID":      {[]string{other}, acmeUUID, true, 1},
		"UUID in capitals, named by UUID":  {[]string{strings.ToUpper(bareUUID)}, acmeUUID, false, 1},
		"named by UUID without any filter": {nil, acmeUUID, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := newWorld(t, simulator.Options{}, access.Options{Credential: access.APIToken, Workspaces: tt.filter})
			for range 3 {
				slug, err := d.Slug(t.Context(), tt.workspace)
				if errors.Is(err, access.ErrOutsideFilter) != tt.outside || !tt.outside && (err != nil || slug != "acme") {
					t.Errorf("slug is %q, error is %v", slug, err)
				}
			}
			if n := len(w.Journal()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

func TestNothingIsAskedOrWrittenOutsideTheFilter(t *testing.T) {
	t.Parallel()
	w, d := newWorld(t, simulator.Options{}, access.Options{Credential: access.APIToken, Workspaces: []string{"elsewhere"}})
	ctx := t.Context()
	_, grants := d.Grants(ctx, api, access.UserPrincipal)
	_, grant := d.Grant(ctx, api, user(grace.UUID))
	_, put := d.PutGrant(ctx, api, user(grace.UUID), access.Read)
	_, groups := d.Groups(ctx, "acme")
	_, one := d.Group(ctx, "acme", "web")
	_, byName := d.GroupByName(ctx, "acme", "Web")
	_, create := d.CreateGroup(ctx, "acme", access.GroupSettings{Name: "X"})
	_, update := d.UpdateGroup(ctx, "acme", "web", access.GroupSettings{Name: "X"})
	_, member := d.Member(ctx, "acme", "web", grace.UUID)
	_, add := d.AddMember(ctx, "acme", "web", grace.UUID)
	_, persons := d.People(ctx, "acme")
	_, person := d.Person(ctx, "acme", grace.UUID)
	_, byEmail := d.PeopleByEmail(ctx, "acme", []string{grace.Email})
	_, same := d.SamePerson(ctx, "acme", grace.UUID, grace.AccountID)
	_, workspace := d.Workspace(ctx, "acme")
	_, projects := d.Projects(ctx, "acme")
	_, project := d.Project(ctx, "acme", "PLAT")
	_, repositories := d.Repositories(ctx, "acme", "")
	_, repository := d.Repository(ctx, "acme", "api")
	for name, err := range map[string]error{
		"Grants": grants, "Grant": grant, "PutGrant": put, "DeleteGrant": d.DeleteGrant(ctx, api, user(grace.UUID)),
		"Groups": groups, "Group": one, "GroupByName": byName, "CreateGroup": create, "UpdateGroup": update,
		"DeleteGroup": d.DeleteGroup(ctx, "acme", "web"), "Member": member, "AddMember": add,
		"RemoveMember": d.RemoveMember(ctx, "acme", "web", grace.UUID), "People": persons, "Person": person,
		"PeopleByEmail": byEmail, "SamePerson": same, "Workspace": workspace, "Projects": projects, "Project": project,
		"Repositories": repositories, "Repository": repository,
	} {
		if !errors.Is(err, access.ErrOutsideFilter) {
			t.Errorf("%s: %v, want ErrOutsideFilter", name, err)
		}
	}
	equal(t, "workspaces", 0, len(must(d.Workspaces(ctx))(t)))
	w.requests(t, "GET /2.0/user/workspaces")
}

func TestWorkspacesTellWhoAdministersThem(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	yes, no := true, false
	w.AddWorkspace(simulator.Workspace{Slug: "org", OrganizationManaged: true})
	w.AddMember("org", ada.UUID, simulator.RoleOwner)
	w.AddGroup("org", simulator.Group{Name: "Developers"})
	w.AddWorkspace(simulator.Workspace{Slug: "guest"})
	w.AddMember("guest", ada.UUID, simulator.RoleMember)
	w.AddWorkspace(simulator.Workspace{Slug: "empty"})
	w.AddMember("empty", ada.UUID, simulator.RoleOwner)
	w.AddWorkspace(simulator.Workspace{Slug: "foreign"})
	type told struct {
		Administrator bool
		Managed       *bool
	}
	got := map[string]told{}
	for _, info := range must(d.Workspaces(t.Context()))(t) {
		got[info.Slug] = told{*info.Administrator, info.OrganizationManaged}
		equal(t, "the workspace by itself", info, must(d.Workspace(t.Context(), info.Slug))(t))
	}
	equal(t, "workspaces", map[string]told{"acme": {true, &no}, "acme-cloud": {true, &yes}, "org": {true, &yes}, "guest": {false, nil}, "empty": {true, nil}}, got)
	w.requests(t, "GET /2.0/user/workspaces", "GET /2.0/workspaces/acme", "GET /2.0/workspaces/org", "GET /2.0/workspaces/guest",
		"GET /2.0/workspaces/empty", "GET /2.0/workspaces/acme-cloud", "GET /1.0/groups/acme-cloud", "GET /1.0/groups/acme", "GET /1.0/groups/org", "GET /1.0/groups/empty")
}

func TestTwoNamesOfAWorkspace(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a, b     string
		want     bool
		requests int
	}{
		"one slug":             {"acme", "acme", true, 0},
		"two slugs":            {"acme", "other", false, 0},
		"one UUID":             {acmeUUID, acmeUUID, true, 0},
		"one UUID, spelt anew": {acmeUUID, strings.ToUpper(strings.Trim(acmeUUID, "{}")), true, 0},
		"two UUIDs":            {acmeUUID, braced, false, 0},
		"slug and UUID":        {"acme", acmeUUID, true, 1},
		"UUID and slug":        {acmeUUID, "acme", true, 1},
		"another slug":         {acmeUUID, "other", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			equal(t, "same", tt.want, must(d.SameWorkspace(t.Context(), tt.a, tt.b))(t))
			if n := len(w.Journal()); n != tt.requests {
				t.Errorf("%d requests, want %d", n, tt.requests)
			}
		})
	}
}

func TestRepositoriesAreListedByQuery(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	for range 2 {
		equal(t, "repositories", 60, len(must(d.Repositories(ctx, "acme", ""))(t)))
		equal(t, "repositories of a project", 10, len(must(d.Repositories(ctx, "acme", `project.key="WEB"`))(t)))
	}
	w.requests(t, "GET /2.0/repositories/acme", "GET /2.0/repositories/acme")
}
