package simulator

import (
	"errors"
	"fmt"
	"time"
)

// SeedOrganization is an organization with its people and groups.
type SeedOrganization struct {
	Organization

	People []SeedPerson        `json:"people,omitempty"`
	Groups []OrganizationGroup `json:"groups,omitempty"`
}

// SeedPerson is somebody in one directory of an organization; who is in several stands there several times.
type SeedPerson struct {
	User string `json:"user"`
	// Directory is the id of a directory; blank means the first one.
	Directory string `json:"directory,omitempty"`
	// Suspended says that access is suspended in this directory.
	Suspended bool `json:"suspended,omitempty"`
	// Roles holds what the person was given directly: the ARI of a resource to a role, or several with commas between.
	Roles map[string]string `json:"roles,omitempty"`
}

func (so SeedOrganization) build(w *world, now time.Time) error {
	o, err := w.addOrganization(so.Organization, now)
	if err != nil {
		return err
	}
	if err := each("people", so.People, func(p SeedPerson) error { return p.build(w, o) }); err != nil {
		return err
	}
	return each("groups", so.Groups, func(g OrganizationGroup) error {
		references := g.Members
		g.Members = nil
		added, err := o.addGroup(g)
		if err != nil {
			return err
		}
		return each("members", references, func(reference string) error {
			user, err := w.person(reference)
			if err != nil {
				return err
			}
			return o.addMember(added, user)
		})
	})
}

func (p SeedPerson) build(w *world, o *organization) error {
	user, err := w.person(p.User)
	if err != nil {
		return entryError{"user", err}
	}
	if p.Directory != "" && o.directory(p.Directory) == nil {
		return entryError{"directory", fmt.Errorf("organization %q has no directory %q", o.Name, p.Directory)}
	}
	held, err := rolesFrom(p.Roles)
	if err != nil {
		return entryError{"roles", err}
	}
	joined := o.join(user, p.Directory)
	if p.Suspended {
		directory := p.Directory
		if directory == "" {
			directory = o.Directories[0].ID
		}
		joined.directories.set(directory, true)
	}
	for resource, roles := range held.all() {
		joined.roles.set(resource, roles)
	}
	return nil
}

// buildMember adds a member of a workspace. Where an organization manages the workspace and gives the role already, the entry only
// says where in the order the member stands; else the person gets the role directly.
func (w *world) buildMember(ws *workspace, user, role string) error {
	if o := w.organizationOf(ws); o != nil {
		if _, counting := o.rolesOn(user, WorkspaceARI(ws.UUID)); roleIn(counting) == role {
			ws.roles.set(user, role)
			return nil
		}
	}
	return w.setRole(ws, user, role, true)
}

// buildGroup adds a group of a workspace. Where an organization manages the workspace and has the group already, the entry only
// says where in the order the group stands and what Bitbucket alone knows about it.
func (w *world) buildGroup(ws *workspace, g Group) (*group, error) {
	o := w.organizationOf(ws)
	if o == nil || o.groups.get(g.Slug) == nil {
		return w.addGroup(ws, g)
	}
	if ws.groups.has(g.Slug) {
		return nil, fmt.Errorf("workspace %q has a group %q already", ws.Slug, g.Slug)
	}
	if !o.groups.get(g.Slug).roles.has(WorkspaceARI(ws.UUID)) {
		return nil, fmt.Errorf("group %q has no role on workspace %q", g.Slug, ws.Slug)
	}
	if err := ws.checkGroup(g); err != nil {
		return nil, err
	}
	g.UUID, g.Members = g.Slug, nil
	ws.groups.set(g.Slug, &group{Group: g})
	return ws.groups.get(g.Slug), nil
}

// buildResting keeps a grant of somebody whose access is suspended, and tells whether it is one.
func (w *world) buildResting(ws *workspace, g Grant) bool {
	o := w.organizationOf(ws)
	if o == nil || g.User == "" || ws.roles.has(g.User) {
		return false
	}
	held, _ := o.rolesOn(g.User, WorkspaceARI(ws.UUID))
	if roleIn(held) == "" {
		return false
	}
	ws.resting.set(g.User, append(ws.resting.get(g.User), g))
	return true
}

// homeOfKey checks that the organization of a key exists.
func (c SeedCredential) homeOfKey(w *world) error {
	if c.Organization == "" {
		return entryError{"organization", errors.New("is blank")}
	}
	if _, err := w.findOrganization(c.Organization); err != nil {
		return entryError{"organization", err}
	}
	return nil
}

// seed is the organization as an entry of a seed.
func (o *organization) seed() SeedOrganization {
	so := SeedOrganization{Organization: o.public()}
	for user, p := range o.people.all() {
		for i, directory := range p.directories.keys {
			entry := SeedPerson{User: user, Directory: directory, Suspended: p.directories.get(directory)}
			if i == 0 {
				entry.Roles = p.roles.public()
			}
			so.People = append(so.People, entry)
		}
	}
	for _, g := range o.groups.all() {
		so.Groups = append(so.Groups, g.public())
	}
	return so
}
