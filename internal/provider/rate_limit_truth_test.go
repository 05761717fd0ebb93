package provider_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// The last request of a run may use up the limit of an organization: nobody waits for the reset then.
func TestARunThatNeedsNoMoreRequestsIsNotHeldBack(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	a := limitedTo(w, "15m", nil)
	a.options.Transport = saying{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": w.Clock.Now().Add(50 * time.Second).UTC().Format(time.RFC3339)}
	a.process(t)
	began := w.Clock.Now()
	a.heard.read(t, "bitbucket_current_user", nil)
	if took := w.Clock.Now().Sub(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	a.heard.expectWarnings(t)
}

// Bitbucket and the administration have a limit each; how long a run may wait is one time for both.
func TestThePausesOfBothHostsTogetherTakeNoLongerThanAllowed(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	a := limitedTo(w, "1m", nil)
	a.process(t)
	limitFor(w, "/1.0/**", "40")
	limitFor(w, "/admin/**", "40")
	began := w.Clock.Now()
	name := "bitbucket_groups"
	_, err := a.heard.ReadDataSource(t.Context(), dataSource(t, a.heard.server, name, inWorkspaceAcme))
	if took := w.Clock.Now().Sub(began); err != nil || took > time.Minute+10*time.Second {
		t.Errorf("it took %v, with %v; want a minute at most", took, err)
	}
}

// The token endpoint has a limit like all others.
func TestA429OfTheTokenEndpointIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	a := limitedTo(w, "15m", nil)
	key, secret := w.AddOAuthConsumer("acme")
	a.settings = more(a.settings, map[string]tftypes.Value{
		"oauth_client_id": str(key), "oauth_client_secret": str(secret), "oauth_token_url": str(w.URL + "/site/oauth2/access_token"),
	})
	a.process(t)
	f := simulator.RateLimited(6)
	f.Path = "/site/oauth2/access_token"
	f.Header.Set("Retry-After", "20")
	w.Inject(f)
	began := w.Clock.Now()
	a.heard.read(t, "bitbucket_projects", inWorkspaceAcme)
	if took := w.Clock.Now().Sub(began); took < 2*time.Minute {
		t.Errorf("it took %v, want six pauses of 20s", took)
	}
}

// A list that could not be made is not in the state, and the error says so although something of it was done.
func TestBeyondTheAllowedWaitANewListIsNotInTheState(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	o := ownedObjects(w)[0].named("web")
	a := limitedTo(w, "0s", only(true, everyKind(w, 3))[:1])
	limitAfterOne(w, o)
	failures := a.apply(t)
	if len(failures) != 1 || a.resources[0].state != nil || len(o.live(w)) != 3 {
		t.Fatalf("the errors are %v, in the state: %t", failures, a.resources[0].state != nil)
	}
	mention(t, failures[0].Error(), "The resource is not in the state", "What Terraform has reported as complete is done")
}
