package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// oneOfEach is a configuration with a resource of each additive type, all named it, and what identifies each but the workspace.
func oneOfEach(w *acctest.World) (config string, identities map[string]map[string]string) {
	person, group := fmt.Sprintf("user_id = %q", w.Grace.AccountID), `group_slug = "developers"`
	return declared("group", "it", `name = "Ops"`) +
			declared("group_membership", "it", group, person) +
			declared("workspace_invitation", "it", `email = "edsger@partner.example"`, intoGroups("developers")) +
			declared("repository_user_permission", "it", `repo_slug = "api"`, person, `permission = "write"`) +
			declared("repository_group_permission", "it", `repo_slug = "api"`, group, `permission = "read"`) +
			declared("project_user_permission", "it", `project_key = "PLAT"`, person, `permission = "write"`) +
			declared("project_group_permission", "it", `project_key = "PLAT"`, group, `permission = "read"`),
		map[string]map[string]string{
			"bitbucket_group":                       {"slug": "ops"},
			"bitbucket_group_membership":            {"group_slug": "developers", "user_id": w.Grace.AccountID},
			"bitbucket_workspace_invitation":        {"email": "edsger@partner.example"},
			"bitbucket_repository_user_permission":  {"repo_slug": "api", "user_id": w.Grace.AccountID},
			"bitbucket_repository_group_permission": {"repo_slug": "api", "group_slug": "developers"},
			"bitbucket_project_user_permission":     {"project_key": "PLAT", "user_id": w.Grace.AccountID},
			"bitbucket_project_group_permission":    {"project_key": "PLAT", "group_slug": "developers"},
		}
}

// instancesIn reads the state and writes it back as change leaves its instances.
func instancesIn(t *testing.T, c *acctest.Command, change func(typeName string, instance document)) {
	t.Helper()
	var state document
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join(c.Path(), "terraform.tfstate"))), &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state["resources"].([]any) {
		for _, instance := range r.(document)["instances"].([]any) {
			change(r.(document)["type"].(string), instance.(document))
		}
	}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	save(t, c, "terraform.tfstate", string(text))
}

// withoutIdentities leaves the state as a CLI older than identities writes it.
func withoutIdentities(t *testing.T, c *acctest.Command) {
	t.Helper()
	instancesIn(t, c, func(_ string, instance document) {
		delete(instance, "identity")
		delete(instance, "identity_schema_version")
	})
}

func TestInAStateWithoutIdentitiesWhatIsGoneShowsAsACreate(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	config, all := oneOfEach(w)
	c := w.Command(t, config)
	applied(t, c)
	withoutIdentities(t, c)
	expectNothingToDo(t, c)
	for _, g := range w.Grants("acme") {
		w.Revoke(g)
	}
	w.RemoveGroupMember("acme", "developers", w.Grace.UUID)
	w.RemoveGroup("acme", "ops")
	w.CancelInvitation("acme", "edsger@partner.example")
	mention(t, c.Run(t, 2, "plan", "-detailed-exitcode"), fmt.Sprintf("%d to add, 0 to change, 0 to destroy", len(all)))
	mention(t, applied(t, c), fmt.Sprintf("%d added, 0 changed, 0 destroyed", len(all)))
	expectNothingToDo(t, c)
}

func TestADeposedCopyWithoutAnIdentityIsNoticedToBeGone(t *testing.T) {
	t.Parallel()
	w := grantCases[0].world(t, simulator.Options{})
	config := func(repoSlug string) string {
		lines := []string{fmt.Sprintf("repo_slug = %q", repoSlug), fmt.Sprintf("user_id = %q", w.Grace.UUID), `permission = "read"`}
		return beforeDestroy(declared("repository_user_permission", "it", lines...))
	}
	c := w.Command(t, config("api"))
	applied(t, c)
	c.Write(t, config("web"))
	allow := w.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/2.0/**", Status: http.StatusForbidden, Body: "Forbidden"})
	c.Run(t, 1, "apply", "-auto-approve")
	allow()
	withoutIdentities(t, c)
	mention(t, c.Run(t, 2, "plan", "-detailed-exitcode"), "0 to add, 0 to change, 1 to destroy") // while it is there
	w.Revoke(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Grace.UUID})
	mention(t, applied(t, c), "0 added, 0 changed, 0 destroyed")
	expectNothingToDo(t, c)
}

// importing are import blocks with the identities of a resource of each type.
func importing(identities map[string]map[string]string) string {
	var blocks strings.Builder
	for _, name := range slices.Sorted(maps.Keys(identities)) {
		fmt.Fprintf(&blocks, "import {\n  to = %s.it\n  identity = {\n    workspace = \"acme\"\n%s  }\n}\n", name, assignments(identities[name]))
	}
	return blocks.String()
}

func assignments(values map[string]string) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&lines, "    %s = %q\n", name, values[name])
	}
	return lines.String()
}

// expectIdentities compares the identities in the state with what they should be; the workspace is acme.
func expectIdentities(t *testing.T, c *acctest.Command, want map[string]map[string]string) {
	t.Helper()
	got := map[string]map[string]string{}
	instancesIn(t, c, func(typeName string, instance document) {
		got[typeName] = map[string]string{}
		identity, _ := instance["identity"].(document)
		for name, value := range identity {
			if text, ok := value.(string); ok && name != "workspace" {
				got[typeName][name] = text
			}
		}
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the identities in the state (-want +got):\n%s", diff)
	}
}

func TestImportBlocksWithIdentitiesAdoptOneOfEachTypeAndARenameFollows(t *testing.T) {
	t.Parallel()
	acctest.Require(t, acctest.Identity)
	w := acctest.New(t, simulator.Options{})
	config, identities := oneOfEach(w)
	c := w.Command(t, config)
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "web"})
	applied(t, c)
	expectIdentities(t, c, identities)

	c = w.Command(t, importing(identities)+config) // another folder, with an empty state
	c.Run(t, 2, "plan", "-detailed-exitcode", "-out=saved")
	expectNoWrites(t, w)
	mention(t, c.Run(t, 0, "apply", "saved"), fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", len(identities)))
	expectNoWrites(t, w)
	expectIdentities(t, c, identities)

	config = strings.NewReplacer(`name = "Ops"`, `name = "Operations"`, `repo_slug = "api"`, `repo_slug = "web"`).Replace(config)
	c.Write(t, config) // a change of name, and two replacements
	mention(t, applied(t, c), "2 added, 1 changed, 2 destroyed")
	identities["bitbucket_group"]["slug"] = "operations"
	identities["bitbucket_repository_user_permission"]["repo_slug"] = "web"
	identities["bitbucket_repository_group_permission"]["repo_slug"] = "web"
	expectIdentities(t, c, identities)
	expectNothingToDo(t, c)
	withoutIdentities(t, c)
	expectNothingToDo(t, c, "-refresh=false")
	applied(t, c, "-refresh-only")
	expectIdentities(t, c, identities)
}
