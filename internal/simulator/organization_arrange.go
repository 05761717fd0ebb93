package simulator

import (
	"fmt"
	"slices"
)

// AddOrganization adds an organization without people. A blank ID is made from the name, the same on every run.
func (s *Simulator) AddOrganization(o Organization) Organization {
	s.arrange(func(w *world) error {
		added, err := w.addOrganization(o, s.options.Now())
		if err == nil {
			o = added.public()
		}
		return err
	})
	return o
}

// public returns the organization as the direct functions show it.
func (o *organization) public() Organization {
	shown := o.Organization
	shown.Directories = slices.Clone(o.Directories)
	return shown
}

// inOrganization runs change on an organization of the world.
func (s *Simulator) inOrganization(orgID string, change func(*world, *organization) error) {
	s.arrange(func(w *world) error {
		o, err := w.findOrganization(orgID)
		if err != nil {
			return err
		}
		return change(w, o)
	})
}

// onOrganizationGroup runs change on a group of an organization.
func (s *Simulator) onOrganizationGroup(orgID, groupID string, change func(*organization, *orgGroup) error) {
	s.inOrganization(orgID, func(_ *world, o *organization) error {
		g := o.groups.get(groupID)
		if g == nil {
			return fmt.Errorf("organization %q has no group %q", orgID, groupID)
		}
		return change(o, g)
	})
}

// onPerson runs change on somebody in an organization.
func (s *Simulator) onPerson(orgID, userUUID string, change func(*organization, *person) error) {
	s.inOrganization(orgID, func(_ *world, o *organization) error {
		p := o.people.get(userUUID)
		if p == nil {
			return fmt.Errorf("user %q is not in organization %q", userUUID, orgID)
		}
		return change(o, p)
	})
}

// AddOrganizationGroup adds a group with its roles and its members, who must be in its directory. With a role on a workspace that
// the organization manages it is a group of that workspace at once.
func (s *Simulator) AddOrganizationGroup(orgID string, g OrganizationGroup) OrganizationGroup {
	s.inOrganization(orgID, func(_ *world, o *organization) error {
		added, err := o.addGroup(g)
		if err == nil {
			g = added.public()
		}
		return err
	})
	return g
}

// UpdateOrganizationGroup changes name, description, ExternallySynced and Roles of a group and returns what became of it; members
// stay as they are.
func (s *Simulator) UpdateOrganizationGroup(orgID, groupID string, to OrganizationGroup) OrganizationGroup {
	s.onOrganizationGroup(orgID, groupID, func(o *organization, g *orgGroup) error {
		held, err := rolesFrom(to.Roles)
		if err == nil {
			err = o.renameGroup(g, to.Name, to.Description)
		}
		if err != nil {
			return err
		}
		g.ExternallySynced, g.roles = to.ExternallySynced, held
		to = g.public()
		return nil
	})
	return to
}

// RemoveOrganizationGroup deletes a group with its roles and, in Bitbucket, its grants.
func (s *Simulator) RemoveOrganizationGroup(orgID, groupID string) {
	s.onOrganizationGroup(orgID, groupID, func(o *organization, _ *orgGroup) error {
		o.groups.remove(groupID)
		return nil
	})
}

// OrganizationGroup returns a group as it is now, and false when there is none with this id.
func (s *Simulator) OrganizationGroup(orgID, groupID string) (OrganizationGroup, bool) {
	groups := s.OrganizationGroups(orgID)
	i := slices.IndexFunc(groups, func(g OrganizationGroup) bool { return g.ID == groupID })
	if i < 0 {
		return OrganizationGroup{}, false
	}
	return groups[i], true
}

// OrganizationGroups returns the groups of an organization in the order in which they were made.
func (s *Simulator) OrganizationGroups(orgID string) []OrganizationGroup {
	var all []OrganizationGroup
	s.inspect(func(w *world) error {
		o, err := w.findOrganization(orgID)
		if err != nil {
			return err
		}
		for _, g := range o.groups.all() {
			all = append(all, g.public())
		}
		return nil
	})
	return all
}

// AddOrganizationGroupMember puts somebody of the group's directory into a group.
func (s *Simulator) AddOrganizationGroupMember(orgID, groupID, userUUID string) {
	s.onOrganizationGroup(orgID, groupID, func(o *organization, g *orgGroup) error { return o.addMember(g, userUUID) })
}

// RemoveOrganizationGroupMember takes somebody out of a group.
func (s *Simulator) RemoveOrganizationGroupMember(orgID, groupID, userUUID string) {
	s.onOrganizationGroup(orgID, groupID, func(_ *organization, g *orgGroup) error {
		if !g.members.remove(userUUID) {
			return fmt.Errorf("user %q is not in group %q of organization %q", userUUID, groupID, orgID)
		}
		return nil
	})
}

// AddToOrganization puts a person into the first directory of an organization, without any role.
func (s *Simulator) AddToOrganization(orgID, userUUID string) {
	s.inOrganization(orgID, func(w *world, o *organization) error {
		if !w.users.has(userUUID) {
			return fmt.Errorf("no user %q", userUUID)
		}
		o.join(userUUID, "")
		return nil
	})
}

// SuspendInOrganization suspends the access of somebody in every directory: roles and groups stay and rest.
func (s *Simulator) SuspendInOrganization(orgID, userUUID string) {
	s.onPerson(orgID, userUUID, func(_ *organization, p *person) error {
		p.suspend(true)
		return nil
	})
}

// RestoreInOrganization ends what SuspendInOrganization did.
func (s *Simulator) RestoreInOrganization(orgID, userUUID string) {
	s.onPerson(orgID, userUUID, func(_ *organization, p *person) error {
		p.suspend(false)
		return nil
	})
}

// suspend suspends or restores access in every directory.
func (p *person) suspend(suspended bool) {
	for _, directory := range p.directories.keys {
		p.directories.set(directory, suspended)
	}
}

// RemoveFromOrganization takes somebody out of an organization: roles and groups are lost.
func (s *Simulator) RemoveFromOrganization(orgID, userUUID string) {
	s.onPerson(orgID, userUUID, func(o *organization, p *person) error {
		for _, directory := range slices.Clone(p.directories.keys) {
			o.drop(userUUID, directory)
		}
		return nil
	})
}

// AddOrganizationKey makes a key of an organization, to be sent as Bearer. A key without scopes may do everything; one with scopes
// only reads, by what is documented.
func (s *Simulator) AddOrganizationKey(orgID string, scopes ...string) string {
	var secret string
	s.inspect(func(w *world) error {
		o, err := w.findOrganization(orgID)
		if err == nil {
			secret = s.credentials.add(credential{kind: kindOrganizationKey, organization: o.ID, scopes: slices.Clone(scopes)}).secret
		}
		return err
	})
	return secret
}
