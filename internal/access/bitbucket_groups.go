package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// bitbucketGroups are the groups that Bitbucket administers itself: one listing of a workspace carries them and their members.
type bitbucketGroups struct{ *Directory }

func (b bitbucketGroups) groups(ctx context.Context, workspace string) ([]Group, error) {
	return b.Directory.groups.all(ctx, workspace)
}

func (b bitbucketGroups) group(ctx context.Context, workspace, groupSlug string) (Group, bool, error) {
	return b.Directory.groups.find(ctx, workspace, groupSlug)
}

func (b bitbucketGroups) members(_ context.Context, workspace string, g Group) ([]Person, error) {
	if g.Members == nil {
		return nil, failed(fmt.Errorf("%w: it does not say who is in the group", rest.ErrBadAnswer), "list the members of group %s of workspace %s", g.Slug, workspace)
	}
	return g.Members, nil
}

func (b bitbucketGroups) absent(workspace, groupSlug string) error {
	return NotFoundf("workspace %s has no group with slug %s", workspace, groupSlug)
}

// create creates a group and gives it its settings, which takes a second request where they are not those of a new group.
func (b bitbucketGroups) create(ctx context.Context, workspace string, settings GroupSettings) (Group, error) {
	created, err := b.post(ctx, workspace, settings.Name)
	if err != nil {
		return Group{}, failed(err, "create group %q in workspace %s", settings.Name, workspace)
	}
	if created.Members == nil { // which the answer may leave out
		created.Members = []Person{}
	}
	b.Directory.groups.put(workspace, created)
	if created.has(settings) {
		return created, nil
	}
	changed, err := b.update(ctx, workspace, created, settings)
	if err != nil {
		return created, err
	}
	return changed, nil
}

// post creates a group. A POST is not sent again after a connection broke, because it may have been carried out: whether it was is
// read instead, and so is what was made where the answer tells of another group.
func (b bitbucketGroups) post(ctx context.Context, workspace, name string) (Group, error) {
	created, err := groupOf(b.client.CreateGroup(ctx, workspace, name))
	odd := err == nil && (created.Name != name || !fits(created.Slug, name))
	if !odd && !unanswered(err) {
		return created, err
	}
	b.Directory.groups.reload(workspace)
	if group, readErr := b.GroupByName(ctx, workspace, name); readErr == nil {
		return group, nil
	}
	return created, err
}

// fits tells whether a slug is as Bitbucket makes it of a name: the letters and digits are the same. One that does not fit is no error, but
// a reason to look.
func fits(slug, name string) bool {
	bare := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, text)
	}
	return bare(slug) == bare(name)
}

func (b bitbucketGroups) update(ctx context.Context, workspace string, before Group, settings GroupSettings) (Group, error) {
	after, err := b.put(ctx, workspace, before, settings)
	if err != nil {
		return Group{}, explain(ctx, workspace, fmt.Sprintf("change group %s of workspace %s", before.Slug, workspace), b.absence)(err)
	}
	after.Members = before.Members // the answer may leave them out
	if after.Slug != before.Slug {
		b.forgetGroup(workspace, before.Slug)
	}
	b.Directory.groups.change(workspace, before.Slug, func(g Group) Group {
		renewed := after
		renewed.Members = g.Members // somebody may have joined meanwhile
		return renewed
	})
	return after, nil
}

// put changes a group. A change of name that was carried out without an answer, and so was sent again, finds nothing at the old
// slug: whether there is a group as chosen is read then, and so is what there is where the answer tells of something else.
func (b bitbucketGroups) put(ctx context.Context, workspace string, before Group, settings GroupSettings) (Group, error) {
	request := bitbucket.GroupSettings{
		Name: settings.Name, AutoAdd: &settings.AutoAdd, EmailForwardingDisabled: cmp.Or(settings.EmailForwardingDisabled, before.EmailForwardingDisabled),
	}
	if settings.Permission != None {
		request.Permission = (*string)(&settings.Permission)
	}
	changed, err := groupOf(b.client.UpdateGroup(ctx, workspace, before.Slug, request))
	odd := err == nil && !changed.follows(before, settings)
	if !odd && !unanswered(err) && !rest.Is(err, http.StatusNotFound) {
		return changed, err
	}
	b.Directory.groups.reload(workspace)
	there, stays, _ := b.group(ctx, workspace, before.Slug)
	group, readErr := b.GroupByName(ctx, workspace, settings.Name)
	switch renamed := readErr == nil && (group.Slug == before.Slug || !stays); {
	case renamed && group.agrees(settings), renamed && odd:
		return group, nil
	case stays && odd:
		return there, nil
	}
	return changed, err
}

// follows tells whether an answer is what a change of settings makes of a group: its slug is another one only where its name is.
func (g Group) follows(before Group, s GroupSettings) bool {
	renamed := s.Name != before.Name && fits(g.Slug, s.Name)
	return g.agrees(s) && (renamed || g.Slug == before.Slug)
}

