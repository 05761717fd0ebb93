package provider

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// newAreaListResource lists what there is on one object, on those of a project or on all of a workspace. read returns what is on an object;
// whole is as in listResource, and also true where the object is named, so that one that does not exist is noticed.
func newAreaListResource(
	name, thing, about string, scope scopePart, read func(ctx context.Context, d *access.Directory, on access.Scope, whole bool) ([]found, error),
) list.ListResource {
	find := func(ctx context.Context, d *access.Directory, given map[string]string, whole bool) iter.Seq2[found, error] {
		area := scope.area(given)
		return access.EachIn(ctx, d, area, func(ctx context.Context, on access.Scope) ([]found, error) {
			return read(ctx, d, on, whole || area.Name != "")
		})
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
		"Costs one request for each 100 users or groups on each %[1]s, which everything in a run shares, and one for each 100 "+
		"%[2]s.", s.kind, s.plural, scopeNames(s.scopes.read))
}
