package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestListsFindTheAccessToOneObjectToOneProjectAndToTheWholeWorkspace(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	for _, c := range []struct {
		kind, attribute, object string
		want                    []string
	}{
		{listedGroups, "", "", []string{"Auditors", "Developers"}},
		{listedMembers, "", "", []string{"Auditors Linus", "Developers Grace", "Developers Linus"}},
		{listedMembers, "group_slug", "developers", []string{"Developers Grace", "Developers Linus"}},
		{listedRepoUsers, "", "", []string{"api Grace", "api Linus", "infra Grace", "web Linus"}},
		{listedRepoUsers, "project_key", "PLAT", []string{"api Grace", "api Linus", "web Linus"}},
		{listedRepoUsers, "repo_slug", "web", []string{"web Linus"}}, // who also has access through the project
		{listedRepoUsers, "repo_slug", "idle", nil},
		{listedRepoUsers, "project_key", "LAB", nil},
		{listedRepoGroups, "", "", []string{"api Developers", "infra Auditors"}},
		{listedRepoGroups, "project_key", "OPS", []string{"infra Auditors"}},
		{listedRepoGroups, "repo_slug", "api", []string{"api Developers"}},
		{listedRepoGroups, "project_key", "LAB", nil},
		{listedProjectUsers, "", "", []string{"OPS Linus", "PLAT Grace"}},
		{listedProjectUsers, "project_key", "OPS", []string{"OPS Linus"}},
		{listedProjectUsers, "project_key", "LAB", nil},
		{listedProjectGroups, "", "", []string{"OPS Auditors", "PLAT Developers"}},
		{listedProjectGroups, "project_key", "PLAT", []string{"PLAT Developers"}},
		{listedGroupLists, "", "", []string{"Auditors", "Developers"}},
		{listedGroupLists, "group_slug", "developers", []string{"Developers"}},
		{listedRepoLists, "", "", []string{"api", "idle", "infra", "web"}},
		{listedRepoLists, "project_key", "PLAT", []string{"api", "idle", "web"}},
		{listedRepoLists, "repo_slug", "idle", []string{"idle"}},
		{listedProjectLists, "", "", []string{"LAB", "OPS", "PLAT"}},
		{listedProjectLists, "project_key", "LAB", []string{"LAB"}},
	} {
		for _, workspace := range []string{"acme", workspaceUUID(w)} {
			arguments := listArguments{"workspace": workspace}
			if c.attribute != "" {
				arguments[c.attribute] = c.object
			}
			rows := l.found(t, c.kind, arguments, listBlock{})
			if diff := cmp.Diff(c.want, listedWho(w, rows)); diff != "" {
				t.Errorf("%s of %v (-want +got):\n%s", c.kind, arguments, diff)
			}
			for _, row := range rows { // the words of the configuration, so that the resources hold them too
				if row.identity["workspace"] != workspace || row.warning != "" {
					t.Errorf("%s of %v: %v %s", c.kind, arguments, row.identity, row.warning)
				}
			}
		}
	}
}

// membersOfAll are the groups of workspace acme and who is in them, in the organization where that has them.
func membersOfAll(w *acctest.World) (groups, members []string) {
	for _, g := range w.Groups("acme") {
		if w.Organization != "" {
			of, _ := w.OrganizationGroup(w.Organization, g.Slug)
			g.Members = of.Members
		}
		groups = append(groups, g.Name)
		for _, uuid := range g.Members {
			name, _ := nameOf(w, uuid)
			members = append(members, g.Name+" "+name)
		}
	}
	return slices.Sorted(slices.Values(groups)), slices.Sorted(slices.Values(members))
}

func TestListsOfGroupsAndMembershipsAreTheSameOnBothKindsOfWorkspace(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		inhabit(w)
		groups, members := membersOfAll(w)
		if len(groups) < 2 || len(members) < 3 {
			t.Fatalf("the world has groups %v with members %v", groups, members)
		}
		l := listing(t, w)
		for _, workspace := range []string{"acme", workspaceUUID(w)} {
			arguments := listArguments{"workspace": workspace}
			if diff := cmp.Diff(groups, listedWho(w, l.found(t, listedGroups, arguments, listBlock{}))); diff != "" {
				t.Errorf("the groups of %s (-want +got):\n%s", workspace, diff)
			}
			if diff := cmp.Diff(members, listedWho(w, l.found(t, listedMembers, arguments, listBlock{}))); diff != "" {
				t.Errorf("the members of %s (-want +got):\n%s", workspace, diff)
			}
			one := l.found(t, listedMembers, arguments.with("group_slug", w.Developers), listBlock{})
			if diff := cmp.Diff([]string{"Developers Grace", "Developers Linus"}, listedWho(w, one)); diff != "" {
				t.Errorf("the developers of %s (-want +got):\n%s", workspace, diff)
			}
		}
	})
}

func TestPeopleWhomBitbucketDoesNotShowAreListedByTheirAccountID(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	ken := stranger(w, "Ken")
	w.AddOrganizationGroupMember(w.Organization, w.Developers, ken.UUID)
	w.SuspendInOrganization(w.Organization, ken.UUID)
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	rows := listing(t, w).found(t, listedMembers, inAcme.with("group_slug", w.Developers), listBlock{objects: true})
	var got []string
	for _, row := range rows {
		got = append(got, row.identity["user_id"])
	}
	slices.Sort(got)
	want := []string{ken.AccountID, w.Grace.UUID}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the developers are (-want +got):\n%s", diff)
	}
}

