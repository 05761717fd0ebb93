package provider

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// newExclusiveListResource lists the objects whose access a resource of the kind could own.
func newExclusiveListResource(kind exclusiveKind) list.ListResource {
	about := fmt.Sprintf("The lists of permissions on %s, each as a whole.\n\n%s Without `include_resource`, and without generating configuration, the content of the "+
		"lists is not read, and only the latter is needed.", kind.scope.extent, kind.scope.aboutListing())
	if kind.scope.kind == access.GroupScope {
		about = "The lists of members of " + kind.scope.extent + ", each as a whole.\n\n" + aboutListedGroups
	}
	return &listResource{name: kind.name, thing: kind.thing, about: about, attributes: kind.scope.areaArguments(), find: func(
		ctx context.Context, d *access.Directory, given map[string]string, whole bool,
	) iter.Seq2[found, error] {
		return func(yield func(found, error) bool) {
			area := kind.scope.area(given)
			scopes, err := d.Scopes(ctx, area)
			if err != nil {
				yield(found{}, err)
				return
			}
			for _, scope := range scopes {
				row, err := kind.listed(ctx, d, scope, whole || area.Name != "")
				if errors.Is(err, access.ErrNotFound) && area.Name == "" {
					continue // it was deleted since it was listed
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}}
}

// listed is an object and, where the whole of it is wanted, who has access to it, as it shows when it is imported.
func (k exclusiveKind) listed(ctx context.Context, d *access.Directory, scope access.Scope, whole bool) (found, error) {
	m := exclusiveModel{
		Workspace: types.StringValue(scope.Workspace), Object: types.StringValue(scope.Name), Unmanaged: types.StringValue(revokeUnmanaged),
		IgnoreGroups: types.SetNull(types.StringType), Columns: make([]attr.Value, len(k.columns)),
	}
	row := found{"Permissions on " + d.Called(ctx, scope), map[string]attr.Value{}}
	if k.scope.kind == access.GroupScope {
		row.name = "Members of " + d.Called(ctx, scope)
	}
	if whole {
		live, err := d.Entries(ctx, scope)
		if err == nil {
			err = (&exclusiveResource{managed{shared{d}}, k}).show(ctx, &m, live)
		}
		if err != nil {
			return row, err
		}
		for i, c := range k.columns {
			row.attributes[c.attribute] = m.Columns[i]
		}
	}
	for _, f := range k.fields(&m) {
		row.attributes[f.attribute] = f.value
	}
	return row, nil
}
