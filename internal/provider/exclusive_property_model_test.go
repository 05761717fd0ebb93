package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// accessOf is who has which level, by UUID or slug. Members of a group have "member".
type accessOf map[string]string

// listSettings are how a list is configured.
type listSettings struct {
	wanted  accessOf
	report  bool
	ignored []string // slugs
	words   []string // what the ignored groups are called
}

// ownedList is a list that a resource of the configuration owns.
type ownedList struct {
	resource, attribute string // its type and what names the object
	object, label       string
	levels, principals  []string // what can be given to whom
	live                accessOf
	was, is             listSettings // was is what has been applied before; without wanted when nothing has
}

func (l *ownedList) address() string { return "bitbucket_" + l.resource + "_exclusive." + l.label }

// split parts who is on the list into what the state shows by some settings, and the extras.
func (l *ownedList) split(s listSettings) (held, extras accessOf) {
	held, extras = accessOf{}, accessOf{}
	for id, level := range l.live {
		switch _, named := s.wanted[id]; {
		case !named && slices.Contains(s.ignored, id):
		case !named && s.report:
			extras[id] = level
		default:
			held[id] = level
		}
	}
	return held, extras
}

// after is who is on the list once it is as configured.
func (l *ownedList) after() accessOf {
	after := maps.Clone(l.is.wanted)
	for id, level := range l.live {
		if _, named := after[id]; !named && (l.is.report || slices.Contains(l.is.ignored, id)) {
			after[id] = level
		}
	}
	return after
}

// listPlan is what a plan shows of a list.
type listPlan struct {
	Action                                 string
	Held                                   accessOf // in the state, refreshed
	Before, Revokes, Lowers, Extras, Named []string // Before are extras of the state, and Named is who is named in warnings
}

// expected is what the plan of a list must show, and the number of writes that carry it out.
func (p *property) expected(l *ownedList) (plan listPlan, writes int) {
	after := l.after()
	row := func(id, more string) string {
		if level := l.live[id]; level != "member" {
			more = level + more
		}
		return fmt.Sprintf("%s (%s) %s", p.names[id], id, more)
	}
	_, extras := l.split(l.is)
	for _, id := range slices.Sorted(maps.Keys(extras)) {
		plan.Extras, plan.Named = append(plan.Extras, row(id, "")), append(plan.Named, id)
	}
	for _, id := range slices.Sorted(slices.Values(l.principals)) {
		before, now := l.live[id], after[id]
		switch rank := slices.Index(l.levels, now); {
		case before == now:
			continue
		case now == "":
			plan.Revokes, plan.Named = append(plan.Revokes, row(id, "")), append(plan.Named, id)
		case rank < slices.Index(l.levels, before):
			plan.Lowers, plan.Named = append(plan.Lowers, row(id, " to "+now)), append(plan.Named, id)
		}
		writes++
	}
	plan.Action = "create"
	if l.was.wanted != nil {
		plan.Held, extras = l.split(l.was)
		for _, id := range slices.Sorted(maps.Keys(extras)) {
			plan.Before = append(plan.Before, row(id, ""))
		}
		plan.Action = "update"
		if maps.Equal(plan.Held, l.is.wanted) && l.was.report == l.is.report && slices.Equal(l.was.words, l.is.words) {
			plan.Action = "no-op"
		}
	}
	for _, rows := range [][]string{plan.Before, plan.Revokes, plan.Lowers, plan.Extras, plan.Named} {
		slices.Sort(rows)
	}
	return plan, writes
}

// shown is what the plan of a list shows.
func (p *property) shown(plan savedPlan, l *ownedList) listPlan {
	rows := func(lists ...[]listRow) (texts []string) {
		for _, r := range slices.Concat(lists...) {
			text := fmt.Sprintf("%s (%s%s) %s", r.Name, r.UserID, r.GroupSlug, r.Permission)
			if r.Becomes != "" {
				text += " to " + r.Becomes
			}
			texts = append(texts, text)
		}
		slices.Sort(texts)
		return texts
	}
	var shown listPlan
	for _, c := range plan.Changes {
		if c.Address != l.address() {
			continue
		}
		shown.Action = strings.Join(c.Change.Actions, " and ")
		shown.Revokes, shown.Lowers, shown.Extras = rows(c.Change.After.Revokes), rows(c.Change.After.Lowers), rows(c.Change.After.Extras)
		if before := c.Change.Before; before != nil {
			shown.Before = rows(before.Extras, before.Revokes, before.Lowers)
			shown.Held = accessOf{}
			for _, id := range before.UserIDs {
				shown.Held[p.who(id)] = "member"
			}
			for _, levels := range []map[string]string{before.Users, before.Groups} {
				for id, level := range levels {
					shown.Held[p.who(id)] = level
				}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(p.names)) {
		if strings.Contains(plan.warnings[l.address()], "("+id+")") {
			shown.Named = append(shown.Named, id)
		}
	}
	return shown
}

// live is who is on a list in Bitbucket.
func (p *property) live(l *ownedList) accessOf {
	live := accessOf{}
	if l.resource == "group_members" {
		group, _ := p.Group("acme", l.object)
		for _, id := range group.Members {
			live[id] = "member"
		}
		return live
	}
	for _, g := range p.Grants("acme") {
		if l.owns(g) {
			live[g.User+g.Group] = g.Permission
		}
	}
	return live
}

func (l *ownedList) owns(g simulator.Grant) bool {
	return map[string]string{"project_key": g.Project, "repo_slug": g.Repository}[l.attribute] == l.object
}

// setLive changes in Bitbucket who is on a list.
func (p *property) setLive(l *ownedList, to accessOf) {
	for _, id := range l.principals {
		level, had := to[id], l.live[id] != ""
		grant := simulator.Grant{Workspace: "acme", Permission: level}
		if p.words[id] != "" {
			grant.User = id
		} else {
			grant.Group = id
		}
		switch l.attribute {
		case "project_key":
			grant.Project = l.object
		case "repo_slug":
			grant.Repository = l.object
		}
		switch isGroup := l.attribute == "group_slug"; {
		case level == l.live[id]:
		case isGroup && had:
			p.RemoveGroupMember("acme", l.object, id)
		case isGroup:
			p.AddGroupMember("acme", l.object, id)
		case level == "":
			p.Revoke(grant)
		default:
			p.Grant(grant)
		}
	}
	l.live = to
}

// outside is the world without what is on the lists.
func (p *property) outside() simulator.Seed {
	world := p.Snapshot()
	for _, l := range p.lists {
		ws := &world.Workspaces[0]
		ws.Grants = slices.DeleteFunc(ws.Grants, l.owns)
		for i := range ws.Groups {
			if ws.Groups[i].Slug == l.object {
				ws.Groups[i].Members = nil
			}
		}
		for _, o := range world.Organizations {
			for i := range o.Groups {
				if o.Groups[i].ID == l.object {
					o.Groups[i].Members = nil
				}
			}
		}
	}
	return world
}
