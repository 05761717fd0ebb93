package access

import (
	"context"
	"errors"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// EffectiveQuery says whose access to what is asked for. Where a filter is nil, it leaves nothing out.
type EffectiveQuery struct {
	// Workspace is a slug or a UUID in braces.
	Workspace string
	// ProjectKeys and RepoSlugs name the repositories that are looked at; with both, those that are named and in one of the projects.
	ProjectKeys, RepoSlugs []string
	// UserIDs are the UUIDs or account ids of the people who are looked at.
	UserIDs []string
	// AdminGroups are the slugs of the groups whose members are meant to be administrators; nil stands for all groups that hold Admin on
	// something that is looked at.
	AdminGroups []string
}

// Effective returns who may do what on repositories of a workspace, and why. It takes the listings of the grants of each repository and of
// its project, those of the people and the groups of the workspace, and that of the repositories; and that of the projects, where no filter
// names any. Of each named repository it takes the repository instead.
//
// Members of groups are those that Bitbucket shows. Where an organization administers the groups, suspended people are not among them.
//
// A repository or project that is not named and was deleted meanwhile is left out. The error wraps ErrNotFound when one that is named does
// not exist, when AdminGroups names a group that the workspace does not have, and when nobody has one of UserIDs.
func (d *Directory) Effective(ctx context.Context, q EffectiveQuery) (*Effective, error) {
	slug, err := d.Slug(ctx, q.Workspace)
	if err != nil {
		return nil, err
	}
	e := &Effective{Workspace: slug}
	if e.People, err = d.people.all(ctx, slug); err != nil {
		return nil, err
	}
	if e.Groups, err = d.groups.all(ctx, slug); err != nil {
		return nil, err
	}
	if err := e.checkAdminGroups(q.AdminGroups); err != nil {
		return nil, err
	}
	if err := e.readObjects(ctx, d, q); err != nil {
		return nil, err
	}
	if err := e.readGrants(ctx, d, q); err != nil {
		return nil, err
	}
	e.resolve(q.AdminGroups)
	return e, e.keep(q.UserIDs)
}

// checkAdminGroups looks whether the groups exist: with one that is misspelled, every administrator would be outside.
func (e *Effective) checkAdminGroups(groupSlugs []string) error {
	for _, slug := range groupSlugs {
		if !e.hasGroup(slug) {
			return NotFoundf("workspace %s has no group with slug %s", e.Workspace, slug)
		}
	}
	return nil
}

// readObjects finds the repositories that are asked for, and their projects.
func (e *Effective) readObjects(ctx context.Context, d *Directory, q EffectiveQuery) error {
	var err error
	if e.Repositories, err = e.repositories(ctx, d, q); err != nil {
		return err
	}
	if q.ProjectKeys == nil && q.RepoSlugs == nil {
		e.Projects, err = d.projects.all(ctx, e.Workspace)
		if err != nil {
			return err
		}
	}
	keys := slices.Clone(q.ProjectKeys)
	if q.RepoSlugs != nil {
		keys = nil // only the projects of the repositories matter
	}
	for _, r := range e.Repositories {
		keys = append(keys, r.Project.Key)
	}
	for _, key := range keys {
		if key != "" && !slices.ContainsFunc(e.Projects, func(p bitbucket.Project) bool { return p.Key == key }) {
			e.Projects = append(e.Projects, bitbucket.Project{Key: key})
		}
	}
	return nil
}

func (e *Effective) repositories(ctx context.Context, d *Directory, q EffectiveQuery) ([]bitbucket.Repository, error) {
	switch {
	case q.RepoSlugs != nil:
		named := make([]bitbucket.Repository, len(q.RepoSlugs))
		err := EachAtOnce(ctx, q.RepoSlugs, func(ctx context.Context, i int, slug string) (err error) {
			named[i], err = d.Repository(ctx, e.Workspace, slug)
			return err
		})
		return slices.DeleteFunc(named, func(r bitbucket.Repository) bool {
			return q.ProjectKeys != nil && !slices.Contains(q.ProjectKeys, r.Project.Key)
		}), err
	case q.ProjectKeys != nil:
		lists := make([][]bitbucket.Repository, len(q.ProjectKeys))
		err := EachAtOnce(ctx, q.ProjectKeys, func(ctx context.Context, i int, key string) (err error) {
			lists[i], err = d.Repositories(ctx, e.Workspace, InProject(key))
			return err
		})
		return slices.Concat(lists...), err
	}
	return d.repositories.all(ctx, repositoryQuery{workspace: e.Workspace})
}

// readGrants reads the explicit permissions on the projects and the repositories.
func (e *Effective) readGrants(ctx context.Context, d *Directory, q EffectiveQuery) error {
	var listings []grantsOf
	for _, scope := range e.scopes() {
		listings = append(listings, grantsOf{scope, UserPrincipal}, grantsOf{scope, GroupPrincipal})
	}
	lists := make([][]Grant, len(listings))
	gone := make([]bool, len(listings))
	err := EachAtOnce(ctx, listings, func(ctx context.Context, i int, of grantsOf) (err error) {
		lists[i], err = d.Grants(ctx, of.scope, of.kind)
		if gone[i] = errors.Is(err, ErrNotFound) && !q.names(of.scope); gone[i] {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	deleted := map[Scope]bool{}
	for i, of := range listings {
		deleted[of.scope] = deleted[of.scope] || gone[i]
	}
	e.Repositories = slices.DeleteFunc(e.Repositories, func(r bitbucket.Repository) bool { return deleted[e.repository(r)] })
	e.Projects = slices.DeleteFunc(e.Projects, func(p bitbucket.Project) bool { return deleted[e.project(p.Key)] })
	for i, of := range listings {
		if !deleted[of.scope] {
			e.Grants = append(e.Grants, lists[i]...)
		}
	}
	return nil
}

// names tells whether the query names an object, which then has to exist.
func (q EffectiveQuery) names(s Scope) bool {
	if s.Kind == ProjectScope {
		return slices.Contains(q.ProjectKeys, s.Name)
	}
	return slices.Contains(q.RepoSlugs, s.Name)
}

// scopes are the projects and then the repositories.
func (e *Effective) scopes() []Scope {
	var scopes []Scope
	for _, p := range e.Projects {
		scopes = append(scopes, e.project(p.Key))
	}
	for _, r := range e.Repositories {
		scopes = append(scopes, e.repository(r))
	}
	return scopes
}

func (e *Effective) project(key string) Scope { return Scope{ProjectScope, e.Workspace, key} }

func (e *Effective) repository(r bitbucket.Repository) Scope {
	return Scope{RepositoryScope, e.Workspace, r.Slug}
}
