package simulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestTheCallerAndItsWorkspaces(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	s.AddWorkspace(simulator.Workspace{Slug: "beta"})
	s.AddMember("beta", people.ada.UUID, simulator.RoleMember)
	s.AddWorkspace(simulator.Workspace{Slug: "foreign"})

	if got := c.get("/2.0/user").body; got["uuid"] != people.ada.UUID || got["email"] != nil {
		t.Errorf("/user answers %v", got)
	}
	if got := c.get("/2.0/user/emails").column("email"); !cmp.Equal(got, []any{"ada@acme.example"}) {
		t.Errorf("the addresses are %v", got)
	}
	if got := c.get("/2.0/users/" + people.grace.AccountID).body; got["uuid"] != people.grace.UUID || got["email"] != nil {
		t.Errorf("/users answers %v", got)
	}
	c.want(http.StatusNotFound, http.MethodGet, "/2.0/users/nobody", "")
	for query, want := range map[string][]any{
		"":                           {"acme", "acme-cloud", "beta"},
		"?sort=-slug":                {"beta", "acme-cloud", "acme"},
		"?administrator=true":        {"acme", "acme-cloud"},
		"?administrator=false":       {"beta"},
		"?q=slug%3D%22beta%22":       {"beta"},
		"?q=slug~%22ET%22&pagelen=1": {"beta"},
		"?pagelen=1":                 {"acme", "acme-cloud", "beta"},
	} {
		if got := c.all("/2.0/user/workspaces"+query, "workspace.slug"); !cmp.Equal(got, want) {
			t.Errorf("/user/workspaces%s holds %v, want %v", query, got, want)
		}
	}
	c.deliberately("not a boolean").want(http.StatusBadRequest, http.MethodGet, "/2.0/user/workspaces?administrator=perhaps", "")
	c.want(http.StatusBadRequest, http.MethodGet, "/2.0/user/workspaces?sort=name", "")
	if got := c.get("/2.0/user/workspaces/beta/permission").body["permission"]; got != "member" {
		t.Errorf("the role is %v, want member", got)
	}
	c.want(http.StatusForbidden, http.MethodGet, "/2.0/user/workspaces/foreign/permission", "")
	c.want(http.StatusForbidden, http.MethodGet, "/2.0/user/workspaces/foreign/permissions/repositories", "")
}

func TestWorkspacesAndMembers(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	ws := simulator.Acme().Workspaces[0]
	outsider := s.AddUser(simulator.User{DisplayName: "Out Sider"})

	for _, id := range []string{"acme", url.PathEscape(ws.UUID)} {
		if got := c.get("/2.0/workspaces/" + id).body; got["slug"] != "acme" || got["name"] != "Acme" {
			t.Errorf("workspace %s answers %v", id, got)
		}
	}
	got := c.want(http.StatusNotFound, http.MethodGet, "/2.0/workspaces/0", "")
	if got.message() != "No workspace with identifier '0'." {
		t.Errorf("404 says %s", got.text)
	}
	c.as(s.AddAPIToken(outsider.UUID)).want(http.StatusNotFound, http.MethodGet, "/2.0/workspaces/acme", "")
	c.want(http.StatusNotFound, http.MethodGet, "/2.0/workspaces/nobody/members", "")

	members := c.all("/2.0/workspaces/acme/members?pagelen=7", "user.uuid")
	if len(members) != 40 || members[0] != people.ada.UUID {
		t.Errorf("%d members, the first is %v", len(members), members[0])
	}
	if text := c.get("/2.0/workspaces/acme/members?pagelen=100").text; strings.Contains(text, "@acme.example") || strings.Contains(text, "account_status") {
		t.Error("members show an address or a status that nobody asked for")
	}
	for _, id := range []string{people.grace.AccountID, url.PathEscape(people.grace.UUID)} {
		if got := c.get("/2.0/workspaces/acme/members/" + id).body; at(got, "user.nickname") != "grace" {
			t.Errorf("member %s answers %v", id, got)
		}
	}
	for _, id := range []string{outsider.AccountID, "nobody"} {
		c.want(http.StatusNotFound, http.MethodGet, "/2.0/workspaces/acme/members/"+id, "")
	}
	owners := c.all(`/2.0/workspaces/acme/permissions?q=`+url.QueryEscape(`permission="owner"`), "user.uuid")
	if !cmp.Equal(owners, []any{people.ada.UUID}) {
		t.Errorf("the owners are %v", owners)
	}

	s.AddWorkspace(simulator.Workspace{Slug: "closed", Deactivated: true})
	s.AddMember("closed", people.ada.UUID, simulator.RoleOwner)
	if got := c.want(http.StatusForbidden, http.MethodGet, "/2.0/workspaces/closed", ""); !strings.Contains(got.message(), "deactivated due to inactivity") {
		t.Errorf("a deactivated workspace says %s", got.text)
	}
}

