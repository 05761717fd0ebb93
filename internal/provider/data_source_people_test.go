package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/acctest"
	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/simulator"
)

func TestPeopleAreFoundByEveryArgument(t *testing.T) {
	t.Parallel()
	w := acctest.New(t, simulator.Options{})
	w.AddGroupMember("acme", "developers", w.Grace.UUID)
	reading(t, w, fmt.Sprintf(`
data "bitbucket_current_user" "me" {}
data "bitbucket_user" "uuid" {
  workspace = "acme"
  user_id   = %q
}
data "bitbucket_user" "account" {
  workspace = %q
  user_id   = %q
}
data "bitbucket_user" "email" {
  workspace = "acme"
  email     = %q
}
data "bitbucket_user" "nickname" {
  workspace = "acme"
  nickname  = %q
}
data "bitbucket_users" "all" {
  workspace = "acme"
}
data "bitbucket_users" "emails" {
  workspace = "acme"
  emails    = [%q, %q]
}
data "bitbucket_users" "group" {
  workspace  = "acme"
  group_slug = "developers"
}
data "bitbucket_users" "owners" {
  workspace = "acme"
  role      = "owner"
}
data "bitbucket_users" "every_argument" {
  workspace  = "acme"
  emails     = [%[6]q, %[7]q]
  group_slug = "developers"
  role       = "member"
}`, bare(w.Linus.UUID), workspaceUUID(w), w.Grace.AccountID, strings.ToUpper(w.Linus.Email), w.Ada.Nickname, w.Grace.Email, w.Linus.Email),
		map[string]map[string]knownvalue.Check{
			"bitbucket_current_user.me": {
				"uuid": exact(w.Ada.UUID), "account_id": exact(w.Ada.AccountID), "display_name": exact("Ada"), "nickname": exact(w.Ada.Nickname),
				"credential": exact("API token"), "scopes": knownvalue.ListSizeExact(12),
			},
			"bitbucket_user.uuid":     found(w.Linus, "member", bare(w.Linus.UUID), ""),
			"bitbucket_user.account":  found(w.Grace, "member", w.Grace.AccountID, ""),
			"bitbucket_user.email":    found(w.Linus, "member", w.Linus.UUID, strings.ToUpper(w.Linus.Email)),
			"bitbucket_user.nickname": found(w.Ada, "owner", w.Ada.UUID, ""),
			"bitbucket_users.all": {
				"users":    list(object(person(w.Ada, "owner")), object(person(w.Grace, "member")), object(person(w.Linus, "member"))),
				"by_email": knownvalue.Null(),
			},
			"bitbucket_users.emails": {
				"users": list(object(person(w.Grace, "")), object(person(w.Linus, ""))), // roles would cost a listing of all
				"by_email": knownvalue.MapExact(map[string]knownvalue.Check{
					w.Grace.Email: object(person(w.Grace, "")), w.Linus.Email: object(person(w.Linus, "")),
				}),
			},
			"bitbucket_users.group":  {"users": list(object(person(w.Grace, "member")))},
			"bitbucket_users.owners": {"users": list(object(person(w.Ada, "owner")))},
			"bitbucket_users.every_argument": {
				"users":    list(object(person(w.Grace, "member"))),
				"by_email": knownvalue.MapExact(map[string]knownvalue.Check{w.Grace.Email: object(person(w.Grace, "member"))}),
			},
		},
		map[string]int{"/2.0/user": 1, "/2.0/workspaces/acme/permissions": 1, "/1.0/groups/acme": 1, "/2.0/workspaces/acme/members": 3},
	)
}
