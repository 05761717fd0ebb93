// Package access is the domain: who may do what. It knows scopes, principals, permissions and grants, and Directory, which is
// what one run of the provider knows of Bitbucket. It is free of Terraform, and of HTTP it knows no more than what the status of a refusal means.
package access

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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

// order holds the permissions, lowest first.
var order = []Permission{None, Member, Read, Write, CreateRepo, Admin}

// Compare orders permissions by what they allow. One that this package does not know ranks below None.
func (p Permission) Compare(q Permission) int {
	return cmp.Compare(slices.Index(order, p), slices.Index(order, q))
}

// on is what a permission that is held on an object, or above it, gives on an object of a kind. Who may create repositories in a project may
// write to those that are there.
func (p Permission) on(kind ScopeKind) Permission {
	if kind == RepositoryScope && p == CreateRepo {
		return Write
	}
	return p
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

// grantable are the permissions that can be granted on each kind of scope, lowest first.
var grantable = map[ScopeKind][]Permission{
	RepositoryScope: {Read, Write, Admin},
	ProjectScope:    {Read, Write, CreateRepo, Admin},
	GroupScope:      {Member},
}

// Permissions are what can be granted on a scope of this kind, lowest first.
func (k ScopeKind) Permissions() []Permission { return slices.Clone(grantable[k]) }

// Scope is one repository, project or group, or a whole workspace.
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

// holds returns a function that tells whether the principal holds a grant, by whichever id either of them has.
func (p Principal) holds() func(Grant) bool {
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

// Settled is the grant with the id of its user in the place for ids of its kind: a configuration may hold either in one attribute.
func (g Grant) Settled() Grant {
	if id, err := ParseUserID(g.Principal.ID); err == nil && g.Principal.Kind == UserPrincipal {
		g.Principal.ID = id.UUID
		if id.AccountID != "" {
			g.AccountID = id.AccountID
		}
	}
	return g
}

// Holder is the principal of a grant by the id that it is best known by: a user's UUID or else account id, a group's slug.
func (g Grant) Holder() Principal {
	return Principal{g.Principal.Kind, cmp.Or(g.Principal.ID, g.AccountID)}
}

// Who names the holder of a grant as a person would.
func (g Grant) Who() string {
	holder := g.Holder()
	if g.Name == "" || g.Name == holder.ID {
		return holder.String()
	}
	return fmt.Sprintf("%s %s (%s)", holder.Kind, Shown(g.Name), holder.ID)
}

// Shown is a name that somebody has chosen, as texts for people repeat it: in one line, in which everything can be seen. A name with line ends
// or invisible characters, which could look like lines of Terraform, is quoted.
func Shown(name string) string {
	if quoted := strconv.Quote(name); len(quoted) != len(name)+2 {
		return quoted
	}
	return name
}
