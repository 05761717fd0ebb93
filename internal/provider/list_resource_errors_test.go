package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestResultsComeBeforeLaterObjectsAreRead(t *testing.T) {
	t.Parallel()
	w := threeRepositories(t)
	l := listing(t, w)
	var seen []string
	for result := range l.stream(t.Context(), t, listedRepoUsers, l.config(t, listedRepoUsers, inAcme), listBlock{}) {
		seen = append(seen, l.row(t, listedRepoUsers, result).who(w))
		// Whether there is another result is looked for ahead of each.
		l.expectRead(t, fmt.Sprintf("result %d", len(seen)), []string{"a", "b", "c"}[:min(len(seen), 3)]...)
	}
	if diff := cmp.Diff([]string{"a Grace", "a Linus", "b Grace", "c Grace"}, seen); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestAListThatNobodyReadsOnAsksForNothingMore(t *testing.T) {
	t.Parallel()
	w := threeRepositories(t)
	for taken, want := range map[int][]string{1: {"a"}, 2: {"a", "b"}, 3: {"a", "b", "c"}} {
		l, left := listing(t, w), taken
		for range l.stream(t.Context(), t, listedRepoUsers, l.config(t, listedRepoUsers, inAcme), listBlock{}) {
			if left--; left == 0 {
				break
			}
		}
		l.expectRead(t, fmt.Sprintf("after %d results", taken), want...)
	}
	l := listing(t, w)
	_ = l.stream(t.Context(), t, listedRepoUsers, l.config(t, listedRepoUsers, inAcme), listBlock{})
	l.expectAsked(t, "a list that nobody reads", nil)
}

func TestAListEndsWithTheRunThatItIsFor(t *testing.T) {
	t.Parallel()
	w := threeRepositories(t)
	l := listing(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ends []bool
	for result := range l.stream(ctx, t, listedRepoUsers, l.config(t, listedRepoUsers, inAcme), listBlock{}) {
		cancel()
		ends = append(ends, l.row(t, listedRepoUsers, result).failure != "")
	}
	if diff := cmp.Diff([]bool{false, false, true}, ends); diff != "" {
		t.Errorf("errors among the results (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a"}, l.read(t)); diff != "" {
		t.Errorf("repositories (-want +read):\n%s", diff)
	}
}

// TestAnErrorEndsAListAfterWhatWasFound holds it for a repository that the user does not administer, the second of three.
func TestAnErrorEndsAListAfterWhatWasFound(t *testing.T) {
	t.Parallel()
	w := threeRepositories(t)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "a", User: w.Grace.UUID, Permission: simulator.Admin})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "c", User: w.Grace.UUID, Permission: simulator.Admin})
	w.Username, w.Token = w.AddAPIToken(w.Grace.UUID)
	l := listing(t, w)
	rows := l.rows(t, listedRepoUsers, inAcme, listBlock{objects: true})
	if len(rows) != 3 || rows[0].failure+rows[1].failure != "" || !says("Unable to list repository permissions", "list the user permissions of repository acme/b",
		"403 Forbidden", "needs to be an administrator of the object").MatchString(rows[2].failure) {
		t.Errorf("the results are %+v", rows)
	}
	l.expectRead(t, "an error", "a", "b")
	for limit, want := range map[int64]string{1: "There is more than was listed", 2: "There may be more than was listed"} { // an error beyond the limit is only told
		rows := listing(t, w).rows(t, listedRepoUsers, inAcme, listBlock{limit: limit})
		if len(rows) != int(limit) || rows[limit-1].failure != "" || !strings.Contains(rows[limit-1].warning, want) {
			t.Errorf("with limit %d the results are %+v", limit, rows)
		}
	}
}

// failing lists what must fail without a result, and says what it must.
func (l lister) failing(t *testing.T, kind string, g listArguments, phrases ...string) {
	t.Helper()
	rows := l.rows(t, kind, g, listBlock{objects: true})
	if len(rows) != 1 || !says(phrases...).MatchString(rows[0].failure) {
		t.Errorf("%s of %v: the results are %+v, not %q", kind, g, rows, phrases)
	}
}

func TestListsSayWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	l := listing(t, w)
	for _, kind := range listedTypes {
		for _, nowhere := range []string{"nowhere", "{11111111-2222-3333-4444-555555555555}"} {
			l.failing(t, kind, listArguments{"workspace": nowhere}, "Unable to list", "no access to workspace "+nowhere, "check the spelling of the workspace")
		}
		outside := listing(t, w, func(settings map[string]tftypes.Value) {
			settings["workspaces"] = tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{str("other")})
		})
		outside.failing(t, kind, inAcme, "Unable to list", "outside the provider's workspaces filter", "Add the workspace to the provider's workspaces")
		outside.expectAsked(t, kind, nil)
	}
	for _, c := range []struct{ kind, attribute, object, says string }{
		{listedMembers, "group_slug", "nobody", "workspace acme has no group with slug nobody"},
		{listedRepoUsers, "repo_slug", "nothing", "list the user permissions of repository acme/nothing: "},
		{listedRepoGroups, "repo_slug", "nothing", "list the group permissions of repository acme/nothing: "},
		{listedRepoUsers, "project_key", "NONE", "read project acme/NONE: "},
		{listedRepoGroups, "project_key", "NONE", "read project acme/NONE: "},
		{listedProjectUsers, "project_key", "NONE", "list the user permissions of project acme/NONE: "},
		{listedProjectGroups, "project_key", "NONE", "list the group permissions of project acme/NONE: "},
		{listedGroupLists, "group_slug", "nobody", "workspace acme has no group with slug nobody"},
		{listedRepoLists, "repo_slug", "nothing", "repository acme/nothing: "},
		{listedRepoLists, "project_key", "NONE", "read project acme/NONE: "},
		{listedProjectLists, "project_key", "NONE", "project acme/NONE: "},
	} {
		l.failing(t, c.kind, inAcme.with(c.attribute, c.object), "Unable to list", c.says)
	}
}

