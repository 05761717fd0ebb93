package access_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

// numbers are the items 0 to n-1.
func numbers(n int) []int {
	items := make([]int, n)
	for i := range items {
		items[i] = i
	}
	return items
}

// TestItemsAreReadAheadInOrder holds that more and more items are read at the same time, up to eight, where a read takes a second.
func TestItemsAreReadAheadInOrder(t *testing.T) {
	t.Parallel()
	for n, seconds := range map[int]int{0: 0, 1: 1, 2: 2, 3: 2, 8: 4, 36: 7, 100: 15} {
		synctest.Test(t, func(t *testing.T) {
			var running, most atomic.Int32
			began := time.Now()
			var got []int
			for value, err := range access.ReadAhead(t.Context(), numbers(n), func(_ context.Context, i int) (int, error) {
				most.Store(max(most.Load(), running.Add(1)))
				defer running.Add(-1)
				time.Sleep(time.Second)
				return i, nil
			}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, value)
			}
			if !slices.Equal(got, numbers(n)) {
				t.Errorf("of %d came %v", n, got)
			}
			if took := time.Since(began); took != time.Duration(seconds)*time.Second {
				t.Errorf("%d items took %v, want %ds", n, took, seconds)
			}
			if most.Load() > 8 {
				t.Errorf("%d items were read at the same time, want 8 at most", most.Load())
			}
		})
	}
}

// TestWhoTakesNoMoreCancelsWhatIsRead holds how many items have been begun by then, and that none runs on.
func TestWhoTakesNoMoreCancelsWhatIsRead(t *testing.T) {
	t.Parallel()
	for taken, want := range map[int]int32{1: 1, 2: 3, 3: 5, 8: 15, 20: 27} {
		synctest.Test(t, func(t *testing.T) {
			var begun, ended atomic.Int32
			left := taken
			for _, err := range access.ReadAhead(t.Context(), numbers(100), func(ctx context.Context, i int) (int, error) {
				begun.Add(1)
				defer ended.Add(1)
				if i < taken {
					return i, nil
				}
				<-ctx.Done()
				return 0, ctx.Err()
			}) {
				if left--; err != nil || left == 0 {
					break
				}
			}
			if begun.Load() != want || ended.Load() != want {
				t.Errorf("after %d were taken, %d were begun and %d ended, want %d", taken, begun.Load(), ended.Load(), want)
			}
		})
	}
}

func TestAnErrorComesInItsPlace(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var got []any
	for value, err := range access.ReadAhead(t.Context(), numbers(20), func(_ context.Context, i int) (int, error) {
		if i == 5 || i == 7 {
			return 0, broken
		}
		return i, nil
	}) {
		if err != nil {
			got = append(got, err)
			break
		}
		got = append(got, value)
	}
	if diff := cmp.Diff([]any{0, 1, 2, 3, 4, broken}, got, cmp.Comparer(errors.Is)); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}
