package conformance

// bitbucketLies lists what the description of Bitbucket leaves out. Unused reports the entries that no test needed.
func bitbucketLies() []lie {
	const objects = `^/2\.0/(workspaces/[^/]+/projects(/[^/]+)?|repositories/[^/]+/[^/]+)$`
	const repository = `^/2\.0/repositories/[^/]+/[^/]+$`
	return []lie{
		{status: 429, reason: "the budget is not part of the description"},
		{status: 411, reason: "the introduction demands Content-Length, no endpoint declares 411"},
		{status: 401, reason: "401 is declared on some endpoints only"},
		{status: 400, reason: "400 for pagelen, page, q, sort and raw braces is declared nowhere"},
		{status: 403, reason: "403 for missing scopes is declared on some endpoints only"},
		{
			method: "GET", path: `^/2\.0/(workspaces|repositories|snippets|user/permissions/[^/]+)$`, status: 410,
			reason: "CHANGE-2770 removed these lists",
		},
		{
			method: "GET", path: `^/2\.0/workspaces/[^/]+/(members|permissions)(/|$)`, status: 404,
			reason: "a workspace that is not there is declared on its own page only",
		},
		{method: "GET", path: `^/2\.0/user/emails$`, status: 200, reason: "only the error of the list of addresses is declared"},
		{method: "POST", path: repository, status: 201, reason: "POST of a repository answers 201 (eggzec/bb BUG-SCHEMA-030)"},
		{method: "POST", path: repository, status: 404, reason: "the workspace may be missing"},
		{method: "PUT", path: repository, status: 404, reason: "the workspace may be missing"},
		{method: "POST", path: objects, reason: "type is required in the description and refused by Bitbucket (eggzec/bb)"},
		{method: "PUT", path: objects, reason: "type is required in the description and refused by Bitbucket (eggzec/bb)"},
	}
}

// repairBitbucket leaves the description as it is.
func repairBitbucket(map[string]any) {}

// loosenBitbucket makes room for what live answers do. A partial description knows no required keys.
func loosenBitbucket(tree map[string]any, partial bool) {
	// error.detail is a string or an object, and error carries fields and id (recorded answers).
	inner := at(tree, "components", "schemas", "error", "properties", "error")
	delete(inner, "additionalProperties")
	delete(at(inner, "properties"), "detail")
	// Null stands where the description knows no null (recorded repositories have website and parent null), and links hold more
	// than it lists (recorded workspaces have hooks and html_overview).
	visit(at(tree, "components", "schemas"), func(node map[string]any) {
		if _, isSchema := node["type"].(string); isSchema {
			node["nullable"] = true
			if partial {
				delete(node, "required")
			}
		}
		if properties, found := node["properties"].(map[string]any); found {
			if links, closed := properties["links"].(map[string]any); closed {
				delete(links, "additionalProperties")
			}
		}
	})
}
