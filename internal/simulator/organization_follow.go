package simulator

import "slices"

// follow brings every workspace that an organization manages in line with the organizations: who is a member and which groups
// there are is decided there alone.
func (w *world) follow(organizations *table[*organization]) {
	for _, ws := range w.workspaces.all() {
		if o := organizations.get(ws.Organization); ws.OrganizationManaged && o != nil {
			w.followOne(ws, o)
		}
	}
}

// followOne brings one workspace in line with its organization.
func (w *world) followOne(ws *workspace, o *organization) {
	resource := WorkspaceARI(ws.UUID)
	for user := range o.people.all() {
		_, counting := o.rolesOn(user, resource)
		if role := roleIn(counting); role != "" && !w.users.get(user).Invited {
			w.enter(ws, user, role)
		}
	}
	for _, user := range slices.Clone(ws.roles.keys) {
		held, counting := o.rolesOn(user, resource)
		if roleIn(counting) == "" {
			ws.leave(user, roleIn(held) != "")
		}
	}
	for _, user := range slices.Clone(ws.resting.keys) {
		if held, _ := o.rolesOn(user, resource); roleIn(held) == "" {
			ws.resting.remove(user)
		}
	}
	ws.followGroups(o)
}

// followGroups makes the groups of a workspace those of the organization that have a role there.
func (ws *workspace) followGroups(o *organization) {
	resource := WorkspaceARI(ws.UUID)
	for _, id := range slices.Clone(ws.groups.keys) {
		if g := o.groups.get(id); g == nil || !g.roles.has(resource) {
			ws.removeGroup(id)
		}
	}
	for id, of := range o.groups.all() {
		if !of.roles.has(resource) {
			continue
		}
		if !ws.groups.has(id) {
			// The slug is the organization's group id, without braces (live answer, 2026-05).
			ws.groups.set(id, &group{Group: Group{Slug: id, UUID: id}})
		}
		g := ws.groups.get(id)
		g.Name, g.members = of.Name, table[struct{}]{}
		for user := range of.members.all() {
			if ws.roles.has(user) {
				g.members.set(user, struct{}{})
			}
		}
	}
}

// enter makes somebody a member with a role. Whoever was suspended gets the explicit grants back.
func (w *world) enter(ws *workspace, user, role string) {
	ws.roles.set(user, role)
	for _, g := range ws.resting.get(user) {
		_ = w.grant(g) // what the grant was on may be gone by now
	}
	ws.resting.remove(user)
}

// leave ends a membership. The explicit grants of somebody who is only suspended rest until access is restored.
func (ws *workspace) leave(user string, suspended bool) {
	if suspended {
		ws.resting.set(user, slices.DeleteFunc(ws.explicit(), func(g Grant) bool { return g.User != user }))
	}
	ws.removeMember(user)
}

// organizationOf is the organization that manages a workspace; nil where Bitbucket does.
func (w *world) organizationOf(ws *workspace) *organization {
	if !ws.OrganizationManaged {
		return nil
	}
	return w.organizations.get(ws.Organization)
}

// setDirectRole makes somebody a member of a workspace that an organization manages, by a direct role.
func (o *organization) setDirectRole(ws *workspace, user, role string) {
	o.join(user, "").roles.set(WorkspaceARI(ws.UUID), []string{roleOf[role]})
}

// dismiss takes every role on a workspace away from somebody, direct ones and those through groups.
func (o *organization) dismiss(ws *workspace, user string) {
	resource := WorkspaceARI(ws.UUID)
	o.people.get(user).roles.remove(resource)
	for g := range o.groupsOf(user) {
		if g.roles.has(resource) {
			g.members.remove(user)
		}
	}
}
