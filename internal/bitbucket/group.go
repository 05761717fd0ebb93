package bitbucket

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Group is a group of a workspace. The methods for groups take the slug of the workspace, never its UUID: with the UUID version
// 1.0 answers 405 or 403 (DrFaust92/terraform-provider-bitbucket#258). On workspaces administered at admin.atlassian.com every
// write is answered with 405.
type Group struct {
	// Slug names the group in addresses. It follows from the name; renaming the group changes it. A UUID without braces on
	// workspaces administered at admin.atlassian.com.
	Slug string `json:"slug"`
	Name string `json:"name"`
	// Permission is what the group gets on every new repository: read, write or admin; null is nothing.
	Permission *string `json:"permission"`
	// AutoAdd tells whether people who join the workspace join the group; nil where Bitbucket does not say.
	AutoAdd *bool `json:"auto_add"`
	// EmailForwardingDisabled is nil where Bitbucket does not say.
	EmailForwardingDisabled *bool     `json:"email_forwarding_disabled"`
	Members                 []Account `json:"members"`
}

// GroupSettings is what can be changed of a group. Nil fields are left out of the request, save Permission, whose null is a
// value: nothing.
type GroupSettings struct {
	Name                    string  `json:"name"`
	Permission              *string `json:"permission"`
	AutoAdd                 *bool   `json:"auto_add,omitempty"`
	EmailForwardingDisabled *bool   `json:"email_forwarding_disabled,omitempty"`
}

// groupsPath is the path of the groups of a workspace, of one group or of its members.
func groupsPath(workspace string, more ...string) []string {
	return append([]string{"1.0", "groups", workspace}, more...)
}

// ListGroups reads all groups of a workspace with their members. Workspace administrators only.
//
// Bitbucket: GET /1.0/groups/{workspace}
func (c *Client) ListGroups(ctx context.Context, workspace string) ([]Group, error) {
	groups, _, err := rest.Fetch[[]Group](ctx, c.rest, rest.Request{Method: http.MethodGet, Path: groupsPath(workspace)})
	return groups, err
}

// CreateGroup creates a group.
//
// Bitbucket: POST /1.0/groups/{workspace}
func (c *Client) CreateGroup(ctx context.Context, workspace, name string) (Group, error) {
	g, _, err := rest.Fetch[Group](ctx, c.rest, rest.Request{
		Method: http.MethodPost, Path: groupsPath(workspace), Form: url.Values{"name": {name}},
	})
	return g, err
}

// UpdateGroup changes a group. The answer's slug differs from slug when the name has changed.
//
// Bitbucket: PUT /1.0/groups/{workspace}/{group_slug}
func (c *Client) UpdateGroup(ctx context.Context, workspace, slug string, settings GroupSettings) (Group, error) {
	g, _, err := rest.Fetch[Group](ctx, c.rest, rest.Request{
		Method: http.MethodPut, Path: groupsPath(workspace, slug), JSON: settings,
	})
	return g, err
}

// DeleteGroup deletes a group, and with it every permission that it holds.
//
// Bitbucket: DELETE /1.0/groups/{workspace}/{group_slug}
func (c *Client) DeleteGroup(ctx context.Context, workspace, slug string) error {
	_, err := c.rest.Send(ctx, rest.Request{Method: http.MethodDelete, Path: groupsPath(workspace, slug)})
	return err
}

// PutGroupMember adds a person, who must be in the workspace, to a group. For someone who is a member already Bitbucket answers
// 200 or 409.
//
// Bitbucket: PUT /1.0/groups/{workspace}/{group_slug}/members/{uuid}
func (c *Client) PutGroupMember(ctx context.Context, workspace, slug, uuid string) (Account, error) {
	member, _, err := rest.Fetch[Account](ctx, c.rest, rest.Request{
		Method: http.MethodPut, Path: groupsPath(workspace, slug, "members", uuid), JSON: struct{}{},
	})
	return member, err
}

// DeleteGroupMember removes a person from a group.
//
// Bitbucket: DELETE /1.0/groups/{workspace}/{group_slug}/members/{uuid}
func (c *Client) DeleteGroupMember(ctx context.Context, workspace, slug, uuid string) error {
	_, err := c.rest.Send(ctx, rest.Request{Method: http.MethodDelete, Path: groupsPath(workspace, slug, "members", uuid)})
	return err
}
