package simulator

// public returns the group as the direct functions show it.
func (g *group) public() Group {
	shown := g.Group
	shown.Members = append([]string(nil), g.members.keys...)
	return shown
}

// Group returns a group as it is now, and false when there is none with this slug.
func (s *Simulator) Group(workspace, slug string) (Group, bool) {
	var found *Group
	s.inspect(func(w *world) error {
		ws, err := w.findWorkspace(workspace)
		if err == nil && ws.groups.has(slug) {
			shown := ws.groups.get(slug).public()
			found = &shown
		}
		return err
	})
	if found == nil {
		return Group{}, false
	}
	return *found, true
}

// Groups returns the groups of a workspace in the order in which they were made.
func (s *Simulator) Groups(workspace string) []Group {
	var all []Group
	s.inspect(func(w *world) error {
		ws, err := w.findWorkspace(workspace)
		if err != nil {
			return err
		}
		for _, g := range ws.groups.all() {
			all = append(all, g.public())
		}
		return nil
	})
	return all
}

// Permission returns the explicit permission of a principal on an object, None when there is none. Grant.Permission is ignored.
func (s *Simulator) Permission(g Grant) string {
	level := None
	s.inspect(func(w *world) error {
		held, principal, err := w.target(g)
		if err == nil && held.has(principal) {
			level = held.get(principal)
		}
		return err
	})
	return level
}

// Grants returns every explicit grant of a workspace: projects before repositories, users before groups, else in the order in
// which they were made.
func (s *Simulator) Grants(workspace string) []Grant {
	var all []Grant
	s.inspect(func(w *world) error {
		ws, err := w.findWorkspace(workspace)
		if err == nil {
			all = ws.explicit()
		}
		return err
	})
	return all
}

// explicit lists the explicit grants of a workspace.
func (ws *workspace) explicit() []Grant {
	var all []Grant
	list := func(g *grants, of Grant) {
		for user, level := range g.users.all() {
			of.User, of.Group, of.Permission = user, "", level
			all = append(all, of)
		}
		for slug, level := range g.groups.all() {
			of.User, of.Group, of.Permission = "", slug, level
			all = append(all, of)
		}
	}
	for _, p := range ws.projects.all() {
		list(&p.grants, Grant{Workspace: ws.Slug, Project: p.Key})
	}
	for _, r := range ws.repositories.all() {
		list(&r.grants, Grant{Workspace: ws.Slug, Repository: r.Slug})
	}
	return all
}
