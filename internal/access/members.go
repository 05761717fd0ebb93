package access

import (
	"context"
)

// membersOf names the members of one group.
type membersOf struct{ workspace, group string }

// Members returns the members of a group. Its error wraps ErrNotFound when there is no such group. On workspaces administered at
// admin.atlassian.com suspended people are among them, who keep their groups, and the UUID of those whom Bitbucket does not show is
// "".
func (d *Directory) Members(ctx context.Context, workspace, groupSlug string) ([]Person, error) {
	backend, ws, err := d.backend(ctx, workspace)
	if err != nil {
		return nil, err
	}
	g, err := groupIn(ctx, backend, ws, groupSlug)
	if err != nil {
		return nil, err
	}
	return backend.members(ctx, ws, g)
}

// Member returns a member of a group. Its error wraps ErrNotFound when there is no such group or the person is not in it.
func (d *Directory) Member(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	if _, err := ParseUserID(userID); err != nil {
		return Person{}, err
	}
	members, err := d.Members(ctx, workspace, groupSlug)
	if err != nil {
		return Person{}, err
	}
	member, ok, err := d.among(ctx, workspace, userID, members)
	if err == nil && !ok {
		err = NotFoundf("user %s is not a member of group %s of workspace %s", userID, groupSlug, workspace)
	}
	return member, err
}

// AddMember adds a person to a group and returns the member. Someone who is a member already is no error.
func (d *Directory) AddMember(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	return withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (Person, error) {
		return backend.add(ctx, ws, groupSlug, userID)
	})
}

// RemoveMember removes a person from a group. Someone who is no member, and a group that is gone, are no errors. A membership that
// this run has made is not removed, see DeleteGrant.
func (d *Directory) RemoveMember(ctx context.Context, workspace, groupSlug, userID string) error {
	_, err := withBackend(ctx, d, workspace, func(backend groupBackend, ws string) (struct{}, error) {
		return struct{}{}, backend.drop(ctx, ws, groupSlug, userID)
	})
	return err
}
