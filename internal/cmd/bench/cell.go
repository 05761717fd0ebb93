package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// cell is one command that was measured.
type cell struct {
	measurement

	shape   shape
	size    int
	latency time.Duration
	writing writing
	command command
	// grants, objects and instances are how many there are: an exclusive instance holds all grants of an object.
	grants, objects, instances int

	requests, floor int
	connections     int64
}

// label names the cell.
func (c cell) label() string {
	return fmt.Sprintf("%s, %d grants, %s, %s, %s", c.shape.name, c.grants, c.writing, c.latency, c.command)
}

// measureShape measures every size, latency, writing and command of a shape.
func (b *bench) measureShape(ctx context.Context, s shape, o options) ([]cell, error) {
	var cells []cell
	for _, size := range o.sizes {
		grants := s.grants(size)
		for _, latency := range o.latencies {
			for _, w := range writings {
				c := cell{shape: s, size: size, latency: latency, writing: w, grants: len(grants), objects: len(objects(grants)), instances: w.instances(grants)}
				if w == exclusive && c.instances > b.largestApply {
					continue // what it takes to apply so many is known from the additive ones
				}
				if err := b.measureBaselines(ctx, c.grants); err != nil {
					return nil, err
				}
				measured, err := b.measureCells(ctx, c, grants)
				if err != nil {
					return nil, err
				}
				cells = append(cells, measured...)
			}
		}
	}
	return cells, nil
}

// measureCells measures the commands on a world of their own.
func (b *bench) measureCells(ctx context.Context, common cell, grants []grant) (cells []cell, err error) {
	world, username, token := common.shape.world(grants)
	served, err := serve(ctx, b.certificate, world.Bitbucket(), common.latency)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, served.http.Close()) }()
	env := []string{"BITBUCKET_BASE_URL=" + served.address, "BITBUCKET_USERNAME=" + username, "BITBUCKET_API_TOKEN=" + token}
	err = b.inFolder(ctx, common.shape.configuration(grants, common.writing), env, func(f *terraform.Folder) error {
		for _, run := range commands {
			c := common
			c.command, c.floor = run.name, c.shape.floor(grants, c.writing, run.name)
			fmt.Fprintln(b.progress, c.label())
			if run.name == apply && c.instances > b.largestApply {
				if err := b.seedState(ctx, f, bitbucketHeader, c.shape.additive(grants)); err != nil {
					return fmt.Errorf("%s: %w", c.label(), err)
				}
				c.shape.give(world, grants)
				continue
			}
			world.ResetJournal()
			before := served.connections.Load()
			m, err := b.execute(ctx, f, run.args)
			if err != nil {
				return fmt.Errorf("%s: %w", c.label(), err)
			}
			c.measurement, c.requests, c.connections = m, len(world.Journal()), served.connections.Load()-before
			cells = append(cells, c)
		}
		return nil
	})
	return cells, err
}
