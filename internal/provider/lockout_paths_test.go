package provider_test

import (
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// path is a plan that takes administration of Grace away, and what else she may have.
type path struct {
	name          string
	before, after string
	warns         bool
	place         place
}

// paths are plans that leave Grace an admin permission, or one to a group in which she may be.
func paths(w *acctest.World) []path {
	grace, linus, none := w.Grace.UUID, w.Linus.UUID, []string(nil)
	admins := []string{grace, "admin", linus, "read"}
	w.AddGroup("acme", simulator.Group{Name: "Others"})
	var all []path
	add := func(name string, p place, warns bool, before, after string) {
		all = append(all, path{name: name, before: before, after: after, warns: warns, place: p})
	}
	for _, attribute := range []string{"repo_slug", "project_key"} {
		at := func(name string, throughGroup bool, more ...simulator.Grant) place {
			p := on(w, attribute, strings.ToUpper(name), throughGroup)
			for _, g := range more {
				w.Grant(p.grant(g.User, g.Group, g.Permission))
			}
			return p
		}
		toGrace := simulator.Grant{User: grace, Permission: simulator.Admin}
		toLeads, toOthers := simulator.Grant{Group: leads, Permission: simulator.Admin}, simulator.Grant{Group: "others", Permission: simulator.Admin}

		p := at("direct_stays", true, toGrace)
		add("direct_stays", p, false, p.entry("direct_stays", "group", leads, "admin"), "")
		p = at("group_stays", false, toLeads)
		add("group_stays", p, true, p.entry("group_stays", "user", grace, "admin"), "")
		p = at("other_group_stays", true, toOthers)
		add("other_group_stays", p, true, p.entry("other_group_stays", "group", leads, "admin"), p.entry("other_group_stays", "group", leads, "write"))
		p = at("list_keeps_direct", true)
		add("list_keeps_direct", p, false, p.list("list_keeps_direct", admins, []string{leads, "admin"}), p.list("list_keeps_direct", admins, none))
		p = at("list_keeps_group", true)
		add("list_keeps_group", p, true, p.list("list_keeps_group", admins, []string{leads, "admin"}), p.list("list_keeps_group", none, []string{leads, "admin"}))
		p = at("list_gives_direct", true)
		add("list_gives_direct", p, false, p.list("list_gives_direct", none, []string{leads, "admin"}), p.list("list_gives_direct", admins, none))
		p = at("list_gives_group", false)
		add("list_gives_group", p, true, p.list("list_gives_group", admins, none), p.list("list_gives_group", none, []string{"others", "admin"}))
		p = at("list_ignores_group", false, toLeads)
		add("list_ignores_group", p, true, "", p.list("list_ignores_group", []string{linus, "read"}, none, `ignore_groups = ["leads"]`))
		p = at("list_reports", false)
		add("list_reports", p, false, "", p.list("list_reports", []string{linus, "read"}, none, `unmanaged = "report"`))
		p = at("another_loses", false, simulator.Grant{User: linus, Permission: "admin"})
		add("another_loses", p, false, p.entry("another_loses", "user", linus, "admin"), "")
	}
	// Through the project of a repository.
	for name, throughGroup := range map[string]bool{"above_direct": false, "above_group": true} {
		project := on(w, "project_key", strings.ToUpper(name), throughGroup)
		for _, kind := range []string{"entry", "list"} {
			label := name + "_" + kind
			r := place{"repo_slug", w.AddRepository(simulator.Repository{Workspace: "acme", Project: project.name, Slug: label}).Slug}
			w.Grant(r.grant(grace, "", "admin"))
			if kind == "entry" {
				add(label, r, throughGroup, r.entry(label, "user", grace, "admin"), r.entry(label, "user", grace, "read"))
			} else {
				add(label, r, throughGroup, r.list(label, admins, none), r.list(label, []string{linus, "read"}, none))
			}
		}
	}
	return all
}

// TestAPlanPassesWhereAdministrationStaysByAnotherPath holds that a plan passes where Grace keeps an admin permission, with a warning where
// it cannot be seen whether she is in the group that has it.
func TestAPlanPassesWhereAdministrationStaysByAnotherPath(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	all := paths(w)
	before, after, warnings := "", "", [][]string{}
	for _, p := range all {
		before, after = before+p.before, after+p.after
		if p.warns {
			warnings = append(warnings, []string{mayLockOut, p.place.String() + ":", "who is in it cannot be seen"})
		}
	}
	c := w.Command(t, before)
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, after)
	expectRemarks(t, about(remarks(t, c, 0, "plan"), "warning", mayLockOut), warnings...)

	// Allowed, it is no matter for a warning. For what is destroyed, the state has to say so.
	c.Write(t, allowing(after))
	said := strings.ToLower(strings.Join(about(remarks(t, c, 0, "plan"), "warning", mayLockOut), "\n"))
	for _, p := range all {
		if got, want := strings.Contains(said, strings.ToLower(p.place.String())+":"), p.warns && p.after == ""; got != want {
			t.Errorf("%s on %s: with %s, a warning is %t, want %t", p.name, p.place, allowed, got, want)
		}
	}
}
