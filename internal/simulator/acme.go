package simulator

import (
	"fmt"
	"strings"
)

// The credential in the seed of Acme: an API token of Ada, who owns the workspace, with every scope.
const (
	AcmeUsername = "ada@acme.example"
	AcmeAPIToken = "ATATT3xAcmeAdaSimulatorToken"
)

// acmePeople are the people of Acme in the order in which they joined; Ada is the owner.
const acmePeople = `Ada Lovelace, Grace Hopper, Linus Torvalds, Margaret Hamilton, Alan Turing, Barbara Liskov, Dennis Ritchie,
Frances Allen, Ken Thompson, Radia Perlman, Edsger Dijkstra, Katherine Johnson, Donald Knuth, Hedy Lamarr, Tony Hoare,
Joan Clarke, Niklaus Wirth, Mary Keller, John Backus, Karen Jones, Rob Pike, Adele Goldberg, Brian Kernighan, Lynn Conway,
Leslie Lamport, Shafi Goldwasser, Vint Cerf, Sophie Wilson, Tim Lee, Susan Kare, James Gosling, Jean Bartik, Bjarne Olsen,
Betty Holberton, Guido Rossum, Kathleen Booth, Yukihiro Mori, Evelyn Boyd, Anders Holm, Annie Easley`

// acmeGrace is the UUID of Grace, whom the examples name by it.
const acmeGrace = "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}"

// acmeGroups says who is in which group: every step-th person from the first one on, at most size people.
var acmeGroups = []struct {
	name, permission  string
	first, step, size int
}{
	{"Administrators", Admin, 0, 12, 3},
	{"Developers", Write, 0, 1, 25},
	{"Platform", "", 2, 4, 6},
	{"Security", "", 1, 7, 5},
	{"Web", "", 3, 3, 8},
	{"Data", "", 5, 5, 7},
	{"Mobile", "", 6, 6, 5},
	{"Contractors", "", 32, 1, 8},
}

// acmeProjects lists the projects, the group that runs each and the repositories in each.
var acmeProjects = []struct{ key, name, group, repositories string }{
	{
		"PLAT", "Platform", "platform",
		"api gateway identity billing-service ledger scheduler notifications feature-flags config-service terraform-live service-mesh runbooks",
	},
	{"WEB", "Web", "web", "storefront checkout admin-console design-system landing-pages cms-bridge search-ui account-pages web-e2e edge-workers"},
	{"DATA", "Data", "data", "warehouse ingest event-schemas dbt-models feature-store ml-pipelines reporting data-quality notebooks lineage"},
	{"MOB", "Mobile", "mobile", "ios-app android-app mobile-core push-service mobile-ci app-screenshots deep-links mobile-e2e"},
	{"SEC", "Security", "security", "vault-policies threat-models secrets-rotation audit-log scanner incident-reports access-reviews sso-bridge"},
	{"OPS", "Operations", "developers", "kubernetes monitoring dashboards alerts backup ci-images release-tools dns on-call chaos cost-reports handbook"},
}

// Acme returns a seed with one company: workspace acme with 40 people, 8 groups, 6 projects, 60 repositories and some hundred
// grants. It is the same on every run. AcmeUsername and AcmeAPIToken sign in as Ada, its owner. Beside it stands a small workspace that
// an organization manages, AcmeManagedWorkspace, and AcmeOrganizationKey administers the organization.
func Acme() Seed {
	var seed Seed
	ws := SeedWorkspace{Workspace: Workspace{Slug: "acme", Name: "Acme", UUID: bracedUUID("workspace", "acme")}}
	for i, name := range strings.Split(strings.Join(strings.Fields(acmePeople), " "), ", ") {
		seed.Users = append(seed.Users, acmeUser(name))
		role := RoleMember
		if i == 0 {
			role = RoleOwner
		}
		ws.Members = append(ws.Members, SeedMember{User: seed.Users[i].UUID, Role: role})
	}
	for _, g := range acmeGroups {
		group := Group{Name: g.name, Slug: slugOf(g.name), Permission: g.permission}
		for i := g.first; i < len(seed.Users) && len(group.Members) < g.size; i += g.step {
			group.Members = append(group.Members, seed.Users[i].UUID)
		}
		ws.Groups = append(ws.Groups, group)
	}
	for i := range acmeProjects {
		ws.addAcmeProject(i, seed.Users)
	}
	seed.Workspaces = []SeedWorkspace{ws}
	seed.Credentials = []SeedCredential{{Kind: kindAPIToken, Secret: AcmeAPIToken, User: seed.Users[0].UUID, Scopes: apiTokenScopes}}
	seed.addAcmeCloud()
	return seed
}

// acmeUser makes a person of Acme from the name; the first name is the nickname and the e-mail address.
func acmeUser(name string) User {
	nickname, _, _ := strings.Cut(strings.ToLower(name), " ")
	email := nickname + "@acme.example"
	uuid := bracedUUID("user", email)
	if nickname == "grace" {
		uuid = acmeGrace
	}
	return User{
		UUID: uuid, AccountID: "557058:" + uuidOf("account", email),
		DisplayName: name, Nickname: nickname, Email: email,
	}
}

// addAcmeProject adds a project with its repositories and their grants.
func (sw *SeedWorkspace) addAcmeProject(number int, people []User) {
	p := acmeProjects[number]
	sw.Projects = append(sw.Projects, Project{
		Key: p.key, Name: p.name, UUID: bracedUUID("project", "acme", p.key), Description: "Everything of the " + p.name + " team",
	})
	lead := people[1+number]
	sw.Grants = append(sw.Grants,
		Grant{Project: p.key, Group: "administrators", Permission: Admin},
		Grant{Project: p.key, Group: p.group, Permission: CreateRepo},
		Grant{Project: p.key, User: lead.UUID, Permission: Admin},
	)
	if p.group != "security" {
		sw.Grants = append(sw.Grants, Grant{Project: p.key, Group: "security", Permission: Read})
	}
	for i, slug := range strings.Fields(p.repositories) {
		sw.Repositories = append(sw.Repositories, Repository{
			Project: p.key, Slug: slug, Name: slug, UUID: bracedUUID("repository", "acme", slug),
			Description: fmt.Sprintf("The %s of %s", strings.ReplaceAll(slug, "-", " "), p.name),
		})
		sw.addAcmeGrants(slug, number*11+i, people)
	}
}

// addAcmeGrants grants a repository to the groups that every new repository gets and, now and then, to some people.
func (sw *SeedWorkspace) addAcmeGrants(slug string, number int, people []User) {
	sw.Grants = append(sw.Grants,
		Grant{Repository: slug, Group: "administrators", Permission: Admin},
		Grant{Repository: slug, Group: "developers", Permission: Write},
	)
	if number%4 == 0 {
		sw.Grants = append(sw.Grants, Grant{Repository: slug, Group: "contractors", Permission: Read})
	}
	levelOf := []string{Read, Write, Admin}
	for i := range number % 3 {
		user := people[1+(number*7+i*13)%(len(people)-1)]
		sw.Grants = append(sw.Grants, Grant{Repository: slug, User: user.UUID, Permission: levelOf[(number+i)%len(levelOf)]})
	}
}
