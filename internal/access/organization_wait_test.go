package access_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

const (
	cloudWorkspace = simulator.AcmeManagedWorkspace
	cloudGroups    = "/1.0/groups/" + cloudWorkspace
	cloudMembers   = "/admin/v2/orgs/*/directories/*/groups/*/memberships"
	cloudMember    = cloudMembers + "/*"
)

// joiners are people of the organization who are not in the group yet.
func joiners(w *managedWorld, n int) []simulator.User {
	var joining []simulator.User
	for i := range n {
		u := w.AddUser(simulator.User{DisplayName: fmt.Sprintf("Joiner %d", i)})
		w.AddToOrganization(simulator.AcmeOrganizationID, u.UUID)
		joining = append(joining, u)
	}
	return joining
}

// TestWritesThatWaitShareTheirReadings holds that many who wait for Bitbucket cost far fewer readings than each for itself: the
// listing of a large workspace is large.
func TestWritesThatWaitShareTheirReadings(t *testing.T) {
	t.Parallel()
	clock := newTurnClock()
	w := newManagedWorld(t, simulator.Options{OrganizationVisibleAfter: 2 * time.Second, BitbucketFollowsAfter: 40 * time.Second}, clock)
	d := w.directory(t)
	people := joiners(w, 20)
	w.ResetJournal()
	clock.work(t, len(people), func(i int) error {
		_, err := d.AddMember(t.Context(), cloudWorkspace, w.group, people[i].AccountID)
		return err
	})
	equal(t, "additions", 20, w.Count(http.MethodPost, cloudMembers))
	// Each of them looks 7 times.
	if got := w.Count(http.MethodGet, cloudGroups); got > 7*20/2 {
		t.Errorf("20 additions list Bitbucket's groups %d times", got)
	}
	members := must(d.Members(t.Context(), cloudWorkspace, w.group))(t)
	equal(t, "members as written through", 20, len(members))
	equal(t, "members as another run reads them", 20, len(must(w.directory(t).Members(t.Context(), cloudWorkspace, w.group))(t)))

	w.ResetJournal()
	next := w.directory(t) // what a run has made it does not take away
	clock.work(t, len(people), func(i int) error { return next.RemoveMember(t.Context(), cloudWorkspace, w.group, people[i].UUID) })
	equal(t, "removals", 20, w.Count(http.MethodDelete, cloudMember))
	if got := w.Count(http.MethodGet, cloudGroups); got > 7*20/2 {
		t.Errorf("20 removals list Bitbucket's groups %d times", got)
	}
	equal(t, "members after", 0, len(must(next.Members(t.Context(), cloudWorkspace, w.group))(t)))
	equal(t, "members in Bitbucket", 0, len(groupOfCloud(t, w).Members))
}

func groupOfCloud(t *testing.T, w *managedWorld) simulator.Group {
	t.Helper()
	g, ok := w.Group(cloudWorkspace, w.group)
	if !ok {
		t.Fatal("the group is gone")
	}
	return g
}

// TestAWaitEndsWithTheRun holds that who is interrupted does not wait on, and is told that the change is done.
func TestAWaitEndsWithTheRun(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lag    simulator.Options
		change func(ctx context.Context, d *access.Directory, w *managedWorld, u simulator.User) error
	}{
		"Bitbucket that has not followed":    {simulator.Options{BitbucketFollowsAfter: time.Hour}, join},
		"an organization that does not show": {simulator.Options{OrganizationVisibleAfter: time.Hour}, join},
		"a group that does not show":         {simulator.Options{BitbucketFollowsAfter: time.Hour}, create},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &sleeplessClock{turnClock: newTurnClock(), asleep: make(chan struct{}, 100)}
			w := newManagedWorld(t, tt.lag, clock)
			u := joiners(w, 1)[0]
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- tt.change(ctx, w.directory(t), w, u) }()
			await(t, "the wait", clock.asleep)
			cancel()
			if err := await(t, "the end", ended); !errors.Is(err, context.Canceled) {
				t.Errorf("error is %v, want that of the run's end", err)
			}
		})
	}
}

func join(ctx context.Context, d *access.Directory, w *managedWorld, u simulator.User) error {
	_, err := d.AddMember(ctx, cloudWorkspace, w.group, u.AccountID)
	return err
}

func create(ctx context.Context, d *access.Directory, _ *managedWorld, _ simulator.User) error {
	_, err := d.CreateGroup(ctx, cloudWorkspace, access.GroupSettings{Name: "Platform", Permission: access.None})
	return err
}

// sleeplessClock never wakes anybody up and tells when somebody sleeps.
type sleeplessClock struct {
	*turnClock

	asleep chan struct{}
}

