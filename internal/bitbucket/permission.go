package bitbucket

import (
	"context"
	"iter"
	"net/http"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// PermissionsConfig addresses the explicit permissions of one repository or project. In the operations below {object} stands for
// repositories/{workspace}/{repo_slug} or workspaces/{workspace}/projects/{project_key}.
type PermissionsConfig struct{ object []string }

// RepositoryPermissions addresses the permissions of a repository.
func RepositoryPermissions(workspace, repoSlug string) PermissionsConfig {
	return PermissionsConfig{object: []string{"repositories", workspace, repoSlug}}
}

// ProjectPermissions addresses the permissions of a project.
func ProjectPermissions(workspace, projectKey string) PermissionsConfig {
	return PermissionsConfig{object: []string{"workspaces", workspace, "projects", projectKey}}
}

// PrincipalKind is who holds permissions: Users or Groups.
type PrincipalKind string

// The kinds of principals, as paths name them.
const (
	Users  PrincipalKind = "users"
	Groups PrincipalKind = "groups"
)

// Permission is one explicit permission. Exactly one of User and Group is set.
type Permission struct {
	// Permission is read, write or admin, on projects also create-repo. Bitbucket answers none for a principal without an explicit
	// permission, though not in lists.
	Permission string    `json:"permission"`
	User       *Account  `json:"user"`
	Group      *GroupRef `json:"group"`
}

// GroupRef is a group as permissions name it.
type GroupRef struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

func (p PermissionsConfig) path(kind PrincipalKind, principal ...string) []string {
	return append(append(append([]string{}, p.object...), "permissions-config", string(kind)), principal...)
}

// permissionFields leave a nickname out, which no grant needs.
var permissionFields = map[PrincipalKind]string{
	Users:  "values.permission,values.user.uuid,values.user.account_id,values.user.display_name",
	Groups: "values.permission,values.group.slug,values.group.name",
}

// ListPermissions yields the explicit permissions of users or of groups, users without their nickname. 403 means that the credential
// is no administrator of the object.
//
// Bitbucket: GET /2.0/{object}/permissions-config/{users|groups}
func (c *Client) ListPermissions(ctx context.Context, p PermissionsConfig, kind PrincipalKind) iter.Seq2[Permission, error] {
	return list[Permission](ctx, c, permissionFields[kind], nil, p.path(kind)...)
}

// PutPermission grants a permission or changes it; the answer is the permission as it is then. The principal is a user's UUID or
// account id, or a group's slug. API tokens only: other credentials are refused with 403. 400 means a permission that the object
// does not know, or a user who cannot hold one; 402 that the plan has no seat left.
//
// Bitbucket: PUT /2.0/{object}/permissions-config/{users|groups}/{principal}
func (c *Client) PutPermission(ctx context.Context, p PermissionsConfig, kind PrincipalKind, principal, permission string) (Permission, error) {
	answer, _, err := rest.Fetch[Permission](ctx, c.rest, rest.Request{
		Method: http.MethodPut,
		Path:   v2(p.path(kind, principal)),
		JSON:   map[string]string{"permission": permission},
	})
	return answer, err
}

// DeletePermission revokes a permission. API tokens only.
//
// Bitbucket: DELETE /2.0/{object}/permissions-config/{users|groups}/{principal}
func (c *Client) DeletePermission(ctx context.Context, p PermissionsConfig, kind PrincipalKind, principal string) error {
	_, err := c.rest.Send(ctx, rest.Request{Method: http.MethodDelete, Path: v2(p.path(kind, principal))})
	return err
}
