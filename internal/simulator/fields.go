package simulator

import "strings"

// hidden is a value that an answer carries only when the fields parameter names it.
type hidden struct{ value any }

// fieldPath is one dotted path of the fields parameter; "*" stands for any one key.
type fieldPath []string

// fields is a parsed fields parameter (Bitbucket documentation: partial responses).
type fields struct {
	all        bool // no bare path: start from the whole body
	keep, drop []fieldPath
}

// parseFields reads the comma list: "-x" removes, "+x" adds to what is there, bare names keep only those.
func parseFields(parameter string) fields {
	f := fields{all: true}
	for item := range strings.SplitSeq(parameter, ",") {
		item = strings.TrimSpace(item)
		path, sign := strings.TrimLeft(item, "+-"), ""
		if path == "" {
			continue
		}
		if path != item {
			sign = item[:1]
		}
		segments := fieldPath(strings.Split(path, "."))
		if sign == "-" {
			f.drop = append(f.drop, segments)
			continue
		}
		f.keep = append(f.keep, segments)
		f.all = f.all && sign == "+"
	}
	return f
}

// trim returns the parts of a JSON tree that the parameter asks for. Lists are looked through.
func (f fields) trim(body any) any {
	switch node := body.(type) {
	case object:
		trimmed := make(object, len(node))
		for key, value := range node {
			if kept, ok := f.child(key, value); ok {
				trimmed[key] = kept
			}
		}
		return trimmed
	case []any:
		trimmed := make([]any, len(node))
		for i, value := range node {
			trimmed[i] = f.trim(value)
		}
		return trimmed
	}
	return body
}

// child trims one member of an object and tells whether anything of it stays.
func (f fields) child(key string, value any) (any, bool) {
	if secret, isHidden := value.(hidden); isHidden {
		return secret.value, names(f.keep, key) && !names(f.drop, key)
	}
	if names(f.drop, key) || names(f.drop, "*") {
		return nil, false
	}
	below := fields{all: f.all || names(f.keep, key) || names(f.keep, "*"), keep: under(f.keep, key), drop: under(f.drop, key)}
	if !below.all && len(below.keep) == 0 {
		return nil, false
	}
	kept := below.trim(value)
	return kept, below.all || !leaf(kept)
}

// leaf tells whether nothing that was asked for can be below a trimmed value.
func leaf(trimmed any) bool {
	switch node := trimmed.(type) {
	case object:
		return len(node) == 0
	case []any:
		return false
	}
	return true
}

// names tells whether a path ends at this key, literally.
func names(paths []fieldPath, key string) bool {
	for _, path := range paths {
		if len(path) == 1 && path[0] == key {
			return true
		}
	}
	return false
}

// under returns what is left of the paths that lead through this key.
func under(paths []fieldPath, key string) []fieldPath {
	var left []fieldPath
	for _, path := range paths {
		if len(path) > 1 && (path[0] == key || path[0] == "*") {
			left = append(left, path[1:])
		}
	}
	return left
}
