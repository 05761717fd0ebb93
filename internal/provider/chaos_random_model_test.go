package provider_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// What a random configuration manages: single entries of some objects, the whole lists of others.
var (
	singly = []owned{
		{"repository", "", "repo_slug", "api"},
		{"repository", "", "repo_slug", "infra"},
		{"project", "", "project_key", "PLAT"},
		{"group", "", "group_slug", "Ops"},
		{"group", "", "group_slug", "Auditors"},
	}
	wholly = []owned{
		{"repository", listedRepoLists, "repo_slug", "web"}, {"project", listedProjectLists, "project_key", "OPS"}, {"group", listedGroupLists, "group_slug", "Developers"},
	}
	// Somebody who may be given access, and groups that may be.
	someone  = []string{"Grace", "Linus", "Barbara"}
	someTeam = []string{"Developers", "Auditors", "Ops"}
	// madeGroups are groups that the configuration makes, and invitedPeople whom it invites.
	madeGroups    = []string{"Testers", "Writers"}
	invitedPeople = []string{"joan@acme.example", "ken@acme.example"}
)

// randomAccess is a configuration that changes at random, in a world that does.
type randomAccess struct {
	*acctest.World
	*rand.Rand

	resources map[string]*managedResource // by address: the configuration and the state
	wanted    map[string]bool             // whether the configuration holds the resource
	ids       map[string]string           // of people and of groups that are there from the start, by name
	away      []string                    // who has left the workspace
}

func newRandomAccess(w *acctest.World, dice *rand.Rand) *randomAccess {
	a := &randomAccess{World: w, Rand: dice, resources: map[string]*managedResource{}, wanted: map[string]bool{}, ids: map[string]string{}}
	for _, name := range someone {
		u, _ := personNamed(w, name)
		a.ids[name] = u.UUID
	}
	for _, name := range someTeam {
		g, _ := groupNamed(w, name)
		a.ids[name] = g.Slug
	}
	return a
}

// one picks one of several.
func one[T any](dice *rand.Rand, several []T) T { return several[dice.IntN(len(several))] }

// object is what an object is called in addresses.
func (a *randomAccess) object(o owned) string {
	if o.kind == "group" {
		return a.ids[o.object]
	}
	return o.object
}

// level picks one of the permissions on an object.
func (a *randomAccess) level(o owned) string {
	levels := []string{simulator.Read, simulator.Write, simulator.Admin}
	if o.kind == "project" {
		levels = append(levels, simulator.CreateRepo)
	}
	return one(a.Rand, levels)
}

// reconfigure changes the configuration in one place.
func (a *randomAccess) reconfigure() {
	var resource, address string
	settings := map[string]tftypes.Value{"workspace": str("acme")}
	switch kind := a.IntN(10); {
	case kind < 5:
		o := one(a.Rand, singly)
		settings[o.attribute] = str(a.object(o))
		who, isPerson := one(a.Rand, someone), o.kind == "group" || a.IntN(2) == 0
		if !isPerson {
			who = one(a.Rand, someTeam)
		}
		resource, address = a.entry(o, who, isPerson, settings), o.kind+" "+o.object+" "+who
	case kind < 8:
		o := one(a.Rand, wholly)
		resource, address = o.resource, o.kind+" "+o.object
		settings[o.attribute] = str(a.object(o))
		a.list(o, settings)
	case kind == 8:
		address, resource = one(a.Rand, madeGroups), listedGroups
		settings["name"] = str(address)
		if a.Organization == "" && a.IntN(2) == 0 {
			settings["permission"] = str(one(a.Rand, []string{simulator.Read, simulator.Write}))
		}
	default:
		if a.Organization != "" {
			return
		}
		address, resource = one(a.Rand, invitedPeople), "bitbucket_workspace_invitation"
		settings["email"] = str(address)
		settings["group_slugs"] = tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{str(a.ids["Ops"])})
	}
	if a.wanted[address] && a.IntN(3) == 0 {
		a.wanted[address] = false
		return
	}
	a.wanted[address] = true
	if a.resources[address] == nil {
		a.resources[address] = &managedResource{}
	}
	a.resources[address].written = written{resource, settings}
}

// entry are the settings of a resource for one entry of an object, and its type.
func (a *randomAccess) entry(o owned, who string, isPerson bool, settings map[string]tftypes.Value) string {
	principal := map[bool]string{true: "user", false: "group"}[isPerson]
	settings[map[bool]string{true: "user_id", false: "group_slug"}[isPerson]] = str(a.ids[who])
	if o.kind == "group" {
		settings["group_slug"] = str(a.object(o))
		return listedMembers
	}
	settings["permission"] = str(a.level(o))
	return fmt.Sprintf("bitbucket_%s_%s_permission", o.kind, principal)
}

