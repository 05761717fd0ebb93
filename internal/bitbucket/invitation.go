package bitbucket

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Invitation is a pending invitation of somebody into groups of a workspace. Invitations of version 1.0 end where a workspace is
// administered at admin.atlassian.com: every method for them is answered with 405 there.
type Invitation struct {
	Email  string `json:"email"`
	Groups []struct {
		Slug string `json:"slug"`
	} `json:"groups"`
}

// groupInvitation is what the invitations of a workspace take.
type groupInvitation struct {
	Email     string `json:"email"`
	GroupSlug string `json:"group_slug"`
}

func invitationsPath(workspace string) []string {
	return []string{"1.0", "users", workspace, "invitations"}
}

// ListInvitations reads the pending invitations into groups of a workspace. Those to repositories are not among them.
//
// Bitbucket: GET /1.0/users/{workspace}/invitations
func (c *Client) ListInvitations(ctx context.Context, workspace string) ([]Invitation, error) {
	invitations, _, err := rest.Fetch[[]Invitation](ctx, c.rest, rest.Request{Method: http.MethodGet, Path: invitationsPath(workspace)})
	return invitations, err
}

// InviteToGroup invites somebody into a group by e-mail. 400 means that the address is not valid, 409 that the person is invited
// into the group already.
//
// Bitbucket: PUT /1.0/users/{workspace}/invitations
func (c *Client) InviteToGroup(ctx context.Context, workspace, email, groupSlug string) error {
	_, err := c.rest.Send(ctx, rest.Request{
		Method: http.MethodPut, Path: invitationsPath(workspace), JSON: groupInvitation{email, groupSlug},
	})
	return err
}

// DeleteInvitation withdraws a pending invitation into a group. 404 means that there is none.
//
// Bitbucket: DELETE /1.0/users/{workspace}/invitations
func (c *Client) DeleteInvitation(ctx context.Context, workspace, email, groupSlug string) error {
	_, err := c.rest.Send(ctx, rest.Request{
		Method: http.MethodDelete, Path: invitationsPath(workspace), JSON: groupInvitation{email, groupSlug},
	})
	return err
}

// InviteToRepository invites somebody to one repository by e-mail; permission is read, write or admin. Such an invitation can
// neither be listed nor withdrawn. 400 means that the address is not valid, 409 that the person is invited or has access already.
//
// Bitbucket: POST /1.0/invitations/{workspace}/{repo_slug}
func (c *Client) InviteToRepository(ctx context.Context, workspace, repoSlug, email, permission string) error {
	_, err := c.rest.Send(ctx, rest.Request{
		Method: http.MethodPost, Path: []string{"1.0", "invitations", workspace, repoSlug},
		Form: url.Values{"email": {email}, "permission": {permission}},
	})
	return err
}
