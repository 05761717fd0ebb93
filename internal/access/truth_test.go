package access_test

import (
	"bytes"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestWhatIsHiddenFromAMemberIsNotGone(t *testing.T) {
	t.Parallel()
	w, _ := acme(t)
	stranger := w.AddUser(simulator.User{DisplayName: "Stranger"})
	w.AddMember("acme", stranger.UUID, simulator.RoleMember)
	username, token := w.AddAPIToken(stranger.UUID)
	d := w.directory(t, rest.Basic{Username: username, Token: token}, access.Options{Credential: access.APIToken})
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID, Permission: simulator.Write})

	_, err := d.Grant(t.Context(), api, user(grace.UUID))
	if !errors.Is(err, access.ErrHidden) || errors.Is(err, access.ErrNotFound) {
		t.Errorf("reading a grant that is hidden: error is %v, want ErrHidden", err)
	}
	if err := d.DeleteGrant(t.Context(), api, user(grace.UUID)); !errors.Is(err, access.ErrHidden) {
		t.Errorf("revoking a grant that is hidden: error is %v, want ErrHidden", err)
	}
}

func TestWhatARunHasMadeItDoesNotTakeAway(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	must(d.PutGrant(ctx, api, user(grace.UUID), access.Write))(t)
	must(d.PutGrant(ctx, plat, group("web"), access.Read))(t)
	must(d.AddMember(ctx, "acme", "web", grace.UUID))(t)
	// The earlier copies of the same, spelled otherwise too, go after the new ones when Terraform replaces with create_before_destroy.
	for _, err := range []error{
		d.DeleteGrant(ctx, api, user(grace.AccountID)),
		d.DeleteGrant(ctx, plat, group("web")),
		d.RemoveMember(ctx, "acme", "web", grace.AccountID),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if n := w.Count(http.MethodDelete, ""); n != 0 {
		t.Errorf("%d requests took something away, want none", n)
	}
	must(d.Grant(ctx, api, user(grace.UUID)))(t)
	must(d.Member(ctx, "acme", "web", grace.UUID))(t)
}

func TestAWriteWithoutAnAnswerIsDecidedByReading(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"the connection breaks every time": {Method: http.MethodPut, CutAfter: true},
		"the answer is no JSON":            {Method: http.MethodPut, Rewrite: func([]byte) []byte { return []byte("<html>") }},
		"the answer names nobody":          {Method: http.MethodPut, Rewrite: func([]byte) []byte { return []byte(`{"permission":"write"}`) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			w.Inject(fault)
			if got := must(d.PutGrant(t.Context(), api, user(grace.UUID), access.Write))(t); got.Permission != access.Write {
				t.Errorf("granted %v", got)
			}
			must(d.AddMember(t.Context(), "acme", "web", grace.UUID))(t)
			renamed := must(d.UpdateGroup(t.Context(), "acme", "mobile", access.GroupSettings{Name: "Apps", Permission: access.None}))(t)
			if renamed.Slug != "apps" || len(renamed.Members) == 0 {
				t.Errorf("renamed to %+v", renamed)
			}
		})
	}
}

func TestAWriteThatWasNotCarriedOutIsAnError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Method: http.MethodPut, CutBefore: true})
	if _, err := d.PutGrant(t.Context(), api, user(people[39].UUID), access.Write); !errors.Is(err, rest.ErrNoAnswer) {
		t.Errorf("granting: error is %v, want ErrNoAnswer", err)
	}
	if _, err := d.AddMember(t.Context(), "acme", "mobile", people[39].UUID); !errors.Is(err, rest.ErrNoAnswer) {
		t.Errorf("adding: error is %v, want ErrNoAnswer", err)
	}
	if _, err := d.UpdateGroup(t.Context(), "acme", "mobile", access.GroupSettings{Name: "Apps"}); !errors.Is(err, rest.ErrNoAnswer) {
		t.Errorf("renaming: error is %v, want ErrNoAnswer", err)
	}
}

func TestAnAnswerAboutSomebodyElseIsNotTaken(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Method: http.MethodPut, Times: 1, Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(grace.UUID), []byte(linus.UUID))
	}})
	got := must(d.PutGrant(t.Context(), api, user(grace.UUID), access.Write))(t)
	if got.Principal.ID != grace.UUID {
		t.Errorf("the grant is one to %s, want Grace's, which was read", got.Principal)
	}
}

func TestPeopleAreFoundByAccountIDWhereAListLeavesItOut(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	accountIDs := regexp.MustCompile(`"account_id":"[^"]*",?`)
	w.Inject(simulator.Fault{Path: "/1.0/groups/**", Rewrite: func(body []byte) []byte { return accountIDs.ReplaceAll(body, nil) }})
	must(d.AddMember(ctx, "acme", "mobile", people[39].AccountID))(t)
	must(d.Member(ctx, "acme", "mobile", people[39].AccountID))(t)

	d = w.ada(t) // another run
	must(d.Member(ctx, "acme", "mobile", people[39].AccountID))(t)
	if err := d.RemoveMember(ctx, "acme", "mobile", people[39].AccountID); err != nil {
		t.Error(err)
	}
	mobile, _ := w.Group("acme", "mobile")
	if strings.Contains(strings.Join(mobile.Members, " "), people[39].UUID) {
		t.Error("the person is still in the group")
	}
}

