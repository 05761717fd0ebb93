package bitbucket_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/bitbucket"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

// invitation is an invitation into the groups with the given slugs.
func invitation(email string, groupSlugs ...string) bitbucket.Invitation {
	i := bitbucket.Invitation{Email: email}
	for _, groupSlug := range groupSlugs {
		i.Groups = append(i.Groups, struct {
			Slug string `json:"slug"`
		}{groupSlug})
	}
	return i
}

func TestReadingAccountsAndInvitationsSendsTheirOperations(t *testing.T) {
	t.Parallel()
	getUser := func(id string) func(context.Context, *client) (any, error) {
		return func(ctx context.Context, c *client) (any, error) { return c.GetUser(ctx, id) }
	}
	listInvitations := func(ctx context.Context, c *client) (any, error) { return c.ListInvitations(ctx, "acme") }
	const userJSON = `{"type":"user","uuid":"` + uuid + `","account_id":"` + accountID + `","display_name":"Ada","nickname":"ada","account_status":"active","links":{}}`
	send(t, map[string]call{
		"GetUser by UUID":       {getUser(uuid), request{Path: "/2.0/users/" + escapedUUID}, userJSON, ada},
		"GetUser by account id": {getUser(accountID), request{Path: "/2.0/users/" + accountID}, userJSON, ada},
		"GetUser of an account that says little": {
			getUser(uuid),
			request{Path: "/2.0/users/" + escapedUUID},
			`{"type":"AppUser","uuid":"` + uuid + `","account_id":null}`,
			bitbucket.Account{UUID: uuid},
		},
		"ListInvitations": {
			listInvitations,
			request{Path: "/1.0/users/acme/invitations"},
			`[{"email":"ada@acme.example","groups":[{"name":"Dev","slug":"dev","owner":{"uuid":"{o}"}},{"slug":"ops"}],"invited_by":{"uuid":"{1}"},` +
				`"utc_sent_on":"2026-11-02 09:00:00+00:00"},{"email":"o'x+1@acme.example","groups":[]},{"email":"grace@acme.example"}]`,
			[]bitbucket.Invitation{
				invitation("ada@acme.example", "dev", "ops"),
				{Email: "o'x+1@acme.example", Groups: []struct {
					Slug string `json:"slug"`
				}{}},
				invitation("grace@acme.example"),
			},
		},
		"ListInvitations where nobody is invited": {
			listInvitations, request{Path: "/1.0/users/acme/invitations"}, `[]`, []bitbucket.Invitation{},
		},
	}, http.MethodGet)
}

func TestInvitingAndWithdrawingSendsTheirOperations(t *testing.T) {
	t.Parallel()
	const address, body = "o'x+1@acme.example", `{"email":"o'x+1@acme.example","group_slug":"dev"}`
	send(t, map[string]call{
		"InviteToGroup": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.InviteToGroup(ctx, "acme", address, "dev")
			},
			request{Path: "/1.0/users/acme/invitations", ContentType: "application/json", Body: body},
			`{"email":"x","groups":[{"slug":"dev"}]}`, nil,
		},
		"InviteToGroup, answered without a word": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.InviteToGroup(ctx, "acme", address, "dev")
			},
			request{Path: "/1.0/users/acme/invitations", ContentType: "application/json", Body: body},
			"", nil,
		},
	}, http.MethodPut)
	send(t, map[string]call{
		"DeleteInvitation": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.DeleteInvitation(ctx, "acme", address, "dev")
			},
			request{Path: "/1.0/users/acme/invitations", ContentType: "application/json", Body: body},
			"", nil,
		},
	}, http.MethodDelete)
	send(t, map[string]call{
		"InviteToRepository": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.InviteToRepository(ctx, "acme", "api", address, "write")
			},
			request{
				Path: "/1.0/invitations/acme/api", ContentType: "application/x-www-form-urlencoded",
				Body: "email=o%27x%2B1%40acme.example&permission=write",
			},
			`{"sent_on":"2026-11-02 09:00:00+00:00","permission":"write","email":"x"}`, nil,
		},
		"InviteToRepository, answered in plain text": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.InviteToRepository(ctx, "acme", "a/b", address, "read")
			},
			request{
				Path: "/1.0/invitations/acme/a%2Fb", ContentType: "application/x-www-form-urlencoded",
				Body: "email=o%27x%2B1%40acme.example&permission=read",
			},
			"OK", nil,
		},
	}, http.MethodPost)
}

