// Command bench measures what whole Terraform commands cost with the provider: requests against the fewest that are possible, time and
// memory against what Terraform and the plugin protocol cost by themselves. It serves the simulator over TLS in its own process, and
// prints Markdown tables.
//
// It runs on Linux: there the provider trusts the certificate of the simulator through SSL_CERT_FILE, which Go does not honor elsewhere.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if code, ok := standIn(os.Args, os.Getenv); ok {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// errDoesNotHold is returned when something that should hold does not.
var errDoesNotHold = errors.New("not everything holds")

// run measures what the flags ask for, prints it, and leaves nothing behind, also when it is interrupted.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	fmt.Fprintf(stdout, "In brackets is the ratio to (a) as many instances of `terraform_data` and (b) as many of a trivial resource as there are grants.\n"+
		"CPU is that of %s and the provider together.\n", b.cli())
	var all []cell
	for _, s := range o.shapes {
		cells, err := b.measureShape(ctx, s, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "\n### %s\n\n%s\n%s", s.about, cellTable(cells, b.baselines), growthList(cells))
		all = append(all, cells...)
	}
	holds := judge(all, b.baselines)
	fmt.Fprintf(stdout, "\n### Baselines\n\n%s\n### What holds\n\n%s", baselineTable(b.baselines), holdList(holds))
	if o.check && !allHold(holds) {
		return errDoesNotHold
	}
	return nil
}
