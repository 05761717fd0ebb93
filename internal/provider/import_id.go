package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// importID joins the parts that a type is identified by to an import id. It is null where one of them is not known.
func importID(parts ...string) types.String {
	if slices.Contains(parts, "") {
		return types.StringNull()
	}
	return types.StringValue(strings.Join(parts, "/"))
}

// parseImportID splits an import id into the parts that the type is identified by. The form is that of a path,
// workspace/repo_slug/group_slug; that of other providers, with colons, is accepted as well. The last part may hold colons, as
// Atlassian account ids do.
func parseImportID(id string, parts []part) ([]string, error) {
	form := strings.Join(each(parts, func(p part) string { return p.attribute }), "/")
	texts := strings.Split(id, "/")
	if len(texts) == 1 {
		texts = strings.SplitN(id, ":", len(parts))
	}
	if len(texts) != len(parts) {
		return nil, fmt.Errorf("the import id %q is not of the form %s", id, form)
	}
	for i, p := range parts {
		if err := p.check(texts[i]); err != nil {
			return nil, fmt.Errorf("the import id %q is not of the form %s: %w", id, form, err)
		}
	}
	return texts, nil
}
