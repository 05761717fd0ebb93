package provider

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// lease is the context of a call, lent to the framework for as long as the call lasts. The framework keeps the context of every call until
// Terraform stops the provider (terraform-plugin-framework 1.19, proto6server.registerContext), and with it the loggers in it: a hundred
// kilobytes for each resource of a plan. Of a lease that has ended it keeps next to nothing. What goes on for others when the call has
// ended, a listing that they wait for, logs nothing any more.
type lease struct {
	lent atomic.Pointer[context.Context] // nil when the call has ended
	over chan struct{}                   // closes when the call ends
}

// lend lends a context until end is called.
func lend(ctx context.Context) (l *lease, end func()) {
	l = &lease{over: make(chan struct{})}
	l.lent.Store(&ctx)
	return l, sync.OnceFunc(func() { //nolint:contextcheck // it ends the context
		close(l.over)
		l.lent.Store(nil)
	})
}

// lent makes a call with a context that ends with the call.
func lent[Req, Resp any](ctx context.Context, req Req, call func(context.Context, Req) (Resp, error)) (Resp, error) {
	l, end := lend(ctx)
	defer end()
	return call(l, req) //nolint:contextcheck // the lease is the context
}

// Deadline is that of the context that was lent.
func (l *lease) Deadline() (deadline time.Time, ok bool) {
	if ctx := l.lent.Load(); ctx != nil {
		return (*ctx).Deadline()
	}
	return deadline, false
}

// Done is closed when the call is canceled or has ended.
func (l *lease) Done() <-chan struct{} {
	if ctx := l.lent.Load(); ctx != nil {
		return (*ctx).Done()
	}
	return l.over
}

// Err tells why the context has ended.
func (l *lease) Err() error {
	if ctx := l.lent.Load(); ctx != nil {
		return (*ctx).Err()
	}
	return context.Canceled
}

// Value is a value of the context that was lent; nil when the call has ended.
func (l *lease) Value(key any) any {
	if ctx := l.lent.Load(); ctx != nil {
		return (*ctx).Value(key)
	}
	return nil
}
