package access

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// ByEmail is what a search for people by e-mail address has found.
type ByEmail struct {
	// Found are the people by the address as it was given. Who is in the organization only has no UUID.
	Found map[string]Person
	// Missing are the addresses that nobody has, sorted.
	Missing []string
}

// PeopleByEmail returns the people that have the given addresses, by the address as it was given: of the workspace and, where an
// organization administers it, also of the organization. Who is only there has no UUID. Its error wraps ErrNotFound and lists the
// addresses that nobody has. Case does not matter. It is not shared: each call asks, 90 addresses a request.
func (d *Directory) PeopleByEmail(ctx context.Context, workspace string, emails []string) (map[string]Person, error) {
	s, err := d.searchByEmail(ctx, workspace, emails)
	if err != nil {
		return nil, err
	}
	if missing := lacking(s.people, emails); len(missing) > 0 {
		return nil, NotFoundf("%s has the e-mail address %s, or the credential is no administrator of the workspace", s.nobody, strings.Join(missing, ", "))
	}
	return s.found(emails), nil
}

// KnownByEmail is PeopleByEmail for addresses that may be nobody's, which it tells. Whoever takes Missing at its word removes or invites
// people, so its error wraps ErrUnseen where Bitbucket may be hiding people from the credential.
func (d *Directory) KnownByEmail(ctx context.Context, workspace string, emails []string) (ByEmail, error) {
	s, err := d.searchByEmail(ctx, workspace, emails)
	if err != nil {
		return ByEmail{}, err
	}
	missing := lacking(s.people, emails)
	if len(missing) > 0 {
		err = d.seesAddresses(ctx, s, emails)
	}
	slices.Sort(missing)
	return ByEmail{Found: s.found(emails), Missing: missing}, err
}

// emailSearch is a search for people by address in a workspace, which is a slug here.
type emailSearch struct {
	workspace string
	people    map[string]Person // by the address in lower case
	members   int               // how many of them Bitbucket has found
	nobody    string            // who has none of the addresses that are missing, in words
}

func (d *Directory) searchByEmail(ctx context.Context, workspace string, emails []string) (emailSearch, error) {
	ws, err := d.Slug(ctx, workspace)
	if err != nil {
		return emailSearch{}, err
	}
	people, err := d.membersByEmail(ctx, ws, emails)
	if err != nil {
		return emailSearch{}, err
	}
	s := emailSearch{workspace: ws, people: people, members: len(people), nobody: "no member of workspace " + ws}
	missing := lacking(people, emails)
	if len(missing) == 0 || d.organization == nil {
		return s, nil
	}
	backend, _, err := d.backend(ctx, ws)
	if err != nil || backend != d.organization {
		return s, err
	}
	s.nobody += ", and nobody in its organization,"
	return s, d.organization.addByEmail(ctx, missing, people)
}

// found are the people by the address as it was given.
func (s emailSearch) found(emails []string) map[string]Person {
	found := map[string]Person{}
	for _, email := range emails {
		if person, ok := s.people[strings.ToLower(email)]; ok {
			found[email] = person
		}
	}
	return found
}

// seesAddresses returns an error where somebody who was not found may be there all the same. Bitbucket finds people by address for workspace administrators,
// integrations and workspace access tokens only, and its documentation does not say what it answers others: nobody, perhaps. The role of
// a user tells; whoever acts for the workspace has to have found somebody.
func (d *Directory) seesAddresses(ctx context.Context, s emailSearch, emails []string) error {
	if err := notAskedFor(s.people, emails); err != nil {
		return err
	}
	if d.Credential != APIToken {
		if s.members == 0 {
			return fmt.Errorf("%w: nobody who was asked for was found in workspace %s with the %s", ErrUnseen, s.workspace, d.Credential)
		}
		return nil
	}
	role, err := d.standing(ctx, s.workspace)
	if err == nil && role != RoleOwner {
		err = fmt.Errorf("%w: the user of the credential is no administrator of workspace %s", ErrUnseen, s.workspace)
	}
	return err
}

// notAskedFor returns an error where people were found by other addresses than those that were asked for, nil where not.
func notAskedFor(byAddress map[string]Person, emails []string) error {
	asked := map[string]bool{}
	for _, email := range emails {
		asked[strings.ToLower(email)] = true
	}
	for _, address := range slices.Sorted(maps.Keys(byAddress)) {
		if !asked[address] {
			return fmt.Errorf("%w: it holds somebody with the e-mail address %q, which was not asked for, so that it cannot be told who is missing", rest.ErrBadAnswer, address)
		}
	}
	return nil
}

// lacking are the addresses that nobody has been found by.
func lacking(byAddress map[string]Person, emails []string) []string {
	return slices.DeleteFunc(slices.Clone(emails), func(email string) bool {
		_, ok := byAddress[strings.ToLower(email)]
		return ok
	})
}

// membersByEmail returns the members of a workspace with the given addresses, by the address in lower case.
func (d *Directory) membersByEmail(ctx context.Context, workspace string, emails []string) (map[string]Person, error) {
	found := map[string]Person{}
	for chunk := range slices.Chunk(emails, bitbucket.MaxEmails) {
		for member, err := range d.client.ListMembersByEmail(ctx, workspace, chunk) {
			if err != nil {
				return nil, failed(d.absenceOfList(ctx, workspace, err), "find people of workspace %s by e-mail address", workspace)
			}
			found[strings.ToLower(member.User.Email)] = personOf(member.User, member.Permission)
		}
	}
	return found, nil
}