// invitationCalls are the methods that invite, withdraw and list.
func invitationCalls() map[string]func(context.Context, *client) error {
	return map[string]func(context.Context, *client) error{
		"ListInvitations":  func(ctx context.Context, c *client) error { _, err := c.ListInvitations(ctx, "acme"); return err },
		"InviteToGroup":    func(ctx context.Context, c *client) error { return c.InviteToGroup(ctx, "acme", "a@x", "dev") },
		"DeleteInvitation": func(ctx context.Context, c *client) error { return c.DeleteInvitation(ctx, "acme", "a@x", "dev") },
		"InviteToRepository": func(ctx context.Context, c *client) error {
			return c.InviteToRepository(ctx, "acme", "api", "a@x", "read")
		},
	}
}

// Version 1.0 explains its refusals in plain text.
func TestRefusalsOfInvitationsInPlainTextAreUnderstood(t *testing.T) {
	t.Parallel()
	for refused, tt := range map[string]struct {
		status int
		text   string
	}{
		"an address that is not valid":       {400, "Invalid email address: 'a@x'"},
		"no right":                           {403, "You don't have admin access to this workspace"},
		"nothing there":                      {404, "Not Found"},
		"a workspace administered elsewhere": {405, "Method Not Allowed"},
		"invited already":                    {409, "a@x has already been invited"},
		"without a word":                     {409, ""},
	} {
		for name, do := range invitationCalls() {
			t.Run(name+": "+refused, func(t *testing.T) {
				t.Parallel()
				c, journal := scripted(t, tt.status, tt.text, "Content-Type", "text/plain")
				err := do(t.Context(), c)
				if !rest.Is(err, tt.status) || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("error is %v, want %d %q", err, tt.status, tt.text)
				}
				if n := len(journal()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
			})
		}
	}
}

func TestAnAccountThatIsNobodysIsA404(t *testing.T) {
	t.Parallel()
	c, journal := scripted(t, http.StatusNotFound, `{"type":"error","error":{"message":"{1} is a team account"}}`)
	got, err := c.GetUser(t.Context(), uuid)
	if !rest.Is(err, http.StatusNotFound) || !strings.Contains(err.Error(), "team account") {
		t.Errorf("error is %v, want the 404", err)
	}
	if diff := cmp.Diff(bitbucket.Account{}, got); diff != "" || len(journal()) != 1 {
		t.Errorf("%d requests, account (-want +got):\n%s", len(journal()), diff)
	}
}

func TestAnEmptyNameIsRefusedUnsent(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(context.Context, *client) error{
		"GetUser of nobody":                  func(ctx context.Context, c *client) error { _, err := c.GetUser(ctx, ""); return err },
		"ListInvitations of no workspace":    func(ctx context.Context, c *client) error { _, err := c.ListInvitations(ctx, ""); return err },
		"InviteToGroup of no workspace":      func(ctx context.Context, c *client) error { return c.InviteToGroup(ctx, "", "a@x", "dev") },
		"DeleteInvitation of no workspace":   func(ctx context.Context, c *client) error { return c.DeleteInvitation(ctx, "", "a@x", "dev") },
		"InviteToRepository of no workspace": func(ctx context.Context, c *client) error { return c.InviteToRepository(ctx, "", "api", "a@x", "read") },
		"InviteToRepository to none": func(ctx context.Context, c *client) error {
			return c.InviteToRepository(ctx, "acme", "", "a@x", "read")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, journal := scripted(t, http.StatusOK, `[]`)
			if err := do(t.Context(), c); err == nil {
				t.Error("no error")
			}
			if sent := journal(); len(sent) > 0 {
				t.Errorf("sent %v", sent)
			}
		})
	}
}
