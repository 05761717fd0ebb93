package access_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhatARunHasMadeIsNoHandover holds that the earlier copy of a resource, which Terraform plans to remove once more after the new one is
// made, may go: nothing that the run has made is taken away with it.
func TestWhatARunHasMadeIsNoHandover(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stays, leaves access.Claim
		want          error
	}{
		"the earlier copy of a list":   {whole("1", holds(grace, access.Read)), leaving(whole("2", holds(grace, access.Read))), nil},
		"the earlier copy of an entry": {whole("1", holds(grace, access.Read)), leaving(part(user(grace.AccountID))), nil},
		"a list that takes others too": {whole("1", holds(grace, access.Read)), leaving(whole("2", holds(grace, access.Read), holds(linus, access.Read))), nil},
		"a list that takes what was there": {
			whole("1", holds(grace, access.Read), holds(linus, access.Read)), leaving(whole("2", holds(linus, access.Read))), access.ErrHandover,
		},
	} {
		for way, write := range map[string]func(*access.Directory) error{
			"kept": func(d *access.Directory) error {
				d.Keep(t.Context(), api, access.NewRoster([]access.Grant{holds(grace, access.Read)}))
				return nil
			},
			"granted": func(d *access.Directory) error {
				_, err := d.PutGrant(t.Context(), api, user(grace.AccountID), access.Read)
				return err
			},
		} {
			_, d := acme(t)
			if err := d.Claim(t.Context(), tt.stays); err != nil {
				t.Fatal(err)
			}
			if err := write(d); err != nil {
				t.Fatal(err)
			}
			if err := d.Claim(t.Context(), tt.leaves); tt.want == nil && err != nil || !errors.Is(err, tt.want) {
				t.Errorf("%s, %s: error is %v, want %v", name, way, err, tt.want)
			}
		}
	}
}

// TestClaimsAtTheSameTimeDoNotMissEachOther holds that Terraform, which plans ten resources at a time, hears of two owners in any case:
// of those who do not go together, no two may be the first.
func TestClaimsAtTheSameTimeDoNotMissEachOther(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	lists := each(make([]access.Claim, 10), func(access.Claim) access.Claim { return whole("") })
	for i := range lists {
		lists[i].Instance = strconv.Itoa(i)
	}
	entry := append([]access.Claim{whole("1")}, each(people[:9], func(u simulator.User) access.Claim { return part(user(u.UUID)) })...)
	for round := range 1000 {
		for name, claims := range map[string][]access.Claim{"lists": lists, "a list and entries": entry} {
			errs := make([]error, len(claims))
			var start, end sync.WaitGroup
			start.Add(len(claims))
			for i, c := range claims {
				c.Scope.Name = fmt.Sprintf("%s %d", name, round)
				end.Go(func() {
					start.Done()
					start.Wait()
					errs[i] = d.Claim(t.Context(), c)
				})
			}
			end.Wait()
			for i, c := range claims {
				for j, other := range claims[:i] {
					if (c.Entry == access.Principal{} || other.Entry == access.Principal{}) && errs[i] == nil && errs[j] == nil {
						t.Fatalf("round %d: neither %s nor %s was told", round, c, other)
					}
				}
			}
		}
	}
}
