package simulator

import "fmt"

// AddUser adds a person. A blank UUID, AccountID, Nickname or Email is made from the name, the same on every run.
func (s *Simulator) AddUser(u User) User {
	s.arrange(func(w *world) error {
		added, err := w.addUser(u)
		if err == nil {
			u = *added
		}
		return err
	})
	return u
}

// AddWorkspace adds an empty workspace. One that a given organization manages starts with two default groups there,
// bitbucket-users-<slug> and bitbucket-admins-<slug>.
func (s *Simulator) AddWorkspace(ws Workspace) Workspace {
	s.arrange(func(w *world) error {
		added, err := w.addWorkspace(ws, s.options.Now())
		if err != nil {
			return err
		}
		if ws.OrganizationManaged && ws.Organization != "" {
			err = w.organizations.get(ws.Organization).addDefaultGroups(added)
		}
		ws = added.Workspace
		return err
	})
	return ws
}

// in runs change on a workspace of the world.
func (s *Simulator) in(workspaceSlug string, change func(*world, *workspace) error) {
	s.arrange(func(w *world) error {
		ws, err := w.findWorkspace(workspaceSlug)
		if err != nil {
			return err
		}
		return change(w, ws)
	})
}

// inGroup runs change on a group of a workspace.
func (s *Simulator) inGroup(workspaceSlug, slug string, change func(*world, *workspace, *group) error) {
	s.in(workspaceSlug, func(w *world, ws *workspace) error {
		g, err := ws.findGroup(slug)
		if err != nil {
			return err
		}
		return change(w, ws, g)
	})
}

// AddMember makes a person a member of a workspace, RoleMember or RoleOwner; calling it again changes the role.
// Whoever is new is put into the groups with AutoAdd. Where an organization manages the workspace, the person joins its first
// directory and gets a direct role on the workspace.
func (s *Simulator) AddMember(workspaceSlug, userUUID, role string) {
	s.in(workspaceSlug, func(w *world, ws *workspace) error { return w.setRole(ws, userUUID, role, false) })
}

// RemoveMember takes a person out of a workspace, its groups and its explicit grants. A person stays in the organization.
func (s *Simulator) RemoveMember(workspaceSlug, userUUID string) {
	s.in(workspaceSlug, func(w *world, ws *workspace) error {
		if err := ws.demandMember(userUUID); err != nil {
			return err
		}
		if o := w.organizationOf(ws); o != nil {
			o.dismiss(ws, userUUID)
			return nil
		}
		ws.removeMember(userUUID)
		return nil
	})
}

// AddGroup adds a group with its members. The slug is made from the name unless it is given; on a workspace that an
// organization manages it is a UUID.
func (s *Simulator) AddGroup(workspaceSlug string, g Group) Group {
	s.in(workspaceSlug, func(w *world, ws *workspace) error {
		added, err := w.addGroup(ws, g)
		if err == nil {
			g = added.public()
		}
		return err
	})
	return g
}

// UpdateGroup changes name, permission, AutoAdd and EmailForwardingDisabled of the group with this slug and returns what
// became of it. Another name makes another slug, as in the API; members stay as they are.
func (s *Simulator) UpdateGroup(workspaceSlug, slug string, to Group) Group {
	s.inGroup(workspaceSlug, slug, func(w *world, ws *workspace, g *group) error {
		if to.Name != g.Name {
			if err := w.renameGroup(ws, g, to.Name); err != nil {
				return err
			}
		}
		g.Permission, g.AutoAdd, g.EmailForwardingDisabled = to.Permission, to.AutoAdd, to.EmailForwardingDisabled
		to = g.public()
		return nil
	})
	return to
}

// RemoveGroup deletes a group and its grants.
func (s *Simulator) RemoveGroup(workspaceSlug, slug string) {
	s.inGroup(workspaceSlug, slug, func(w *world, ws *workspace, _ *group) error {
		if o := w.organizationOf(ws); o != nil {
			o.groups.remove(slug)
			return nil
		}
		ws.removeGroup(slug)
		return nil
	})
}

// AddGroupMember puts a member of the workspace into a group.
func (s *Simulator) AddGroupMember(workspaceSlug, slug, userUUID string) {
	s.inGroup(workspaceSlug, slug, func(w *world, ws *workspace, g *group) error {
		if err := ws.demandMember(userUUID); err != nil {
			return err
		}
		if o := w.organizationOf(ws); o != nil {
			return o.addMember(o.groups.get(slug), userUUID)
		}
		g.members.set(userUUID, struct{}{})
		return nil
	})
}

// RemoveGroupMember takes a person out of a group.
func (s *Simulator) RemoveGroupMember(workspaceSlug, slug, userUUID string) {
	s.inGroup(workspaceSlug, slug, func(w *world, ws *workspace, g *group) error {
		members := &g.members
		if o := w.organizationOf(ws); o != nil {
			members = &o.groups.get(slug).members
		}
		if !members.remove(userUUID) {
			return fmt.Errorf("user %q is not in group %q of workspace %q", userUUID, slug, workspaceSlug)
		}
		return nil
	})
}

// AddProject adds a project without grants.
func (s *Simulator) AddProject(p Project) Project {
	s.in(p.Workspace, func(_ *world, ws *workspace) error {
		added, err := ws.addProject(p, s.options.Now())
		if err == nil {
			p = added.Project
		}
		return err
	})
	return p
}

// RemoveProject deletes a project, which must hold no repository.
func (s *Simulator) RemoveProject(workspaceSlug, key string) {
	s.in(workspaceSlug, func(_ *world, ws *workspace) error {
		p, err := ws.findProject(key)
		if err != nil {
			return err
		}
		return ws.removeProject(p)
	})
}

// AddRepository adds a repository. As in the API, it starts with a grant for each group that has a default permission.
func (s *Simulator) AddRepository(r Repository) Repository {
	s.in(r.Workspace, func(_ *world, ws *workspace) error {
		added, err := ws.addRepository(r, s.options.Now())
		if err == nil {
			ws.copyDefaults(added)
			r = added.Repository
		}
		return err
	})
	return r
}

// RemoveRepository deletes a repository and its grants.
func (s *Simulator) RemoveRepository(workspaceSlug, slug string) {
	s.in(workspaceSlug, func(_ *world, ws *workspace) error {
		r, err := ws.findRepository(slug)
		if err != nil {
			return err
		}
		ws.removeRepository(r)
		return nil
	})
}

// Grant sets or changes an explicit permission behind the back of the API's clients.
func (s *Simulator) Grant(g Grant) {
	s.arrange(func(w *world) error { return w.grant(g) })
}

// Revoke takes an explicit permission away; Grant.Permission is ignored.
func (s *Simulator) Revoke(g Grant) {
	s.arrange(func(w *world) error {
		held, principal, err := w.target(g)
		if err == nil && !held.remove(principal) {
			err = fmt.Errorf("no grant %+v", g)
		}
		return err
	})
}
