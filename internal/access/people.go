package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
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
	// Invited tells that an organization has invited the person, who was found by address and has not signed up yet.
	Invited bool
}

// Is tells whether two are the same person, by whichever id both have.
func (p Person) Is(other Person) bool {
	return p.UUID != "" && p.UUID == other.UUID || p.AccountID != "" && p.AccountID == other.AccountID
}

// Called is what the person is called: the name, or the best id of somebody who has none.
func (p Person) Called() string { return cmp.Or(p.DisplayName, p.Nickname, p.AccountID, p.UUID) }

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
	slug, err := d.Slug(ctx, workspace)
	if err != nil {
		return Person{}, err
	}
	person, ok, err := d.people.find(ctx, slug, id.UUID)
	if err == nil && id.UUID == "" {
		person, ok, err = d.people.first(ctx, slug, func(p Person) bool { return p.AccountID == id.AccountID })
	}
	if err == nil && !ok {
		err = NotFoundf("user %s is not a member of workspace %s", userID, workspace)
	}
	return person, err
}

// Candidate returns the person with the given UUID or account id, who may join groups of a workspace: a member of it or, where an
// organization administers it, somebody in the organization. Its error wraps ErrNotFound when the person is neither.
func (d *Directory) Candidate(ctx context.Context, workspace, userID string) (Person, error) {
	person, err := d.Person(ctx, workspace, userID)
	if !errors.Is(err, ErrNotFound) {
		return person, err
	}
	ws, slugErr := d.Slug(ctx, workspace)
	if slugErr != nil || d.organization == nil {
		return Person{}, cmp.Or(slugErr, err)
	}
	managed, kindErr := d.organizationManaged(ctx, ws)
	if kindErr != nil {
		return Person{}, kindErr
	}
	if managed == nil || *managed { // of a workspace without groups, it is not known yet
		return d.organization.candidate(ctx, ws, userID)
	}
	return Person{}, err
}

// among returns the one of several people of a workspace who has the given UUID or account id. Where the people lack ids of that
// kind, which neither API promises, the other id of the person is looked up.
func (d *Directory) among(ctx context.Context, workspace, userID string, people []Person) (Person, bool, error) {
	id, err := ParseUserID(userID)
	if err != nil {
		return Person{}, false, err
	}
	complete := true
	for _, p := range people {
		if id.is(p.UUID, p.AccountID) {
			return p, true, nil
		}
		complete = complete && (id.UUID == "" || p.UUID != "") && (id.AccountID == "" || p.AccountID != "")
	}
	if complete {
		return Person{}, false, nil
	}
	known, err := d.anyone(ctx, workspace, userID)
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return Person{}, false, err
	}
	i := slices.IndexFunc(people, known.Is)
	if i < 0 {
		return Person{}, false, nil
	}
	people[i].UUID = cmp.Or(people[i].UUID, known.UUID)
	return people[i], true, nil
}

// anyone returns the ids of a person of the workspace. With access to an organization, whose people need not be in the workspace, a
// UUID may be anyone's.
func (d *Directory) anyone(ctx context.Context, workspace, userID string) (Person, error) {
	id, err := ParseUserID(userID)
	if err != nil {
		return Person{}, err
	}
	person, err := d.Person(ctx, workspace, userID)
	if !errors.Is(err, ErrNotFound) || d.organization == nil || id.UUID == "" {
		return person, err
	}
	account, err := d.organization.uuids.get(ctx, id.UUID)
	if rest.Is(err, http.StatusNotFound) {
		return Person{}, NotFoundf("Bitbucket knows no user %s", userID)
	}
	return personOf(account, ""), failed(err, "read user %s", userID)
}

// uuidAmong returns the UUID of a user, whom list may name by account id; "" when nobody there is the user.
func (d *Directory) uuidAmong(ctx context.Context, workspace, userID string, list func() ([]Person, error)) (string, error) {
	id, err := ParseUserID(userID)
	if err != nil || id.UUID != "" {
		return id.UUID, err
	}
	people, err := list()
	if err != nil {
		return "", err
	}
	person, _, err := d.among(ctx, workspace, userID, people)
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
	if idA.UUID == "" {
		idA, idB = idB, idA
	}
	person, err := d.anyone(ctx, workspace, idA.UUID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return idB.is(person.UUID, person.AccountID), err
}

func (d *Directory) listPeople(ctx context.Context, workspace string) iter.Seq2[Person, error] {
	return listed(d.client.ListMemberships(ctx, workspace),
		func(m bitbucket.Membership) (Person, error) { return identified(m.User, m.Permission) },
		explain(ctx, workspace, "list the people of workspace "+workspace, d.absenceOfList))
}

// identified reads a row of a list of people. One without any id cannot be told from others.
func identified(a bitbucket.Account, role string) (Person, error) {
	if a.UUID == "" && a.AccountID == "" {
		return Person{}, fmt.Errorf("%w: it names somebody by neither a uuid nor an account id", rest.ErrBadAnswer)
	}
	return personOf(a, role), nil
}

func personOf(a bitbucket.Account, role string) Person {
	return Person{UUID: a.UUID, AccountID: a.AccountID, DisplayName: a.DisplayName, Nickname: a.Nickname, Role: role, Email: a.Email}
}

// holderOf is the user who holds a grant, as far as the grant tells.
func holderOf(g Grant) Person {
	return Person{UUID: g.Principal.ID, AccountID: g.AccountID, DisplayName: g.Name}
}
