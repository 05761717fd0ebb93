package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// exclusiveKind is one kind of resource that owns all the access to an object. The three are alike, so they derive from the table
// exclusiveKinds.
type exclusiveKind struct {
	scope   scopePart
	name    string // the type name without the provider's prefix
	thing   string // what the list is called in messages
	columns []column
	find    finder
	writes  target
	owned
}

// owned is what the documentation says of a list: what is on it, which resources own single entries, and what managing it takes.
type owned struct{ list, others, takes string }

// column is one attribute that says who has access: a map from principals to levels or, where there is only one level, a set of
// principals.
type column struct {
	attribute string
	principal principalPart
}

var onGroup = scopePart{
	part: part{"group_slug", aboutGroupSlug, groupSlug}, kind: access.GroupScope, extent: "one group, or of all groups of a workspace",
	scopes: forGroups,
	api:    "https://support.atlassian.com/bitbucket-cloud/docs/groups-endpoint/",
}

// exclusiveKinds is the table that the resources derive from which own a whole list.
var exclusiveKinds = []exclusiveKind{
	permissionsOn(onRepository),
	permissionsOn(onProject),
	{
		scope: onGroup, name: "group_members_exclusive", thing: "group members", columns: []column{{"user_ids", toUser}},
		find: (*access.Directory).Candidate, writes: groupsTarget,
		owned: owned{"all members of one group", "`bitbucket_group_membership`", aboutOrganization + " Members of a group that an identity provider owns are " +
			"changed there; a plan that changes them here is refused.\n\n" + aboutMemberChanges("members") + "\n\nAPI: [groups endpoint](" + onGroup.api + "), " +
			"[organization groups](https://developer.atlassian.com/cloud/admin/organization/rest/api-group-groups/)."},
	},
}

// permissionsOn is the kind that owns the explicit permissions on one kind of object.
func permissionsOn(scope scopePart) exclusiveKind {
	return exclusiveKind{
		scope: scope, name: string(scope.kind) + "_permissions_exclusive", thing: string(scope.kind) + " permissions",
		columns: []column{{"users", toUser}, {"groups", toGroup}}, find: (*access.Directory).Person, writes: permissionsTarget,
		owned: owned{
			fmt.Sprintf("every explicit permission of users and groups on one %s", scope.kind),
			fmt.Sprintf("`bitbucket_%[1]s_user_permission` or `bitbucket_%[1]s_group_permission`", scope.kind),
			fmt.Sprintf("Users can have more access than this: through groups, through the workspace, and on a repository through its project.\n\n%[2]s\n\n"+
				"API: [%[1]s permissions](%[3]s).",
				scope.kind, aboutPermissionScopes(scope.kind, scope.scopes.revoking()), scope.api),
		},
	}
}

func (k exclusiveKind) typeName() string { return typeName + "_" + k.name }

// parts are those of an import id, and of the identity.
func (k exclusiveKind) parts() []part { return []part{inWorkspace, k.scope.part} }

// about describes a resource of this kind.
func (k exclusiveKind) about() string {
	return fmt.Sprintf("Owns %[1]s: access that the configuration does not name is revoked or, with `unmanaged = \"report\"`, reported.\n\n"+
		"It is exclusive: no other resource of any configuration must manage the same list. Within one configuration, a plan with a second one, or with %[2]s for the same "+
		"%[3]s, is an error.\n\n"+
		"**Nobody is taken out without the plan naming them.** Already when it is created, the plan reads who has access: `revokes` lists everybody who loses it, "+
		"and a warning names them. Access that was granted elsewhere later shows as a removal in the next plan. Applying sends one request for each "+
		"difference; what gives access comes first, and what takes it away only when all of that succeeded. Who got access after a plan was made is left "+
		"to the next one; on create, Terraform stops with an \"inconsistent final plan\" where the list has changed since, and the list stays as it is: "+
		"plan again.\n\n"+
		"Destroying it revokes everything that is in the state. To keep the access and stop managing it, use a `removed` block with `destroy = false`. See the guide "+
		"[Own the whole access list](../guides/exclusive-access).\n\n%[4]s", k.list, k.others, k.scope.kind, k.takes)
}

// levels are what can be granted, lowest first.
func (k exclusiveKind) levels() []string { return levels(k.scope.kind.Permissions()) }

// leveled tells whether there are several levels, so that the columns are maps.
func (k exclusiveKind) leveled() bool { return len(k.levels()) > 1 }

// hasGroups tells whether groups are among those who have access.
func (k exclusiveKind) hasGroups() bool {
	return slices.ContainsFunc(k.columns, func(c column) bool { return c.principal.kind == access.GroupPrincipal })
}

// columnAttribute is the attribute that says who of one kind of principal has access.
func (k exclusiveKind) columnAttribute(c column) schema.Attribute {
	if !k.leveled() {
		return schema.SetAttribute{
			MarkdownDescription: "Everybody who is to be in the group: UUIDs, with or without braces, or Atlassian account ids, in any order. An empty set empties the group. " +
				"How a user is named never causes a difference by itself.",
			CustomType: newIDSetType(),
			Required:   true,
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(c.principal.rule)},
		}
	}
	keys := "The keys are slugs of groups"
	if c.principal.kind == access.UserPrincipal {
		keys = "The keys are UUIDs, with or without braces, or Atlassian account ids; how a user is named never causes a difference by itself"
	}
	return schema.MapAttribute{
		MarkdownDescription: fmt.Sprintf("Every %[1]s that is to have an explicit permission on the %[2]s, and which: %[3]s. %[4]s. An empty map means that no %[1]s has one.",
			c.principal.kind, k.scope.kind, oneOf(k.levels()), keys),
		ElementType: types.StringType,
		Required:    true,
		Validators: []validator.Map{
			mapvalidator.NoNullValues(), mapvalidator.KeysAre(c.principal.rule), mapvalidator.ValueStringsAre(stringvalidator.OneOf(k.levels()...)),
		},
	}
}
