package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// detection is a world in which something happens, with the folder that its access is configured in.
type detection struct {
	world    *acctest.World
	platform string // the slug of a group that has no access yet
}

// handMade are what happens by hand, in the order and the words of the guide.
var handMade = []struct {
	name string
	do   func(d detection)
}{
	{"nothing", func(detection) {}},
	{"a permission on a repository is given", func(d detection) {
		d.world.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: d.world.Linus.UUID, Permission: simulator.Admin})
	}},
	{"a permission on a project is given", func(d detection) {
		d.world.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: d.platform, Permission: simulator.Admin})
	}},
	{"a level is changed", func(d detection) {
		d.world.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: d.world.Developers, Permission: simulator.Admin})
	}},
	{"a permission is taken away", func(d detection) {
		d.world.Revoke(simulator.Grant{Workspace: "acme", Repository: "api", User: d.world.Grace.UUID})
	}},
	{"a member joins a group", func(d detection) { d.world.AddGroupMember("acme", d.world.Developers, d.world.Linus.UUID) }},
	{"a member is taken out of a group", func(d detection) { d.world.RemoveGroupMember("acme", d.world.Developers, d.world.Grace.UUID) }},
	{"a group is deleted", func(d detection) { d.world.RemoveGroup("acme", d.world.Developers) }},
	{"a repository is deleted", func(d detection) { d.world.RemoveRepository("acme", "api") }},
	{"a repository is new, with a default permission", func(d detection) {
		d.world.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "web", Name: "web"})
	}},
	{"somebody leaves the workspace", func(d detection) { d.world.RemoveMember("acme", d.world.Grace.UUID) }},
	{"somebody joins the workspace", func(d detection) { d.world.AddPerson("Barbara", simulator.RoleMember) }},
	{"an invitation is accepted", func(d detection) { d.world.AcceptInvitation("edsger@partner.example") }},
	{"an invitation is withdrawn", func(d detection) { d.world.CancelInvitation("acme", "edsger@partner.example") }},
}

// detecting arranges a world before something happens.
func detecting(t *testing.T) detection {
	t.Helper()
	w := acctest.New(t, simulator.Options{})
	d := detection{w, w.AddGroup("acme", simulator.Group{Name: "Platform", Permission: simulator.Read}).Slug}
	w.AddGroupMember("acme", w.Developers, w.Grace.UUID)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID, Permission: simulator.Write})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: w.Developers, Permission: simulator.Write})
	w.Grant(simulator.Grant{Workspace: "acme", Project: "PLAT", Group: w.Developers, Permission: simulator.Read})
	return d
}

const invitesEdsger = `
resource "bitbucket_workspace_invitation" "edsger" {
  workspace   = "acme"
  email       = "edsger@partner.example"
  group_slugs = ["developers"]
}
`

// listsOwned own the repository, the project and the group.
func listsOwned(w *acctest.World, setting string) string {
	o := ownedObjects(w)
	return invitesEdsger + o[0].block(w, who{"Grace": "write", "Developers": "write"}, setting) + o[1].block(w, who{"Developers": "read"}, setting) +
		o[2].block(w, who{"Grace": "member"}, setting)
}

// oneByOne manages the same access one by one.
func oneByOne(*acctest.World) string {
	const (
		grace, developers = `user_id = "` + graceUUID + `"`, `group_slug = "developers"`
		api, plat         = `repo_slug = "api"`, `project_key = "PLAT"`
	)
	return invitesEdsger + gives("repository_user_permission", api, grace, `permission = "write"`) +
		gives("project_group_permission", plat, developers, `permission = "read"`) +
		gives("repository_group_permission", api, developers, `permission = "write"`) + gives("group_membership", developers, grace)
}

// watchingWays are how access is configured, in the order of the guide's columns.
var watchingWays = []struct {
	name   string
	config func(w *acctest.World) string
}{
	{"additive", oneByOne},
	{"exclusive", func(w *acctest.World) string { return listsOwned(w, revoking) }},
	{"report", func(w *acctest.World) string { return listsOwned(w, reporting) }},
}

// columnOf is where the guide's table tells of a way.
func columnOf(t *testing.T, name string) int {
	t.Helper()
	names := []string{"event", "additive", "exclusive", "report", "query", "review"}
	i := slices.Index(names, name)
	if i < 0 {
		t.Fatalf("the guide has no column %q", name)
	}
	return i
}

// guideTable are the cells of the guide on what detects what, by event.
func guideTable(t *testing.T) map[string][]string {
	t.Helper()
	root, err := acctest.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "templates", "guides", "what-detects-what.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		table[cells[0]] = cells
	}
	return table
}

// expectCell compares what was measured with what the guide says.
func expectCell(t *testing.T, table map[string][]string, event, way, measured string) {
	t.Helper()
	cells, i := table[event], columnOf(t, way)
	if len(cells) <= i || cells[i] != measured {
		t.Errorf("%s, %s: measured %q, and the guide says %q", event, way, measured, cells)
	}
}

