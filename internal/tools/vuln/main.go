// Command vuln looks for known vulnerabilities in code that a module calls. It is govulncheck, except that a database that cannot
// be reached is no failure: machines without a network check everything else.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/vuln/scan"
)

const (
	// publicDatabase is the vulnerability database of the Go project.
	publicDatabase = "https://vuln.go.dev"
	// patience is how long a database may take to answer for the first time.
	patience = 10 * time.Second
)

// check is what is looked for, and where.
type check struct {
	// dir is the folder of the module.
	dir string
	// database is a URL: https, http or file.
	database string
	// required makes a database that cannot be reached a failure.
	required bool
	// patience bounds the first question to the database.
	patience time.Duration
}

func main() {
	c := check{database: cmp.Or(os.Getenv("GOVULNDB"), publicDatabase), patience: patience}
	flag.StringVar(&c.dir, "C", ".", "the folder of the module")
	flag.BoolVar(&c.required, "required", false, "fail where the database cannot be reached")
	flag.Parse()
	os.Exit(c.run(context.Background(), os.Stdout, os.Stderr))
}

// run returns the exit code: 0 when nothing was found or nothing could be looked up, 3 when vulnerable code is called.
func (c check) run(ctx context.Context, stdout, stderr io.Writer) int {
	if err := c.reach(ctx); err != nil {
		fmt.Fprintf(stderr, "Vulnerabilities were not checked: the database does not answer: %v\n", err)
		if c.required {
			return 1
		}
		return 0
	}
	command := scan.Command(ctx, "-C", c.dir, "-db", c.database, "./...")
	command.Stdout, command.Stderr = stdout, stderr
	err := command.Start()
	if err == nil {
		err = command.Wait()
	}
	if err == nil {
		return 0
	}
	if code, ok := errors.AsType[interface {
		error
		ExitCode() int
	}](err); ok {
		return code.ExitCode()
	}
	fmt.Fprintln(stderr, err)
	return 1
}

// reach asks the database when it was last changed. govulncheck itself would ask only after it has loaded the module, and would
// wait for as long as the network does.
func (c check) reach(ctx context.Context) error {
	const question = "/index/db.json"
	if folder, ok := strings.CutPrefix(c.database, "file://"); ok {
		_, err := os.Stat(filepath.FromSlash(folder + question))
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.database, "/")+question, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", req.URL.Redacted(), resp.Status)
	}
	return nil
}
