package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// writersOf is the access to repository api that the exit codes are about, with more arguments of the resource.
func writersOf(arguments string) string {
	return fmt.Sprintf(`
resource "bitbucket_repository_permissions_exclusive" "api" {
  workspace = "acme"
  repo_slug = "api"
  users     = {}
  groups    = { developers = "write" }
  %s
}
`, arguments)
}

const (
	grantsOfAPI = `
data "bitbucket_repository_permissions" "api" {
  workspace = "acme"
  repo_slug = "api"
}
`
	nobodyElse = `
  assert {
    condition     = length(data.bitbucket_repository_permissions.api.users) == 0
    error_message = "Somebody has access."
  }
`
)

// TestPlansEndWithTheExitCodesOfTheGuideOnExclusiveAccess holds what "terraform plan -detailed-exitcode" ends with while all is as
// configured, and when somebody has been given access by hand.
func TestPlansEndWithTheExitCodesOfTheGuideOnExclusiveAccess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, config   string
		clean, granted int
		says           []string             // when somebody has been given access
		shows          func(savedPlan) bool // what the JSON of that plan tells, where tools have nothing else to go by
	}{
		{
			name:   "additive resources",
			config: developersGrant,
			says:   []string{"No changes."},
		},
		{
			name:    "exclusive",
			config:  writersOf(""),
			granted: 2,
			says:    []string{"1 to change", "- revoke admin from user Linus"},
		},
		{
			name:   "exclusive, report",
			config: writersOf(`unmanaged = "report"`),
			says:   []string{"No changes", "Access to repository acme/api that is not in the configuration", "- user Linus", ": admin"},
			shows: func(p savedPlan) bool {
				linus := func(of []listChange) bool {
					return len(of) == 1 && len(of[0].Change.After.Extras) == 1 && of[0].Change.After.Extras[0].Name == "Linus"
				}
				return linus(p.Changes) && linus(p.Drift)
			},
		},
		{
			name:    "exclusive, report and an output of the extras",
			config:  writersOf(`unmanaged = "report"`) + "output \"extras\" {\n  value = bitbucket_repository_permissions_exclusive.api.extras\n}\n",
			granted: 2,
			says:    []string{"Changes to Outputs", "Linus"},
		},
		{
			name: "exclusive, report and a postcondition",
			config: writersOf(`unmanaged = "report"
  lifecycle {
    postcondition {
      condition     = length(self.extras) == 0
      error_message = "Somebody has access."
    }
  }`),
			granted: 1,
			says:    []string{"Resource postcondition failed", "Somebody has access."},
		},
		{
			name:   "data source and a check",
			config: grantsOfAPI + "check \"access\" {" + nobodyElse + "}\n",
			says:   []string{"No changes", "Check block assertion failed", "Somebody has access."},
			shows:  func(p savedPlan) bool { return len(p.Checks) == 1 && p.Checks[0].Status == "fail" },
		},
		{
			name:    "data source in a check",
			config:  "check \"access\" {" + grantsOfAPI + nobodyElse + "}\n",
			clean:   2,
			granted: 2,
			says:    []string{"Check block assertion failed", "Somebody has access."},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t, simulator.Options{})
			w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: w.Developers, Permission: simulator.Write})
			c := w.Command(t, test.config)
			c.Run(t, 0, "apply", "-auto-approve")
			c.Run(t, test.clean, "plan", "-detailed-exitcode")
			w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: w.Linus.UUID, Permission: simulator.Admin})
			printed := unframed(c.Run(t, test.granted, "plan", "-detailed-exitcode", "-out=plan.out"))
			if !says(test.says...).MatchString(printed) {
				t.Errorf("the plan does not say %q:\n%s", test.says, printed)
			}
			expectNoWrites(t, w)
			if test.shows != nil && !test.shows(readPlan(t, c)) {
				t.Error("the JSON of the plan does not tell")
			}
		})
	}
}

// savedPlan is a plan as "terraform show -json" tells it, and the warnings that were printed with it, by address.
type savedPlan struct {
	Changes []listChange                                       `json:"resource_changes"`
	Drift   []listChange                                       `json:"resource_drift"`
	Outputs map[string]struct{ Before, After json.RawMessage } `json:"output_changes"`
	Checks  []struct {
		Status string
	}
	warnings map[string]string
}

// listChange is what a plan says of one exclusive resource.
type listChange struct {
	Address string
	Change  struct {
		Actions       []string
		Before, After *listValues
	}
}

// listValues are the attributes of an exclusive resource.
type listValues struct {
	Users, Groups           map[string]string
	UserIDs                 []string `json:"user_ids"`
	Revokes, Lowers, Extras []listRow
}

// listRow is somebody in a computed list, with the level now and the one that it becomes.
type listRow struct {
	UserID              string `json:"user_id"`
	GroupSlug           string `json:"group_slug"`
	Name                string
	Permission, Becomes string
}

// planOf makes a plan, which must not write anything, saves it as plan.out and reads it.
func planOf(t *testing.T, w *acctest.World, c *acctest.Command) savedPlan {
	t.Helper()
	printed := c.Run(t, 0, "plan", "-json", "-out=plan.out")
	expectNoWrites(t, w)
	plan := readPlan(t, c)
	plan.warnings = map[string]string{}
	for line := range strings.Lines(printed) {
		var message struct {
			Diagnostic struct{ Address, Summary, Detail string }
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if d := message.Diagnostic; d.Address != "" {
			plan.warnings[d.Address] += d.Summary + ": " + d.Detail + "\n"
		}
	}
	return plan
}

// readPlan reads plan.out.
func readPlan(t *testing.T, c *acctest.Command) savedPlan {
	t.Helper()
	var plan savedPlan
	shown := []byte(c.Run(t, 0, "show", "-json", "plan.out"))
	start := bytes.Index(shown, []byte(`{"format_version"`)) // the CLI may warn before
	if err := json.NewDecoder(bytes.NewReader(shown[max(0, start):])).Decode(&plan); err != nil {
		t.Fatalf("%v: %s", err, shown)
	}
	return plan
}
