package conformance

import (
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// source says where a description lies and what makes it fit to check exchanges.
type source struct {
	folder, file string
	prefix       string                                  // of the paths that it describes
	repair       func(tree map[string]any)               // of what is wrong in the file
	loosen       func(tree map[string]any, partial bool) // for what live answers do although the description forbids it
	lies         []lie
}

// sources lists the descriptions; their prefixes exclude each other.
func sources() []source {
	return []source{
		{"bitbucket", "swagger.v3.json", "/2.0", repairBitbucket, loosenBitbucket, bitbucketLies()},
		{"atlassian-admin", "organization.openapi.json", "/admin", repairOrganization, loosenOrganization, organizationLies()},
	}
}

// newRouter reads the description after the repair and the further changes.
func (from source) newRouter(content []byte, changes ...func(tree map[string]any)) (routers.Router, error) {
	var tree map[string]any
	if err := json.Unmarshal(content, &tree); err != nil {
		return nil, err
	}
	from.repair(tree)
	for _, change := range changes {
		change(tree)
	}
	content, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(content)
	if err != nil {
		return nil, err
	}
	// The requests of tests go to a loopback host; with a server that is a path only the path decides.
	doc.Servers = openapi3.Servers{{URL: from.prefix}}
	return gorillamux.NewRouter(doc)
}

// visit shows every object of a description to see, outer ones first.
func visit(node any, see func(node map[string]any)) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			visit(child, see)
		}
	case map[string]any:
		see(node)
		for _, child := range node {
			visit(child, see)
		}
	}
}

// at walks down from an object by keys; a description without one of them panics, for then the change is out of date.
func at(node map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		node = node[key].(map[string]any)
	}
	return node
}
