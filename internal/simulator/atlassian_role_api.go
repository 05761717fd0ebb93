package simulator

import (
	"net/http"
	"slices"
)

// roleList are the rules of the lists of role assignments.
var roleList = search{
	criteria: map[string]criterion{
		"directoryIds": {most: 10}, "resourceOwners": {most: 10}, "resourceIds": {most: 20}, "roleIds": {most: 10, values: canonicalRoles},
	},
	fallback: 20, most: 100,
}

// listGroupRoles answers what a group may do; defaultRole marks the default group of a product.
func listGroupRoles(x *exchange, _ *organization, g *orgGroup) (answer, error) {
	wanted, err := x.want(roleList)
	if err != nil {
		return answer{}, err
	}
	return pageOf(x, wanted, wanted.resources(&g.roles, g.Directory), func(resource string) object {
		row := object{"resourceId": resource, "resourceOwner": ownerOf(resource), "roles": g.roles.get(resource), "defaultRole": nil}
		if g.Default {
			row["defaultRole"] = g.roles.get(resource)[0]
		}
		return row
	})
}

// resources are those on which a role is everything that is asked.
func (w listRequest) resources(held *roles, directories ...string) []string {
	return slices.DeleteFunc(slices.Clone(held.keys), func(resource string) bool {
		one := &roles{}
		one.set(resource, held.get(resource))
		return !w.picks("directoryIds", directories...) || !w.picksRoles(one)
	})
}

// listPersonRoles answers what somebody may do, and whether directly or through groups.
func listPersonRoles(x *exchange, of account) (answer, error) {
	wanted, err := x.want(roleList)
	if err != nil {
		return answer{}, err
	}
	all, byGroup := of.allRoles(), of.rolesByGroup()
	return pageOf(x, wanted, wanted.resources(all, of.directories.keys...), func(resource string) object {
		assigned := []any{}
		for _, role := range all.get(resource) {
			methods := []any{}
			if slices.Contains(of.roles.get(resource), role) {
				methods = append(methods, "direct")
			}
			if slices.Contains(byGroup.get(resource), role) {
				methods = append(methods, "group_direct")
			}
			assigned = append(assigned, object{"role": role, "roleAssignmentMethods": methods})
		}
		return object{
			"resourceId": resource, "resourceOwner": ownerOf(resource), "directoryId": of.directories.keys[0], "roles": all.get(resource),
			"userDirectoryStatus": of.membershipStatus(), "roleAssignments": assigned,
		}
	})
}

// roleWanted reads the body of a role assignment. Only workspaces that the organization manages are resources here. A synced group
// may be given roles: its members belong to the identity provider, its access does not.
func (x *exchange) roleWanted(o *organization) (resource, role string, err error) {
	f := x.adminForm("resourceId", "roleId")
	resource, role = f.required("resourceId"), f.required("roleId")
	if err := f.wrong(); err != nil {
		return "", "", err
	}
	return resource, role, x.w.checkRole(o, resource, role)
}

// checkRole refuses a resource that the organization does not manage and a role that a Bitbucket workspace does not take.
func (w *world) checkRole(o *organization, resource, role string) error {
	switch {
	case w.managed(o, resource) == nil:
		return failDetail("ADMIN-UAM-404-1", "Resource %s not found", resource)
	case !slices.Contains(workspaceRoles, role):
		return failDetail("ADMIN-UAM-400-3", "%s is no role of %s", role, resource)
	}
	return nil
}

// assignGroupRole gives a group a role; one that it has already is 200 as well, which nobody documents.
func assignGroupRole(x *exchange, o *organization, g *orgGroup) (answer, error) {
	resource, role, err := x.roleWanted(o)
	if err != nil {
		return answer{}, err
	}
	if x.w.full(o, resource, []string{role}, g.members.keys...) {
		return answer{}, failDetail("ADMIN-UAM-409-3", "The user limit of %s is reached.", resource)
	}
	g.roles.give(resource, role)
	return answer{status: http.StatusOK}, nil
}

// revokeGroupRole takes a role away from a group; one that it does not have is 204 as well, which nobody documents.
func revokeGroupRole(x *exchange, o *organization, g *orgGroup) (answer, error) {
	resource, role, err := x.roleWanted(o)
	if err != nil {
		return answer{}, err
	}
	g.roles.take(resource, role)
	return noContent()
}
