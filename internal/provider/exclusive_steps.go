package provider

import (
	"context"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// steps are what a plan shows: everything that is wanted, and of what nobody wants only the revocations that the plan names.
func (r *exclusiveResource) steps(ctx context.Context, plan exclusiveModel, live access.Roster) ([]access.Step, error) {
	wanted, err := r.directory.Known(ctx, live, r.kind.grants(plan))
	if err != nil {
		return nil, err
	}
	steps, _ := live.Compare(wanted)
	for _, principal := range rowPrincipals(plan.Revokes) {
		if g, ok := live.Find(principal); ok {
			steps = append(steps, access.Revoke(g))
		}
	}
	return steps, nil
}

// carry carries out what a plan shows.
func (r *exclusiveResource) carry(ctx context.Context, plan exclusiveModel, live access.Roster) ([]access.Result, error) {
	steps, err := r.steps(ctx, plan, live)
	if err != nil {
		return nil, err
	}
	return r.run(ctx, plan, steps), nil
}

// run carries steps out. Where several lose admin, the user of the credential does last.
func (r *exclusiveResource) run(ctx context.Context, m exclusiveModel, steps []access.Step) []access.Result {
	admins := 0
	for _, s := range steps {
		if s.From == access.Admin && s.Takes() {
			admins++
		}
	}
	if admins > 1 {
		r.directory.OwnLast(ctx, r.kind.scopeOf(m), steps)
	}
	return r.directory.Carry(ctx, steps)
}

// leaving are the steps that take everything away that the state holds.
func (r *exclusiveResource) leaving(ctx context.Context, state exclusiveModel, live access.Roster) ([]access.Step, error) {
	held, err := r.directory.Known(ctx, live, r.kind.grants(state))
	for i, g := range held {
		if now, ok := live.Match(g); ok {
			held[i] = now
		}
	}
	return revokes(r.directory.NotKept(ctx, r.kind.scopeOf(state), held)), err
}

// revokes are the steps that take entries away.
func revokes(grants []access.Grant) []access.Step {
	return each(grants, access.Revoke)
}
