package access_test

import (
	"context"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// moments are when a write can happen, as seen from the listing that it belongs to.
var moments = []string{"before the listing", "while the listing is under way", "after the listing"}

// writeAt does a write at a moment of a listing that read starts.
func writeAt(t *testing.T, w *world, moment, listing string, read func(context.Context) error, write func(context.Context)) {
	t.Helper()
	ctx := t.Context()
	switch moment {
	case moments[0]:
		write(ctx)
	case moments[1]:
		acted, release := w.hold(t, "GET", listing)
		done := make(chan error, 1)
		go func() { done <- read(ctx) }()
		await(t, "the listing", acted)
		write(ctx)
		release()
		if err := await(t, "the answer to the reader", done); err != nil {
			t.Fatal(err)
		}
	case moments[2]:
		if err := read(ctx); err != nil {
			t.Fatal(err)
		}
		write(ctx)
	}
}

func TestAGrantIsSeenWhenItIsWritten(t *testing.T) {
	t.Parallel()
	for _, moment := range moments {
		for name, id := range map[string]string{"a UUID": grace.UUID, "an account id": grace.AccountID, "a bare UUID": grace.UUID[1:37]} {
			t.Run(moment+", by "+name, func(t *testing.T) {
				t.Parallel()
				w, d := acme(t)
				read := func(ctx context.Context) error {
					_, err := d.Grants(ctx, api, access.UserPrincipal)
					return err
				}
				writeAt(t, w, moment, apiUsers, read, func(ctx context.Context) {
					must(d.PutGrant(ctx, api, user(id), access.Write))(t)
				})
				want := access.Grant{
					Scope: api, Principal: user(grace.UUID), Permission: access.Write, AccountID: grace.AccountID, Name: grace.DisplayName,
				}
				equal(t, "grant", want, must(d.Grant(t.Context(), api, user(id)))(t))
				must(d.PutGrant(t.Context(), api, user(id), access.Admin))(t)
				want.Permission = access.Admin
				equal(t, "changed grant", want, must(d.Grant(t.Context(), api, user(id)))(t))
				if n := w.Count("GET", apiUsers); n != 1 {
					t.Errorf("%d listings, want 1", n)
				}
			})
		}
	}
}

func TestARevokedGrantIsGone(t *testing.T) {
	t.Parallel()
	for _, moment := range moments {
		for name, tt := range map[string]struct {
			kind      access.PrincipalKind
			principal access.Principal
			listing   string
		}{
			"a user by UUID":       {access.UserPrincipal, user(grace.UUID), apiUsers},
			"a user by account id": {access.UserPrincipal, user(grace.AccountID), apiUsers},
			"a group":              {access.GroupPrincipal, group("web"), apiGroups},
		} {
			t.Run(moment+", of "+name, func(t *testing.T) {
				t.Parallel()
				w, d := acme(t)
				w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID, Permission: "read"})
				w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", Group: "web", Permission: "read"})
				read := func(ctx context.Context) error {
					_, err := d.Grants(ctx, api, tt.kind)
					return err
				}
				writeAt(t, w, moment, tt.listing, read, func(ctx context.Context) {
					if err := d.DeleteGrant(ctx, api, tt.principal); err != nil {
						t.Fatal(err)
					}
				})
				_, err := d.Grant(t.Context(), api, tt.principal)
				absent(t, err)
				if n := w.Count("GET", tt.listing); n != 1 {
					t.Errorf("%d listings, want 1", n)
				}
				if n := w.Count("GET", "/2.0/workspaces/**"); n != 0 {
					t.Errorf("%d requests for people", n)
				}
			})
		}
	}
}

func TestAMembershipIsSeenWhenItIsWritten(t *testing.T) {
	t.Parallel()
	newcomer, leaver := people[39].UUID, people[3].UUID
	for _, moment := range moments {
		t.Run(moment, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			read := func(ctx context.Context) error {
				_, err := d.Groups(ctx, "acme")
				return err
			}
			writeAt(t, w, moment, groupList, read, func(ctx context.Context) {
				must(d.AddMember(ctx, "acme", "web", newcomer))(t)
				if err := d.RemoveMember(ctx, "acme", "web", leaver); err != nil {
					t.Fatal(err)
				}
			})
			equal(t, "member", newcomer, must(d.Member(t.Context(), "acme", "web", newcomer))(t).UUID)
			_, err := d.Member(t.Context(), "acme", "web", leaver)
			absent(t, err)
			g, _ := w.Group("acme", "web")
			var members []string
			for _, m := range must(d.Group(t.Context(), "acme", "web"))(t).Members {
				members = append(members, m.UUID)
			}
			equal(t, "members", g.Members, members)
			if n := w.Count("GET", groupList); n != 1 {
				t.Errorf("%d listings, want 1", n)
			}
		})
	}
}

func TestAListHandedOutDoesNotChange(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID, Permission: "read"})
	ctx := t.Context()
	grants := must(d.Grants(ctx, api, access.UserPrincipal))(t)
	web := must(d.Group(ctx, "acme", "web"))(t)
	before, members := len(grants), append([]access.Person(nil), web.Members...)
	if err := d.DeleteGrant(ctx, api, user(grace.UUID)); err != nil {
		t.Error(err)
	}
	if err := d.RemoveMember(ctx, "acme", "web", web.Members[0].UUID); err != nil {
		t.Error(err)
	}
	must(d.AddMember(ctx, "acme", "web", people[39].UUID))(t)
	if len(grants) != before || grants[0].Permission == "" {
		t.Errorf("grants became %v", grants)
	}
	equal(t, "members", members, web.Members)
}

func TestAChangeOfAGroupKeepsWhoJoinsMeanwhile(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	must(d.Groups(ctx, "acme"))(t)
	acted, release := w.hold(t, "PUT", groupList+"/web")
	done := make(chan error, 1)
	go func() {
		_, err := d.UpdateGroup(ctx, "acme", "web", access.GroupSettings{Name: "Web", Permission: access.Read})
		done <- err
	}()
	await(t, "the change of the group", acted)
	must(d.AddMember(ctx, "acme", "web", people[39].UUID))(t)
	release()
	if err := await(t, "the end of the change", done); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Member(ctx, "acme", "web", people[39].UUID); err != nil {
		t.Error(err)
	}
	if n := w.Count("GET", groupList); n != 1 {
		t.Errorf("%d listings, want 1", n)
	}
}
