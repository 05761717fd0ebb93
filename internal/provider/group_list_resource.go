package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

func newGroupListResource() list.ListResource {
	return &listResource{
		name: "group", thing: "groups",
		about:      "The groups of a workspace, without their members.\n\n" + aboutListedGroups,
		attributes: map[string]schema.Attribute{"workspace": where(aboutWorkspace, true, workspaceRef)},
		find: func(ctx context.Context, d *access.Directory, given map[string]string, _ bool) iter.Seq2[found, error] {
			return func(yield func(found, error) bool) {
				groups, err := d.Groups(ctx, given["workspace"])
				if err != nil {
					yield(found{}, err)
					return
				}
				for _, g := range groups {
					m := newGroupModel(given["workspace"], g)
					if !yield(found{g.Name, map[string]attr.Value{
						"workspace": m.Workspace, "name": m.Name, "slug": m.Slug, "permission": m.Permission, "auto_add": m.AutoAdd,
						"email_forwarding_disabled": m.EmailForwardingDisabled,
					}}, nil) {
						return
					}
				}
			}
		},
	}
}
