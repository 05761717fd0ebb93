package simulator

// Snapshot returns the world as a seed: loading it again makes the same world.
func (s *Simulator) Snapshot() Seed {
	s.mu.Lock()
	defer s.mu.Unlock()
	var seed Seed
	w := s.truth()
	for _, u := range w.users.all() {
		seed.Users = append(seed.Users, *u)
	}
	for _, o := range w.organizations.all() {
		seed.Organizations = append(seed.Organizations, o.seed())
	}
	for _, ws := range w.workspaces.all() {
		seed.Workspaces = append(seed.Workspaces, ws.seed())
	}
	for _, c := range s.credentials.secrets.all() {
		if c.kind != kindOAuth {
			seed.Credentials = append(seed.Credentials, c.seed())
		}
	}
	return seed
}

func (ws *workspace) seed() SeedWorkspace {
	sw := SeedWorkspace{Workspace: ws.Workspace, Grants: ws.explicit()}
	for user, role := range ws.roles.all() {
		sw.Members = append(sw.Members, SeedMember{User: user, Role: role})
	}
	for _, g := range ws.groups.all() {
		sw.Groups = append(sw.Groups, g.public())
	}
	for _, p := range ws.projects.all() {
		shown := p.Project
		shown.Workspace = ""
		sw.Projects = append(sw.Projects, shown)
	}
	for _, r := range ws.repositories.all() {
		shown := r.Repository
		shown.Workspace = ""
		sw.Repositories = append(sw.Repositories, shown)
	}
	for _, resting := range ws.resting.all() {
		sw.Grants = append(sw.Grants, resting...)
	}
	for i := range sw.Grants {
		sw.Grants[i].Workspace = ""
	}
	for _, i := range ws.invitations {
		shown := i.public()
		shown.Workspace = ""
		sw.Invitations = append(sw.Invitations, shown)
	}
	return sw
}
