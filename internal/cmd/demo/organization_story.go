package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// mobile are the people of the team: Donald is in the organization, but not yet in the workspace.
const mobile = `team=["grace@acme.example", "donald@acme.example"]`

func organizationApply(ctx context.Context, s *stage) error {
	if err := s.enter("organization-managed"); err != nil {
		return err
	}
	fmt.Println("  Donald is in the organization, but not in the workspace: the group lets him in.")
	if err := s.expect(ctx, 0, []string{"4 added, 0 changed, 0 destroyed"}, "apply", "-auto-approve", "-var", mobile); err != nil {
		return err
	}
	if err := s.inMobile("grace", "donald"); err != nil {
		return err
	}
	return s.expect(ctx, 0, []string{"No changes"}, "plan", "-detailed-exitcode", "-var", mobile)
}

func organizationHeal(ctx context.Context, s *stage) error {
	fmt.Println("  An administrator takes Donald out of the group.")
	s.world.RemoveOrganizationGroupMember(simulator.AcmeOrganizationID, s.mobileGroup().ID, s.person("donald").UUID)
	texts := []string{`bitbucket_group_membership.mobile["donald@acme.example"] will be created`, "1 to add, 0 to change, 0 to destroy"}
	if err := s.expect(ctx, 2, texts, "plan", "-detailed-exitcode", "-var", mobile); err != nil {
		return err
	}
	if err := s.expect(ctx, 0, []string{"1 added, 0 changed, 0 destroyed"}, "apply", "-auto-approve", "-var", mobile); err != nil {
		return err
	}
	return s.inMobile("grace", "donald")
}

func organizationOwned(ctx context.Context, s *stage) error {
	const configuration = `data "bitbucket_group" "engineering" {
  workspace = "acme-cloud"
  name      = "sso-engineering"
}

resource "bitbucket_group_membership" "engineering" {
  workspace  = "acme-cloud"
  group_slug = data.bitbucket_group.engineering.slug
  user_id    = data.bitbucket_users.team.by_email["grace@acme.example"].account_id
}
`
	fmt.Print(configuration, "\n")
	if err := os.WriteFile(filepath.Join(s.folder.Path, "engineering.tf"), []byte(configuration), 0o600); err != nil {
		return err
	}
	return s.expect(ctx, 1, []string{"Unable to change group", "identity provider"}, "plan", "-var", mobile)
}

// mobileGroup is the group of the team.
func (s *stage) mobileGroup() simulator.OrganizationGroup {
	groups := s.world.OrganizationGroups(simulator.AcmeOrganizationID)
	i := slices.IndexFunc(groups, func(g simulator.OrganizationGroup) bool { return g.Name == "Mobile" })
	if i < 0 {
		return simulator.OrganizationGroup{}
	}
	return groups[i]
}

// inMobile demands that the people with the given nicknames are the team, and members of the workspace.
func (s *stage) inMobile(nicknames ...string) error {
	group, ok := s.world.Group(simulator.AcmeManagedWorkspace, s.mobileGroup().ID)
	if !ok {
		return errors.New("the group Mobile does not show in Bitbucket")
	}
	for _, nickname := range nicknames {
		if !slices.Contains(group.Members, s.person(nickname).UUID) {
			return fmt.Errorf("%s is not in the group Mobile", nickname)
		}
	}
	if len(group.Members) != len(nicknames) {
		return fmt.Errorf("the group Mobile has %d members, not %d", len(group.Members), len(nicknames))
	}
	return nil
}
