package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// who is access to an object: people and groups by the names that Bitbucket shows, with their levels.
type who map[string]string

// owned is an object of workspace acme whose whole list one resource owns. The resource is named after the object's kind.
type owned struct{ kind, resource, attribute, object string }

// ownedObjects are the objects that the tests own, one of each kind.
func ownedObjects(w *acctest.World) []owned {
	return []owned{
		{"repository", "bitbucket_repository_permissions_exclusive", "repo_slug", "api"},
		{"project", "bitbucket_project_permissions_exclusive", "project_key", "PLAT"},
		{"group", "bitbucket_group_members_exclusive", "group_slug", w.Developers},
	}
}

// ownedRepository is repository api, for tests of what does not depend on the kind.
func ownedRepository(w *acctest.World) owned { return ownedObjects(w)[0] }

// named is the same kind of object by another name.
func (o owned) named(object string) owned {
	o.object = object
	return o
}

func (o owned) address() string { return o.resource + "." + o.kind }

// personNamed returns a person of the world by name.
func personNamed(w *acctest.World, name string) (simulator.User, bool) {
	users := w.Snapshot().Users
	i := slices.IndexFunc(users, func(u simulator.User) bool { return u.DisplayName == name })
	if i < 0 {
		return simulator.User{}, false
	}
	return users[i], true
}

// groupNamed returns a group of workspace acme by name.
func groupNamed(w *acctest.World, name string) (simulator.Group, bool) {
	groups := w.Groups("acme")
	i := slices.IndexFunc(groups, func(g simulator.Group) bool { return g.Name == name })
	if i < 0 {
		return simulator.Group{}, false
	}
	return groups[i], true
}

// idsOf splits access into that of people, by UUID, and that of groups, by slug.
func idsOf(w *acctest.World, all who) (users, groups who) {
	users, groups = who{}, who{}
	for name, level := range all {
		if u, ok := personNamed(w, name); ok {
			users[u.UUID] = level
		} else if g, ok := groupNamed(w, name); ok {
			groups[g.Slug] = level
		} else {
			panic("nobody is called " + name)
		}
	}
	return users, groups
}

// fits is access as this kind of object can have it: a group has people as members and no levels.
func (o owned) fits(w *acctest.World, all who) who {
	if o.kind != "group" {
		return together(all)
	}
	fitting := who{}
	for name := range all {
		if _, ok := personNamed(w, name); ok {
			fitting[name] = "member"
		}
	}
	return fitting
}

// block writes the resource that owns the object, and in which nobody else than those has access.
func (o owned) block(w *acctest.World, all who, settings ...string) string {
	users, groups := idsOf(w, all)
	return o.blockOf(users, groups, settings...)
}

// blockOf writes the resource with ids as they are to be spelled.
func (o owned) blockOf(users, groups who, settings ...string) string {
	columns := fmt.Sprintf("users = {%s}\n  groups = {%s}", mapping(users), mapping(groups))
	if o.kind == "group" {
		columns = fmt.Sprintf("user_ids = [%s]", strings.Join(quoted(slices.Sorted(maps.Keys(users))), ", "))
	}
	return fmt.Sprintf("\nresource %q %q {\n  workspace = \"acme\"\n  %s = %q\n  %s\n  %s\n}\n", o.resource, o.kind, o.attribute, o.object, columns,
		strings.Join(settings, "\n  "))
}

func mapping(all who) string {
	var lines strings.Builder
	for _, key := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&lines, "\n    %q = %q", key, all[key])
	}
	return lines.String()
}

// quoted are texts as a configuration writes them.
func quoted(texts []string) []string {
	written := make([]string, len(texts))
	for i, text := range texts {
		written[i] = fmt.Sprintf("%q", text)
	}
	return written
}

// blocksOf writes the resources that own several objects.
func blocksOf(w *acctest.World, objects []owned, all who, settings ...string) string {
	var text strings.Builder
	for _, o := range objects {
		text.WriteString(o.block(w, all, settings...))
	}
	return text.String()
}

// live is who has access now.
func (o owned) live(w *acctest.World) who {
	world, held := w.Snapshot(), who{}
	name := func(uuid string) string {
		i := slices.IndexFunc(world.Users, func(u simulator.User) bool { return u.UUID == uuid })
		return world.Users[i].DisplayName
	}
	if o.kind == "group" {
		g, _ := w.Group("acme", o.object)
		if w.Organization != "" {
			of, _ := w.OrganizationGroup(w.Organization, o.object)
			g.Members = of.Members
		}
		for _, uuid := range g.Members {
			held[name(uuid)] = "member"
		}
		return held
	}
	for _, g := range w.Grants("acme") {
		switch {
		case g.Repository+g.Project != o.object:
		case g.User != "":
			held[name(g.User)] = g.Permission
		default:
			group, _ := w.Group("acme", g.Group)
			held[group.Name] = g.Permission
		}
	}
	return held
}

// become makes access what it is not yet, behind the provider's back.
func (o owned) become(w *acctest.World, all who) {
	before := o.live(w)
	all = o.fits(w, all)
	for name := range before {
		if _, stays := all[name]; !stays {
			o.change(w, name, "")
		}
	}
	for name, level := range all {
		if before[name] != level {
			o.change(w, name, level)
		}
	}
}

// change gives somebody a level, or takes it away when it is "".
func (o owned) change(w *acctest.World, name, level string) {
	users, groups := idsOf(w, who{name: level})
	for id := range users {
		switch {
		case o.kind == "group" && level == "":
			w.RemoveGroupMember("acme", o.object, id)
		case o.kind == "group":
			w.AddGroupMember("acme", o.object, id)
		default:
			o.grant(w, simulator.Grant{User: id, Permission: level})
		}
	}
	for slug := range groups {
		o.grant(w, simulator.Grant{Group: slug, Permission: level})
	}
}

func (o owned) grant(w *acctest.World, g simulator.Grant) {
	g.Workspace = "acme"
	if o.kind == "repository" {
		g.Repository = o.object
	} else {
		g.Project = o.object
	}
	if g.Permission == "" {
		w.Revoke(g)
		return
	}
	w.Grant(g)
}

// expectAccess compares who has access with who should have it.
func expectAccess(t *testing.T, w *acctest.World, o owned, want who) {
	t.Helper()
	if diff := cmp.Diff(o.fits(w, want), o.live(w)); diff != "" {
		t.Errorf("access to %s %s (-want +live):\n%s", o.kind, o.object, diff)
	}
}

// nameOf is the name of the person or group with an id of any kind.
func nameOf(w *acctest.World, id string) (string, bool) {
	for _, u := range w.Snapshot().Users {
		if u.UUID == id || u.AccountID == id {
			return u.DisplayName, true
		}
	}
	g, ok := w.Group("acme", id)
	return g.Name, ok
}

// everybody is everybody in the world, and every group of workspace acme.
func everybody(w *acctest.World) who {
	all := who{}
	for _, u := range w.Snapshot().Users {
		all[u.DisplayName] = ""
	}
	for _, g := range w.Groups("acme") {
		all[g.Name] = ""
	}
	return all
}

// keysOf are the names of those who have access.
func keysOf(all who) []string { return slices.Sorted(maps.Keys(all)) }
