package simulator

import "strings"

// Organization is what admin.atlassian.com administers: people, groups and the workspaces that are linked to it.
type Organization struct {
	// ID is a UUID without braces; blank is made from the name.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	// Directories hold the people and groups; none means that one is made.
	Directories []Directory `json:"directories,omitempty"`
	// Free says that nothing in the organization is paid for: nobody can be invited through the API.
	Free bool `json:"free,omitempty"`
}

// Directory is a part of an organization; most organizations have exactly one.
type Directory struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// OrganizationGroup is a group of an organization. With a role on a workspace that the organization manages it is also a group
// of that workspace, whose slug is the id.
type OrganizationGroup struct {
	// ID is a UUID without braces; blank is made from the name.
	ID          string `json:"id,omitempty"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Directory is the id of a directory; blank means the first one.
	Directory string `json:"directory,omitempty"`
	// ExternallySynced says that an identity provider owns the group: the API refuses to change it.
	ExternallySynced bool `json:"externally_synced,omitempty"`
	// Default says that invited people land in the group: the API refuses to delete it.
	Default bool `json:"default,omitempty"`
	// Roles holds what the group may do: the ARI of a resource to a role such as atlassian/user, or several with commas between.
	Roles map[string]string `json:"roles,omitempty"`
	// Members holds the UUIDs of the people in the group, suspended ones included.
	Members []string `json:"members,omitempty"`
}

// workspaceARIPrefix starts the resource identifier of every Bitbucket workspace.
const workspaceARIPrefix = "ari:cloud:bitbucket::workspace/"

// WorkspaceARI is the Atlassian resource identifier of a Bitbucket workspace; braces around the UUID are dropped.
func WorkspaceARI(uuid string) string { return workspaceARIPrefix + strings.Trim(uuid, "{}") }

// Roles on a resource. A Bitbucket workspace takes the first three; that is inferred, nobody documents it.
const (
	roleUser            = "atlassian/user"
	roleAdmin           = "atlassian/admin"
	roleUserAccessAdmin = "atlassian/user-access-admin"
)

// workspaceRoles are the roles that a Bitbucket workspace takes.
var workspaceRoles = []string{roleUser, roleAdmin, roleUserAccessAdmin}

// resourceRoles are all roles that the specification names for a resource.
var resourceRoles = []string{
	roleUser, roleAdmin, roleUserAccessAdmin, "atlassian/guest", "atlassian/contributor", "atlassian/customer", "atlassian/basic",
	"atlassian/stakeholder", "atlassian/viewer",
}

// roleOf says which direct role makes somebody a member or an owner of a workspace.
var roleOf = map[string]string{RoleMember: roleUser, RoleOwner: roleAdmin}
