package access

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Entries returns all explicit access to a scope: the permissions on a repository or project, or the members of a group. Its error
// wraps ErrNotFound when there is no such scope.
func (d *Directory) Entries(ctx context.Context, scope Scope) (Roster, error) {
	if scope.Kind == GroupScope {
		members, err := d.Members(ctx, scope.Workspace, scope.Name)
		entries := make([]Grant, len(members))
		for i, member := range members {
			entries[i] = membership(scope, member)
		}
		return NewRoster(entries), err
	}
	var users, groups []Grant
	reading, ctx := errgroup.WithContext(ctx)
	reading.Go(func() (err error) {
		users, err = d.Grants(ctx, scope, UserPrincipal)
		return err
	})
	reading.Go(func() (err error) {
		groups, err = d.Grants(ctx, scope, GroupPrincipal)
		return err
	})
	err := reading.Wait()
	return NewRoster(append(users, groups...)), err
}

// EntriesBefore returns the entries of a scope, with those that NoteTaken says this run has taken away.
func (d *Directory) EntriesBefore(ctx context.Context, scope Scope) (Roster, error) {
	live, err := d.Entries(ctx, scope)
	if err != nil {
		return live, err
	}
	if scope, err = d.canonical(ctx, scope); err != nil {
		return live, err
	}
	return NewRoster(append(d.taken.all(scope), live.entries...)), nil
}

// NoteTaken notes entries of a scope that this run has taken away. A replacement was planned before that, and has to be planned alike after.
func (d *Directory) NoteTaken(ctx context.Context, scope Scope, results []Result) {
	scope, err := d.canonical(ctx, scope)
	for _, r := range results {
		if err == nil && r.Done && r.To == None {
			r.Grant.Permission = r.From
			d.taken.add(scope, r.Grant)
		}
	}
}

// EntriesNow reads the entries of a scope again, for when a write may have changed what is known of them.
func (d *Directory) EntriesNow(ctx context.Context, scope Scope) (Roster, error) {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return Roster{}, err
	}
	if scope.Kind == GroupScope {
		d.groups.reload(scope.Workspace)
		if d.organization != nil {
			d.organization.joined.reloadLoaded(func(of membersOf) bool { return of.workspace == scope.Workspace })
		}
	} else {
		d.grants.reload(grantsOf{scope, UserPrincipal})
		d.grants.reload(grantsOf{scope, GroupPrincipal})
	}
	return d.Entries(ctx, scope)
}

// putEntry gives a principal a permission on a scope, or makes a person a member of a group.
func (d *Directory) putEntry(ctx context.Context, scope Scope, principal Principal, permission Permission) (Grant, error) {
	if scope.Kind != GroupScope {
		return d.PutGrant(ctx, scope, principal, permission)
	}
	member, err := d.AddMember(ctx, scope.Workspace, scope.Name, principal.ID)
	return membership(scope, member), err
}

// removeEntry takes the permission of a principal on a scope away, or a person out of a group.
func (d *Directory) removeEntry(ctx context.Context, scope Scope, principal Principal) error {
	if scope.Kind != GroupScope {
		return d.DeleteGrant(ctx, scope, principal)
	}
	return d.RemoveMember(ctx, scope.Workspace, scope.Name, principal.ID)
}

func membership(group Scope, p Person) Grant {
	return Grant{Scope: group, Principal: Principal{UserPrincipal, p.UUID}, Permission: Member, AccountID: p.AccountID, Name: p.DisplayName}
}

// Keep notes that this run keeps the entries of a scope: DeleteGrant and RemoveMember leave them alone from now on. What Terraform removes
// of them then is an earlier copy, replaced with create_before_destroy.
func (d *Directory) Keep(ctx context.Context, scope Scope, entries Roster) {
	scope, err := d.canonical(ctx, scope)
	if err != nil {
		return // nothing can be removed from it either
	}
	for _, g := range entries.entries {
		if scope.Kind == GroupScope {
			d.added.add(membersOf{scope.Workspace, scope.Name}, Person{UUID: g.Principal.ID, AccountID: g.AccountID})
		} else {
			d.granted.add(grantsOf{scope, g.Principal.Kind}, g)
		}
	}
}

// NotKept leaves out the entries of a scope that this run has made or keeps, see Keep.
func (d *Directory) NotKept(ctx context.Context, scope Scope, entries []Grant) []Grant {
	scope, err := d.canonical(ctx, scope)
	return slices.DeleteFunc(entries, func(g Grant) bool { return err == nil && d.keeps(scope, g) })
}

// keeps tells whether this run has made an entry of a scope, or noted that it keeps it.
func (d *Directory) keeps(scope Scope, g Grant) bool {
	same := g.Holder().holds()
	if scope.Kind == GroupScope {
		return d.added.has(membersOf{scope.Workspace, scope.Name}, func(p Person) bool { return same(membership(scope, p)) })
	}
	return d.granted.has(grantsOf{scope, g.Principal.Kind}, same)
}

// Known fills in the ids of wanted principals, as the roster or, where it does not tell, the people of the workspace know them. Somebody
// who is nowhere keeps the one id.
func (d *Directory) Known(ctx context.Context, r Roster, wanted []Grant) ([]Grant, error) {
	known := make([]Grant, len(wanted))
	for i, g := range wanted {
		known[i] = g
		if found, ok := r.Find(g.Principal); ok {
			known[i].Principal, known[i].AccountID, known[i].Name = found.Principal, found.AccountID, found.Name
			continue
		}
		if g.Principal.Kind != UserPrincipal {
			continue
		}
		id, err := ParseUserID(g.Principal.ID)
		if err != nil {
			return nil, err
		}
		if known[i] = g.Settled(); !r.lacks(id) {
			continue
		}
		person, err := d.anyone(ctx, g.Scope.Workspace, g.Principal.ID)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return nil, err
		default:
			known[i].Principal.ID, known[i].AccountID, known[i].Name = person.UUID, person.AccountID, person.DisplayName
		}
	}
	return known, nil
}
