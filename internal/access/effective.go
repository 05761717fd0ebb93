package access

import (
	"cmp"
	"fmt"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
)

// Effective is who may do what on some repositories of a workspace, and by which paths.
type Effective struct {
	// Workspace is the slug.
	Workspace string
	// Projects are those whose grants were read. Where only keys were asked for, their names are "".
	Projects []bitbucket.Project
	// Repositories are in Bitbucket's order.
	Repositories []bitbucket.Repository
	// People are the members of the workspace and, without a Role, everybody else who holds a grant.
	People []Person
	// Groups are those of the workspace, with their members.
	Groups []Group
	// Grants are the explicit permissions on the projects and the repositories.
	Grants []Grant
	// Access is in the order of Repositories, and for each in the order of People.
	Access []EffectiveAccess
	// Findings are what a reviewer should look at, by kind, and for each kind in the order of Grants or People.
	Findings []Finding
}

// EffectiveAccess is what one person may do on one repository.
type EffectiveAccess struct {
	Person     *Person
	Repository *bitbucket.Repository
	// Permission is the highest of what the paths give: Read, Write or Admin.
	Permission Permission
	// Paths are all that lead to the repository, the one that gives most first. Those that are shared by several people or repositories
	// are the same pointer.
	Paths []*Path
}

// Path is one reason why people may do something on a repository: a grant on it or on its project, to a person or to a group, or that
// they administer the workspace.
type Path struct {
	// Scope is the repository, its project or the workspace.
	Scope Scope
	// Permission is what is held on Scope; Admin on a workspace.
	Permission Permission
	// GroupSlug and GroupName are those of the group that holds it, "" where the person does.
	GroupSlug, GroupName string
}

// OnRepository is what the path allows on a repository.
func (p *Path) OnRepository() Permission { return p.Permission.on(RepositoryScope) }

// String says what the path is, such as "write on project acme/PLAT through group Developers".
func (p *Path) String() string {
	if p.Scope.Kind == WorkspaceScope {
		return "administrator of the workspace"
	}
	text := fmt.Sprintf("%s on %s", p.Permission, p.Scope)
	if p.GroupSlug != "" {
		text += " through group " + cmp.Or(p.GroupName, p.GroupSlug)
	}
	return text
}

// FindingKind is what a finding is about.
type FindingKind string

// The kinds of findings.
const (
	// Redundant is a grant that changes nothing, because another path gives its holder as much. All that are redundant can be revoked at
	// once without anybody losing access.
	Redundant FindingKind = "redundant_grant"
	// DirectBesideGroup is a grant to a person whom a group gives access to the same object.
	DirectBesideGroup FindingKind = "direct_beside_group"
	// AdminOutsideGroups is a path to the administration of an object for somebody who is in none of the groups for administrators.
	AdminOutsideGroups FindingKind = "admin_outside_groups"
	// NoMember is a grant to, or a membership of, somebody who is not in the workspace, mostly not any more.
	NoMember FindingKind = "no_member"
	// UnknownMembers is a grant to a group that is not in the list of groups, so that nobody knows whom it leads to: the group may be new, or
	// just deleted.
	UnknownMembers FindingKind = "unknown_members"
	// Public is a repository that everybody may read.
	Public FindingKind = "public_repository"
)

// FindingKinds are all kinds of findings.
var FindingKinds = []FindingKind{Redundant, DirectBesideGroup, AdminOutsideGroups, NoMember, UnknownMembers, Public}

// Finding is something that a reviewer should look at.
type Finding struct {
	Kind FindingKind
	// Scope is the repository, project, workspace or group that it is about.
	Scope Scope
	// Principal is who holds the access; zero for a public repository.
	Principal Principal
	// Name is the display name of the person or the name of the group.
	Name string
	// Permission is what is held; Member in a group, Read for a public repository.
	Permission Permission
	// Because is the path that makes the grant redundant, that stands beside it, or that leads to the administration; nil for other kinds.
	Because *Path
}
