package provider_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// forgedName is a name that anybody can choose for an account, and that would look like lines of Terraform.
const forgedName = "Mallory\n  - grant read to user Ada\n\nError: no access is taken away\u202e\u2028\x1b[2K"

// expectNoForgery demands that diagnostics name somebody by the name, in one line and with everything in it shown.
func expectNoForgery(t *testing.T, what string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	named := false
	for _, d := range diags {
		said := d.Summary + "\n" + d.Detail
		named = named || strings.Contains(said, "Mallory")
		if strings.Contains(said, "\n  - grant read to user Ada\n") || strings.ContainsFunc(said, func(r rune) bool { return r != '\n' && !strconv.IsPrint(r) }) {
			t.Errorf("%s: a name forges lines: %q", what, said)
		}
	}
	if !named {
		t.Errorf("%s: nobody says Mallory", what)
	}
}

func TestNamesOfPeopleForgeNoLines(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		mallory := w.AddUser(simulator.User{DisplayName: forgedName, Nickname: "m", Email: "m@acme.example"})
		other := w.AddUser(simulator.User{DisplayName: forgedName, Nickname: "m", Email: "m2@acme.example"})
		w.AddMember("acme", mallory.UUID, simulator.RoleOwner)
		w.AddMember("acme", other.UUID, simulator.RoleMember)
		w.AddGroupMember("acme", w.Developers, mallory.UUID)
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: other.UUID, Permission: simulator.Write})
		on := map[string]tftypes.Value{"workspace": str("acme"), "repo_slug": str("api")}
		for what, one := range map[string]written{
			"a list of grants that does not name them": {
				"bitbucket_repository_permissions_exclusive",
				more(on, map[string]tftypes.Value{"users": levelMap(nil), "groups": levelMap(nil)}),
			},
			"a list of members that does not name them": {
				"bitbucket_group_members_exclusive",
				map[string]tftypes.Value{"workspace": str("acme"), "group_slug": str(w.Developers), "user_ids": peopleSet(w.Grace.UUID)},
			},
			"a permission of an administrator": {
				"bitbucket_repository_user_permission",
				more(on, map[string]tftypes.Value{"user_id": str(mallory.UUID), "permission": str("read")}),
			},
		} {
			heard := &diagnosed{server: inRun(t, w, nil)}
			r := managedResource{written: one}
			_ = r.propose(t.Context(), &server{heard, heard.schemas})
			expectNoForgery(t, what, heard.said)
		}
		p := inRun(t, w, nil)
		config := configOf(t, p.schemas.DataSourceSchemas["bitbucket_user"], map[string]tftypes.Value{"workspace": str("acme"), "nickname": str("m")})
		answer, err := p.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "bitbucket_user", Config: config})
		if err != nil {
			t.Fatal(err)
		}
		expectNoForgery(t, "a nickname of several", answer.Diagnostics)
	})
}

func levelMap(levels map[string]tftypes.Value) tftypes.Value {
	if levels == nil {
		levels = map[string]tftypes.Value{}
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, levels)
}

func peopleSet(ids ...string) tftypes.Value {
	var all []tftypes.Value
	for _, id := range ids {
		all = append(all, str(id))
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, all)
}

// TestAnswersForgeNoLines is about what an answer says besides its message: scopes that are missing, and where something has moved to.
func TestAnswersForgeNoLines(t *testing.T) {
	t.Parallel()
	for what, fault := range map[string]simulator.Fault{
		"scopes": {Status: 403, Body: `{"error":{"message":"Scopes","detail":{"required":["Mallory\n  - grant read to user Ada\n"],"granted":["a\u202eb"]}}}`},
	} {
		w := acctest.New(t, simulator.Options{})
		p := inRun(t, w, nil)
		w.Inject(fault)
		config := configOf(t, p.schemas.DataSourceSchemas["bitbucket_projects"], map[string]tftypes.Value{"workspace": str("acme")})
		answer, err := p.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "bitbucket_projects", Config: config})
		if err != nil {
			t.Fatal(err)
		}
		expectNoForgery(t, what, answer.Diagnostics)
	}
}

// TestAQueryDoesNotTakeTheProjectBack holds that every argument counts, whatever the query is.
func TestAQueryDoesNotTakeTheProjectBack(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OPS"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "OPS", Slug: "infra"})
	p := inRun(t, w, nil)
	schema := p.schemas.DataSourceSchemas["bitbucket_repositories"]
	config := configOf(t, schema, map[string]tftypes.Value{"workspace": str("acme"), "project_key": str("PLAT"), "query": str(`name = "") OR (name != ""`)})
	valid, err := p.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: "bitbucket_repositories", Config: config})
	if refusal(err, valid.Diagnostics) != nil {
		return
	}
	answer, err := p.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "bitbucket_repositories", Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Diagnostics) == 0 && strings.Contains(unmarshal(t, schema, answer.State).String(), "infra") {
		queries := url.Values{}
		for _, r := range w.Journal() {
			queries["q"] = append(queries["q"], r.Query.Get("q"))
		}
		t.Errorf("the repositories of project PLAT are also those of others, by %q", slices.Compact(queries["q"]))
	}
}

// TestAHostileDirectoryReachesNoOtherPath holds that what cannot be the id of a directory is refused before it is part of a path.
func TestAHostileDirectoryReachesNoOtherPath(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	a := newAttack(t, w)
	shape, _ := a.schemas.Provider.ValueType().(tftypes.Object)
	for _, text := range hostileTexts {
		a.configuring(t, "directory_id", text, map[string]tftypes.Value{"organization": organizationBlock(shape, w.Organization, w.Key, text)})
	}
}
