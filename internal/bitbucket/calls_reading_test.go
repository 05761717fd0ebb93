package bitbucket_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func TestEveryReadSendsItsOperation(t *testing.T) {
	t.Parallel()
	repository, project := bitbucket.RepositoryPermissions("acme", "api"), bitbucket.ProjectPermissions("acme", "PLAT")
	const repoPermissions, projectPermissions = "/2.0/repositories/acme/api/permissions-config/", "/2.0/workspaces/acme/projects/PLAT/permissions-config/"
	grants := []bitbucket.Permission{{Permission: "write", User: &ada}}
	groupRow := `{"values":[{"permission":"admin","group":{"slug":"dev","name":"Dev"}}]}`
	groupGrants := []bitbucket.Permission{{Permission: "admin", Group: &bitbucket.GroupRef{Slug: "dev", Name: "Dev"}}}
	repo := bitbucket.Repository{UUID: uuid, Slug: "api", Name: "API", FullName: "acme/api", IsPrivate: true}
	repo.Project.Key = "PLAT"
	repoJSON := `{"uuid":"` + uuid + `","slug":"api","name":"API","full_name":"acme/api","description":null,"is_private":true,"project":{"key":"PLAT"},"parent":null}`
	projectJSON := `{"uuid":"` + uuid + `","key":"PLAT","name":"Platform","description":null,"is_private":true,"links":{"repositories":[]}}`
	plat := bitbucket.Project{UUID: uuid, Key: "PLAT", Name: "Platform", IsPrivate: true}
	const repoFields = "values.uuid,values.slug,values.name,values.full_name,values.description,values.is_private,values.project.key"
	send(t, map[string]call{
		"GetCurrentUser": {
			func(ctx context.Context, c *client) (any, error) { return c.GetCurrentUser(ctx) },
			request{Path: "/2.0/user"},
			`{"uuid":"` + uuid + `","type":"user","location":null}`,
			bitbucket.CurrentUser{Account: bitbucket.Account{UUID: uuid}, Scopes: []string{"a:b", "c"}},
		},
		"ListWorkspaces": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListWorkspaces(ctx)) },
			request{Path: "/2.0/user/workspaces", Query: paged("values.administrator,values.workspace.uuid,values.workspace.slug")},
			`{"values":[{"administrator":true,"workspace":{"uuid":"` + uuid + `","slug":"acme"}}]}`,
			[]bitbucket.WorkspaceAccess{{Administrator: true, Workspace: bitbucket.Workspace{UUID: uuid, Slug: "acme"}}},
		},
		"GetWorkspace by slug": {
			func(ctx context.Context, c *client) (any, error) { return c.GetWorkspace(ctx, "acme") },
			request{Path: "/2.0/workspaces/acme"},
			`{"uuid":"` + uuid + `","slug":"acme","name":"Acme"}`,
			bitbucket.Workspace{UUID: uuid, Slug: "acme", Name: "Acme"},
		},
		"GetWorkspace by UUID": {
			func(ctx context.Context, c *client) (any, error) { return c.GetWorkspace(ctx, uuid) },
			request{Path: "/2.0/workspaces/" + escapedUUID},
			`{"slug":"acme","uuid":"` + uuid + `"}`,
			bitbucket.Workspace{Slug: "acme", UUID: uuid},
		},
		"GetOwnMembership": {
			func(ctx context.Context, c *client) (any, error) { return c.GetOwnMembership(ctx, "acme") },
			request{Path: "/2.0/user/workspaces/acme/permission"},
			`{"type":"workspace_membership","permission":"create-project"}`,
			bitbucket.Membership{Permission: "create-project"},
		},
		"ListMemberships": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListMemberships(ctx, "acme")) },
			request{Path: "/2.0/workspaces/acme/permissions", Query: paged("values.permission," + peopleFields + ",values.user.nickname")},
			userRow,
			[]bitbucket.Membership{{Permission: "write", User: ada}},
		},
		"ListMembersByEmail": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListMembersByEmail(ctx, "acme", []string{"ada@acme.example", `o"\b+@x`}))
			},
			request{
				Path: "/2.0/workspaces/acme/members", Query: paged("", "fields", "+values.user.email", "q", `user.email IN ("ada@acme.example","o\"\\b+@x")`),
			},
			`{"values":[{"type":"workspace_membership","user":{"uuid":"` + uuid + `","email":"ada@acme.example"}}]}`,
			[]bitbucket.Membership{{User: bitbucket.Account{UUID: uuid, Email: "ada@acme.example"}}},
		},
		"ListProjects": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListProjects(ctx, "acme")) },
			request{Path: "/2.0/workspaces/acme/projects", Query: paged("values.uuid,values.key,values.name,values.description,values.is_private")},
			`{"values":[` + projectJSON + `]}`,
			[]bitbucket.Project{plat},
		},
		"GetProject": {
			func(ctx context.Context, c *client) (any, error) { return c.GetProject(ctx, "acme", "PLAT") },
			request{Path: "/2.0/workspaces/acme/projects/PLAT"},
			projectJSON, plat,
		},
		"ListRepositories": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListRepositories(ctx, "acme", "")) },
			request{Path: "/2.0/repositories/acme", Query: paged(repoFields)},
			`{"values":[` + repoJSON + `]}`,
			[]bitbucket.Repository{repo},
		},
		"ListRepositories with a query": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListRepositories(ctx, "acme", `project.key="PLAT" AND x!=1`))
			},
			request{Path: "/2.0/repositories/acme", Query: paged(repoFields, "q", `project.key="PLAT" AND x!=1`)},
			`{"values":[]}`,
			[]bitbucket.Repository(nil),
		},
		"GetRepository": {
			func(ctx context.Context, c *client) (any, error) { return c.GetRepository(ctx, "acme", "api") },
			request{Path: "/2.0/repositories/acme/api"},
			repoJSON, repo,
		},
		"ListPermissions of users on a repository": {
			permissionsOf(repository, bitbucket.Users),
			request{Path: repoPermissions + "users", Query: paged("values.permission," + peopleFields)},
			userRow, grants,
		},
		"ListPermissions of groups on a repository": {
			permissionsOf(repository, bitbucket.Groups),
			request{Path: repoPermissions + "groups", Query: paged("values.permission,values.group.slug,values.group.name")},
			groupRow, groupGrants,
		},
		"ListPermissions of users on a project": {
			permissionsOf(project, bitbucket.Users),
			request{Path: projectPermissions + "users", Query: paged("values.permission," + peopleFields)},
			userRow, grants,
		},
		"ListPermissions of groups on a project": {
			permissionsOf(project, bitbucket.Groups),
			request{Path: projectPermissions + "groups", Query: paged("values.permission,values.group.slug,values.group.name")},
			groupRow, groupGrants,
		},
		"ListGroups": {
			func(ctx context.Context, c *client) (any, error) { return c.ListGroups(ctx, "acme") },
			request{Path: "/1.0/groups/acme"},
			"[" + groupJSON + "]",
			[]bitbucket.Group{devTeam()},
		},
	}, http.MethodGet)
}

