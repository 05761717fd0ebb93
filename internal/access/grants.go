package access

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// grantsOf names one listing of grants: Bitbucket lists users and groups of a scope apart.
type grantsOf struct {
	scope Scope
	kind  PrincipalKind
}

// Grants returns the explicit grants of a scope to principals of one kind.
func (d *Directory) Grants(ctx context.Context, scope Scope, kind PrincipalKind) ([]Grant, error) {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return nil, err
	}
	grants, err := d.grants.all(ctx, grantsOf{scope, kind})
	return slices.DeleteFunc(grants, func(g Grant) bool { return g.Permission == None }), err
}

// Grant returns the explicit grant of a scope to a principal. Its error wraps ErrNotFound when there is none, or no such scope.
func (d *Directory) Grant(ctx context.Context, scope Scope, principal Principal) (Grant, error) {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return Grant{}, err
	}
	id, err := d.grantKey(ctx, scope, principal)
	if err != nil {
		return Grant{}, err
	}
	grant, ok, err := d.grants.find(ctx, grantsOf{scope, principal.Kind}, id)
	if err == nil && (!ok || grant.Permission == None) {
		err = NotFoundf("%s holds no explicit permission on %s", principal, scope)
	}
	return grant, err
}

// PutGrant grants a permission or changes it, and returns the grant as Bitbucket answered it.
func (d *Directory) PutGrant(ctx context.Context, scope Scope, principal Principal, permission Permission) (Grant, error) {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return Grant{}, err
	}
	object, kind := addressOf(scope, principal.Kind)
	row, err := d.client.PutPermission(ctx, object, kind, principalID(principal), string(permission))
	if err != nil {
		return Grant{}, failed(err, "grant %s on %s to %s", permission, scope, principal)
	}
	grant, err := grantOf(scope, row)
	if err != nil {
		return Grant{}, failed(err, "grant %s on %s to %s", permission, scope, principal)
	}
	d.grants.put(grantsOf{scope, principal.Kind}, grant)
	return grant, nil
}

// DeleteGrant revokes a permission. One that is gone already, or whose scope is, is no error.
func (d *Directory) DeleteGrant(ctx context.Context, scope Scope, principal Principal) error {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return err
	}
	object, kind := addressOf(scope, principal.Kind)
	err = d.absence(ctx, scope.Workspace, d.client.DeletePermission(ctx, object, kind, principalID(principal)))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return failed(err, "revoke the permission of %s on %s", principal, scope)
	}
	d.grants.remove(grantsOf{scope, principal.Kind}, func(g Grant) bool { return g.to(principal) })
	return nil
}

// canonical puts the slug of the workspace into a scope, so that one object has one listing however it is named.
func (d *Directory) canonical(ctx context.Context, scope Scope) (Scope, error) {
	slug, err := d.Slug(ctx, scope.Workspace)
	scope.Workspace = slug
	return scope, err
}

// grantKey returns what the listing of a scope knows a principal by: the slug of a group, the UUID of a user.
func (d *Directory) grantKey(ctx context.Context, scope Scope, principal Principal) (string, error) {
	if principal.Kind == GroupPrincipal {
		return principal.ID, nil
	}
	id, err := ParseUserID(principal.ID)
	if err != nil || id.UUID != "" {
		return id.UUID, err
	}
	rows, err := d.grants.all(ctx, grantsOf{scope, UserPrincipal})
	if err != nil {
		return "", err
	}
	complete := true
	for _, row := range rows {
		if row.AccountID == id.AccountID {
			return row.Principal.ID, nil
		}
		complete = complete && row.AccountID != ""
	}
	if complete {
		return "", nil // the listing names every account, and this one is not among them
	}
	person, err := d.Person(ctx, scope.Workspace, principal.ID)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return person.UUID, err
}

func (d *Directory) listGrants(ctx context.Context, of grantsOf) iter.Seq2[Grant, error] {
	object, kind := addressOf(of.scope, of.kind)
	return listed(d.client.ListPermissions(ctx, object, kind),
		func(row bitbucket.Permission) (Grant, error) { return grantOf(of.scope, row) },
		d.explain(ctx, of.scope.Workspace, fmt.Sprintf("list the %s permissions of %s", of.kind, of.scope)))
}

// to tells whether the grant is one to the given principal.
func (g Grant) to(p Principal) bool {
	if p.Kind == GroupPrincipal {
		return g.Principal == p
	}
	id, err := ParseUserID(p.ID)
	return err == nil && id.is(g.Principal.ID, g.AccountID)
}

// grantOf reads a row. A row that does not name its principal cannot be acted upon.
func grantOf(scope Scope, row bitbucket.Permission) (Grant, error) {
	grant := Grant{Scope: scope, Permission: Permission(row.Permission)}
	switch {
	case row.User != nil && row.User.UUID != "":
		grant.Principal = Principal{Kind: UserPrincipal, ID: row.User.UUID}
		grant.AccountID, grant.Name = row.User.AccountID, row.User.DisplayName
	case row.Group != nil && row.Group.Slug != "":
		grant.Principal = Principal{Kind: GroupPrincipal, ID: row.Group.Slug}
		grant.Name = row.Group.Name
	default:
		return grant, errors.New("the answer holds a permission that names neither a user's uuid nor a group's slug")
	}
	return grant, nil
}

// addressOf is where Bitbucket keeps the grants of a scope to principals of one kind.
func addressOf(scope Scope, kind PrincipalKind) (bitbucket.PermissionsConfig, bitbucket.PrincipalKind) {
	object := bitbucket.RepositoryPermissions(scope.Workspace, scope.Name)
	if scope.Kind == ProjectScope {
		object = bitbucket.ProjectPermissions(scope.Workspace, scope.Name)
	}
	if kind == UserPrincipal {
		return object, bitbucket.Users
	}
	return object, bitbucket.Groups
}

// principalID is a principal's id as paths take it: a UUID gets its braces.
func principalID(p Principal) string {
	if uuid, ok := ParseUUID(p.ID); ok && p.Kind == UserPrincipal {
		return uuid
	}
	return p.ID
}
