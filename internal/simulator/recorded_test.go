package simulator_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator/conformance"
)

// recorded reads a real answer of Bitbucket, which is not part of this project, and skips the test where it is not present.
func recorded(t *testing.T, name string) string {
	t.Helper()
	return recordedIn(t, "bitbucket", name)
}

// recordedIn is recorded for the answers of another API.
func recordedIn(t *testing.T, folder, name string) string {
	t.Helper()
	file, err := conformance.Find(folder, "recorded/"+name)
	if err != nil {
		t.Fatal(err)
	}
	if file == "" {
		t.Skipf("the recorded answer %s is not beside the project", name)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// decoded reads a JSON object.
func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// strangers lists the keys of got, dotted, that want does not have. Lists are compared by their first rows.
func strangers(want, got any, path string) []string {
	switch got := got.(type) {
	case map[string]any:
		var found []string
		known, _ := want.(map[string]any)
		for key, value := range got {
			place := strings.TrimPrefix(path+"."+key, ".")
			expected, ok := known[key]
			switch {
			case !ok && known != nil && len(known) > 0:
				found = append(found, place)
			case ok:
				found = append(found, strangers(expected, value, place)...)
			}
		}
		return found
	case []any:
		if known, _ := want.([]any); len(known) > 0 && len(got) > 0 {
			return strangers(known[0], got[0], path)
		}
	}
	return nil
}

func TestBodiesHaveTheKeysOfRealOnes(t *testing.T) {
	t.Parallel()
	for file, tt := range map[string]struct {
		path string
		// extra are keys that the simulator sends on purpose although this recording has none.
		extra []string
	}{
		"user-2022.json":      {path: "/2.0/user"},
		"workspace-2026.json": {path: "/2.0/workspaces/acme"},
		"project-2020.json":   {path: "/2.0/workspaces/acme/projects/PLAT"},
		// The owner of a repository of a workspace is a team, the recorded ones belong to people; see project-2020.json.
		"repository-2023.json": {
			path: "/2.0/repositories/acme/api",
			extra: []string{
				"links.branches", "links.tags", "links.source", "owner.username", "override_settings.branch_restrictions",
			},
		},
		"repositories-page1-2022.json": {
			path: "/2.0/repositories/acme?pagelen=1", extra: []string{"values.owner.username", "values.parent"},
		},
		"repo-permissions-config-groups-2023-redacted.json": {
			path: repoAPI + "/groups?pagelen=1", extra: []string{"next"},
		},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			_, c, _ := newAcme(t, simulator.Options{})
			genuine := decoded(t, recorded(t, file))
			for _, key := range strangers(genuine, any(c.get(tt.path).body), "") {
				if !slices.Contains(tt.extra, key) {
					t.Errorf("the real answer has no %s", key)
				}
			}
		})
	}
}

func TestWorkspaceItemsHaveExactlyTheKeysOfRealOnes(t *testing.T) {
	t.Parallel()
	_, c, _ := newAcme(t, simulator.Options{})
	genuine, got := decoded(t, recorded(t, "user-workspaces-item.json")), c.get("/2.0/user/workspaces").values()[0]
	if missing := append(strangers(genuine, any(got), ""), strangers(got, any(genuine), "")...); len(missing) > 0 {
		t.Errorf("keys differ: %v", missing)
	}
}

func TestErrorsAreTheRealOnes(t *testing.T) {
	t.Parallel()
	s, c, _ := newAcme(t, simulator.Options{RequestsPerHour: 1, LimitedPrefixes: []string{"/2.0/users"}})
	c.get("/2.0/users/" + simulator.Acme().Users[0].AccountID)
	for file, ask := range map[string]func() reply{
		"error-401-token-invalid.json":   func() reply { return c.with("x").do(http.MethodGet, "/2.0/user", "") },
		"error-401-account-password.txt": func() reply { return c.as("ada", "password").do(http.MethodGet, "/2.0/user", "") },
		"error-404-no-api.json":          func() reply { return c.do(http.MethodGet, "/2.0/nothing", "") },
		"error-404-workspace.json":       func() reply { return c.do(http.MethodGet, "/2.0/workspaces/0", "") },
		"error-410-change-2770.json":     func() reply { return c.do(http.MethodGet, "/2.0/workspaces", "") },
		"error-429-rate-limit.txt":       func() reply { return c.do(http.MethodGet, "/2.0/users/x", "") },
		"error-403-forbidden.json":       func() reply { return c.as(s.AddAPIToken(graceOf(s))).do(http.MethodGet, repoAPI+"/users", "") },
		"error-404-repo.json":            func() reply { return repoOfDev(s, c).do(http.MethodGet, "/2.0/repositories/dev/null", "") },
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			genuine, got := recorded(t, file), ask()
			if got.body == nil {
				if strings.TrimSpace(genuine) != strings.TrimSpace(got.text) {
					t.Errorf("says %q, want %q", got.text, genuine)
				}
				return
			}
			if diff := cmp.Diff(decoded(t, genuine), got.body); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

// graceOf is a member who administers nothing of api.
func graceOf(s *simulator.Simulator) string {
	u := s.AddUser(simulator.User{DisplayName: "No Body"})
	s.AddMember("acme", u.UUID, simulator.RoleMember)
	s.AddGroupMember("acme", "developers", u.UUID)
	return u.UUID
}

// repoOfDev signs in to a workspace called dev.
func repoOfDev(s *simulator.Simulator, c *client) *client {
	s.AddWorkspace(simulator.Workspace{Slug: "dev"})
	u := s.AddUser(simulator.User{DisplayName: "Dev"})
	s.AddMember("dev", u.UUID, simulator.RoleOwner)
	return c.as(s.AddAPIToken(u.UUID))
}
