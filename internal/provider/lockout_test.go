package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// loss is a resource that holds the last admin permission of Grace on a place, and what becomes of it in the plan that takes that away.
type loss struct {
	address string
	place   place
	group   bool // whether Grace has the permission through the group of leads
	before  string
	after   string // "" when the block is removed
}

// entryLosses are the ways of losing the administration with resources for one grant, each on a place of its own, and however Grace is named.
func entryLosses(w *acctest.World) []loss {
	var losses []loss
	for i, c := range grantCases {
		kind, ids, another := "user", []string{w.Grace.UUID, w.Grace.AccountID, strings.ToUpper(bare(w.Grace.UUID))}, w.Linus.UUID
		if c.principal == "group_slug" {
			kind, ids, another = "group", []string{leads, leads, leads}, "developers"
		}
		for way, after := range map[string]func(here, there place) string{
			"destroyed": func(_, _ place) string { return "" },
			"lowered":   func(here, _ place) string { return here.entry("lowered", kind, ids[0], "write") },
			"handed":    func(here, _ place) string { return here.entry("handed", kind, another, "admin") },
			"moved":     func(_, there place) string { return there.entry("moved", kind, ids[1], "admin") },
		} {
			name := fmt.Sprintf("E%d_%s", i, strings.ToUpper(way))
			here, there := on(w, c.object, name, kind == "group"), on(w, c.object, "TO_"+name, kind == "group")
			id := ids[len(losses)%len(ids)]
			if way == "lowered" || way == "moved" {
				id = ids[2]
			}
			losses = append(losses, loss{
				address: "bitbucket_" + c.name + "." + way, place: here, group: kind == "group",
				before: here.entry(way, kind, id, "admin"), after: after(here, there),
			})
		}
	}
	return losses
}

// listLosses are the ways of losing the administration with resources that own the whole list, each on a place of its own.
func listLosses(w *acctest.World) []loss {
	var losses []loss
	for _, attribute := range []string{"repo_slug", "project_key"} {
		both, groups := []string{w.Grace.AccountID, "admin", w.Linus.UUID, "read"}, []string{leads, "admin"}
		for way, after := range map[string]func(here, there place) string{
			"destroyed": func(_, _ place) string { return "" },
			"taken_out": func(here, _ place) string { return here.list("taken_out", both[2:], nil) },
			"lowered": func(here, _ place) string {
				return here.list("lowered", []string{bare(w.Grace.UUID), "write", w.Linus.UUID, "admin"}, nil)
			},
			"emptied": func(here, _ place) string { return here.list("emptied", nil, nil) },
			"moved":   func(_, there place) string { return there.list("moved", both, nil) },

			"group_taken_out": func(here, _ place) string { return here.list("group_taken_out", nil, []string{"developers", "write"}) },
			"group_lowered":   func(here, _ place) string { return here.list("group_lowered", both[2:], []string{leads, "write"}) },
		} {
			group := strings.HasPrefix(way, "group")
			here, there := on(w, attribute, "L_"+strings.ToUpper(way), group), on(w, attribute, "TO_L_"+strings.ToUpper(way), group)
			l := loss{
				address: here.listAddress(way), place: here, group: group,
				before: here.list(way, both, nil), after: after(here, there),
			}
			if group {
				l.before = here.list(way, nil, groups)
			}
			losses = append(losses, l)
		}
	}
	return losses
}

// allowing puts allow_self_lockout = true into every resource of a configuration.
func allowing(config string) string {
	return strings.ReplaceAll(config, "\n  workspace = ", "\n  "+allowed+"\n  workspace = ")
}

// expectGrace demands whether Grace has admin on the places of losses.
func expectGrace(t *testing.T, w *acctest.World, losses []loss, has bool) {
	t.Helper()
	for _, l := range losses {
		g := l.place.grant(w.Grace.UUID, "", "")
		if l.group {
			g = l.place.grant("", leads, "")
		}
		if got := w.Permission(g); (got == simulator.Admin) != has {
			t.Errorf("%s: Grace has %s on %s", l.address, got, l.place)
		}
	}
}

// TestNoPlanTakesTheLastAdministrationAwayUnlessAllowed holds that no plan takes the last administration away unless the configuration
// allows it, whichever the resource and whichever the change.
func TestNoPlanTakesTheLastAdministrationAwayUnlessAllowed(t *testing.T) {
	t.Parallel()
	for kind, lossesOf := range map[string]func(*acctest.World) []loss{"one grant each": entryLosses, "whole lists": listLosses} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := byGrace(t)
			losses := lossesOf(w)
			before, after, refusals := "", "", make([][]string, len(losses))
			for i, l := range losses {
				before, after = before+l.before, after+l.after
				refusals[i] = []string{isLockout, l.place.String() + ":", "no longer administer", allowed}
			}
			c := w.Command(t, before)
			c.Run(t, 0, "apply", "-auto-approve")
			for _, refused := range []struct {
				config string
				args   []string
			}{{after, []string{"plan"}}, {"", []string{"plan"}}, {before, []string{"plan", "-destroy"}}, {after, []string{"apply", "-auto-approve"}}} {
				c.Write(t, refused.config)
				expectRemarks(t, about(remarks(t, c, 1, refused.args...), "error", ""), refusals...)
				expectNoWrites(t, w)
			}
			expectGrace(t, w, losses, true)

			c.Write(t, allowing(before))
			c.Run(t, 0, "apply", "-auto-approve")
			expectNoWrites(t, w)
			c.Write(t, allowing(after))
			expectRemarks(t, about(remarks(t, c, 0, "plan"), "warning", mayLockOut))
			c.Run(t, 0, "destroy", "-auto-approve")
			expectGrace(t, w, losses, false)
		})
	}
}
