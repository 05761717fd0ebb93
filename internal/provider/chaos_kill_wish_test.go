//go:build linux

package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// chaosChanges is how many accesses the apply of a wish has to change at least.
const chaosChanges = 200

// wishing is a wish that is being made: the arguments of the instances of each resource.
type wishing struct {
	wish
	*chaosCast
	instances map[string]map[string]map[string]any
}

// wish makes a random wish.
func (c *chaosCast) wish() wish {
	w := &wishing{wish{"", allAccess{}, map[string]string{}, map[string]string{}}, c, map[string]map[string]map[string]any{}}
	w.additive()
	w.madeGroups()
	w.invitations()
	w.owned()
	w.configuration = w.text()
	return w.wish
}

// add adds an instance of a resource with its arguments, and with the access that it manages.
func (w *wishing) add(kind, label, key string, arguments map[string]any, access allAccess) (address string) {
	name := fmt.Sprintf("%q %q", "bitbucket_"+kind, label)
	if w.instances[name] == nil {
		w.instances[name] = map[string]map[string]any{}
	}
	w.instances[name][key] = arguments
	address = fmt.Sprintf("bitbucket_%s.%s[%q]", kind, label, key)
	for what, level := range access {
		w.access[what], w.owners[what] = level, address
	}
	return address
}

func (w *wishing) happens(percent int) bool { return w.IntN(100) < percent }

// level is a random level on a repository or on a project; "" is none.
func (w *wishing) level(object string) string {
	levels := []string{"", simulator.Read, simulator.Write, simulator.Admin}
	if strings.HasPrefix(object, "project") {
		levels = append(levels, simulator.CreateRepo)
	}
	return levels[w.IntN(len(levels))]
}

// someone returns the n-th of the people, over and over.
func (c *chaosCast) someone(n int) simulator.User { return c.people[n%len(c.people)] }

// additive wishes for single permissions and memberships, of people and of groups that are there.
func (w *wishing) additive() {
	grants := func(object, attribute, name string, people, groups int) {
		first := w.IntN(len(w.people))
		for n := range people + groups {
			kind, by, id, level := "user", "user_id", w.someone(first+n).UUID, w.level(object)
			principal := "user " + w.someone(first+n).Email
			if n >= people {
				g := w.groups[w.ownGroups+n-people]
				kind, by, id, principal = "group", "group_slug", g.Slug, "group "+g.Name
			}
			if level != "" {
				w.add(object+"_"+kind+"_permission", "it", name+"/"+principal, map[string]any{attribute: name, by: id, "permission": level},
					allAccess{grantKey("acme", object+" "+name, principal): level})
			}
		}
	}
	for _, slug := range w.repositories[w.ownRepos:] {
		grants("repository", "repo_slug", slug, 5, 3)
	}
	for _, key := range w.projects[1:] {
		grants("project", "project_key", key, 6, 4)
	}
	for i, g := range w.groups[w.ownGroups:] {
		for n := range 4 {
			if u := w.someone(3*i + n); w.happens(50) {
				w.add("group_membership", "it", fmt.Sprintf("%d/%d", i, n), map[string]any{"group_slug": g.Slug, "user_id": u.AccountID},
					allAccess{memberKey(w.home, g.Name, u.Email): "in"})
			}
		}
	}
}

