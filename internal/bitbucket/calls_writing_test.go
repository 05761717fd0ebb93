package bitbucket_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

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
