package access

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Area is where access is looked for: on one object of a kind, on the repositories of one project, or on all objects of a workspace.
type Area struct {
	Kind ScopeKind
	// Workspace is a slug or a UUID in braces.
	Workspace string
	// Project is the key of the project whose repositories are meant; "" for those of any.
	Project string
	// Name is the slug or key of the one object that is meant; "" for all.
	Name string
}

// EachIn yields what read returns for the objects of an area, object by object, in Bitbucket's order, and reads some objects ahead. One that
// was deleted since the objects were listed is left out. The first error ends it.
func EachIn[T any](ctx context.Context, d *Directory, area Area, read func(context.Context, Scope) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		scopes, err := d.scopes(ctx, area)
		if err != nil {
			yield(none, err)
			return
		}
		for items, err := range readAhead(ctx, scopes, read) {
			if errors.Is(err, ErrNotFound) && area.Name == "" {
				continue
			}
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// EntriesTo returns the explicit access to a scope that principals of one kind have: permissions, or memberships of a group. Its error
// wraps ErrNotFound when there is no such scope.
func (d *Directory) EntriesTo(ctx context.Context, scope Scope, kind PrincipalKind) ([]Grant, error) {
	if scope.Kind != GroupScope {
		return d.Grants(ctx, scope, kind)
	}
	members, err := d.Entries(ctx, scope)
	if err == nil && slices.ContainsFunc(members.entries, func(g Grant) bool { return g.Holder().ID == "" }) {
		err = fmt.Errorf("%w: it names a member of %s by neither a uuid nor an account id", rest.ErrBadAnswer, scope)
	}
	return members.entries, err
}

// Called names a scope as a person would: by the slug of its workspace and, where it is a group, by the group's name.
func (d *Directory) Called(ctx context.Context, scope Scope) string {
	if scope.Kind == GroupScope {
		if g, err := d.Group(ctx, scope.Workspace, scope.Name); err == nil {
			scope.Name = g.Name
		}
	}
	if slug, err := d.Slug(ctx, scope.Workspace); err == nil {
		scope.Workspace = slug
	}
	return scope.String()
}

// scopes are the objects of an area. Whether one that the area names exists is not looked at.
func (d *Directory) scopes(ctx context.Context, area Area) ([]Scope, error) {
	switch {
	case area.Name != "":
		return []Scope{{area.Kind, area.Workspace, area.Name}}, nil
	case area.Kind == RepositoryScope:
		repositories, err := d.repositoriesIn(ctx, area)
		return scopesIn(area, repositories, func(r bitbucket.Repository) string { return r.Slug }), err
	case area.Kind == ProjectScope:
		projects, err := d.Projects(ctx, area.Workspace)
		return scopesIn(area, projects, func(p bitbucket.Project) string { return p.Key }), err
	case area.Kind == GroupScope:
		groups, err := d.Groups(ctx, area.Workspace)
		return scopesIn(area, groups, func(g Group) string { return g.Slug }), err
	}
	return nil, fmt.Errorf("the %s scopes of a workspace cannot be listed", area.Kind)
}

// scopesIn makes scopes of the objects that were listed in an area.
func scopesIn[T any](area Area, objects []T, name func(T) string) []Scope {
	scopes := make([]Scope, len(objects))
	for i, object := range objects {
		scopes[i] = Scope{area.Kind, area.Workspace, name(object)}
	}
	return scopes
}

// repositoriesIn returns the repositories of an area. Bitbucket lists none for a project that does not exist, which is an error here.
func (d *Directory) repositoriesIn(ctx context.Context, area Area) ([]bitbucket.Repository, error) {
	if area.Project == "" {
		return d.Repositories(ctx, area.Workspace, "")
	}
	repositories, err := d.Repositories(ctx, area.Workspace, InProject(area.Project))
	if err == nil && len(repositories) == 0 {
		_, err = d.Project(ctx, area.Workspace, area.Project)
	}
	return repositories, err
}

// InProject is the filter, in Bitbucket's query language, for the repositories of a project.
func InProject(key string) string { return fmt.Sprintf("project.key=%q", key) }