// madeGroups wishes for groups, with members and a permission. Only Bitbucket lets a group be renamed and set up.
func (w *wishing) madeGroups() {
	for i := range 12 {
		name, permission, autoAdd := fmt.Sprintf("Team %d", i), "", false
		if w.role == "" && w.happens(40) {
			name = fmt.Sprintf("Crew %d", i)
		}
		if w.role == "" && w.happens(60) {
			permission, autoAdd = []string{"", simulator.Read, simulator.Write}[w.IntN(3)], w.happens(50)
		}
		if !w.happens(70) {
			continue
		}
		arguments := map[string]any{"name": name, "auto_add": autoAdd, "permission": permission}
		if permission == "" {
			arguments["permission"] = nil
		}
		access := allAccess{groupKey("acme", name): settingsLevel(permission, autoAdd)}
		if w.role != "" {
			access[groupKey(w.home, name)] = w.role
		}
		key := strconv.Itoa(i)
		w.add("group", "made", key, arguments, access)
		for n := range 2 {
			if u := w.someone(2*i + n); w.happens(60) {
				w.add("group_membership", "made", fmt.Sprintf("%d/%d", i, n), map[string]any{"group": key, "user_id": u.UUID},
					allAccess{memberKey(w.home, name, u.Email): "in"})
			}
		}
		repository := w.repositories[w.ownRepos+i%10]
		if level := w.level("repository"); level != "" {
			w.add("repository_group_permission", "made", key, map[string]any{"group": key, "repo_slug": repository, "permission": level},
				allAccess{grantKey("acme", "repository "+repository, "group "+name): level})
		}
	}
}

// invitations wishes for invitations into the one or the other pair of groups. Those to repositories are left out: nothing withdraws them.
func (w *wishing) invitations() {
	for i := range 10 {
		into, email := w.groups[w.ownGroups+2*w.IntN(3):][:2], fmt.Sprintf("new-%d@acme.example", i)
		if w.happens(60) {
			w.add("workspace_invitation", "it", email, map[string]any{"email": email, "group_slugs": []string{into[0].Slug, into[1].Slug}},
				allAccess{invitedKey(w.home, into[0].Name, email): "in", invitedKey(w.home, into[1].Name, email): "in"})
		}
	}
}

// owned wishes for whole lists.
func (w *wishing) owned() {
	permissions := func(object, attribute, name string) {
		users, groups, access, prefix := map[string]string{}, map[string]string{}, allAccess{}, grantKey("acme", object+" "+name, "")
		for i, u := range w.people[:12] {
			if level := w.level(object); level != "" {
				users[[]string{u.UUID, u.AccountID}[i%2]], access[prefix+"user "+u.Email] = level, level
			}
		}
		for _, g := range w.groups[:5] {
			if level := w.level(object); level != "" {
				groups[g.Slug], access[prefix+"group "+g.Name] = level, level
			}
		}
		if w.happens(85) {
			w.lists[prefix] = w.add(object+"_permissions_exclusive", "it", name, map[string]any{attribute: name, "users": users, "groups": groups}, access)
		}
	}
	for _, slug := range w.repositories[:w.ownRepos] {
		permissions("repository", "repo_slug", slug)
	}
	permissions("project", "project_key", w.projects[0])
	for _, g := range w.groups[:w.ownGroups] {
		ids, access := []string{}, allAccess{}
		for _, u := range w.people[8:] {
			if w.happens(50) {
				ids, access[memberKey(w.home, g.Name, u.Email)] = append(ids, u.UUID), "in"
			}
		}
		if w.happens(85) {
			w.lists[memberKey(w.home, g.Name, "")] = w.add("group_members_exclusive", "it", g.Name, map[string]any{"group_slug": g.Slug, "user_ids": ids}, access)
		}
	}
}

// text is the configuration: a block for each resource, whose instances are an object.
func (w *wishing) text() string {
	return blocks(slices.Sorted(maps.Keys(w.instances)), func(_ int, name string) string {
		instances := w.instances[name]
		encoded, err := json.Marshal(instances)
		if err != nil {
			panic(err) // it holds texts only
		}
		var arguments strings.Builder
		for attribute := range instances[slices.Min(slices.Collect(maps.Keys(instances)))] {
			assigned := attribute + " = each.value." + attribute
			if attribute == "group" {
				assigned = "group_slug = bitbucket_group.made[each.value.group].slug"
			}
			fmt.Fprintf(&arguments, "  %s\n", assigned)
		}
		return fmt.Sprintf("resource %s {\n  for_each = %s\n  workspace = \"acme\"\n%s}\n", name, encoded, &arguments)
	})
}
