package atlassian

import "context"

// allDirectories stands for every directory that the key may see. Reads take it; writes take the id of one directory.
const allDirectories = "-"

// Directory holds people and groups of an organization.
type Directory struct {
	ID   string `json:"directoryId"`
	Name string `json:"name"`
}

// ListDirectories yields the directories of the organization; most have one.
//
// Atlassian: GET /v2/orgs/{orgId}/directories
func (c *Client) ListDirectories(ctx context.Context) pages[Directory] {
	return get[Directory](ctx, c, c.path("directories"))
}
