package access_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestReadersOfAScopeShareOneListing(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	acted, release := w.hold(t, "GET", apiGroups)
	go func() {
		<-acted
		release()
	}()
	together(t, 50, func(i int) error {
		switch i % 3 {
		case 0:
			_, err := d.Grant(t.Context(), api, group("developers"))
			return err
		case 1:
			_, err := d.Grants(t.Context(), api, access.GroupPrincipal)
			return err
		}
		if _, err := d.Grant(t.Context(), api, group("nobody")); !errors.Is(err, access.ErrNotFound) {
			return fmt.Errorf("a group without a grant: %w", err)
		}
		return nil
	})
	w.requests(t, "GET "+apiGroups)
}

func TestScopesAndKindsHaveListingsOfTheirOwn(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	for range 2 {
		for _, scope := range []access.Scope{api, plat} {
			for _, kind := range []access.PrincipalKind{access.UserPrincipal, access.GroupPrincipal} {
				must(d.Grants(t.Context(), scope, kind))(t)
			}
		}
	}
	const project = "GET /2.0/workspaces/acme/projects/PLAT/permissions-config/"
	w.requests(t, "GET "+apiUsers, "GET "+apiGroups, project+"users", project+"groups")
}

func TestFiveHundredGrantsOfARepositoryAreSixRequests(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.AddRepository(simulator.Repository{Workspace: "acme", Project: "PLAT", Slug: "big"})
	big := access.Scope{Kind: access.RepositoryScope, Workspace: "acme", Name: "big"}
	var principals []access.Principal
	for i := range 250 {
		u := w.AddUser(simulator.User{DisplayName: fmt.Sprintf("Person %d", i)})
		w.AddMember("acme", u.UUID, simulator.RoleMember)
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "big", User: u.UUID, Permission: simulator.Read})
		g := w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)})
		w.Grant(simulator.Grant{Workspace: "acme", Repository: "big", Group: g.Slug, Permission: simulator.Write})
		id := u.UUID
		if i%2 == 0 {
			id = u.AccountID
		}
		principals = append(principals, user(id), group(g.Slug))
	}
	w.ResetJournal()
	together(t, len(principals), func(i int) error {
		g, err := d.Grant(t.Context(), big, principals[i])
		if want := map[access.PrincipalKind]access.Permission{access.UserPrincipal: "read", access.GroupPrincipal: "write"}[principals[i].Kind]; g.Permission != want {
			return fmt.Errorf("%s has %q: %w", principals[i], g.Permission, err)
		}
		return err
	})
	const listing = "/2.0/repositories/acme/big/permissions-config/"
	users, groups := w.Count("GET", listing+"users"), w.Count("GET", listing+"groups")
	if all := len(w.Journal()); users != 3 || groups > 4 || all != users+groups {
		t.Errorf("%d requests for users, %d for groups, %d in all; want 3 for each", users, groups, all)
	}
}

func TestFiveHundredMembershipsAreOneRequest(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	var members [][2]string
	for i := range 20 {
		g := w.AddGroup("acme", simulator.Group{Name: fmt.Sprintf("Group %d", i)})
		for j := range 25 {
			u := people[(i+j)%len(people)]
			w.AddGroupMember("acme", g.Slug, u.UUID)
			members = append(members, [2]string{g.Slug, []string{u.UUID, u.AccountID}[j%2]})
		}
	}
	together(t, len(members), func(i int) error {
		_, err := d.Member(t.Context(), "acme", members[i][0], members[i][1])
		return err
	})
	if len(members) != 500 {
		t.Errorf("%d memberships", len(members))
	}
	w.requests(t, "GET "+groupList)
}

func TestAWriteIsOneRequest(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	must(d.PutGrant(ctx, api, user(grace.UUID), access.Read))(t)
	w.requests(t, "PUT "+apiUsers+"/"+escaped(grace.UUID))
	must(d.AddMember(ctx, "acme", "web", grace.UUID))(t)
	w.requests(t, "PUT "+groupList+"/web/members/"+escaped(grace.UUID))

	d = w.ada(t) // another run
	if err := d.DeleteGrant(ctx, api, user(grace.AccountID)); err != nil {
		t.Error(err)
	}
	w.requests(t, "DELETE "+apiUsers+"/"+grace.AccountID)
	if err := d.RemoveMember(ctx, "acme", "web", grace.UUID); err != nil {
		t.Error(err)
	}
	w.requests(t, "DELETE "+groupList+"/web/members/"+escaped(grace.UUID))
}

func TestACallerThatGivesUpLeavesTheListingToOthers(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	acted, release := w.hold(t, "GET", apiGroups)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	impatient, patient := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := d.Grants(ctx, api, access.GroupPrincipal)
		impatient <- err
	}()
	await(t, "the listing", acted)
	go func() {
		_, err := d.Grant(t.Context(), api, group("developers"))
		patient <- err
	}()
	for access.Waiting(d, api, access.GroupPrincipal) < 2 {
		runtime.Gosched()
	}
	cancel()
	if err := await(t, "the cancelled caller", impatient); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context canceled", err)
	}
	release()
	if err := await(t, "the other caller", patient); err != nil {
		t.Error(err)
	}
	w.requests(t, "GET "+apiGroups)
}

func TestAListingThatFailedIsReadAgain(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: apiGroups, Times: 5, Status: 503})
	if _, err := d.Grants(t.Context(), api, access.GroupPrincipal); !rest.Is(err, 503) {
		t.Errorf("error is %v, want the 503", err)
	}
	if _, err := d.Grants(t.Context(), api, access.GroupPrincipal); err != nil {
		t.Error(err)
	}
}
