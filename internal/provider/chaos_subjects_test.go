package provider_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// chaosWorld is a workspace with access of all kinds, whose lists come in pages of two. Barbara and group Ops have none yet.
func chaosWorld(managed bool) *acctest.World {
	w := acctest.NewInMemory(simulator.Options{LongestPage: 2}, managed)
	inhabit(w)
	w.AddPerson("Barbara", simulator.RoleMember)
	w.AddGroup("acme", simulator.Group{Name: "Ops"})
	return w
}

// subject is a resource that things go wrong with: how it is made, and what is changed in it.
type subject struct {
	name, resource string
	first, second  map[string]tftypes.Value // second is nil where every change makes another resource
	halfway        map[string][]string      // what lines may say when only the first of two requests was carried out
	bitbucketOnly  bool
	unlisted       bool // it cannot be looked at: neither imported nor compared
}

// subjects are one resource of each type, and of each form of it that is handled in another way.
func subjects(w *acctest.World) []subject {
	barbara, _ := personNamed(w, "Barbara")
	ops, _ := groupNamed(w, "Ops")
	in := func(more ...tftypes.Value) map[string]tftypes.Value {
		settings := map[string]tftypes.Value{"workspace": str("acme")}
		for i := 0; i < len(more); i += 2 {
			var name string
			_ = more[i].As(&name)
			settings[name] = more[i+1]
		}
		return settings
	}
	api, plat, developers := []tftypes.Value{str("repo_slug"), str("api")}, []tftypes.Value{str("project_key"), str("PLAT")},
		[]tftypes.Value{str("group_slug"), str(w.Developers)}
	user, group := []tftypes.Value{str("user_id"), str(barbara.UUID)}, []tftypes.Value{str("group_slug"), str(ops.Slug)}
	level := func(on, to []tftypes.Value, level string) map[string]tftypes.Value {
		return in(append(append(append([]tftypes.Value{}, on...), to...), str("permission"), str(level))...)
	}
	lists := func(on []tftypes.Value, users, groups map[string]string) map[string]tftypes.Value {
		return in(append(append([]tftypes.Value{}, on...), str("users"), texted(users), str("groups"), texted(groups))...)
	}
	members := func(people ...simulator.User) map[string]tftypes.Value {
		ids := make([]tftypes.Value, len(people))
		for i, u := range people {
			ids[i] = str(u.UUID)
		}
		return in(append(append([]tftypes.Value{}, developers...), str("user_ids"), tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, ids))...)
	}
	newGroup, otherGroup := in(str("name"), str("Testers")), map[string]tftypes.Value(nil)
	if w.Organization == "" {
		newGroup = in(str("name"), str("Testers"), str("permission"), str(simulator.Read))
		otherGroup = in(str("name"), str("Quality"), str("permission"), str(simulator.Write))
	}
	return []subject{
		{name: "repository user", resource: listedRepoUsers, first: level(api, user, simulator.Write), second: level(api, user, simulator.Admin)},
		{name: "repository group", resource: listedRepoGroups, first: level(api, group, simulator.Write), second: level(api, group, simulator.Read)},
		{name: "project user", resource: listedProjectUsers, first: level(plat, user, simulator.Write), second: level(plat, user, simulator.CreateRepo)},
		{name: "project group", resource: listedProjectGroups, first: level(plat, group, simulator.Read), second: level(plat, group, simulator.Admin)},
		{name: "group", resource: listedGroups, first: newGroup, second: otherGroup, halfway: map[string][]string{"group testers": {groupSettings("Testers", "", false)}}},
		{name: "membership", resource: listedMembers, first: in(append(append([]tftypes.Value{}, group...), user...)...)},
		{
			name: "invitation to groups", resource: "bitbucket_workspace_invitation",
			first: in(str("email"), str("new@acme.example"), str("group_slugs"),
				tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, []tftypes.Value{str(ops.Slug), str(w.Developers)})),
			halfway: map[string][]string{"invitation new@acme.example": {ops.Slug, w.Developers}},
		},
		{
			name: "invitation to a repository", resource: "bitbucket_workspace_invitation", bitbucketOnly: true, unlisted: true,
			first: in(str("email"), str("new@acme.example"), str("repo_slug"), str("api"), str("permission"), str(simulator.Write)),
		},
		{
			name: "repository list", resource: listedRepoLists,
			first: lists(api, map[string]string{w.Grace.UUID: simulator.Admin, barbara.UUID: simulator.Read}, map[string]string{ops.Slug: simulator.Write}),
			second: lists(api, map[string]string{w.Linus.UUID: simulator.Read, barbara.UUID: simulator.Write},
				map[string]string{ops.Slug: simulator.Write, w.Developers: simulator.Read}),
		},
		{
			name: "project list", resource: listedProjectLists,
			first:  lists(plat, map[string]string{w.Grace.UUID: simulator.Read, w.Linus.UUID: simulator.Write}, map[string]string{ops.Slug: simulator.Admin}),
			second: lists(plat, map[string]string{barbara.UUID: simulator.CreateRepo, w.Linus.UUID: simulator.Admin}, map[string]string{}),
		},
		{name: "member list", resource: listedGroupLists, first: members(w.Grace, barbara), second: members(w.Linus, barbara)},
	}
}