// TestTheGuideOnWhatDetectsWhatSaysWhatPlansShow lets each event happen to each way of configuring the same access, and compares the plan and its
// exit code with the table of the guide.
func TestTheGuideOnWhatDetectsWhatSaysWhatPlansShow(t *testing.T) {
	t.Parallel()
	table := guideTable(t)
	for _, way := range watchingWays {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			d := detecting(t)
			c := d.world.Command(t, way.config(d.world))
			c.Run(t, 0, "apply", "-auto-approve")
			d.each(t, func(event string) {
				expectCell(t, table, event, way.name, noticed(t, d.world, c))
			})
		})
	}
}

// each lets the events happen, each in the world as it is now.
func (d detection) each(t *testing.T, after func(event string)) {
	t.Helper()
	before := d.world.Snapshot()
	for _, event := range handMade {
		if err := d.world.Load(before); err != nil {
			t.Fatal(err)
		}
		event.do(d)
		d.world.ResetJournal()
		after(event.name)
		expectNoWrites(t, d.world)
	}
}

// noticed says in the words of the guide what a plan shows.
func noticed(t *testing.T, w *acctest.World, c *acctest.Command) string {
	t.Helper()
	p := pipeline{w, c.Path(), map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": t.TempDir(), "TERRAFORM": os.Getenv("TF_ACC_TERRAFORM_PATH"), "TF_CLI_CONFIG_FILE": filepath.Join(c.Path(), "cli.tfrc"),
		"CHECKPOINT_DISABLE": "1", "BITBUCKET_BASE_URL": w.URL, "BITBUCKET_USERNAME": w.Username, "BITBUCKET_API_TOKEN": w.Token,
	}}
	output, code := p.run(t, `"$TERRAFORM" plan -detailed-exitcode -no-color -input=false -lock=false -out=plan.out`)
	warned := ""
	if strings.Contains(strings.ReplaceAll(output, "Warning: Provider development overrides", ""), "Warning: ") {
		warned = " and a warning"
	}
	switch code {
	case 0: // nothing would change
		return "0" + warned
	case 1:
		return "**1**, an error"
	}
	verbs := map[string]bool{}
	for _, change := range readPlan(t, c).Changes {
		for _, verb := range verbsOf(change) {
			verbs[verb] = true
		}
	}
	return "**2**: " + strings.Join(slices.Sorted(maps.Keys(verbs)), ", ") + warned
}

// verbsOf say what applying a change does about access.
func verbsOf(c listChange) []string {
	before, after := c.Change.Before, c.Change.After
	switch c.Change.Actions[0] {
	case "create":
		return []string{"gives again"}
	case "update":
		var verbs []string
		if len(after.Revokes) > 0 {
			verbs = append(verbs, "takes away")
		}
		lacks := len(after.UserIDs) > 0 && slices.ContainsFunc(after.UserIDs, func(id string) bool { return !slices.Contains(before.UserIDs, id) })
		for _, both := range [][2]map[string]string{{before.Users, after.Users}, {before.Groups, after.Groups}} {
			for who, level := range both[1] {
				lacks = lacks || both[0][who] == ""
				if both[0][who] != "" && both[0][who] != level {
					verbs = append(verbs, "sets back")
				}
			}
		}
		if lacks {
			verbs = append(verbs, "gives again")
		}
		if len(verbs) == 0 {
			return []string{"sets back"} // an additive one
		}
		return verbs
	}
	return nil
}

// TestTheGuideOnWhatDetectsWhatSaysWhatQueriesFind compares what a query of everything finds before and after each event with the guide.
func TestTheGuideOnWhatDetectsWhatSaysWhatQueriesFind(t *testing.T) {
	t.Parallel()
	table := guideTable(t)
	var lists strings.Builder
	for _, kind := range listedThings {
		lists.WriteString(listOf(kind, "limit = 1000"))
	}
	d := detecting(t)
	d.world.Command(t, oneByOne(d.world)).Run(t, 0, "apply", "-auto-approve")
	c := querying(t, d.world, map[string]string{"all": lists.String()})
	before, _ := discovered(t, d.world, c, 0)
	d.each(t, func(event string) {
		after, _ := discovered(t, d.world, c, 0)
		more := slices.ContainsFunc(after, func(row string) bool { return !slices.Contains(before, row) })
		less := slices.ContainsFunc(before, func(row string) bool { return !slices.Contains(after, row) })
		expectCell(t, table, event, "query", map[[2]bool]string{
			{false, false}: "0, the same rows", {true, false}: "0, more rows", {false, true}: "0, fewer rows", {true, true}: "0, other rows",
		}[[2]bool{more, less}])
	})
}
