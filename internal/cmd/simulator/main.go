// Command simulator serves a simulated Bitbucket Cloud, with the organization API beside it, on this machine, for trying the provider
// without an account.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// patience is how long requests may still take once the program was asked to end.
const patience = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(1)
	}
}

// options are the flags of the program.
type options struct {
	addr, seed      string
	dump, log       bool
	requestsPerHour int
}

// parse reads the flags.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:7990", "loopback `address` to listen on")
	flags.StringVar(&o.seed, "seed", "", "JSON `file` with the world to serve; a generated company when empty")
	flags.BoolVar(&o.dump, "dump", false, "print the world as JSON and exit")
	flags.IntVar(&o.requestsPerHour, "requests-per-hour", 0, "answer 429 to a credential above this `number`; 0 means never")
	flags.BoolVar(&o.log, "log", false, "print method, path and status of each request")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

// run is the program without the process around it: it serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	seed, err := readSeed(o.seed)
	if err != nil {
		return err
	}
	s := simulator.New(simulator.Options{RequestsPerHour: o.requestsPerHour})
	if err := s.Load(seed); err != nil {
		return fmt.Errorf("load seed: %w", err)
	}
	if o.dump {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(s.Snapshot())
	}
	listener, err := listen(ctx, o.addr)
	if err != nil {
		return err
	}
	announce(stdout, listener.Addr().String(), s.Snapshot())
	handler := hosts(s)
	if o.log {
		handler = logged(handler, stdout)
	}
	return serve(ctx, listener, handler)
}

// hosts serves both hosts at one address: paths below /admin/ are api.atlassian.com, all others api.bitbucket.org.
func hosts(s *simulator.Simulator) http.Handler {
	bitbucket, atlassian := s.Bitbucket(), s.Atlassian()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/admin/") {
			atlassian.ServeHTTP(w, r)
			return
		}
		bitbucket.ServeHTTP(w, r)
	})
}

// readSeed reads the world from a file; without one it is Acme.
func readSeed(file string) (simulator.Seed, error) {
	if file == "" {
		return simulator.Acme(), nil
	}
	var seed simulator.Seed
	content, err := os.Open(file) // #nosec G304 -- the file is what the user asked for
	if err != nil {
		return seed, err
	}
	defer func() { _ = content.Close() }()
	decoder := json.NewDecoder(content)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&seed); err != nil {
		return seed, fmt.Errorf("read %s: %w", file, err)
	}
	return seed, nil
}

// listen opens a loopback address. Any other is refused: everybody who reaches the simulator could use its credentials.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s is not a loopback address", addr)
	}
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", addr)
}

// announce prints the environment that points a provider at the simulator, with the first API token of the seed that signs in and the
// first key of an organization.
func announce(out io.Writer, addr string, seed simulator.Seed) {
	var workspaces []string
	for _, ws := range seed.Workspaces {
		workspaces = append(workspaces, ws.Slug)
	}
	lines := []string{"export BITBUCKET_BASE_URL=http://" + addr}
	valid := slices.DeleteFunc(slices.Clone(seed.Credentials), func(c simulator.SeedCredential) bool { return c.Revoked })
	for _, credential := range valid {
		if email := emailOf(seed, credential.User); email != "" {
			lines = append(lines, "export BITBUCKET_USERNAME="+email, "export BITBUCKET_API_TOKEN="+credential.Secret)
			break
		}
	}
	lines = append(lines, "export BITBUCKET_WORKSPACES="+strings.Join(workspaces, ","))
	for _, credential := range valid {
		if id := credential.Organization; id != "" {
			lines = append(lines, "export ATLASSIAN_ADMIN_BASE_URL=http://"+addr+"/admin", "export ATLASSIAN_ORG_ID="+id,
				"export ATLASSIAN_ADMIN_API_KEY="+credential.Secret)
			break
		}
	}
	_, _ = fmt.Fprintln(out, strings.Join(lines, "\n"))
}

// emailOf returns the address that a person signs in with; "" when there is none.
func emailOf(seed simulator.Seed, uuid string) string {
	for _, u := range seed.Users {
		if u.UUID == uuid && !u.Inactive {
			return u.Email
		}
	}
	return ""
}

// serve answers requests until ctx is done and then lets those that run finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: patience}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	graceful, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(graceful); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
