package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Step is one change of who has access to a scope: one request.
type Step struct {
	// Grant names the scope and the principal; its permission is To, or From where To is None.
	Grant Grant
	// From is what the principal has before and To what it has after; None is no access.
	From, To Permission

	last bool // to be carried out after all others, see OwnLast
}

// Revoke is the step that takes an entry away.
func Revoke(g Grant) Step { return Step{Grant: g, From: g.Permission, To: None} }

// Takes tells whether somebody has less after the step.
func (s Step) Takes() bool { return s.To == None || s.To.Compare(s.From) < 0 }

// String says in the imperative what the step does.
func (s Step) String() string {
	switch {
	case s.Grant.Scope.Kind == GroupScope && s.To == None:
		return "remove " + s.Grant.Who()
	case s.Grant.Scope.Kind == GroupScope:
		return "add " + s.Grant.Who()
	case s.To == None:
		return fmt.Sprintf("revoke %s from %s", s.From, s.Grant.Who())
	case s.From == None:
		return fmt.Sprintf("grant %s to %s", s.To, s.Grant.Who())
	}
	return fmt.Sprintf("change %s of %s to %s", s.From, s.Grant.Who(), s.To)
}

// OwnLast has Carry take from the credential's own user last: afterwards it may not be allowed to do anything.
func (d *Directory) OwnLast(ctx context.Context, scope Scope, steps []Step) {
	slug, err := d.Slug(ctx, scope.Workspace)
	if err != nil {
		return // then nothing else succeeds either
	}
	_, mine, err := d.self(ctx, slug)
	for i, s := range steps {
		steps[i].last = err == nil && s.Takes() && mine(s.Grant)
	}
}

// Result is what became of a step.
type Result struct {
	Step

	// Done tells that Bitbucket carried the step out. Err may still be set then: it did something else, or ErrNotShown.
	Done bool
	// Err is why it was not done; nil and not Done is a step that was not tried because of another.
	Err error
}

// Carry carries steps out, several at a time: first those that give, and when all of these succeeded those that take, so that nobody is
// out in between; admin goes last, because it may be what the user of the credential does all this by. Where one principal is refused, the
// others of the same turn are still tried; any other failure ends it.
func (d *Directory) Carry(ctx context.Context, steps []Step) []Result {
	results := make([]Result, len(steps))
	for i, step := range steps {
		results[i].Step = step
	}
	for _, turn := range []func(Step) bool{
		func(s Step) bool { return !s.Takes() },
		func(s Step) bool { return s.Takes() && !s.last && s.From != Admin },
		func(s Step) bool { return s.Takes() && !s.last && s.From == Admin },
		func(s Step) bool { return s.last },
	} {
		var now []*Result
		for i := range results {
			if turn(results[i].Step) {
				now = append(now, &results[i])
			}
		}
		if !d.carryAll(ctx, now) {
			break
		}
	}
	return results
}

// carryAll carries steps out in any order and tells whether all succeeded. What has begun when another fails is brought to its end, so that
// it is known what was done.
func (d *Directory) carryAll(ctx context.Context, steps []*Result) bool {
	var (
		group errgroup.Group
		ended atomic.Bool
	)
	group.SetLimit(atOnce)
	for _, r := range steps {
		group.Go(func() error {
			if r.Err = ctx.Err(); ended.Load() || r.Err != nil {
				return r.Err
			}
			if r.Done, r.Err = d.carry(ctx, &r.Step); r.Err != nil && !aboutOne(r.Err) {
				ended.Store(true)
			}
			return nil
		})
	}
	if group.Wait() != nil {
		return false
	}
	return !slices.ContainsFunc(steps, func(r *Result) bool { return !r.Done || r.Err != nil && !errors.Is(r.Err, ErrNotShown) })
}

// carry carries a step out, which learns the ids and the name of its holder by it.
func (d *Directory) carry(ctx context.Context, s *Step) (done bool, err error) {
	scope, holder := s.Grant.Scope, s.Grant.Holder()
	if s.To == None {
		err = d.removeEntry(ctx, scope, holder)
		return err == nil || errors.Is(err, ErrNotShown), err
	}
	now, err := d.putEntry(ctx, scope, holder, s.To)
	if now.Holder().ID != "" {
		s.Grant.Principal.ID, s.Grant.AccountID = cmp.Or(now.Principal.ID, s.Grant.Principal.ID), cmp.Or(now.AccountID, s.Grant.AccountID)
		s.Grant.Name, s.Grant.Permission = cmp.Or(now.Name, s.Grant.Name), now.Permission
	}
	if err == nil && now.Permission != s.To {
		return true, fmt.Errorf("asked to grant %s on %s to %s, Bitbucket answered that %s is granted now", s.To, scope, s.Grant.Who(), now.Permission)
	}
	return err == nil || errors.Is(err, ErrNotShown), err
}

// aboutOne tells whether a failure is about one principal, and not about the credential, the scope or the connection.
func aboutOne(err error) bool {
	return errors.Is(err, ErrNotShown) || errors.Is(err, ErrStranger) || errors.Is(err, ErrNotFound) ||
		rest.Is(err, http.StatusBadRequest, http.StatusPaymentRequired, http.StatusNotFound, http.StatusConflict)
}
