package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

// TestWhoIsInAListByTwoIDsIsRefused holds that whoever is in a list by two ids is refused there, also when the levels agree.
func TestWhoIsInAListByTwoIDsIsRefused(t *testing.T) {
	t.Parallel()
	bothKinds(t, simulator.Options{}, func(t *testing.T, w *acctest.World) {
		t.Helper()
		want := map[string][]string{}
		var body strings.Builder
		for i, o := range ownedObjects(w) {
			twice := []who{
				{w.Grace.UUID: "write", w.Grace.AccountID: "write", w.Linus.UUID: "read"},
				{bare(w.Grace.UUID): "write", w.Grace.UUID: "read"},
				{strings.ToUpper(bare(w.Grace.UUID)): "write", w.Grace.AccountID: "write"},
			}[i]
			body.WriteString(o.blockOf(twice, nil))
			want[o.address()] = []string{"Named twice", "Grace", "Remove one of the two"}
		}
		checkErrors(t, w.Config(body.String()), want)
		expectNoWrites(t, w)
	})
}

// TestStrangersCannotBeGivenAccess holds that nobody can be given access who is not in the workspace, and that the others of the list are
// still checked.
func TestStrangersCannotBeGivenAccess(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	outsider := w.AddUser(simulator.User{DisplayName: "Mallory"})
	want := map[string][]string{}
	var body strings.Builder
	for _, o := range ownedObjects(w) {
		o.become(w, who{"Linus": "write"})
		body.WriteString(o.blockOf(who{outsider.AccountID: "read", nobodyUUID: "read", w.Grace.UUID: "write"}, nil))
		want[o.address()] = []string{"User is not in the workspace", "Invite the user first"}
	}
	found := errorsOf(t, w.Config(body.String()))
	for address := range want {
		for _, id := range []string{outsider.AccountID, nobodyUUID} {
			if !says(append(want[address], id)[0], id, want[address][1]).MatchString(found[address]) {
				t.Errorf("%s: the error does not name %s:\n%s", address, id, found[address])
			}
		}
	}
	expectNoWrites(t, w)
}

// TestAGroupOfAnOrganizationTakesColleagues holds that a group of an organization takes people who are in the organization, and permissions do not.
func TestAGroupOfAnOrganizationTakesColleagues(t *testing.T) {
	t.Parallel()
	w := acctest.NewManaged(t, simulator.Options{})
	newcomer := stranger(w, "Margaret")
	objects := ownedObjects(w)
	c := w.Command(t, objects[2].block(w, who{"Margaret": "", "Grace": ""}))
	applied(t, c)
	expectAccess(t, w, objects[2], who{"Margaret": "", "Grace": ""})
	expectNothingToDo(t, c)
	c.Write(t, objects[2].blockOf(who{newcomer.AccountID: "", w.Grace.AccountID: ""}, nil))
	expectNothingToDo(t, c)
	another := stranger(w, "Katherine")
	checkErrors(t, w.Config(objects[0].blockOf(who{another.UUID: "read"}, nil)), map[string][]string{
		objects[0].address(): {"User is not in the workspace", another.UUID},
	})
}

// TestThePermissionOfAWorkspaceAdministratorIsWarnedOf holds that the permission of somebody who administers the workspace anyway can be
// kept and revoked, and that the plan warns before Bitbucket refuses to grant it.
func TestThePermissionOfAWorkspaceAdministratorIsWarnedOf(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	repository := ownedRepository(w)
	repository.become(w, who{"Ada": "admin"}) // who has created it
	c := w.Command(t, repository.block(w, who{"Ada": "admin"}))
	expectSilence(t, applied(t, c))
	expectNoWrites(t, w)
	c.Write(t, repository.block(w, nil))
	expectTaken(t, w, applied(t, c), repository, who{"Ada": "admin"})
	expectAccess(t, w, repository, nil)
	c.Write(t, repository.block(w, who{"Ada": "admin"}))
	output := unframed(c.Run(t, 1, "apply", "-auto-approve"))
	if !says("Warning: A workspace administrator needs no permission", "Ada", "400 Bad Request").MatchString(output) {
		t.Errorf("the apply says\n%s", output)
	}
}

