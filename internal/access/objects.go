package access

import (
	"context"
	"iter"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// WorkspaceInfo is what the data sources tell of a workspace.
type WorkspaceInfo struct {
	bitbucket.Workspace
	// Administrator tells whether the credential's user administers the workspace; nil for a credential that is no person's.
	Administrator *bool
	// OrganizationManaged tells whether users and groups are administered at admin.atlassian.com instead of in Bitbucket; nil when
	// the credential may not list the groups, or there are none.
	OrganizationManaged *bool
}

// Workspaces returns the workspaces that the credential sees and the filter admits.
func (d *Directory) Workspaces(ctx context.Context) ([]WorkspaceInfo, error) {
	seen, err := d.workspaces.all(ctx, struct{}{})
	if err != nil {
		return nil, failed(err, "list workspaces")
	}
	seen = slices.DeleteFunc(seen, func(w bitbucket.WorkspaceAccess) bool { return d.admit(w.Workspace.Slug, w.Workspace.UUID) != nil })
	infos := make([]WorkspaceInfo, len(seen))
	err = EachAtOnce(ctx, seen, func(ctx context.Context, i int, w bitbucket.WorkspaceAccess) (err error) {
		infos[i], err = d.Workspace(ctx, w.Workspace.Slug)
		return err
	})
	return infos, err
}

// Workspace returns a workspace.
func (d *Directory) Workspace(ctx context.Context, workspace string) (WorkspaceInfo, error) {
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return WorkspaceInfo{}, err
	}
	w, err := d.workspace.get(ctx, slug)
	if err != nil {
		return WorkspaceInfo{}, failed(noMember(err, slug), "read workspace %s", slug)
	}
	info := WorkspaceInfo{Workspace: w}
	mine, ok, err := d.workspaces.find(ctx, struct{}{}, w.UUID)
	switch {
	case rest.Is(err, http.StatusForbidden): // access tokens of repositories and projects have no workspaces of their own
		return info, nil
	case err != nil:
		return info, failed(err, "list workspaces")
	}
	info.Administrator = new(ok && mine.Administrator)
	if *info.Administrator { // only administrators may list groups
		if info.OrganizationManaged, err = d.organizationManaged(ctx, slug); lacksScope(err) {
			err = nil // nothing is changed here
		}
	}
	return info, err
}

// Projects returns the projects of a workspace that the credential sees.
func (d *Directory) Projects(ctx context.Context, workspace string) ([]bitbucket.Project, error) {
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return d.projects.all(ctx, slug)
}

// Project returns a project.
func (d *Directory) Project(ctx context.Context, workspace, key string) (bitbucket.Project, error) {
	scope, err := d.canonical(ctx, Scope{Kind: ProjectScope, Workspace: workspace, Name: key})
	if err != nil {
		return bitbucket.Project{}, err
	}
	return d.project.get(ctx, scope)
}

// repositoryQuery names one listing of repositories.
type repositoryQuery struct{ workspace, query string }

// Repositories returns the repositories of a workspace that the credential sees and that match query, a filter in Bitbucket's
// query language; all of them when it is "".
func (d *Directory) Repositories(ctx context.Context, workspace, query string) ([]bitbucket.Repository, error) {
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return d.repositories.all(ctx, repositoryQuery{slug, query})
}

// Repository returns a repository.
func (d *Directory) Repository(ctx context.Context, workspace, repoSlug string) (bitbucket.Repository, error) {
	scope, err := d.canonical(ctx, Scope{Kind: RepositoryScope, Workspace: workspace, Name: repoSlug})
	if err != nil {
		return bitbucket.Repository{}, err
	}
	return d.repository.get(ctx, scope)
}

func (d *Directory) getProject(ctx context.Context, s Scope) (bitbucket.Project, error) {
	p, err := d.client.GetProject(ctx, s.Workspace, s.Name)
	if err != nil {
		err = explain(ctx, s.Workspace, "read "+s.String(), d.absence)(err)
	}
	return p, err
}

func (d *Directory) getRepository(ctx context.Context, s Scope) (bitbucket.Repository, error) {
	r, err := d.client.GetRepository(ctx, s.Workspace, s.Name)
	if err != nil {
		err = explain(ctx, s.Workspace, "read "+s.String(), d.absence)(err)
	}
	return r, err
}

func (d *Directory) listProjects(ctx context.Context, workspace string) iter.Seq2[bitbucket.Project, error] {
	return listed(d.client.ListProjects(ctx, workspace), unchanged[bitbucket.Project],
		explain(ctx, workspace, "list the projects of workspace "+workspace, d.absenceOfList))
}

func (d *Directory) listRepositories(ctx context.Context, q repositoryQuery) iter.Seq2[bitbucket.Repository, error] {
	return listed(d.client.ListRepositories(ctx, q.workspace, q.query), unchanged[bitbucket.Repository],
		explain(ctx, q.workspace, "list the repositories of workspace "+q.workspace, d.absenceOfList))
}
