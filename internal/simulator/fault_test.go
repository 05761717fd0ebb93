package simulator_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestFaultsHitTheRequestsTheyMatch(t *testing.T) {
	t.Parallel()
	s, c, _ := newAcme(t, simulator.Options{})
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/2.0/**/permissions-config/*", After: 1, Times: 2, Status: http.StatusBadGateway})
	var got []int
	for _, path := range []string{repoAPI + "/users", "/2.0/user", repoAPI + "/users", repoAPI + "/users/x", projPLAT + "/groups", projPLAT + "/groups"} {
		got = append(got, c.do(http.MethodGet, path, "").status)
	}
	if diff := cmp.Diff([]int{200, 200, 502, 404, 502, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	remove := s.Inject(simulator.ServerError(http.StatusInternalServerError, 0))
	c.want(http.StatusInternalServerError, http.MethodGet, "/2.0/user", "")
	c.want(http.StatusInternalServerError, http.MethodGet, "/2.0/user", "")
	remove()
	c.get("/2.0/user")
}

func TestReadyMadeFaults(t *testing.T) {
	t.Parallel()
	s, c, _ := newAcme(t, simulator.Options{})
	for _, tt := range []struct {
		fault      simulator.Fault
		kind, body string
	}{
		{simulator.RateLimited(1), "text/plain", "Rate limit for this resource has been exceeded"},
		{simulator.ServerError(503, 1), "application/json; charset=utf-8", `"type":"error"`},
		{simulator.HTMLErrorPage(502, 1), "text/html; charset=utf-8", "<h1>Bad Gateway</h1>"},
		{simulator.Fault{Times: 1, Status: 500, Body: "oops"}, "text/plain", "oops"},
	} {
		s.Inject(tt.fault)
		got := c.want(tt.fault.Status, http.MethodGet, "/2.0/user", "")
		if got.header.Get("Content-Type") != tt.kind || !strings.Contains(got.text, tt.body) {
			t.Errorf("%d is %s: %s", tt.fault.Status, got.header.Get("Content-Type"), got.text)
		}
	}
}

func TestCutConnections(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	grant := simulator.Grant{Workspace: "acme", Project: "PLAT", User: people.edsger.UUID}
	put := func() error {
		_, err := send(c.request(http.MethodPut, projPLAT+"/users/"+people.edsger.AccountID, `{"permission":"write"}`))
		return err
	}
	s.Inject(simulator.Fault{Method: http.MethodPut, Times: 1, CutBefore: true})
	if err := put(); err == nil || s.Permission(grant) != simulator.None {
		t.Errorf("cut before: error %v, permission %s", err, s.Permission(grant))
	}
	s.Inject(simulator.Fault{Method: http.MethodPut, Times: 1, CutAfter: true})
	if err := put(); err == nil || s.Permission(grant) != simulator.Write {
		t.Errorf("cut after: error %v, permission %s", err, s.Permission(grant))
	}
	if journal := s.Journal(); len(journal) != 2 || journal[0].Status != 0 || journal[1].Status != 0 {
		t.Errorf("the journal holds %+v", journal)
	}
}

func TestBodiesThatEndEarlyOrDiffer(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	s.Inject(simulator.Fault{Times: 1, Truncate: 10})
	got, err := send(c.request(http.MethodGet, "/2.0/user", ""))
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(got.text) != 10 {
		t.Errorf("a truncated body reads %q with error %v", got.text, err)
	}
	s.Inject(simulator.Fault{Times: 1, Rewrite: func(body []byte) []byte {
		return bytes.Replace(body, []byte(`"write"`), []byte(`"read"`), 1)
	}})
	path := projPLAT + "/users/" + people.edsger.AccountID
	if got := c.want(http.StatusOK, http.MethodPut, path, `{"permission":"write"}`); got.body["permission"] != "read" {
		t.Errorf("the rewritten answer says %v", got.body["permission"])
	}
	if got := c.get(path).body["permission"]; got != "write" {
		t.Errorf("the truth is %v", got)
	}
}

func TestSlowAnswersEndWhenTheClientLeaves(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	s.Inject(simulator.Fault{Times: 1, Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r := c.request(http.MethodPut, projPLAT+"/users/"+people.edsger.AccountID, `{"permission":"write"}`)
	if _, err := send(r.WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the client hears %v", err)
	}
	if got := s.Permission(simulator.Grant{Workspace: "acme", Project: "PLAT", User: people.edsger.UUID}); got != "write" {
		t.Errorf("the simulator did not act before the delay: %s", got)
	}
	s.Inject(simulator.Fault{Times: 1, Delay: time.Millisecond})
	c.get("/2.0/user")
}

func TestJournalTellsWhatWasAsked(t *testing.T) {
	t.Parallel()
	now := newClock()
	s, c, people := newAcme(t, simulator.Options{Now: now.Now})
	token := s.AddAccessToken(simulator.AccessToken{Workspace: "acme", Project: "PLAT"})
	user := repoAPI + "/users/" + url.PathEscape(people.edsger.UUID)
	c.want(http.StatusOK, http.MethodPut, user, `{"permission":"read"}`)
	c.with(token).want(http.StatusForbidden, http.MethodGet, user+"?fields=permission", "")
	c.as("", "").want(http.StatusUnauthorized, http.MethodGet, user, "")
	want := []simulator.Request{
		{
			Method: http.MethodPut, Path: user, Query: url.Values{}, Status: 200, Credential: "api-token ada@acme.example",
			Time: now.Now(), Body: `{"permission":"read"}`,
		},
		{
			Method: http.MethodGet, Path: user, Query: url.Values{"fields": {"permission"}}, Status: 403,
			Credential: "project-access-token acme/PLAT", Time: now.Now(),
		},
		{Method: http.MethodGet, Path: user, Query: url.Values{}, Status: 401, Time: now.Now()},
	}
	if diff := cmp.Diff(want, s.Journal()); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"", "", 3},
		{http.MethodGet, "", 2},
		{http.MethodPut, repoAPI + "/users/" + people.edsger.UUID, 1},
		{"", "/2.0/repositories/*/*/permissions-config/users/*", 3},
		{"", "/2.0/repositories/*", 0},
		{"", "/2.0/repositories/**", 3},
	} {
		if got := s.Count(tt.method, tt.path); got != tt.want {
			t.Errorf("Count(%q, %q) is %d, want %d", tt.method, tt.path, got, tt.want)
		}
	}
	if s.ResetJournal(); len(s.Journal()) != 0 {
		t.Error("the journal is not empty after ResetJournal")
	}
}
