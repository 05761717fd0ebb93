package provider_test

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// move is a moved block from a type of another provider to one of this.
type move struct {
	from, to   string
	namespaces []string // of the source addresses under which the type is published
	version    int64
	state      document
}

var (
	zahiar   = []string{"zahiar", "brnck"}
	fabian   = []string{"fabianschurig"}
	drfausts = []string{"drfaust92", "gilesgamon", "kmaliauka", "strollby", "aeirola"}
	ours     = []string{"bitbucket-access", "mirror"}
	hosts    = []string{"registry.terraform.io", "registry.opentofu.org", "terraform.corp.example:8443"}
)

// moves are all moves that are possible, of what adopted arranges.
func moves(w *acctest.World) []move {
	grace, uuid := w.Grace.UUID, workspaceUUID(w)
	// What FabianSchurig/bitbucket keeps of an answer, with the names of other attributes in it.
	answer := document{
		"id": "5", "api_response": `{"permission":"admin"}`, "size": 1e21, "pages": []any{1, document{"next": nil}, []any{}}, "nothing": nil, "flag": true, "name": []any{},
		"group": document{"slug": "others", "workspace": document{"slug": "umbrella"}}, "user": []any{document{"uuid": w.Linus.UUID}}, "repository": document{"slug": "web"},
		"request_body": nil, "user_id": nil, "uuid": 7, "allow_self_lockout": nil, "links": document{"self": document{"href": "https://api.bitbucket.org/2.0"}},
	}
	all := []move{
		{"bitbucket_group", "bitbucket_group", zahiar, 0, document{"id": "x", "workspace": uuid, "name": "Developers", "slug": "developers", "permission": "none"}},
		{"bitbucket_group_member", "bitbucket_group_membership", zahiar, 0, document{"id": "x", "workspace": uuid, "group": "developers", "user": grace}},
	}
	on := func(object, name, principal, id, level string) document {
		return document{"id": "acme-" + name + "-" + id, "workspace": "acme", object: name, principal: id, "permission": level}
	}
	for _, m := range []move{
		{"bitbucket_group_permission", "bitbucket_repository_group_permission", zahiar, 0, on("repository", "api", "group", "developers", "read")},
		{"bitbucket_user_permission", "bitbucket_repository_user_permission", zahiar, 0, on("repository", "api", "user", grace, "write")},
		{"bitbucket_repo_group_permissions", "bitbucket_repository_group_permission", fabian, 0, on("repo_slug", "api", "group_slug", "developers", "read")},
		{"bitbucket_repo_user_permissions", "bitbucket_repository_user_permission", fabian, 0, on("repo_slug", "api", "selected_user_id", grace, "write")},
		{"bitbucket_project_group_permissions", "bitbucket_project_group_permission", fabian, 0, on("project_key", "PLAT", "group_slug", "developers", "read")},
		{"bitbucket_project_user_permissions", "bitbucket_project_user_permission", fabian, 0, on("project_key", "PLAT", "selected_user_id", grace, "write")},
	} {
		if m.namespaces[0] == fabian[0] {
			m.state = changedTo(answer, m.state)
		}
		all = append(all, m)
	}
	states, _ := drfaust(w)
	for _, k := range states {
		all = append(all, move{k.typeName, k.typeName, drfausts, 0, k.attributes}, move{k.typeName, k.typeName, ours, 1, changedTo(k.attributes, document{
			"id": absent{}, "user_id": cmp.Or(k.attributes["user_id"], k.attributes["uuid"]), "allow_self_lockout": nil,
		})})
	}
	return all
}

// identity is what the move identifies, by the names of this provider.
func (m move) identity() map[string]string {
	theirs := map[string][]string{"user_id": {"selected_user_id", "user", "uuid"}, "group_slug": {"group"}, "repo_slug": {"repository"}}
	identity := map[string]string{}
	for _, name := range importIDs[m.to] {
		for _, key := range append([]string{name}, theirs[name]...) {
			if text, _ := m.state[key].(string); identity[name] == "" {
				identity[name] = text
			}
		}
	}
	return identity
}

