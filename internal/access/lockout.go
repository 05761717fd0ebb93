package access

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Loss is what the plan of one resource does to the access to a scope.
type Loss struct {
	Scope Scope
	Steps []Step
	// Allowed tells that the configuration allows the resource to lock the user of the credential out.
	Allowed bool
}

// adminChange is what a plan takes that lets people administer a scope, and what it gives.
type adminChange struct {
	taken, given []Grant
	allowed      bool
}

// CheckLockout notes a loss and returns an error when, with all others of the run, it takes the last administration of a scope away from
// the credential's own user: on a repository or project the last admin permission, direct, through a group or through the project; and in
// a group, the membership that makes the user an administrator of the workspace. Workspace administrators keep access to everything else.
// There is none where all those losses are allowed. The error wraps ErrLockout, ErrMayLockOut where the credential cannot see enough to
// tell, or ErrNoAdministrator.
func (d *Directory) CheckLockout(ctx context.Context, loss Loss) error {
	if d.Credential != APIToken { // others are no persons, and cannot change permissions anyway
		return nil
	}
	scope, err := d.canonical(ctx, loss.Scope)
	if err != nil {
		return err
	}
	change := d.adminChangeOf(scope, loss)
	if len(change.taken) == 0 {
		return nil
	}
	d.losing.add(scope, change)
	if scope.Kind == GroupScope {
		if err := d.checkGroup(ctx, scope, change); err != nil && !d.allowed(scope) {
			return err
		}
		return nil
	}
	role, mine, err := d.self(ctx, scope.Workspace)
	switch {
	case err != nil && d.allowed(scope):
		return nil
	case err != nil:
		return mayLockOut(scope, err)
	case role == RoleOwner:
		return nil
	}
	if err := d.checkObject(ctx, scope, mine); err != nil || scope.Kind != ProjectScope {
		return err
	}
	return d.checkRepositories(ctx, scope, mine)
}

// checkObject looks for an admin permission that is left to somebody who does not administer the workspace. Such a user cannot see who is
// in which group: through a group that keeps admin, the user may keep it or not.
func (d *Directory) checkObject(ctx context.Context, scope Scope, mine func(Grant) bool) error {
	if !d.mayConcern(scope, mine) {
		return nil
	}
	left, scopes, err := d.stillAdmins(ctx, scope)
	groups := groupNames(left)
	switch {
	case d.allowed(scopes...), err == nil && slices.ContainsFunc(left, mine):
		return nil
	case err != nil:
		return mayLockOut(scope, err)
	case len(groups) > 0:
		return fmt.Errorf("%s: %w: admin stays with %s, and who is in it cannot be seen", scope, ErrMayLockOut, several(groups))
	}
	return fmt.Errorf("%s: %w", scope, ErrLockout)
}

// checkRepositories looks again at those repositories of a project that had the project to fall back on when they were planned.
func (d *Directory) checkRepositories(ctx context.Context, project Scope, mine func(Grant) bool) error {
	for _, scope := range d.losing.places() {
		if scope.Kind != RepositoryScope || scope.Workspace != project.Workspace || !d.mayConcern(scope, mine) {
			continue
		}
		if r, err := d.repository.get(ctx, scope); err != nil || r.Project.Key != project.Name {
			continue
		}
		if err := d.checkObject(ctx, scope, mine); err != nil {
			return err
		}
	}
	return nil
}

// mayConcern tells whether the run takes admin on a scope from the credential's own user or from a group, which the user may be in.
func (d *Directory) mayConcern(scope Scope, mine func(Grant) bool) bool {
	return slices.ContainsFunc(d.losing.all(scope), func(c adminChange) bool {
		return slices.ContainsFunc(c.taken, func(g Grant) bool { return mine(g) || g.Principal.Kind == GroupPrincipal })
	})
}

// adminChangeOf says what a loss takes and gives. What this run has made itself it does not take away.
func (d *Directory) adminChangeOf(scope Scope, loss Loss) adminChange {
	change := adminChange{allowed: loss.Allowed}
	for _, s := range loss.Steps {
		switch held := s.Grant; {
		case s.From == s.To:
		case s.From == Admin, s.From == Member:
			if held.Permission = s.From; !d.keeps(scope, held) {
				change.taken = append(change.taken, held)
			}
		case s.To == Admin, s.To == Member:
			change.given = append(change.given, held)
		}
	}
	return change
}

// mayLockOut is the error for a plan of which an error keeps from knowing whether it locks out.
func mayLockOut(scope Scope, err error) error {
	return fmt.Errorf("%s: %w: %w", scope, ErrMayLockOut, err)
}

// allowed tells whether all that the run takes from scopes is allowed to lock out.
func (d *Directory) allowed(scopes ...Scope) bool {
	return !slices.ContainsFunc(scopes, func(scope Scope) bool {
		return slices.ContainsFunc(d.losing.all(scope), func(c adminChange) bool { return !c.allowed })
	})
}

// left are the entries of a scope that the run does not take away, and those that the same plans give.
func (d *Directory) left(entries Roster, scope Scope) []Grant {
	var taken, given []Grant
	for _, c := range d.losing.all(scope) {
		taken, given = append(taken, c.taken...), append(given, c.given...)
	}
	return append(entries.without(NewRoster(taken)), given...)
}

// stillAdmins are those who have admin on a scope after the plans of the run, on a repository also through its project, and the scopes that this
// was read from.
func (d *Directory) stillAdmins(ctx context.Context, scope Scope) (left []Grant, scopes []Scope, err error) {
	scopes = []Scope{scope}
	if left, err = d.admins(ctx, scope); err != nil || scope.Kind != RepositoryScope {
		return left, scopes, err
	}
	r, err := d.repository.get(ctx, scope)
	if err != nil {
		return left, scopes, err
	}
	project := Scope{Kind: ProjectScope, Workspace: scope.Workspace, Name: r.Project.Key}
	above, err := d.admins(ctx, project)
	if seesNoPermissions(err) { // then the user does not administer the project
		above, err = nil, nil
	}
	return append(left, above...), append(scopes, project), err
}

// admins are those who have admin on a scope after the plans of the run.
func (d *Directory) admins(ctx context.Context, scope Scope) ([]Grant, error) {
	entries, err := d.Entries(ctx, scope)
	return slices.DeleteFunc(d.left(entries, scope), func(g Grant) bool { return g.Permission != Admin }), err
}

// seesNoPermissions tells whether an error says that the user of the credential is no administrator of a scope; a token that lacks the scope
// to look says nothing of the user.
func seesNoPermissions(err error) bool {
	return !lacksScope(err) && rest.Is(err, http.StatusForbidden, http.StatusNotFound)
}

// groupNames names the groups among the holders of grants.
func groupNames(grants []Grant) []string {
	var names []string
	for _, g := range grants {
		if g.Principal.Kind == GroupPrincipal {
			names = append(names, g.Who())
		}
	}
	return names
}
