package simulator

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

// effectiveRow is one row of the lists of effective permissions.
type effectiveRow struct {
	user       *User
	repository *repository
	level      string
}

// effectiveFields are what q and sort may name. The specification promises "repository, user, or permission"; whether a user
// can be named by uuid or account id is written nowhere, so these are refused.
func effectiveFields() map[string]func(effectiveRow) any {
	return map[string]func(effectiveRow) any{
		"permission":           func(row effectiveRow) any { return level(row.level) },
		"repository.name":      func(row effectiveRow) any { return row.repository.Name },
		"repository.full_name": func(row effectiveRow) any { return row.repository.Workspace + "/" + row.repository.Slug },
		"repository.uuid":      func(row effectiveRow) any { return row.repository.UUID },
		"user.display_name":    func(row effectiveRow) any { return row.user.DisplayName },
		"user.nickname":        func(row effectiveRow) any { return row.user.Nickname },
	}
}

// pageEffective answers rows of effective permissions.
func pageEffective(x *exchange, rows []effectiveRow) (answer, error) {
	return page(x, listing[effectiveRow]{rows: rows, fields: effectiveFields(), body: func(row effectiveRow) object {
		return object{
			"type": "repository_permission", "permission": row.level,
			"user": userBody(row.user), "repository": repositoryRef(row.repository),
		}
	}})
}

// effectiveRows lists who may do what on some repositories, in the order of the repositories and then of the members.
func (x *exchange) effectiveRows(ws *workspace, repositories []*repository) []effectiveRow {
	var rows []effectiveRow
	everywhere := map[string]string{} // the administrators
	position := make(map[string]int, len(ws.roles.keys))
	for uuid, role := range ws.roles.all() {
		position[uuid] = len(position)
		if role == RoleOwner {
			everywhere[uuid] = Admin
		}
	}
	inherited := map[string]map[string]string{} // project key to people and levels
	for _, r := range repositories {
		if inherited[r.Project] == nil {
			inherited[r.Project] = ws.everyone(&ws.project(r.Project).grants)
		}
		reached := ws.everyone(&r.grants)
		for _, more := range []map[string]string{inherited[r.Project], everywhere} {
			for uuid, level := range more {
				reached[uuid] = higher(reached[uuid], onRepository(level))
			}
		}
		people := slices.SortedFunc(maps.Keys(reached), func(a, b string) int { return cmp.Compare(position[a], position[b]) })
		for _, uuid := range people {
			rows = append(rows, effectiveRow{user: x.w.users.get(uuid), repository: r, level: reached[uuid]})
		}
	}
	return rows
}

// listEffectiveInWorkspace answers the effective permissions on all repositories of a workspace, to its administrators.
func listEffectiveInWorkspace(x *exchange) (answer, error) {
	ws, err := x.workspace()
	if err != nil {
		return answer{}, err
	}
	if !x.administers(ws) {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	return pageEffective(x, x.effectiveRows(ws, ws.repositories.values()))
}

// listEffectiveOnRepository answers the effective permissions on one repository, to its administrators (drone/go-scm#355).
func listEffectiveOnRepository(x *exchange) (answer, error) {
	ws, r, err := x.repository()
	if err != nil {
		return answer{}, err
	}
	if x.onRepository(ws, r) != Admin {
		return answer{}, fail(http.StatusForbidden, "Forbidden")
	}
	return pageEffective(x, x.effectiveRows(ws, []*repository{r}))
}

// listEffectiveOfCaller answers the effective permissions of the caller; public repositories that nobody granted are left out.
func listEffectiveOfCaller(x *exchange) (answer, error) {
	ws := x.w.workspace(x.params["workspace"])
	if ws == nil || !x.inside(ws) {
		return answer{}, fail(http.StatusForbidden, "You do not have access to this workspace.")
	}
	var rows []effectiveRow
	if u := x.caller.user; u != nil {
		for _, r := range ws.repositories.all() {
			if reached := ws.effective(r, u.UUID); reached != None {
				rows = append(rows, effectiveRow{user: u, repository: r, level: reached})
			}
		}
	}
	return pageEffective(x, rows)
}
