package atlassian_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/atlassian"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/rest"
)

const (
	workspace = "ari:cloud:bitbucket::workspace/470c176d-3574-44ea-bb41-89e8638bcca4"

	groupRow = `{"id":"` + groupID + `","name":"Developers","description":null,"directoryId":"` + directory + `","externalSynced":false,` +
		`"managedBy":"admins","managementAccess":{"deletable":true,"modifiable":true,"readable":true},"counts":{"users":3},"links":{"self":"x"}}`
	syncedRow = `{"id":"s","name":"Synced","directoryId":"d","externalSynced":true,"managedBy":"external","managementAccess":{"modifiable":false}}`
	userRow   = `{"accountId":"` + accountID + `","accountType":"atlassian","status":"active","accountStatus":"active","membershipStatus":"active",` +
		`"name":"Ada Lovelace","nickname":"ada","email":"ada@acme.example","emailVerified":true,"department":null,"deactivatedOn":null,"groups":[]}`
)

var ada = atlassian.User{AccountID: accountID, Name: "Ada Lovelace", Nickname: "ada", Email: "ada@acme.example", Status: "active", EmailVerified: new(true)}

func developers() atlassian.Group {
	g := atlassian.Group{ID: groupID, Name: "Developers", DirectoryID: directory, ManagedBy: "admins"}
	g.ManagementAccess.Deletable, g.ManagementAccess.Modifiable = new(true), new(true)
	return g
}

func synced() atlassian.Group {
	g := atlassian.Group{ID: "s", Name: "Synced", DirectoryID: "d", ManagedBy: "external", ExternalSynced: true}
	g.ManagementAccess.Modifiable = new(false)
	return g
}

func bitbucketWorkspace() atlassian.Workspace {
	w := atlassian.Workspace{ID: workspace}
	w.Attributes.Name = "Acme"
	return w
}

// call is one method with the request it makes and the answer it reads.
type call struct {
	do     func(context.Context, *client) (any, error)
	sent   request
	status int
	answer string
	want   any
}

// found is what the methods return that look for one person.
type found struct {
	User atlassian.User
	OK   bool
}

func reads() map[string]call {
	get := func(uri string) request { return request{Method: http.MethodGet, URI: uri} }
	return map[string]call{
		"ListGroups": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListGroups(ctx, workspace)) },
			search(everywhere+"/groups/search", `{"limit":100,"resourceIds":["`+workspace+`"]}`),
			200, `{"data":[` + groupRow + `,` + syncedRow + `,{"id":"bare","name":"Bare"}],"links":{"self":"a","next":null}}`,
			[]atlassian.Group{developers(), synced(), {ID: "bare", Name: "Bare"}},
		},
		"ListGroupsOf": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListGroupsOf(ctx, workspace, accountID))
			},
			search(everywhere+"/groups/search", `{"accountIds":["`+accountID+`"],"limit":100,"resourceIds":["`+workspace+`"]}`),
			200, `{"data":[` + groupRow + `]}`,
			[]atlassian.Group{developers()},
		},
		"FindGroups": {
			func(ctx context.Context, c *client) (any, error) { return all(c.FindGroups(ctx, `Größe "7"`)) },
			search(everywhere+"/groups/search", `{"groupNames":["Größe \"7\""],"limit":100}`),
			200, `{"data":[]}`, []atlassian.Group(nil),
		},
		"ListRoleAssignments": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListRoleAssignments(ctx, directory, groupID))
			},
			get(there + "/groups/" + groupID + "/role-assignments"),
			200, `{"data":[{"resourceId":"` + workspace + `","resourceOwner":"bitbucket","roles":["atlassian/user","atlassian/admin"],"defaultRole":"x"}]}`,
			[]atlassian.RoleAssignment{{ResourceID: workspace, ResourceOwner: "bitbucket", Roles: []string{atlassian.UserRole, "atlassian/admin"}}},
		},
		"ListMembers": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListMembers(ctx, groupID)) },
			search(everywhere+"/users/search", `{"groupIds":["`+groupID+`"],"limit":100}`),
			200, `{"data":[` + userRow + `,{"accountId":"5b10ac8d82e05b22cc7d4ef5","status":"suspended","email":null,"nickname":null}]}`,
			[]atlassian.User{ada, {AccountID: "5b10ac8d82e05b22cc7d4ef5", Status: "suspended"}},
		},
		"ListUsersByEmail": {
			func(ctx context.Context, c *client) (any, error) {
				return all(c.ListUsersByEmail(ctx, []string{"ada@acme.example", "o'x+1@acme.example"}))
			},
			search(everywhere+"/users/search", `{"emails":["ada@acme.example","o'x+1@acme.example"],"limit":100}`),
			200, `{"data":[` + userRow + `]}`,
			[]atlassian.User{ada},
		},
		"FindUser": {
			func(ctx context.Context, c *client) (any, error) {
				user, ok, err := c.FindUser(ctx, accountID)
				return found{user, ok}, err
			},
			search(everywhere+"/users/search", `{"accountIds":["`+accountID+`"],"limit":100}`),
			200, `{"data":[` + userRow + `]}`,
			found{ada, true},
		},
		"FindMember": {
			func(ctx context.Context, c *client) (any, error) {
				user, ok, err := c.FindMember(ctx, groupID, accountID)
				return found{user, ok}, err
			},
			search(everywhere+"/users/search", `{"accountIds":["`+accountID+`"],"groupIds":["`+groupID+`"],"limit":100}`),
			200, `{"data":[` + userRow + `]}`,
			found{ada, true},
		},
		"ListDirectories": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListDirectories(ctx)) },
			get("/admin/v2/orgs/" + organization + "/directories"),
			200, `{"data":[{"directoryId":"` + directory + `","name":"Acme","icon":"x"}],"links":{}}`,
			[]atlassian.Directory{{ID: directory, Name: "Acme"}},
		},
		"ListWorkspaces": {
			func(ctx context.Context, c *client) (any, error) { return all(c.ListWorkspaces(ctx)) },
			search("/admin/v2/orgs/"+organization+"/workspaces", `{"limit":1000}`),
			200, `{"data":[{"id":"` + workspace + `","type":"workspaces","attributes":{"name":"Acme","typeKey":"bitbucket","hostUrl":"https://bitbucket.org/acme",` +
				`"capacity":10,"usage":0}},{"id":"j"}],"meta":{"total":2}}`,
			[]atlassian.Workspace{bitbucketWorkspace(), {ID: "j"}},
		},
	}
}

