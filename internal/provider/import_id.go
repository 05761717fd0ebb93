package provider

import (
	"fmt"
	"strings"
)

// parseImportID splits an import id into the parts that the type is identified by. The form is that of a path,
// workspace/repo_slug/group_slug; that of other providers, with colons, is accepted as well. The last part may hold colons, as
// Atlassian account ids do.
func parseImportID(id string, names ...string) ([]string, error) {
	parts := strings.Split(id, "/")
	if len(parts) == 1 {
		parts = strings.SplitN(id, ":", len(names))
	}
	form := strings.Join(names, "/")
	if len(parts) != len(names) {
		return nil, fmt.Errorf("the import id %q is not of the form %s", id, form)
	}
	for i, part := range parts {
		if strings.TrimSpace(part) == "" {
			return nil, fmt.Errorf("the import id %q is not of the form %s: its %s is empty", id, form, names[i])
		}
	}
	return parts, nil
}