// TestListsThatCannotBeAreRefusedUnasked holds that what cannot be is refused before anything is asked for.
func TestListsThatCannotBeAreRefusedUnasked(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	objects := ownedObjects(w)
	grace := who{w.Grace.UUID: "write"}
	want := map[string][]string{}
	var body strings.Builder
	for i, bad := range []struct {
		block   string
		phrases []string
	}{
		{objects[0].blockOf(who{w.Grace.UUID: "owner"}, nil), []string{"value must be one of", "admin"}},
		{objects[0].blockOf(nil, who{"developers": "create-repo"}), []string{"value must be one of"}},
		{objects[0].blockOf(who{"grace": "read"}, nil), []string{`"grace" is neither a UUID`}},
		{objects[0].blockOf(nil, who{"Code Owners": "read"}), []string{`"Code Owners" is not the slug of a group`}},
		{objects[0].named("acme/api").blockOf(grace, nil), []string{"Invalid repo_slug"}},
		{objects[0].blockOf(grace, nil, `unmanaged = "keep"`), []string{"value must be one of", "report"}},
		{objects[0].blockOf(grace, nil, `ignore_groups = [""]`), []string{"ignore_groups"}},
		{objects[0].blockOf(grace, nil, `ignore_groups = [null]`), []string{"ignore_groups", "null"}},
		{objects[1].blockOf(who{w.Grace.UUID: "none"}, nil), []string{"value must be one of", "create-repo"}},
		{objects[1].named("../PLAT").blockOf(grace, nil), []string{"Invalid project_key"}},
		{strings.Replace(objects[1].blockOf(grace, nil), `"write"`, "null", 1), []string{"null"}},
		{objects[2].blockOf(who{"grace@acme.example": ""}, nil), []string{"bitbucket_user"}},
		{objects[2].named("Code Owners").blockOf(grace, nil), []string{"Invalid group_slug"}},
		{strings.Replace(objects[2].blockOf(grace, nil), "user_ids = [", "user_ids = [null, ", 1), []string{"null"}},
		{objects[0].blockOf(grace, nil, "revokes = []"), []string{"revokes"}},
	} {
		name := fmt.Sprintf("bad%d", i)
		resourceType, rest, _ := strings.Cut(strings.TrimPrefix(bad.block, "\nresource "), " ")
		_, rest, _ = strings.Cut(rest, " ")
		fmt.Fprintf(&body, "\nresource %s %q %s", resourceType, name, rest)
		want[strings.Trim(resourceType, `"`)+"."+name] = bad.phrases
	}
	checkErrors(t, w.Config(body.String()), want)
	count(t, w, "", "", 0)
}

// TestCredentialsThatOnlyReadFindDriftInListsAndAreRefusedChanges holds that credentials that only read find out what has changed, and are
// refused while Terraform plans a change.
func TestCredentialsThatOnlyReadFindDriftInListsAndAreRefusedChanges(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	key, secret := w.AddOAuthConsumer("acme")
	oauth := fmt.Sprintf("provider \"bitbucket\" {\n  base_url = %[1]q\n  oauth_token_url = \"%[1]s/site/oauth2/access_token\"\n  oauth_client_id = %[2]q\n"+
		"  oauth_client_secret = %[3]q\n}\n", w.URL, key, secret)
	bearer := fmt.Sprintf("provider \"bitbucket\" {\n  base_url = %q\n  access_token = %q\n}\n", w.URL,
		w.AddAccessToken(simulator.AccessToken{Workspace: "acme", ReadsPermissions: true}))
	objects := ownedObjects(w)
	permissions := objects[:2]
	want := who{"Grace": "write"}
	body := blocksOf(w, objects, want)
	c := w.Command(t, "")
	refused := func(kind, configuration string, at []owned, args ...string) {
		t.Helper()
		c.Write(t, configuration)
		output := unframed(c.Run(t, 1, args...))
		for _, o := range at {
			if !says("Unable to change", "with an "+kind, "with "+o.address(), "accepts no such change", "Set username and api_token").MatchString(output) {
				t.Errorf("%s with an %s:\n%s", o.address(), kind, output)
			}
		}
		count(t, w, http.MethodPut, "", 0)
		count(t, w, http.MethodDelete, "", 0)
	}
	refused("OAuth consumer", oauth+blocksOf(w, permissions, want), permissions, "plan")
	refused("access token", bearer+body, objects, "plan")

	c.Write(t, body)
	applied(t, c)
	for _, header := range []string{oauth, bearer} {
		c.Write(t, header+body)
		expectNothingToDo(t, c)
	}
	refused("access token", bearer+body, objects, "destroy", "-auto-approve")
	permissions[0].change(w, "Linus", "read")
	refused("OAuth consumer", oauth+body, permissions[:1], "plan")

	c.Write(t, blocksOf(w, objects, want, `unmanaged = "report"`))
	applied(t, c)
	c.Write(t, oauth+blocksOf(w, objects, want, `unmanaged = "report"`))
	objects[1].change(w, "Linus", "read")
	c.Run(t, 0, "plan", "-detailed-exitcode") // a report is only a report
}
