package bitbucket

import (
	"context"
	"iter"
	"net/url"
)

// Repository is a repository of a workspace.
type Repository struct {
	// UUID is in braces and never changes.
	UUID string `json:"uuid"`
	// Slug names the repository in addresses; renaming the repository changes it.
	Slug string `json:"slug"`
	Name string `json:"name"`
	// FullName is workspace/repo_slug.
	FullName string `json:"full_name"`
	// Description is "" when there is none.
	Description string `json:"description"`
	IsPrivate   bool   `json:"is_private"`
	// Project carries the key only.
	Project struct {
		Key string `json:"key"`
	} `json:"project"`
}

const repositoryFields = "values.uuid,values.slug,values.name,values.full_name,values.description,values.is_private,values.project.key"

// ListRepositories yields the repositories of a workspace that the credential can see and that match query, a filter in
// Bitbucket's query language; all of them when it is "". A query that Bitbucket cannot read is answered with 400.
//
// Bitbucket: GET /2.0/repositories/{workspace}
func (c *Client) ListRepositories(ctx context.Context, workspace, query string) iter.Seq2[Repository, error] {
	filter := url.Values{}
	if query != "" {
		filter.Set("q", query)
	}
	return list[Repository](ctx, c, repositoryFields, filter, "repositories", workspace)
}

// GetRepository reads a repository.
//
// Bitbucket: GET /2.0/repositories/{workspace}/{repo_slug}
func (c *Client) GetRepository(ctx context.Context, workspace, repoSlug string) (Repository, error) {
	r, _, err := fetch[Repository](ctx, c, nil, "repositories", workspace, repoSlug)
	return r, err
}