// config is the configuration for what was moved. Who takes over uuid may keep it.
func (m move) config() document {
	config := document{}
	for name, text := range m.identity() {
		config[name] = text
	}
	if m.to == "bitbucket_group" {
		config = changedTo(config, document{"slug": absent{}, "name": m.state["name"]})
	}
	if uuid, has := m.state["uuid"].(string); has {
		config = changedTo(config, document{"user_id": absent{}, "uuid": uuid})
	}
	if text, _ := m.state["permission"].(string); text != "" && text != "none" {
		config["permission"] = text
	}
	return config
}

// take moves the state at a source address.
func (m move) take(t *testing.T, s *server, address string) *tfprotov6.MoveResourceStateResponse {
	t.Helper()
	moved, err := s.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: address, SourceTypeName: m.from, SourceSchemaVersion: m.version, TargetTypeName: m.to,
		SourceState: raw(t, m.state),
	})
	if err != nil {
		t.Fatal(err)
	}
	if moved.TargetState == nil && moved.TargetIdentity != nil {
		t.Errorf("%s of %s: there is an identity without a state", m.from, address)
	}
	return moved
}

func TestEveryTypeOfAnotherProviderMovesWithItsIdentityWhateverTheRegistry(t *testing.T) {
	t.Parallel()
	for _, m := range moves(acctest.New(t, simulator.Options{})) {
		t.Run(m.from+" of "+m.namespaces[0], func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			adopted(w)
			i := identifiedBy(t, connected(t, w), owned{resource: m.to})
			for _, host := range hosts {
				for _, namespace := range m.namespaces {
					address := host + "/" + namespace + "/bitbucket"
					moved := m.take(t, i.server, address)
					mustPass(t, "MoveResourceState from "+address, nil, moved.Diagnostics)
					i.expect(t, "moved from "+address, moved.TargetIdentity, m.identity())
					if host != hosts[0] || namespace != m.namespaces[0] {
						continue
					}
					if asked := len(w.Journal()); asked > 0 {
						t.Errorf("the move sends %d requests", asked)
					}
					i.expectPlan(t, moved.TargetState, m.config(), m.identity(), "")
					w.ResetJournal()
				}
			}
		})
	}
}

var takesOver = regexp.MustCompile(`types of providers for Bitbucket: ([a-z_, ]+)\.`)

// movable returns the types that the provider says it takes over, by the type that does.
func movable(t *testing.T, s *server) map[string][]string {
	t.Helper()
	types := map[string][]string{}
	for name, schema := range s.schemas.ResourceSchemas {
		if schema.Version == 0 {
			continue
		}
		moved := move{from: "nothing", to: name, state: document{}}.take(t, s, "registry.terraform.io/nobody/bitbucket")
		if len(moved.Diagnostics) != 1 {
			t.Fatalf("a move of nothing to %s has %d diagnostics", name, len(moved.Diagnostics))
		}
		known := takesOver.FindStringSubmatch(moved.Diagnostics[0].Detail)
		types[name] = slices.Sorted(slices.Values(strings.Split(known[1], ", ")))
	}
	return types
}

func TestEveryTypeThatTheProviderSaysItTakesOverIsTriedHere(t *testing.T) {
	t.Parallel()
	tried := map[string][]string{}
	for _, m := range moves(acctest.New(t, simulator.Options{})) {
		tried[m.to] = append(tried[m.to], m.from)
	}
	says := movable(t, newServer(t, acctest.Factories()))
	for _, name := range slices.Sorted(maps.Keys(importIDs)) {
		if got, want := slices.Compact(slices.Sorted(slices.Values(tried[name]))), says[name]; !slices.Equal(got, want) {
			t.Errorf("%s takes over %q, and tried are %q", name, want, got)
		}
	}
}