// TestWhatIsListedImportsAndPlansEmpty holds what makes generated configuration plan empty: the import by the identity of a result gives
// the object of the result, and the configuration that is generated of that changes nothing.
func TestWhatIsListedImportsAndPlansEmpty(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		inhabit(w)
		if w.Organization != "" {
			w.AddOrganizationGroupMember(w.Organization, syncedGroup(w), w.Grace.UUID)
			ken := stranger(w, "Ken")
			w.AddOrganizationGroupMember(w.Organization, w.Developers, ken.UUID)
			w.SuspendInOrganization(w.Organization, ken.UUID)
		} else {
			w.UpdateGroup("acme", w.Developers, simulator.Group{Name: "Developers", Permission: simulator.Write, AutoAdd: true})
		}
		for _, workspace := range []string{"acme", workspaceUUID(w), bare(workspaceUUID(w))} {
			var adopted lister
			for i, kind := range listedTypes {
				if i == 0 || kind == listedLists[0] { // either the things or the lists, each in another run than that which lists them
					adopted = listing(t, w)
				}
				rows := listing(t, w).found(t, kind, listArguments{"workspace": workspace}, listBlock{objects: true})
				if len(rows) == 0 {
					t.Errorf("%s: nothing is listed", kind)
				}
				for _, row := range rows {
					adopted.adopt(t, kind, row)
				}
				expectNoWrites(t, w)
				expectRequests(t, w, http.MethodGet, peopleListings, 0)
			}
		}
	})
}

// adopt imports what was found, and plans the configuration that Terraform generates for it.
func (l lister) adopt(t *testing.T, kind string, row listedRow) {
	t.Helper()
	about, schema := fmt.Sprintf("%s %v", kind, row.identity), l.schemas.ResourceSchemas[kind]
	if row.object == nil {
		t.Errorf("%s: there is no object", about)
		return
	}
	want := unmarshal(t, schema, row.object)
	imported, err := l.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: kind, Identity: row.raw})
	mustPass(t, about+": ImportResourceState", err, imported.Diagnostics)
	found := imported.ImportedResources[0]
	read, err := l.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: kind, CurrentState: found.State, Private: found.Private, CurrentIdentity: found.Identity,
	})
	mustPass(t, about+": ReadResource", err, read.Diagnostics)
	identifiedBy(t, l.server, owned{resource: kind}).expect(t, "after import and refresh", read.NewIdentity, row.identity)
	if got := unmarshal(t, schema, read.NewState); !got.Equal(want) {
		t.Errorf("%s: imported %s, listed %s", about, got, want)
	}
	written, err := l.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: kind, State: row.object})
	mustPass(t, about+": GenerateResourceConfig", err, written.Diagnostics)
	valid, err := l.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: kind, Config: written.Config})
	mustPass(t, about+": ValidateResourceConfig", err, valid.Diagnostics)
	var config, prior map[string]tftypes.Value
	if err := unmarshal(t, schema, written.Config).As(&config); err != nil {
		t.Fatal(err)
	}
	if err := want.As(&prior); err != nil {
		t.Fatal(err)
	}
	proposed := maps.Clone(config)
	for _, a := range schema.Block.Attributes {
		if a.Computed && config[a.Name].IsNull() {
			proposed[a.Name] = prior[a.Name]
		}
	}
	plan, err := l.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: kind, PriorState: read.NewState, PriorIdentity: read.NewIdentity, PriorPrivate: read.Private, Config: written.Config,
		ProposedNewState: dynamic(t, tftypes.NewValue(schema.ValueType(), proposed)),
	})
	mustPass(t, about+": PlanResourceChange", err, plan.Diagnostics)
	if got := unmarshal(t, schema, plan.PlannedState); !got.Equal(want) || len(plan.RequiresReplace) > 0 {
		t.Errorf("%s: the plan is %s, not %s", about, got, want)
	}
}

func TestWithoutIncludeResourceThereIsNoObject(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	for _, kind := range listedTypes {
		for _, row := range l.found(t, kind, inAcme, listBlock{}) {
			if row.object != nil {
				t.Errorf("%s %v comes with an object", kind, row.identity)
			}
		}
	}
}

// saidOf are the display names that a person would give to some of what inhabit has made, as patterns.
var saidOf = map[string]string{
	listedGroups:        `^Developers$`,
	listedMembers:       `^Grace: member of group [^{}]*[Dd]evelopers$`,
	listedRepoUsers:     `^Grace: write on repository acme/api$`,
	listedRepoGroups:    `^Developers: write on repository acme/api$`,
	listedProjectUsers:  `^Grace: create-repo on project acme/PLAT$`,
	listedProjectGroups: `^Developers: read on project acme/PLAT$`,
	listedGroupLists:    `^Members of group [^{}]*[Dd]evelopers$`,
	listedRepoLists:     `^Permissions on repository acme/api$`,
	listedProjectLists:  `^Permissions on project acme/PLAT$`,
}

func TestDisplayNamesAreWhatAPersonWouldSayAndNotIDs(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		inhabit(w)
		l := listing(t, w)
		for kind, pattern := range saidOf {
			for _, workspace := range []string{"acme", workspaceUUID(w)} {
				var names []string
				for _, row := range l.found(t, kind, listArguments{"workspace": workspace}, listBlock{}) {
					names = append(names, row.name)
				}
				if !slices.ContainsFunc(names, regexp.MustCompile(pattern).MatchString) {
					t.Errorf("%s of workspace %s: nothing is called %s among %q", kind, workspace, pattern, names)
				}
			}
		}
	})
}