func (c *sleeplessClock) Sleep(ctx context.Context, d time.Duration) error {
	c.asleep <- struct{}{}
	return c.turnClock.Sleep(ctx, d)
}

// TestTheOrganizationIsUsedByManyAtOnce holds that everything at the same time leaves listings that agree with the organization.
func TestTheOrganizationIsUsedByManyAtOnce(t *testing.T) {
	t.Parallel()
	clock := newTurnClock()
	w := newManagedWorld(t, simulator.Options{OrganizationVisibleAfter: time.Second, BitbucketFollowsAfter: 3 * time.Second}, clock)
	people := joiners(w, 30)
	for _, u := range people[:10] {
		w.AddOrganizationGroupMember(simulator.AcmeOrganizationID, w.group, u.UUID)
	}
	d, ctx := w.directory(t), t.Context()
	clock.work(t, 60, func(i int) error {
		u := people[i/2]
		switch {
		case i%2 == 0 && i < 20:
			return d.RemoveMember(ctx, cloudWorkspace, w.group, u.AccountID)
		case i%2 == 0 && i < 50:
			_, err := d.AddMember(ctx, cloudWorkspace, w.group, u.UUID)
			return err
		case i%2 == 0:
			_, err := d.CreateGroup(ctx, cloudWorkspace, access.GroupSettings{Name: u.DisplayName, Permission: access.None})
			return err
		case i%3 == 0:
			_, err := d.Members(ctx, cloudWorkspace, w.group)
			return err
		case i%3 == 1:
			_, err := d.Member(ctx, cloudWorkspace, w.group, u.UUID)
			if errors.Is(err, access.ErrNotFound) {
				err = nil // not yet, or not any more
			}
			return err
		}
		return d.MayChangeGroup(ctx, cloudWorkspace, access.GroupChange{GroupSlug: w.group})
	})
	equal(t, "members in the organization", 15, len(groupOfCloud(t, w).Members))
	equal(t, "members", 15, len(must(d.Members(ctx, cloudWorkspace, w.group))(t)))
	equal(t, "groups", len(w.Groups(cloudWorkspace)), len(must(d.Groups(ctx, cloudWorkspace))(t)))
}

// TestTheOrganizationsLimitPausesOnlyItself holds that requests to Bitbucket go on while the organization's have to wait.
func TestTheOrganizationsLimitPausesOnlyItself(t *testing.T) {
	t.Parallel()
	clock := &sleeplessClock{turnClock: newTurnClock(), asleep: make(chan struct{}, 100)}
	w := newManagedWorld(t, simulator.Options{OrganizationRequestsPerMinute: 1}, clock)
	d := w.directory(t)
	must(d.Groups(t.Context(), cloudWorkspace))(t) // the one request of this minute
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := d.Members(ctx, cloudWorkspace, w.group)
		ended <- err
	}()
	await(t, "the pause", clock.asleep)
	must(d.People(t.Context(), cloudWorkspace))(t)
	must(d.Grants(t.Context(), access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: "api"}, access.GroupPrincipal))(t)
	cancel()
	if err := await(t, "the end", ended); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that of the run's end", err)
	}
}

// TestARunThatEndsWhileAGroupIsMadeKnowsWhatItLeaves holds that a run that ends between the two halves of a creation takes the group back, unless
// the second half was answered.
func TestARunThatEndsWhileAGroupIsMadeKnowsWhatItLeaves(t *testing.T) {
	t.Parallel()
	roles := "/admin/v2/orgs/*/directories/*/groups/*/role-assignments"
	for name, c := range map[string]struct {
		fault simulator.Fault
		left  int
	}{
		"the role was not answered": {simulator.Fault{Method: http.MethodPost, Path: roles + "/assign", Status: http.StatusServiceUnavailable}, 0},
		"the role is not seen":      {simulator.Fault{Method: http.MethodGet, Path: roles, Rewrite: func([]byte) []byte { return []byte(`{"data":[],"links":{}}`) }}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &sleeplessClock{turnClock: newTurnClock(), asleep: make(chan struct{}, 100)}
			w := newManagedWorld(t, simulator.Options{}, clock)
			before := len(w.OrganizationGroups(simulator.AcmeOrganizationID))
			w.Inject(c.fault)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				ended <- create(ctx, w.directory(t), w, simulator.User{})
			}()
			await(t, "the wait for the role", clock.asleep)
			cancel()
			if err := await(t, "the end", ended); err == nil || errors.Is(err, access.ErrNotShown) != (c.left > 0) {
				t.Errorf("error is %v", err)
			}
			equal(t, "groups", before+c.left, len(w.OrganizationGroups(simulator.AcmeOrganizationID)))
		})
	}
}