func TestAMoveThatTakesNothingOverSaysWhatCanBeMoved(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	full := document{ // enough for every target
		"workspace": "acme", "name": "Developers", "slug": "developers", "group_slug": "developers", "repo_slug": "api", "project_key": "PLAT", "permission": "read",
		"user_id": "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}", "uuid": "{6b9e9b3c-0d52-4c8e-9e2b-6a1d6f2f6a10}",
	}
	const theirs = "registry.terraform.io/drfaust92/bitbucket"
	for _, test := range []struct{ from, address, to string }{
		{"bitbucket_group_permission", "registry.terraform.io/zahiar/bitbucket", "bitbucket_repository_user_permission"},
		{"bitbucket_user_permission", "registry.terraform.io/zahiar/bitbucket", "bitbucket_repository_group_permission"},
		{"bitbucket_repo_user_permissions", "registry.terraform.io/fabianschurig/bitbucket", "bitbucket_project_user_permission"},
		{"bitbucket_repository_user_permission", theirs, "bitbucket_project_user_permission"},
		{"bitbucket_repository_group_permission", theirs, "bitbucket_repository_user_permission"},
		{"bitbucket_group", theirs, "bitbucket_group_membership"},
		{"bitbucket_repository", theirs, "bitbucket_repository_user_permission"},
		{"bitbucket_hook", theirs, "bitbucket_group"},
		{"", theirs, "bitbucket_group"},
		{"bitbucket_repository_permissions_exclusive", "registry.terraform.io/bitbucket-access/bitbucket", "bitbucket_repository_user_permission"},
		{"aws_iam_group", "registry.terraform.io/hashicorp/aws", "bitbucket_group"},
		{"bitbucket_group", "registry.terraform.io/hashicorp/aws", "bitbucket_group"},
		{"bitbucket_group", "registry.terraform.io/bitbucket/aws", "bitbucket_group"},
		{"bitbucketserver_group", "registry.terraform.io/gavinbunney/bitbucketserver", "bitbucket_group"},
		{"bitbucket_group", "registry.terraform.io/gavinbunney/bitbucketserver", "bitbucket_group"},
		{"bitbucket_group", "registry.terraform.io/nobody/not-bitbucket", "bitbucket_group"},
		{"bitbucket_group", "bitbucket", "bitbucket_group"},
		{"terraform_data", "terraform.io/builtin/terraform", "bitbucket_group_membership"},
	} {
		moved := move{from: test.from, to: test.to, state: full}.take(t, s, test.address)
		expectRefusal(t, moved.TargetState, moved.Diagnostics, "Unable to move "+test.from, test.from+" of provider "+test.address, "to a "+test.to, "import block")
	}
}

// noTexts are values that identify nothing.
var noTexts = map[string]any{"absent": absent{}, "null": nil, "empty": "", "a number": 5, "a flag": true, "an object": document{"slug": "acme"}, "a list": []any{"acme"}}

func TestAStateThatNamesNothingIsRefusedByTheNameOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	for _, m := range moves(acctest.New(t, simulator.Options{})) {
		for name, id := range m.identity() {
			for what, value := range noTexts {
				t.Run(fmt.Sprintf("%s of %s, %s is %s", m.from, m.namespaces[0], name, what), func(t *testing.T) {
					t.Parallel()
					lacking := m
					for key, kept := range m.state { // every attribute that says it
						if kept == any(id) {
							lacking.state = changedTo(lacking.state, document{key: value})
						}
					}
					phrases := []string{"Unable to take over " + m.from, "does not say", "its " + name, "terraform state rm", "import"}
					moved := lacking.take(t, s, hosts[0]+"/"+m.namespaces[0]+"/bitbucket")
					expectRefusal(t, moved.TargetState, moved.Diagnostics, phrases...)
					if m.from == m.to && m.version == 0 {
						upgraded := upgrade(t, s, m.to, 0, raw(t, lacking.state))
						expectRefusal(t, upgraded.UpgradedState, upgraded.Diagnostics, phrases...)
					}
				})
			}
		}
	}
}

// TestAStateThatTookTheNewTypeBeforeItsMoveIsTakenOver holds what chained moved blocks need: where the first target is not in the
// configuration, Terraform renames type and label there without asking, and then asks to move a state of the other provider under our type.
func TestAStateThatTookTheNewTypeBeforeItsMoveIsTakenOver(t *testing.T) {
	t.Parallel()
	s := newServer(t, acctest.Factories())
	for _, m := range moves(acctest.New(t, simulator.Options{})) {
		i := identifiedBy(t, s, owned{resource: m.to})
		moved := move{m.to, m.to, nil, 0, m.state}.take(t, s, hosts[0]+"/"+m.namespaces[0]+"/bitbucket")
		for _, d := range moved.Diagnostics {
			t.Errorf("%s as %s: %s: %s", m.from, m.to, d.Summary, d.Detail)
		}
		if len(moved.Diagnostics) == 0 {
			i.expect(t, "moved as "+m.to, moved.TargetIdentity, m.identity())
		}
	}
}
