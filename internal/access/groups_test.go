package access_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

var nightWatch = access.GroupSettings{Name: "Night Watch", Permission: access.Read, AutoAdd: true}

func TestAGroupIsCreatedInAsFewRequestsAsItTakes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		settings access.GroupSettings
		want     []string
	}{
		"name only":         {access.GroupSettings{Name: "Night Watch", Permission: access.None}, []string{"GET " + groupList, "POST " + groupList}},
		"with more than it": {nightWatch, []string{"GET " + groupList, "POST " + groupList, "PUT " + groupList + "/night-watch"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			got := must(d.CreateGroup(t.Context(), "acme", tt.settings))(t)
			if got.Slug != "night-watch" || got.Name != tt.settings.Name || got.Permission != tt.settings.Permission || got.AutoAdd == nil || *got.AutoAdd != tt.settings.AutoAdd {
				t.Errorf("group is %+v", got)
			}
			made, _ := w.Group("acme", "night-watch")
			equal(t, "permission in the world", strings.TrimPrefix(string(tt.settings.Permission), "none"), made.Permission)
			equal(t, "group afterwards", got.Name, must(d.Group(t.Context(), "acme", "night-watch"))(t).Name)
			equal(t, "group by name", got.Slug, must(d.GroupByName(t.Context(), "acme", "NIGHT watch"))(t).Slug)
			w.requests(t, tt.want...)
		})
	}
}

func TestAGroupThatExistsIsNotCreated(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	for _, name := range []string{"Web", "WEB"} {
		twin, err := d.CreateGroup(t.Context(), "acme", access.GroupSettings{Name: name, Permission: access.None})
		if !errors.Is(err, access.ErrExists) || twin.Slug != "web" || !strings.Contains(err.Error(), "web") {
			t.Errorf("group %+v, error %v; want ErrExists", twin, err)
		}
	}
	w.requests(t, "GET "+groupList)
}

func TestAGroupWhoseSettingsFailIsReturnedWithTheError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Method: "PUT", Path: groupList + "/**", Status: 403, Body: "Forbidden"})
	got, err := d.CreateGroup(t.Context(), "acme", nightWatch)
	if !rest.Is(err, http.StatusForbidden) || got.Slug != "night-watch" || got.Permission != access.None {
		t.Errorf("group %+v, error %v; want the group and the 403", got, err)
	}
	equal(t, "group afterwards", "night-watch", must(d.GroupByName(t.Context(), "acme", "Night Watch"))(t).Slug)
}

func TestACreationWithoutAnAnswerIsDecidedByReading(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault   simulator.Fault
		adopted bool
		status  int
	}{
		"cut after it was carried out":  {simulator.Fault{CutAfter: true}, true, 0},
		"cut before it was carried out": {simulator.Fault{CutBefore: true}, false, 0},
		"an answer that breaks off":     {simulator.Fault{Truncate: 5}, true, 0},
		"a 500":                         {simulator.Fault{Status: 500}, false, 500},
		"a 502 with an HTML page":       {simulator.HTMLErrorPage(502, 1), false, 502},
		"a 400":                         {simulator.Fault{Status: 400}, false, 400},
		"a 403":                         {simulator.Fault{Status: 403}, false, 403},
		"a 405":                         {simulator.Fault{Status: 405}, false, 405},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			tt.fault.Method, tt.fault.Path, tt.fault.Times = "POST", groupList, 1
			w.Inject(tt.fault)
			got, err := d.CreateGroup(t.Context(), "acme", nightWatch)
			if n := w.Count("POST", "**"); n != 1 {
				t.Errorf("%d POST requests, want 1", n)
			}
			_, there := w.Group("acme", "night-watch")
			equal(t, "the group is there", tt.adopted, there)
			if tt.adopted {
				if err != nil || got.Slug != "night-watch" || got.Permission != access.Read {
					t.Errorf("group %+v, error %v; want it adopted", got, err)
				}
				return
			}
			if err == nil || tt.status != 0 && !rest.Is(err, tt.status) || tt.status == 0 && !errors.Is(err, rest.ErrNoAnswer) || got.Slug != "" {
				t.Errorf("group %+v, error %v; want an error", got, err)
			}
			if _, err := d.CreateGroup(t.Context(), "acme", nightWatch); err != nil {
				t.Errorf("the second try: %v", err)
			}
		})
	}
}

func TestARenamedGroupKeepsItsMembersAndLosesItsSlug(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	before := must(d.Group(ctx, "acme", "web"))(t)
	got := must(d.UpdateGroup(ctx, "acme", "web", access.GroupSettings{Name: "Frontend", Permission: access.Write, AutoAdd: true}))(t)
	if got.Slug != "frontend" || got.Permission != access.Write || !*got.AutoAdd {
		t.Errorf("group is %+v", got)
	}
	equal(t, "members", before.Members, got.Members)
	equal(t, "group afterwards", before.Members, must(d.Group(ctx, "acme", "frontend"))(t).Members)
	_, err := d.Group(ctx, "acme", "web")
	absent(t, err)
	equal(t, "number of groups", 8, len(must(d.Groups(ctx, "acme"))(t)))
	must(d.UpdateGroup(ctx, "acme", "frontend", access.GroupSettings{Name: "Frontend", Permission: access.None}))(t)
	equal(t, "permission", access.None, must(d.Group(ctx, "acme", "frontend"))(t).Permission)
	w.requests(t, "GET "+groupList, "PUT "+groupList+"/web", "PUT "+groupList+"/frontend")
}

