package access_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

func TestWhatIsAskedForByManyIsLoadedOnce(t *testing.T) {
	t.Parallel()
	for range 3000 {
		var loads atomic.Int32
		get := access.Memo(func(context.Context, string) (int, error) { return int(loads.Add(1)), nil })
		var ready, done sync.WaitGroup
		ready.Add(1)
		for range 32 {
			done.Go(func() {
				ready.Wait()
				if _, err := get(t.Context(), "key"); err != nil {
					t.Error(err)
				}
			})
		}
		ready.Done()
		done.Wait()
		if n := loads.Load(); n != 1 {
			t.Fatalf("loaded %d times, want once", n)
		}
	}
}

// shelf is a list on a server of numbers: it answers what it held when it was asked, as soon as it may.
type shelf struct {
	mu    sync.Mutex
	rows  []int
	reads chan chan struct{} // each read hands out the channel that lets it go on
}

func (s *shelf) list(context.Context, string) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		s.mu.Lock()
		rows := slices.Clone(s.rows)
		s.mu.Unlock()
		goOn := make(chan struct{})
		s.reads <- goOn
		<-goOn
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (s *shelf) put(row int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = append(s.rows, row)
}

func TestALoadEndsWithTheLastWhoWaitsForIt(t *testing.T) {
	t.Parallel()
	started, ended := make(chan struct{}, 1), make(chan struct{}, 1)
	get := access.Memo(func(ctx context.Context, _ string) (int, error) {
		started <- struct{}{}
		<-ctx.Done()
		ended <- struct{}{}
		return 0, ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	go func() {
		_, err := get(ctx, "scope")
		answer <- err
	}()
	await(t, "the load", started)
	leave()
	if err := await(t, "the answer", answer); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context canceled", err)
	}
	await(t, "the end of the load", ended)
}

func TestAListingThatWasReloadedKeepsLaterWrites(t *testing.T) {
	t.Parallel()
	s := &shelf{rows: []int{1}, reads: make(chan chan struct{}, 4)}
	rows := access.NewRows(s.list)
	read := func() <-chan []int {
		result := make(chan []int, 1)
		go func() {
			all, _ := rows.All(t.Context(), "scope")
			result <- all
		}()
		return result
	}
	first := read()
	goOn1 := await(t, "the first read", s.reads)
	rows.Reload("scope")
	second := read()
	goOn2 := await(t, "the second read", s.reads)
	close(goOn1) // lands after it was given up
	await(t, "the first answer", first)
	s.put(2) // a write that the second read, under way, does not show
	rows.Put("scope", 2)
	close(goOn2)
	equal(t, "rows of the second read", []int{1, 2}, await(t, "the second answer", second))
	equal(t, "rows afterwards", []int{1, 2}, must(rows.All(t.Context(), "scope"))(t))
}

func TestWritesAroundAListing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, during, after func(access.Rows)
		want                  []int
	}{
		"a put before":                  {before: func(r access.Rows) { r.Put("scope", 3) }, want: []int{1, 2, 3}},
		"a put during":                  {during: func(r access.Rows) { r.Put("scope", 3) }, want: []int{1, 2, 3}},
		"a put after":                   {after: func(r access.Rows) { r.Put("scope", 3) }, want: []int{1, 2, 3}},
		"a put of what is listed":       {before: func(r access.Rows) { r.Put("scope", 1) }, want: []int{1, 2}},
		"a remove before":               {before: func(r access.Rows) { r.Remove("scope", 1) }, want: []int{2}},
		"a remove during":               {during: func(r access.Rows) { r.Remove("scope", 1) }, want: []int{2}},
		"a remove after":                {after: func(r access.Rows) { r.Remove("scope", 1) }, want: []int{2}},
		"a put, then a remove":          {before: func(r access.Rows) { r.Put("scope", 3) }, during: func(r access.Rows) { r.Remove("scope", 3) }, want: []int{1, 2}},
		"a remove, then a put":          {during: func(r access.Rows) { r.Remove("scope", 1) }, after: func(r access.Rows) { r.Put("scope", 1) }, want: []int{2, 1}},
		"a put into another scope":      {before: func(r access.Rows) { r.Put("other", 3) }, want: []int{1, 2}},
		"a remove of what is not there": {during: func(r access.Rows) { r.Remove("scope", 9) }, want: []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &shelf{rows: []int{1, 2}, reads: make(chan chan struct{}, 4)}
			rows := access.NewRows(s.list)
			write := func(f func(access.Rows)) {
				if f != nil {
					f(rows)
				}
			}
			write(tt.before)
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = rows.All(t.Context(), "scope")
			}()
			goOn := await(t, "the read", s.reads)
			write(tt.during)
			close(goOn)
			await(t, "the rows", done)
			write(tt.after)
			equal(t, "rows", tt.want, must(rows.All(t.Context(), "scope"))(t))
			if len(s.reads) > 0 {
				t.Error("a write made a second listing")
			}
		})
	}
}