func TestMembersAreFoundByAddress(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	query := func(addresses ...string) string {
		return "/2.0/workspaces/acme/members?q=" + url.QueryEscape(`user.email IN ("`+strings.Join(addresses, `","`)+`")`)
	}
	found := c.get(query("GRACE@acme.example", "nobody@acme.example") + "&fields=%2Bvalues.user.email,%2Bvalues.user.account_status")
	if got := found.column("user.email"); !cmp.Equal(got, []any{"grace@acme.example"}) {
		t.Errorf("the addresses are %v in %s", got, found.text)
	}
	if got := found.column("user.account_status"); !cmp.Equal(got, []any{"active"}) {
		t.Errorf("the statuses are %v", got)
	}
	if got := c.get(query("grace@acme.example") + "&fields=values.user.email,values.user.account_id").text; got !=
		`{"values":[{"user":{"account_id":"`+people.grace.AccountID+`","email":"grace@acme.example"}}]}` {
		t.Errorf("bare fields answer %s", got)
	}
	if got := c.get("/2.0/workspaces/acme/members?fields=%2Bvalues.user.email").text; strings.Contains(got, "@acme.example") {
		t.Error("an address shows although the query did not name it")
	}
	var many []string
	for i := range 91 {
		many = append(many, fmt.Sprintf("user%d@acme.example", i))
	}
	c.get(query(many[:90]...))
	c.want(http.StatusBadRequest, http.MethodGet, query(many...), "")
	c.want(http.StatusBadRequest, http.MethodGet, "/2.0/workspaces/acme/members?q="+url.QueryEscape(`user.email~"acme"`), "")
	c.want(http.StatusBadRequest, http.MethodGet, "/2.0/workspaces/acme/members?q="+url.QueryEscape(`user.nickname="ada"`), "")
	c.as(s.AddAPIToken(people.grace.UUID)).want(http.StatusForbidden, http.MethodGet, query("ada@acme.example"), "")
	c.with(s.AddAccessToken(simulator.AccessToken{Workspace: "acme"})).get(query("ada@acme.example"))
}

func TestEffectivePermissionLists(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	edsger := c.as(s.AddAPIToken(people.edsger.UUID))
	all := c.all("/2.0/workspaces/acme/permissions/repositories?pagelen=100", "permission")
	if len(all) < 1000 {
		t.Errorf("only %d rows", len(all))
	}
	admins := c.all("/2.0/workspaces/acme/permissions/repositories/api?sort=user.display_name&q="+url.QueryEscape(`permission>"write"`), "user.display_name")
	if !slices.Contains(admins, any("Ada Lovelace")) || !slices.IsSortedFunc(admins, func(a, b any) int { return strings.Compare(a.(string), b.(string)) }) {
		t.Errorf("the administrators of api are %v", admins)
	}
	rows := edsger.all("/2.0/user/workspaces/acme/permissions/repositories?pagelen=100&sort=repository.name", "repository.name")
	if len(rows) != 60 {
		t.Errorf("the caller has %d repositories, want 60 through developers", len(rows))
	}
	edsger.want(http.StatusForbidden, http.MethodGet, "/2.0/workspaces/acme/permissions/repositories", "")
	edsger.want(http.StatusForbidden, http.MethodGet, "/2.0/workspaces/acme/permissions/repositories/api", "")
	c.want(http.StatusBadRequest, http.MethodGet, "/2.0/workspaces/acme/permissions/repositories?q="+url.QueryEscape(`user.uuid="x"`), "")
}

