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

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

func (o *organizationGroups) members(ctx context.Context, workspace string, g Group) ([]Person, error) {
	return o.joined.all(ctx, membersOf{workspace, g.organization.id})
}

// listMembers lists the members of a group, with the UUIDs of those whom Bitbucket shows in any group.
func (o *organizationGroups) listMembers(ctx context.Context, of membersOf) iter.Seq2[Person, error] {
	return func(yield func(Person, error) bool) {
		shown, err := o.directory.groups.all(ctx, of.workspace)
		if err != nil {
			yield(Person{}, err)
			return
		}
		uuids := uuidsOf(shown)
		for user, err := range o.client.ListMembers(ctx, of.group) {
			if err == nil && user.AccountID == "" {
				err = fmt.Errorf("%w: it holds a person without an account id", rest.ErrBadAnswer)
			}
			if err != nil {
				err = o.failed(err, "list the members of group %s of workspace %s in the organization", of.group, of.workspace)
			}
			if !yield(organizationPerson(user, uuids[user.AccountID]), err) || err != nil {
				return
			}
		}
	}
}

// organizationPerson is a person as the organization knows them; uuid is Bitbucket's, "" where it is not known.
func organizationPerson(u atlassian.User, uuid string) Person {
	return Person{UUID: uuid, AccountID: u.AccountID, DisplayName: u.Name, Nickname: u.Nickname}
}

// account returns the Atlassian account id of a person, which the organization knows people by.
func (o *organizationGroups) account(ctx context.Context, workspace, userID string) (string, error) {
	id, err := ParseUserID(userID)
	if err != nil || id.AccountID != "" {
		return id.AccountID, err
	}
	person, err := o.directory.anyone(ctx, workspace, userID)
	return person.AccountID, err
}

// candidate returns the person with the given id, who has to be in the organization to join a group of it. Who is in the workspace
// is.
func (o *organizationGroups) candidate(ctx context.Context, workspace, userID string) (Person, error) {
	account, err := o.account(ctx, workspace, userID)
	if err != nil {
		return Person{}, err
	}
	user, ok, err := o.client.FindUser(ctx, account)
	if err != nil {
		return Person{}, o.failed(err, "find user %s in the organization", userID)
	}
	if !ok {
		return Person{}, NotFoundf("user %s is neither a member of workspace %s nor in organization %s", userID, workspace, o.client.Organization())
	}
	id, err := ParseUserID(userID)
	return organizationPerson(user, id.UUID), err
}

// addByEmail adds the people of the organization with the given addresses, by the address in lower case.
func (o *organizationGroups) addByEmail(ctx context.Context, emails []string, found map[string]Person) error {
	hidden := false
	for chunk := range slices.Chunk(emails, atlassian.MaxEmails) {
		for user, err := range o.client.ListUsersByEmail(ctx, chunk) {
			if err != nil {
				return o.failed(err, "find people of the organization by e-mail address")
			}
			if hidden = hidden || user.Email == ""; user.Email != "" {
				found[strings.ToLower(user.Email)] = addressee(user)
			}
		}
	}
	if !hidden {
		return nil
	}
	for _, email := range lacking(found, emails) { // whose address the answer does not show is found by asking for one address alone
		user, ok, err := o.client.FindUserByEmail(ctx, email)
		if err != nil {
			return o.failed(err, "find %s in the organization", email)
		}
		if ok {
			found[strings.ToLower(email)] = addressee(user)
		}
	}
	return nil
}

// addressee is a person of the organization who was found by address.
func addressee(u atlassian.User) Person {
	person := organizationPerson(u, "")
	person.Invited = u.EmailVerified != nil && !*u.EmailVerified && !hasBeenIn(u)
	return person
}

func (o *organizationGroups) add(ctx context.Context, workspace, groupSlug, userID string) (Person, error) {
	g, account, err := o.target(ctx, workspace, groupSlug, userID)
	if err != nil {
		return Person{}, err
	}
	at := g.organization
	answer := o.client.AddMember(ctx, at.directory, at.id, account)
	user, err := o.settled(ctx, g, account, answer, true)
	err = o.failed(err, "add user %s to group %s of workspace %s in the organization", userID, groupSlug, workspace)
	if err != nil && !errors.Is(err, ErrNotShown) {
		return Person{}, err
	}
	user.AccountID = account // it may not show yet
	isNew := !o.inWorkspace(ctx, workspace, account)
	// Bitbucket shows nobody who cannot sign in.
	if err == nil && (user.Status == "" || user.Status == atlassian.StatusActive) {
		limit := patience
		if isNew {
			limit = arrival
		}
		err = o.shown(ctx, workspace, limit, fmt.Sprintf("user %s in group %s", userID, groupSlug), func(groups []Group) bool {
			return inGroup(groups, groupSlug, account)
		})
	}
	id, _ := ParseUserID(userID)
	member := organizationPerson(user, cmp.Or(id.UUID, o.uuidOf(ctx, workspace, account)))
	if isNew {
		o.directory.people.reload(workspace) // the group has let the person into the workspace
	}
	o.directory.added.add(membersOf{workspace, groupSlug}, member)
	o.joined.put(membersOf{workspace, at.id}, member)
	return member, err
}

