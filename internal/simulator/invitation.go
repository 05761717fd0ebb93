package simulator

import (
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Invitation is a pending invitation into a workspace through API 1.0: into groups, or onto one repository.
type Invitation struct {
	// Workspace is the slug of the workspace; blank inside a Seed, where the place says it.
	Workspace string `json:"workspace,omitempty"`
	Email     string `json:"email"`
	// Repository is a slug and Permission what was offered on it; both blank for an invitation into groups.
	Repository string `json:"repository,omitempty"`
	Permission string `json:"permission,omitempty"`
	// Groups holds the slugs of the groups.
	Groups []string `json:"groups,omitempty"`
}

// invitation is a pending invitation and where it comes from.
type invitation struct {
	Invitation

	by   *User // nil: something that acts for the workspace
	sent time.Time
}

// public returns the invitation as the direct functions show it.
func (i *invitation) public() Invitation {
	shown := i.Invitation
	shown.Groups = slices.Clone(i.Groups)
	return shown
}

func cloneInvitations(all []*invitation) []*invitation {
	twins := make([]*invitation, len(all))
	for n, i := range all {
		twin := *i
		twin.Groups = slices.Clone(i.Groups)
		twins[n] = &twin
	}
	return twins
}

// isAddress tells whether text is a bare e-mail address.
func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text
}

// invited finds the pending invitation of an address onto a repository, "" for the one into groups.
func (ws *workspace) invited(email, repository string) *invitation {
	for _, i := range ws.invitations {
		if strings.EqualFold(i.Email, email) && i.Repository == repository {
			return i
		}
	}
	return nil
}

// withdraw drops the pending invitations that match and tells whether there was any.
func (ws *workspace) withdraw(matches func(*invitation) bool) bool {
	before := len(ws.invitations)
	ws.invitations = slices.DeleteFunc(slices.Clone(ws.invitations), matches)
	return len(ws.invitations) < before
}

// moveInvitations lets invitations into a group follow it to another slug; "" withdraws them.
func (ws *workspace) moveInvitations(from, to string) {
	for _, i := range ws.invitations {
		if at := slices.Index(i.Groups, from); at >= 0 && to != "" {
			i.Groups[at] = to
		} else if at >= 0 {
			i.Groups = slices.Delete(i.Groups, at, at+1)
		}
	}
	ws.withdraw(func(i *invitation) bool { return i.Repository == "" && len(i.Groups) == 0 })
}

// build adds a pending invitation of a seed.
func (i Invitation) build(ws *workspace, now time.Time) error {
	i.Workspace, i.Groups = ws.Slug, slices.Clone(i.Groups)
	if ws.OrganizationManaged {
		return errors.New("an organization invites here")
	}
	if !isAddress(i.Email) {
		return entryError{"email", fmt.Errorf("%q is not an address", i.Email)}
	}
	if ws.invited(i.Email, i.Repository) != nil {
		return entryError{"email", fmt.Errorf("%s is invited already", i.Email)}
	}
	if i.Repository != "" && (ws.repository(i.Repository) == nil || !slices.Contains(repositoryLevels, i.Permission)) {
		return entryError{"repository", fmt.Errorf("no %s on repository %q", i.Permission, i.Repository)}
	}
	for _, slug := range i.Groups {
		if _, err := ws.findGroup(slug); err != nil {
			return entryError{"groups", err}
		}
	}
	ws.invitations = append(ws.invitations, &invitation{Invitation: i, sent: now})
	return nil
}

// Invitations returns the pending invitations of a workspace through API 1.0, oldest first.
func (s *Simulator) Invitations(workspaceSlug string) []Invitation {
	var all []Invitation
	s.inspect(func(w *world) error {
		ws, err := w.findWorkspace(workspaceSlug)
		if err != nil {
			return err
		}
		for _, i := range ws.invitations {
			all = append(all, i.public())
		}
		return nil
	})
	return all
}

// CancelInvitation withdraws every pending invitation of an address into a workspace behind the back of the API's clients.
func (s *Simulator) CancelInvitation(workspaceSlug, email string) {
	s.in(workspaceSlug, func(_ *world, ws *workspace) error {
		if !ws.withdraw(func(i *invitation) bool { return strings.EqualFold(i.Email, email) }) {
			return fmt.Errorf("workspace %q has not invited %s", workspaceSlug, email)
		}
		return nil
	})
}

// AcceptInvitation lets the person behind an address sign up, if need be, and accept every pending invitation: into workspaces,
// with what each gives, and into organizations.
func (s *Simulator) AcceptInvitation(email string) {
	s.arrange(func(w *world) error {
		accepted := false
		if u := w.emails[strings.ToLower(email)]; u != nil && u.Invited {
			u.Invited, accepted = false, true
		}
		for _, ws := range w.workspaces.all() {
			for _, i := range slices.Clone(ws.invitations) {
				if !strings.EqualFold(i.Email, email) {
					continue
				}
				if err := w.accept(ws, i, email); err != nil {
					return err
				}
				accepted = true
			}
		}
		if !accepted {
			return fmt.Errorf("nobody has invited %s", email)
		}
		return nil
	})
}

// signedUp returns the user with an address, who signs up if need be.
func (w *world) signedUp(email string) (*User, error) {
	if u := w.emails[strings.ToLower(email)]; u != nil {
		return u, nil
	}
	name, _, _ := strings.Cut(email, "@")
	return w.addUser(User{DisplayName: name, Nickname: name, Email: email})
}

// accept turns a pending invitation of an address into a membership with what it gives.
func (w *world) accept(ws *workspace, i *invitation, email string) error {
	u, err := w.signedUp(email)
	if err != nil {
		return err
	}
	ws.withdraw(func(other *invitation) bool { return other == i })
	if !ws.roles.has(u.UUID) {
		if err := w.setRole(ws, u.UUID, RoleMember, false); err != nil {
			return err
		}
	}
	for _, slug := range i.Groups {
		if g := ws.groups.get(slug); g != nil {
			g.members.set(u.UUID, struct{}{})
		}
	}
	if r := ws.repository(i.Repository); r != nil {
		r.grants.users.set(u.UUID, i.Permission)
	}
	return nil
}
