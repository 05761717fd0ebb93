package bitbucket_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

type client = bitbucket.Client

const (
	uuid        = "{470c176d-3574-44ea-bb41-89e8638bcca4}"
	escapedUUID = "%7B470c176d-3574-44ea-bb41-89e8638bcca4%7D"
	accountID   = "557058:ba8948b2-49da-43a9-9e8b-e7249b8e324a"

	userRow   = `{"values":[{"permission":"write","user":{"uuid":"` + uuid + `","account_id":"` + accountID + `","display_name":"Ada","nickname":"ada"}}]}`
	userJSON  = `{"permission":"write","user":{"type":"user","uuid":"` + uuid + `","account_id":"` + accountID + `","display_name":"Ada","nickname":"ada"},"links":{}}`
	groupJSON = `{"name":"Dev Team","slug":"dev-team","permission":null,"auto_add":true,"email_forwarding_disabled":false,` +
		`"members":[{"uuid":"` + uuid + `","display_name":"Ada","is_team":false}],"owner":{"uuid":"{o}"}}`

	peopleFields = "values.user.uuid,values.user.account_id,values.user.display_name"
)

var ada = bitbucket.Account{UUID: uuid, AccountID: accountID, DisplayName: "Ada", Nickname: "ada"}

// paged is the query of a list.
func paged(fields string, more ...string) url.Values {
	query := url.Values{"pagelen": {"100"}}
	if fields != "" {
		query.Set("fields", "next,"+fields)
	}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return query
}

// call is one method with the request it makes and the answer it reads.
type call struct {
	do     func(context.Context, *client) (any, error)
	sent   request
	answer string
	want   any
}

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
			`{"slug":"acme"}`,
			bitbucket.Workspace{Slug: "acme"},
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
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListPermissions(ctx, repository, bitbucket.Users))
			},
			request{Path: repoPermissions + "users", Query: paged("values.permission," + peopleFields)},
			userRow, grants,
		},
		"ListPermissions of groups on a repository": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListPermissions(ctx, repository, bitbucket.Groups))
			},
			request{Path: repoPermissions + "groups", Query: paged("values.permission,values.group.slug,values.group.name")},
			groupRow, groupGrants,
		},
		"ListPermissions of users on a project": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListPermissions(ctx, project, bitbucket.Users))
			},
			request{Path: projectPermissions + "users", Query: paged("values.permission," + peopleFields)},
			userRow, grants,
		},
		"ListPermissions of groups on a project": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListPermissions(ctx, project, bitbucket.Groups))
			},
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

func devTeam() bitbucket.Group {
	return bitbucket.Group{
		Slug: "dev-team", Name: "Dev Team", AutoAdd: new(true), EmailForwardingDisabled: new(false),
		Members: []bitbucket.Account{{UUID: uuid, DisplayName: "Ada"}},
	}
}