// inWorkspace tells whether a person is in a workspace, as far as the credential may know.
func (o *organizationGroups) inWorkspace(ctx context.Context, workspace, account string) bool {
	people, err := o.directory.people.all(ctx, workspace)
	return err != nil || slices.ContainsFunc(people, Person{AccountID: account}.Is)
}

// uuidOf returns the UUID of a person whom Bitbucket shows in any group of a workspace; "" for others.
func (o *organizationGroups) uuidOf(ctx context.Context, workspace, account string) string {
	groups, err := o.directory.groups.all(ctx, workspace)
	if err != nil {
		return ""
	}
	return uuidsOf(groups)[account]
}

// uuidsOf are the UUIDs of the members of groups by account id.
func uuidsOf(groups []Group) map[string]string {
	uuids := map[string]string{}
	for _, g := range groups {
		for _, p := range g.Members {
			uuids[p.AccountID] = p.UUID
		}
	}
	return uuids
}

func (o *organizationGroups) drop(ctx context.Context, workspace, groupSlug, userID string) error {
	g, account, err := o.target(ctx, workspace, groupSlug, userID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	isAccount := func(p Person) bool { return p.AccountID == account }
	if err != nil || o.directory.added.has(membersOf{workspace, groupSlug}, isAccount) {
		return err
	}
	at := g.organization
	answer := o.client.RemoveMember(ctx, at.directory, at.id, account)
	if !rest.HasCode(answer, atlassian.CodeGroupNotFound) {
		_, err = o.settled(ctx, g, account, answer, false)
		err = o.failed(err, "remove user %s from group %s of workspace %s in the organization", userID, groupSlug, workspace)
	}
	if err != nil && !errors.Is(err, ErrNotShown) {
		return err
	}
	o.joined.remove(membersOf{workspace, at.id}, isAccount)
	if err != nil {
		return err
	}
	return o.shown(ctx, workspace, patience, fmt.Sprintf("that user %s is out of group %s", userID, groupSlug), func(groups []Group) bool {
		return !inGroup(groups, groupSlug, account)
	})
}

// target finds a group that may be changed and the account of a person.
func (o *organizationGroups) target(ctx context.Context, workspace, groupSlug, userID string) (g Group, account string, err error) {
	if g, err = groupIn(ctx, o, workspace, groupSlug); err != nil {
		return g, "", err
	}
	if g.organization.owner != "" {
		return g, "", ownedError(workspace, g)
	}
	account, err = o.account(ctx, workspace, userID)
	if err == nil && account == "" {
		err = fmt.Errorf("the Atlassian account id of user %s is not shown by Bitbucket; name the user by that id", userID)
	}
	return g, account, err
}

// settled waits until the organization shows that a person is in a group, or is not, as a write asked for. What a write did that
// was not answered, or answered with 409, is decided by looking for a while: 409 means somebody who is in the group already, perhaps
// since a moment ago, as well as a seat that is missing.
func (o *organizationGroups) settled(ctx context.Context, g Group, account string, answer error, in bool) (atlassian.User, error) {
	doubtful := unanswered(answer) || rest.Is(answer, http.StatusConflict, http.StatusNotFound)
	if answer != nil && !doubtful {
		return atlassian.User{}, answer
	}
	var user atlassian.User
	look := func() (done bool, err error) {
		var found bool
		user, found, err = o.client.FindMember(ctx, g.organization.id, account)
		return found == in, err
	}
	limit := doubt
	switch {
	case answer == nil: // it is done, whatever keeps it from being seen
		if o.directory.until(ctx, look) != nil {
			return user, notShown(ctx)
		}
		return user, nil
	case rest.Is(answer, http.StatusNotFound), rest.HasCode(answer, atlassian.CodeNoSeat):
		limit = 0
	}
	err := o.directory.within(ctx, limit, look)
	switch {
	case err == nil:
		return user, nil
	case rest.Is(answer, http.StatusConflict) && errors.Is(err, ErrNotShown):
		return user, marked{answer, ErrNoSeat}
	case rest.HasCode(answer, atlassian.CodeUserNotFound):
		return user, marked{answer, ErrStranger}
	}
	return user, answer
}
