package access

import (
	"context"
	"iter"
	"sync"

	"golang.org/x/sync/errgroup"
)

// atOnce is how many objects one operation of Terraform has under way at the same time.
const atOnce = 8

// EachAtOnce does something for each item, for some of them at the same time, and ends with the first error.
func EachAtOnce[T any](ctx context.Context, items []T, do func(ctx context.Context, i int, item T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, item := range items {
		group.Go(func() error { return do(ctx, i, item) })
	}
	return group.Wait()
}

// readAhead yields what read returns for each item, in the order of the items. While one is taken the next are read: one item first,
// and one more at the same time with each that was taken, so that little is read in vain for those who take a few only. What is being
// read when nobody takes any more is canceled.
func readAhead[A, B any](ctx context.Context, items []A, read func(context.Context, A) (B, error)) iter.Seq2[B, error] {
	type result struct {
		value B
		err   error
	}
	return func(yield func(B, error) bool) {
		var reading sync.WaitGroup
		defer reading.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		results := make([]chan result, 0, len(items))
		for taken := range items {
			for begun := len(results); begun < len(items) && begun-taken < min(taken+1, atOnce); begun++ {
				landed := make(chan result, 1)
				results = append(results, landed)
				reading.Go(func() {
					value, err := read(ctx, items[begun])
					landed <- result{value, err}
				})
			}
			next := <-results[taken]
			if results[taken] = nil; !yield(next.value, next.err) {
				return
			}
		}
	}
}
