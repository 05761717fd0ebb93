package simulator

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Seed is a whole world, to be read from and written to JSON. People are named by uuid, Atlassian account id or e-mail address;
// Snapshot writes uuids.
type Seed struct {
	Users         []User             `json:"users"`
	Organizations []SeedOrganization `json:"organizations,omitempty"`
	Workspaces    []SeedWorkspace    `json:"workspaces"`
	Credentials   []SeedCredential   `json:"credentials,omitempty"`
}

// SeedWorkspace is a workspace with all that it owns. Projects, repositories, grants and invitations leave their Workspace blank.
// Where an organization manages the workspace, members and groups that the organization does not have yet are added to it.
type SeedWorkspace struct {
	Workspace

	Members      []SeedMember `json:"members,omitempty"`
	Groups       []Group      `json:"groups,omitempty"`
	Projects     []Project    `json:"projects,omitempty"`
	Repositories []Repository `json:"repositories,omitempty"`
	Grants       []Grant      `json:"grants,omitempty"`
	Invitations  []Invitation `json:"invitations,omitempty"`
}

// SeedMember is a person in a workspace.
type SeedMember struct {
	User string `json:"user"`
	Role string `json:"role"`
}

// SeedCredential is an API token, an access token, an OAuth consumer or the key of an organization. OAuth tokens that were handed out
// are not part of a seed.
type SeedCredential struct {
	// Kind is api-token, workspace-access-token, project-access-token, repository-access-token, oauth-consumer or
	// organization-key.
	Kind   string `json:"kind"`
	Secret string `json:"secret"`
	// User owns an API token.
	User string `json:"user,omitempty"`
	// Workspace, Project and Repository are where any other credential is at home.
	Workspace  string `json:"workspace,omitempty"`
	Project    string `json:"project,omitempty"`
	Repository string `json:"repository,omitempty"`
	// Organization is the id of the one that a key belongs to.
	Organization string `json:"organization,omitempty"`
	// Key is the public half of an OAuth consumer.
	Key              string   `json:"key,omitempty"`
	Scopes           []string `json:"scopes,omitempty"` // none means all that Bitbucket offers, or no limit for an organization-key
	ReadsPermissions bool     `json:"reads_permissions,omitempty"`
	Revoked          bool     `json:"revoked,omitempty"`
}

// Load replaces the world, credentials included, with a seed; faults, journal and options stay. An error names the entry that
// is wrong, such as workspaces[0].groups[2].members[1], and leaves everything as it was.
func (s *Simulator) Load(seed Seed) error {
	w, held, err := seed.build(s.options.Now())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	s.world, s.credentials, s.organizations.budgets = w, held, nil
	return nil
}

// build makes the world of a seed.
func (seed Seed) build(now time.Time) (*world, credentials, error) {
	w, held := newWorld(), newCredentials()
	err := each("users", seed.Users, func(u User) error {
		_, err := w.addUser(u)
		return err
	})
	if err != nil {
		return nil, held, err
	}
	err = each("organizations", seed.Organizations, func(so SeedOrganization) error { return so.build(w, now) })
	if err != nil {
		return nil, held, err
	}
	if err := each("workspaces", seed.Workspaces, func(sw SeedWorkspace) error { return sw.build(w, now) }); err != nil {
		return nil, held, err
	}
	err = each("credentials", seed.Credentials, func(c SeedCredential) error { return c.build(w, &held) })
	return w, held, err
}

// entryError is an error in one entry of a seed.
type entryError struct {
	path string
	err  error
}

func (e entryError) Error() string { return e.path + ": " + e.err.Error() }

func (e entryError) Unwrap() error { return e.err }

// each adds the entries of a list and puts the place of the first wrong one before its error.
func each[T any](name string, entries []T, add func(T) error) error {
	for i, entry := range entries {
		if err := add(entry); err != nil {
			return within(fmt.Sprintf("%s[%d]", name, i), err)
		}
	}
	return nil
}

// within puts an outer place before the place of an error.
func within(place string, err error) error {
	if inner, placed := errors.AsType[entryError](err); placed {
		return entryError{place + "." + inner.path, inner.err}
	}
	return entryError{place, err}
}

// person turns the reference of a seed into a uuid.
func (w *world) person(reference string) (string, error) {
	for _, u := range []*User{w.users.get(reference), w.accounts[reference]} {
		if u != nil {
			return u.UUID, nil
		}
	}
	if u := w.emails[strings.ToLower(reference)]; u != nil {
		return u.UUID, nil
	}
	return "", fmt.Errorf("no user %q", reference)
}

func (sw SeedWorkspace) build(w *world, now time.Time) error {
	ws, err := w.addWorkspace(sw.Workspace, now)
	if err != nil {
		return err
	}
	err = each("members", sw.Members, func(m SeedMember) error {
		user, err := w.person(m.User)
		if err != nil {
			return entryError{"user", err}
		}
		return w.buildMember(ws, user, m.Role)
	})
	if err != nil {
		return err
	}
	if err := each("groups", sw.Groups, func(g Group) error { return g.build(w, ws) }); err != nil {
		return err
	}
	w.follow(&w.organizations)
	err = each("projects", sw.Projects, func(p Project) error {
		_, err := ws.addProject(p, now)
		return err
	})
	if err != nil {
		return err
	}
	err = each("repositories", sw.Repositories, func(r Repository) error {
		_, err := ws.addRepository(r, now)
		return err
	})
	if err != nil {
		return err
	}
	if err := each("grants", sw.Grants, func(g Grant) error { return g.build(w, ws) }); err != nil {
		return err
	}
	return each("invitations", sw.Invitations, func(i Invitation) error { return i.build(ws, now) })
}

func (g Group) build(w *world, ws *workspace) error {
	references := g.Members
	g.Members = nil
	added, err := w.buildGroup(ws, g)
	if err != nil {
		return err
	}
	return each("members", references, func(reference string) error {
		user, err := w.person(reference)
		if err != nil {
			return err
		}
		if !ws.roles.has(user) {
			return fmt.Errorf("%q is not a member of workspace %q", reference, ws.Slug)
		}
		if o := w.organizationOf(ws); o != nil {
			return o.addMember(o.groups.get(added.Slug), user)
		}
		added.members.set(user, struct{}{})
		return nil
	})
}

func (g Grant) build(w *world, ws *workspace) error {
	g.Workspace = ws.Slug
	if g.User != "" {
		user, err := w.person(g.User)
		if err != nil {
			return entryError{"user", err}
		}
		g.User = user
	}
	if w.buildResting(ws, g) {
		return nil
	}
	held, principal, err := w.target(g)
	if err == nil && held.has(principal) {
		return errors.New("the same grant stands here twice")
	}
	return w.grant(g)
}