// texted is a map of texts.
func texted(texts map[string]string) tftypes.Value {
	elements := map[string]tftypes.Value{}
	for key, text := range texts {
		elements[key] = str(text)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements)
}

// operation is what is done with a subject while something goes wrong.
type operation struct {
	name string
	// possible tells whether a subject knows the operation.
	possible func(subject) bool
	// before does what is done while nothing goes wrong yet.
	before func(*testing.T, *acctest.World, *managedResource, subject) error
	// do is the command, or the last process of it.
	do func(context.Context, *server, *managedResource) error
	// gone tells that the resource is not there afterwards.
	gone bool
}

// operations are what Terraform does with resources.
var operations = []operation{
	{name: "create", possible: always, before: nothing, do: planAndApply},
	{name: "read", possible: always, before: made, do: refreshAndPlan},
	{name: "update", possible: func(s subject) bool { return s.second != nil }, before: reconfigured, do: planAndApply},
	{name: "delete", possible: always, before: made, gone: true, do: func(ctx context.Context, p *server, r *managedResource) error {
		if err := r.leave(ctx, p); err != nil {
			return err
		}
		return r.carryOut(ctx, p)
	}},
	{
		name: "import", possible: func(s subject) bool { return !s.unlisted }, do: func(ctx context.Context, p *server, r *managedResource) error { return r.takeOver(ctx, p) },
		before: func(t *testing.T, w *acctest.World, r *managedResource, s subject) error {
			t.Helper()
			err := made(t, w, r, s)
			if c, _ := r.says(t); err == nil && s.resource == listedGroups {
				for line := range c.facts {
					r.id = "acme/" + strings.TrimPrefix(line, "group ")
				}
			}
			r.state, r.private, r.identity = nil, nil, nil
			return err
		},
	},
}

func always(subject) bool { return true }

func nothing(*testing.T, *acctest.World, *managedResource, subject) error { return nil }

// made makes the resource.
func made(t *testing.T, w *acctest.World, r *managedResource, _ subject) error {
	t.Helper()
	_, err := r.settle(t, w)
	return err
}

// reconfigured makes the resource, changes its configuration and plans that.
func reconfigured(t *testing.T, w *acctest.World, r *managedResource, s subject) error {
	t.Helper()
	if err := made(t, w, r, s); err != nil {
		return err
	}
	r.settings = s.second
	return refreshAndPlan(t.Context(), chaosProcess(t, w), r)
}

func planAndApply(ctx context.Context, p *server, r *managedResource) error {
	if err := r.propose(ctx, p); err != nil {
		return err
	}
	return r.carryOut(ctx, p)
}

func refreshAndPlan(ctx context.Context, p *server, r *managedResource) error {
	if err := r.refresh(ctx, p); err != nil {
		return err
	}
	return r.propose(ctx, p)
}
