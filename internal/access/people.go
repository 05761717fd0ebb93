package access

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// Person is someone in a workspace.
type Person struct {
	// UUID is in braces.
	UUID string
	// AccountID is the Atlassian account id; "" where Bitbucket does not say.
	AccountID   string
	DisplayName string
	Nickname    string
	// Role is the person's role in the workspace: member, collaborator or owner; "" where the listing at hand does not carry it.
	Role string
	// Email is "" unless the person was found by this address.
	Email string
}

// People returns the people of a workspace.
func (d *Directory) People(ctx context.Context, workspace string) ([]Person, error) {
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return d.people.all(ctx, slug)
}

// Person returns the person of a workspace with the given UUID or account id. Its error wraps ErrNotFound when nobody in the
// workspace has it.
func (d *Directory) Person(ctx context.Context, workspace, userID string) (Person, error) {
	id, err := ParseUserID(userID)
	if err != nil {
		return Person{}, err
	}
	people, err := d.People(ctx, workspace)
	if err != nil {
		return Person{}, err
	}
	i := slices.IndexFunc(people, func(p Person) bool { return id.is(p.UUID, p.AccountID) })
	if i < 0 {
		return Person{}, NotFoundf("user %s is not a member of workspace %s", userID, workspace)
	}
	return people[i], nil
}

// uuidAmong returns the UUID of a user, whom list may name by account id; "" when nobody there is the user. Where the list leaves
// account ids out, which Bitbucket does not promise, the people of the workspace tell.
func (d *Directory) uuidAmong(ctx context.Context, workspace, userID string, list func() ([]Person, error)) (string, error) {
	id, err := ParseUserID(userID)
	if err != nil || id.UUID != "" {
		return id.UUID, err
	}
	people, err := list()
	if err != nil {
		return "", err
	}
	complete := true
	for _, p := range people {
		if id.is(p.UUID, p.AccountID) {
			return p.UUID, nil
		}
		complete = complete && p.AccountID != ""
	}
	if complete {
		return "", nil
	}
	person, err := d.Person(ctx, workspace, userID)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return person.UUID, err
}

// NoteLost notes that a grant or membership of a user was found gone.
func (d *Directory) NoteLost(workspace, userID string) {
	if id, err := ParseUserID(userID); err == nil {
		d.lost.add(workspace, id)
	}
}

// Lost tells whether a grant or membership of a user was found gone in this run.
func (d *Directory) Lost(workspace, userID string) bool {
	id, err := ParseUserID(userID)
	return err == nil && d.lost.has(workspace, func(lost UserID) bool { return lost == id })
}

// SamePerson tells whether two ids are those of one person, asking Bitbucket only when one is a UUID and the other an account id.
func (d *Directory) SamePerson(ctx context.Context, workspace, a, b string) (bool, error) {
	idA, errA := ParseUserID(a)
	idB, errB := ParseUserID(b)
	if err := errors.Join(errA, errB); err != nil {
		return false, err
	}
	if idA == idB || (idA.UUID == "") == (idB.UUID == "") {
		return idA == idB, nil
	}
	person, err := d.Person(ctx, workspace, a)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return idB.is(person.UUID, person.AccountID), err
}

// PeopleByEmail returns the people of a workspace that have the given addresses, by the address as it was given, and the
// addresses that nobody has. Case does not matter. It is not shared: each call asks, 90 addresses a request.
func (d *Directory) PeopleByEmail(ctx context.Context, workspace string, emails []string) (found map[string]Person, missing []string, err error) {
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return nil, nil, err
	}
	byAddress := map[string]Person{}
	for chunk := range slices.Chunk(emails, bitbucket.MaxEmails) {
		for member, err := range d.client.ListMembersByEmail(ctx, slug, chunk) {
			if err != nil {
				return nil, nil, failed(d.absence(ctx, slug, err), "find people of workspace %s by e-mail address", slug)
			}
			byAddress[strings.ToLower(member.User.Email)] = personOf(member.User, member.Permission)
		}
	}
	found = map[string]Person{}
	for _, email := range emails {
		if person, ok := byAddress[strings.ToLower(email)]; ok {
			found[email] = person
			continue
		}
		missing = append(missing, email)
	}
	return found, missing, nil
}

func (d *Directory) listPeople(ctx context.Context, workspace string) iter.Seq2[Person, error] {
	return listed(d.client.ListMemberships(ctx, workspace),
		func(m bitbucket.Membership) (Person, error) { return personOf(m.User, m.Permission), nil },
		d.explain(ctx, workspace, "list the people of workspace "+workspace))
}

func personOf(a bitbucket.Account, role string) Person {
	return Person{UUID: a.UUID, AccountID: a.AccountID, DisplayName: a.DisplayName, Nickname: a.Nickname, Role: role, Email: a.Email}
}