// list are the settings of a resource for a whole list.
func (a *randomAccess) list(o owned, settings map[string]tftypes.Value) {
	users, groups := map[string]string{}, map[string]string{}
	for _, name := range someone {
		if a.IntN(2) == 0 {
			users[a.ids[name]] = a.level(o)
		}
	}
	if o.kind == "group" {
		var ids []tftypes.Value
		for id := range users {
			ids = append(ids, str(id))
		}
		settings["user_ids"] = tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, ids)
		return
	}
	for _, name := range someTeam {
		if a.IntN(3) == 0 {
			groups[a.ids[name]] = a.level(o)
		}
	}
	settings["users"], settings["groups"] = texted(users), texted(groups)
}

// meddle changes something in the world, behind the back of the configuration.
func (a *randomAccess) meddle() {
	live := liveFacts(a.World)
	switch kind := a.IntN(12); {
	case kind == 0 && len(a.away) == 0:
		name := one(a.Rand, someone)
		a.away = append(a.away, name)
		a.RemoveMember("acme", a.ids[name])
		if a.Organization != "" { // where whoever is let in by a group alone loses all access with it, which no model here knows
			a.comeBack()
		}
	case kind == 1:
		if g, there := groupNamed(a.World, one(a.Rand, madeGroups)); there {
			a.RemoveGroup("acme", g.Slug)
		}
	case kind == 2:
		if email := one(a.Rand, invitedPeople); live["invitation "+email] != "" {
			a.CancelInvitation("acme", email)
		}
	default:
		o := one(a.Rand, slices.Concat(singly, wholly))
		who, isPerson := one(a.Rand, someone), o.kind == "group" || a.IntN(2) == 0
		if !isPerson {
			who = one(a.Rand, someTeam)
		}
		if slices.Contains(a.away, who) {
			return
		}
		o.object = a.object(o)
		has := live[lineOf(o.kind+" "+o.object, map[bool]string{true: a.ids[who]}[isPerson], map[bool]string{false: a.ids[who]}[isPerson])]
		level := a.level(o)
		switch {
		case has != "" && (o.kind == "group" || a.IntN(2) == 0):
			o.change(a.World, who, "")
		case level != has:
			o.change(a.World, who, level)
		}
	}
}

// comeBack lets those into the workspace again who have left it.
func (a *randomAccess) comeBack() {
	for _, name := range a.away {
		a.AddMember("acme", a.ids[name], simulator.RoleMember)
	}
	a.away = nil
}

// expected is what the world becomes by applying the configuration, if all goes well. Groups that it makes are told by their names.
func (a *randomAccess) expected(t *testing.T, live facts) facts {
	t.Helper()
	after := maps.Clone(live)
	for _, address := range slices.Sorted(maps.Keys(a.resources)) {
		r := a.resources[address]
		switch made := r.resource == listedGroups; {
		case made && (a.wanted[address] || r.state != nil):
			maps.DeleteFunc(after, func(line, _ string) bool { return line == "group named "+address })
			if a.wanted[address] {
				after["group named "+address] = settingsOf(r)
			}
		case a.wanted[address]:
			after = claimOf(r.resource, r.settings).on(after)
		case r.state != nil:
			said, _ := r.says(t)
			after = said.without(after)
		}
	}
	return after
}

// settingsOf is what a group is configured to be.
func settingsOf(r *managedResource) string {
	var name, permission string
	_ = r.settings["name"].As(&name)
	if value, ok := r.settings["permission"]; ok {
		_ = value.As(&permission)
	}
	return groupSettings(name, permission, false)
}

// facts are those of the world; groups that the configuration makes are told by their names, because they get another id each time.
func (a *randomAccess) facts() facts {
	live := liveFacts(a.World)
	if a.Organization != "" { // whoever joins a group joins the workspace
		maps.DeleteFunc(live, func(line, _ string) bool { return strings.HasPrefix(line, "workspace acme: ") })
	}
	for _, name := range madeGroups {
		if g, there := groupNamed(a.World, name); there {
			live["group named "+name] = live["group "+g.Slug]
			maps.DeleteFunc(live, func(line, _ string) bool { return strings.HasPrefix(line, "group "+g.Slug) })
		}
	}
	return live
}
