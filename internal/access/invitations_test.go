package access_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/testclock"
)

const (
	newcomer       = "margaret@example.com"
	invitationList = "GET /1.0/users/acme/invitations"
	inviteToGroup  = "PUT /1.0/users/acme/invitations"
	byAddress      = "GET /2.0/workspaces/acme/members"

	cloud         = simulator.AcmeManagedWorkspace
	inviteThrough = "POST /admin/v2/orgs/" + simulator.AcmeOrganizationID + "/users/invite"
)

// intoGroups is an invitation of the newcomer.
func intoGroups(groupSlugs ...string) access.Invitation {
	return access.Invitation{Email: newcomer, GroupSlugs: groupSlugs}
}

var toRepository = access.Invitation{Email: newcomer, RepoSlug: "api", Permission: access.Write}

// withOrganization returns a directory of Ada that has access to the organization of Acme, and knows nothing yet.
func (w *world) withOrganization(t *testing.T) *access.Directory {
	t.Helper()
	server := httptest.NewServer(w.Atlassian())
	t.Cleanup(server.Close)
	c, err := rest.New(rest.Options{BaseURL: server.URL + "/admin", Credential: rest.Bearer{Token: simulator.AcmeOrganizationKey}, Clock: testclock.New()})
	if err != nil {
		t.Fatal(err)
	}
	return w.directory(t, adaToken, access.Options{
		Credential: access.APIToken, Organization: atlassian.New(c, simulator.AcmeOrganizationID), Clock: testclock.New(),
	})
}

// crew adds a group to the workspace that the organization administers.
func (w *world) crew() string {
	return w.AddGroup(cloud, simulator.Group{Name: "Crew"}).Slug
}

func TestInvitingAsksForTheMemberOnceAndThenForEachGroup(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	equal(t, "invitation", intoGroups("platform", "web"), must(d.Invite(t.Context(), "acme", intoGroups("platform", "web")))(t))
	w.requests(t, byAddress, inviteToGroup, inviteToGroup)
	equal(t, "invitation as it stands", intoGroups("platform", "web"), must(d.Invitation(t.Context(), "acme", intoGroups("platform", "web")))(t))
	w.requests(t, invitationList)
}

func TestInvitationsShareOneListing(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	var emails []string
	for i := range 20 {
		emails = append(emails, fmt.Sprintf("person-%d@example.com", i))
		must(w.ada(t).Invite(t.Context(), "acme", access.Invitation{Email: emails[i], GroupSlugs: []string{"web"}}))(t)
	}
	w.ResetJournal()
	together(t, len(emails), func(i int) error {
		found, err := d.Invitation(t.Context(), "acme", access.Invitation{Email: emails[i], GroupSlugs: []string{"web"}})
		if found.Accepted || !slices.Equal(found.GroupSlugs, []string{"web"}) {
			t.Errorf("the invitation of %s is %+v", emails[i], found)
		}
		return err
	})
	w.requests(t, invitationList)
}

func TestWhatWasAcceptedAsksNothing(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	for _, i := range []access.Invitation{intoGroups("web"), toRepository} {
		i.Accepted = true
		equal(t, "invitation", i, must(d.Invitation(t.Context(), "acme", i))(t))
		if _, err := d.Withdraw(t.Context(), "acme", i); err != nil {
			t.Error(err)
		}
	}
	w.requests(t)
}

func TestAnInvitationOfOthersIsNoneOfThese(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	must(w.ada(t).Invite(ctx, "acme", intoGroups("web")))(t)
	_, err := d.Invitation(ctx, "acme", intoGroups("platform"))
	absent(t, err)
	_, err = d.Invitation(ctx, "acme", access.Invitation{Email: "nobody@example.com", GroupSlugs: []string{"web"}})
	absent(t, err)
	if _, err := d.Withdraw(ctx, "acme", intoGroups("platform")); err != nil {
		t.Error(err)
	}
	equal(t, "invitations", []simulator.Invitation{{Workspace: "acme", Email: newcomer, Groups: []string{"web"}}}, w.Invitations("acme"))
}

func TestAWriteIsSeenByTheNextReader(t *testing.T) {
	t.Parallel()
	_, d := acme(t)
	ctx := t.Context()
	_, err := d.Invitation(ctx, "acme", intoGroups("web"))
	absent(t, err)
	must(d.Invite(ctx, "acme", intoGroups("web")))(t)
	must(d.Invitation(ctx, "acme", intoGroups("web")))(t)
	if _, err := d.Withdraw(ctx, "acme", intoGroups("web")); err != nil {
		t.Error(err)
	}
	_, err = d.Invitation(ctx, "acme", intoGroups("web"))
	absent(t, err)
}

