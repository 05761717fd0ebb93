package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
)

// facts are who may do what, a line for each: what it is about, such as "repository api: user {…}", and what is so, such as "write".
type facts map[string]string

// liveFacts are those of the world, with the groups and the members of the workspace themselves.
func liveFacts(w *acctest.World) facts {
	all := facts{}
	for _, g := range w.Grants("acme") {
		object := "repository " + g.Repository
		if g.Project != "" {
			object = "project " + g.Project
		}
		all[lineOf(object, g.User, g.Group)] = g.Permission
	}
	invited := map[string]string{} // addresses, by the UUID of the account that the invitation has made
	world := w.Snapshot()
	for _, u := range world.Users {
		if u.Invited {
			invited[u.UUID] = u.Email
		}
	}
	for _, g := range w.Groups("acme") {
		all["group "+g.Slug] = groupSettings(g.Name, g.Permission, g.AutoAdd)
		members := g.Members
		if w.Organization != "" {
			of, _ := w.OrganizationGroup(w.Organization, g.Slug)
			members = of.Members
		}
		for _, id := range members {
			if email := invited[id]; email != "" {
				all["invitation "+email] += " " + g.Slug
				continue
			}
			all[lineOf("group "+g.Slug, id, "")] = "member"
		}
	}
	for _, i := range w.Invitations("acme") {
		all["invitation "+i.Email] = invitedTo(i.Groups, i.Repository, i.Permission)
	}
	for about, what := range all {
		if strings.HasPrefix(about, "invitation ") {
			groups := strings.Fields(what)
			slices.Sort(groups)
			all[about] = strings.Join(groups, " ")
		}
	}
	for _, m := range world.Workspaces[0].Members {
		if invited[m.User] == "" {
			all[lineOf("workspace acme", m.User, "")] = m.Role
		}
	}
	return all
}

// named are the facts with the ids of groups that groups of the same settings have in others: a group that is made again gets another id.
func (f facts) named(as facts) facts {
	named := maps.Clone(f)
	for line, settings := range f {
		id, isGroup := strings.CutPrefix(line, "group ")
		_, same := as[line]
		if !isGroup || strings.Contains(id, " ") || same {
			continue
		}
		for other, alike := range as {
			if _, taken := f[other]; !taken && alike == settings && strings.HasPrefix(other, "group ") && !strings.Contains(other, ":") {
				delete(named, line)
				named[other] = settings
			}
		}
	}
	return named
}

// lineOf is the beginning of a line: an object, and a person or a group.
func lineOf(object, user, group string) string {
	if user != "" {
		return object + ": user " + user
	}
	return object + ": group " + group
}

func groupSettings(name, permission string, autoAdd bool) string {
	return fmt.Sprintf("%s, %s on new repositories, auto_add %t", name, permission, autoAdd)
}

func invitedTo(groups []string, repository, permission string) string {
	if repository != "" {
		return repository + " " + permission
	}
	return strings.Join(slices.Sorted(slices.Values(groups)), " ")
}

// claim is what a resource says, in its state or in its configuration.
type claim struct {
	facts

	// whole are the objects of which it says everything, as lines begin.
	whole []string
}

// claimOf reads the attributes of a resource.
func claimOf(resource string, attributes map[string]tftypes.Value) claim {
	text := func(name string) (text string) {
		if value, ok := attributes[name]; ok && value.IsKnown() && !value.IsNull() && value.As(&text) != nil {
			panic(name + " is no text")
		}
		return text
	}
	c := claim{facts: facts{}}
	switch resource {
	case "bitbucket_group":
		var autoAdd bool
		if value, ok := attributes["auto_add"]; ok && value.IsKnown() && !value.IsNull() {
			_ = value.As(&autoAdd)
		}
		c.facts["group "+text("slug")] = groupSettings(text("name"), text("permission"), autoAdd)
	case "bitbucket_workspace_invitation":
		c.facts["invitation "+text("email")] = invitedTo(keysIn(attributes["group_slugs"]), text("repo_slug"), text("permission"))
	case listedMembers:
		c.facts[lineOf("group "+text("group_slug"), text("user_id"), "")] = "member"
	case listedGroupLists:
		object := "group " + text("group_slug")
		c.whole = []string{object + ": "}
		for _, id := range keysIn(attributes["user_ids"]) {
			c.facts[lineOf(object, id, "")] = "member"
		}
	default:
		object := "repository " + text("repo_slug")
		if text("project_key") != "" {
			object = "project " + text("project_key")
		}
		if !isExclusive(resource) {
			c.facts[lineOf(object, text("user_id"), text("group_slug"))] = text("permission")
			break
		}
		c.whole = []string{object + ": "}
		for id, level := range textsIn(attributes["users"]) {
			c.facts[lineOf(object, id, "")] = level
		}
		for slug, level := range textsIn(attributes["groups"]) {
			c.facts[lineOf(object, "", slug)] = level
		}
	}
	return c
}

// keysIn are the texts of a set; none when it is null.
func keysIn(set tftypes.Value) []string {
	var elements []tftypes.Value
	if set.Type() == nil || set.IsNull() || set.As(&elements) != nil {
		return nil
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		_ = element.As(&texts[i])
	}
	return texts
}

// textsIn are the texts of a map; none when it is null.
func textsIn(m tftypes.Value) map[string]string {
	var elements map[string]tftypes.Value
	if m.Type() == nil || m.IsNull() || m.As(&elements) != nil {
		return nil
	}
	texts := map[string]string{}
	for key, element := range elements {
		var text string
		_ = element.As(&text)
		texts[key] = text
	}
	return texts
}

// of are the lines of the world that the claim is about.
func (c claim) of(live facts) facts {
	found := maps.Clone(live)
	maps.DeleteFunc(found, func(line, _ string) bool {
		_, said := c.facts[line]
		return !said && !slices.ContainsFunc(c.whole, func(object string) bool { return strings.HasPrefix(line, object) })
	})
	return found
}

// on is what the world would be with a claim.
func (c claim) on(live facts) facts {
	after := maps.Clone(live)
	for line := range c.of(live) {
		delete(after, line)
	}
	maps.Copy(after, c.facts)
	return after
}

// without is what the world would be without what is claimed.
func (c claim) without(live facts) facts {
	after := maps.Clone(live)
	for line := range c.of(live) {
		delete(after, line)
	}
	return after
}
