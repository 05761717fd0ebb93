package provider

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
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
	find := func(ctx context.Context, d *access.Directory, given map[string]string, _ bool) iter.Seq2[found, error] {
		area := scope.area(given)
		return func(yield func(found, error) bool) {
			for entry, err := range d.EachEntry(ctx, area, principal.kind) {
				if err != nil {
					yield(found{}, err)
					return
				}
				row := found{"", map[string]attr.Value{
					"workspace":         types.StringValue(area.Workspace),
					scope.attribute:     types.StringValue(entry.Scope.Name),
					principal.attribute: types.StringValue(entry.Holder().ID),
				}}
				what := "member of"
				if entry.Permission != access.Member {
					what = string(entry.Permission) + " on"
					row.attributes["permission"] = types.StringValue(string(entry.Permission))
				}
				row.name = fmt.Sprintf("%s: %s %s", cmp.Or(entry.Name, entry.Holder().ID), what, d.Called(ctx, entry.Scope))
				if !yield(row, nil) {
					return
				}
			}
		}
	}
	return &listResource{name: name, thing: thing, about: about, attributes: scope.areaArguments(), find: find}
}

// areaArguments are the arguments of a list that say on which objects to look.
func (s scopePart) areaArguments() map[string]schema.Attribute {
	arguments := map[string]schema.Attribute{
		"workspace": where(aboutWorkspace, true, workspaceRef),
		s.attribute: where(fmt.Sprintf("List this %s only. By default all.", s.kind), false, s.rule),
	}
	if s.inProjects {
		arguments["project_key"] = where(fmt.Sprintf("List the %s of this project only. By default those of all projects.", s.plural), false,
			projectKey, stringvalidator.ConflictsWith(path.MatchRoot(s.attribute)))
	}
	return arguments
}

// area is what the arguments of a list say.
func (s scopePart) area(given map[string]string) access.Area {
	area := access.Area{Kind: s.kind, Workspace: given["workspace"], Name: given[s.attribute]}
	if s.inProjects {
		area.Project = given["project_key"]
	}
	return area
}

// aboutListing says what listing permissions takes and costs.
func (s scopePart) aboutListing() string {
	return fmt.Sprintf("Scope: %[3]s, of a user who administers the %[2]s that are looked through: the first one that the user does not administer is an error. "+
		"Costs one request for each 100 users or groups on each %[1]s, which everything in a run shares, and one for each 100 %[2]s.", s.kind, s.plural, s.readScopes)
}
