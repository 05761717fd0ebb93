package provider_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// hourly is how many requests Bitbucket answers in an hour (Bitbucket documentation, API request limits).
const hourly = 1000

// smaller is how much smaller workspaces are than those of the guide "Large workspaces", whose figures take minutes to compute: make bench does.
func smaller() int {
	if os.Getenv("BENCH_HOURS") == "" {
		return 50
	}
	return 1
}

// tableRow prints a row of a Markdown table.
func tableRow(cells ...any) {
	texts := make([]string, len(cells))
	for i, cell := range cells {
		texts[i] = fmt.Sprint(cell)
	}
	fmt.Println("| " + strings.Join(texts, " | ") + " |")
}

// String is the cost as the guide has it: requests, refused ones if there are any, and hours and minutes.
func (c spent) String() string {
	text := thousands(c.requests)
	if c.limited > 0 {
		text += " (+ " + thousands(c.limited) + ")"
	}
	if c.took < time.Minute {
		return fmt.Sprintf("%s in %.0f s", text, c.took.Seconds())
	}
	minutes := int(c.took.Round(time.Minute).Minutes())
	return fmt.Sprintf("%s in %d:%02d h", text, minutes/60, minutes%60)
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// cost is what commands on a configuration cost when they begin with a whole budget. They must all succeed.
func (h *bitbucketHour) cost(t *testing.T, commands func(), on ...*stack) spent {
	t.Helper()
	h.rest()
	cost := h.measure(commands)
	for _, s := range on {
		if failures := s.failures(); len(failures) > 0 {
			t.Fatalf("%d of %d resources failed, such as: %s", len(failures), len(s.resources), failures[0])
		}
	}
	return cost
}

// TestHoursOfCommands prints what commands cost with a budget of 1,000 requests an hour.
func TestHoursOfCommands(t *testing.T) { //nolint:paralleltest // it prints a table
	tableRow("Repositories", "Written as", "requests_per_hour", "Refresh", "First apply", "One change", "One change, -refresh=false")
	tableRow("--:", "---", "--:", "--:", "--:", "--:", "--:")
	for _, repositories := range []int{500, 2000, 10_000} {
		for _, as := range writings {
			for _, requestsPerHour := range []int{0, hourly} {
				pacing := "not set"
				if requestsPerHour > 0 {
					pacing = thousands(requestsPerHour)
				}
				synctest.Test(t, func(t *testing.T) {
					h := newBitbucketHour(repositories/smaller(), hourly)
					s := h.stack(as, h.repositories, paced(requestsPerHour))
					first := h.cost(t, func() { s.plan(t, true); s.apply(t) }, s)
					refresh := h.cost(t, func() { s.plan(t, true) }, s)
					change := h.cost(t, func() { s.edit(simulator.Read); s.plan(t, true); s.apply(t) }, s)
					quick := h.cost(t, func() { s.edit(simulator.Admin); s.plan(t, false); s.apply(t) }, s)
					if lists := 2 * len(h.repositories); refresh.requests != lists || change.requests != lists+1 || quick.requests != 1 {
						t.Errorf("of %d lists, a refresh takes %v, a change %v and, without a refresh, %v", lists, refresh, change, quick)
					}
					tableRow(thousands(len(h.repositories)), as.name, pacing, refresh, first, change, quick)
				})
			}
		}
	}
}

// way is a way to organize the work on the access to repositories, which is granted and in the state.
type way struct {
	what                   string
	repositories, projects int // a configuration for each project
	settings               map[string]tftypes.Value
	work                   func(t *testing.T, projects []*stack)
}

// organizations are the ways that the guide compares.
func organizations() []way {
	const takenOver = "access that exists is taken over by "
	return []way{
		{"one state, refreshed", 2000, 1, paced(0), inTurn},
		{"ten states, refreshed one after another", 2000, 10, paced(0), inTurn},
		{"ten states, refreshed one each hour, with the default settings", 2000, 10, nil, oneEachHour},
		{"ten states, refreshed at the same time by ten agents of one account", 2000, 10, paced(0), atOnce},
		{"the same with a tenth of the budget each, as requests_per_hour", 2000, 10, paced(hourly / 10), atOnce},
		{"one state, refreshed in one night", 4500, 1, paced(0), inTurn},
		{"the plan of one change, as on a pull request", 50, 1, nil, onPullRequest(true)},
		{"the same with -refresh=false", 50, 1, nil, onPullRequest(false)},
		{takenOver + "import", 500, 1, paced(0), imported},
		{takenOver + "creation", 500, 1, paced(0), created},
	}
}

func inTurn(t *testing.T, projects []*stack) {
	t.Helper()
	for _, s := range projects {
		s.plan(t, true)
	}
}

func oneEachHour(t *testing.T, projects []*stack) {
	t.Helper()
	for i, s := range projects {
		if i > 0 {
			s.rest()
		}
		s.plan(t, true)
	}
}

func atOnce(t *testing.T, projects []*stack) {
	t.Helper()
	var agents sync.WaitGroup
	for _, s := range projects {
		agents.Go(func() { s.plan(t, true) })
	}
	agents.Wait()
}

func onPullRequest(refresh bool) func(t *testing.T, projects []*stack) {
	return func(t *testing.T, projects []*stack) {
		t.Helper()
		projects[0].edit(simulator.Read)
		projects[0].plan(t, refresh)
	}
}

func imported(t *testing.T, projects []*stack) {
	t.Helper()
	projects[0].adopt(t)
	projects[0].apply(t)
}

func created(t *testing.T, projects []*stack) {
	t.Helper()
	projects[0].forget()
	projects[0].plan(t, true)
	projects[0].apply(t)
}

// TestHoursOfWays prints what the ways cost with a budget of 1,000 requests an hour.
func TestHoursOfWays(t *testing.T) { //nolint:paralleltest // it prints a table
	tableRow("Repositories", "Way", writings[0].name, writings[1].name)
	tableRow("--:", "---", "--:", "--:")
	for _, w := range organizations() {
		var costs []any
		for _, as := range writings {
			synctest.Test(t, func(t *testing.T) {
				h := newBitbucketHour(w.repositories/smaller(), hourly)
				projects := h.granted(t, as, w.projects, w.settings)
				costs = append(costs, h.cost(t, func() { w.work(t, projects) }, projects...))
			})
		}
		tableRow(append([]any{thousands(w.repositories / smaller()), w.what}, costs...)...)
	}
}

// granted grants the access, takes it into the state, and makes a configuration for each project, all of the same size.
func (h *bitbucketHour) granted(t *testing.T, as writing, projects int, settings map[string]tftypes.Value) []*stack {
	t.Helper()
	var stacks []*stack
	size := len(h.repositories) / projects
	for i := range projects {
		s := h.stack(as, h.repositories[i*size:(i+1)*size], paced(0))
		for _, repository := range s.repositories {
			h.Grant(simulator.Grant{Workspace: "acme", Repository: repository, User: h.person, Permission: simulator.Write})
			h.Grant(simulator.Grant{Workspace: "acme", Repository: repository, Group: h.group, Permission: simulator.Write})
		}
		h.cost(t, func() { s.adopt(t) }, s)
		s.settings = settings
		stacks = append(stacks, s)
	}
	return stacks
}
