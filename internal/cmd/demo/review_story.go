package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

func accessReview(ctx context.Context, s *stage) error {
	if err := s.enter("access-review"); err != nil {
		return err
	}
	fmt.Println("  Linus gives himself admin on the repository api again.")
	s.world.Grant(s.linusOnAPI())
	if err := s.expect(ctx, 0, []string{"Apply complete!"}, "apply", "-auto-approve"); err != nil {
		return err
	}
	page, err := s.output(ctx, "page")
	if err != nil {
		return err
	}
	fmt.Printf("$ terraform output -raw page > %s\n", s.page)
	if !strings.Contains(page, "Linus Torvalds") {
		return errors.New("the page does not show Linus")
	}
	if err := os.WriteFile(s.page, []byte(page), 0o600); err != nil {
		return err
	}
	return s.reportFindings(ctx)
}

// reportFindings prints how many findings of each kind there are. What Linus has given himself must be among them.
func (s *stage) reportFindings(ctx context.Context) error {
	table, err := s.output(ctx, "findings")
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, row := range rows[1:] {
		counts[row[0]]++
	}
	fmt.Println("  What a reviewer should look at:")
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		fmt.Printf("  │ %4d %s\n", counts[kind], strings.ReplaceAll(kind, "_", " "))
	}
	const wanted = "Linus Torvalds administers repository acme/api, but is in none of the groups for administrators."
	if !strings.Contains(table, wanted) {
		return fmt.Errorf("the findings do not say %q", wanted)
	}
	return nil
}

// output is the value of an output of the configuration. It is not printed.
func (s *stage) output(ctx context.Context, name string) (string, error) {
	text, code, err := s.folder.Run(ctx, "output", "-raw", name)
	if err == nil && code != 0 {
		err = fmt.Errorf("output %s ended with exit code %d: %s", name, code, text)
	}
	return text, err
}
