package access

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
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

// PutGrant grants a permission or changes it, and returns the grant as Bitbucket answered it. When no usable answer came, or one that tells
// of another permission, the grant is read: it decides what was made.
func (d *Directory) PutGrant(ctx context.Context, scope Scope, principal Principal, permission Permission) (Grant, error) {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return Grant{}, err
	}
	grant, err := d.put(ctx, scope, principal, permission)
	if unanswered(err) || err == nil && grant.Permission != permission {
		d.grants.reload(grantsOf{scope, principal.Kind})
		if found, readErr := d.Grant(ctx, scope, principal); readErr == nil && (err == nil || found.Permission == permission) {
			grant, err = found, nil
		}
	}
	if err != nil {
		return Grant{}, failed(err, "grant %s on %s to %s", permission, scope, principal)
	}
	d.grants.put(grantsOf{scope, principal.Kind}, grant)
	d.granted.add(grantsOf{scope, principal.Kind}, grant)
	return grant, nil
}

// put sends a grant and reads the answer.
func (d *Directory) put(ctx context.Context, scope Scope, principal Principal, permission Permission) (Grant, error) {
	object, kind := addressOf(scope, principal.Kind)
	row, err := d.client.PutPermission(ctx, object, kind, principalID(principal), string(permission))
	if err != nil {
		return Grant{}, err
	}
	grant, err := grantOf(scope, row)
	if id, _ := ParseUserID(principal.ID); principal.Kind == UserPrincipal && grant.AccountID == "" {
		grant.AccountID = id.AccountID // the answer may leave it out
	}
	if err == nil && !principal.holds()(grant) {
		err = fmt.Errorf("%w: it is about %s", rest.ErrBadAnswer, grant.Principal)
	}
	return grant, err
}

// DeleteGrant revokes a permission. One that is gone already, or whose scope is, is no error. One that this run has made is not
// revoked: what Terraform removes then is an earlier copy of the same grant, replaced with create_before_destroy or under another
// address.
func (d *Directory) DeleteGrant(ctx context.Context, scope Scope, principal Principal) error {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return err
	}
	listing := grantsOf{scope, principal.Kind}
	same := principal.holds()
	if d.granted.has(listing, same) {
		return nil
	}
	object, kind := addressOf(scope, principal.Kind)
	err = removed(d.client.DeletePermission(ctx, object, kind, principalID(principal)), func() (bool, error) {
		grants, err := d.grants.all(ctx, listing)
		return slices.ContainsFunc(grants, same), err
	}, func() { d.grants.reload(listing) })
	if err != nil {
		return failed(err, "revoke the permission of %s on %s", principal, scope)
	}
	d.grants.remove(listing, same)
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
	return d.uuidAmong(ctx, scope.Workspace, principal.ID, func() ([]Person, error) {
		grants, err := d.grants.all(ctx, grantsOf{scope, UserPrincipal})
		people := make([]Person, len(grants))
		for i, g := range grants {
			people[i] = holderOf(g)
		}
		return people, err
	})
}

func (d *Directory) listGrants(ctx context.Context, of grantsOf) iter.Seq2[Grant, error] {
	object, kind := addressOf(of.scope, of.kind)
	return listed(d.client.ListPermissions(ctx, object, kind),
		func(row bitbucket.Permission) (Grant, error) { return grantOf(of.scope, row) },
		func(err error) error {
			return failed(d.absenceOfGrants(ctx, of.scope, err), "list the %s permissions of %s", of.kind, of.scope)
		})
}

// grantOf reads a row. A row that does not name its principal cannot be acted upon, and one without a permission would pass for another one.
func grantOf(scope Scope, row bitbucket.Permission) (Grant, error) {
	grant := Grant{Scope: scope, Permission: Permission(row.Permission)}
	switch {
	case row.Permission == "":
		return grant, fmt.Errorf("%w: it holds a permission without a level", rest.ErrBadAnswer)
	case row.User != nil && row.User.UUID != "":
		grant.Principal = Principal{Kind: UserPrincipal, ID: row.User.UUID}
		grant.AccountID, grant.Name = row.User.AccountID, row.User.DisplayName
	case row.Group != nil && row.Group.Slug != "":
		grant.Principal = Principal{Kind: GroupPrincipal, ID: row.Group.Slug}
		grant.Name = row.Group.Name
	default:
		return grant, fmt.Errorf("%w: it holds a permission that names neither a user's uuid nor a group's slug", rest.ErrBadAnswer)
	}
	return grant, nil
}

// objects and principals are how Bitbucket addresses kinds of scopes and of principals.
var (
	objects = map[ScopeKind]func(workspace, name string) bitbucket.PermissionsConfig{
		RepositoryScope: bitbucket.RepositoryPermissions,
		ProjectScope:    bitbucket.ProjectPermissions,
	}
	principals = map[PrincipalKind]bitbucket.PrincipalKind{UserPrincipal: bitbucket.Users, GroupPrincipal: bitbucket.Groups}
)

// addressOf is where Bitbucket keeps the grants of a scope to principals of one kind.
func addressOf(scope Scope, kind PrincipalKind) (bitbucket.PermissionsConfig, bitbucket.PrincipalKind) {
	return objects[scope.Kind](scope.Workspace, scope.Name), principals[kind]
}

// principalID is a principal's id as paths take it: a UUID gets its braces.
func principalID(p Principal) string {
	if uuid, ok := ParseUUID(p.ID); ok && p.Kind == UserPrincipal {
		return uuid
	}
	return p.ID
}
