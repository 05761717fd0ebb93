package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// latency is the time that a request to Bitbucket takes, there and back.
const latency = 80 * time.Millisecond

// bitbucketHour is a workspace with many repositories, on each of which a person and a group are to have access. It lives in a bubble of
// package synctest, whose time passes only while everything waits, so that hours take seconds.
type bitbucketHour struct {
	*simulator.Simulator

	username, token, person, group string
	repositories                   []string
}

func newBitbucketHour(repositories, requestsPerHour int) *bitbucketHour {
	h := &bitbucketHour{Simulator: simulator.New(simulator.Options{RequestsPerHour: requestsPerHour})}
	h.AddWorkspace(simulator.Workspace{Slug: "acme"})
	owner := h.AddUser(simulator.User{DisplayName: "Ada"})
	h.AddMember("acme", owner.UUID, simulator.RoleOwner)
	h.username, h.token = h.AddAPIToken(owner.UUID)
	h.person = h.AddUser(simulator.User{DisplayName: "Grace"}).UUID
	h.AddMember("acme", h.person, simulator.RoleMember)
	h.group = h.AddGroup("acme", simulator.Group{Name: "Developers"}).Slug
	h.AddProject(simulator.Project{Workspace: "acme", Key: "PLAT"})
	for i := range repositories {
		h.repositories = append(h.repositories, h.AddRepository(simulator.Repository{Workspace: "acme", Slug: fmt.Sprintf("r%d", i)}).Slug)
	}
	return h
}

// RoundTrip hands a request to the simulator as a network would, which takes the latency and nothing else.
func (h *bitbucketHour) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := (rest.MachineClock{}).Sleep(req.Context(), latency); err != nil {
		return nil, err
	}
	return acctest.NewNetwork(h.Simulator).RoundTrip(req)
}

// rest lets so much time pass that the whole budget is there again.
func (h *bitbucketHour) rest() { time.Sleep(time.Hour) }

// spent is what commands have cost.
type spent struct {
	requests, limited int // answers other than 429, and 429s
	took              time.Duration
}

// measure runs commands.
func (h *bitbucketHour) measure(commands func()) spent {
	h.ResetJournal()
	began := time.Now()
	commands()
	cost := spent{took: time.Since(began)}
	for _, answered := range h.Journal() {
		switch {
		case answered.Path == othersAsk:
		case answered.Status == http.StatusTooManyRequests:
			cost.limited++
		default:
			cost.requests++
		}
	}
	return cost
}

// othersAsk is what other programs ask Bitbucket for with the same credential; the provider does not in these tests.
const othersAsk = "/2.0/user"

// others are programs that ask so many times an hour, until stop is called; it returns how often they were refused.
func (h *bitbucketHour) others(t *testing.T, timesAnHour int) (stop func() (refused int)) {
	t.Helper()
	if timesAnHour == 0 {
		return func() int { return 0 }
	}
	end, refused := make(chan struct{}), make(chan int)
	go func() {
		limited := 0
		for {
			select {
			case <-end:
				refused <- limited
				return
			case <-time.After(time.Hour / time.Duration(timesAnHour)):
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.bitbucket.org"+othersAsk, nil)
			r.SetBasicAuth(h.username, h.token)
			answer := httptest.NewRecorder()
			if h.Bitbucket().ServeHTTP(answer, r); answer.Code != http.StatusOK {
				limited++
			}
		}
	}()
	return func() int {
		close(end)
		return <-refused
	}
}

// process starts a process of the provider: what it has read is known to it alone, and ends with it.
func (h *bitbucketHour) process(t *testing.T, settings map[string]tftypes.Value) *server {
	t.Helper()
	options := provider.Options{Getenv: func(string) string { return "" }, Transport: h}
	s := newServer(t, map[string]func() (tfprotov6.ProviderServer, error){"bitbucket": acctest.Server(options)})
	credential := map[string]tftypes.Value{"username": str(h.username), "api_token": str(h.token)}
	answer, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: configOf(t, s.schemas.Provider, more(credential, settings))})
	mustPass(t, "ConfigureProvider", err, answer.Diagnostics)
	return s
}

// writing is a way to write down the access of a person and a group to a repository.
type writing struct {
	name string
	// compares is how often a first apply lists the access that there is: none where each grant is made without a look at what there is;
	// a whole list is compared with it when it is planned, and again by the process of the apply, which plans it once more.
	compares int
	// resources are what it takes; given holds the permissions of the person and of the group.
	resources func(repository string, h *bitbucketHour, given permissions) []written
}

// permissions are those of the person and the group on one repository.
type permissions struct{ person, group string }

// written is a resource of a configuration.
type written struct {
	resource string
	settings map[string]tftypes.Value
}

// writings are the two ways.
var writings = []writing{
	{"additive", 0, func(repository string, h *bitbucketHour, given permissions) []written {
		on := map[string]tftypes.Value{"workspace": str("acme"), "repo_slug": str(repository)}
		return []written{
			{listedRepoUsers, more(on, map[string]tftypes.Value{"user_id": str(h.person), "permission": str(given.person)})},
			{listedRepoGroups, more(on, map[string]tftypes.Value{"group_slug": str(h.group), "permission": str(given.group)})},
		}
	}},
	{"exclusive", 2, func(repository string, h *bitbucketHour, given permissions) []written {
		column := func(id, permission string) tftypes.Value {
			return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{id: str(permission)})
		}
		return []written{{listedRepoLists, map[string]tftypes.Value{
			"workspace": str("acme"), "repo_slug": str(repository), "users": column(h.person, given.person), "groups": column(h.group, given.group),
		}}}
	}},
}