func TestProjects(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	list := "/2.0/workspaces/acme/projects"
	if got := c.all(list+"?pagelen=4", "key"); !cmp.Equal(got, []any{"OPS", "SEC", "MOB", "DATA", "WEB", "PLAT"}) {
		t.Errorf("projects, newest first: %v", got)
	}
	got := c.want(http.StatusCreated, http.MethodPost, list, `{"key":"NEW","name":"New","is_private":false}`)
	if at(got.body, "is_private") != false || !cmp.Equal(at(got.body, "links.repositories"), []any{}) {
		t.Errorf("a new project answers %s", got.text)
	}
	for name, body := range map[string]string{
		"a type is refused":   `{"key":"X","name":"X","type":"project"}`,
		"a key is needed":     `{"name":"X"}`,
		"a name is needed":    `{"key":"X"}`,
		"a key twice":         `{"key":"NEW","name":"X"}`,
		"a name is no number": `{"key":"X","name":1}`,
	} {
		if got := c.deliberately(name).do(http.MethodPost, list, body); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	c.want(http.StatusCreated, http.MethodPut, list+"/PUTTED", `{"name":"Putted"}`)
	c.want(http.StatusOK, http.MethodPut, list+"/PUTTED", `{"description":"changed"}`)
	moved := c.want(http.StatusOK, http.MethodPut, list+"/PUTTED", `{"key":"MOVED"}`)
	if moved.header.Get("Location") != "https://api.bitbucket.org/2.0/workspaces/acme/projects/MOVED" || moved.body["description"] != "changed" {
		t.Errorf("a moved project answers %v %s", moved.header, moved.text)
	}
	c.want(http.StatusBadRequest, http.MethodPut, list+"/MOVED", `{"key":"NEW"}`)
	c.want(http.StatusNotFound, http.MethodGet, list+"/PUTTED", "")
	c.get(list + "/MOVED")
	c.want(http.StatusForbidden, http.MethodDelete, list+"/PLAT", "")
	c.want(http.StatusNoContent, http.MethodDelete, list+"/MOVED", "")

	grace := c.as(s.AddAPIToken(people.edsger.UUID))
	grace.want(http.StatusForbidden, http.MethodPost, list, `{"key":"MINE","name":"Mine"}`)
	grace.want(http.StatusForbidden, http.MethodPut, list+"/NEW", `{"name":"Mine"}`)
	grace.want(http.StatusForbidden, http.MethodDelete, list+"/NEW", "")
	s.RemoveProject("acme", "NEW")
	c.want(http.StatusNotFound, http.MethodDelete, list+"/NEW", "")
}

func TestRepositories(t *testing.T) {
	t.Parallel()
	s, c, people := newAcme(t, simulator.Options{})
	repos := "/2.0/repositories/acme"
	plat := s.AddProject(simulator.Project{Workspace: "acme", Key: "LAB"})
	for query, want := range map[string]int{
		"?pagelen=100":                       60,
		"?q=" + `project.key="PLAT"`:         12,
		"?q=" + `project.uuid="{nobody}"`:    0,
		"?q=" + `name~"API" OR slug="vault"`: 1,
		"?role=owner":                        60,
		"?q=is_private=false":                0,
	} {
		key, value, _ := strings.Cut(query, "=")
		if got := c.all(repos+key+"="+url.QueryEscape(value), "slug"); len(got) != want {
			t.Errorf("%s finds %v, want %d", query, got, want)
		}
	}
	c.deliberately("no such role").want(http.StatusBadRequest, http.MethodGet, repos+"?role=king", "")

	got := c.want(http.StatusCreated, http.MethodPost, repos+"/fresh", `{"scm":"git","project":{"key":"LAB"}}`)
	if at(got.body, "project.uuid") != plat.UUID || got.body["name"] != "fresh" {
		t.Errorf("a new repository answers %s", got.text)
	}
	want := []simulator.Grant{
		{Workspace: "acme", Repository: "fresh", User: people.ada.UUID, Permission: "admin"},
		{Workspace: "acme", Repository: "fresh", Group: "administrators", Permission: "admin"},
		{Workspace: "acme", Repository: "fresh", Group: "developers", Permission: "write"},
	}
	all := s.Grants("acme")
	if diff := cmp.Diff(want, all[len(all)-3:]); diff != "" {
		t.Errorf("a fresh repository starts with (-want +got):\n%s", diff)
	}
	c.want(http.StatusBadRequest, http.MethodPost, repos+"/fresh", `{}`)
	c.want(http.StatusBadRequest, http.MethodPost, repos+"/other", `{"project":{"key":"NOPE"}}`)
	c.want(http.StatusNotFound, http.MethodPost, "/2.0/repositories/nobody/other", `{}`)
	c.want(http.StatusNotFound, http.MethodPut, "/2.0/repositories/nobody/other", `{}`)
	c.want(http.StatusCreated, http.MethodPut, repos+"/putted", `{}`)
	c.want(http.StatusOK, http.MethodPut, repos+"/putted", `{"is_private":false}`)
	moved := c.want(http.StatusOK, http.MethodPut, repos+"/putted", `{"name":"Put Away"}`)
	if moved.header.Get("Location") != "https://api.bitbucket.org/2.0/repositories/acme/put-away" {
		t.Errorf("a renamed repository is at %q", moved.header.Get("Location"))
	}
	c.want(http.StatusNotFound, http.MethodGet, repos+"/putted", "")
	uuid, _ := moved.body["uuid"].(string)
	if got := c.get(repos + "/" + url.PathEscape(uuid)).body["slug"]; got != "put-away" {
		t.Errorf("by uuid the repository is %v", got)
	}

	edsger := c.as(s.AddAPIToken(people.edsger.UUID))
	edsger.want(http.StatusBadRequest, http.MethodPost, repos+"/mine", `{"project":{"key":"LAB"}}`)
	edsger.get(repos + "/put-away")
	edsger.want(http.StatusForbidden, http.MethodPut, repos+"/put-away", `{"description":"mine"}`)
	edsger.want(http.StatusForbidden, http.MethodDelete, repos+"/put-away", "")
	c.want(http.StatusNoContent, http.MethodDelete, repos+"/put-away", "")
	if got := c.want(http.StatusNotFound, http.MethodDelete, repos+"/put-away", ""); got.message() != "Repository acme/put-away not found" {
		t.Errorf("404 says %s", got.text)
	}
}
