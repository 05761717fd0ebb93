package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// scene is one step of the story: what it shows and how it is played. It fails when what it shows does not happen.
type scene struct {
	title string
	play  func(context.Context, *stage) error
}

var story = []scene{
	{"A team's access is written down: plan and apply", planAndApply},
	{"What is written is what is live: the second plan is empty", secondPlan},
	{"Somebody clicks in the UI: the next plan in CI tells", clickAndDetect},
	{"Apply heals it", heal},
	{"Access that somebody else granted is taken over with an import block", adopt},
	{"The team moves on: destroy takes its access back, and nothing else", destroy},
	{"One repository's whole list is owned: first only to see what is unmanaged", exclusiveReport},
	{"Enforce it: the plan names everybody who loses access, and apply revokes it", exclusiveEnforce},
	{"The same on a workspace that is administered at admin.atlassian.com", organizationApply},
	{"Somebody clicks at admin.atlassian.com: plan tells, apply heals", organizationHeal},
	{"A group of the identity provider is not to be changed here: the plan says so", organizationOwned},
	{"Who may do what, and why: an access review of everything", accessReview},
}

const (
	workspace = "acme"
	team      = "payments"
)

// billing is the repository that the story is about.
func billing(user, group, permission string) simulator.Grant {
	return simulator.Grant{Workspace: workspace, Repository: "billing-service", User: user, Group: group, Permission: permission}
}

// contractors' access to the API was granted by hand.
var contractors = simulator.Grant{Workspace: workspace, Repository: "api", Group: "contractors"}

func planAndApply(ctx context.Context, s *stage) error {
	if err := s.enter("demo"); err != nil {
		return err
	}
	if err := s.expect(ctx, 0, []string{"13 to add, 0 to change, 0 to destroy"}, "plan", "-out=team.tfplan"); err != nil {
		return err
	}
	if err := s.expect(ctx, 0, []string{"13 added, 0 changed, 0 destroyed"}, "apply", "team.tfplan"); err != nil {
		return err
	}
	return s.live(billing("", team, simulator.Write))
}

func secondPlan(ctx context.Context, s *stage) error {
	return s.expect(ctx, 0, []string{"No changes"}, "plan", "-detailed-exitcode")
}

func clickAndDetect(ctx context.Context, s *stage) error {
	fmt.Println("  Linus makes the payments group administrator of billing-service, and takes Grace out of the group.")
	s.world.Grant(billing("", team, simulator.Admin))
	s.world.RemoveGroupMember(workspace, team, s.person("grace").UUID)
	return s.expect(ctx, 2, []string{
		`~ permission = "admin" -> "write"`,
		`bitbucket_group_membership.team["grace@acme.example"] will be created`,
		"1 to add, 1 to change, 0 to destroy",
	}, "plan", "-detailed-exitcode")
}

func heal(ctx context.Context, s *stage) error {
	if err := s.expect(ctx, 0, []string{"1 added, 1 changed, 0 destroyed"}, "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := s.live(billing("", team, simulator.Write)); err != nil {
		return err
	}
	return s.expect(ctx, 0, []string{"No changes"}, "plan", "-detailed-exitcode")
}

func adopt(ctx context.Context, s *stage) error {
	const configuration = `import {
  to = bitbucket_repository_group_permission.contractors
  id = "acme/api/contractors"
}

resource "bitbucket_repository_group_permission" "contractors" {
  workspace  = "acme"
  repo_slug  = "api"
  group_slug = "contractors"
  permission = "read"
}
`
	fmt.Print(configuration, "\n")
	if err := os.WriteFile(filepath.Join(s.folder.Path, "contractors.tf"), []byte(configuration), 0o600); err != nil {
		return err
	}
	return s.expect(ctx, 0, []string{"1 imported, 0 added, 0 changed, 0 destroyed"}, "apply", "-auto-approve")
}

func destroy(ctx context.Context, s *stage) error {
	before := len(s.world.Grants(workspace))
	if err := s.expect(ctx, 0, []string{"14 destroyed"}, "destroy", "-auto-approve"); err != nil {
		return err
	}
	if _, ok := s.world.Group(workspace, team); ok {
		return fmt.Errorf("the group %s is still there", team)
	}
	// Seven grants of the story and the one that was imported are gone; all others are as they were.
	if after := len(s.world.Grants(workspace)); before-after != 8 {
		return fmt.Errorf("%d grants were revoked, not 8", before-after)
	}
	return s.live(contractors)
}

// live demands that a grant is what the live workspace has; without a permission, that it has none.
func (s *stage) live(g simulator.Grant) error {
	want := g.Permission
	if want == "" {
		want = simulator.None
	}
	if got := s.world.Permission(g); got != want {
		return fmt.Errorf("the workspace has %s for %s%s on %s%s, not %s", got, g.User, g.Group, g.Repository, g.Project, want)
	}
	return nil
}

// person finds one of Acme's people by nickname.
func (s *stage) person(nickname string) simulator.User {
	for _, u := range s.world.Snapshot().Users {
		if u.Nickname == nickname {
			return u
		}
	}
	panic("nobody at Acme is called " + nickname)
}
