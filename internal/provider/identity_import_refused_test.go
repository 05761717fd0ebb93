package provider_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestAnImportOfAMalformedUserSaysWhatAUserIs(t *testing.T) {
	t.Parallel()
	eachImport(t, func(t *testing.T, i thing, way string) {
		t.Helper()
		parts := i.present(t)
		if parts["user_id"] == "" {
			return
		}
		for _, wrong := range []string{"grace", "grace@acme.example", "{" + i.w.Grace.AccountID + "}", i.w.Grace.UUID + " "} {
			parts["user_id"] = wrong
			i.expectUnable(t, wrong, i.again(t).found(t, way, parts), wrong, "neither a UUID", "nor an Atlassian account id")
		}
	})
}

func TestAnImportWithAnEmptyPartSaysWhichOneIsEmpty(t *testing.T) {
	t.Parallel()
	eachImport(t, func(t *testing.T, i thing, way string) {
		t.Helper()
		all := i.present(t)
		for part := range all {
			for _, empty := range []string{"", " ", "\t"} {
				parts := maps.Clone(all)
				parts[part] = empty
				i.expectUnable(t, fmt.Sprintf("%s is %q", part, empty), i.again(t).found(t, way, parts), part, "empty")
			}
			if way == "by identity" { // null
				parts := maps.Clone(all)
				delete(parts, part)
				i.expectUnable(t, part+" is null", i.again(t).found(t, way, parts), part)
			}
		}
	})
}

func TestAnImportByAnIdentityOfNullsIsNotSaidToBeOneByID(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	for name, parts := range importIDs {
		i := thingOf(t, w, name)
		i.expectUnable(t, "by an identity of nulls", i.found(t, "by identity", nil), "identity", "workspace")
		i.expectUnable(t, "by neither id nor identity", i.importing(t, &tfprotov6.ImportResourceStateRequest{}), strings.Join(parts, "/"))
	}
}

func TestAnImportOfAnInvitationToARepositoryWithoutANameReadsWell(t *testing.T) {
	t.Parallel()
	i := thingOf(t, acctest.New(t, simulator.Options{}), "bitbucket_workspace_invitation")
	parts := more(i.present(t), map[string]string{"repo_slug": ""})
	i.expectUnable(t, "an empty repo_slug", i.again(t).found(t, "by identity", parts), "repo_slug")
}

func TestAnImportIDOfAnotherFormIsRefusedWithTheForm(t *testing.T) {
	t.Parallel()
	eachThing(t, func(t *testing.T, i thing) {
		t.Helper()
		form, parts := strings.Join(importIDs[i.name], "/"), make([]string, len(importIDs[i.name]))
		for n := range parts {
			parts[n] = "x"
		}
		before := len(i.w.Journal())
		for _, id := range []string{
			"acme", "/", ":", "//", "///", strings.Join(parts[1:], "/"), strings.Join(append(parts, "x"), "/"), "/" + strings.Join(parts, "/"), strings.Join(parts, "/") + "/",
			strings.Join(parts, ","), strings.Join(parts[1:], ":"),
		} {
			i.expectUnable(t, fmt.Sprintf("id %q", id), i.importing(t, &tfprotov6.ImportResourceStateRequest{ID: id}), fmt.Sprintf("%q", id), form)
		}
		if len(i.w.Journal()) != before {
			t.Error("Bitbucket was asked for what no id names")
		}
	})
}

func TestAnImportIsRefusedBeforeTheProviderIsConfiguredAndOutsideItsFilter(t *testing.T) {
	t.Parallel()
	eachImport(t, func(t *testing.T, i thing, way string) {
		t.Helper()
		parts := i.present(t)
		i.server = newServer(t, acctest.Factories())
		i.expectUnable(t, "without a configuration", i.found(t, way, parts), "configuration of the provider")
		for _, filter := range []string{"initech", nobodysUUID} {
			for _, workspace := range []string{"acme", workspaceUUID(i.w)} {
				parts["workspace"] = workspace
				i.server = inRun(t, i.w, map[string]string{"BITBUCKET_WORKSPACES": filter})
				i.expectUnable(t, "outside the filter", i.found(t, way, parts), "orkspace acme is outside", "workspaces filter", filter)
			}
		}
		for _, filter := range []string{"initech,acme", workspaceUUID(i.w)} {
			i.server = inRun(t, i.w, map[string]string{"BITBUCKET_WORKSPACES": filter})
			mustPass(t, "ImportResourceState inside the filter", nil, i.found(t, way, parts).Diagnostics)
		}
	})
}

func TestAnImportThatBitbucketDoesNotAnswerIsNotTakenForOneOfNothing(t *testing.T) {
	t.Parallel()
	eachImport(t, func(t *testing.T, i thing, way string) {
		t.Helper()
		parts := i.present(t)
		mend := i.w.Inject(simulator.ServerError(http.StatusServiceUnavailable, 0))
		i.expectUnable(t, "while Bitbucket fails", i.again(t).found(t, way, parts), "503")
		mend()
		i.w.RevokeCredential(i.w.Token)
		i.expectUnable(t, "with a credential that was revoked", i.again(t).found(t, way, parts), "401", "username must be")
	})
}

func TestAnInvitationThatCannotBeImportedSaysWhy(t *testing.T) {
	t.Parallel()
	i := thingOf(t, acctest.New(t, simulator.Options{}), "bitbucket_workspace_invitation")
	parts := i.present(t)
	to := func(repoSlug string) *tfprotov6.ImportResourceStateResponse {
		return i.again(t).found(t, "by identity", more(parts, map[string]string{"repo_slug": repoSlug}))
	}
	i.expectUnable(t, "an invitation to a repository", to("api"), "repository", "api", "repo_slug")
	i.expectUnable(t, "an invitation to a repository that is not there", to("nothing"), "repository", "nothing", "repo_slug")

	onto := i.again(t).with(map[string]tftypes.Value{
		"email": str("barbara@partner.example"), "repo_slug": str("api"), "permission": str("read"),
		"group_slugs": tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, nil),
	})
	created := onto.create(t)
	i.expect(t, "to a repository", created.NewIdentity, map[string]string{"workspace": "acme", "email": "barbara@partner.example", "repo_slug": "api"})
	onto.again(t).expectRefresh(t, "of an invitation to a repository", created)
	for _, way := range ways {
		found := i.again(t).found(t, way, map[string]string{"workspace": "acme", "email": "barbara@partner.example"})
		i.expectUnable(t, "one that is only to a repository, "+way, found, "barbara@partner.example", "groups")
		found = i.again(t).found(t, way, map[string]string{"workspace": "acme", "email": i.w.Grace.Email})
		i.expectUnable(t, "somebody who is in the workspace, "+way, found, i.w.Grace.Email, "accepted")
	}
	i.w.AcceptInvitation(parts["email"])
	for _, way := range ways {
		i.expectUnable(t, "one that was accepted, "+way, i.again(t).found(t, way, parts), parts["email"], "accepted")
	}
}
