package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestListsTellOfWhatBitbucketFailsWith(t *testing.T) {
	t.Parallel()
	half := func(body []byte) []byte { return body[:len(body)/2] }
	for name, c := range map[string]struct {
		fault simulator.Fault
		says  []string // nil where the list must be whole
	}{
		"refusals of the credential":         {simulator.Fault{Status: http.StatusUnauthorized}, []string{"401", "does not accept the credential"}},
		"refusals for too many requests":     {simulator.RateLimited(3), nil},
		"too many requests for hours":        {simulator.RateLimited(0), []string{"429", "limit of requests"}},
		"one error of Bitbucket":             {simulator.ServerError(http.StatusBadGateway, 1), nil},
		"errors of Bitbucket":                {simulator.ServerError(http.StatusInternalServerError, 0), []string{"500", "Run Terraform again later"}},
		"an error page in place of a list":   {simulator.HTMLErrorPage(http.StatusOK, 0), []string{"the answer is not what the API documents"}},
		"answers that are cut":               {simulator.Fault{Truncate: 30}, []string{"no answer from", "Check the connection"}},
		"answers that end within the JSON":   {simulator.Fault{Rewrite: half}, []string{"the answer is not what the API documents"}},
		"connections that are cut":           {simulator.Fault{CutBefore: true}, []string{"Check the connection and run Terraform again"}},
		"a connection that is cut only once": {simulator.Fault{CutBefore: true, Times: 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range listedTypes {
				w := acctest.New(t, simulator.Options{})
				inhabit(w)
				whole := listedWho(w, listing(t, w).found(t, kind, inAcme, listBlock{}))
				l := listing(t, w)
				w.Inject(c.fault)
				if c.says != nil {
					l.failing(t, kind, inAcme, append([]string{"Unable to list"}, c.says...)...)
				} else if diff := cmp.Diff(whole, listedWho(w, l.found(t, kind, inAcme, listBlock{}))); diff != "" {
					t.Errorf("%s (-before the fault +now):\n%s", kind, diff)
				}
			}
		})
	}
}

// TestAFaultOfALaterObjectEndsTheListAfterWhatWasFound holds it for every kind of fault, and for groups of an organization.
func TestAFaultOfALaterObjectEndsTheListAfterWhatWasFound(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{
		{Status: http.StatusUnauthorized}, {Status: http.StatusForbidden}, simulator.ServerError(http.StatusServiceUnavailable, 0), {Truncate: 20}, {CutBefore: true},
	} {
		w := threeRepositories(t)
		fault.Path = "/2.0/repositories/acme/b/permissions-config/users"
		w.Inject(fault)
		l := listing(t, w)
		rows := l.rows(t, listedRepoUsers, inAcme, listBlock{})
		if len(rows) != 3 || rows[0].failure+rows[1].failure != "" || !says("Unable to list repository permissions", "acme/b").MatchString(rows[2].failure) {
			t.Errorf("%+v: the results are %+v", fault, rows)
		}
		l.expectRead(t, fmt.Sprintf("%+v", fault), "a", "b")
	}
	w := acctest.NewManaged(t, simulator.Options{})
	inhabit(w)
	whole := listing(t, w).found(t, listedMembers, inAcme, listBlock{})
	fault := simulator.ServerError(http.StatusInternalServerError, 0)
	fault.Path, fault.After = userSearches, 3
	w.Inject(fault)
	l := listing(t, w)
	rows := l.rows(t, listedMembers, inAcme, listBlock{})
	last := len(rows) - 1
	if last < 0 || last >= len(whole) || !says("Unable to list group members", "in the organization", "500").MatchString(rows[last].failure) {
		t.Fatalf("the results are %+v of %+v", rows, whole)
	}
	for i, row := range rows[:last] {
		if row.failure != "" || row.who(w) != whole[i].who(w) {
			t.Errorf("result %d is %+v", i, row)
		}
	}
}

