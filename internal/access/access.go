// Package access is the domain: who may do what. It knows scopes, principals, permissions and grants, and Directory, which is
// what one run of the provider knows of Bitbucket. It is free of HTTP and of Terraform.
package access

import (
	"cmp"
	"fmt"
	"slices"
)

// Permission is the level of a grant.
type Permission string

// The permissions, lowest first. CreateRepo exists on projects only. None is the absence of a grant: Bitbucket answers it, but
// it cannot be granted. Member is what groups give to those who are in them.
const (
	None       Permission = "none"
	Member     Permission = "member"
	Read       Permission = "read"
	Write      Permission = "write"
	CreateRepo Permission = "create-repo"
	Admin      Permission = "admin"
)

var order = []Permission{None, Member, Read, Write, CreateRepo, Admin}

// Compare orders permissions by what they allow. One that this package does not know ranks below None.
func (p Permission) Compare(q Permission) int {
	return cmp.Compare(slices.Index(order, p), slices.Index(order, q))
}

// ScopeKind is a kind of object that people have access to.
type ScopeKind string

// The kinds of scopes, as a person would call them. Access to a group is membership; a workspace is administered or not.
const (
	RepositoryScope ScopeKind = "repository"
	ProjectScope    ScopeKind = "project"
	GroupScope      ScopeKind = "group"
	WorkspaceScope  ScopeKind = "workspace"
)

var grantable = map[ScopeKind][]Permission{
	RepositoryScope: {Read, Write, Admin},
	ProjectScope:    {Read, Write, CreateRepo, Admin},
	GroupScope:      {Member},
}

// Permissions are what can be granted on a scope of this kind, lowest first.
func (k ScopeKind) Permissions() []Permission { return slices.Clone(grantable[k]) }

// Scope is one repository, project or group.
type Scope struct {
	Kind ScopeKind
	// Workspace is a slug or a UUID in braces.
	Workspace string
	// Name is the slug of the repository or group, or the key of the project; "" for a workspace.
	Name string
}

// String names the scope as a person would.
func (s Scope) String() string {
	if s.Kind == WorkspaceScope {
		return fmt.Sprintf("%s %s", s.Kind, s.Workspace)
	}
	return fmt.Sprintf("%s %s/%s", s.Kind, s.Workspace, s.Name)
}

// PrincipalKind is a kind of holder of permissions.
type PrincipalKind string

// The kinds of principals, as a person would call them.
const (
	UserPrincipal  PrincipalKind = "user"
	GroupPrincipal PrincipalKind = "group"
)

// Principal is who holds a permission.
type Principal struct {
	Kind PrincipalKind
	// ID is a user's UUID or account id, see ParseUserID, or a group's slug.
	ID string
}

// String names the principal as a person would.
func (p Principal) String() string { return fmt.Sprintf("%s %s", p.Kind, p.ID) }

// holder returns a function that tells whether a grant is to the principal.
func (p Principal) holder() func(Grant) bool {
	id, err := ParseUserID(p.ID)
	return func(g Grant) bool {
		if p.Kind == GroupPrincipal {
			return g.Principal == p
		}
		return err == nil && g.Principal.Kind == UserPrincipal && id.is(g.Principal.ID, g.AccountID)
	}
}

// Grant is one explicit permission, or one membership of a group.
type Grant struct {
	Scope Scope
	// Principal's ID is a user's UUID in braces, or a group's slug. The UUID is "" for somebody whom only an organization knows.
	Principal  Principal
	Permission Permission
	// AccountID is the Atlassian account id of a user; "" for groups and where Bitbucket does not say.
	AccountID string
	// Name is the display name of the user or the name of the group.
	Name string
}
