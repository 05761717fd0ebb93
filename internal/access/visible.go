package access

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// How long a write waits until it shows where it is read, which nobody documents: Atlassian names 30 seconds for some roles, and
// clients have seen groups after 1 to 2 seconds.
const (
	firstLook = time.Second
	maxLook   = 15 * time.Second
	patience  = 2 * time.Minute
	// doubt is how long is looked for what a write that was not answered, or answered with a conflict, may have done.
	doubt = 15 * time.Second
	// arrival is how long is waited for somebody who was not in the workspace: who has yet to accept an invitation does not come.
	arrival = time.Minute
)

// until asks at once, and then ever more seldom, until the answer is yes. Its error is ErrNotShown when that takes too long.
func (d *Directory) until(ctx context.Context, ask func() (bool, error)) error {
	return d.within(ctx, patience, ask)
}

func (d *Directory) within(ctx context.Context, limit time.Duration, ask func() (bool, error)) error {
	end := d.clock.Now().Add(limit)
	for wait := firstLook; ; wait = min(2*wait, maxLook) {
		yes, err := ask()
		if err != nil || yes {
			return err
		}
		left := end.Sub(d.clock.Now())
		if left <= 0 {
			return ErrNotShown
		}
		if err := d.clock.Sleep(ctx, min(wait, left)); err != nil {
			return err
		}
	}
}

// shown waits until Bitbucket shows what the organization has done, so that what depends on it finds it. All who wait at the same time
// share the readings. Only that it takes too long, or that the run ends, is an error: the change itself is done.
func (o *organizationGroups) shown(ctx context.Context, workspace string, limit time.Duration, what string, as func([]Group) bool) error {
	err := o.directory.within(ctx, limit, func() (bool, error) {
		groups, err := o.directory.groups.renew(ctx, workspace)
		return err == nil && as(groups), ctx.Err()
	})
	if err != nil {
		return failed(notShown(ctx), "see %s in workspace %s of Bitbucket", what, workspace)
	}
	return nil
}

// notShown is ErrNotShown, with the end of the run where that is why.
func notShown(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ErrNotShown, ctx.Err())
	}
	return ErrNotShown
}

// inGroup tells whether a group of a listing has a member.
func inGroup(groups []Group, groupSlug, account string) bool {
	return slices.ContainsFunc(groups, func(g Group) bool {
		return g.Slug == groupSlug && slices.ContainsFunc(g.Members, func(p Person) bool { return p.AccountID == account })
	})
}
