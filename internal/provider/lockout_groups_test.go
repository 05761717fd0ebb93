package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// adminGroup makes a workspace of its own, with everybody in it, and returns the slug of the group that makes its members administrators of
// it, or of another one.
func adminGroup(w *acctest.World, slug string, other bool, members ...simulator.User) (groupSlug string) {
	w.AddWorkspace(simulator.Workspace{Slug: slug, Organization: w.Organization, OrganizationManaged: w.Organization != ""})
	w.AddMember(slug, w.Ada.UUID, simulator.RoleOwner)
	for _, u := range []simulator.User{w.Grace, w.Linus} {
		w.AddMember(slug, u.UUID, simulator.RoleMember)
	}
	switch {
	case other:
		groupSlug = w.AddGroup(slug, simulator.Group{Name: "Crew of " + slug}).Slug
	case w.Organization == "":
		groupSlug = w.AddGroup(slug, simulator.Group{Name: "Administrators"}).Slug
	default:
		for _, g := range w.Groups(slug) {
			if g.Name == "bitbucket-admins-"+slug {
				groupSlug = g.Slug
			}
		}
	}
	for _, u := range members {
		w.AddGroupMember(slug, groupSlug, u.UUID)
	}
	return groupSlug
}

// crewIn is a membership, and crewOf all of them.
func crewIn(label, workspace, group string, u simulator.User) string {
	return inWorkspaceNamed(workspace, declared("group_membership", label, fmt.Sprintf("group_slug = %q", group), fmt.Sprintf("user_id = %q", u.AccountID)))
}

func crewOf(label, workspace, group string, users ...simulator.User) string {
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = fmt.Sprintf("%q", u.UUID)
	}
	return inWorkspaceNamed(workspace, declared("group_members_exclusive", label, fmt.Sprintf("group_slug = %q", group), "user_ids = ["+strings.Join(ids, ", ")+"]"))
}

func inWorkspaceNamed(workspace, config string) string {
	return strings.Replace(config, `"acme"`, fmt.Sprintf("%q", workspace), 1)
}

// oncePerSummary leaves one remark of those with the same summary: of two plans that empty a group together, one warns or both do.
func oncePerSummary(said []string) []string {
	summary := func(remark string) string { return strings.Split(remark, "\n")[1] }
	slices.SortFunc(said, func(a, b string) int { return strings.Compare(summary(a), summary(b)) })
	return slices.CompactFunc(said, func(a, b string) bool { return summary(a) == summary(b) })
}