// permissionsOf lists the permissions that principals of a kind hold on an object.
func permissionsOf(object bitbucket.PermissionsConfig, kind bitbucket.PrincipalKind) func(context.Context, *client) (any, error) {
	return func(ctx context.Context, c *client) (any, error) { return all(c.ListPermissions(ctx, object, kind)) }
}

func TestTheScopesOfTheCredential(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header string
		want   []string
	}{
		"commas and spaces": {"read:user:bitbucket, admin:project:bitbucket", []string{"read:user:bitbucket", "admin:project:bitbucket"}},
		"commas":            {"account,project:admin", []string{"account", "project:admin"}},
		"spaces":            {"account project", []string{"account", "project"}},
		"nothing":           {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := scripted(t, http.StatusOK, `{"uuid":"{1}"}`, "X-Oauth-Scopes", tt.header)
			got, err := c.GetCurrentUser(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Scopes); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAnswerThatDoesNotNameWhatWasAskedForIsNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"slug":"acme"}`, `{"uuid":"` + uuid + `"}`} {
		c, _ := scripted(t, http.StatusOK, body)
		if _, err := c.GetWorkspace(t.Context(), "acme"); !errors.Is(err, rest.ErrBadAnswer) {
			t.Errorf("%s: error is %v", body, err)
		}
		if _, err := c.GetOwnMembership(t.Context(), "acme"); !errors.Is(err, rest.ErrBadAnswer) {
			t.Errorf("%s: error is %v", body, err)
		}
	}
}
