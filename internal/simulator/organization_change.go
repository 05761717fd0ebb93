package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// addOrganization adds an organization without people and fills what is blank.
func (w *world) addOrganization(o Organization, now time.Time) (*organization, error) {
	if o.ID == "" {
		o.ID = uuidOf("organization", o.Name)
	}
	o.Directories = slices.Clone(o.Directories)
	if len(o.Directories) == 0 {
		o.Directories = []Directory{{}}
	}
	for i := range o.Directories {
		d := &o.Directories[i]
		if d.Name == "" {
			d.Name = o.Name
		}
		if d.ID == "" {
			d.ID = uuidOf("directory", o.ID, strconv.Itoa(i))
		}
	}
	switch {
	case o.Name == "":
		return nil, fmt.Errorf("organization %q: name is blank", o.ID)
	case w.organizations.has(o.ID):
		return nil, fmt.Errorf("organization %q: id %s is taken", o.Name, o.ID)
	}
	added := &organization{Organization: o, created: now, groupIDs: map[string]bool{}}
	w.organizations.set(o.ID, added)
	return added, nil
}

// join puts somebody into a directory, "" being the first one, and leaves whoever is there as they are.
func (o *organization) join(user, directory string) *person {
	if directory == "" {
		directory = o.Directories[0].ID
	}
	p := o.people.get(user)
	if p == nil {
		p = &person{}
		o.people.set(user, p)
	}
	if !p.directories.has(directory) {
		p.directories.set(directory, false)
	}
	return p
}

// drop takes somebody out of a directory and its groups. Out of the last directory goes whoever is in none: roles are lost too.
func (o *organization) drop(user, directory string) {
	for g := range o.groupsOf(user) {
		if g.Directory == directory {
			g.members.remove(user)
		}
	}
	p := o.people.get(user)
	p.directories.remove(directory)
	if len(p.directories.keys) == 0 {
		o.people.remove(user)
	}
}

// addGroup adds a group with its roles and members.
func (o *organization) addGroup(g OrganizationGroup) (*orgGroup, error) {
	if g.Directory == "" {
		g.Directory = o.Directories[0].ID
	}
	for n := 1; g.ID == ""; n++ {
		// Whoever deletes a group and makes it again gets another id.
		if id := uuidOf("organization group", o.ID, g.Directory, g.Name, strconv.Itoa(n)); !o.groupIDs[id] {
			g.ID = id
		}
	}
	switch {
	case g.Name == "":
		return nil, fmt.Errorf("group %q: name is blank", g.ID)
	case !isUUID(g.ID):
		return nil, fmt.Errorf("group %q: id %q is not a UUID", g.Name, g.ID)
	case o.groups.has(g.ID):
		return nil, fmt.Errorf("group %q: id %s is taken", g.Name, g.ID)
	case o.directory(g.Directory) == nil:
		return nil, fmt.Errorf("group %q: organization %q has no directory %q", g.Name, o.Name, g.Directory)
	case o.groupNamed(g.Directory, g.Name) != nil:
		return nil, fmt.Errorf("organization %q has a group %q already", o.Name, g.Name)
	}
	held, err := rolesFrom(g.Roles)
	if err != nil {
		return nil, fmt.Errorf("group %q: %w", g.Name, err)
	}
	added := &orgGroup{OrganizationGroup: g, roles: held}
	added.Roles, added.Members = nil, nil
	for i, user := range g.Members {
		if err := o.addMember(added, user); err != nil {
			return nil, fmt.Errorf("members[%d]: %w", i, err)
		}
	}
	o.groups.set(g.ID, added)
	o.groupIDs[g.ID] = true
	return added, nil
}

// errElsewhere says that somebody is not in the directory of a group.
var errElsewhere = errors.New("is not in the directory of the group")

// addMember puts somebody of the group's directory into a group.
func (o *organization) addMember(g *orgGroup, user string) error {
	if p := o.people.get(user); p == nil || !p.directories.has(g.Directory) {
		return fmt.Errorf("user %q %w", user, errElsewhere)
	}
	g.members.set(user, struct{}{})
	return nil
}

// renameGroup changes name and description of a group.
func (o *organization) renameGroup(g *orgGroup, name, description string) error {
	if other := o.groupNamed(g.Directory, name); name == "" || other != nil && other != g {
		return fmt.Errorf("organization %q cannot have another group %q", o.Name, name)
	}
	g.Name, g.Description = name, description
	return nil
}

// addDefaultGroups makes the groups that a workspace starts with; both names were seen live (Onyx, eggzec).
func (o *organization) addDefaultGroups(ws *workspace) error {
	for _, role := range []string{roleUser, roleAdmin} {
		name := map[string]string{roleUser: "bitbucket-users-", roleAdmin: "bitbucket-admins-"}[role] + ws.Slug
		_, err := o.addGroup(OrganizationGroup{Name: name, Default: true, Roles: map[string]string{WorkspaceARI(ws.UUID): role}})
		if err != nil {
			return err
		}
	}
	return nil
}

// addGroup adds a group with its members to a workspace: in its organization, where one manages it.
func (w *world) addGroup(ws *workspace, g Group) (*group, error) {
	o := w.organizationOf(ws)
	if o == nil {
		return ws.addGroup(g)
	}
	if g.UUID == "" {
		g.UUID = g.Slug
		if !isUUID(g.UUID) {
			g.UUID = uuidOf("group", ws.Slug, g.Name)
		}
	}
	if err := ws.checkGroup(g); err != nil {
		return nil, err
	}
	_, err := o.addGroup(OrganizationGroup{
		ID: g.UUID, Name: g.Name, Roles: map[string]string{WorkspaceARI(ws.UUID): roleUser}, Members: g.Members,
	})
	if err != nil {
		return nil, err
	}
	w.followOne(ws, o)
	added := ws.groups.get(g.UUID)
	added.Permission, added.AutoAdd, added.EmailForwardingDisabled = g.Permission, g.AutoAdd, g.EmailForwardingDisabled
	return added, nil
}
