package access

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// Member returns a member of a group. Its error wraps ErrNotFound when there is no such group or the person is not in it.
func (d *Directory) Member(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	id, err := ParseUserID(userID)
	if err != nil {
		return Person{}, err
	}
	g, err := d.Group(ctx, workspace, groupSlug)
	if err != nil {
		return Person{}, err
	}
	if member, ok := g.member(id); ok {
		return member, nil
	}
	return Person{}, NotFoundf("user %s is not a member of group %s of workspace %s", userID, groupSlug, workspace)
}

// AddMember adds a person to a group and returns the member. Someone who is a member already is no error: an answer of 409 is
// decided by reading the group.
func (d *Directory) AddMember(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	ws, uuid, err := d.memberAddress(ctx, workspace, userID, func(ws string) (Person, error) { return d.Person(ctx, ws, userID) })
	if err != nil {
		return Person{}, err
	}
	answer, err := d.client.PutGroupMember(ctx, ws, groupSlug, uuid)
	if rest.Is(err, http.StatusConflict) {
		if member, readErr := d.memberAfresh(ctx, ws, groupSlug, uuid); readErr == nil {
			return member, nil
		}
	}
	if err != nil {
		return Person{}, failed(err, "add user %s to group %s of workspace %s", userID, groupSlug, ws)
	}
	member := personOf(answer, "")
	if member.UUID == "" {
		member.UUID = uuid
	}
	d.groups.change(ws, groupSlug, func(g Group) Group {
		if _, ok := g.member(UserID{UUID: member.UUID}); !ok {
			g.Members = append(slices.Clip(g.Members), member)
		}
		return g
	})
	return member, nil
}

// memberAfresh returns a member of a group, reading the groups again when what is known does not hold the member.
func (d *Directory) memberAfresh(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	if member, err := d.Member(ctx, workspace, groupSlug, userID); err == nil {
		return member, nil
	}
	d.groups.reload(workspace)
	return d.Member(ctx, workspace, groupSlug, userID)
}

// RemoveMember removes a person from a group. Someone who is no member, and a group that is gone, are no errors.
func (d *Directory) RemoveMember(ctx context.Context, workspace, groupSlug, userID string) error {
	ws, uuid, err := d.memberAddress(ctx, workspace, userID, func(ws string) (Person, error) {
		return d.Member(ctx, ws, groupSlug, userID)
	})
	if err == nil {
		err = d.absence(ctx, ws, d.client.DeleteGroupMember(ctx, ws, groupSlug, uuid))
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return failed(err, "remove user %s from group %s of workspace %s", userID, groupSlug, workspace)
	}
	d.groups.change(ws, groupSlug, func(g Group) Group {
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(p Person) bool { return p.UUID == uuid })
		return g
	})
	return nil
}

// memberAddress returns what the group endpoints take: the slug of the workspace and the UUID of the person, which find looks up
// when the person is given by account id.
func (d *Directory) memberAddress(ctx context.Context, workspace, userID string, find func(ws string) (Person, error)) (slug, uuid string, err error) {
	slug, err = d.Slug(ctx, workspace)
	if err != nil {
		return "", "", err
	}
	id, err := ParseUserID(userID)
	if err != nil || id.UUID != "" {
		return slug, id.UUID, err
	}
	person, err := find(slug)
	return slug, person.UUID, err
}

// member returns the member with the given id.
func (g Group) member(id UserID) (Person, bool) {
	i := slices.IndexFunc(g.Members, func(p Person) bool { return id.is(p.UUID, p.AccountID) })
	if i < 0 {
		return Person{}, false
	}
	return g.Members[i], true
}
