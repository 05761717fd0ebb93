package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/terraform"
)

// seedState makes the state that an apply of all instances would make, without it: Terraform copies the whole state for every instance that
// it applies, which takes minutes for thousands. It applies one instance of each type and writes the others after its example.
func (b *bench) seedState(ctx context.Context, f *terraform.Folder, header string, instances []instance) error {
	examples := map[string]instance{}
	for _, in := range slices.Backward(instances) {
		examples[in.resourceType] = in
	}
	if err := configure(f, program(header, slices.Collect(maps.Values(examples)))); err != nil {
		return err
	}
	if _, err := b.execute(ctx, f, applyArgs); err != nil {
		return err
	}
	name := filepath.Base(f.Path)
	state, err := expand(b.states.get(name), examples, instances)
	if err != nil {
		return err
	}
	b.states.put(name, state)
	return configure(f, program(header, instances))
}

// expand writes all instances into a state that holds the examples.
func expand(state []byte, examples map[string]instance, instances []instance) ([]byte, error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(state, &parts); err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	var resources []json.RawMessage
	if err := json.Unmarshal(parts["resources"], &resources); err != nil {
		return nil, fmt.Errorf("read the resources of the state: %w", err)
	}
	written := map[string]string{}
	for _, resource := range resources {
		var named struct{ Type string }
		if err := json.Unmarshal(resource, &named); err != nil {
			return nil, fmt.Errorf("read a resource of the state: %w", err)
		}
		written[named.Type] = string(resource)
	}
	all := make([]json.RawMessage, len(instances))
	for i, in := range instances {
		all[i] = json.RawMessage(in.after(examples[in.resourceType]).Replace(written[in.resourceType]))
	}
	var err error
	if parts["resources"], err = json.Marshal(all); err != nil {
		return nil, fmt.Errorf("write the resources of the state: %w", err)
	}
	return json.Marshal(parts)
}

// after replaces the words of an example by those of the instance, where they are whole strings.
func (in instance) after(example instance) *strings.Replacer {
	pairs := []string{strconv.Quote(example.name), strconv.Quote(in.name)}
	for i, word := range in.words {
		pairs = append(pairs, strconv.Quote(example.words[i]), strconv.Quote(word))
	}
	return strings.NewReplacer(pairs...)
}

// give makes the grants behind the back of the provider.
func (s shape) give(world *simulator.Simulator, grants []grant) {
	for _, g := range grants {
		made := simulator.Grant{Workspace: "acme", Repository: g.object, Group: g.principal, Permission: simulator.Write}
		switch {
		case s.members:
			world.AddGroupMember("acme", g.object, g.principal)
			continue
		case g.user:
			made.User, made.Group = g.principal, ""
		}
		world.Grant(made)
	}
}