func TestAnInvitationToARepositoryCannotBeWithdrawn(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	must(d.Invite(t.Context(), "acme", toRepository))(t)
	w.requests(t, byAddress, "POST /1.0/invitations/acme/api")
	if _, err := d.Withdraw(t.Context(), "acme", toRepository); !errors.Is(err, access.ErrStaysInvited) {
		t.Errorf("the error is %v", err)
	}
	w.requests(t)
}

func TestAnInvitationThatFailsInBetweenTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Method: "PUT", Path: "/1.0/users/acme/invitations", After: 1, Status: 403, Body: "Forbidden"})
	done, err := d.Invite(t.Context(), "acme", intoGroups("platform", "web"))
	failure(t, err)
	equal(t, "what was done", intoGroups("platform"), done)
}

func TestAFailingListingIsNotTakenForAWithdrawal(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 403, 405, 500} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			w.Inject(simulator.Fault{Path: "/1.0/users/acme/invitations", Status: status, Body: "no"})
			_, err := d.Invitation(t.Context(), "acme", intoGroups("web"))
			failure(t, err)
			_, err = d.Withdraw(t.Context(), "acme", intoGroups("web"))
			failure(t, err)
		})
	}
}

func TestAnOrganizationInvitesIntoAllGroupsWithOneRequest(t *testing.T) {
	t.Parallel()
	w, _ := acme(t)
	ctx, crew, band := t.Context(), w.crew(), w.AddGroup(cloud, simulator.Group{Name: "Band"}).Slug
	w.ResetJournal()
	d := w.withOrganization(t)
	must(d.Invite(ctx, cloud, intoGroups(crew, band)))(t)
	if n := w.Count("POST", "/admin/v2/orgs/*/users/invite"); n != 1 {
		t.Errorf("%d invitations were sent", n)
	}
	found := must(w.withOrganization(t).Invitation(ctx, cloud, intoGroups(crew)))(t)
	equal(t, "the groups that are asked for, of those", []string{crew}, found.GroupSlugs)

	if _, err := d.Withdraw(ctx, cloud, intoGroups(crew, band)); !errors.Is(err, access.ErrStaysInvited) {
		t.Errorf("the error is %v", err)
	}
	_, err := w.withOrganization(t).Invitation(ctx, cloud, intoGroups(crew, band))
	absent(t, err)
}

func TestAnOrganizationThatRefusesDoesNotInvite(t *testing.T) {
	t.Parallel()
	for status, mark := range map[int]error{400: nil, 402: nil, 409: access.ErrNoSeat} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			w, _ := acme(t)
			crew, d := w.crew(), w.withOrganization(t)
			w.Inject(simulator.Fault{Path: "/admin/v2/orgs/*/users/invite", Status: status, Body: `{"errors":[{"code":"x","detail":"no"}]}`})
			done, err := d.Invite(t.Context(), cloud, intoGroups(crew))
			failure(t, err)
			if mark != nil && !errors.Is(err, mark) {
				t.Errorf("the error is %v, want %v", err, mark)
			}
			if len(done.GroupSlugs) > 0 || done.Accepted {
				t.Errorf("what was done is %+v", done)
			}
		})
	}
}

func TestWhatAnOrganizationCannotTakeIsKnownBefore(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	crew := w.crew()
	synced := ""
	for _, g := range w.OrganizationGroups(simulator.AcmeOrganizationID) {
		if g.ExternallySynced {
			synced = g.ID
		}
	}
	for name, tt := range map[string]struct {
		d    *access.Directory
		i    access.Invitation
		want error
	}{
		"a group":                                  {w.withOrganization(t), intoGroups(crew), nil},
		"a group of an identity provider":          {w.withOrganization(t), intoGroups(crew, synced), access.ErrOwned},
		"a repository":                             {w.withOrganization(t), toRepository, access.ErrNoRepositoryInvitation},
		"a group, without the organization":        {d, intoGroups(crew), access.ErrNoOrganization},
		"groups that are not known by now":         {w.withOrganization(t), intoGroups(), nil},
		"unknown groups, without the organization": {w.ada(t), intoGroups(), access.ErrNoOrganization},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := tt.d.MayInvite(t.Context(), cloud, tt.i); !errors.Is(err, tt.want) {
				t.Errorf("the error is %v, want %v", err, tt.want)
			}
		})
	}
}

// The second request cannot tell what became of the first where its refusal does not say so.
func TestAConflictThatDoesNotSayWhyDoesNotDecideAnInvitation(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Path: "/1.0/invitations/**", Rewrite: answer("<html><title>Sign in</title></html>")})
	_, err := d.Invite(t.Context(), "acme", toRepository)
	if !errors.Is(err, rest.ErrBadAnswer) || rest.Is(err, 409) {
		t.Errorf("error is %v, want that of the first answer", err)
	}
}
