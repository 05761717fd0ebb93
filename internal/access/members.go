package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// membersOf names the members of one group.
type membersOf struct{ workspace, group string }

// Member returns a member of a group. Its error wraps ErrNotFound when there is no such group or the person is not in it.
func (d *Directory) Member(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	if _, err := ParseUserID(userID); err != nil {
		return Person{}, err
	}
	g, err := d.Group(ctx, workspace, groupSlug)
	if err != nil {
		return Person{}, err
	}
	uuid, err := d.uuidAmong(ctx, workspace, userID, func() ([]Person, error) { return g.Members, nil })
	if err != nil {
		return Person{}, err
	}
	if member, ok := g.member(uuid); ok {
		return member, nil
	}
	return Person{}, NotFoundf("user %s is not a member of group %s of workspace %s", userID, groupSlug, workspace)
}

// AddMember adds a person to a group and returns the member. Someone who is a member already is no error: an answer of 409, and
// one that did not come, are decided by reading the group.
func (d *Directory) AddMember(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return Person{}, err
	}
	uuid, err := d.memberUUID(userID, func() (Person, error) { return d.Person(ctx, ws, userID) })
	if err != nil {
		return Person{}, err
	}
	answer, err := d.client.PutGroupMember(ctx, ws, groupSlug, uuid)
	member := personOf(answer, "")
	if err == nil && member.UUID != "" && member.UUID != uuid {
		err = fmt.Errorf("%w: it is about user %s", rest.ErrBadAnswer, member.UUID)
	}
	if rest.Is(err, http.StatusConflict) || unanswered(err) {
		if found, readErr := d.memberNow(ctx, ws, groupSlug, uuid); readErr == nil {
			member, err = found, nil
		}
	}
	if err != nil {
		return Person{}, failed(err, "add user %s to group %s of workspace %s", userID, groupSlug, ws)
	}
	member.UUID = uuid // the answer may leave it out
	if id, _ := ParseUserID(userID); member.AccountID == "" {
		member.AccountID = id.AccountID
	}
	d.added.add(membersOf{ws, groupSlug}, member)
	d.groups.change(ws, groupSlug, func(g Group) Group {
		if _, ok := g.member(uuid); !ok {
			g.Members = append(slices.Clip(g.Members), member)
		}
		return g
	})
	return member, nil
}

// memberNow returns a member of a group, reading the groups again when the listing at hand does not hold the member: it may have
// been read before.
func (d *Directory) memberNow(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	if member, err := d.Member(ctx, workspace, groupSlug, userID); err == nil {
		return member, nil
	}
	d.groups.reload(workspace)
	return d.Member(ctx, workspace, groupSlug, userID)
}

// RemoveMember removes a person from a group. Someone who is no member, and a group that is gone, are no errors. A membership that
// this run has made is not removed, see DeleteGrant.
func (d *Directory) RemoveMember(ctx context.Context, workspace, groupSlug, userID string) error {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return err
	}
	uuid, err := d.memberUUID(userID, func() (Person, error) { return d.Member(ctx, ws, groupSlug, userID) })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || d.added.has(membersOf{ws, groupSlug}, func(p Person) bool { return p.UUID == uuid }) {
		return err
	}
	err = removed(d.client.DeleteGroupMember(ctx, ws, groupSlug, uuid), func() (bool, error) {
		g, ok, err := d.groups.find(ctx, ws, groupSlug)
		_, in := g.member(uuid)
		return ok && in, err
	}, func() { d.groups.reload(ws) })
	if err != nil {
		return failed(err, "remove user %s from group %s of workspace %s", userID, groupSlug, ws)
	}
	d.groups.change(ws, groupSlug, func(g Group) Group {
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(p Person) bool { return p.UUID == uuid })
		return g
	})
	return nil
}

// memberUUID returns the UUID of a person, which the group endpoints take, and which find looks up for an account id.
func (d *Directory) memberUUID(userID string, find func() (Person, error)) (string, error) {
	id, err := ParseUserID(userID)
	if err != nil || id.UUID != "" {
		return id.UUID, err
	}
	person, err := find()
	return person.UUID, err
}

// Has tells whether the person with the given UUID is in the group.
func (g Group) Has(uuid string) bool {
	_, ok := g.member(uuid)
	return ok
}

// member returns the member with the given UUID.
func (g Group) member(uuid string) (Person, bool) {
	i := slices.IndexFunc(g.Members, func(p Person) bool { return p.UUID == uuid })
	if i < 0 {
		return Person{}, false
	}
	return g.Members[i], true
}
