package access_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhoComesWhileAReadingIsUnderWaySharesTheNext holds what renew promises: a reading that is under way may be too old for those who
// come now, so they need another, but one for all of them.
func TestWhoComesWhileAReadingIsUnderWaySharesTheNext(t *testing.T) {
	t.Parallel()
	clock := newTurnClock()
	w := newManagedWorld(t, simulator.Options{}, clock)
	d := w.directory(t)
	people := joiners(w, 10)
	must(d.Members(t.Context(), cloudWorkspace, w.group))(t)
	w.ResetJournal()
	w.Inject(simulator.Fault{Method: http.MethodGet, Path: cloudGroups, Delay: 500 * time.Millisecond}) // so that all come during the first
	clock.work(t, len(people), func(i int) error {
		_, err := d.AddMember(t.Context(), cloudWorkspace, w.group, people[i].AccountID)
		return err
	})
	if got := w.Count(http.MethodGet, cloudGroups); got > 3 {
		t.Errorf("10 additions at the same time list Bitbucket's groups %d times, want one reading and the one after it", got)
	}
}