// TestNobodyLeavesTheGroupThatMakesOneAnAdministrator holds that nobody takes oneself out of the group that makes one an administrator of
// the workspace, that leaving nobody in it is warned of, and that no other group matters.
func TestNobodyLeavesTheGroupThatMakesOneAnAdministrator(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		var (
			before, after    []string
			errors, warnings [][]string
		)
		for i, tt := range []struct {
			members, left []simulator.User // of those who are left, each has the resource of the member at the same place
			whole, gone   bool             // whether one resource owns the whole list, and whether it is destroyed
			other         bool             // whether it is another group
			errors, warns bool
		}{
			{members: []simulator.User{w.Grace, w.Ada}, left: []simulator.User{w.Grace}, errors: true},
			{members: []simulator.User{w.Grace, w.Ada}, left: []simulator.User{w.Grace, w.Linus}, errors: true},
			{members: []simulator.User{w.Ada, w.Grace}, left: []simulator.User{w.Grace}, whole: true, errors: true},
			{members: []simulator.User{w.Ada, w.Grace}, left: []simulator.User{w.Linus}, whole: true, errors: true},
			{members: []simulator.User{w.Ada, w.Grace}, whole: true, errors: true},
			{members: []simulator.User{w.Ada}, gone: true, whole: true, errors: true},
			{members: []simulator.User{w.Grace, w.Linus}, warns: true},
			{members: []simulator.User{w.Grace, w.Linus}, whole: true, warns: true},
			{members: []simulator.User{w.Grace, w.Linus}, whole: true, gone: true, warns: true},
			{members: []simulator.User{w.Linus, w.Grace}, left: []simulator.User{w.Linus}},
			{members: []simulator.User{w.Grace, w.Linus}, left: []simulator.User{w.Linus}, whole: true},
			{members: []simulator.User{w.Grace}, left: []simulator.User{w.Linus}, whole: true},
			{members: []simulator.User{w.Ada}, other: true},
			{members: []simulator.User{w.Ada}, other: true, whole: true},
			{members: []simulator.User{w.Ada}, other: true, whole: true, gone: true},
		} {
			workspace := fmt.Sprintf("ws-%d", i)
			group := adminGroup(w, workspace, tt.other, tt.members...)
			if tt.whole {
				before = append(before, crewOf(workspace, workspace, group, tt.members...))
			}
			if tt.whole && !tt.gone {
				after = append(after, crewOf(workspace, workspace, group, tt.left...))
			}
			for j, u := range tt.members {
				if !tt.whole {
					before = append(before, crewIn(fmt.Sprintf("%s_%d", workspace, j), workspace, group, u))
				}
			}
			for j, u := range tt.left {
				if !tt.whole {
					after = append(after, crewIn(fmt.Sprintf("%s_%d", workspace, j), workspace, group, u))
				}
			}
			names := []string{"group " + workspace + "/" + group}
			if tt.errors {
				errors = append(errors, append(names, allowed))
			}
			if tt.warns {
				warnings = append(warnings, names)
			}
		}
		c := w.Command(t, strings.Join(before, ""))
		c.Run(t, 0, "apply", "-auto-approve")
		c.Write(t, strings.Join(after, ""))
		said := remarks(t, c, 1, "plan")
		expectRemarks(t, about(said, "error", ""), errors...)
		expectRemarks(t, oncePerSummary(about(said, "warning", mayLockOut)), warnings...)
		expectNoWrites(t, w)

		c.Write(t, allowing(strings.Join(before, "")))
		c.Run(t, 0, "apply", "-auto-approve")
		expectNoWrites(t, w)
		c.Write(t, allowing(strings.Join(after, "")))
		said = remarks(t, c, 0, "plan")
		expectRemarks(t, about(said, "warning", mayLockOut))
	})
}

// TestTheRoleOfAnOrganizationsGroupTellsWhetherItMatters holds that the role of a group on the workspace tells whether it matters, not its name.
func TestTheRoleOfAnOrganizationsGroupTellsWhetherItMatters(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	other := w.AddWorkspace(simulator.Workspace{Slug: "other", Organization: w.Organization, OrganizationManaged: true})
	group := func(name, role string, more map[string]string) string {
		roles := map[string]string{simulator.WorkspaceARI(workspaceUUID(w)): role}
		maps.Copy(roles, more)
		return w.AddOrganizationGroup(w.Organization, simulator.OrganizationGroup{Name: name, Roles: roles, Members: []string{w.Ada.UUID, w.Grace.UUID}}).ID
	}
	administer := group("Pilots", "atlassian/user,atlassian/admin", nil)
	harmless := group("administrators", "atlassian/user", map[string]string{simulator.WorkspaceARI(other.UUID): "atlassian/admin"})
	both := []simulator.User{w.Ada, w.Grace}
	c := w.Command(t, crewOf("pilots", "acme", administer, both...)+crewOf("harmless", "acme", harmless, both...))
	c.Run(t, 0, "apply", "-auto-approve")
	c.Write(t, crewOf("pilots", "acme", administer, w.Grace)+crewOf("harmless", "acme", harmless))
	said := remarks(t, c, 1, "plan")
	expectRemarks(t, about(said, "error", ""), []string{"bitbucket_group_members_exclusive.pilots", isLockout, "acme", administer, allowed})
	expectRemarks(t, about(said, "warning", mayLockOut))
}
