package atlassian

import (
	"context"
	"net/http"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Workspace is an app of the organization: a Jira site, a Bitbucket workspace and so on.
type Workspace struct {
	// ID is an ARI.
	ID         string `json:"id"`
	Attributes struct {
		Name string `json:"name"`
	} `json:"attributes"`
}

// WorkspaceARI is the name that the organization has for the Bitbucket workspace with the given UUID, without braces: the form of
// the audience of Bitbucket's OpenID tokens.
func WorkspaceARI(uuid string) string { return "ari:cloud:bitbucket::workspace/" + uuid }

// maxWorkspaces is the largest page of workspaces.
const maxWorkspaces = 1000

// ListWorkspaces yields the apps of the organization.
//
// Atlassian: POST /v2/orgs/{orgId}/workspaces
func (c *Client) ListWorkspaces(ctx context.Context) pages[Workspace] {
	return list[Workspace](ctx, c, func(cursor string) rest.Request {
		body := filter{"limit": maxWorkspaces}
		if cursor != "" { // nothing may stand beside it here
			body = filter{"cursor": cursor}
		}
		return rest.Request{Method: http.MethodPost, Path: c.path("workspaces"), JSON: body, Reads: true}
	})
}
