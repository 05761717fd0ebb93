package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// pair are two resources that hold the two ways in which Grace administers a repository: her own permission on it, and another one on it or
// on its project.
type pair struct {
	repository, project place
	own, other          func(permission string, more ...string) string
}

// pairs are such resources, for each kind of the other one, and in both orders in which Terraform can plan the two.
func pairs(w *acctest.World) map[string]pair {
	all := map[string]pair{}
	add := func(i int, kind string, other func(p pair, label, permission string, more ...string) string) {
		for _, ownFirst := range []bool{true, false} {
			label := fmt.Sprintf("P%d_%t", i, ownFirst)
			p := pair{repository: place{"repo_slug", strings.ToLower(label)}, project: project(w, strings.ToUpper(label))}
			w.AddRepository(simulator.Repository{Workspace: "acme", Project: p.project.name, Slug: p.repository.name})
			w.Grant(p.repository.grant(w.Grace.UUID, "", simulator.Admin))
			var ownAfter, otherAfter []string
			if ownFirst {
				otherAfter = []string{"depends_on = [bitbucket_repository_user_permission." + label + "]"}
			} else {
				ownAfter = []string{"depends_on = [bitbucket_" + kind + "." + label + "]"}
			}
			p.own = func(permission string, more ...string) string {
				return p.repository.entry(label, "user", w.Grace.UUID, permission, slices.Concat(more, ownAfter)...)
			}
			p.other = func(permission string, more ...string) string {
				return other(p, label, permission, slices.Concat(more, otherAfter)...)
			}
			if kind == "repository_group_permission" {
				w.Grant(p.repository.grant("", leads, simulator.Admin))
			} else {
				w.Grant(p.project.grant(w.Grace.UUID, "", simulator.Admin))
			}
			all[fmt.Sprintf("%s, planned last: %t", kind, ownFirst)] = p
		}
	}
	add(0, "repository_group_permission", func(p pair, label, permission string, more ...string) string {
		return p.repository.entry(label, "group", leads, permission, more...)
	})
	add(1, "project_user_permission", func(p pair, label, permission string, more ...string) string {
		return p.project.entry(label, "user", w.Grace.UUID, permission, more...)
	})
	add(2, "project_permissions_exclusive", func(p pair, label, permission string, more ...string) string {
		return p.project.list(label, []string{w.Grace.UUID, permission, w.Linus.UUID, "admin"}, nil, more...)
	})
	return all
}

// TestTwoResourcesCannotTogetherTakeWhatEachAloneMay holds that two resources of a plan cannot together take what each alone may take, in
// whichever order they are planned, unless both allow it.
func TestTwoResourcesCannotTogetherTakeWhatEachAloneMay(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	all := pairs(w)
	c := w.Command(t, "")
	write := func(own, other string, ownAllows, otherAllows []string) {
		c.Write(t, blocks(slices.Sorted(maps.Keys(all)), func(_ int, name string) string {
			return all[name].own(own, ownAllows...) + all[name].other(other, otherAllows...)
		}))
	}
	write("admin", "admin", nil, nil)
	c.Run(t, 0, "apply", "-auto-approve")
	write("write", "admin", nil, nil)
	expectRemarks(t, about(remarks(t, c, 0, "plan"), "error", ""))

	for name, allows := range map[string]struct{ own, other []string }{ //nolint:paralleltest // one folder
		"neither allows it": {}, "only the other allows it": {other: []string{allowed}}, "only her own allows it": {own: []string{allowed}},
	} {
		t.Run(name, func(t *testing.T) {
			write("write", "write", allows.own, allows.other)
			said := strings.ToLower(strings.Join(about(remarks(t, c, 1, "plan"), "error", isLockout), "\n"))
			for name, p := range all {
				if !strings.Contains(said, strings.ToLower(p.repository.String())+":") && !strings.Contains(said, strings.ToLower(p.project.String())+":") {
					t.Errorf("%s: no error names %s or %s", name, p.repository, p.project)
				}
			}
			expectNoWrites(t, w)
		})
	}
	write("write", "write", []string{allowed}, []string{allowed})
	c.Run(t, 0, "plan")
}

// ownRole is what the guard asks for.
const ownRole = "/2.0/user/workspaces/*/permission"

// TestAWorkspaceAdministratorIsNeverStopped holds that an administrator of the workspace is never stopped, and that the guard costs one
// request in all.
func TestAWorkspaceAdministratorIsNeverStopped(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{OwnerGrants: true})
	var before, after []string
	for _, attribute := range []string{"repo_slug", "project_key"} {
		p, q := on(w, attribute, "P", false), on(w, attribute, "Q", false)
		before = append(before, p.entry("own", "user", w.Ada.UUID, "admin")+q.list("own", []string{w.Ada.UUID, "admin", w.Grace.UUID, "read"}, nil))
		after = append(after, p.entry("own", "user", w.Ada.UUID, "write")+q.list("own", []string{w.Grace.UUID, "admin"}, nil))
	}
	c := w.Command(t, strings.Join(before, ""))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan")
	refresh := w.Count("", "")
	c.Write(t, strings.Join(after, ""))
	expectRemarks(t, about(remarks(t, c, 2, "plan", "-detailed-exitcode"), "warning", mayLockOut))
	expectRequests(t, w, http.MethodGet, ownRole, 1)
	expectRequests(t, w, "", "", refresh+1)
	c.Write(t, strings.Join(before, ""))
	expectRemarks(t, about(remarks(t, c, 2, "plan", "-destroy", "-detailed-exitcode"), "warning", mayLockOut))
	expectRequests(t, w, "", "", refresh+1)
	c.Run(t, 0, "destroy", "-auto-approve")
}

// TestWhoLosesLessThanAdminIsNoMatterForTheGuard holds that who loses less than admin is no matter for the guard, and costs nothing.
func TestWhoLosesLessThanAdminIsNoMatterForTheGuard(t *testing.T) {
	t.Parallel()
	w := byGrace(t)
	var before, after []string
	for _, attribute := range []string{"repo_slug", "project_key"} {
		p, q := on(w, attribute, "P", true), on(w, attribute, "Q", true)
		before = append(before, p.entry("own", "user", w.Grace.UUID, "write"), p.entry("group", "group", "developers", "write"),
			q.list("own", []string{w.Grace.UUID, "write", w.Linus.UUID, "read"}, []string{leads, "admin"}))
		after = append(after, p.entry("own", "user", w.Grace.UUID, "read")+q.list("own", []string{w.Grace.UUID, "read"}, []string{leads, "admin"}))
	}
	c := w.Command(t, strings.Join(before, ""))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Run(t, 0, "plan")
	refresh := w.Count("", "")
	c.Write(t, strings.Join(after, ""))
	expectRemarks(t, about(remarks(t, c, 2, "plan", "-detailed-exitcode"), "warning", mayLockOut))
	expectRequests(t, w, "", "", refresh)
}