func TestListsRefuseArgumentsThatCannotBeRight(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	l := newLister(t, w)
	for _, c := range []struct {
		kind      string
		arguments listArguments
		says      []string
	}{
		{listedRepoUsers, inAcme.with("repo_slug", "api").with("project_key", "PLAT"), []string{`"repo_slug" cannot be specified when "project_key" is specified`}},
		{listedRepoGroups, inAcme.with("repo_slug", "api").with("project_key", "PLAT"), []string{`"repo_slug" cannot be specified when "project_key" is specified`}},
		{listedRepoLists, inAcme.with("repo_slug", "api").with("project_key", "PLAT"), []string{`"repo_slug" cannot be specified when "project_key" is specified`}},
		{listedRepoUsers, inAcme.with("repo_slug", "acme/api"), []string{"Invalid repo_slug", `"acme/api" is not the slug of a repository`}},
		{listedRepoGroups, inAcme.with("project_key", "PL AT"), []string{"Invalid project_key", `"PL AT" is not the key of a project`}},
		{listedProjectUsers, inAcme.with("project_key", ""), []string{"Invalid project_key", `"" is not the key of a project`}},
		{listedMembers, inAcme.with("group_slug", "Code Owners"), []string{"Invalid group_slug", `"Code Owners" is not the slug of a group`}},
		{listedMembers, inAcme.with("group_slug", ""), []string{"Invalid group_slug"}},
		{listedGroups, listArguments{"workspace": "https://bitbucket.org/acme"}, []string{"Invalid workspace", "is not the slug of a workspace"}},
		{listedProjectGroups, listArguments{"workspace": ""}, []string{"Invalid workspace"}},
	} {
		config := l.config(t, c.kind, c.arguments)
		answer, err := l.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: c.kind, Config: config})
		if err != nil || len(answer.Diagnostics) != 1 || !says(c.says...).MatchString(answer.Diagnostics[0].Summary+": "+answer.Diagnostics[0].Detail) {
			t.Errorf("%s of %v: %v %v", c.kind, c.arguments, answer.Diagnostics, err)
		}
	}
	for _, kind := range listedTypes { // Terraform may validate before it knows
		unknown := configOf(t, l.schemas.ListResourceSchemas[kind], map[string]tftypes.Value{"workspace": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})
		answer, err := l.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: kind, Config: unknown})
		mustPass(t, kind, err, answer.Diagnostics)
	}
	count(t, w, "", "", 0)
}

// TestAValueThatIsNotKnownIsNotTakenForAll holds that a list never looks at more than was meant.
func TestAValueThatIsNotKnownIsNotTakenForAll(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	for kind, attribute := range map[string]string{
		listedMembers: "group_slug", listedRepoUsers: "project_key", listedRepoGroups: "repo_slug", listedProjectUsers: "project_key", listedRepoLists: "repo_slug",
	} {
		l := listing(t, w)
		config := configOf(t, l.schemas.ListResourceSchemas[kind], map[string]tftypes.Value{
			"workspace": str("acme"), attribute: tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		})
		for result := range l.stream(t.Context(), t, kind, config, listBlock{}) {
			if row := l.row(t, kind, result); row.failure == "" {
				t.Errorf("%s: %s is listed", kind, row.name)
			}
		}
	}
}

func TestAProviderWithoutAConfigurationListsNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	for _, kind := range listedTypes {
		newLister(t, w).failing(t, kind, inAcme, "Unable to list", "The configuration of the provider depends on values that are known only after apply")
	}
	count(t, w, "", "", 0)
}

func TestAPermissionOfNoneIsNotListed(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	w.Inject(simulator.Fault{Method: http.MethodGet, Path: "/2.0/**/permissions-config/*", Rewrite: func(body []byte) []byte {
		return []byte(strings.NewReplacer(`"permission":"write"`, `"permission":"none"`, `"permission":"read"`, `"permission":"none"`).Replace(string(body)))
	}})
	l := listing(t, w)
	for kind, want := range map[string][]string{
		listedRepoUsers: {"web Linus"}, listedRepoGroups: nil, listedProjectUsers: {"PLAT Grace"}, listedProjectGroups: {"OPS Auditors"},
	} {
		if diff := cmp.Diff(want, listedWho(w, l.found(t, kind, inAcme, listBlock{}))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

// TestNobodyIsListedWithoutAnID holds that every identity can be imported: an answer that does not say who is meant must not make one.
func TestNobodyIsListedWithoutAnID(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	inhabit(w)
	w.Inject(simulator.Fault{Method: http.MethodGet, Rewrite: func(body []byte) []byte {
		return []byte(strings.NewReplacer(w.Grace.UUID, "", w.Grace.AccountID, "").Replace(string(body)))
	}})
	for _, kind := range listedTypes {
		for _, row := range listing(t, w).rows(t, kind, inAcme, listBlock{objects: true}) {
			for name, part := range row.identity {
				if part == "" {
					t.Errorf("%s: %q is listed with an empty %s", kind, row.name, name)
				}
			}
		}
	}
}
