package provider_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// The types that can be listed.
const (
	listedGroups        = "bitbucket_group"
	listedMembers       = "bitbucket_group_membership"
	listedRepoUsers     = "bitbucket_repository_user_permission"
	listedRepoGroups    = "bitbucket_repository_group_permission"
	listedProjectUsers  = "bitbucket_project_user_permission"
	listedProjectGroups = "bitbucket_project_group_permission"
	listedGroupLists    = "bitbucket_group_members_exclusive"
	listedRepoLists     = "bitbucket_repository_permissions_exclusive"
	listedProjectLists  = "bitbucket_project_permissions_exclusive"
)

// What can be listed: single things and whole lists, which cannot be adopted both.
var (
	listedThings = []string{listedGroups, listedMembers, listedRepoUsers, listedRepoGroups, listedProjectUsers, listedProjectGroups}
	listedLists  = []string{listedGroupLists, listedRepoLists, listedProjectLists}
	listedTypes  = slices.Concat(listedThings, listedLists)
)

// listArguments are the arguments of a list block; those that are left out are null.
type listArguments map[string]string

// with returns the arguments with another one.
func (g listArguments) with(name, value string) listArguments {
	more := maps.Clone(g)
	more[name] = value
	return more
}

var inAcme = listArguments{"workspace": "acme"}

// lister is a provider that lists, behind Terraform's protocol.
type lister struct {
	*server
	tfprotov6.ListResourceServer

	world *acctest.World
}

// newLister is a provider without a configuration.
func newLister(t *testing.T, w *acctest.World) lister {
	t.Helper()
	s := newServer(t, acctest.Factories())
	lists, ok := s.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the provider cannot list")
	}
	return lister{s, lists, w}
}

// signedIn are the settings of a provider with the credentials of a world: Ada's, and the key of its organization if there is one.
func signedIn(w *acctest.World, provider *tfprotov6.Schema) map[string]tftypes.Value {
	settings := map[string]tftypes.Value{"base_url": str(w.URL), "username": str(w.Username), "api_token": str(w.Token)}
	if w.Organization != "" {
		shape, _ := provider.ValueType().(tftypes.Object)
		settings["admin_base_url"] = str(w.AdminURL)
		settings["organization"] = tftypes.NewValue(shape.AttributeTypes["organization"], map[string]tftypes.Value{
			"id": str(w.Organization), "api_key": str(w.Key), "directory_id": tftypes.NewValue(tftypes.String, nil),
		})
	}
	return settings
}

// listing is a provider with the credential of the world, and with access to its organization if there is one. The journal holds the
// requests from then on only.
func listing(t *testing.T, w *acctest.World, more ...func(settings map[string]tftypes.Value)) lister {
	t.Helper()
	l := newLister(t, w)
	settings := signedIn(w, l.schemas.Provider)
	for _, change := range more {
		change(settings)
	}
	answer, err := l.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.15.9", Config: configOf(t, l.schemas.Provider, settings),
	})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	w.ResetJournal()
	return l
}

// config is the body of a list block.
func (l lister) config(t *testing.T, kind string, g listArguments) *tfprotov6.DynamicValue {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, value := range g {
		values[name] = str(value)
	}
	schema := l.schemas.ListResourceSchemas[kind]
	if schema == nil {
		t.Fatalf("%s cannot be listed", kind)
	}
	return configOf(t, schema, values)
}

// listBlock is what a list block says besides its configuration.
type listBlock struct {
	limit   int64
	objects bool
}

// stream begins to list; nothing is asked for until the results are.
func (l lister) stream(ctx context.Context, t *testing.T, kind string, config *tfprotov6.DynamicValue, b listBlock) iter.Seq[tfprotov6.ListResourceResult] {
	t.Helper()
	answer, err := l.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: kind, Config: config, Limit: b.limit, IncludeResource: b.objects})
	if err != nil {
		t.Fatalf("ListResource %s: %s", kind, err)
	}
	return answer.Results
}

// found lists to the end what must be free of errors.
func (l lister) found(t *testing.T, kind string, g listArguments, b listBlock) []listedRow {
	t.Helper()
	rows := l.rows(t, kind, g, b)
	for _, row := range rows {
		if row.failure != "" {
			t.Fatalf("%s of %v: %s", kind, g, row.failure)
		}
	}
	return rows
}

// rows lists to the end.
func (l lister) rows(t *testing.T, kind string, g listArguments, b listBlock) []listedRow {
	t.Helper()
	config := l.config(t, kind, g)
	valid, err := l.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: kind, Config: config})
	mustPass(t, "ValidateListResourceConfig", err, valid.Diagnostics)
	var rows []listedRow
	for result := range l.stream(t.Context(), t, kind, config, b) {
		rows = append(rows, l.row(t, kind, result))
	}
	return rows
}

// inhabit gives a world of either kind projects, repositories, groups and access: explicit, through groups, and none. Project LAB and
// repository idle are empty.
func inhabit(w *acctest.World) {
	auditors := w.AddGroup("acme", simulator.Group{Name: "Auditors"}).Slug
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.AddGroupMember("acme", w.Developers, w.Linus.UUID)
	w.AddGroupMember("acme", auditors, w.Linus.UUID)
	for _, key := range []string{"OPS", "LAB"} {
		w.AddProject(simulator.Project{Workspace: "acme", Key: key, Name: key})
	}
	for _, slug := range []string{"web", "idle"} {
		w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: slug, Name: slug})
	}
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "OPS", Slug: "infra", Name: "infra"})
	for _, g := range []simulator.Grant{
		{Repository: "api", User: w.Grace.UUID, Permission: simulator.Write},
		{Repository: "api", User: w.Linus.UUID, Permission: simulator.Read},
		{Repository: "web", User: w.Linus.UUID, Permission: simulator.Admin},
		{Repository: "infra", User: w.Grace.UUID, Permission: simulator.Read},
		{Repository: "api", Group: w.Developers, Permission: simulator.Write},
		{Repository: "infra", Group: auditors, Permission: simulator.Read},
		{Project: "PLAT", User: w.Grace.UUID, Permission: simulator.CreateRepo},
		{Project: "OPS", User: w.Linus.UUID, Permission: simulator.Write},
		{Project: "PLAT", Group: w.Developers, Permission: simulator.Read},
		{Project: "OPS", Group: auditors, Permission: simulator.Admin},
	} {
		g.Workspace = "acme"
		w.Grant(g)
	}
}