func TestAnUnansweredRenameDoesNotTakeTheGroupOfAnother(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	w.AddGroup("acme", simulator.Group{Name: "Mine"})
	must(d.Groups(ctx, "acme"))(t)
	w.AddGroup("acme", simulator.Group{Name: "Theirs"}) // since the listing was read
	w.Inject(simulator.ServerError(http.StatusInternalServerError, 0))
	if got, err := d.UpdateGroup(ctx, "acme", "mine", access.GroupSettings{Name: "Theirs", Permission: access.None}); err == nil {
		t.Errorf("renamed to %+v, want an error", got)
	}
}

func TestANameThatAnotherGroupHasIsRefusedUnasked(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	_, err := d.UpdateGroup(t.Context(), "acme", "mobile", access.GroupSettings{Name: "web", Permission: access.None})
	if !errors.Is(err, access.ErrExists) {
		t.Errorf("error is %v, want ErrExists", err)
	}
	if n := w.Count(http.MethodPut, ""); n != 0 {
		t.Errorf("%d writes, want none", n)
	}
}

func TestA404ThatTheListContradictsIsReadAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		vanished bool
		readable bool
	}{
		"the grant is gone since":       {vanished: true, readable: true},
		"the grant is still there":      {readable: true},
		"the repository became private": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			ctx := t.Context()
			w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID, Permission: simulator.Write})
			must(d.Grants(ctx, api, access.UserPrincipal))(t)
			if tt.vanished {
				w.Revoke(simulator.Grant{Workspace: "acme", Repository: "api", User: grace.UUID})
			}
			missing := simulator.Fault{Method: http.MethodDelete, Status: http.StatusNotFound, Body: `{"type":"error","error":{"message":"Not found"}}`}
			if !tt.readable {
				missing.Method, missing.Path = "", "/2.0/repositories/**"
				w.Inject(simulator.Fault{Path: standing, Status: http.StatusForbidden, Body: `{"type":"error","error":{"message":"Forbidden"}}`})
			}
			w.Inject(missing)
			if err := d.DeleteGrant(ctx, api, user(grace.UUID)); (err == nil) != tt.vanished {
				t.Errorf("error is %v, and that the grant has vanished is %t", err, tt.vanished)
			}
		})
	}
}

func TestTakingOverMembersThatAnswer409CostsOneListing(t *testing.T) {
	t.Parallel()
	w, d := newWorld(t, simulator.Options{MemberConflict: true}, access.Options{Credential: access.APIToken})
	for _, person := range people[20:40] {
		w.AddGroupMember("acme", "mobile", person.UUID)
	}
	together(t, 20, func(i int) error {
		_, err := d.AddMember(t.Context(), "acme", "mobile", people[20+i].UUID)
		return err
	})
	if n := w.Count(http.MethodGet, ""); n != 1 {
		t.Errorf("%d requests to read, want 1", n)
	}
}

func TestAGroupThatLosesItsSlugIsForgottenEverywhere(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	must(d.PutGrant(ctx, api, group("mobile"), access.Write))(t)
	must(d.Grants(ctx, api, access.GroupPrincipal))(t)
	must(d.UpdateGroup(ctx, "acme", "mobile", access.GroupSettings{Name: "Apps", Permission: access.None}))(t)
	must(d.Grant(ctx, api, group("apps")))(t)
	_, err := d.Grant(ctx, api, group("mobile"))
	absent(t, err)

	must(d.AddMember(ctx, "acme", "apps", people[39].UUID))(t)
	if err := d.DeleteGroup(ctx, "acme", "apps"); err != nil {
		t.Fatal(err)
	}
	_, err = d.Grant(ctx, api, group("apps"))
	absent(t, err)
	must(d.CreateGroup(ctx, "acme", access.GroupSettings{Name: "Apps", Permission: access.None}))(t)
	w.AddGroupMember("acme", "apps", people[39].UUID) // by hand
	if err := d.RemoveMember(ctx, "acme", "apps", people[39].UUID); err != nil {
		t.Error(err)
	}
	if apps, _ := w.Group("acme", "apps"); len(apps.Members) != 0 {
		t.Errorf("the members are %v, want none", apps.Members)
	}
}

// TestARemovalWithoutAnAnswerIsNotDecidedByAnOldList holds that what was given after the list was read does not count as gone.
func TestARemovalWithoutAnAnswerIsNotDecidedByAnOldList(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	late := user(people[39].UUID)
	must(d.Grants(ctx, api, access.UserPrincipal))(t)
	w.Grant(simulator.Grant{Workspace: "acme", Repository: "api", User: late.ID, Permission: simulator.Write})
	w.Inject(simulator.Fault{Method: http.MethodDelete, CutBefore: true})
	if err := d.DeleteGrant(ctx, api, late); !errors.Is(err, rest.ErrNoAnswer) {
		t.Errorf("error is %v, want ErrNoAnswer", err)
	}
}
