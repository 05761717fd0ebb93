package simulator

// The organization in the seed of Acme, its key without scopes, and the workspace that it manages.
const (
	AcmeOrganizationID   = "3e7c5f10-94b2-4c1d-8a6e-0f4b2d9c7a51"
	AcmeOrganizationKey  = "ATCTT3xAcmeOrganizationSimulatorKey"
	AcmeManagedWorkspace = "acme-cloud"
)

// How many people of Acme are in the workspace that the organization manages, and how many more are in the organization only.
const (
	acmeCloudMembers = 12
	acmeCloudOthers  = 4
)

// addAcmeCloud adds the organization of Acme and the workspace that it manages: Ada owns it, some people are in it, some are in the
// organization only, and an identity provider owns one of the groups.
func (seed *Seed) addAcmeCloud() {
	ws := SeedWorkspace{Workspace: Workspace{
		Slug: AcmeManagedWorkspace, Name: "Acme Cloud", UUID: bracedUUID("workspace", AcmeManagedWorkspace),
		OrganizationManaged: true, Organization: AcmeOrganizationID,
	}}
	resource := WorkspaceARI(ws.UUID)
	so := SeedOrganization{Organization: Organization{
		ID: AcmeOrganizationID, Name: "Acme",
		Directories: []Directory{{ID: uuidOf("directory", AcmeOrganizationID), Name: "Acme"}},
	}}
	for _, u := range seed.Users[:acmeCloudMembers+acmeCloudOthers] {
		so.People = append(so.People, SeedPerson{User: u.UUID})
	}
	group := func(name, role string, members ...User) *OrganizationGroup {
		g := OrganizationGroup{ID: uuidOf("organization group", AcmeOrganizationID, name), Name: name, Roles: map[string]string{resource: role}}
		for _, u := range members {
			g.Members = append(g.Members, u.UUID)
		}
		so.Groups = append(so.Groups, g)
		return &so.Groups[len(so.Groups)-1]
	}
	group("bitbucket-users-"+ws.Slug, roleUser, seed.Users[:acmeCloudMembers]...).Default = true
	group("bitbucket-admins-"+ws.Slug, roleAdmin, seed.Users[0]).Default = true
	sso := group("sso-engineering", roleUser, seed.Users[2:6]...)
	sso.ExternallySynced, sso.Description = true, "Engineers, as the identity provider knows them"

	ws.Projects = []Project{{Key: "MOB", Name: "Mobile", UUID: bracedUUID("project", ws.Slug, "MOB")}}
	ws.Repositories = []Repository{{
		Project: "MOB", Slug: "mobile-app", Name: "mobile-app", UUID: bracedUUID("repository", ws.Slug, "mobile-app"),
	}}
	ws.Grants = []Grant{{Project: "MOB", Group: sso.ID, Permission: Write}}
	seed.Organizations = []SeedOrganization{so}
	seed.Workspaces = append(seed.Workspaces, ws)
	seed.Credentials = append(seed.Credentials, SeedCredential{
		Kind: kindOrganizationKey, Secret: AcmeOrganizationKey, Organization: AcmeOrganizationID,
	})
}