func (b bitbucketGroups) remove(ctx context.Context, workspace, groupSlug string) error {
	err := removed(b.client.DeleteGroup(ctx, workspace, groupSlug), func() (bool, error) {
		_, ok, err := b.group(ctx, workspace, groupSlug)
		return ok, err
	}, func() { b.Directory.groups.reload(workspace) })
	if err != nil {
		return failed(err, "delete group %s of workspace %s", groupSlug, workspace)
	}
	b.Directory.groups.remove(workspace, func(g Group) bool { return g.Slug == groupSlug })
	return nil
}

// add adds a person to a group. An answer of 409, and one that did not come, are decided by reading the group.
func (b bitbucketGroups) add(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	uuid, err := uuidOr(userID, func() (Person, error) { return b.Person(ctx, workspace, userID) })
	if err != nil {
		return Person{}, err
	}
	answer, err := b.client.PutGroupMember(ctx, workspace, groupSlug, uuid)
	member := personOf(answer, "")
	if err == nil && member.UUID != "" && member.UUID != uuid {
		err = fmt.Errorf("%w: it is about user %s", rest.ErrBadAnswer, member.UUID)
	}
	if rest.Is(err, http.StatusConflict) || unanswered(err) {
		if found, readErr := b.memberNow(ctx, workspace, groupSlug, uuid); readErr == nil {
			member, err = found, nil
		}
	}
	if err != nil {
		return Person{}, failed(err, "add user %s to group %s of workspace %s", userID, groupSlug, workspace)
	}
	member.UUID = uuid // the answer may leave it out
	if id, _ := ParseUserID(userID); member.AccountID == "" {
		member.AccountID = id.AccountID
	}
	b.added.add(membersOf{workspace, groupSlug}, member)
	b.Directory.groups.change(workspace, groupSlug, func(g Group) Group {
		if g.Members != nil && !slices.ContainsFunc(g.Members, isUser(uuid)) {
			g.Members = append(slices.Clip(g.Members), member)
		}
		return g
	})
	return member, nil
}

// memberNow returns a member of a group, reading the groups again when the listing at hand does not hold the member: it may have
// been read before.
func (b bitbucketGroups) memberNow(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	if member, err := b.Member(ctx, workspace, groupSlug, userID); err == nil {
		return member, nil
	}
	b.Directory.groups.reload(workspace)
	return b.Member(ctx, workspace, groupSlug, userID)
}

func (b bitbucketGroups) drop(ctx context.Context, workspace, groupSlug, userID string) error {
	uuid, err := uuidOr(userID, func() (Person, error) { return b.Member(ctx, workspace, groupSlug, userID) })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || b.added.has(membersOf{workspace, groupSlug}, isUser(uuid)) {
		return err
	}
	err = removed(b.client.DeleteGroupMember(ctx, workspace, groupSlug, uuid), func() (bool, error) {
		members, err := b.Members(ctx, workspace, groupSlug)
		return slices.ContainsFunc(members, isUser(uuid)), err
	}, func() { b.Directory.groups.reload(workspace) })
	if err != nil {
		return failed(err, "remove user %s from group %s of workspace %s", userID, groupSlug, workspace)
	}
	b.Directory.groups.change(workspace, groupSlug, func(g Group) Group {
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), isUser(uuid))
		return g
	})
	return nil
}

// uuidOr returns the UUID of a person, which the group endpoints take, and which find looks up for an account id.
func uuidOr(userID string, find func() (Person, error)) (string, error) {
	id, err := ParseUserID(userID)
	if err != nil || id.UUID != "" {
		return id.UUID, err
	}
	person, err := find()
	return person.UUID, err
}

// isUser returns a function that tells whether a person has the given UUID.
func isUser(uuid string) func(Person) bool {
	return func(p Person) bool { return p.UUID == uuid }
}

func (d *Directory) listGroups(ctx context.Context, workspace string) iter.Seq2[Group, error] {
	return listed(whole(func() ([]bitbucket.Group, error) { return d.client.ListGroups(ctx, workspace) }),
		func(g bitbucket.Group) (Group, error) { return groupOf(g, nil) },
		explain(ctx, workspace, "list the groups of workspace "+workspace, d.absenceOfList))
}

// groupOf reads a group, if it came. One that does not name itself cannot be acted upon.
func groupOf(g bitbucket.Group, err error) (Group, error) {
	if err == nil && g.Slug == "" {
		err = fmt.Errorf("%w: it holds a group without a slug", rest.ErrBadAnswer)
	}
	if err != nil {
		return Group{}, err
	}
	group := Group{Slug: g.Slug, Name: g.Name, Permission: None, AutoAdd: g.AutoAdd, EmailForwardingDisabled: g.EmailForwardingDisabled}
	if g.Permission != nil {
		group.Permission = Permission(*g.Permission)
	}
	if g.Members != nil {
		group.Members = make([]Person, 0, len(g.Members))
	}
	for _, member := range g.Members {
		person, err := identified(member, "")
		if err != nil {
			return Group{}, fmt.Errorf("members of group %s: %w", g.Slug, err)
		}
		group.Members = append(group.Members, person)
	}
	return group, nil
}
