package bitbucket

import (
	"context"
	"iter"
)

// Project is a project of a workspace.
type Project struct {
	// UUID is in braces and never changes.
	UUID string `json:"uuid"`
	// Key names the project in addresses, in capital letters.
	Key  string `json:"key"`
	Name string `json:"name"`
	// Description is "" when there is none.
	Description string `json:"description"`
	IsPrivate   bool   `json:"is_private"`
}

const projectFields = "values.uuid,values.key,values.name,values.description,values.is_private"

// ListProjects yields the projects of a workspace that the credential can see.
//
// Bitbucket: GET /2.0/workspaces/{workspace}/projects
func (c *Client) ListProjects(ctx context.Context, workspace string) iter.Seq2[Project, error] {
	return list[Project](ctx, c, projectFields, nil, "workspaces", workspace, "projects")
}

// GetProject reads a project.
//
// Bitbucket: GET /2.0/workspaces/{workspace}/projects/{project_key}
func (c *Client) GetProject(ctx context.Context, workspace, projectKey string) (Project, error) {
	p, _, err := fetch[Project](ctx, c, nil, "workspaces", workspace, "projects", projectKey)
	return p, err
}
