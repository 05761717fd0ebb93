package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// badAnswer fails unless an error says what could not be done and that the answer is why.
func badAnswer(t *testing.T, err error, action string) {
	t.Helper()
	failure(t, err)
	if !errors.Is(err, rest.ErrBadAnswer) || !strings.Contains(err.Error(), action) {
		t.Errorf("error is %v, want a bad answer to %q", err, action)
	}
}

func TestAPermissionWithoutALevelIsAnError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: apiUsers, Rewrite: answer(`{"values":[{"user":{"uuid":"` + grace.UUID + `","account_id":"` + grace.AccountID + `"}}]}`)})
	_, err := d.Grant(t.Context(), api, user(grace.UUID))
	badAnswer(t, err, "list the user permissions of repository acme/api")
}

// Members who are not told of are not gone.
func TestAGroupThatDoesNotSayWhoIsInItHasNoMembersToCompareWith(t *testing.T) {
	t.Parallel()
	for _, members := range []string{"", `,"members":null`} {
		w, d := acme(t)
		w.Inject(simulator.Fault{Path: groupList, Rewrite: answer(`[{"slug":"web","name":"Web"` + members + `}]`)})
		ctx := t.Context()
		_, err := d.Member(ctx, "acme", "web", ada.UUID)
		badAnswer(t, err, "list the members of group web of workspace acme")
		_, err = d.EntriesTo(ctx, access.Scope{Kind: access.GroupScope, Workspace: "acme", Name: "web"}, access.UserPrincipal)
		badAnswer(t, err, "list the members of group web of workspace acme")
		equal(t, "group", "Web", must(d.Group(ctx, "acme", "web"))(t).Name)
		must(d.AddMember(ctx, "acme", "web", linus.UUID))(t)
		_, err = d.Member(ctx, "acme", "web", ada.UUID)
		badAnswer(t, err, "list the members of group web of workspace acme")
	}
}

func TestANewGroupWhoseAnswerLeavesItsMembersOutHasNone(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	must(d.Groups(t.Context(), "acme"))(t)
	w.Inject(simulator.Fault{Method: "POST", Path: groupList, Rewrite: answer(`{"slug":"testers","name":"Testers"}`)})
	created := must(d.CreateGroup(t.Context(), "acme", access.GroupSettings{Name: "Testers", Permission: access.None}))(t)
	equal(t, "members", 0, len(must(d.Members(t.Context(), "acme", created.Slug))(t)))
}

func TestAMemberWithoutAnIDIsAnError(t *testing.T) {
	t.Parallel()
	for _, member := range []string{"null", "{}", `{"display_name":"Ada"}`} {
		w, d := acme(t)
		w.Inject(simulator.Fault{Path: groupList, Rewrite: answer(`[{"slug":"web","name":"Web","members":[` + member + `]}]`)})
		_, err := d.Member(t.Context(), "acme", "web", ada.UUID)
		badAnswer(t, err, "list the groups of workspace acme")
	}
}

// Two of them would pass for one.
func TestAPersonWithoutAnIDIsAnError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: "/2.0/workspaces/acme/permissions", Rewrite: answer(`{"values":[{"permission":"member","user":{"display_name":"Ada"}}]}`)})
	_, err := d.People(t.Context(), "acme")
	badAnswer(t, err, "list the people of workspace acme")
}

func TestAnInvitationWithoutAnAddressIsAnError(t *testing.T) {
	t.Parallel()
	for _, row := range []string{"null", "{}", `{"groups":[{"slug":"web"}]}`} {
		w, d := acme(t)
		w.Inject(simulator.Fault{Path: "/1.0/users/acme/invitations", Rewrite: answer(`[` + row + `]`)})
		_, err := d.Invitation(t.Context(), "acme", intoGroups("web"))
		badAnswer(t, err, "list the invitations of workspace acme")
	}
}

// Taken for the one who is invited, anybody else would make the invitation count as accepted: nothing is sent, and nothing withdrawn.
func TestSomebodyElseIsNotThePersonWhoIsInvited(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]string{
		"another address": `{"user":{"uuid":"` + grace.UUID + `","email":"grace@example.com"}}`,
		"no address":      `{"user":{"uuid":"` + grace.UUID + `"}}`,
		"nobody":          `{}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			w.Inject(simulator.Fault{Path: "/2.0/workspaces/acme/members", Rewrite: answer(`{"values":[` + row + `]}`)})
			for _, i := range []access.Invitation{intoGroups("web"), toRepository} {
				_, err := d.Invite(t.Context(), "acme", i)
				badAnswer(t, err, "find people of workspace acme by e-mail address")
				_, err = d.Invitation(t.Context(), "acme", i)
				badAnswer(t, err, "find people of workspace acme by e-mail address")
			}
		})
	}
}

func TestAWorkspaceThatDoesNotNameItselfIsAnError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: "/2.0/workspaces/*", Rewrite: answer(`{}`)})
	_, err := d.Slug(t.Context(), acmeUUID)
	badAnswer(t, err, "read workspace "+acmeUUID)
	same, err := d.SameWorkspace(t.Context(), "other", acmeUUID)
	if same {
		t.Error("a workspace without a slug is another one")
	}
	badAnswer(t, err, "read workspace "+acmeUUID)
}
