package main

import (
	"context"
	"fmt"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// linusOnAPI is what Linus gets by hand.
func (s *stage) linusOnAPI() simulator.Grant {
	return simulator.Grant{Workspace: workspace, Repository: "api", User: s.person("linus").UUID, Permission: simulator.Admin}
}

func exclusiveReport(ctx context.Context, s *stage) error {
	if err := s.enter("exclusive-access/rollout"); err != nil {
		return err
	}
	fmt.Println("  Linus has given himself admin on the repository api; nobody wrote it down.")
	s.world.Grant(s.linusOnAPI())
	if err := s.expect(ctx, 0, []string{`unmanaged is "report"`, "user Linus", "1 added"}, "apply", "-auto-approve"); err != nil {
		return err
	}
	return s.live(s.linusOnAPI())
}

func exclusiveEnforce(ctx context.Context, s *stage) error {
	if err := s.expect(ctx, 2, []string{"revoke admin from user Linus", "0 to add, 1 to change"}, "plan", "-detailed-exitcode", "-var", "enforce=true"); err != nil {
		return err
	}
	if err := s.expect(ctx, 0, []string{"1 changed, 0 destroyed"}, "apply", "-auto-approve", "-var", "enforce=true"); err != nil {
		return err
	}
	gone := s.linusOnAPI()
	gone.Permission = simulator.None
	if err := s.live(gone); err != nil {
		return err
	}
	return s.expect(ctx, 0, []string{"No changes"}, "plan", "-detailed-exitcode", "-var", "enforce=true")
}
