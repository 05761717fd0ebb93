package bitbucket

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Workspace is a workspace.
type Workspace struct {
	// UUID is in braces and never changes.
	UUID string `json:"uuid"`
	// Slug names the workspace in addresses; its administrators can change it.
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// WorkspaceAccess is a workspace that the credential can see.
type WorkspaceAccess struct {
	Administrator bool `json:"administrator"`
	// Workspace carries no name here.
	Workspace Workspace `json:"workspace"`
}

// Membership is a person in a workspace.
type Membership struct {
	// Permission is member, collaborator or owner, which Bitbucket shows as "administrator", and for one's own membership also
	// create-project; "" where the list does not carry it.
	Permission string  `json:"permission"`
	User       Account `json:"user"`
}

// MaxEmails is how many addresses one ListMembersByEmail may ask for.
const MaxEmails = 90

// ListWorkspaces yields the workspaces that the credential can see.
//
// Bitbucket: GET /2.0/user/workspaces
func (c *Client) ListWorkspaces(ctx context.Context) iter.Seq2[WorkspaceAccess, error] {
	return list[WorkspaceAccess](ctx, c, "values.administrator,values.workspace.uuid,values.workspace.slug", nil, "user", "workspaces")
}

// GetWorkspace reads a workspace by slug or UUID.
//
// Bitbucket: GET /2.0/workspaces/{workspace}
func (c *Client) GetWorkspace(ctx context.Context, workspace string) (Workspace, error) {
	w, _, err := fetch[Workspace](ctx, c, nil, "workspaces", workspace)
	if err == nil && (w.Slug == "" || w.UUID == "") {
		err = fmt.Errorf("%w: it holds a workspace without a slug or without a uuid", rest.ErrBadAnswer)
	}
	return w, err
}

// GetOwnMembership reads who the credential's own user is and may do in a workspace: owner, create-project, collaborator or member.
// 403 means that the user is not in the workspace.
//
// Bitbucket: GET /2.0/user/workspaces/{workspace}/permission
func (c *Client) GetOwnMembership(ctx context.Context, workspace string) (Membership, error) {
	m, _, err := fetch[Membership](ctx, c, nil, "user", "workspaces", workspace, "permission")
	if err == nil && m.Permission == "" {
		err = fmt.Errorf("%w: it does not say what the user may do", rest.ErrBadAnswer)
	}
	return m, err
}

const membershipFields = "values.permission,values.user.uuid,values.user.account_id,values.user.display_name,values.user.nickname"

// ListMemberships yields the people of a workspace with their role.
//
// Bitbucket: GET /2.0/workspaces/{workspace}/permissions
func (c *Client) ListMemberships(ctx context.Context, workspace string) iter.Seq2[Membership, error] {
	return list[Membership](ctx, c, membershipFields, nil, "workspaces", workspace, "permissions")
}

// ListMembersByEmail yields the people of a workspace that have one of the given addresses, at most MaxEmails, with that
// address. Workspace administrators only.
//
// Bitbucket: GET /2.0/workspaces/{workspace}/members
func (c *Client) ListMembersByEmail(ctx context.Context, workspace string, emails []string) iter.Seq2[Membership, error] {
	quoted := make([]string, len(emails))
	for i, email := range emails {
		quoted[i] = strconv.Quote(email)
	}
	query := url.Values{
		"q":      {"user.email IN (" + strings.Join(quoted, ",") + ")"},
		"fields": {"+values.user.email"}, // shown only to those who filter by it, and only when asked for
	}
	return list[Membership](ctx, c, "", query, "workspaces", workspace, "members")
}
