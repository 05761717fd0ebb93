package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// newExclusiveListResource lists the objects whose access a resource of the kind could own.
func newExclusiveListResource(kind exclusiveKind) list.ListResource {
	about := "The lists of members of " + kind.scope.extent + ", each as a whole.\n\n" + aboutListedGroups
	if kind.scope.kind != access.GroupScope {
		about = fmt.Sprintf("The lists of permissions on %s, each as a whole.\n\n%s Without `include_resource`, and without generating configuration, the content of the "+
			"lists is not read, and only the latter is needed.", kind.scope.extent, kind.scope.aboutListing())
	}
	return newAreaListResource(kind.name, kind.thing, about, kind.scope, func(ctx context.Context, d *access.Directory, on access.Scope, whole bool) ([]found, error) {
		row, err := kind.listed(ctx, d, on, whole)
		return []found{row}, err
	})
}

// listed is an object and, where the whole of it is wanted, who has access to it, as it shows when it is imported.
func (k exclusiveKind) listed(ctx context.Context, d *access.Directory, scope access.Scope, whole bool) (found, error) {
	m := exclusiveModel{
		Workspace: types.StringValue(scope.Workspace), Object: types.StringValue(scope.Name), Unmanaged: types.StringValue(revokeUnmanaged),
		IgnoreGroups: types.SetNull(types.StringType), Columns: make([]attr.Value, len(k.columns)),
	}
	what := "Permissions on "
	if k.scope.kind == access.GroupScope {
		what = "Members of "
	}
	row := found{what + d.Called(ctx, scope), map[string]attr.Value{}}
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
