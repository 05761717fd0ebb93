//go:build linux

package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// allAccess is all the access in a world, in all workspaces and organizations: what it is, in words, and its level. Groups and people are in it by
// name and by address, so that it can be told beforehand what a group will have that does not exist yet.
type allAccess map[string]string

// accessIn lists all the access in a world.
func accessIn(world simulator.Seed) allAccess {
	all, people, invited := allAccess{}, map[string]string{}, map[string]bool{}
	for _, u := range world.Users {
		people[u.UUID], invited[u.UUID] = u.Email, u.Invited
	}
	for _, o := range world.Organizations {
		for _, g := range o.Groups {
			all[groupKey(o.Name, g.Name)] = roleLevel(g.Roles)
			for _, uuid := range g.Members {
				key := memberKey(o.Name, g.Name, people[uuid])
				if invited[uuid] {
					key = invitedKey(o.Name, g.Name, people[uuid])
				}
				all[key] = "in"
			}
		}
	}
	for _, ws := range world.Workspaces {
		all.addWorkspace(ws, people)
	}
	return all
}

func (all allAccess) addWorkspace(ws simulator.SeedWorkspace, people map[string]string) {
	names := map[string]string{}
	for _, m := range ws.Members {
		all[ws.Slug+" role "+people[m.User]] = m.Role
	}
	for _, g := range ws.Groups {
		names[g.Slug] = g.Name
		all[groupKey(ws.Slug, g.Name)] = settingsLevel(g.Permission, g.AutoAdd)
		if ws.OrganizationManaged {
			continue // the organization says who is in it
		}
		for _, uuid := range g.Members {
			all[memberKey(ws.Slug, g.Name, people[uuid])] = "in"
		}
	}
	for _, g := range ws.Grants {
		object, principal := "repository "+g.Repository, "user "+people[g.User]
		if g.Project != "" {
			object = "project " + g.Project
		}
		if g.Group != "" {
			principal = "group " + names[g.Group]
		}
		all[grantKey(ws.Slug, object, principal)] = g.Permission
	}
	for _, i := range ws.Invitations {
		for _, slug := range i.Groups {
			all[invitedKey(ws.Slug, names[slug], i.Email)] = "in"
		}
		if i.Repository != "" {
			all[ws.Slug+" invited to "+i.Repository+": "+i.Email] = i.Permission
		}
	}
}

// grantKey is the word for a permission of somebody on an object.
func grantKey(workspace, object, principal string) string {
	return workspace + " " + object + ": " + principal
}

// groupKey is the word for a group. home is the slug of a workspace, or the name of the organization that has its groups.
func groupKey(home, name string) string { return home + " group " + name }

// memberKey is the word for a membership.
func memberKey(home, group, email string) string { return home + " members of " + group + ": " + email }

// invitedKey is the word for a membership that is not accepted yet.
func invitedKey(home, group, email string) string {
	return home + " invited to " + group + ": " + email
}

// settingsLevel is the level of a group in Bitbucket, and roleLevel that of one in an organization.
func settingsLevel(permission string, autoAdd bool) string {
	return fmt.Sprintf("permission %q, auto_add %t", permission, autoAdd)
}

func roleLevel(roles map[string]string) string { return fmt.Sprint("roles ", len(roles), roles) }

// newGroups are the levels of a group that was made and not set up yet, which takes another request.
var newGroups = []string{settingsLevel("", false), roleLevel(nil)}

// differences are the keys that two worlds do not agree on.
func (all allAccess) differences(other allAccess) []string {
	keys := maps.Clone(all)
	maps.Copy(keys, other)
	maps.DeleteFunc(keys, func(key, _ string) bool { return all[key] == other[key] })
	return slices.Sorted(maps.Keys(keys))
}

// wish is what a configuration asks for.
type wish struct {
	configuration string
	access        allAccess
	owners        map[string]string // the address of the resource by the access that it manages
	lists         map[string]string // the address of the resource by what all access to an object that it owns begins with
}

// owner is the address of the resource that manages an access; "" when none does.
func (w wish) owner(key string) string {
	for prefix, address := range w.lists {
		if strings.HasPrefix(key, prefix) {
			return address
		}
	}
	return w.owners[key]
}

// addresses are those of all resources.
func (w wish) addresses() []string {
	all := map[string]bool{}
	for _, owned := range []map[string]string{w.owners, w.lists} {
		for _, address := range owned {
			all[address] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// journey is the way from one configuration to the next.
type journey struct {
	from, to     wish
	before, want allAccess
}

// newJourney is the way from a world as it is, which from has made, to what the next configuration says.
func newJourney(before allAccess, from, to wish) journey {
	want := maps.Clone(before)
	maps.DeleteFunc(want, func(key, _ string) bool { return from.owner(key) != "" || to.owner(key) != "" })
	maps.Copy(want, to.access)
	return journey{from, to, before, want}
}

// mayBe tells whether an access may have a level on the way: a group is made before it is set up, and what is replaced is gone in between.
func (j journey) mayBe(key, level, action string) bool {
	return slices.Contains(newGroups, level) && j.before[key] == "" && j.to.owner(key) != "" || level == "" && action == "replace"
}
