package provider

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

func newGrantListResource(kind grantKind) list.ListResource {
	return newEntryListResource(kind.name(), kind.thing()+"s", kind.scope, kind.principal,
		fmt.Sprintf("The explicit permissions of %ss on %s, whoever granted them.\n\n%s", kind.principal.kind, kind.scope.extent, kind.scope.aboutListing()))
}

func newGroupMembershipListResource() list.ListResource {
	return newEntryListResource("group_membership", "group members", onGroup, toUser, "The members of "+onGroup.extent+".\n\n"+aboutListedGroups)
}

// newEntryListResource lists the access that principals of one kind have to objects of one kind: permissions, or memberships of groups.
func newEntryListResource(name, thing string, scope scopePart, principal principalPart, about string) list.ListResource {
	return newAreaListResource(name, thing, about, scope, func(ctx context.Context, d *access.Directory, on access.Scope, _ bool) ([]found, error) {
		entries, err := d.EntriesTo(ctx, on, principal.kind)
		if err != nil {
			return nil, err
		}
		called := d.Called(ctx, on)
		return each(entries, func(entry access.Grant) found {
			row := found{attributes: map[string]attr.Value{
				"workspace":         types.StringValue(on.Workspace),
				scope.attribute:     types.StringValue(on.Name),
				principal.attribute: types.StringValue(entry.Holder().ID),
			}}
			what := "member of"
			if entry.Permission != access.Member {
				what = string(entry.Permission) + " on"
				row.attributes["permission"] = types.StringValue(string(entry.Permission))
			}
			row.name = fmt.Sprintf("%s: %s %s", cmp.Or(entry.Name, entry.Holder().ID), what, called)
			return row
		}), nil
	})
}
