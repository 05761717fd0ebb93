package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhatLocksTheUserOutIsDoneLast holds that a plan that is allowed to lock Grace out is carried out as a whole: what she loses is taken away after
// everything for which she needs it.
func TestWhatLocksTheUserOutIsDoneLast(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	var users, groups []string
	for i := range 12 {
		users = append(users, w.AddPerson(fmt.Sprintf("Zoe %d", i), simulator.RoleMember).UUID, "write")
		groups = append(groups, w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Zebras %d", i)}).Slug, "read")
	}
	var before, after []string
	for name, through := range map[string]bool{"direct": false, "group": true} {
		for way, destroys := range map[string]bool{"taken_out": false, "destroyed": true} {
			label := name + "_" + way
			p, ofUsers, ofGroups := on(w, "repo_slug", label, through), users, append([]string{leads, "admin"}, groups...)
			if !through {
				ofUsers, ofGroups = append([]string{w.Grace.UUID, "admin"}, users...), groups
			}
			before = append(before, p.list(label, ofUsers, ofGroups, allowed))
			if !destroys {
				after = append(after, p.list(label, []string{w.Linus.UUID, "admin"}, nil, allowed))
			}
		}
	}
	c := w.Command(t, strings.Join(before, ""))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, strings.Join(after, ""))
	said := about(remarks(t, c, 0, "apply", "-auto-approve"), "error", "")
	for _, g := range w.Grants("acme") {
		if g.User != w.Linus.UUID {
			t.Errorf("it is left that %+v", g)
		}
	}
	expectRemarks(t, said)
}

// TestAResourceThatIsNewLocksOutToo holds that a resource that is new does not take administration away either: it is about access that
// there is already.
func TestAResourceThatIsNewLocksOutToo(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	var config []string
	var refusals [][]string
	for _, attribute := range []string{"repo_slug", "project_key"} {
		p := on(w, attribute, "LIST", false)
		config = append(config, p.list("new", []string{w.Linus.UUID, "admin"}, nil))
		refusals = append(refusals, []string{"_permissions_exclusive.new", isLockout, p.String() + ":", allowed})

		p = on(w, attribute, "LOWER", false)
		config = append(config, p.list("lower", []string{w.Grace.UUID, "write"}, nil))
		refusals = append(refusals, []string{"_permissions_exclusive.lower", isLockout, p.String() + ":", allowed})
	}
	c := w.Command(t, strings.Join(config, ""))
	said := remarks(t, c, 1, "plan")
	expectRemarks(t, about(said, "error", ""), refusals...)
	c.Write(t, allowing(strings.Join(config, "")))
	c.Run(t, 0, "plan")
}

// TestEnforcingAListLocksOutAndEndingItDoesNot holds that a list that was only reported, or partly left alone, locks out when it is
// enforced, and not when it goes.
func TestEnforcingAListLocksOutAndEndingItDoesNot(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	p, q := on(w, "repo_slug", "reported", false), on(w, "project_key", "IGNORED", true)
	users := []string{w.Linus.UUID, "read"}
	c := w.Command(t, p.list("it", users, nil, `unmanaged = "report"`)+q.list("it", users, nil, `ignore_groups = ["Leads"]`))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan", "-destroy")
	c.Write(t, p.list("it", users, nil)+q.list("it", users, nil))
	expectRemarks(t, about(remarks(t, c, 1, "plan"), "error", ""), []string{isLockout, p.String() + ":"}, []string{isLockout, q.String() + ":"})
	c.Write(t, "")
	c.Run(t, 0, "apply", "-auto-approve")
	if got := w.Permission(p.grant(w.Grace.UUID, "", "")) + " " + w.Permission(q.grant("", leads, "")); got != "admin admin" {
		t.Errorf("Grace and the leads have %s", got)
	}
}

// TestAReplacementIsAllowedByTheConfigurationThatAsksForIt holds that a replacement is allowed by the configuration that asks for it.
func TestAReplacementIsAllowedByTheConfigurationThatAsksForIt(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	p, q := on(w, "repo_slug", "first", false), on(w, "repo_slug", "second", false)
	users := []string{w.Grace.UUID, "admin"}
	there := on(w, "repo_slug", "there", false)
	c := w.Command(t, p.entry("one", "user", w.Grace.UUID, "admin")+q.list("all", users, nil))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, there.entry("one", "user", w.Linus.UUID, "admin", allowed)+q.list("all", []string{w.Linus.UUID, "admin"}, nil, allowed))
	c.Run(t, 0, "plan")
	c.Write(t, p.entry("one", "user", w.Linus.UUID, "admin", allowed)+there.list("all", users, nil, allowed))
	c.Run(t, 0, "plan")
}