func TestWhatIsDeletedBetweenItsListingAndItsReadingIsSkipped(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	w.AddProject(simulator.Project{Workspace: "acme", Key: "OLD", Name: "Old"})
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "old", Name: "old"})
	for _, g := range []simulator.Grant{
		{Project: "OLD", User: w.Ada.UUID},
		{Project: "OLD", Group: w.Developers},
		{Repository: "old", User: w.Grace.UUID},
		{Repository: "old", Group: w.Developers},
	} {
		g.Workspace, g.Permission = "acme", simulator.Read
		w.Grant(g)
	}
	for kind, of := range map[string][]string{
		listedRepoUsers: {"old Grace", "repo_slug"}, listedRepoGroups: {"old Developers", "repo_slug"}, listedRepoLists: {"old", "repo_slug"},
		listedProjectUsers: {"OLD Ada", "project_key"}, listedProjectGroups: {"OLD Developers", "project_key"}, listedProjectLists: {"OLD", "project_key"},
	} {
		name, _, _ := strings.Cut(of[0], " ")
		want := listedWho(w, listing(t, w).found(t, kind, inAcme, listBlock{objects: true}))
		remove := w.Inject(simulator.Fault{Path: "/2.0/**/" + name + "**", Status: http.StatusNotFound, Body: `{"type":"error","error":{"message":"gone"}}`})
		l := listing(t, w)
		got := listedWho(w, l.found(t, kind, inAcme, listBlock{objects: true}))
		if diff := cmp.Diff(want, append(got, of[0]), cmp.Transformer("sorted", sortedTexts)); diff != "" {
			t.Errorf("%s (-with what was deleted +without and that):\n%s", kind, diff)
		}
		// Where it is what was asked for, that it is gone is an error.
		l.failing(t, kind, inAcme.with(of[1], name), "Unable to list", "404 Not Found")
		remove()
	}
}

// TestMembersSeeOnlyWhatBitbucketShowsThem is about somebody who administers nothing.
func TestMembersSeeOnlyWhatBitbucketShowsThem(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	edsger := w.AddPerson("Edsger", simulator.RoleMember)
	w.Username, w.Token = w.AddAPIToken(edsger.UUID)
	administrator := "needs to be an administrator of the object, or of its workspace"
	hidden := "It does not exist, or it is hidden from this credential"
	for _, c := range []struct {
		kind      string
		arguments listArguments
		says      []string // nil where nothing is found
	}{
		{listedGroups, inAcme, []string{"list the groups of workspace acme", "403 Forbidden", administrator}},
		{listedMembers, inAcme, []string{"list the groups of workspace acme", "403 Forbidden", administrator}},
		{listedMembers, inAcme.with("group_slug", "developers"), []string{"403 Forbidden", administrator}},
		{listedRepoUsers, inAcme, nil},
		{listedRepoUsers, inAcme.with("project_key", "PLAT"), nil},
		{listedRepoUsers, inAcme.with("project_key", "NONE"), []string{"404 Not Found", hidden}},
		{listedRepoUsers, inAcme.with("repo_slug", "api"), []string{"404 Not Found", hidden}},
		{listedRepoGroups, inAcme.with("repo_slug", "nothing"), []string{"404 Not Found", hidden}},
		{listedProjectUsers, inAcme, []string{"403 Forbidden", administrator}},
		{listedProjectGroups, inAcme.with("project_key", "PLAT"), []string{"403 Forbidden", administrator}},
	} {
		l := listing(t, w)
		if c.says != nil {
			l.failing(t, c.kind, c.arguments, append([]string{"Unable to list"}, c.says...)...)
		} else if rows := l.found(t, c.kind, c.arguments, listBlock{}); len(rows) > 0 {
			t.Errorf("%s of %v: %v", c.kind, c.arguments, listedWho(w, rows))
		}
	}
}

func TestOtherCredentialsAreToldWhichOneIsNeeded(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	token := w.AddAccessToken(simulator.AccessToken{Workspace: "acme"})
	null := tftypes.NewValue(tftypes.String, nil)
	for _, kind := range []string{listedRepoUsers, listedRepoGroups, listedProjectUsers, listedProjectGroups} {
		l := listing(t, w, func(settings map[string]tftypes.Value) {
			settings["username"], settings["api_token"], settings["access_token"] = null, null, str(token)
		})
		l.failing(t, kind, inAcme, "Unable to list", "The credential is an access token", "set username and api_token")
	}
	w.SetScopes(w.Token, "read:user:bitbucket", "read:workspace:bitbucket")
	for kind, scope := range map[string]string{
		listedGroups: "admin:workspace:bitbucket", listedMembers: "admin:workspace:bitbucket",
		listedRepoUsers: "read:repository:bitbucket", listedProjectGroups: "read:project:bitbucket",
	} {
		listing(t, w).failing(t, kind, inAcme, "Unable to list", "lacks the scope", scope)
	}
}

func TestGroupsOfAnOrganizationAreAdoptedWithoutAccessToIt(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	inhabit(w)
	l := listing(t, withoutOrganization(w))
	for _, kind := range []string{listedGroups, listedMembers, listedRepoGroups, listedProjectGroups} {
		rows := l.found(t, kind, inAcme, listBlock{objects: true})
		if len(rows) < 2 {
			t.Errorf("%s: only %v is listed", kind, listedWho(w, rows))
		}
		for _, row := range rows {
			l.adopt(t, kind, row)
		}
	}
	expectNoWrites(t, w)
}