func TestEveryWriteSendsItsOperation(t *testing.T) {
	t.Parallel()
	repository, project := bitbucket.RepositoryPermissions("acme", "api"), bitbucket.ProjectPermissions("acme", "PLAT")
	const repoPermissions, projectPermissions = "/2.0/repositories/acme/api/permissions-config/", "/2.0/workspaces/acme/projects/PLAT/permissions-config/"
	send(t, map[string]call{
		"PutPermission of a user by UUID": {
			func(ctx context.Context, c *client) (any, error) {
				return c.PutPermission(ctx, repository, bitbucket.Users, uuid, "write")
			},
			request{Path: repoPermissions + "users/" + escapedUUID, ContentType: "application/json", Body: `{"permission":"write"}`},
			userJSON,
			bitbucket.Permission{Permission: "write", User: &ada},
		},
		"PutPermission of a user by account id": {
			func(ctx context.Context, c *client) (any, error) {
				return c.PutPermission(ctx, project, bitbucket.Users, accountID, "create-repo")
			},
			request{Path: projectPermissions + "users/" + accountID, ContentType: "application/json", Body: `{"permission":"create-repo"}`},
			userJSON,
			bitbucket.Permission{Permission: "write", User: &ada},
		},
		"PutPermission of a group": {
			func(ctx context.Context, c *client) (any, error) {
				return c.PutPermission(ctx, project, bitbucket.Groups, "dev", "admin")
			},
			request{Path: projectPermissions + "groups/dev", ContentType: "application/json", Body: `{"permission":"admin"}`},
			`{"permission":"admin","group":{"name":"Dev","slug":"dev"}}`,
			bitbucket.Permission{Permission: "admin", Group: &bitbucket.GroupRef{Slug: "dev", Name: "Dev"}},
		},
		"UpdateGroup with everything": {
			func(ctx context.Context, c *client) (any, error) {
				return c.UpdateGroup(ctx, "acme", "dev", bitbucket.GroupSettings{
					Name: "Dev Team", Permission: new("read"), AutoAdd: new(false), EmailForwardingDisabled: new(true),
				})
			},
			request{
				Path: "/1.0/groups/acme/dev", ContentType: "application/json",
				Body: `{"name":"Dev Team","permission":"read","auto_add":false,"email_forwarding_disabled":true}`,
			},
			groupJSON, devTeam(),
		},
		"UpdateGroup with a null permission": {
			func(ctx context.Context, c *client) (any, error) {
				return c.UpdateGroup(ctx, "acme", "dev", bitbucket.GroupSettings{Name: "Dev Team"})
			},
			request{Path: "/1.0/groups/acme/dev", ContentType: "application/json", Body: `{"name":"Dev Team","permission":null}`},
			groupJSON, devTeam(),
		},
		"PutGroupMember": {
			func(ctx context.Context, c *client) (any, error) { return c.PutGroupMember(ctx, "acme", "dev", uuid) },
			request{Path: "/1.0/groups/acme/dev/members/" + escapedUUID, ContentType: "application/json", Body: `{}`},
			`{"uuid":"` + uuid + `","account_id":"` + accountID + `","display_name":"Ada","nickname":"ada","is_active":true}`, ada,
		},
	}, http.MethodPut)
	send(t, map[string]call{
		"CreateGroup": {
			func(ctx context.Context, c *client) (any, error) { return c.CreateGroup(ctx, "acme", "Dev & Team") },
			request{Path: "/1.0/groups/acme", ContentType: "application/x-www-form-urlencoded", Body: "name=Dev+%26+Team"},
			groupJSON, devTeam(),
		},
	}, http.MethodPost)
	send(t, map[string]call{
		"DeletePermission of a user": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.DeletePermission(ctx, repository, bitbucket.Users, uuid)
			},
			request{Path: repoPermissions + "users/" + escapedUUID},
			"", nil,
		},
		"DeletePermission of a group": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.DeletePermission(ctx, project, bitbucket.Groups, "dev")
			},
			request{Path: projectPermissions + "groups/dev"},
			"", nil,
		},
		"DeleteGroup": {
			func(ctx context.Context, c *client) (any, error) { return nil, c.DeleteGroup(ctx, "acme", "dev") },
			request{Path: "/1.0/groups/acme/dev"},
			"", nil,
		},
		"DeleteGroupMember": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.DeleteGroupMember(ctx, "acme", "dev", uuid)
			},
			request{Path: "/1.0/groups/acme/dev/members/" + escapedUUID},
			"", nil,
		},
	}, http.MethodDelete)
}

// send makes each call to a server of its own: once to compare request and answer, once to be refused.
func send(t *testing.T, calls map[string]call, method string) {
	t.Helper()
	for name, tt := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, journal := scripted(t, http.StatusOK, tt.answer, "X-Credential-Type", "apitoken", "X-Oauth-Scopes", "a:b, c")
			got, err := tt.do(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			tt.sent.Method = method
			if tt.sent.Query == nil {
				tt.sent.Query = url.Values{}
			}
			if diff := cmp.Diff([]request{tt.sent}, journal()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
		t.Run(name+", refused", func(t *testing.T) {
			t.Parallel()
			c, _ := scripted(t, http.StatusForbidden, `{"error":{"message":"No"}}`)
			if _, err := tt.do(t.Context(), c); !rest.Is(err, http.StatusForbidden) || !strings.Contains(err.Error(), "No") {
				t.Errorf("error is %v, want the 403", err)
			}
		})
	}
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
