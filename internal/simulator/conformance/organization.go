package conformance

import (
	"maps"
	"strings"
)

// organizationLies lists what the description of organizations leaves out. Unused reports the entries that no test needed.
func organizationLies() []lie {
	return []lie{
		{status: 429, body: "ProxyError", reason: "the gateway answers for the budget, most endpoints declare the shape of the application"},
		{status: 401, body: "ProxyError", reason: "the gateway answers for the key, most endpoints declare the shape of the application"},
		{status: 403, body: "AcceptableScopes", reason: "the gateway names the scopes that a scoped key lacks (Rust CLI, 2026-07-22)"},
		{status: 403, body: "NoPermsError", reason: "the gateway refuses a key that may not administer the organization (recorded 2025-06)"},
		{
			path:   `^/admin/v1/orgs/[^/]+/((groups|users)/search|users/invite|directory/(groups(/.*)?|users/[^/]+(/(suspend|restore)-access)?))$`,
			status: 410, reason: "the directory calls of v1 ended on 2026-06-30 and left the description",
		},
	}
}

// repairOrganization corrects what is wrong in the description, and closes it.
func repairOrganization(tree map[string]any) {
	// GET …/users/{userId} calls its parameter accountId, and DELETE has the same address under that name. A router takes the
	// first of two paths that differ in a name only, so they become one.
	const user = "/v2/orgs/{orgId}/directories/{directoryId}/users/"
	paths := at(tree, "paths")
	maps.Copy(at(paths, user+"{accountId}"), at(paths, user+"{userId}"))
	delete(paths, user+"{userId}")

	schemas := at(tree, "components", "schemas")
	// minimum and maximum mean nothing on a list; an invitation names 1 to 25 addresses.
	emails := at(schemas, "MultidirectoryInviteApiRequest", "properties", "emails")
	emails["minItems"], emails["maxItems"] = emails["minimum"], emails["maximum"]
	delete(emails, "minimum")
	delete(emails, "maximum")
	// userDirectoryStatus has nullable beside $ref, where OpenAPI 3.0 ignores it; nothing else refers to the schema.
	at(schemas, "MultiDirectoryMembershipStatus")["nullable"] = true

	visit(tree, func(node map[string]any) {
		if _, isReference := node["$ref"].(string); isReference {
			delete(node, "type") // counts of a group have the type GroupCounts beside $ref, which is no type
		}
		if node["in"] == "path" && node["name"] == "userId" {
			delete(at(node, "schema"), "format") // account ids are opaque, 5b10ac8d82e05b22cc7d4ef5 is no UUID
		}
		demandBody(node, schemas)
		closeObject(node)
	})
}

// demandBody makes the body of an operation required where its schema demands keys: the description leaves it optional, so a
// request without one would pass.
func demandBody(operation, schemas map[string]any) {
	body, found := operation["requestBody"].(map[string]any)
	if !found {
		return
	}
	schema := at(body, "content", "application/json", "schema")
	if name, isReference := schema["$ref"].(string); isReference {
		schema = at(schemas, strings.TrimPrefix(name, "#/components/schemas/"))
	}
	if _, demands := schema["required"]; demands {
		body["required"] = true
	}
}

// closeObject forbids keys that an object of the description does not list. The description leaves nearly every object open and
// requires next to nothing, so a misspelt key would pass. The parts of allOf stay open, for one does not list the keys of the other.
func closeObject(node map[string]any) {
	if parts, found := node["allOf"].([]any); found {
		for _, part := range parts {
			part.(map[string]any)["additionalProperties"] = true
		}
	}
	_, lists := node["properties"].(map[string]any)
	_, decided := node["additionalProperties"]
	if node["type"] == "object" && lists && !decided {
		node["additionalProperties"] = false
	}
}

// loosenOrganization makes room for what live answers do.
func loosenOrganization(tree map[string]any, _ bool) {
	schemas := at(tree, "components", "schemas")
	for name, nulls := range map[string][]string{
		"MultiDirectoryUser":            {"department", "organization", "location", "timeZone"}, // jira.js' live tests
		"MultiDirectoryUserDetailsData": {"department", "organization", "location", "timeZone"}, // jira.js' live tests
		"LinkPageCursor":                {"self", "prev", "next"},                               // the last page; jira.js' live tests
		"LinkPageModel":                 {"self", "prev", "next"},                               // the last page; jira.js' live tests
	} {
		for _, null := range nulls {
			at(schemas, name, "properties", null)["nullable"] = true
		}
	}
	// Users have two keys more (jira.js' live tests).
	for _, name := range []string{"MultiDirectoryUser", "MultiDirectoryUserDetailsData"} {
		maps.Copy(at(schemas, name, "properties"), map[string]any{
			"deactivatedOn": map[string]any{"type": "string", "nullable": true},
			"forDeletion":   map[string]any{"type": "boolean"},
		})
	}
	// The exact form was not recorded (Rust CLI, 2026-07-22): the key is all that is known.
	schemas["AcceptableScopes"] = map[string]any{
		"type": "object", "required": []any{"acceptableScopes"},
		"properties": map[string]any{"acceptableScopes": map[string]any{"type": "array", "items": map[string]any{"type": "string"}}},
	}
}
