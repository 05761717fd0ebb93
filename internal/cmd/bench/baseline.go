package main

import (
	"context"
	"fmt"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// baselineKey says what was measured for comparison.
type baselineKey struct {
	kind      string
	instances int
	command   command
}

// baselines are what the other measurements are compared with.
type baselines map[baselineKey]measurement

// The kinds of baselines: what Terraform costs by itself, and what it costs together with the plugin protocol.
const (
	terraformData = "(a) terraform_data"
	trivialGrant  = "(b) trivial resource"
)

// baselineKinds are the kinds.
var baselineKinds = []struct{ name, resourceType, header, before, after string }{
	{name: terraformData, resourceType: "terraform_data", before: "  input = {\n", after: "  }\n"},
	{name: trivialGrant, resourceType: "trivial_grant", header: header("trivial", trivialSource)},
}

// measureBaselines measures the commands with so many instances of each kind, unless that was done before.
func (b *bench) measureBaselines(ctx context.Context, number int) error {
	for _, kind := range baselineKinds {
		if _, done := b.baselines[baselineKey{kind.name, number, plan}]; done {
			continue
		}
		instances := make([]instance, number)
		for i := range instances {
			name, group := fmt.Sprintf("n%d", i), numbered("group", i)
			instances[i] = instance{kind.resourceType, name, []string{group}, fmt.Sprintf("resource %q %q {\n%s  workspace = \"acme\"\n  repo_slug = \"api\"\n"+
				"  group_slug = %q\n  permission = \"write\"\n%s}\n", kind.resourceType, name, kind.before, group, kind.after)}
		}
		if err := b.measureBaseline(ctx, kind.name, kind.header, instances); err != nil {
			return fmt.Errorf("%s, %d instances: %w", kind.name, number, err)
		}
	}
	return nil
}

// measureBaseline measures the commands with one configuration.
func (b *bench) measureBaseline(ctx context.Context, kind, header string, instances []instance) error {
	return b.inFolder(ctx, program(header, instances), nil, func(f *terraform.Folder) error {
		for _, run := range commands {
			fmt.Fprintf(b.progress, "%s, %d instances, %s\n", kind, len(instances), run.name)
			if run.name == apply && len(instances) > b.largestApply {
				if err := b.seedState(ctx, f, header, instances); err != nil {
					return err
				}
				continue
			}
			m, err := b.execute(ctx, f, run.args)
			if err != nil {
				return err
			}
			b.baselines[baselineKey{kind, len(instances), run.name}] = m
		}
		return nil
	})
}
