package provider_test

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// everyKind is access of so many people and groups by each kind of resource: one resource for each to three objects, and one resource for all
// to three others, where somebody else loses it.
func everyKind(w *acctest.World, n int) []*limitedResource {
	populate(w)
	access := who{}
	for i := range n {
		access[w.AddPerson(fmt.Sprintf("Person %d", i), simulator.RoleMember).DisplayName] = simulator.Write
		access[w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)}).Name] = simulator.Read
	}
	var all []*limitedResource
	for i, o := range limitedObjects(w) {
		if i < 3 {
			all = append(all, o.singly(w, access)...)
		} else {
			all = append(all, o.wholly(w, access))
		}
	}
	return all
}

// line is access to an object in words.
func (o owned) line(name, level string) string {
	if o.kind == "group" {
		level = "member"
	}
	return fmt.Sprintf("%s: %s %s", o.object, name, level)
}

// singly gives access to an object by a resource for each person and group.
func (o owned) singly(w *acctest.World, access who) []*limitedResource {
	var all []*limitedResource
	users, groups := idsOf(w, o.fits(w, access))
	for kind, ids := range map[string]who{"user": users, "group": groups} {
		for id, level := range ids {
			settings := map[string]tftypes.Value{"workspace": str("acme"), o.attribute: str(o.object), "permission": str(level)}
			settings[map[string]string{"user": "user_id", "group": "group_slug"}[kind]] = str(id)
			resource := fmt.Sprintf("bitbucket_%s_%s_permission", o.kind, kind)
			if o.kind == "group" {
				resource = listedMembers
				delete(settings, "permission")
			}
			name, _ := nameOf(w, id)
			all = append(all, &limitedResource{managedResource{written: written{resource, settings}}, []string{o.line(name, level)}})
		}
	}
	return all
}

// wholly gives access to an object by one resource.
func (o owned) wholly(w *acctest.World, access who) *limitedResource {
	r := &limitedResource{managedResource: managedResource{written: written{o.resource, map[string]tftypes.Value{
		"workspace": str("acme"), o.attribute: str(o.object),
	}}}}
	for name, level := range o.fits(w, access) {
		r.gives = append(r.gives, o.line(name, level))
	}
	users, groups := idsOf(w, o.fits(w, access))
	if o.kind == "group" {
		var ids []tftypes.Value
		for id := range users {
			ids = append(ids, str(id))
		}
		r.settings["user_ids"] = tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, ids)
		return r
	}
	for name, ids := range map[string]who{"users": users, "groups": groups} {
		column := map[string]tftypes.Value{}
		for id, level := range ids {
			column[id] = str(level)
		}
		r.settings[name] = tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, column)
	}
	return r
}

// lines are the access to an object, a line for each.
func (o owned) lines(w *acctest.World) []string {
	var lines []string
	for name, level := range o.live(w) {
		lines = append(lines, o.line(name, level))
	}
	return lines
}

// limitedObjects are the objects that everyKind is about.
func limitedObjects(w *acctest.World) []owned {
	ops, _ := groupNamed(w, "Ops")
	all := ownedObjects(w)
	return append(all, all[0].named("web"), all[1].named("WEB"), all[2].named(ops.Slug))
}

// only are the resources of the exclusive kinds, or the others.
func only(exclusive bool, all []*limitedResource) []*limitedResource {
	return slices.DeleteFunc(all, func(r *limitedResource) bool { return isExclusive(r.resource) != exclusive })
}
