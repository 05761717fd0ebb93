// Command demo shows access as code at work: it starts a simulated Bitbucket, lets Terraform manage a team's access in it with the
// provider, has somebody click, and checks after every step that what was said is what happened. It plays on a workspace that
// Bitbucket administers, and then on one that is administered at admin.atlassian.com. It ends with an access review, and leaves its page.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	binary := flag.String("provider", "bin/terraform-provider-bitbucket", "the built provider")
	examples := flag.String("examples", "examples", "the folder with the configurations to show")
	page := flag.String("page", "bin/access-review.html", "the file to write the page of the access review into")
	flag.Parse()
	if err := run(*binary, *examples, *page); err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// run tells the story on a stage that leaves nothing behind but the page of the access review, also when it is interrupted.
func run(binary, examples, page string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // it takes some seconds; what hangs shall not hang for ever
	defer cancel()
	s, err := newStage(ctx, binary, examples)
	if err != nil {
		return err
	}
	s.page = page
	defer func() { err = errors.Join(err, s.close()) }()
	for i, scene := range story {
		fmt.Printf("\n━━━ %d. %s\n\n", i+1, scene.title)
		if err := scene.play(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", scene.title, err)
		}
		s.reportRequests()
	}
	fmt.Println("\nThat was access as code. The configurations are in " + examples + ": demo, exclusive-access/rollout, organization-managed and access-review.")
	fmt.Println("Look at who may do what, and why: open " + page + " in a browser.")
	return nil
}
