package atlassian

import (
	"context"
	"net/http"
)

// Group is a group of a directory.
type Group struct {
	// ID is a UUID without braces. On workspaces administered here it is the slug of the group in Bitbucket.
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	DirectoryID string `json:"directoryId"`
	// ExternalSynced tells that an identity provider owns the group.
	ExternalSynced bool `json:"externalSynced"`
	// ManagedBy is external, admins, team-members or open; "" where the administration does not say.
	ManagedBy string `json:"managedBy"`
	// ManagementAccess is what the key may do to the group; nil fields mean that nothing forbids it.
	ManagementAccess struct {
		Deletable  *bool `json:"deletable"`
		Modifiable *bool `json:"modifiable"`
	} `json:"managementAccess"`
}

// Group filters. Names match whole, in any case.
const (
	byResource = "resourceIds"
	byMember   = "accountIds"
	byName     = "groupNames"
)

// ListGroups yields the groups that have a role on a resource, which is an ARI.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/groups/search
func (c *Client) ListGroups(ctx context.Context, resource string) pages[Group] {
	return search[Group](ctx, c, filter{byResource: []string{resource}}, c.directory(allDirectories, "groups", "search"))
}

// ListGroupsOf yields the groups that have a role on a resource, which is an ARI, and that a person is in.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/groups/search
func (c *Client) ListGroupsOf(ctx context.Context, resource, accountID string) pages[Group] {
	where := filter{byResource: []string{resource}, byMember: []string{accountID}}
	return search[Group](ctx, c, where, c.directory(allDirectories, "groups", "search"))
}

// FindGroups yields the groups of the organization with the given name, in any case.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/groups/search
func (c *Client) FindGroups(ctx context.Context, name string) pages[Group] {
	return search[Group](ctx, c, filter{byName: []string{name}}, c.directory(allDirectories, "groups", "search"))
}

// CreateGroup creates a group without members and roles. The answer does not hold its id: FindGroups shows it within seconds. 409
// means that the directory has a group of that name.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/groups
func (c *Client) CreateGroup(ctx context.Context, directoryID, name, description string) error {
	return c.send(ctx, http.MethodPost, map[string]string{"name": name, "description": description}, c.directory(directoryID, "groups"))
}

// DeleteGroup deletes a group with its memberships and roles in every app of the organization.
//
// Atlassian: DELETE /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}
func (c *Client) DeleteGroup(ctx context.Context, directoryID, groupID string) error {
	return c.send(ctx, http.MethodDelete, nil, c.directory(directoryID, "groups", groupID))
}

// AddMember adds a person to a group. 404 with CodeUserNotFound means that the person is not in the directory of the group. 409
// means that the person is in the group already, or that an app that the group opens has no seat left: which one is to be read from
// the membership.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships
func (c *Client) AddMember(ctx context.Context, directoryID, groupID, accountID string) error {
	return c.send(ctx, http.MethodPost, map[string]string{"accountId": accountID}, c.directory(directoryID, "groups", groupID, "memberships"))
}

// RemoveMember removes a person from a group. For somebody who is not in it the answer is 204 or 404.
//
// Atlassian: DELETE /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}
func (c *Client) RemoveMember(ctx context.Context, directoryID, groupID, accountID string) error {
	return c.send(ctx, http.MethodDelete, nil, c.directory(directoryID, "groups", groupID, "memberships", accountID))
}

// RoleAssignment is what a group may do in one app.
type RoleAssignment struct {
	// ResourceID is an ARI.
	ResourceID string `json:"resourceId"`
	// ResourceOwner is the app, such as bitbucket or jira-software.
	ResourceOwner string   `json:"resourceOwner"`
	Roles         []string `json:"roles"`
}

// UserRole is the role that lets a group's members into a workspace, and AdminRole the one that makes them its administrators.
const (
	UserRole  = "atlassian/user"
	AdminRole = "atlassian/admin"
)

// ListRoleAssignments yields the roles of a group.
//
// Atlassian: GET /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments
func (c *Client) ListRoleAssignments(ctx context.Context, directoryID, groupID string) pages[RoleAssignment] {
	return get[RoleAssignment](ctx, c, c.directory(directoryID, "groups", groupID, "role-assignments"))
}

// AssignRole gives a group a role on a resource, which is an ARI.
//
// Atlassian: POST /v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/assign
func (c *Client) AssignRole(ctx context.Context, directoryID, groupID, resource, role string) error {
	return c.send(ctx, http.MethodPost, map[string]string{"resourceId": resource, "roleId": role},
		c.directory(directoryID, "groups", groupID, "role-assignments", "assign"))
}
