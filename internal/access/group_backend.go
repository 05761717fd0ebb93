package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// groupBackend is where the groups of a workspace, which is a slug here, are administered: bitbucketGroups or organizationGroups.
// Reads come from listings that everybody shares, and a write is written through to them.
type groupBackend interface {
	groups(ctx context.Context, workspace string) ([]Group, error)
	group(ctx context.Context, workspace, groupSlug string) (Group, bool, error)
	members(ctx context.Context, workspace string, g Group) ([]Person, error)
	absent(workspace, groupSlug string) error // the error for a group that is not there

	// administers tells whether the members of a group administer the workspace by it, and administersElsewhere whether a member of it also
	// does by another group that they do not leave.
	administers(ctx context.Context, workspace, groupSlug string) (Group, bool, error)
	administersElsewhere(ctx context.Context, workspace, groupSlug string, leaves func(string) bool, member Grant) (bool, error)

	create(ctx context.Context, workspace string, settings GroupSettings) (Group, error)
	update(ctx context.Context, workspace string, before Group, settings GroupSettings) (Group, error)
	remove(ctx context.Context, workspace, groupSlug string) error
	add(ctx context.Context, workspace, groupSlug, userID string) (Person, error)
	drop(ctx context.Context, workspace, groupSlug, userID string) error

	// look returns an invitation into groups as it stands: accepted, or with the groups that are pending among those that it has, or among
	// all when it has none.
	look(ctx context.Context, workspace string, i Invitation) (Invitation, error)
	// invite invites into the groups and returns the invitation as far as it was sent.
	invite(ctx context.Context, workspace string, i Invitation) (Invitation, error)
	// withdraw withdraws an invitation that is pending, and returns the groups that are left of it when it fails in between.
	withdraw(ctx context.Context, workspace string, i Invitation) (left []string, err error)
}

// backend returns where the groups of a workspace are administered, and the slug of the workspace. Without access to an
// organization it is Bitbucket, which shows the groups of every workspace.
func (d *Directory) backend(ctx context.Context, workspace string) (groupBackend, string, error) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil || d.organization == nil {
		return bitbucketGroups{d}, ws, err
	}
	managed, err := d.organizationManaged(ctx, ws)
	if err != nil || managed == nil || !*managed {
		return bitbucketGroups{d}, ws, err
	}
	return d.organization, ws, nil
}

// withBackend carries something out where the groups of a workspace are administered. Where Bitbucket answers that it is not the place (405),
// the organization is, from then on.
func withBackend[T any](ctx context.Context, d *Directory, workspace string, do func(backend groupBackend, ws string) (T, error)) (T, error) {
	backend, ws, err := d.backend(ctx, workspace)
	if err != nil {
		var none T
		return none, err
	}
	answer, err := do(backend, ws)
	if _, here := backend.(bitbucketGroups); !here || !rest.Is(err, http.StatusMethodNotAllowed) {
		return answer, err
	}
	d.elsewhere.add(ws, struct{}{})
	if d.organization != nil {
		return do(d.organization, ws)
	}
	if refusal, ok := errors.AsType[*ActionError](err); ok {
		refusal.Err = fmt.Errorf("%w: %w", refusal.Err, noOrganization(ws))
	}
	return answer, err
}

// organizationManaged tells whether the groups of a workspace are administered at admin.atlassian.com: Bitbucket has refused to
// change them, or their slugs are UUIDs (seen live, eggzec/bb, 2026-05). nil when there are none to tell by, or the credential may
// not list them; where there is an organization to choose, a scope that is missing for that is an error. What was found out is kept for the run.
func (d *Directory) organizationManaged(ctx context.Context, workspace string) (*bool, error) {
	if d.elsewhere.has(workspace, func(struct{}) bool { return true }) {
		return new(true), nil
	}
	managed, err := d.managed.get(ctx, workspace)
	if rest.Is(err, http.StatusForbidden) && (d.organization == nil || !lacksScope(err)) {
		return nil, nil
	}
	return managed, err
}

// slugsTell looks at the slugs of the groups of a workspace and, when Bitbucket shows none, for groups of it in the organization.
func (d *Directory) slugsTell(ctx context.Context, workspace string) (*bool, error) {
	groups, err := d.groups.all(ctx, workspace)
	switch {
	case err != nil:
		return nil, err
	case len(groups) == 0 && d.organization != nil:
		return d.organization.hasGroups(ctx, workspace)
	case len(groups) == 0:
		return nil, nil
	}
	return new(!slices.ContainsFunc(groups, func(g Group) bool { return !isUUID(g.Slug) })), nil
}

// noOrganization is the error for a change that needs access to the organization.
func noOrganization(workspace string) error {
	return fmt.Errorf("workspace %q %w; set organization { id, api_key } in the provider block", workspace, ErrNoOrganization)
}

// GroupChange is a change of a group or of its members that is planned.
type GroupChange struct {
	// GroupSlug is "" for a group that does not exist yet.
	GroupSlug string
	// Settings are what the group is to become; nil when its settings are not what changes.
	Settings *GroupSettings
	// Deletes tells that the group is to be deleted.
	Deletes bool
}

// MayChangeGroup returns an error when a change will be refused, as far as that can be known before. It asks nothing of workspaces
// that Bitbucket administers but their groups, which a plan reads anyway.
func (d *Directory) MayChangeGroup(ctx context.Context, workspace string, change GroupChange) error {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return err
	}
	managed, err := d.organizationManaged(ctx, ws)
	switch {
	case err != nil || managed == nil || !*managed:
		return err
	case d.organization != nil:
		return d.organization.mayChange(ctx, ws, change)
	case change.GroupSlug != "":
		return failed(noOrganization(ws), "change group %s", change.GroupSlug)
	}
	return noOrganization(ws)
}