// TestAnotherAddressLocksOutUnlessAMovedBlockSaysOtherwise holds that a block with another name is a removal and a creation, which locks
// out, unless a moved block says that it is the same.
func TestAnotherAddressLocksOutUnlessAMovedBlockSaysOtherwise(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	p, q := on(w, "repo_slug", "first", false), on(w, "repo_slug", "second", false)
	named := func(label string) string {
		return p.entry(label, "user", w.Grace.UUID, "admin") + q.list(label, []string{w.Grace.UUID, "admin"}, nil)
	}
	c := w.Command(t, named("old"))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, named("new"))
	said := about(remarks(t, c, 1, "plan"), "error", isLockout)
	expectRemarks(t, said, []string{p.String() + ":", "moved block"}, []string{q.String() + ":", "moved block"})
	moved := blocks([]string{"repository_user_permission", "repository_permissions_exclusive"}, func(_ int, kind string) string {
		return fmt.Sprintf("moved {\n  from = bitbucket_%[1]s.old\n  to   = bitbucket_%[1]s.new\n}\n", kind)
	})
	c.Write(t, named("new")+moved)
	c.Run(t, 0, "plan")
	c.Run(t, 0, "apply", "-auto-approve")
	expectNoWrites(t, w)
}

// TestWhatIsLeftOfAReplacementTakesNothingAway holds that what is left of a resource that was replaced already takes nothing away.
func TestWhatIsLeftOfAReplacementTakesNothingAway(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	const first = "lifecycle {\n    create_before_destroy = true\n  }"
	p, q := on(w, "repo_slug", "first", false), on(w, "project_key", "SECOND", false)
	c := w.Command(t, p.entry("it", "user", w.Grace.UUID, "admin", first)+q.list("it", []string{w.Grace.UUID, "admin"}, nil, first))
	c.Run(t, 0, "apply", "-auto-approve")
	for kind, at := range map[string]place{"repository_user_permission": p, "project_permissions_exclusive": q} {
		if said := remarks(t, c, 0, "apply", "-auto-approve", "-replace=bitbucket_"+kind+".it"); len(about(said, "error", "")) > 0 {
			t.Errorf("%s: %v", kind, said)
		}
		if got := w.Permission(at.grant(w.Grace.UUID, "", "")); got != simulator.Admin {
			t.Errorf("%s: Grace has %s", kind, got)
		}
	}
	c.Run(t, 0, "plan", "-detailed-exitcode")
}

// TestAnUnknownLevelIsLookedAtBeforeAnythingIsWritten holds that a level that only the apply knows is looked at then, before anything is written.
func TestAnUnknownLevelIsLookedAtBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	p, q := on(w, "repo_slug", "first", false), on(w, "repo_slug", "second", false)
	config := func(level string) string {
		text := p.entry("it", "user", w.Grace.UUID, "LEVEL") + q.list("it", []string{w.Grace.UUID, "LEVEL", w.Linus.UUID, "admin"}, nil)
		return strings.ReplaceAll(text, `"LEVEL"`, "terraform_data.level.output") + fmt.Sprintf("resource \"terraform_data\" \"level\" {\n  input = %q\n}\n", level)
	}
	c := w.Command(t, config("admin"))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, config("write"))
	c.Run(t, 0, "plan")
	expectRemarks(t, about(remarks(t, c, 1, "apply", "-auto-approve"), "error", ""),
		[]string{"_user_permission.it", isLockout, p.String() + ":"}, []string{"_exclusive.it", isLockout, q.String() + ":"})
	expectNoWrites(t, w)
}

// TestATokenThatCannotTellItsRoleWarnsOfALockout holds that a token that may not read the role of its own user warns of what it cannot rule out.
func TestATokenThatCannotTellItsRoleWarnsOfALockout(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	w.Username, w.Token = w.AddAPIToken(w.Grace.UUID,
		"read:repository:bitbucket", "admin:repository:bitbucket", "write:permission:bitbucket", "delete:permission:bitbucket")
	p, q := on(w, "repo_slug", "first", false), on(w, "repo_slug", "second", false)
	c := w.Command(t, p.entry("it", "user", w.Grace.UUID, "admin")+q.list("it", []string{w.Grace.UUID, "admin"}, nil))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, p.entry("it", "user", w.Grace.UUID, "write")+q.list("it", nil, nil))
	expectRemarks(t, about(remarks(t, c, 0, "plan"), "warning", mayLockOut),
		[]string{p.String() + ":", "read:workspace:bitbucket"}, []string{q.String() + ":", "read:workspace:bitbucket"})
}
