package access_test

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestFindingsAboutAPersonAreThoseOfThePersonAndTheGroups(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	of := func(q access.EffectiveQuery) []access.Finding {
		q.Workspace = "acme"
		return must(d.Effective(t.Context(), q))(t).Findings
	}
	hers := []string{grace.UUID, "developers", "security"}
	want := slices.DeleteFunc(of(access.EffectiveQuery{}), func(f access.Finding) bool { return !slices.Contains(hers, f.Principal.ID) })
	equal(t, "findings", want, of(access.EffectiveQuery{UserIDs: []string{grace.AccountID}}))
	if len(want) == 0 {
		t.Error("nothing is found about Grace")
	}
}

func TestOnlyNamedGroupsAreMeantToAdminister(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "mobile", Permission: simulator.Admin})
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api"}, AdminGroups: []string{"administrators"}}))(t)
	paths := map[string]string{}
	for _, f := range e.Findings {
		if f.Kind == access.AdminOutsideGroups {
			paths[f.Name] = f.Because.String()
		}
	}
	equal(t, "administrators outside", map[string]string{
		"Grace Hopper": "admin on project acme/PLAT", "Dennis Ritchie": "admin on repository acme/api through group Mobile",
		"John Backus": "admin on repository acme/api through group Mobile", "James Gosling": "admin on repository acme/api through group Mobile",
	}, paths)
}

func TestWhoIsNoMemberAnyMoreIsFound(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: "/2.0/workspaces/acme/permissions", Rewrite: func(body []byte) []byte {
		body = bytes.ReplaceAll(body, []byte(grace.UUID), []byte("{00000000-0000-4000-8000-000000000000}"))
		return bytes.ReplaceAll(body, []byte(grace.AccountID), []byte("557058:nobody"))
	}})
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api"}}))(t)
	var told []string
	for _, f := range e.Findings {
		if f.Kind == access.NoMember {
			told = append(told, f.Name+": "+string(f.Permission)+" on "+f.Scope.String())
		}
	}
	equal(t, "what she has", []string{
		"Grace Hopper: admin on project acme/PLAT", "Grace Hopper: member on group acme/developers", "Grace Hopper: member on group acme/security",
	}, told)
	equal(t, "Grace's paths", 4, len(pathsToAPI(e, grace)))
}

func TestALevelThatIsNotKnownIsToldAndNotJudged(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: "/2.0/workspaces/acme/projects/PLAT/permissions-config/users", Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"admin"`), []byte(`"maintain"`))
	}})
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api"}}))(t)
	paths := pathsToAPI(e, grace)
	if len(paths) == 0 || paths[0] != "write:" || paths[len(paths)-1] != "maintain on project acme/PLAT" {
		t.Errorf("Grace's paths are %q", paths)
	}
	for _, f := range e.Findings {
		if f.Kind == access.Redundant && f.Permission == "maintain" {
			t.Errorf("%v is found redundant", f)
		}
	}
}

func TestWhoIsInAGroupThatIsNotListedIsFoundUnknown(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Method: http.MethodGet, Path: groupList, Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"slug":"developers"`), []byte(`"slug":"others"`))
	}})
	var e *access.Effective
	for _, users := range [][]string{{grace.UUID}, nil} { // anybody may be in it
		e = must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api"}, UserIDs: users}))(t)
		var told []string
		for _, f := range e.Findings {
			if f.Kind == access.UnknownMembers {
				told = append(told, f.Name+": "+string(f.Permission)+" on "+f.Scope.String())
			}
		}
		equal(t, "what is not known", []string{"Developers: write on repository acme/api"}, told)
	}
	equal(t, "Linus's paths", []string{"write:", "create-repo on project acme/PLAT through group Platform"}, pathsToAPI(e, linus))
}

func TestWhatIsPublicAndWhatTheGroupsHoldIsFoundForAPersonToo(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "website", Name: "website", Public: true})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "platform", Permission: simulator.Read})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "security", Permission: simulator.Read})
	e := must(d.Effective(t.Context(), access.EffectiveQuery{Workspace: "acme", RepoSlugs: []string{"api", "website"}, UserIDs: []string{linus.UUID}}))(t)
	var told []string
	for _, f := range e.Findings {
		told = append(told, string(f.Kind)+" "+f.Name+" on "+f.Scope.Name)
	}
	equal(t, "findings", []string{"redundant_grant Platform on api", "public_repository  on website"}, told)
}
