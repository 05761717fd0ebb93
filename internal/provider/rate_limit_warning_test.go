package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// limitFor limits the next request of a kind, which may come again after so long.
func limitFor(w *acctest.World, path, seconds string) {
	f := simulator.RateLimited(1)
	f.Path = path
	f.Header.Set("Retry-After", seconds)
	w.Inject(f)
}

// limitedCommands are what a run can be about.
var limitedCommands = map[string]func(t *testing.T, a *limitedAccess) []string{
	"a plan": func(t *testing.T, a *limitedAccess) []string {
		t.Helper()
		noFailures(t, a.plan(t))
		return a.heard.warnings()
	},
	"an apply": func(t *testing.T, a *limitedAccess) []string {
		t.Helper()
		for _, r := range a.resources {
			r.state, r.private, r.identity = nil, nil, nil // as in another configuration, which takes over what is there
		}
		noFailures(t, a.apply(t))
		return a.heard.warnings()
	},
	"an import": func(t *testing.T, a *limitedAccess) []string {
		t.Helper()
		noFailures(t, a.adopt(t))
		return a.heard.warnings()
	},
	"a data source": func(t *testing.T, a *limitedAccess) []string {
		t.Helper()
		a.process(t)
		for range 3 {
			a.heard.read(t, "bitbucket_groups", inWorkspaceAcme)
		}
		return a.heard.warnings()
	},
	"a list": func(t *testing.T, a *limitedAccess) []string {
		t.Helper()
		var said []string
		rows := a.lister(t).found(t, listedMembers, inAcme, listBlock{objects: true})
		for _, row := range rows {
			if row.warning != "" {
				said = append(said, row.warning)
			}
		}
		if len(rows) < 3 {
			t.Errorf("%d memberships are listed", len(rows))
		}
		return said
	},
}

var inWorkspaceAcme = map[string]tftypes.Value{"workspace": str("acme")}

// lister is a process that lists.
func (a *limitedAccess) lister(t *testing.T) lister {
	t.Helper()
	a.process(t)
	lists, _ := a.heard.ProviderServer.(tfprotov6.ListResourceServer)
	return lister{a.heard.server, lists, a.World}
}

// Whatever a run is about, it warns when it was held back for long, once, and says why.
func TestARunThatWasHeldBackForLongSaysSoOnce(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		a := limitedTo(w, "15m", everyKind(w, 2))
		noFailures(t, a.apply(t))
		for name, run := range limitedCommands {
			limitFor(w, "", "29")
			if said := run(t, a); len(said) > 0 {
				t.Errorf("%s that was held back for 29 s says %q", name, said)
			}
			limitFor(w, "", "40")
			said := run(t, a)
			if len(said) != 1 {
				t.Errorf("%s that was held back for 40 s says %q, want one warning", name, said)
				continue
			}
			host := strings.TrimPrefix(w.URL, "http://")
			if w.Organization != "" && !strings.Contains(said[0], host) {
				host, _, _ = strings.Cut(strings.TrimPrefix(w.AdminURL, "http://"), "/")
			}
			if !says("Requests were held back for 40s so far", host+": 40s, because its limit of requests was reached", "max_rate_limit_wait").MatchString(said[0]) {
				t.Errorf("%s says %s", name, said[0])
			}
			for _, secret := range []string{w.Token, w.Username, w.Key} {
				if secret != "" && strings.Contains(said[0], secret) {
					t.Errorf("%s tells a credential: %s", name, said[0])
				}
			}
		}
	})
}

func TestARunWarnsAgainWhenTheDelayHasDoubled(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	a := limitedTo(w, "15m", nil)
	a.process(t)
	for _, step := range []struct{ name, seconds string }{
		{"bitbucket_workspace", "40"}, {"bitbucket_groups", "30"}, {"bitbucket_projects", "20"}, {"bitbucket_repositories", "89"},
	} {
		limitFor(w, "", step.seconds)
		a.heard.read(t, step.name, inWorkspaceAcme)
	}
	a.heard.expectWarnings(t, []string{"held back for 40s so far"}, []string{"held back for 1m30s so far"})
	limitFor(w, "", "2") // more than a second over, because time goes on beside the clock of the world
	a.heard.read(t, "bitbucket_users", inWorkspaceAcme)
	a.heard.expectWarnings(t, []string{"40s so far"}, []string{"1m30s so far"}, []string{"held back for 3m1s so far"})
}

func TestTheWarningNamesThePaceOfRequestsPerHour(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	a := limitedTo(w, "0s", nil)
	a.settings["requests_per_hour"] = tftypes.NewValue(tftypes.Number, 2)
	a.process(t)
	a.heard.read(t, "bitbucket_current_user", nil)
	a.heard.expectWarnings(t)
	a.heard.read(t, "bitbucket_projects", inWorkspaceAcme)
	host := strings.TrimPrefix(w.URL, "http://")
	a.heard.expectWarnings(t, []string{"Requests were held back for", host, "because requests_per_hour spreads the requests"})
}

// saying is a transport that adds headers to the answers of the network.
type saying map[string]string

// RoundTrip sends a request.
func (s saying) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		for name, value := range s {
			resp.Header.Set(name, value)
		}
	}
	return resp, err
}

func TestTheWarningNamesALimitThatIsNear(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	a := limitedTo(w, "0s", nil)
	token := w.AddAccessToken(simulator.AccessToken{Workspace: "acme"})
	a.settings["access_token"] = str(token)
	a.options.Transport = saying{"X-RateLimit-Limit": "60", "X-RateLimit-NearLimit": "true", "X-RateLimit-Resource": "api"}
	a.process(t)
	a.heard.read(t, "bitbucket_projects", inWorkspaceAcme)
	a.heard.read(t, "bitbucket_repositories", inWorkspaceAcme)
	a.heard.expectWarnings(t) // the first request knows nothing of the limit, and the second has its turn at once
	a.heard.read(t, "bitbucket_workspace", inWorkspaceAcme)
	a.heard.expectWarnings(t, []string{"Requests were held back", strings.TrimPrefix(w.URL, "http://"), "because it said that little of its limit of requests was left"})
	for _, said := range a.heard.warnings() {
		if strings.Contains(said, token) {
			t.Errorf("the warning tells the token: %s", said)
		}
	}
}