func writes() map[string]call {
	post := func(path, body string) request {
		return request{http.MethodPost, there + path, "application/json", body}
	}
	remove := func(path string) request { return request{Method: http.MethodDelete, URI: there + path} }
	return map[string]call{
		"CreateGroup": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.CreateGroup(ctx, directory, `Größe "7"`, "of 7")
			},
			post("/groups", `{"description":"of 7","name":"Größe \"7\""}`), 201, "", nil,
		},
		"DeleteGroup": {
			func(ctx context.Context, c *client) (any, error) { return nil, c.DeleteGroup(ctx, directory, groupID) },
			remove("/groups/" + groupID), 204, "", nil,
		},
		"AddMember": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.AddMember(ctx, directory, groupID, accountID)
			},
			post("/groups/"+groupID+"/memberships", `{"accountId":"`+accountID+`"}`), 204, "", nil,
		},
		"AddMember answered with 200": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.AddMember(ctx, directory, groupID, accountID)
			},
			post("/groups/"+groupID+"/memberships", `{"accountId":"`+accountID+`"}`), 200, `{"message":"added"}`, nil,
		},
		"RemoveMember": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.RemoveMember(ctx, directory, groupID, accountID)
			},
			remove("/groups/" + groupID + "/memberships/" + accountID), 204, "", nil,
		},
		"RemoveMember of an id without a colon": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.RemoveMember(ctx, directory, groupID, "5b10ac8d82e05b22cc7d4ef5")
			},
			remove("/groups/" + groupID + "/memberships/5b10ac8d82e05b22cc7d4ef5"), 204, "", nil,
		},
		"RemoveMember of an id that needs escapes": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.RemoveMember(ctx, directory, groupID, "a/b?c#d%")
			},
			remove("/groups/" + groupID + "/memberships/a%2Fb%3Fc%23d%25"), 204, "", nil,
		},
		"AssignRole": {
			func(ctx context.Context, c *client) (any, error) {
				return nil, c.AssignRole(ctx, directory, groupID, workspace, atlassian.UserRole)
			},
			post("/groups/"+groupID+"/role-assignments/assign", `{"resourceId":"`+workspace+`","roleId":"atlassian/user"}`), 200, `{}`, nil,
		},
		"Invite": {
			func(ctx context.Context, c *client) (any, error) {
				return c.Invite(ctx, "ada@acme.example", []string{groupID, "g2"}, "Welcome.")
			},
			search("/admin/v2/orgs/"+organization+"/users/invite",
				`{"additionalGroups":["`+groupID+`","g2"],"emails":["ada@acme.example"],"notificationText":"Welcome.","sendNotification":true}`),
			200, invited(`{"group":"` + groupID + `","status":"INVITED","statusReason":null},{"group":"g2","status":"INVITED"}`),
			atlassian.Invited{AccountID: accountID, GroupIDs: []string{groupID, "g2"}},
		},
	}
}

func TestEveryMethodSendsItsOperation(t *testing.T) {
	t.Parallel()
	send(t, reads())
	send(t, writes())
}

// send makes each call to a server of its own: once to compare request and answer, once to be refused.
func send(t *testing.T, calls map[string]call) {
	t.Helper()
	for name, tt := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(tt.status, tt.answer))
			got, err := tt.do(t.Context(), newClient(t, s, rest.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]request{tt.sent}, s.requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
		t.Run(name+", refused", func(t *testing.T) {
			t.Parallel()
			s := serve(t, say(http.StatusForbidden, `{"errors":[{"status":"403","code":"ADMIN-403-5","title":"Not allowed to manage the group"}]}`))
			_, err := tt.do(t.Context(), newClient(t, s, rest.Options{}))
			if !rest.Is(err, http.StatusForbidden) || !rest.HasCode(err, "ADMIN-403-5") || !strings.Contains(err.Error(), "Not allowed to manage") {
				t.Errorf("error is %v, want the 403", err)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}