func TestAnAnswerWithoutMembersLosesNone(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.Inject(simulator.Fault{Method: "PUT", Rewrite: answer(`{"name":"Web","slug":"web","permission":"read"}`)})
	got := must(d.UpdateGroup(t.Context(), "acme", "web", access.GroupSettings{Name: "Web", Permission: access.Read}))(t)
	equal(t, "number of members", 8, len(got.Members))
}

func TestAChangeKeepsWhatItDoesNotName(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	w.AddGroup("acme", simulator.Group{Name: "Quiet", EmailForwardingDisabled: true})
	must(d.UpdateGroup(t.Context(), "acme", "quiet", access.GroupSettings{Name: "Quiet", Permission: access.Admin}))(t)
	got, _ := w.Group("acme", "quiet")
	if !got.EmailForwardingDisabled || got.Permission != "admin" {
		t.Errorf("group is %+v", got)
	}
}

func TestADeletedGroupIsGone(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	must(d.Group(ctx, "acme", "web"))(t)
	for range 2 {
		if err := d.DeleteGroup(ctx, "acme", "web"); err != nil {
			t.Error(err)
		}
		_, err := d.Group(ctx, "acme", "web")
		absent(t, err)
	}
	if n := w.Count("GET", groupList); n != 1 {
		t.Errorf("%d listings, want 1", n)
	}
}

func TestA409IsDecidedByReadingTheGroup(t *testing.T) {
	t.Parallel()
	w, d := newWorld(t, simulator.Options{MemberConflict: true}, access.Options{Credential: access.APIToken})
	member, outsider := people[3], people[39]
	for _, id := range []string{member.UUID, member.AccountID} {
		got := must(d.AddMember(t.Context(), "acme", "web", id))(t)
		equal(t, "member", member.UUID, got.UUID)
	}
	w.Inject(simulator.Fault{Method: "PUT", Times: 1, Status: 409, Body: "simultaneous edits"})
	if _, err := d.AddMember(t.Context(), "acme", "web", outsider.UUID); !rest.Is(err, http.StatusConflict) {
		t.Errorf("error is %v, want the 409", err)
	}
	equal(t, "new member", outsider.UUID, must(d.AddMember(t.Context(), "acme", "web", outsider.UUID))(t).UUID)
}

func TestWhoIsInTheGroupAlreadyIsNoError(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	must(d.Groups(t.Context(), "acme"))(t)
	equal(t, "member", people[3].UUID, must(d.AddMember(t.Context(), "acme", "web", people[3].AccountID))(t).UUID)
	equal(t, "number of members", 8, len(must(d.Group(t.Context(), "acme", "web"))(t).Members))
	w.requests(t, "GET "+groupList, peopleList, "PUT "+groupList+"/web/members/"+escaped(people[3].UUID))
}

func TestRemovingWhoHasVanishedIsSuccess(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		group, id string
		arrange   func(*world)
	}{
		"no member":                  {"web", grace.UUID, nil},
		"no member, by account id":   {"web", grace.AccountID, nil},
		"a stranger":                 {"web", braced, nil},
		"a stranger, by account id":  {"web", "557058:x", nil},
		"no group":                   {"no", grace.UUID, nil},
		"no group, by account id":    {"no", grace.AccountID, nil},
		"who has left the workspace": {"web", people[3].AccountID, func(w *world) { w.RemoveMember("acme", people[3].UUID) }},
		"who has left, by UUID":      {"web", people[3].UUID, func(w *world) { w.RemoveMember("acme", people[3].UUID) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d := acme(t)
			if tt.arrange != nil {
				tt.arrange(w)
			}
			if err := d.RemoveMember(t.Context(), "acme", tt.group, tt.id); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGroupsThatAnOrganizationManagesCannotBeWritten(t *testing.T) {
	t.Parallel()
	w, d := acme(t)
	ctx := t.Context()
	w.AddWorkspace(simulator.Workspace{Slug: "org", OrganizationManaged: true})
	w.AddMember("org", ada.UUID, simulator.RoleOwner)
	slug := w.AddGroup("org", simulator.Group{Name: "Developers", Members: []string{ada.UUID}}).Slug
	_, create := d.CreateGroup(ctx, "org", nightWatch)
	_, update := d.UpdateGroup(ctx, "org", slug, nightWatch)
	_, add := d.AddMember(ctx, "org", slug, ada.UUID)
	for name, err := range map[string]error{
		"create": create, "update": update, "add": add, "delete": d.DeleteGroup(ctx, "org", slug), "remove": d.RemoveMember(ctx, "org", slug, ada.UUID),
	} {
		var refusal *rest.Error
		if !errors.As(err, &refusal) || refusal.Status != http.StatusMethodNotAllowed {
			t.Errorf("%s: %v, want the 405", name, err)
		}
	}
	equal(t, "member", ada.UUID, must(d.Member(ctx, "org", slug, ada.AccountID))(t).UUID)
}
