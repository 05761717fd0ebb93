package simulator

import (
	"maps"
	"net/url"
	"time"
)

// The hosts that links point to. They stay Bitbucket's own, as the links of a proxy's answers would; only next and previous
// follow the host of the request.
const (
	apiURL = "https://api.bitbucket.org/2.0"
	webURL = "https://bitbucket.org"
)

// timestamp writes a moment as Bitbucket does: microseconds and +00:00.
func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

// link is one entry of links.
func link(href string) object { return object{"href": href} }

// userBody is a person as other objects embed one. It never shows the e-mail address.
func userBody(u *User) object {
	id := url.PathEscape(u.UUID)
	return object{
		"type": "user", "uuid": u.UUID, "account_id": u.AccountID, "display_name": u.DisplayName, "nickname": u.Nickname,
		"links": object{
			"self":   link(apiURL + "/users/" + id),
			"avatar": link("https://secure.gravatar.com/avatar/" + u.UUID[1:9]),
			"html":   link(webURL + "/" + id + "/"),
		},
	}
}

// accountStatus is the account_status of a person; the specification knows only "active" and announces more.
func accountStatus(u *User) string {
	if u.Inactive {
		return "inactive"
	}
	return "active"
}

// teamBody is the account behind a workspace, which old rows name as owner.
func teamBody(ws *workspace) object {
	id := url.PathEscape(ws.UUID)
	return object{
		"type": "team", "uuid": ws.UUID, "username": ws.Slug, "display_name": ws.Name,
		"links": object{
			"self":   link(apiURL + "/teams/" + id),
			"html":   link(webURL + "/" + id + "/"),
			"avatar": link(webURL + "/account/" + ws.Slug + "/avatar/"),
		},
	}
}

// workspaceRef is a workspace as other objects embed one.
func workspaceRef(ws *workspace) object {
	return object{
		"type": "workspace", "uuid": ws.UUID, "slug": ws.Slug, "name": ws.Name,
		"links": object{
			"self":   link(apiURL + "/workspaces/" + ws.Slug),
			"html":   link(webURL + "/" + ws.Slug + "/"),
			"avatar": link(webURL + "/workspaces/" + ws.Slug + "/avatar/"),
		},
	}
}

// workspaceBody is the whole workspace (recorded answer, April 2026).
func workspaceBody(ws *workspace) object {
	self := apiURL + "/workspaces/" + ws.Slug
	body := workspaceRef(ws)
	body["is_private"] = true
	body["is_privacy_enforced"] = false
	body["forking_mode"] = "allow_forks"
	body["created_on"] = timestamp(ws.created)
	links := body["links"].(object)
	links["hooks"] = link(self + "/hooks")
	links["html_overview"] = link(webURL + "/" + ws.Slug + "/workspace/overview/")
	links["members"] = link(self + "/members")
	links["owners"] = link(self + "/members?q=permission%3D%22owner%22")
	links["projects"] = link(self + "/projects")
	links["repositories"] = link(apiURL + "/repositories/" + ws.Slug)
	links["snippets"] = link(apiURL + "/snippets/" + ws.Slug)
	return body
}

// projectRef is a project as a repository embeds it.
func projectRef(p *project) object {
	return object{
		"type": "project", "uuid": p.UUID, "key": p.Key, "name": p.Name,
		"links": object{
			"self":   link(apiURL + "/workspaces/" + p.Workspace + "/projects/" + p.Key),
			"html":   link(webURL + "/" + p.Workspace + "/workspace/projects/" + p.Key),
			"avatar": link(webURL + "/account/user/" + p.Workspace + "/projects/" + p.Key + "/avatar/32"),
		},
	}
}

// projectBody is the whole project (recorded answer, 2020).
func projectBody(ws *workspace, p *project) object {
	body := projectRef(p)
	body["links"].(object)["repositories"] = link(apiURL + "/repositories/" + ws.Slug + `?q=project.key="` + p.Key + `"`)
	body["description"] = p.Description
	body["is_private"] = !p.Public
	body["created_on"] = timestamp(p.created)
	body["updated_on"] = timestamp(p.updated)
	body["workspace"] = workspaceRef(ws)
	body["owner"] = teamBody(ws)
	return body
}

// repositoryRef is a repository as permission rows embed it.
func repositoryRef(r *repository) object {
	return object{
		"type": "repository", "uuid": r.UUID, "name": r.Name, "full_name": r.Workspace + "/" + r.Slug,
		"links": object{
			"self":   link(apiURL + "/repositories/" + r.Workspace + "/" + r.Slug),
			"html":   link(webURL + "/" + r.Workspace + "/" + r.Slug),
			"avatar": link("https://bytebucket.org/ravatar/" + url.PathEscape(r.UUID) + "?ts=default"),
		},
	}
}

// repositoryBody is the whole repository (recorded answers, 2022 and 2023).
func repositoryBody(ws *workspace, r *repository) object {
	body := repositoryRef(r)
	links := body["links"].(object)
	for _, name := range []string{"pullrequests", "commits", "forks", "watchers", "downloads", "hooks"} {
		links[name] = link(apiURL + "/repositories/" + r.Workspace + "/" + r.Slug + "/" + name)
	}
	links["branches"] = link(apiURL + "/repositories/" + r.Workspace + "/" + r.Slug + "/refs/branches")
	links["tags"] = link(apiURL + "/repositories/" + r.Workspace + "/" + r.Slug + "/refs/tags")
	links["source"] = link(apiURL + "/repositories/" + r.Workspace + "/" + r.Slug + "/src")
	links["clone"] = []any{
		object{"name": "https", "href": webURL + "/" + r.Workspace + "/" + r.Slug + ".git"},
		object{"name": "ssh", "href": "git@bitbucket.org:" + r.Workspace + "/" + r.Slug + ".git"},
	}
	forkPolicy := "no_public_forks"
	if r.Public {
		forkPolicy = "allow_forks"
	}
	maps.Copy(body, object{
		"slug": r.Slug, "description": r.Description, "scm": "git", "website": nil, "language": "", "size": 0,
		"is_private": !r.Public, "fork_policy": forkPolicy, "has_issues": false, "has_wiki": false,
		"created_on": timestamp(r.created), "updated_on": timestamp(r.updated), "parent": nil, "mainbranch": nil,
		"override_settings": object{"default_merge_strategy": true, "branching_model": true, "branch_restrictions": true},
		"owner":             teamBody(ws), "workspace": workspaceRef(ws), "project": projectRef(ws.project(r.Project)),
	})
	return body
}
