package simulator

import (
	"slices"
	"strings"
)

// workspaceSearch are the rules of the search for workspaces; its next is a URL, as in v1 (specification).
var workspaceSearch = search{
	criteria: map[string]criterion{"query": {valid: validQuery}, "sort": {valid: validSort}}, fallback: 20, most: 1000, alone: true, urls: true,
}

// searchWorkspaces answers the workspaces that are linked to the organization, migrated or not.
func searchWorkspaces(x *exchange, o *organization) (answer, error) {
	wanted, err := x.want(workspaceSearch)
	if err != nil {
		return answer{}, err
	}
	var rows []object
	for _, ws := range x.w.workspaces.all() {
		row := workspaceRow(o, ws)
		if ws.Organization == o.ID && (wanted.asked["query"] == nil || matchesQuery(row, wanted.asked["query"])) {
			rows = append(rows, row)
		}
	}
	if by, sorted := wanted.asked["sort"].([]any); sorted {
		sortRows(rows, by)
	}
	given, err := pageOf(x, wanted, rows, func(row object) object { return row })
	if err == nil {
		from := min(wanted.from, len(rows))
		given.body.(object)["meta"] = object{
			"total": len(rows), "pageSize": wanted.limit, "startIndex": from, "endIndex": min(from+wanted.limit, len(rows)),
		}
	}
	return given, err
}

// workspaceRow is a Bitbucket workspace as the organization lists it. Capacity and usage are those of Bitbucket workspaces, which
// have neither createdAt nor createdBy (specification); type, typeKey and hostUrl as arkanaio/alma-plugins matches them.
func workspaceRow(o *organization, ws *workspace) object {
	id := WorkspaceARI(ws.UUID)
	attributes := object{
		"name": ws.Name, "typeKey": "bitbucket", "type": "bitbucket", "hostUrl": webURL + "/" + ws.Slug, "status": "online",
		"statusDetails": []any{}, "realm": "cloud", "regions": []any{}, "labels": []any{}, "owner": nil, "sandbox": nil,
		"icons": object{}, "avatars": object{}, "capacity": nil, "usage": len(ws.seats()),
	}
	if ws.Deactivated {
		attributes["status"] = "offline"
	}
	if ws.SeatLimit > 0 {
		attributes["capacity"] = ws.SeatLimit
	}
	if ws.OrganizationManaged {
		attributes["usage"] = len(o.seated(id))
	}
	return object{
		"id": id, "type": "workspace", "attributes": attributes, "relationships": object{},
		"links": object{"self": adminURL + "/" + o.ID + "/workspaces/" + id},
	}
}

// workspaceFields are what a query and sort may name.
var workspaceFields = []string{"attributes.type", "attributes.typeKey", "attributes.name", "attributes.hostUrl", "attributes.status", "id", "type"}

// workspaceField reads one of them from a row.
func workspaceField(row object, field string) string {
	if name, inside := strings.CutPrefix(field, "attributes."); inside {
		row, field = row["attributes"].(object), name
	}
	value, _ := row[field].(string)
	return value
}

// validQuery tells whether a query consists of the operators that the specification names.
func validQuery(query any) bool {
	if query == nil {
		return true
	}
	node, isObject := query.(map[string]any)
	if !isObject {
		return false
	}
	for operator, operand := range node {
		list, isList := operand.([]any)
		field, _ := operand.(map[string]any)
		_, isText := operand.(string)
		name, _ := field["name"].(string)
		values, _ := field["values"].([]any)
		switch {
		case (operator == "and" || operator == "nor") && isList && !slices.ContainsFunc(list, func(v any) bool { return !validQuery(v) }):
		case operator == "field" && slices.Contains(workspaceFields, name) && values != nil:
		case operator == "searchWorkspaces" && isText, operator == "value" && isText:
		case (operator == "features" || operator == "policies") && isList:
		default:
			return false
		}
	}
	return true
}

// matchesQuery tells whether a row matches a query. No Bitbucket workspace has features or policies.
func matchesQuery(row object, query any) bool {
	node, _ := query.(map[string]any)
	for operator, operand := range node {
		list, _ := operand.([]any)
		matches := true
		switch operator {
		case "and":
			matches = !slices.ContainsFunc(list, func(part any) bool { return !matchesQuery(row, part) })
		case "nor":
			matches = !slices.ContainsFunc(list, func(part any) bool { return matchesQuery(row, part) })
		case "field":
			field := operand.(map[string]any)
			values, name := field["values"].([]any), field["name"].(string)
			matches = len(values) == 0 || slices.Contains(values, any(workspaceField(row, name)))
		case "searchWorkspaces":
			term, _ := operand.(string)
			matches = contains(workspaceField(row, "attributes.name"), term) || contains(workspaceField(row, "attributes.hostUrl"), term)
		case "features", "policies":
			matches = len(list) == 0
		}
		if !matches {
			return false
		}
	}
	return true
}

// validSort tells whether sort names known fields with asc or desc.
func validSort(sort any) bool {
	list, isList := sort.([]any)
	return sort == nil || isList && !slices.ContainsFunc(list, func(entry any) bool {
		by, _ := entry.(map[string]any)
		field, _ := by["field"].(string)
		return !slices.Contains(workspaceFields, field) || by["order"] != "asc" && by["order"] != "desc"
	})
}

// sortRows orders rows by the fields of sort, the first one first.
func sortRows(rows []object, by []any) {
	slices.SortStableFunc(rows, func(a, b object) int {
		for _, entry := range by {
			entry := entry.(map[string]any)
			field, _ := entry["field"].(string)
			order := strings.Compare(workspaceField(a, field), workspaceField(b, field))
			if entry["order"] == "desc" {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
}
